"""What an editor is told about an exercise that is not right yet, and where."""

import copy
import json
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.html import strip_tags
from django.utils.translation import override
from wagtail.blocks import StreamBlock

from courses.blocks import InformationBody, LessonBody
from courses.models import LessonPage
from tests.courses.conftest import items, node, scenario, single_choice

TOO_FEW = "A story has at least two steps: one with choices, and one where it ends."
REQUIRED = "This field is required."  # Django's own words

pytestmark = pytest.mark.django_db


def cleaned(raw: dict[str, Any]) -> Any:
    body = LessonBody()
    return body.clean(body.to_python([raw]))[0].value


def complaints(raw: dict[str, Any]) -> Any:
    """The errors as nested lists and dicts of sentences."""
    with override("en"):
        with pytest.raises(ValidationError) as caught:
            cleaned(raw)
        return plain(caught.value.block_errors[0])  # type: ignore[attr-defined]


def plain(error: Any) -> Any:
    if hasattr(error, "block_errors") and error.block_errors:
        return {key: plain(value) for key, value in error.block_errors.items()}
    if hasattr(error, "non_block_errors"):  # of a list as a whole
        return [str(one.message) for one in error.non_block_errors.as_data()]
    return str(error.message)


def with_right(*right: bool) -> dict[str, Any]:
    raw = copy.deepcopy(single_choice())
    for item, correct in zip(raw["value"]["choices"], right, strict=True):
        item["value"]["correct"] = correct
    return raw


def test_a_good_choice_passes() -> None:
    assert [choice["key"] for choice in cleaned(single_choice())["choices"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (with_right(False, False), "No answer is marked as right. Mark the one that is."),
        (with_right(True, True), "Every answer is marked as right. Then there is nothing to choose: leave one."),
    ],
)
def test_a_choice_has_one_right_answer(raw: dict[str, Any], sentence: str) -> None:
    assert complaints(raw) == {"choices": [sentence]}


def test_a_choice_without_sign_gets_a_free_letter_and_the_others_keep_theirs() -> None:
    raw = single_choice()
    raw["value"]["choices"][0]["value"]["key"] = ""
    assert [choice["key"] for choice in cleaned(raw)["choices"]] == ["a", "b"]
    raw["value"]["choices"][1]["value"]["key"] = "a"
    assert [choice["key"] for choice in cleaned(raw)["choices"]] == ["b", "a"]


def test_two_answers_with_one_sign() -> None:
    raw = single_choice()
    raw["value"]["choices"][1]["value"]["key"] = "a"
    assert complaints(raw) == {"choices": {1: {"key": "Another answer has this sign. Choose another letter."}}}


def test_an_answer_without_feedback() -> None:
    raw = single_choice()
    raw["value"]["choices"][0]["value"]["feedback"] = ""
    assert complaints(raw) == {"choices": {0: {"feedback": REQUIRED}}}


def story(*nodes: dict[str, Any]) -> dict[str, Any]:
    raw = scenario()
    raw["value"]["nodes"] = items(*nodes)
    return raw


def test_a_good_story_passes() -> None:
    assert [step["key"] for step in cleaned(scenario())["nodes"]] == ["n1", "n2", "end", "good"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            story(node("n1", "x", prompt="?", a="weg"), node("end", "y")),
            {
                "nodes": {
                    0: {
                        "choices": {
                            0: {"to": "There is no step with this sign. Choose one that exists, or add the step."}
                        }
                    }
                }
            },
        ),
        (
            story(node("n1", "x", prompt="?", a="end"), node("end", "y"), node("los", "z")),
            {"nodes": {2: {"key": "No choice leads to this step. Let one lead here, or take the step away."}}},
        ),
        (
            story(node("n1", "x", prompt="?", a="n2"), node("n2", "y", prompt="?", a="n1")),
            {
                "nodes": {
                    index: {
                        "key": "From here the story never ends: it goes round. Let a choice lead to a step without choices."
                    }
                    for index in (0, 1)
                }
            },
        ),
        (
            story(node("n1", "x", a="end"), node("end", "y")),
            {"nodes": {0: {"prompt": "There are choices here, but no question above them."}}},
        ),
        (
            story(node("n1", "x", prompt="?", a="n1x"), node("n1x", "y"), node("n1x", "z")),
            {"nodes": {2: {"key": "Another step has this sign. Give each step its own."}}},
        ),
        (story(), {"nodes": [TOO_FEW]}),
        (story(node("n1", "x")), {"nodes": [TOO_FEW]}),
        (
            story(node("n1", "x"), node("n2", "y")),
            {"nodes": {0: {"choices": ["The story begins here and ends at once. Add the choices that somebody has."]}}},
        ),
    ],
)
def test_what_is_wrong_in_a_story_is_said_at_its_field(raw: dict[str, Any], expected: dict[str, Any]) -> None:
    assert complaints(raw) == expected


def test_two_faults_of_one_choice_are_both_said() -> None:
    raw = story(node("n1", "x", prompt="?", a="end", b="weg"), node("end", "y"))
    raw["value"]["nodes"][0]["value"]["choices"][1]["value"]["key"] = "a"
    assert complaints(raw) == {
        "nodes": {
            0: {
                "choices": {
                    1: {
                        "key": "Another choice of this step has this sign. Choose another letter.",
                        "to": "There is no step with this sign. Choose one that exists, or add the step.",
                    }
                }
            }
        }
    }


def test_steps_and_choices_without_sign_get_a_free_one() -> None:
    raw = story(node("", "x", prompt="?", a="2"), node("1", "y"), node("", "z"))
    raw["value"]["nodes"][0]["value"]["choices"] += items({"key": "", "text": "Ook", "to": "1"})
    with pytest.raises(ValidationError):
        cleaned(raw)  # nothing leads to the third
    raw["value"]["nodes"][0]["value"]["choices"] += items({"key": "", "text": "En", "to": "3"})
    steps = cleaned(raw)["nodes"]
    assert [step["key"] for step in steps] == ["2", "1", "3"]
    assert [choice["key"] for choice in steps[0]["choices"]] == ["a", "b", "c"]


def test_a_draft_may_be_unfinished() -> None:
    raw = story(node("n1", "", a="weg"), node("", "y"))
    raw["value"]["title"] = ""
    body = LessonBody()
    draft = body.clean_deferred(body.to_python([raw]))[0].value
    assert [step["key"] for step in draft["nodes"]] == ["n1", "1"]
    with pytest.raises(ValidationError):
        cleaned(raw)


def test_a_draft_without_steps_can_be_looked_at(first: LessonPage) -> None:
    first.body = json.dumps([story()])
    first.save_revision()
    response = first.make_preview_request()
    assert response.status_code == 200
    assert "Samira zoekt een stage." in response.content.decode()


@pytest.mark.parametrize("name", list(LessonBody().child_blocks))
def test_each_block_has_what_editors_need_and_shows_something_in_its_preview(name: str, rf: RequestFactory) -> None:
    block = LessonBody().child_blocks[name]
    assert all([str(block.label), block.meta.icon, block.get_description(), block.meta.group])
    assert block.is_previewable
    request = rf.get("/")
    request.user = AnonymousUser()
    request.session = {}
    value = block.get_preview_value()
    bound = block.bind(value)
    context = block.get_preview_context(value, {"request": request})
    page = render_to_string(
        block.get_preview_template(value, context), {**context, "bound_block": bound, "block_def": block}, request
    )
    shown = page.partition("<main>")[2].partition("</main>")[0]
    assert len(strip_tags(shown).split()) > 3, shown


def test_editors_find_the_blocks_in_groups() -> None:
    def groups(body: StreamBlock) -> dict[str, list[str]]:
        return {str(group): [block.name for block in blocks] for group, blocks in body.grouped_child_blocks()}

    reading, seeing = ["text", "callout", "quote", "legal_note", "accordion"], ["image", "figure", "video", "download"]
    with override("en"):
        assert groups(InformationBody()) == {"Reading": reading, "Seeing and taking along": seeing}
        lesson = groups(LessonBody())
    assert list(lesson) == ["Reading", "Seeing and taking along", "Exercises"]
    assert lesson["Reading"] == [*reading, "by_side"]

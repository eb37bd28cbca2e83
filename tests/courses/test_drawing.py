"""The drawing as editors see it: what is wrong in words and at its place, and never an error for what is half written."""

import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.blocks import LessonBody
from courses.drawing import picture
from courses.exercises import outcome
from courses.player import story
from parties.models import Person
from tests.courses.conftest import STORY, items, scenario
from tests.courses.test_scenario import shortest_way_out
from tests.factories import PersonFactory, RoleFactory

URL = "/cms/verhaal/tekening/"


def step(key: str = "", words: str = "", prompt: str = "", **choices: str) -> dict[str, Any]:
    return {
        "key": key,
        "speaker": "",
        "words": words,
        "prompt": prompt,
        "choices": [{"key": own, "text": f"Kies {own}", "to": to} for own, to in choices.items()],
    }


def drawn(*steps: dict[str, Any]) -> dict[str, Any]:
    with override("en"):
        shown = picture({"nodes": list(steps)})
        return {
            "whole": [str(fault) for fault in shown.faults],
            "steps": {
                one.key: [str(fault) for fault in [*one.faults, *(f for choice in one.choices for f in choice.faults)]]
                for one in shown.steps
            },
            "short": {one.key: [str(word) for word in one.short] for one in shown.steps if one.short},
            "wrong": shown.wrong,
        }


def test_a_story_that_is_right() -> None:
    assert drawn(step("1", "Begin", "Wat doe je?", a="2"), step("2", "Einde")) == {
        "whole": [],
        "steps": {"1": [], "2": []},
        "short": {},
        "wrong": 0,
    }


def test_what_is_wrong_stands_at_its_step_in_words() -> None:
    assert drawn(step("1", "Begin", "", a="weg", b="2"), step("2", "Einde")) == {
        "whole": [],
        "steps": {
            "1": [
                "There are choices here, but no question above them.",
                "There is no step with this sign. Choose one that exists, or add the step.",
            ],
            "2": [],
        },
        "short": {"1": ["no question", "leads nowhere"]},
        "wrong": 2,
    }


def test_steps_without_a_sign_have_the_one_that_they_will_get() -> None:
    assert list(drawn(step("2"), step(), step())["steps"]) == ["2", "1", "3"]


def test_nothing_yet() -> None:
    assert drawn() == {
        "whole": ["A story has at least two steps: one with choices, and one where it ends."],
        "steps": {},
        "short": {},
        "wrong": 1,
    }


def test_the_words_of_a_box_are_two_lines() -> None:
    shown = picture({"nodes": [{"speaker": "Yassine", "words": "Ik weet wel hoe het komt. " * 9}]})
    assert shown.steps[0].lines == ["Yassine: Ik weet wel hoe", "het komt. Ik weet wel …"]


def test_a_long_story_is_a_list_only() -> None:
    shown = picture({"nodes": [step(str(number)) for number in range(101)]})
    assert (shown.drawn, len(shown.steps)) == (False, 101)


@pytest.fixture
def editor(db: None, client: Client) -> Client:
    person = PersonFactory(is_superuser=True)
    RoleFactory(person=person, kind="administrator")
    client.force_login(person)
    return client


def asked(client: Client, body: object) -> str:
    with override("en"):
        response = client.post(URL, json.dumps(body), content_type="application/json", HTTP_ACCEPT_LANGUAGE="en")
    assert response.status_code == 200
    return response.content.decode()


def test_what_an_editor_writes_is_text_on_the_drawing(editor: Client) -> None:
    evil = '<script>alert("x")</script>'
    page = asked(editor, {"nodes": [step(evil, evil, evil, **{evil: evil}), {"speaker": evil}]})
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_fragment_has_each_box_arrow_and_line(editor: Client) -> None:
    page = asked(editor, {"nodes": [step("1", "Begin", "Wat?", a="2", b="weg"), step("2", "Einde")]})
    assert len(re.findall(r'<g class="story-box[ "]', page)) == 2
    assert len(re.findall(r'<g class="story-arrow[ "]', page)) == 2
    assert len(re.findall(r'<g class="[^"]*story-arrow--wrong', page)) == 1
    assert re.findall(r'<button[^>]*data-step="(\d)"(?:\s+data-choice="(\d)")?', page) == [
        ("0", ""),
        ("0", "0"),
        ("0", "1"),
        ("1", ""),
    ]


GARBAGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800"),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=fields) | GARBAGE


SIGNS = st.sampled_from(["", "1", "2", "a", " a ", "\ud800", "<b>"]) | GARBAGE
CHOICES = st.lists(some(key=SIGNS, text=st.text() | GARBAGE, to=SIGNS), max_size=30) | GARBAGE
NODES = st.lists(some(key=SIGNS, speaker=GARBAGE, words=st.text() | GARBAGE, prompt=SIGNS, choices=CHOICES), max_size=8)
STATES = some(nodes=NODES | GARBAGE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(state=STATES)
def test_half_filled_in_is_drawn_whatever_it_is(editor: Client, state: object) -> None:
    asked(editor, state)


@pytest.mark.parametrize("field", ["key", "speaker", "words"])
def test_half_a_letter_is_drawn_as_something_that_can_be_sent(editor: Client, field: str) -> None:
    assert "?" in asked(editor, {"nodes": [{**step("1", "Begin"), field: "\ud800"}]})


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"1" * 10_000])
def test_what_is_no_json_is_refused(editor: Client, body: bytes) -> None:
    assert editor.post(URL, body, content_type="application/json").status_code == 400


def test_only_editors_and_only_with_a_token(db: None, client: Client, person: Person) -> None:
    address = "/inloggen/?next=/cms/verhaal/tekening/"
    response = client.post(URL, "{}", content_type="application/json")
    assert (response.status_code, response.headers.get("Location")) == (302, address)
    client.force_login(person)
    assert client.post(URL, "{}", content_type="application/json").status_code == 404
    strict = Client(enforce_csrf_checks=True)
    editor = PersonFactory(is_superuser=True)
    RoleFactory(person=editor, kind="administrator")
    strict.force_login(editor)
    assert strict.post(URL, "{}", content_type="application/json").status_code == 403


def test_reading_it_is_not_asked(editor: Client) -> None:
    assert editor.get(URL).status_code == 405


@st.composite
def raw_stories(draw: st.DrawFn) -> dict[str, Any]:
    """A scenario as it stands in a stream, with any graph: empty signs, loops, loose ends. Half begin well-formed."""
    count = draw(st.integers(0, 5))
    keys = [f"n{index}" for index in range(count)]
    tame = draw(st.booleans())
    targets = st.sampled_from(keys if tame and keys else [*keys, "nergens", "1"])
    nodes = []
    for key in keys:
        own = draw(st.lists(targets, max_size=3))
        nodes.append(
            {
                "key": key if tame else draw(st.sampled_from([key, key, key, "", "n0"])),
                "speaker": "",
                "html": "<p>Er gebeurt iets.</p>",
                "feedback": "",
                "lenses": [],
                "prompt": "Wat doe je?",
                "choices": items(
                    *(
                        {"key": letter if tame else draw(st.sampled_from([letter, ""])), "text": "Kies", "to": to}
                        for letter, to in zip("abc", own, strict=False)
                    )
                ),
            }
        )
    raw = scenario()
    raw["value"] = {**raw["value"], "nodes": items(*nodes)}  # type: ignore[dict-item]
    return raw


@settings(deadline=None, max_examples=300)
@given(raw=raw_stories(), random=st.randoms(use_true_random=False))
def test_a_story_that_publishes_can_be_played_to_an_end_from_wherever_one_is(raw: dict[str, Any], random: Any) -> None:
    block = LessonBody()
    try:
        body = block.clean(block.to_python([raw]))
    except ValidationError:
        return
    value = body[0].value
    path: list[str] = []
    for _ in range(random.randint(0, 8)):
        here = story(value, {"path": path}).here
        if not here["choices"]:
            break
        path.append(random.choice(list(here["choices"]))["key"])
        assert outcome(body, STORY, {"path": path}).value["path"] == path
    rest = shortest_way_out(value.story, path)
    assert rest is not None
    assert outcome(body, STORY, {"path": [*path, *rest]}).answered
    assert story(value, {"path": [*path, *rest]}).ended


@settings(deadline=None, max_examples=300)
@given(raw=raw_stories())
def test_the_drawing_and_publishing_say_the_same(raw: dict[str, Any]) -> None:
    block = LessonBody()
    body = block.to_python([raw])
    nodes = [
        {
            **{name: node[name] for name in ("key", "speaker", "prompt")},
            "choices": [dict(choice) for choice in node["choices"]],
        }
        for node in body[0].value["nodes"]
    ]
    said: list[object] = []
    try:
        block.clean(body)
    except ValidationError as error:
        said = list(sentences(error))
    assert picture({"nodes": nodes}).wrong == len(said)


def sentences(error: Any) -> Any:
    """Every sentence in nested errors of blocks."""
    inner = getattr(error, "block_errors", None)
    if inner is None:
        yield error.message
        return
    yield from getattr(error, "non_block_errors", [])
    for one in inner.values():
        yield from sentences(one)

"""What an editor is told about an exercise that is not right yet, and where; and how a fixture becomes one."""

import copy
import json
from typing import Any

import pytest
from wagtail.blocks.stream_block import StreamValue

from courses.actions.content import body_load
from courses.blocks import LessonBody
from tests.courses.conftest import single_choice
from tests.courses.kinds import every_kind, matching, multiple_choice, ordering, poll, reflection, statement
from tests.courses.test_blocks import REQUIRED, cleaned, complaints

pytestmark = pytest.mark.django_db
SAME_SIGN = {
    "choices": "Another answer has this sign. Choose another letter.",
    "items": "Another step has this sign. Choose another letter.",
    "pairs": "Another pair has this sign. Choose another letter.",
}


def changed(raw: dict[str, Any], rows: str, *row_values: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The same block with these values in its first rows and its own fields."""
    raw = copy.deepcopy(raw)
    for item, values in zip(raw["value"].get(rows, []), row_values, strict=False):
        item["value"].update(values)
    raw["value"].update(fields)
    return raw


def with_rows(raw: dict[str, Any], rows: str, count: int) -> dict[str, Any]:
    return {**raw, "value": {**raw["value"], rows: raw["value"][rows][:count]}}


@pytest.mark.parametrize("raw", every_kind(), ids=lambda raw: raw["type"])
def test_a_good_exercise_passes_as_it_is(raw: dict[str, Any]) -> None:
    body = LessonBody()
    assert body.clean(body.to_python([raw])).get_prep_value() == [raw]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            changed(multiple_choice(), "choices", {"correct": False}, {}, {"correct": False}),
            {"choices": ["No answer is marked as right. Mark at least one."]},
        ),
        (
            changed(multiple_choice(), "choices", {}, {"correct": True}),
            {"choices": ["Every answer is marked as right. Then there is nothing to choose: add one that is not."]},
        ),
        (
            changed(single_choice(), "choices", {"correct": True}, {"text": "alleen  de KLANT."}),
            {"choices": {1: {"text": "Another answer says the same. Change one, or take it away."}}},
        ),
        (
            changed(poll(), "choices", {}, {}, {"text": "Vaak"}),
            {"choices": {2: {"text": "Another answer says the same. Change one, or take it away."}}},
        ),
        (
            changed(ordering(), "items", {}, {"text": "luisteren"}, {"key": "a"}),
            {
                "items": {
                    1: {"text": "Another step says the same. Change one, or take it away."},
                    2: {"key": SAME_SIGN["items"]},
                }
            },
        ),
        (
            changed(matching(), "pairs", {}, {"right": "direct"}, {"left": "Zonder accent"}),
            {
                "pairs": {
                    1: {"right": "Another pair has the same on the right. Then both fit: change one of them."},
                    2: {"left": "Another pair has the same on the left. Change one of them."},
                }
            },
        ),
        (with_rows(ordering(), "items", 1), {"items": ["The minimum number of items is 2"]}),
        (with_rows(matching(), "pairs", 1), {"pairs": ["The minimum number of items is 2"]}),
        (with_rows(poll(), "choices", 1), {"choices": ["The minimum number of items is 2"]}),
        (with_rows(multiple_choice(), "choices", 2), {"choices": ["The minimum number of items is 3"]}),
        (changed(multiple_choice(), "choices", {"feedback": " "}), {"choices": {0: {"feedback": REQUIRED}}}),
        (changed(multiple_choice(), "", feedback=""), {"feedback": REQUIRED}),
        (changed(ordering(), "", feedback=""), {"feedback": REQUIRED}),
        (changed(matching(), "", feedback=""), {"feedback": REQUIRED}),
        (changed(reflection(), "", question=""), {"question": REQUIRED}),
        (
            statement(feedback_true="", feedback_false="", truth=""),
            {"truth": REQUIRED, "feedback_true": REQUIRED, "feedback_false": REQUIRED},
        ),
        (statement(year=None), {"year": "A source has a year. Fill in when it was published."}),
        (statement(source=""), {"source": "Fill in whose year or address this is, or empty both."}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(raw: dict[str, Any], expected: dict[str, Any]) -> None:
    assert complaints(raw) == expected


@pytest.mark.parametrize(
    ("raw", "rows"), [(multiple_choice(), "choices"), (poll(), "choices"), (ordering(), "items"), (matching(), "pairs")]
)
def test_signs_are_filled_and_never_twice(raw: dict[str, Any], rows: str) -> None:
    value = cleaned(changed(raw, rows, {}, {"key": ""}))
    assert [row["key"] for row in value[rows]] == ["a", "b", "c"]
    assert complaints(changed(raw, rows, {}, {"key": "a"})) == {rows: {1: {"key": SAME_SIGN[rows]}}}


def test_a_statement_without_a_source_passes() -> None:
    assert cleaned(statement(source="", year=None, url="")).sourced == ""


FIXTURE: list[dict[str, Any]] = [
    {
        "type": "multiple_choice",
        "id": "eisen",
        "value": {
            "question": "Welke eisen gaan over het werk?",
            "choices": [
                {"id": "a", "text": "Rooster", "correct": True, "feedback": "Nodig.", "lenses": ["herkennen"]},
                {"id": "b", "text": "Past bij ons", "correct": False, "feedback": "Bij wie?", "lenses": []},
                {"id": "c", "text": "Zeven uur", "correct": True, "feedback": "Uit te leggen.", "lenses": []},
            ],
            "feedback": "Vraag waarvoor het nodig is.",
        },
    },
    {
        "type": "statement",
        "id": "bedoeling",
        "value": {
            "statement": "Zonder bedoeling is het geen discriminatie.",
            "truth": False,
            "feedback_true": "Veel mensen denken dit.",
            "feedback_false": "Het gaat om wat het doet.",
            "lenses": ["herkennen"],
        },
    },
    {
        "type": "ordering",
        "id": "gesprek",
        "value": {
            "question": "Wat eerst?",
            "items": [{"id": "x", "text": "Luisteren"}, {"id": "y", "text": "Vragen"}],
            "feedback": "Eerst het verhaal.",
            "lenses": ["erkennen"],
        },
    },
    {
        "type": "matching",
        "id": "vormen",
        "value": {
            "question": "Wat is dit?",
            "pairs": [
                {"id": "a", "left": "Geen meisjes", "right": "Direct"},
                {"id": "b", "left": "Zonder accent", "right": "Indirect"},
            ],
            "feedback": "Let op het kenmerk.",
            "lenses": [],
        },
    },
    {"type": "reflection", "id": "zwijgen", "value": {"question": "Wanneer zei jij niets?", "hint": ""}},
    {
        "type": "poll",
        "id": "praten",
        "value": {
            "question": "Praten jullie erover?",
            "choices": [{"id": "a", "text": "Vaak"}, {"id": "b", "text": "Nooit"}],
            "feedback": "Wie begint?",
        },
    },
]


def loaded() -> StreamValue:
    body = LessonBody()
    return body.to_python(json.loads(body_load(FIXTURE, namespace="proef")))


def test_a_fixture_becomes_exercises_that_an_editor_may_save_and_that_stay_what_they_are() -> None:
    body = LessonBody()
    cleaned_body = body.clean(loaded())
    assert cleaned_body.get_prep_value() == json.loads(body_load(FIXTURE, namespace="proef"))
    rows = {"multiple_choice": "choices", "ordering": "items", "matching": "pairs", "poll": "choices"}
    assert {
        child.block_type: [row["key"] for row in child.value[rows[child.block_type]]]
        for child in cleaned_body
        if child.block_type in rows
    } == {
        "multiple_choice": ["a", "b", "c"],
        "ordering": ["x", "y"],
        "matching": ["a", "b"],
        "poll": ["a", "b"],
    }
    assert cleaned_body[1].value["truth"] == "false"


def test_rows_of_a_fixture_keep_their_ids_when_another_comes_before_them() -> None:
    before = json.loads(body_load(FIXTURE, namespace="proef"))[2]["value"]["items"]
    longer = copy.deepcopy(FIXTURE)
    longer[2]["value"]["items"].insert(0, {"id": "z", "text": "Ademen"})
    after = json.loads(body_load(longer, namespace="proef"))[2]["value"]["items"]
    assert after[1:] == before

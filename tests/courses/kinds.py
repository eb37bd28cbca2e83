"""One exercise of every kind beside the choice and the story of conftest, as it stands in a body."""

import uuid
from typing import Any

from tests.courses.conftest import CHOICE, STORY, block, items, scenario, single_choice

MANY, CLAIM, ORDER, MATCH, THOUGHT, POLL = (uuid.UUID(int=number) for number in range(21, 27))


def multiple_choice(block_id: uuid.UUID = MANY) -> dict[str, Any]:
    def answer(key: str, text: str, correct: bool, feedback: str) -> dict[str, object]:
        return {"key": key, "text": text, "correct": correct, "feedback": feedback, "lenses": ["erkennen"]}

    choices = items(
        answer("a", "Je kunt een rooster lezen.", True, "Dat heb je nodig."),
        answer("b", "Je past bij ons.", False, "Bij wie dan?"),
        answer("c", "Je begint om zeven uur.", True, "Dat kun je uitleggen."),
    )
    value = {
        "question": "Welke eisen gaan over het werk?",
        "choices": choices,
        "feedback": "Vraag: waarvoor is het nodig?",
    }
    return block("multiple_choice", block_id, value)


def statement(block_id: uuid.UUID = CLAIM, **changes: Any) -> dict[str, Any]:
    value = {
        "statement": "Zonder bedoeling is het geen discriminatie.",
        "truth": "false",
        "feedback_true": "Veel mensen denken dit.",
        "feedback_false": "Het gaat om wat het doet.",
        "lenses": ["herkennen"],
        "source": "CBS",
        "year": 2025,
        "url": "https://www.cbs.nl/",
    }
    return block("statement", block_id, {**value, **changes})


def ordering(block_id: uuid.UUID = ORDER) -> dict[str, Any]:
    rows = items({"key": "a", "text": "Luisteren"}, {"key": "b", "text": "Vragen"}, {"key": "c", "text": "Afspreken"})
    value = {"question": "Wat eerst?", "items": rows, "feedback": "Eerst het verhaal.", "lenses": ["erkennen"]}
    return block("ordering", block_id, value)


def matching(block_id: uuid.UUID = MATCH) -> dict[str, Any]:
    rows = items(
        {"key": "a", "left": "Liever geen meisjes", "right": "Direct"},
        {"key": "b", "left": "Zonder accent", "right": "Indirect"},
        {"key": "c", "left": "Op tijd komen", "right": "Een eis over het werk"},
    )
    value = {"question": "Wat is dit?", "pairs": rows, "feedback": "Let op het kenmerk.", "lenses": ["herkennen"]}
    return block("matching", block_id, value)


def reflection(block_id: uuid.UUID = THOUGHT) -> dict[str, Any]:
    return block("reflection", block_id, {"question": "Wanneer zei jij niets?", "hint": "Denk aan een grap."})


def poll(block_id: uuid.UUID = POLL) -> dict[str, Any]:
    choices = items({"key": "a", "text": "Vaak"}, {"key": "b", "text": "Soms"}, {"key": "c", "text": "Nooit"})
    return block("poll", block_id, {"question": "Praten jullie erover?", "choices": choices, "feedback": "Wie begint?"})


def every_kind() -> list[dict[str, Any]]:
    return [
        single_choice(),
        multiple_choice(),
        statement(),
        ordering(),
        matching(),
        reflection(),
        poll(),
        scenario(),
    ]


#: By block: something to give that is not right, what is right, and what is kept of each. Of the last three nothing is wrong.
GIVEN: dict[uuid.UUID, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    CHOICE: [({"choice": "a"}, {"choice": "a"}), ({"choice": "b"}, {"choice": "b"})],
    MANY: [
        ({"choices": ["b", "a"]}, {"choices": ["a", "b"]}),
        ({"choices": ["a", "c"]}, {"choices": ["a", "c"]}),
    ],
    CLAIM: [({"choice": "true"}, {"choice": "true"}), ({"choice": "false"}, {"choice": "false"})],
    ORDER: [
        ({"places": {"a": "2", "b": "1", "c": "3"}}, {"order": ["b", "a", "c"]}),
        ({"order": ["a", "b", "c"]}, {"order": ["a", "b", "c"]}),
    ],
    MATCH: [
        ({"pairs": {"a": "b", "b": "b", "c": "c"}}, {"pairs": {"a": "b", "b": "b", "c": "c"}}),
        ({"pairs": {"a": "a", "b": "b", "c": "c"}}, {"pairs": {"a": "a", "b": "b", "c": "c"}}),
    ],
    THOUGHT: [
        ({"text": " Toen <b>ik</b>\r\nlachte & zweeg. "}, {"text": "Toen ik\nlachte & zweeg."}),
        ({"text": "3 < 5, toch?"}, {"text": "3 < 5, toch?"}),
    ],
    POLL: [({"choice": "a"}, {"choice": "a"}), ({"choice": "c"}, {"choice": "c"})],
    STORY: [
        ({"path": ["a"]}, {"path": ["a"], "done": True, "skipped": False}),
        ({"skipped": True}, {"path": [], "done": False, "skipped": True}),
    ],
}

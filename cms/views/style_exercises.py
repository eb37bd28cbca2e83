"""Every exercise in every state, for /stijl/: made up, and sent nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.blocks import LessonBody
from courses.player import Exercise, exercise


@dataclass(frozen=True)
class State:
    """How an exercise of ``kind`` stands; None for what is kept is 'nothing yet'."""

    kind: str
    words: str | Promise
    kept: Mapping[str, Any] | None = None
    answered: bool = False
    error: str | Promise = ""
    filled: Mapping[str, Any] | None = None
    spread: Mapping[str, int] | None = None


OPEN = _("Open")
REFUSED = _("Something is missing")
RIGHT = _("Right")
OTHERWISE = _("Otherwise")
CHANGED = _("Done before, changed since")
GONE = {"choice": "gone", "choices": ["gone"], "order": ["gone"], "pairs": {"gone": "gone"}}

STATES = [
    State("single_choice", OPEN),
    State("single_choice", REFUSED, error=_("Choose an answer first."), filled={}),
    State("single_choice", RIGHT, {"choice": "b"}, True),
    State("single_choice", OTHERWISE, {"choice": "a"}, True),
    State("single_choice", CHANGED, GONE, True),
    State("multiple_choice", OPEN),
    State("multiple_choice", REFUSED, error=_("Choose at least one answer first."), filled={}),
    State("multiple_choice", RIGHT, {"choices": ["a", "c"]}, True),
    State("multiple_choice", _("Right so far"), {"choices": ["a"]}, True),
    State("multiple_choice", OTHERWISE, {"choices": ["a", "b"]}, True),
    State("multiple_choice", CHANGED, GONE, True),
    State("statement", OPEN),
    State("statement", REFUSED, error=_("Choose an answer first."), filled={}),
    State("statement", RIGHT, {"choice": "false"}, True),
    State("statement", OTHERWISE, {"choice": "true"}, True),
    State("ordering", OPEN),
    State("ordering", REFUSED, error=_("Give each line a number first."), filled={"places": {"a": "1"}}),
    State("ordering", RIGHT, {"order": ["a", "b", "c"]}, True),
    State("ordering", OTHERWISE, {"order": ["b", "a", "c"]}, True),
    State("ordering", CHANGED, GONE, True),
    State("matching", OPEN),
    State(
        "matching", REFUSED, error=_("Choose something with each line first."), filled={"pairs": {"a": "b", "b": ""}}
    ),
    State("matching", RIGHT, {"pairs": {"a": "a", "b": "b"}}, True),
    State("matching", OTHERWISE, {"pairs": {"a": "b", "b": "b"}}, True),
    State("matching", CHANGED, GONE, True),
    State("reflection", OPEN),
    State("reflection", REFUSED, error=_("Write something first. A few words are enough."), filled={"text": ""}),
    State("reflection", _("Written"), {"text": "Toen er een grap werd gemaakt.\nIk lachte mee."}, True),
    State("reflection", _("Deleted"), {"text": ""}, True),
    State("poll", OPEN),
    State("poll", REFUSED, error=_("Choose an answer first."), filled={}),
    State("poll", _("Answered, by fewer than five people"), {"choice": "b"}, True, spread={"b": 3}),
    State("poll", _("Answered, by more"), {"choice": "b"}, True, spread={"a": 4, "b": 11, "c": 8}),
    State("poll", CHANGED, GONE, True, spread={"a": 4, "b": 11}),
]


def exercise_states() -> list[tuple[str, Exercise]]:
    """A line that says what it is, and the exercise as a lesson shows it."""
    children = LessonBody().child_blocks
    names = {state.kind: str(children[state.kind].label) for state in STATES}
    return [(f"{names[state.kind]}: {state.words}", _shown(state, place)) for place, state in enumerate(STATES)]


def _shown(state: State, place: int) -> Exercise:
    body = LessonBody()
    block = body.child_blocks[state.kind]
    block_id = str(uuid5(NAMESPACE_URL, f"gelijkop:stijl/{place}"))
    raw = block.get_prep_value(block.get_preview_value())
    (child,) = body.to_python([{"type": state.kind, "id": block_id, "value": raw}])
    return exercise(
        child,
        state.kept,
        answered=state.answered,
        may_answer=True,
        url="#learning",
        lesson_key="",
        error=str(state.error),
        filled=state.filled,
        spread=state.spread,
    )

"""What a given answer means for an exercise: a block and what somebody chose in, an outcome out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from courses.scenario import PathLost, walk

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """``value`` is what is kept (see ``Answer.value``); ``answered`` says that the exercise is done with it."""

    value: dict[str, Any]
    answered: bool


class ExerciseGone(ValidationError):
    """The lesson does not have this exercise (any more)."""


class LessonOpen(ValidationError):
    """'Verder' came before every exercise was answered; ``blocks`` are those that are not."""

    def __init__(self, blocks: list[UUID]) -> None:
        super().__init__(_("Some exercises are not done yet."))
        self.blocks = blocks


def exercises_of(body: StreamValue) -> dict[UUID, StreamValue.StreamChild]:
    """The exercises of a lesson by block id, in the order in which they stand."""
    return {UUID(child.id): child for child in body if child.block_type in OUTCOMES}


def open_exercises(body: StreamValue, answered: Iterable[UUID]) -> list[UUID]:
    """Block ids of the exercises without an answer, in the order in which they stand."""
    done = set(answered)
    return [block_id for block_id in exercises_of(body) if block_id not in done]


def outcome(body: StreamValue, block_id: UUID, given: Given) -> Outcome:
    """What is kept of ``given``: ``{"choice": key}`` for a single choice; ``{"path": [keys]}`` or ``{"skipped": True}`` for a scenario.

    Raises:
        ExerciseGone: when the block is not an exercise of this lesson.
        ValidationError: with a sentence for the form, when nothing was chosen or the choice is not there.
    """
    child = exercises_of(body).get(block_id)
    if child is None:
        raise ExerciseGone(_("This exercise was changed in the meantime. Look at it again."))
    return OUTCOMES[child.block_type](child.value, given)


def _single_choice(value: Any, given: Given) -> Outcome:
    key = given.get("choice")
    if not key:
        raise ValidationError(_("Choose an answer first."))
    if key not in {choice["key"] for choice in value["choices"]}:
        raise ValidationError(_("This answer was changed in the meantime. Choose again."))
    return Outcome({"choice": key}, answered=True)


def _scenario(value: Any, given: Given) -> Outcome:
    if given.get("skipped"):
        return Outcome({"path": [], "done": False, "skipped": True}, answered=True)
    path = list(given.get("path", []))
    if path and not path[-1]:
        raise ValidationError(_("Choose what you do first."))
    try:
        here = walk(value.story, path)[-1]
    except PathLost:
        raise ValidationError(_("This story was changed in the meantime. Choose again.")) from None
    done = not here.node.choices
    return Outcome({"path": path, "done": done, "skipped": False}, answered=done)


OUTCOMES = {"single_choice": _single_choice, "scenario": _scenario}

"""What a given answer means for an exercise: a block and what somebody chose in, an outcome out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from courses.scenario import PathLost, walk
from parties.clean import plain_text

Given = Mapping[str, Any]
REFLECTION_LENGTH = 2000


@dataclass(frozen=True)
class Outcome:
    """``value`` is what is kept (see ``Answer.value``); ``answered`` says that the exercise is done with it.

    ``private`` is what only the writer may ever read: it is kept in one place, and nowhere counted.
    """

    value: dict[str, Any]
    answered: bool
    private: bool = False


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
    """What is kept of ``given``. What may be given, by the block's type; what was kept may be given again:

    - single_choice, statement, poll: ``{"choice": key}``
    - multiple_choice: ``{"choices": [keys]}``
    - ordering: ``{"places": {key: number}}`` as in a form, or ``{"order": [keys]}``
    - matching: ``{"pairs": {left key: right key}}``
    - reflection: ``{"text": words}``, or ``{"delete": True}``
    - scenario: ``{"path": [keys]}``, or ``{"skipped": True}``

    Raises:
        ExerciseGone: when the block is not an exercise of this lesson.
        ValidationError: with a sentence for the form, when something is missing or what was chosen is not there.
    """
    child = exercises_of(body).get(block_id)
    if child is None:
        raise ExerciseGone(_("This exercise was changed in the meantime. Look at it again."))
    return OUTCOMES[child.block_type](child.value, given)


def _choice(value: Any, given: Given) -> Outcome:
    return _one_of({choice["key"] for choice in value["choices"]}, given)


def _statement(value: Any, given: Given) -> Outcome:
    return _one_of({"true", "false"}, given)


def _one_of(keys: set[str], given: Given) -> Outcome:
    key = given.get("choice")
    if not key:
        raise ValidationError(_("Choose an answer first."))
    if key not in keys:
        raise ValidationError(_("This answer was changed in the meantime. Choose again."))
    return Outcome({"choice": key}, answered=True)


def _multiple_choice(value: Any, given: Given) -> Outcome:
    keys = [choice["key"] for choice in value["choices"]]
    chosen = set(given.get("choices", []))
    if not chosen:
        raise ValidationError(_("Choose at least one answer first."))
    if not chosen <= set(keys):
        raise ValidationError(_("One of these answers was changed in the meantime. Choose again."))
    return Outcome({"choices": [key for key in keys if key in chosen]}, answered=True)


def _ordering(value: Any, given: Given) -> Outcome:
    keys = {item["key"] for item in value["items"]}
    places = given.get("places") or {key: str(place) for place, key in enumerate(given.get("order", []), start=1)}
    if places.keys() != keys:
        raise ValidationError(_("This exercise was changed in the meantime. Put it in order again."))
    numbers = [str(place) for place in range(1, len(keys) + 1)]
    by_number: dict[str, str] = {}
    for key, number in places.items():
        if number not in numbers:
            raise ValidationError(_("Give each line a number first."))
        if number in by_number:
            raise ValidationError(
                _("Number %(number)s stands there twice. Each line has its own.") % {"number": number}
            )
        by_number[number] = key
    return Outcome({"order": [by_number[number] for number in numbers]}, answered=True)


def _matching(value: Any, given: Given) -> Outcome:
    keys = [pair["key"] for pair in value["pairs"]]
    pairs = given.get("pairs", {})
    if pairs.keys() != set(keys) or not set(pairs.values()) <= {"", *keys}:
        raise ValidationError(_("This exercise was changed in the meantime. Choose again."))
    if not all(pairs.values()):
        raise ValidationError(_("Choose something with each line first."))
    return Outcome({"pairs": {key: pairs[key] for key in keys}}, answered=True)


def _reflection(value: Any, given: Given) -> Outcome:
    """Words without HTML; deleting keeps nothing, and does not undo that it was done."""
    if given.get("delete"):
        return Outcome({"text": ""}, answered=False, private=True)
    text = plain_text(given.get("text", ""))
    if not text:
        raise ValidationError(_("Write something first. A few words are enough."))
    if len(text) > REFLECTION_LENGTH:
        raise ValidationError(
            _("This is %(length)d characters long. Shorten it to %(most)d at most.")
            % {"length": len(text), "most": REFLECTION_LENGTH}
        )
    return Outcome({"text": text}, answered=True, private=True)


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


OUTCOMES: dict[str, Callable[[Any, Given], Outcome]] = {
    "single_choice": _choice,
    "multiple_choice": _multiple_choice,
    "statement": _statement,
    "ordering": _ordering,
    "matching": _matching,
    "reflection": _reflection,
    "poll": _choice,
    "scenario": _scenario,
}

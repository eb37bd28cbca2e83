"""A module on paper: every lesson with its blocks, exercises by number, and stories as numbered steps with all their ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from django.utils.translation import override

from courses.blocks.media import renditions_at_once
from courses.models import CoursePage, LessonPage
from courses.player import STATES, Exercise, exercise
from courses.progress import pages_of_module
from courses.streams import Child, children_of
from courses.versions import versions_of

OWN_TEMPLATES = frozenset({"accordion", "by_side", "download", "video"})  # what looks different on paper
WITHOUT_ANSWERS = frozenset({"reflection", "scenario"})  # private, and told in the story itself


@dataclass(frozen=True)
class Way:
    """A choice in a story; ``step`` is the number of the step that it leads to."""

    letter: str
    text: str
    step: int


@dataclass(frozen=True)
class Step:
    number: int
    node: Any
    ways: Sequence[Way]


@dataclass(frozen=True)
class PaperPart:
    """One block; with ``exercise`` also its number in the lesson, and with a story its steps."""

    block: Child
    exercise: Exercise | None = None
    number: int = 0
    steps: Sequence[Step] = ()

    @property
    def template(self) -> str:
        """Its template on paper, "" when the block's own will do."""
        kind = self.block.block_type
        return f"courses/paper/{kind}.html" if self.exercise or kind in OWN_TEMPLATES else ""

    @property
    def answers_template(self) -> str:
        """What stands in the appendix, "" when nothing does."""
        has_answers = self.exercise and self.exercise.kind not in WITHOUT_ANSWERS
        return f"courses/paper/{self.block.block_type}_answers.html" if has_answers else ""


@dataclass(frozen=True)
class PaperLesson:
    number: int
    page: LessonPage
    parts: Sequence[PaperPart]

    @property
    def answers(self) -> list[PaperPart]:
        return [part for part in self.parts if part.answers_template]


@dataclass(frozen=True)
class Paper:
    """A module as it is read in the active language."""

    page: CoursePage
    lessons: list[PaperLesson]


def paper_of(page: CoursePage) -> Paper:
    """The lessons of a module that everyone may read. Four queries at most, whatever their number and blocks; five in another language."""
    pages = pages_of_module(page)
    (version,) = versions_of(pages, LessonPage.objects.of_course_pages(pages).unrestricted().defer(None))
    bodies = children_of([lesson.body for lesson in version.lessons])
    renditions_at_once([child.value["image"] for own in bodies for child in own if child.block_type == "image"])
    lessons = [
        PaperLesson(number, lesson, _parts(lesson, children))
        for number, (lesson, children) in enumerate(zip(version.lessons, bodies, strict=True), start=1)
    ]
    return Paper(version.page, lessons)


def steps_of(nodes: Sequence[Mapping[str, Any]]) -> list[Step]:
    """The steps of a story in the order in which one can come to them; each way says to which number it leads."""
    by_key = {node["key"]: node for node in nodes}
    order = [nodes[0]["key"]]
    for key in order:  # grows while it is walked
        order += dict.fromkeys(
            choice["to"] for choice in by_key[key]["choices"] if choice["to"] in by_key and choice["to"] not in order
        )
    numbers = {key: number for number, key in enumerate(order, start=1)}
    return [Step(numbers[key], by_key[key], _ways(by_key[key]["choices"], numbers)) for key in order]


def _ways(choices: Sequence[Mapping[str, Any]], numbers: Mapping[str, int]) -> list[Way]:
    """By the letters that the choices have on the screen, or in alphabetical order when some have a word instead."""
    letters = [choice["key"].upper() for choice in choices]
    if any(len(letter) != 1 for letter in letters):
        letters = list(ascii_uppercase)
    return [
        Way(letter, choice["text"], numbers[choice["to"]])
        for letter, choice in zip(letters, choices, strict=False)
        if choice["to"] in numbers
    ]


def _parts(lesson: LessonPage, children: Sequence[Child]) -> list[PaperPart]:
    parts, number = [], 0
    for child in children:
        if child.block_type not in STATES:
            parts.append(PaperPart(child))
            continue
        number += 1
        with override(lesson.language):
            shown = exercise(child, None, answered=False, may_answer=False, url="", lesson_key="")
        steps = steps_of(child.value["nodes"]) if shown.story else []
        parts.append(PaperPart(child, shown, number, steps))
    return parts

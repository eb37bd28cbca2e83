"""What somebody wrote for themselves, notes and reflections, by module and lesson."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse

from courses.exercises import exercises_of
from courses.models import Answer, Course, CoursePage, LessonPage, Note
from parties.languages import MAIN, active_language

if TYPE_CHECKING:
    from parties.models import Person


@dataclass(frozen=True)
class OwnText:
    """One thing that was written. ``question``: what a reflection answers, "" for a note or where that is gone.

    ``url``: the place in the lesson, "" when the lesson is offline.
    """

    text: str
    written_at: dt.datetime
    is_note: bool
    question: str
    url: str
    delete_url: str


@dataclass(frozen=True)
class LessonTexts:
    """``title`` is "" when nothing is left of the lesson; ``language`` is the one that it is written in."""

    title: str
    texts: tuple[OwnText, ...]
    language: str = MAIN


@dataclass(frozen=True)
class CourseTexts:
    course: Course
    lessons: tuple[LessonTexts, ...]


def own_texts(person: Person) -> list[CourseTexts]:
    """Everything this person wrote, in the order of modules, lessons and what stands in them. Four queries."""
    notes = list(Note.objects.of(person).select_related("enrolment__course"))
    reflections = list(Answer.objects.of(person).reflections().select_related("enrolment__course"))
    rows: list[Note | Answer] = [*reflections, *notes]
    if not rows:
        return []
    modules = {page.path: page for page in CoursePage.objects.shown()}
    pages = _pages({row.lesson_key for row in rows}, modules)
    courses = sorted({row.enrolment.course for row in rows}, key=lambda course: course.position)
    return [CourseTexts(course, _lessons(course, rows, pages, modules)) for course in courses]


def _pages(keys: Iterable[UUID], modules: Mapping[str, CoursePage]) -> dict[UUID, LessonPage]:
    """Lessons by key, in order: in the active language where that is online, else in the main one, online or not."""
    found = list(LessonPage.objects.in_readable_languages().filter(translation_key__in=keys).order_by("path"))
    read = {
        page.translation_key: page
        for page in found
        if page.language == active_language() and page.live and page.path[: -LessonPage.steplen] in modules
    }
    return {
        page.translation_key: read.get(page.translation_key, page) for page in found if page.language == MAIN
    } | read


def _lessons(
    course: Course, rows: Iterable[Note | Answer], pages: dict[UUID, LessonPage], modules: dict[str, CoursePage]
) -> tuple[LessonTexts, ...]:
    by_lesson: dict[UUID, list[Note | Answer]] = {key: [] for key in pages}
    for row in rows:
        if row.enrolment.course_id == course.pk:
            by_lesson.setdefault(row.lesson_key, []).append(row)
    return tuple(_lesson(pages.get(key), own, modules) for key, own in by_lesson.items() if own)


def _lesson(page: LessonPage | None, rows: list[Note | Answer], modules: dict[str, CoursePage]) -> LessonTexts:
    module = modules.get(page.path[: -LessonPage.steplen]) if page is not None and page.live else None
    address = page.address if module and page else ""
    asked = exercises_of(page.body) if page is not None else {}
    order = list(asked)

    def place(row: Note | Answer) -> tuple[int, dt.datetime]:
        """Reflections as they stand in the lesson, what is gone from it after that, and then the note."""
        if isinstance(row, Note):
            return len(order) + 1, row.written_at
        return order.index(row.block_id) if row.block_id in asked else len(order), row.last_at

    def text(row: Note | Answer) -> OwnText:
        if isinstance(row, Note):
            url = f"{address}#aantekening" if address else ""
            return OwnText(row.text, row.written_at, True, "", url, reverse("courses:note-delete", args=[row.pk]))
        child = asked.get(row.block_id)
        return OwnText(
            text=row.value["text"],
            written_at=row.last_at,
            is_note=False,
            question=child.value["question"] if child else "",
            url=f"{address}#blok-{row.block_id}" if address and child else address,
            delete_url=reverse("courses:reflection-delete", args=[row.uuid]),
        )

    texts = tuple(text(row) for row in sorted(rows, key=place))
    return LessonTexts(page.title, texts, page.language) if page else LessonTexts("", texts)

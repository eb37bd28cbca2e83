"""How far somebody is in the modules: for /mijn/, for /modules/, and for one module."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from courses.models import Course, CoursePage, Enrolment, LessonPage
from courses.querysets import LessonRow
from courses.versions import ModuleVersion, versions_of
from parties.languages import MAIN, is_main_language

if TYPE_CHECKING:
    from parties.models import Person


@dataclass(frozen=True)
class LessonStep:
    """One lesson as a line in a list. ``url`` goes on where the learner stopped in it.

    ``language`` is the one that it is written in. ``news`` holds the editors' sentences, newest first, on what changed since the learner finished it.
    """

    key: UUID
    number: int
    title: str
    summary: str
    minutes: int
    url: str
    done: bool
    language: str = MAIN
    news: tuple[str, ...] = ()


@dataclass(frozen=True)
class CourseProgress:
    """One module for one learner. ``next_lesson_*`` is the first lesson that is not done, or the first of all when all are.

    ``page_url`` and ``next_lesson_url`` are "" for a module that was finished and whose page is offline now.
    ``minutes_left`` adds up the lessons that are not done; ``sign`` names a drawing in static/art/;
    ``language`` is the one that page, title and summary are written in.
    """

    course: Course
    page_url: str
    title: str
    summary: str
    lessons: tuple[LessonStep, ...]
    lessons_done: int
    lessons_total: int
    minutes_left: int
    next_lesson_title: str
    next_lesson_url: str
    next_lesson_language: str
    completed_at: dt.datetime | None
    sign: str
    language: str = MAIN

    @property
    def refreshers(self) -> tuple[LessonStep, ...]:
        """Lessons that the learner finished and in which something that matters changed since."""
        return tuple(step for step in self.lessons if step.news)


@dataclass(frozen=True)
class Known:
    """What is known of a learner: lesson keys that are done, where they stopped, which courses are finished, and by
    lesson key what changed since they finished the lesson.
    """

    done: frozenset[UUID] = frozenset()
    stopped_at: Mapping[UUID, UUID | None] | None = None
    completed: Mapping[int, dt.datetime] | None = None
    news: Mapping[UUID, tuple[str, ...]] | None = None


def overview(person: Person) -> list[CourseProgress]:
    """Every module that is shown, and those that the person finished before they went offline. Four queries at most."""
    return _overview(known_of(person))


def overview_of_visitor(done: Iterable[UUID]) -> list[CourseProgress]:
    """The same for who has no account. Two queries."""
    return _overview(Known(done=frozenset(done)))


def known_of(person: Person, course: Course | None = None) -> Known:
    """What is known of this person, in one course or in all. One query."""
    enrolments = Enrolment.objects.of(person)
    if course is not None:
        enrolments = enrolments.filter(course=course)
    rows = enrolments.with_lessons()
    return Known(
        done=frozenset(row.lesson_key for row in rows if row.lesson_key and row.lesson_completed_at),
        stopped_at={row.lesson_key: row.last_block for row in rows if row.lesson_key},
        completed={row.course_id: row.completed_at for row in rows if row.completed_at},
        news={row.lesson_key: news for row in rows if row.lesson_key and (news := _news(row))},
    )


def _news(row: LessonRow) -> tuple[str, ...]:
    """What changed in a lesson after it was finished, newest first.

    A lesson that was finished before its revision was kept counts as finished at the module's revision, or else before
    every change.
    """
    if row.lesson_completed_at is None:
        return ()
    finished = row.lesson_completed_revision or row.completed_revision or 0
    newest = sorted(row.changes or [], key=lambda change: -change["revision"])
    return tuple(change["sentence"] for change in newest if change["revision"] > finished)


def course_progress(page: CoursePage, lessons: Iterable[LessonPage], known: Known) -> CourseProgress:
    """One module's page and its live lessons, beside what is known of the learner. No queries."""
    steps = tuple(_step(number, lesson, known) for number, lesson in enumerate(lessons, start=1))
    todo = [step for step in steps if not step.done]
    following = next(iter([*todo, *steps]), None)
    return CourseProgress(
        course=page.own_course,
        page_url=page.address,
        title=page.title,
        summary=page.summary,
        lessons=steps,
        lessons_done=len(steps) - len(todo),
        lessons_total=len(steps),
        minutes_left=sum(step.minutes for step in todo),
        next_lesson_title=following.title if following else "",
        next_lesson_url=following.url if following else page.address,
        next_lesson_language=following.language if following else page.language,
        completed_at=(known.completed or {}).get(page.course_id),
        sign=page.sign,
        language=page.language,
    )


def pages_of_module(page: CoursePage) -> list[CoursePage]:
    """This page, and the module's other ones to choose from. No query in the main language, else one."""
    if is_main_language():
        return [page]
    others = CoursePage.objects.in_readable_languages().shown()
    return [page, *others.filter(course=page.course_id).exclude(pk=page.pk)]


def module_version(page: CoursePage) -> ModuleVersion:
    """This module as it is read in the active language. One query; another one where that is not the main language."""
    pages = pages_of_module(page)
    (version,) = versions_of(pages, LessonPage.objects.of_course_pages(pages))
    return version


def course_pages_read() -> list[CoursePage]:
    """The page of each module as it is read in the active language, in order. One query."""
    return [version.page for version in versions_of(CoursePage.objects.in_readable_languages().shown(), [])]


def _overview(known: Known) -> list[CourseProgress]:
    pages = CoursePage.objects.in_readable_languages().shown()
    modules = versions_of(pages, LessonPage.objects.of_course_pages(pages))
    completed = known.completed or {}
    gone = (
        Course.objects.filter(pk__in=set(completed) - {page.course_id for page in pages})
        if completed
        else Course.objects.none()
    )
    found = [course_progress(module.page, module.lessons, known) for module in modules]
    found += [_offline(course, completed[course.pk]) for course in gone]
    return sorted(found, key=lambda item: item.course.position)


def _step(number: int, lesson: LessonPage, known: Known) -> LessonStep:
    key = lesson.translation_key
    url = lesson.address
    block = (known.stopped_at or {}).get(key)
    if block and key not in known.done:
        url = f"{url}#blok-{block}"
    return LessonStep(
        key=key,
        number=number,
        title=lesson.title,
        summary=lesson.summary,
        minutes=lesson.minutes,
        url=url,
        done=key in known.done,
        language=lesson.language,
        news=(known.news or {}).get(key, ()),
    )


def _offline(course: Course, completed_at: dt.datetime) -> CourseProgress:
    return CourseProgress(
        course=course,
        page_url="",
        title=course.title,
        summary="",
        lessons=(),
        lessons_done=0,
        lessons_total=0,
        minutes_left=0,
        next_lesson_title="",
        next_lesson_url="",
        next_lesson_language=MAIN,
        completed_at=completed_at,
        sign="",
    )

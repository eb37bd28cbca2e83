"""How far somebody is in the modules: for /mijn/, for /modules/, and for one module."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse

from courses.models import Course, CoursePage, Enrolment, LessonPage
from courses.querysets import LessonRow

if TYPE_CHECKING:
    from parties.models import Person


@dataclass(frozen=True)
class LessonStep:
    """One lesson as a line in a list. ``url`` goes on where the learner stopped in it.

    ``news`` holds the editors' sentences, newest first, on what changed since the learner finished it.
    """

    key: UUID
    number: int
    title: str
    summary: str
    minutes: int
    url: str
    done: bool
    news: tuple[str, ...] = ()


@dataclass(frozen=True)
class CourseProgress:
    """One module for one learner. ``next_lesson_*`` is the first lesson that is not done, or the first of all when all are.

    ``page_url`` and ``next_lesson_url`` are "" for a module that was finished and whose page is offline now.
    ``minutes_left`` adds up the lessons that are not done; ``sign`` names a drawing in static/art/.
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
    completed_at: dt.datetime | None
    sign: str

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
    steps = tuple(_step(page, number, lesson, known) for number, lesson in enumerate(lessons, start=1))
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
        completed_at=(known.completed or {}).get(page.course_id),
        sign=page.sign,
    )


def _overview(known: Known) -> list[CourseProgress]:
    pages = {page.course_id: page for page in CoursePage.objects.in_main_language().shown()}
    completed = known.completed or {}
    gone = Course.objects.filter(pk__in=completed).exclude(pk__in=pages) if completed else Course.objects.none()
    lessons = LessonPage.objects.of_course_pages(pages.values())
    by_page: dict[str, list[LessonPage]] = {page.path: [] for page in pages.values()}
    for lesson in lessons:
        by_page[lesson.path[: -LessonPage.steplen]].append(lesson)
    found = [course_progress(page, by_page[page.path], known) for page in pages.values()]
    found += [_offline(course, completed[course.pk]) for course in gone]
    return sorted(found, key=lambda item: item.course.position)


def _step(page: CoursePage, number: int, lesson: LessonPage, known: Known) -> LessonStep:
    key = lesson.translation_key
    url = reverse("courses:lesson", args=[page.slug, lesson.slug])
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
        completed_at=completed_at,
        sign="",
    )

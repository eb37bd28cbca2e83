"""Reads behind the figures for editors: how many people, never who. Each is one query, whatever the number of learners."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from courses.models import Answer, Course, Enrolment, LessonPage, LessonProgress
from courses.statistics import Given


@dataclass
class Flow:
    """People in one lesson. ``minutes``: how many of who finished it spent so many whole minutes on it."""

    began: int = 0
    finished: int = 0
    minutes: Counter[int] = field(default_factory=Counter)


class Dated(NamedTuple):
    """An answer with its moments, and whose it is: to be laid beside something else of that person, not to be shown."""

    block_id: UUID
    person: int
    first_value: dict[str, Any] | None
    value: dict[str, Any]
    first_at: dt.datetime
    last_at: dt.datetime


@dataclass(frozen=True)
class Modules:
    began: int
    finished: int


def modules() -> dict[int, Modules]:
    """How many began and finished each module, by the key of its course."""
    rows = Enrolment.objects.values_list("course").annotate(began=Count("pk"), finished=Count("completed_at"))
    return {course: Modules(began, finished) for course, began, finished in rows.order_by()}


def revisions(course: Course) -> dict[int, int]:
    """How many people there are in each revision of a module, the newest first."""
    rows = (
        _with_revision(LessonProgress.objects.filter(enrolment__course=course))
        .filter(at_revision__isnull=False)
        .values_list("at_revision")
        .annotate(people=Count("enrolment", distinct=True))
    )
    return dict(rows.order_by("-at_revision"))


def flows(course: Course, *, revision: int | None = None) -> dict[UUID, Flow]:
    """By the key of each lesson in which somebody began."""
    minute = (F("seconds") + 30) / 60
    rows = (
        _progress(course, revision)
        .annotate(
            is_done=Case(When(completed_at__isnull=False, then=1), default=0, output_field=IntegerField()),
            minute=Case(When(completed_at__isnull=False, seconds__gt=0, then=minute), output_field=IntegerField()),
        )
        .values_list("lesson_key", "is_done", "minute")
        .annotate(people=Count("pk"))
        .order_by()
    )
    found: dict[UUID, Flow] = {}
    for key, is_done, minutes, people in rows:
        flow = found.setdefault(key, Flow())
        flow.began += people
        flow.finished += people * is_done
        if minutes is not None:
            flow.minutes[minutes] += people
    return found


def stops(course: Course, lesson: LessonPage, *, revision: int | None = None) -> Counter[UUID | None]:
    """Of who began this lesson and did not finish it: at which block they were last."""
    rows = (
        _progress(course, revision)
        .filter(lesson_key=lesson.translation_key, completed_at__isnull=True)
        .values_list("last_block")
        .annotate(people=Count("pk"))
    )
    return Counter(dict(rows.order_by()))


def first_choices(
    course: Course, lesson: LessonPage, blocks: Collection[UUID], *, revision: int | None = None
) -> dict[UUID, list[Given]]:
    """What people chose first in each of these exercises."""
    return _grouped(_answers(course, lesson, blocks, revision).filter(first_value__isnull=False), "first_value")


def last_choices(
    course: Course, lesson: LessonPage, blocks: Collection[UUID], *, revision: int | None = None
) -> dict[UUID, list[Given]]:
    """What people chose last in each of these exercises."""
    return _grouped(_answers(course, lesson, blocks, revision), "value")


def answers_of(
    people: QuerySet,
    course: Course,
    lesson: LessonPage,
    blocks: Collection[UUID],
    *,
    revision: int | None = None,
) -> Iterator[Dated]:
    """The answers of these people (a query of their keys), one at a time."""
    rows = _answers(course, lesson, blocks, revision).filter(enrolment__person__in=people)
    named = ["block_id", "enrolment__person", "first_value", "value", "first_at", "last_at"]
    return map(Dated._make, rows.values_list(*named).iterator())


def _answers(course: Course, lesson: LessonPage, blocks: Collection[UUID], revision: int | None) -> QuerySet[Answer]:
    found = Answer.objects.filter(
        enrolment__course=course, lesson_key=lesson.translation_key, block_id__in=blocks, answered=True
    )
    return found if revision is None else found.filter(revision=revision)


def _grouped(answers: QuerySet[Answer], value: str) -> dict[UUID, list[Given]]:
    found: dict[UUID, list[Given]] = {}
    for block, given, people in answers.values_list("block_id", value).annotate(people=Count("pk")).order_by():
        found.setdefault(block, []).append((given, people))
    return found


def _progress(course: Course, revision: int | None) -> QuerySet:
    rows = LessonProgress.objects.filter(enrolment__course=course)
    return rows if revision is None else _with_revision(rows).filter(at_revision=revision)


def _with_revision(rows: QuerySet[LessonProgress]) -> QuerySet:
    """Adds ``at_revision``: in which somebody finished the lesson, or else in which they last answered in it."""
    answers = (
        Answer.objects.filter(enrolment=OuterRef("enrolment"), lesson_key=OuterRef("lesson_key"))
        .order_by()
        .values("lesson_key")
        .annotate(newest=Max("revision"))
        .values("newest")
    )
    return rows.annotate(at_revision=Coalesce("completed_revision", Subquery(answers, output_field=IntegerField())))

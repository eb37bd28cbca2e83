"""What somebody did that a programme may ask for, and whether it is all there. Reads and arithmetic, no writes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from certificates.intervision import presences
from certificates.models import Programme
from courses.models import Enrolment
from parties.models import Person
from sessions.models import Training


@dataclass(frozen=True)
class CourseDone:
    course_id: int
    title: str
    at: dt.datetime
    minutes: int
    revision: int | None


@dataclass(frozen=True)
class TrainingDone:
    """A joint training that was attended and whose list is closed. ``at`` is the closing, ``on`` the last day."""

    title: str
    at: dt.datetime
    on: dt.date
    minutes: int


@dataclass(frozen=True)
class IntervisionDone:
    """One meeting; nothing of what it was about, and not which group (rule 7)."""

    at: dt.datetime
    minutes: int


@dataclass(frozen=True)
class Done:
    """What counts for one programme. Net minutes are attended minutes and the fixed minutes of modules (rule 13)."""

    courses: tuple[CourseDone, ...]
    trainings: tuple[TrainingDone, ...]
    intervision: tuple[IntervisionDone, ...]

    @property
    def everything(self) -> tuple[CourseDone | TrainingDone | IntervisionDone, ...]:
        return (*self.courses, *self.trainings, *self.intervision)

    @property
    def net_minutes(self) -> int:
        return sum(item.minutes for item in self.everything)

    def has_something_after(self, moment: dt.datetime) -> bool:
        return any(item.at > moment for item in self.everything)


def everything_done(person: Person) -> Done:
    """Whatever a programme may ask for, of one person, each in the order in which it was done. Three queries."""
    return Done(_courses(person), _trainings(person), _intervision(person))


def counted(programme: Programme, done: Done, *, after: dt.datetime | None) -> Done:
    """The part that this programme asks for.

    After an earlier award (``after`` is its moment) a training or an intervision meeting does not count again; a module
    stays finished.
    """
    asked = {course.pk for course in programme.courses.all()}

    def new(item: TrainingDone | IntervisionDone) -> bool:
        return after is None or item.at > after

    return Done(
        courses=tuple(item for item in done.courses if item.course_id in asked),
        trainings=tuple(filter(new, done.trainings)) if programme.joint_trainings else (),
        intervision=tuple(filter(new, done.intervision)) if programme.intervision_meetings else (),
    )


def is_complete(programme: Programme, done: Done, *, after: dt.datetime | None) -> bool:
    """Whether ``done`` (from ``counted``) is all that the programme asks. A programme that asks nothing gives nothing."""
    courses = len(programme.courses.all())
    if not (courses or programme.joint_trainings or programme.intervision_meetings):
        return False
    return (
        len(done.courses) == courses
        and len(done.trainings) >= programme.joint_trainings
        and len(done.intervision) >= programme.intervision_meetings
        and (after is None or done.has_something_after(after))
    )


def _courses(person: Person) -> tuple[CourseDone, ...]:
    rows = Enrolment.objects.of(person).completed().select_related("course").order_by("completed_at", "pk")
    return tuple(
        CourseDone(row.course_id, row.course.title, row.completed_at, row.course.minutes, row.completed_revision)
        for row in rows
    )


def _trainings(person: Person) -> tuple[TrainingDone, ...]:
    """Planned with seats for both sides, held with people of both sides, and attended enough (rule 13)."""
    return tuple(
        TrainingDone(
            training.title, training.closed_at, timezone.localdate(training.last_ends_at), training.minutes_attended
        )
        for training in Training.objects.attended_by(person)
        if training.is_joint and training.is_joint_held
    )


def _intervision(person: Person) -> tuple[IntervisionDone, ...]:
    rows = presences().filter(person=person, meeting__ends_at__lte=timezone.now())
    return tuple(
        IntervisionDone(ends_at, minutes)
        for ends_at, minutes in rows.order_by("meeting__ends_at", "pk").values_list("meeting__ends_at", "minutes")
    )

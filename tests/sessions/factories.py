"""Trainings for tests, made through the actions."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from parties.models import Membership, Person
from sessions.actions.registrations import registration_create
from sessions.actions.trainings import training_plan, training_publish
from sessions.models import Registration, Training
from sessions.plan import MeetingPlan, TrainingPlan
from tests.factories import MembershipFactory, RoleFactory

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(day: int, hour: int, minute: int = 0, month: int = 1, year: int = 2027) -> dt.datetime:
    """A moment in The Hague; January 2027 unless told."""
    return dt.datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM)


def trainer() -> Person:
    return RoleFactory(kind="trainer").person


def supervisor(side: str = "school", **fields: object) -> Membership:
    return MembershipFactory(side=side, **fields)


def meeting(day: int = 14, start: int = 13, end: int = 16, **fields: object) -> MeetingPlan:
    values: dict = {"place": "Lokaal B1.14", "starts_at": at(day, start), "ends_at": at(day, end)}
    return MeetingPlan(**(values | fields))


def plan(*, by: Person, **fields: object) -> TrainingPlan:
    values: dict = {
        "title": "Eerlijk begeleiden",
        "meetings": (meeting(),),
        "trainers": (by,),
        "reply_to": "trainer@example.org",
        "seats_school": 2,
        "seats_workplace": 2,
    }
    return TrainingPlan(**(values | fields))


def published(**fields: object) -> Training:
    by = fields.pop("by", None) or trainer()
    training = training_plan(plan=plan(by=by, **fields), by=by)
    return training_publish(training=training, by=by)


def registered(training: Training, side: str = "school", **fields: object) -> Registration:
    """Somebody of this side who registered themselves."""
    membership = supervisor(side, **fields)
    return registration_create(training=training, membership=membership, by=membership.person)

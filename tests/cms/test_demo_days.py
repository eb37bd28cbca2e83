"""The demo can be loaded on any day: on a Sunday, around Christmas and when the clock changes."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from cms.actions.demo.trainings import coming
from parties.models import Person
from sessions.plan import problems


@pytest.mark.parametrize("days", [17, 20, 24, 31, 38, 60])
def test_what_is_planned_is_right_whatever_the_day(days: int) -> None:
    trainer = Person(pk=1, email="trainer@demo.example")
    for number in range(366):
        morning = dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC) + dt.timedelta(days=number)
        with time_machine.travel(morning, tick=False):
            plan = coming(trainer, days=days, seats=8, place="Stadhuis")
            assert problems(plan) == [], morning
            assert plan.registration_closes_at is not None
            assert timezone.now() < plan.registration_closes_at < plan.meetings[0].starts_at

"""The demo is made on any day of the year: also when a training lands in a weekend or in the holidays."""

import datetime as dt

import pytest
import time_machine

from cms.actions.demo import trainings
from tests.sessions.factories import at, trainer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("week", range(3))
def test_the_deadlines_of_a_demo_training_lie_before_it(week):
    by = trainer()
    for day in range(7):
        with time_machine.travel(at(20, 9, month=11, year=2026) + dt.timedelta(weeks=week, days=day), tick=False):
            for days in (17, 31, 60):
                made = trainings._plan(by, days=days, seats=6, place="Stadhuis")
                starts_at = made.meetings.get().starts_at
                assert made.registration_closes_at < starts_at, (week, day, days)

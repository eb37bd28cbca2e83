"""Two phones that confirm at the same moment see each other. On PostgreSQL: SQLite has one writer."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from parties.models import Person
from sessions.models import Attendance, IntervisionGroup, Meeting
from tests.factories import PersonFactory
from tests.sessions.test_conversation import confirm, joined, made

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]

LONG = 30
ROUNDS = 6


@pytest.fixture(autouse=True)
def _needs_more_than_one_writer() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")


def at_once(meeting: Meeting, people: list[Person]) -> list[BaseException]:
    """The first two say at the same moment that all were there; what went wrong."""
    ready = threading.Barrier(2, timeout=LONG)
    problems: list[BaseException] = []

    def run(by: Person) -> None:
        try:
            ready.wait()
            confirm(meeting, by, *people)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[person]) for person in people[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    return problems


def test_two_who_confirm_at_once_make_all_present() -> None:
    made("incident")
    now = timezone.now()
    for number in range(ROUNDS):
        group = IntervisionGroup.objects.create(name=f"Groep {number}", facilitator=PersonFactory())
        people = [joined(group, f"Lid {number} {place}", since=dt.date(2020, 1, 1)) for place in range(3)]
        meeting = Meeting.objects.create(group=group, starts_at=now, ends_at=now + dt.timedelta(minutes=90))
        assert at_once(meeting, people) == []
        assert Attendance.objects.filter(meeting=meeting, state="present").count() == 3

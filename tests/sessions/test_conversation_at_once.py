"""Two phones that confirm at the same moment see each other. On PostgreSQL: SQLite has one writer."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.utils import timezone

from sessions.models import Attendance, IntervisionGroup, Meeting
from tests.at_once import DONE, at_once, needs_several_writers
from tests.factories import PersonFactory
from tests.sessions.test_conversation import confirm, joined, made

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db, needs_several_writers]

ROUNDS = 6


def test_two_who_confirm_at_once_make_all_present() -> None:
    made("incident")
    now = timezone.now()
    for number in range(ROUNDS):
        group = IntervisionGroup.objects.create(name=f"Groep {number}", facilitator=PersonFactory())
        people = [joined(group, f"Lid {number} {place}", since=dt.date(2020, 1, 1)) for place in range(3)]
        meeting = Meeting.objects.create(group=group, starts_at=now, ends_at=now + dt.timedelta(minutes=90))
        assert at_once(*(partial(confirm, meeting, by, *people) for by in people[:2])) == [DONE, DONE]
        assert Attendance.objects.filter(meeting=meeting, state="present").count() == 3

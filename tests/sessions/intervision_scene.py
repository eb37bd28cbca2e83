"""A group of which the kick-off goes on at a given moment on the running site; see tests/sessions/scene.py."""

from __future__ import annotations

import datetime as dt
import json
import uuid

from cms.actions.site import methods_ensure
from commitments.actions.ledger import ledger_refresh
from parties.models import Person
from sessions.models import Attendance, GroupMember, IntervisionGroup, Meeting
from tests.factories import PersonFactory

NAME = "Groep aan tafel"
ACCOUNTS = {"school": "school", "werkplek": "workplace", "trainer": "school"}
ABSENT = ("Femke Postma", "Hamid Azizi")


def going_on(moment: str) -> None:
    """Three accounts of the demo and two others, since a month; twenty minutes on its way at ``moment`` (ISO).

    Prints as JSON the keys of group, meeting and members, and the names of the three by key of their account.
    """
    methods_ensure()
    now = dt.datetime.fromisoformat(moment)
    since = now.date() - dt.timedelta(days=30)
    facilitator = Person.objects.get(email="gespreksleider@demo.example")
    group = IntervisionGroup.objects.create(name=NAME, facilitator=facilitator)
    keys, names = {}, {}
    for account, side in ACCOUNTS.items():
        person = Person.objects.get(email=f"{account}@demo.example")
        GroupMember.objects.create(group=group, person=person, side=side, since=since)
        keys[account], names[account] = person.pk, person.name
    for name in ABSENT:
        person = PersonFactory(name=name, email=f"{uuid.uuid4()}@example.org")
        GroupMember.objects.create(group=group, person=person, side="workplace", since=since)
        keys[name] = person.pk
    starts_at = now - dt.timedelta(minutes=20)
    meeting, *_later = [
        Meeting.objects.create(
            group=group,
            starts_at=starts_at + dt.timedelta(days=49 * number),
            ends_at=starts_at + dt.timedelta(days=49 * number, hours=2),
            place="De Brug",
        )
        for number in range(5)
    ]
    keys |= {"group": group.pk, "meeting": meeting.pk}
    print(json.dumps({"keys": keys, "names": names}))  # noqa: T201


def over() -> None:
    """Nobody else on the site expects this group."""
    there = Attendance.objects.filter(meeting__group__name=NAME)
    people = set(there.values_list("person", flat=True))
    there.delete()
    IntervisionGroup.objects.filter(name=NAME).delete()
    Person.objects.filter(name__in=ABSENT).delete()
    ledger_refresh(people)

"""A training that goes on at a given moment on the running site: `manage.py shell -c "from tests.sessions.scene import …"`."""

from __future__ import annotations

import datetime as dt
import json
import uuid

from django.utils import timezone

from parties.models import Organisation, Person, Role
from sessions.actions.attendance import attendance_mark
from sessions.actions.registrations import registration_create
from sessions.actions.trainings import training_close
from sessions.models import Meeting
from sessions.plan import MeetingPlan
from tests.factories import MembershipFactory, PersonFactory, RoleFactory
from tests.sessions.factories import published

NAMES = ("Anna de Vries", "Bilal Yilmaz", "Carla Jansen")


def going_on(moment: str) -> None:
    """Given by the trainer of the demo and by its facilitator, twenty minutes on its way at ``moment`` (ISO).

    Prints as JSON the keys of training and meeting, and of people by name; "werkplek" is the demo's account.
    """
    first = Person.objects.get(email="trainer@demo.example")
    second = Person.objects.get(email="gespreksleider@demo.example")
    if not second.roles.filter(kind="trainer").exists():
        RoleFactory(kind="trainer", person=second)
    soon = timezone.now() + dt.timedelta(days=1)
    one = MeetingPlan(place="Lokaal B1.14", starts_at=soon, ends_at=soon + dt.timedelta(hours=3))
    training = published(by=first, trainers=(first, second), meetings=(one,), seats_school=5, seats_workplace=5)
    keys = {}
    for name in NAMES:
        person = PersonFactory(name=name, email=f"{uuid.uuid4()}@example.org")
        membership = MembershipFactory(person=person, organisation=Organisation.objects.get(slug="roc-mondriaan"))
        registration_create(training=training, membership=membership, by=person)
        keys[name.split()[0]] = person.pk
    account = Person.objects.get(email="werkplek@demo.example")
    registration_create(training=training, membership=account.memberships.current().first(), by=account)
    starts_at = dt.datetime.fromisoformat(moment) - dt.timedelta(minutes=20)
    Meeting.objects.filter(training=training).update(starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=3))
    keys |= {"training": training.pk, "meeting": training.meetings.get().pk, "werkplek": account.pk}
    print(json.dumps(keys))  # noqa: T201


def over() -> None:
    """The demo's facilitator is no trainer any more, as everybody else on the site expects."""
    Role.objects.filter(person__email="gespreksleider@demo.example", kind="trainer").delete()


def given(people: int) -> None:
    """Given yesterday by the trainer of the demo and closed; who was there has an address na-<number>@example.org.

    Prints as JSON the key of the training.
    """
    by = Person.objects.get(email="trainer@demo.example")
    soon = timezone.now() + dt.timedelta(days=1)
    one = MeetingPlan(place="Lokaal B1.14", starts_at=soon, ends_at=soon + dt.timedelta(hours=3))
    training = published(by=by, trainers=(by,), meetings=(one,), seats_school=people, seats_workplace=2)
    organisation = Organisation.objects.get(slug="roc-mondriaan")
    ones = []
    for number in range(people):
        person = PersonFactory(name=f"{NAMES[number % 3]} {number}", email=f"na-{number}@example.org")
        membership = MembershipFactory(person=person, organisation=organisation)
        needs = "Eten zonder noten, en een plek dicht bij de deur" if number < 2 else ""
        registration_create(training=training, membership=membership, by=person, needs=needs)
        ones.append(person)
    Meeting.objects.filter(training=training).update(
        starts_at=soon - dt.timedelta(days=2), ends_at=soon - dt.timedelta(days=2) + dt.timedelta(hours=3)
    )
    for person in ones:
        attendance_mark(meeting=training.meetings.get(), person=person, state="present", by=by)
    training_close(training=training, by=by)
    print(json.dumps({"training": training.pk}))  # noqa: T201

"""What counts, for tests: awards, and what was held, written straight into the source tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min

from certificates.coarse import known_from
from certificates.models import Award, AwardMembership, Programme
from commitments.rebuild import differences
from courses.models import Course
from parties.models import Organisation, Party, Person
from sessions.models import (
    Attendance,
    GroupMember,
    IntervisionGroup,
    Meeting,
    NetworkEvent,
    Registration,
    Training,
)
from tests.factories import OrganisationFactory, PartyFactory, PersonFactory

ZONE = ZoneInfo("Europe/Amsterdam")


def programme(*, counts_as_trained: bool = True, slug: str = "gelijke-stagekansen") -> Programme:
    """Three modules and one joint training, as the basic one."""
    found, created = Programme.objects.get_or_create(
        slug=slug, defaults={"name": slug, "joint_trainings": 1, "counts_as_trained": counts_as_trained}
    )
    if created:
        for position in (1, 2, 3):
            course, _ = Course.objects.get_or_create(
                slug=f"module-{position}", defaults={"title": f"Module {position}", "position": position, "minutes": 60}
            )
            found.courses.add(course)
    return found


def award(
    person: Person,
    *organisations: Organisation,
    since: dt.date,
    until: dt.date | None = None,
    revoked_on: dt.date | None = None,
    of: Programme | None = None,
    by_month: bool = False,
) -> Award:
    """Valid for three years unless told; the organisations are those frozen on it.

    ``by_month``: as for intervision, known to others from the first of the next month.
    """
    given = Award.objects.create(
        person=person,
        programme=of or programme(),
        awarded_at=dt.datetime.combine(since, dt.time(12), ZONE),
        valid_from=since,
        valid_until=until or since.replace(year=since.year + 3),
        revoked_on=revoked_on,
        known_from=known_from(since) if by_month else None,
    )
    for organisation in organisations:
        AwardMembership.objects.create(award=given, organisation=organisation, side=organisation.default_side)
    return given


def held_training(
    day: dt.date, people: Sequence[tuple[Person, Organisation, str, int]], *, minutes: int = 150
) -> Training:
    """A closed training of one meeting. ``people``: who, for which organisation, on which side, minutes there."""
    begins = dt.datetime.combine(day, dt.time(13), ZONE)
    training = Training.objects.create(title="Training", state="closed", reply_to="t@example.org", closed_at=begins)
    meeting = Meeting.objects.create(
        training=training, starts_at=begins, ends_at=begins + dt.timedelta(minutes=minutes)
    )
    for seat, (person, organisation, side, there) in enumerate(people, 1):
        Registration.objects.create(
            training=training, person=person, organisation=organisation, side=side, state="confirmed", seat=seat
        )
        state = "absent" if there == 0 else "present" if there == minutes else "left_early"
        Attendance.objects.create(person=person, meeting=meeting, state=state, minutes=there)
    return training


def met(
    day: dt.date,
    people: Sequence[tuple[Person, Organisation | None, int]],
    *,
    group: IntervisionGroup | None = None,
    minutes: int = 90,
    **fields: Any,
) -> Meeting:
    """A meeting of a group. ``people``: who, for which organisation (None: not known), and minutes there (0: absent).

    Who is not in the group yet joins it on that day.
    """
    group = group or IntervisionGroup.objects.create(name="Groep Laak", facilitator=PersonFactory())
    begins = dt.datetime.combine(day, dt.time(15, 30), ZONE)
    meeting = Meeting.objects.create(
        group=group, starts_at=begins, ends_at=begins + dt.timedelta(minutes=minutes), **fields
    )
    for person, organisation, there in people:
        if not group.members.filter(person=person, since__lte=day).exists():
            side = organisation.default_side if organisation else "school"
            until = group.members.filter(person=person).aggregate(first=Min("since"))["first"]
            GroupMember.objects.create(
                group=group, person=person, organisation=organisation, side=side, since=day, until=until
            )
        Attendance.objects.create(person=person, meeting=meeting, state="present" if there else "absent", minutes=there)
    return meeting


def held_event(
    day: dt.date, people: Sequence[tuple[Person, Party, int]], *, title: str = "Ontwerpsessie", minutes: int = 120
) -> NetworkEvent:
    """A closed event of one meeting. ``people``: who, for which party, minutes there (0: absent)."""
    begins = dt.datetime.combine(day, dt.time(10), ZONE)
    host = people[0][1] if people else PartyFactory()
    event = NetworkEvent.objects.create(
        title=title, kind="design_session", host=host, state="closed", closed_at=begins + dt.timedelta(days=1)
    )
    meeting = Meeting.objects.create(event=event, starts_at=begins, ends_at=begins + dt.timedelta(minutes=minutes))
    for person, party, there in people:
        Registration.objects.create(
            event=event,
            person=person,
            organisation=OrganisationFactory(),
            party=party,
            side="school",
            state="confirmed",
            registered_by=person,
        )
        state = "present" if there else "absent"
        Attendance.objects.create(person=person, meeting=meeting, state=state, minutes=there)
    return event


def wrong_in_ledger() -> list[str]:
    return list(differences(progress=lambda done, people: None))

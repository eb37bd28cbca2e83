"""What counts, for tests: awards and held trainings written straight into the source tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from certificates.models import Award, AwardMembership, Programme
from commitments.rebuild import differences
from courses.models import Course
from parties.models import Organisation, Person
from sessions.models import Attendance, Meeting, Registration, Training

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
) -> Award:
    """Valid for three years unless told; the organisations are those frozen on it."""
    given = Award.objects.create(
        person=person,
        programme=of or programme(),
        awarded_at=dt.datetime.combine(since, dt.time(12), ZONE),
        valid_from=since,
        valid_until=until or since.replace(year=since.year + 3),
        revoked_on=revoked_on,
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


def wrong_in_ledger() -> list[str]:
    return list(differences(progress=lambda done, people: None))

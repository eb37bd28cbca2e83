"""What the tests of certificates share: a programme, and people who do what it asks."""

import datetime as dt

from django.utils import timezone

from certificates.models import Programme
from courses.models import Course, Enrolment
from parties.models import Person
from sessions.models import Attendance, Meeting, Registration, Training
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory

MODULES = ("Herkennen", "Erkennen", "Tegengaan")
MINUTES = 180


def modules() -> list[Course]:
    return [
        Course.objects.get_or_create(slug=title.lower(), defaults={"title": title, "position": place, "minutes": 50})[0]
        for place, title in enumerate(MODULES, start=1)
    ]


def basic(**fields: object) -> Programme:
    """Three modules and one joint training, 36 months."""
    programme = Programme.objects.create(
        **{"name": "Basis", "slug": "basis", "joint_trainings": 1, "goals": ["Je herkent het."], **fields}
    )
    programme.courses.set(modules())
    return programme


def learner(name: str = "Sevgi Yıldız", **fields: object) -> Person:
    """Somebody with one confirmed membership at a workplace."""
    organisation = fields.pop("organisation", None) or OrganisationFactory(name="Van Vliet")
    person = PersonFactory(name=name, **fields)
    MembershipFactory(person=person, organisation=organisation)
    return person


def finish(person: Person, courses: list[Course]) -> Enrolment:
    """Writes that these modules are finished; tells nobody."""
    for course in courses:
        enrolment = Enrolment.objects.create(
            person=person, course=course, completed_at=timezone.now(), completed_revision=1
        )
    return enrolment


def held(
    *people: Person, title: str = "Eerlijk begeleiden", minutes: int = MINUTES, other_side: bool = True
) -> Training:
    """A closed training of 180 net minutes, with these people from the workplace and perhaps one from school."""
    now = timezone.now()
    training = Training.objects.create(title=title, state="closed", closed_at=now, reply_to="trainer@example.org")
    start = now - dt.timedelta(hours=4)
    meeting = Meeting.objects.create(
        training=training, starts_at=start, ends_at=start + dt.timedelta(minutes=MINUTES + 15), break_minutes=15
    )
    present = [(person, "workplace") for person in people]
    if other_side:
        school = MembershipFactory(organisation=OrganisationFactory(default_side="school"))
        present.append((school.person, "school"))
    for seat, (person, side) in enumerate(present, start=1):
        membership = person.memberships.earliest("pk")
        Registration.objects.create(
            training=training,
            person=person,
            membership=membership,
            organisation=membership.organisation,
            side=side,
            state="confirmed",
            seat=seat,
        )
        Attendance.objects.create(person=person, meeting=meeting, state="present", minutes=minutes)
    return training


def finisher(name: str = "Sevgi Yıldız", **fields: object) -> Person:
    """Somebody who did all that the basic programme asks, not judged yet."""
    person = learner(name, **fields)
    finish(person, modules())
    held(person)
    return person

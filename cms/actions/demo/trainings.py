"""The coming trainings of the demo, through the real actions: so that its mailbox holds every kind of invitation."""

import datetime as dt
import random

from parties.actions.roles import role_grant
from parties.models import Membership, Person
from sessions.actions.invitations import invitation_answer
from sessions.actions.registrations import registration_create
from sessions.actions.trainings import meeting_move, training_cancel, training_plan, training_publish
from sessions.models import Invitation, Training
from sessions.plan import MeetingPlan, TrainingPlan

from .history import TITLE, at
from .world import SEED, long_ago

DESCRIPTION = """
<p>Je oefent met een acteur: een signaal herkennen, een student serieus nemen, en iets zeggen op het moment zelf.</p>
<p>School en werkplek zitten samen aan tafel. Neem een situatie mee waar je nog over nadenkt, zonder namen.</p>
"""


def trainings_load(accounts: dict[str, Person]) -> None:
    chance = random.Random(SEED + 2)
    trainer = accounts["trainer@demo.example"]
    queue = _learners(accounts, chance)
    full = _open(trainer, days=17, seats=6, place="ROC Mondriaan, Waldorpstraat")
    _register(full, queue, school=9, workplace=4, chance=chance)
    later = _open(trainer, days=24, seats=10, place="De Haagse Hogeschool, Johanna Westerdijkplein")
    _register(later, queue, school=6, workplace=5, chance=chance)
    meeting = later.meetings.get()
    hour = dt.timedelta(hours=1)
    meeting_move(meeting=meeting, starts_at=meeting.starts_at + hour, ends_at=meeting.ends_at + hour, by=trainer)
    elsewhere = _open(trainer, days=31, seats=8, place="Stadhuis, Spui 70")
    _register(elsewhere, queue, school=4, workplace=4, chance=chance)
    meeting = elsewhere.meetings.get()
    meeting_move(
        meeting=meeting,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place="Stadhuis, Spui 70, zaal B4.12",
        by=trainer,
    )
    cancelled = _open(trainer, days=20, seats=8, place="Hotel De Kade")
    _register(cancelled, queue, school=3, workplace=3, chance=chance)
    training_cancel(training=cancelled, by=trainer)
    _plan(trainer, days=60, seats=12, place="Stadhuis, Spui 70")
    other = _other_trainer(accounts)
    theirs = _open(other, days=38, seats=12, place="Hogeschool Inholland, Theresiastraat")
    _register(theirs, queue, school=3, workplace=2, chance=chance)


def _learners(accounts: dict[str, Person], chance: random.Random) -> dict[str, list[Membership]]:
    """People who are busy with the modules and have no certificate yet, by side."""
    named = [person.pk for person in accounts.values()]
    rows = list(
        Membership.objects.counted()
        .current()
        .filter(person__enrolments__isnull=False, person__awards__isnull=True)
        .exclude(person__in=named)
        .select_related("person")
        .distinct()
        .order_by("pk")
    )
    chance.shuffle(rows)
    return {side: [row for row in rows if row.side == side] for side in ("school", "workplace")}


def coming(trainer: Person, *, days: int, seats: int, place: str) -> TrainingPlan:
    """A training so many days from today; what comes before it is counted back from its first meeting."""
    starts_at = at(days, 13)
    return TrainingPlan(
        title=TITLE,
        description=DESCRIPTION,
        trainers=(trainer,),
        reply_to=trainer.email or "",
        seats_school=seats,
        seats_workplace=seats,
        minimum_school=3,
        minimum_workplace=3,
        release_on=(starts_at - dt.timedelta(days=7)).date(),
        registration_closes_at=starts_at.replace(hour=17) - dt.timedelta(days=2),
        meetings=(
            MeetingPlan(
                starts_at=starts_at,
                ends_at=starts_at + dt.timedelta(hours=3, minutes=30),
                break_minutes=30,
                place=place,
            ),
        ),
    )


def _plan(trainer: Person, *, days: int, seats: int, place: str) -> Training:
    return training_plan(plan=coming(trainer, days=days, seats=seats, place=place), by=trainer)


def _open(trainer: Person, *, days: int, seats: int, place: str) -> Training:
    return training_publish(training=_plan(trainer, days=days, seats=seats, place=place), by=trainer)


def _register(
    training: Training, queue: dict[str, list[Membership]], *, school: int, workplace: int, chance: random.Random
) -> None:
    """The next so many of each side, by themselves; about half of those with a seat answer that they come."""
    for side, number in (("school", school), ("workplace", workplace)):
        for _ in range(number):
            membership = queue[side].pop()
            registration_create(training=training, membership=membership, by=membership.person)
            invitation = (
                Invitation.objects.active().filter(person=membership.person, meeting__training=training).first()
            )
            if invitation and chance.random() < 0.5:
                invitation_answer(invitation=invitation, partstat="ACCEPTED")


def _other_trainer(accounts: dict[str, Person]) -> Person:
    named = [person.pk for person in accounts.values()]
    membership = (
        Membership.objects.filter(organisation__slug="de-haagse-hogeschool")
        .exclude(person__in=named)
        .order_by("pk")
        .first()
    )
    assert membership is not None
    role_grant(person=membership.person, kind="trainer", since=long_ago())
    return membership.person

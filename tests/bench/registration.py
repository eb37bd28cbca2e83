"""The page to register for a training with 500 people, beside one with 5."""

import datetime as dt

from tests.bench.measuring import beside

from django.test import Client  # isort: skip
from django.utils import timezone

from parties.models import Membership, Person
from sessions.actions.trainings import training_plan, training_publish
from sessions.models import Registration, Training
from sessions.plan import MeetingPlan, TrainingPlan

TURNS = 15


def training_with(trainer: Person, memberships: list[Membership], people: int) -> Training:
    """Full: half of ``people`` have a seat, the others wait."""
    starts_at = timezone.now() + dt.timedelta(days=30)
    plan = TrainingPlan(
        title="Eerlijk begeleiden",
        trainers=(trainer,),
        reply_to="bench-trainer@example.org",
        seats_school=people // 2,
        seats_workplace=people // 2,
        meetings=(MeetingPlan(starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=3), place="Stadhuis"),),
    )
    training = training_publish(training=training_plan(plan=plan, by=trainer), by=trainer)
    Registration.objects.bulk_create(
        Registration(
            training=training, person=row.person, membership=row, organisation_id=row.organisation_id, side=row.side,
            state="waitlisted" if number % 2 else "confirmed", seat=None if number % 2 else number // 2 + 1,
        )
        for number, row in enumerate(memberships[:people])
    )  # fmt: skip
    return training


def main() -> None:
    rows = Membership.objects.counted().current().select_related("person").order_by("person_id")
    one_each = list({row.person_id: row for row in rows}.values())
    trainer = one_each[0].person
    trainer.roles.create(kind="trainer", since=dt.date(2026, 1, 1))
    reader, others = one_each[1].person, one_each[2:]
    few, many = (training_with(trainer, others, people) for people in (5, 500))
    client = Client()
    client.force_login(reader)

    def page(training: Training) -> None:
        assert client.get(f"/trainingen/{training.pk}/inschrijven/").status_code == 200

    beside("registration page of a training with 500 people beside 5", lambda: page(many), lambda: page(few), TURNS)


main()

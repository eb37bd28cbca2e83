"""Building and queueing 1,000 invitations, beside building the bare ICS texts."""

import datetime as dt
import uuid

from tests.bench.measuring import beside

from django.db import transaction  # isort: skip
from django.utils import timezone

from parties.models import Membership, OutboxMessage, Person, Role
from sessions.actions.invitations import invitations_send
from sessions.actions.trainings import training_plan, training_publish
from sessions.ics import CalendarAddress, Invite, Method, invite_text
from sessions.models import Invitation, Registration
from sessions.plan import MeetingPlan, TrainingPlan

NUMBER = 1000


def main() -> None:
    memberships = list(Membership.objects.counted().current().select_related("person").distinct().order_by("pk"))
    one_each = list({membership.person_id: membership for membership in memberships}.values())[:NUMBER]
    missing = NUMBER - len(one_each)
    assert missing <= NUMBER // 2, "the population is too small"
    trainer = Person.objects.create(name="Trainer", email="bench-trainer@example.org")
    Role.objects.create(person=trainer, kind="trainer", since=dt.date(2026, 1, 1))
    starts_at = timezone.now() + dt.timedelta(days=30)
    plan = TrainingPlan(
        title="Eerlijk begeleiden",
        trainers=(trainer,),
        reply_to="bench-trainer@example.org",
        seats_school=10,
        seats_workplace=10,
        meetings=(MeetingPlan(starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=3), place="Stadhuis"),),
    )
    training = training_publish(training=training_plan(plan=plan, by=trainer), by=trainer)
    registrations = Registration.objects.bulk_create(
        Registration(
            training=training, person=row.person, membership=row, organisation_id=row.organisation_id, side=row.side,
            state="confirmed", seat=number + 1,
        )
        for number, row in enumerate(one_each)
    )  # fmt: skip
    moment = timezone.now()
    texts = [
        Invite(
            uid=str(uuid.uuid4()), sequence=0, stamp=moment, created=moment, starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=3), summary="Eerlijk begeleiden", location="Stadhuis",
            description="Je bent uitgenodigd.", url="https://example.org/trainingen/1/",
            organizer=CalendarAddress(name="Gelijkop", address="gelijkop@example.org"),
            attendee=CalendarAddress(name=str(row.person), address=row.person.email or "x@example.org"),
            partstat="NEEDS-ACTION",
        )
        for row in one_each
    ]  # fmt: skip

    def ours() -> None:
        with transaction.atomic():
            invitations_send(registrations=registrations)
            assert OutboxMessage.objects.filter(calendar_method="REQUEST").count() == len(registrations)
            transaction.set_rollback(True)
        assert not Invitation.objects.exists()

    def bare() -> None:
        for text in texts:
            invite_text(text, Method.REQUEST)

    beside(f"building and queueing {len(one_each):,} invitations beside building the bare ICS texts", ours, bare, 5)


main()

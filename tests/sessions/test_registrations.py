"""Registering, waiting, leaving and moving up."""

from __future__ import annotations

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation

from parties.models import AuditEntry, OutboxMessage
from sessions.actions.registrations import registration_cancel, registration_create, trainings_fill_due
from sessions.actions.trainings import training_cancel, training_plan
from sessions.models import Invitation, Registration
from tests.sessions.factories import at, meeting, plan, published, registered, supervisor, trainer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False), translation.override("en"):
        yield


def states(training):
    return list(training.registrations.order_by("pk").values_list("side", "state", "seat"))


def kinds():
    return list(OutboxMessage.objects.order_by("pk").values_list("to_address", "kind"))


def refusal(error) -> str:
    return " ".join(error.value.messages)


def test_a_side_is_full_while_the_other_still_has_seats():
    training = published(seats_school=1, seats_workplace=1)
    people = [registered(training, side) for side in ("school", "school", "workplace")]
    assert states(training) == [
        ("school", "confirmed", 1),
        ("school", "waitlisted", None),
        ("workplace", "confirmed", 2),
    ]
    assert kinds() == [
        (people[0].person.email, "invitation-new"),
        (people[1].person.email, "waiting-list"),
        (people[2].person.email, "invitation-new"),
    ]


def test_who_leaves_gives_the_seat_to_the_first_of_their_side():
    training = published(seats_school=1, seats_workplace=1)
    first, second, _third = (registered(training) for _ in range(3))
    with time_machine.travel(at(24, 9, month=11, year=2026), tick=False):
        registration_cancel(registration=first, by=first.person)
    assert states(training) == [
        ("school", "cancelled", None),
        ("school", "confirmed", 1),
        ("school", "waitlisted", None),
    ]
    assert kinds()[-2:] == [(first.person.email, "invitation-own_wish"), (second.person.email, "invitation-promoted")]


def test_who_comes_back_joins_the_end_with_a_new_uid():
    training = published(seats_school=1, seats_workplace=1)
    first, second = registered(training), registered(training)
    old = Invitation.objects.get(person=first.person).uid
    registration_cancel(registration=first, by=first.person)
    again = registration_create(training=training, membership=first.membership, by=first.person)
    assert again.state == "waitlisted"
    registration_cancel(registration=Registration.objects.get(pk=second.pk), by=second.person)
    assert Registration.objects.get(pk=again.pk).state == "confirmed"
    new = Invitation.objects.active().get(person=first.person).uid
    assert new != old


def test_seats_become_one_pool_on_the_release_date_by_itself():
    training = published(seats_school=1, seats_workplace=2, release_on=at(5, 0).date())
    registered(training)
    waiting = registered(training)
    with time_machine.travel(at(4, 23, 59), tick=False):
        assert trainings_fill_due() == []
    with time_machine.travel(at(5, 0), tick=False):
        assert trainings_fill_due() == [waiting.pk]
        assert trainings_fill_due() == []
    assert states(training) == [("school", "confirmed", 1), ("school", "confirmed", 2)]


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        (at(7, 16, 59), None),
        (at(7, 17), "Registration closed on 7 January."),
        (at(14, 13), "This training has started already."),
    ],
)
def test_the_deadline_is_a_sentence(when, sentence):
    training = published(registration_closes_at=at(7, 17))
    membership = supervisor()
    with time_machine.travel(when, tick=False):
        if sentence is None:
            assert (
                registration_create(training=training, membership=membership, by=membership.person).state == "confirmed"
            )
            return
        with pytest.raises(ValidationError) as error:
            registration_create(training=training, membership=membership, by=membership.person)
        assert refusal(error) == sentence
        by = training.trainers.get()
        assert registration_create(training=training, membership=membership, by=by).state == "confirmed"


def test_refusals_say_why():
    by = trainer()
    draft = training_plan(plan=plan(by=by), by=by)
    membership = supervisor("workplace")
    with pytest.raises(ValidationError) as error:
        registration_create(training=draft, membership=membership, by=membership.person)
    assert refusal(error) == "This training is not open for registration yet."

    only_school = published(seats_workplace=0)
    with pytest.raises(ValidationError) as error:
        registration_create(training=only_school, membership=membership, by=membership.person)
    assert refusal(error) == "This training has no seats for people from the workplace."

    training = published()
    ended = supervisor(until=at(1, 0, month=3, year=2026).date())
    with pytest.raises(ValidationError) as error:
        registration_create(training=training, membership=ended, by=ended.person)
    assert refusal(error) == "You can only register for where somebody works today."

    registration_create(training=training, membership=membership, by=membership.person)
    with pytest.raises(ValidationError) as error:
        registration_create(training=training, membership=membership, by=membership.person)
    assert refusal(error) == "You are registered already."

    training_cancel(training=training, by=by)
    with pytest.raises(ValidationError) as error:
        registration_create(training=training, membership=supervisor(), by=membership.person)
    assert refusal(error) == "This training does not go on."


def test_registering_and_taking_off_somebody_else_leaves_a_trail():
    training = published()
    by = training.trainers.get()
    registration = registration_create(training=training, membership=supervisor(), by=by)
    registration_cancel(registration=registration, by=by)
    assert list(AuditEntry.objects.order_by("pk").values_list("actor", "verb", "about")) == [
        (by.pk, "registration.create", registration.person_id),
        (by.pk, "registration.cancel", registration.person_id),
    ]
    assert kinds()[-1] == (registration.person.email, "invitation-taken_off")


def test_after_the_start_only_the_trainer_takes_somebody_off():
    training = published(meetings=(meeting(), meeting(day=21)))
    registration = registered(training)
    with time_machine.travel(at(14, 13), tick=False):
        with pytest.raises(ValidationError) as error:
            registration_cancel(registration=registration, by=registration.person)
        assert refusal(error) == "The training has started. Tell the trainer that you are not coming any more."
        assert registration_cancel(registration=registration, by=training.trainers.get()).state == "cancelled"


def test_cancelling_the_training_reaches_who_takes_part_and_who_waits():
    training = published(seats_school=1, seats_workplace=1)
    seated, waiting = registered(training), registered(training)
    training_cancel(training=training, by=training.trainers.get())
    assert states(training) == [("school", "cancelled", None), ("school", "cancelled", None)]
    assert kinds()[-2:] == [(seated.person.email, "invitation-training_cancelled"), (waiting.person.email, "message")]

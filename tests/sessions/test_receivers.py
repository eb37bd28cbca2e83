"""What happens to trainings when two records are one person, and when somebody is erased."""

from __future__ import annotations

import pytest
import time_machine
from django.utils import translation

from parties.actions.merging import people_merge, person_erase
from sessions.actions.attendance import attendance_mark
from sessions.actions.registrations import registration_cancel, registration_create
from sessions.actions.trainings import training_close
from sessions.models import Attendance, Invitation, Registration, Training
from sessions.signals import attendance_settled
from tests.factories import PersonFactory
from tests.sessions.factories import at, published, registered, supervisor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False), translation.override("en"):
        yield


def test_of_two_registrations_the_seat_stays_and_the_other_goes_to_who_waits():
    training = published(seats_school=2)
    first, second, waiting = (registered(training) for _ in range(3))
    people_merge(kept=second.person, merged=first.person, by=None)
    assert list(training.registrations.order_by("pk").values_list("person", "state")) == [
        (second.person_id, "confirmed"),
        (second.person_id, "cancelled"),
        (waiting.person_id, "confirmed"),
    ]
    assert sorted(Invitation.objects.active().values_list("person", flat=True)) == sorted(
        [second.person_id, waiting.person_id]
    )


def test_a_seat_goes_before_a_place_in_the_queue():
    training = published(seats_school=1)
    seated, waiting = registered(training), registered(training)
    people_merge(kept=waiting.person, merged=seated.person, by=None)
    assert list(training.registrations.order_by("pk").values_list("person", "state")) == [
        (waiting.person_id, "confirmed"),
        (waiting.person_id, "cancelled"),
    ]


def test_attendance_moves_with_the_most_minutes_and_is_told():
    training = published()
    first, second = registered(training), registered(training)
    by = training.trainers.get()
    [one] = training.meetings.all()
    with time_machine.travel(at(14, 16), tick=False):
        attendance_mark(meeting=one, person=first.person, state="present", by=by)
        attendance_mark(meeting=one, person=second.person, state="late", minutes=20, by=by)
        training_close(training=training, by=by)
        heard = []

        def hear(training, person_ids, **_):
            heard.append((training.pk, person_ids))

        attendance_settled.connect(hear)
        people_merge(kept=second.person, merged=first.person, by=None)
        attendance_settled.disconnect(hear)
    assert list(Attendance.objects.values_list("person", "state", "minutes")) == [(second.person_id, "present", 180)]
    assert list(Training.objects.attended_by(second.person)) == [training]
    assert heard == [(training.pk, [second.person_id])]


def test_what_only_one_of_them_had_moves_along():
    training = published()
    kept, merged = supervisor(), supervisor()
    registration = registration_create(training=training, membership=merged, by=merged.person)
    people_merge(kept=kept.person, merged=merged.person, by=None)
    assert Registration.objects.get(pk=registration.pk).person == kept.person
    assert Invitation.objects.active().get().person == kept.person


def test_the_trainings_that_somebody_gives_move_along():
    training = published()
    merged = training.trainers.get()
    kept = supervisor().person
    people_merge(kept=kept, merged=merged, by=None)
    assert list(training.trainers.all()) == [kept]


def test_the_seat_of_who_is_erased_goes_to_who_waits():
    training = published(seats_school=1)
    gone, waiting = registered(training), registered(training)
    person_erase(person=gone.person, by=None)
    assert list(training.registrations.values_list("person", "state")) == [(waiting.person_id, "confirmed")]


def test_a_training_goes_on_after_who_planned_it_and_who_registered_others_are_erased():
    training = published(seats_school=1)
    planner, staff = PersonFactory(), PersonFactory()
    Training.objects.filter(pk=training.pk).update(created_by=planner)
    first = registered(training)
    waiting = registration_create(training=training, membership=supervisor(), by=staff)
    for person in (planner, staff):
        person_erase(person=person, by=None)
    registration_cancel(registration=first, by=first.person)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.registered_by) == ("confirmed", None)
    training.refresh_from_db()
    training.full_clean()

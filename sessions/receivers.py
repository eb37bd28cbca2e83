"""What happens here when time passes, or when something happens in an app below."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, F, Value, When
from django.dispatch import receiver

from parties.models import Person
from parties.signals import due, people_merging, person_erasing
from sessions.actions.registrations import registration_move, training_fill, trainings_fill_due
from sessions.actions.trainings import trainings_close_due
from sessions.models import Attendance, GroupMember, Invitation, Registration, Training
from sessions.signals import attendance_settled

#: Which of two active registrations stays when two records of one person become one.
BEST_FIRST = Case(When(state="confirmed", then=Value(0)), When(state="offered", then=Value(1)), default=Value(2))


@receiver(due)
def due_in_sessions(now: dt.datetime, **_: object) -> None:
    trainings_fill_due()
    trainings_close_due(now=now)


@receiver(people_merging)
def move_to_kept(kept: Person, merged: Person, **_: object) -> None:
    """Everything moves; one active registration a training, and one attendance and invitation a meeting, stay (rule 12)."""
    _keep_one_registration(kept, merged)
    Registration.objects.filter(person=merged).update(person=kept)
    _keep_one_attendance(kept, merged)
    Attendance.objects.filter(person=merged).update(person=kept)
    invited = Invitation.objects.active().filter(person=kept).values("meeting")
    Invitation.objects.active().filter(person=merged, meeting__in=invited).update(cancelled_at=F("changed_at"))
    Invitation.objects.filter(person=merged).update(person=kept)
    open_places = GroupMember.objects.filter(person=kept, until=None).values("group")
    GroupMember.objects.filter(person=merged, until=None, group__in=open_places).delete()
    GroupMember.objects.filter(person=merged).update(person=kept)
    for training in Training.objects.given_by(merged):
        training.trainers.add(kept)
    for training in Training.objects.attended_by(kept):
        attendance_settled.send(sender=Training, training=training, person_ids=[kept.pk])


@receiver(person_erasing)
def give_back_seats(person: Person, **_: object) -> None:
    """The seats of who is erased go to whoever waits."""
    for registration in Registration.objects.active().filter(person=person, training__state=Training.State.PUBLISHED):
        _drop(registration)


def _keep_one_registration(kept: Person, merged: Person) -> None:
    """Where both have an active one: the confirmed one before a waiting one, then the earliest."""
    for key in ("training_id", "event_id"):
        doubles = Registration.objects.active().filter(person=kept, **{f"{key}__isnull": False}).values(key)
        both = Registration.objects.active().filter(person__in=[kept, merged], **{f"{key}__in": doubles})
        seen: set[int] = set()
        for registration in both.annotate(rank=BEST_FIRST).order_by("rank", "queued_at", "pk"):
            if (found := getattr(registration, key)) in seen:
                _drop(registration)
            seen.add(found)


def _keep_one_attendance(kept: Person, merged: Person) -> None:
    """Where both were marked at one meeting: the one with most minutes."""
    for double in Attendance.objects.filter(person=merged, meeting__attendances__person=kept):
        shorter = Attendance.objects.filter(person=kept, meeting=double.meeting_id, minutes__lt=double.minutes)
        shorter.update(
            state=double.state, minutes=double.minutes, marked_by=double.marked_by, marked_at=double.marked_at
        )
        double.delete()


def _drop(registration: Registration) -> None:
    """Without a mail: it is the same person, or one who is gone."""
    registration_move(registration, Registration.State.CANCELLED)
    if registration.training:
        training_fill(training=registration.training)

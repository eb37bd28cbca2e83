"""What happens here when time passes, or when something happens in an app below."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, F, Value, When
from django.dispatch import receiver

from parties.models import Person
from parties.signals import due, people_merging
from sessions.actions.registrations import training_fill, trainings_fill_due
from sessions.actions.trainings import trainings_close_due
from sessions.models import Attendance, GroupMember, Invitation, Registration, Training

#: Which of two active registrations stays when two records of one person become one.
BEST_FIRST = Case(When(state="confirmed", then=Value(0)), When(state="offered", then=Value(1)), default=Value(2))


@receiver(due)
def due_in_sessions(now: dt.datetime, **_: object) -> None:
    trainings_fill_due()
    trainings_close_due(now=now)


@receiver(people_merging)
def move_to_kept(kept: Person, merged: Person, **_: object) -> None:
    """Everything moves; one active registration a training, and one attendance and invitation a meeting, stay (rule 12)."""
    kept_active = Registration.objects.active().filter(person=kept)
    for key in ("training_id", "event_id"):
        doubles = Registration.objects.active().filter(
            person__in=[kept, merged], **{f"{key}__in": kept_active.filter(**{f"{key}__isnull": False}).values(key)}
        )
        seen: set[int] = set()
        for registration in doubles.annotate(rank=BEST_FIRST).order_by("rank", "queued_at", "pk"):
            if (found := getattr(registration, key)) in seen:
                registration.state, registration.seat = Registration.State.CANCELLED, None
                registration.save()
                if registration.training:
                    training_fill(training=registration.training)
            seen.add(found)
    Registration.objects.filter(person=merged).update(person=kept)
    there = Attendance.objects.filter(person=kept)
    for double in Attendance.objects.filter(person=merged, meeting__in=there.values("meeting")):
        there.filter(meeting=double.meeting_id, minutes__lt=double.minutes).update(
            state=double.state, minutes=double.minutes
        )
        double.delete()
    Attendance.objects.filter(person=merged).update(person=kept)
    invited = Invitation.objects.active().filter(person=kept).values("meeting")
    Invitation.objects.active().filter(person=merged, meeting__in=invited).update(cancelled_at=F("changed_at"))
    Invitation.objects.filter(person=merged).update(person=kept)
    GroupMember.objects.filter(person=merged).exclude(
        until=None, group__in=GroupMember.objects.filter(person=kept, until=None).values("group")
    ).update(person=kept)
    for training in Training.objects.given_by(merged):
        training.trainers.add(kept)

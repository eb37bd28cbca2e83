"""What happens here when time passes, or when something happens in an app below."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Case, F, Value, When
from django.dispatch import receiver

from parties.models import Person
from parties.signals import due, people_merging, person_erasing
from sessions.actions.conversation import conversation_merge, lessons_forget_due
from sessions.actions.events import events_close_due
from sessions.actions.forming import forming_erase, forming_merge
from sessions.actions.minimums import minimums_check_due
from sessions.actions.needs import needs_forget_due
from sessions.actions.offers import offers_lapse_due
from sessions.actions.registrations import registration_drop, trainings_fill_due
from sessions.actions.reminders import reminders_send
from sessions.actions.replies import replies_fetch
from sessions.actions.surveys import surveys_ask, surveys_close
from sessions.actions.trainings import trainings_close_due
from sessions.mailbox import Account
from sessions.models import (
    AccessNeeds,
    Attendance,
    Invitation,
    NetworkEvent,
    Registration,
    Respondent,
    Training,
)
from sessions.signals import attendance_settled, event_settled

#: Which of two active registrations stays when two records of one person become one.
BEST_FIRST = Case(When(state="confirmed", then=Value(0)), When(state="offered", then=Value(1)), default=Value(2))


@receiver(due)
def due_in_sessions(now: dt.datetime, **_: object) -> None:
    offers_lapse_due(now=now)
    trainings_fill_due()
    minimums_check_due(now=now)
    trainings_close_due(now=now)
    events_close_due(now=now)


@receiver(due)
def due_reminders(now: dt.datetime, **_: object) -> None:
    reminders_send(now=now)


@receiver(due)
def due_after_trainings(now: dt.datetime, **_: object) -> None:
    needs_forget_due(now=now)
    surveys_close(now=now)
    surveys_ask(now=now)
    lessons_forget_due(now=now)


@receiver(due)
def due_replies(**_: object) -> None:
    if settings.REPLY_MAILBOX_URL:
        replies_fetch(account=Account.of(settings.REPLY_MAILBOX_URL))


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
    asked = Respondent.objects.filter(person=kept).values("survey")
    Respondent.objects.filter(person=merged, survey__in=asked).delete()
    Respondent.objects.filter(person=merged).update(person=kept)
    conversation_merge(kept=kept, merged=merged)
    forming_merge(kept=kept, merged=merged)
    for training in Training.objects.given_by(merged):
        training.trainers.add(kept)
    for training in Training.objects.attended_by(kept):
        attendance_settled.send(sender=Training, training=training, person_ids=[kept.pk])
    for event in NetworkEvent.objects.attended_by(kept):
        event_settled.send(sender=NetworkEvent, event=event, person_ids=[kept.pk])


@receiver(person_erasing)
def give_back_seats(person: Person, **_: object) -> None:
    """The seats of who is erased go to whoever waits; what they needed and that they were asked something is forgotten."""
    for registration in Registration.objects.active().filter(person=person, training__state=Training.State.PUBLISHED):
        registration_drop(registration=registration)
    AccessNeeds.objects.filter(registration__person=person).delete()
    Respondent.objects.filter(person=person).delete()
    forming_erase(person=person)


def _keep_one_registration(kept: Person, merged: Person) -> None:
    """Where both have an active one: the confirmed one before a waiting one, then the earliest."""
    for key in ("training_id", "event_id"):
        doubles = Registration.objects.active().filter(person=kept, **{f"{key}__isnull": False}).values(key)
        both = Registration.objects.active().filter(person__in=[kept, merged], **{f"{key}__in": doubles})
        seen: set[int] = set()
        for registration in both.annotate(rank=BEST_FIRST).order_by("rank", "queued_at", "pk"):
            if (found := getattr(registration, key)) in seen:
                registration_drop(registration=registration)
            seen.add(found)


def _keep_one_attendance(kept: Person, merged: Person) -> None:
    """Where both were marked at one meeting: the one with most minutes."""
    for double in Attendance.objects.filter(person=merged, meeting__attendances__person=kept):
        shorter = Attendance.objects.filter(person=kept, meeting=double.meeting_id, minutes__lt=double.minutes)
        shorter.update(
            state=double.state,
            minutes=double.minutes,
            marked_by=double.marked_by,
            marked_at=double.marked_at,
            key=double.key,
        )
        double.changes.update(attendance=Attendance.objects.get(person=kept, meeting=double.meeting_id))
        double.delete()

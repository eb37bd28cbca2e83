"""Who was there, as the list of a training or an event says it, and what is corrected afterwards.

Nothing is written over unseen: a mark says on which mark it is based, and when another stands there by now it is refused
with both (decision 0041). Every mark is kept with what stood there before.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parties.actions.audit import audit_record
from parties.models import Person
from sessions import check_in
from sessions.models import Attendance, AttendanceChange, Invitation, Meeting, NetworkEvent, Registration, Training
from sessions.signals import attendance_settled, event_settled


class AttendanceConflict(ValidationError):
    """Somebody else marked this person since; ``attendance`` is what stands there now."""

    def __init__(self, attendance: Attendance) -> None:
        super().__init__(_("Somebody else marked this person in the meantime."), code="conflict")
        self.attendance = attendance


def attendance_mark(
    *,
    meeting: Meeting,
    person: Person,
    state: str,
    minutes: int | None = None,
    by: Person,
    based_on: str | None = None,
    key: UUID | None = None,
) -> Attendance:
    """Marks one person on the list of one meeting, until the list is closed.

    ``minutes`` are the net minutes that they were there: asked for who came late or left early, all of them for who was
    present when None, and 0 for who was not there. ``based_on`` is the key of the mark that the trainer saw, "" when
    there was none, None for who does not look (the demo). ``key`` names this mark: one that came already changes nothing.

    Raises:
        AttendanceConflict: another mark stands there than ``based_on``, and it says something else than this one.
        ValidationError: with the reason in a sentence; under ``minutes`` when it is about these.
    """
    with transaction.atomic():
        listed = _listed(meeting)
        if listed.state == listed.State.CLOSED:
            raise ValidationError(
                _("The list of this meeting is closed.")
                if meeting.event_id
                else _("The list of this training is closed."),
                code="closed",
            )
        if listed.state != listed.State.PUBLISHED:
            raise ValidationError(
                _("This meeting does not go on.") if meeting.event_id else _("This training does not go on."),
                code="wrong_state",
            )
        if not check_in.may_be_marked(meeting.starts_at, timezone.now()):
            raise ValidationError(_("You can mark people from half an hour before the start."), code="too_early")
        attendance, _changed = attendance_write(
            meeting=meeting, person=person, state=state, minutes=minutes, by=by, based_on=based_on, key=key
        )
        return attendance


def attendance_correct(
    *,
    meeting: Meeting,
    person: Person,
    state: str,
    minutes: int | None = None,
    by: Person,
    based_on: str | None = None,
    key: UUID | None = None,
) -> Attendance:
    """Changes what a closed list says of one person, as ``attendance_mark`` does.

    Who, when and what stood there is kept, and what follows from presence is judged again.
    """
    with transaction.atomic():
        listed = _listed(meeting)
        if listed.state != listed.State.CLOSED:
            raise ValidationError(
                _("The list of this meeting is still open.")
                if meeting.event_id
                else _("The list of this training is still open."),
                code="open",
            )
        attendance, changed = attendance_write(
            meeting=meeting,
            person=person,
            state=state,
            minutes=minutes,
            by=by,
            based_on=based_on,
            key=key,
            is_correction=True,
        )
        if changed:
            audit_record(by=by, verb="attendance.correct", about=person, target=f"meeting:{meeting.pk}")
            if isinstance(listed, NetworkEvent):
                event_settled.send(sender=NetworkEvent, event=listed, person_ids=[person.pk])
            else:
                attendance_settled.send(sender=Training, training=listed, person_ids=[person.pk])
    return attendance


def attendance_complete(*, meetings: Collection[Meeting], person_ids: Collection[int]) -> None:
    """As a list closes: who was not marked was excused when they said so beforehand, else absent."""
    marked = set(Attendance.objects.filter(meeting__in=meetings).values_list("meeting_id", "person_id"))
    declined = set(Invitation.objects.declined().filter(meeting__in=meetings).values_list("meeting_id", "person_id"))
    Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting,
            person_id=person_id,
            state=Attendance.State.EXCUSED if (meeting.pk, person_id) in declined else Attendance.State.ABSENT,
        )
        for meeting in meetings
        for person_id in person_ids
        if (meeting.pk, person_id) not in marked
    )


def attendance_write(
    *,
    meeting: Meeting,
    person: Person,
    state: str,
    minutes: int | None,
    by: Person,
    based_on: str | None,
    key: UUID | None,
    is_correction: bool = False,
) -> tuple[Attendance, bool]:
    """The one place where a mark is written, under the caller's lock on what the list is of; whether it changed anything.

    Raises:
        AttendanceConflict, ValidationError: as ``attendance_mark``.
    """
    check_takes_part(meeting, person)
    attendance = Attendance.objects.select_related("marked_by").filter(meeting=meeting, person=person).first()
    if attendance and key and attendance.changes.filter(key=key).exists():
        return attendance, False
    after = Attendance(meeting=meeting, person=person, state=state, minutes=_minutes(meeting, state, minutes))
    after.clean_fields(exclude={"marked_by"})
    if attendance and (attendance.state, attendance.minutes) == (after.state, after.minutes):
        return attendance, False
    if attendance and based_on is not None and based_on != str(attendance.key):
        raise AttendanceConflict(attendance)
    before = ("", 0) if attendance is None else (attendance.state, attendance.minutes)
    attendance = attendance or after
    attendance.state, attendance.minutes = after.state, after.minutes
    attendance.marked_by = by
    attendance.marked_at = timezone.now()
    attendance.key = key or uuid4()
    attendance.full_clean()
    attendance.save()
    AttendanceChange.objects.create(
        attendance=attendance,
        key=attendance.key,
        state_before=before[0],
        minutes_before=before[1],
        state=attendance.state,
        minutes=attendance.minutes,
        changed_by=by,
        changed_at=attendance.marked_at,
        is_correction=is_correction,
    )
    return attendance, True


def check_takes_part(meeting: Meeting, person: Person) -> None:
    taking_part = Registration.objects.confirmed().filter(
        training=meeting.training_id, event=meeting.event_id, person=person
    )
    if not taking_part.exists():
        raise ValidationError(
            _("This person is not registered for this meeting.")
            if meeting.event_id
            else _("This person has no seat in this training."),
            code="no_seat",
        )


def _listed(meeting: Meeting) -> Training | NetworkEvent:
    """What the list is of, held until the transaction ends."""
    if meeting.event_id:
        return NetworkEvent.objects.locked(meeting.event_id)
    return Training.objects.locked(meeting.training_id)


def _minutes(meeting: Meeting, state: str, minutes: int | None) -> int:
    if state not in Attendance.THERE:
        return 0
    if minutes is None:
        if state == Attendance.State.PRESENT:
            return meeting.net_minutes
        raise ValidationError({"minutes": [_("Fill in how many minutes this person was there.")]}, code="minutes")
    if not 0 < minutes <= meeting.net_minutes:
        raise ValidationError(
            {"minutes": [_("Fill in a number of minutes from 1 to %(most)s.") % {"most": meeting.net_minutes}]},
            code="minutes",
        )
    return minutes

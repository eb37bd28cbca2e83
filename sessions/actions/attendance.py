"""Who was there: by the code on the screen, by the trainer's list, and corrected afterwards."""

from __future__ import annotations

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parties.actions.audit import audit_record
from parties.models import Person
from sessions import check_in
from sessions.models import Attendance, Meeting, Registration, Training
from sessions.signals import attendance_settled

WRONG_CODES = 10
WRONG_CODES_SECONDS = 600


def attendance_mark(
    *, meeting: Meeting, person: Person, state: str, minutes: int | None = None, by: Person
) -> Attendance:
    """Marks one person on the list of one meeting, until the list is closed.

    ``minutes`` are the net minutes that they were there: asked for who came late or left early, all of them for who was
    present when None, and 0 for who was not there.

    Raises:
        ValidationError: with the reason in a sentence; under ``minutes`` when it is about these.
    """
    with transaction.atomic():
        training = Training.objects.locked(meeting.training_id)
        if training.state == Training.State.CLOSED:
            raise ValidationError(_("The list of this training is closed."), code="closed")
        if training.state != Training.State.PUBLISHED:
            raise ValidationError(_("This training does not go on."), code="wrong_state")
        if not check_in.may_be_marked(meeting.starts_at, timezone.now()):
            raise ValidationError(_("You can mark people from half an hour before the start."), code="too_early")
        return _write(meeting, person, state, minutes, by)


def attendance_correct(
    *, meeting: Meeting, person: Person, state: str, minutes: int | None = None, by: Person
) -> Attendance:
    """Changes what a closed list says of one person; who and when is kept, and what follows from it is judged again."""
    with transaction.atomic():
        training = Training.objects.locked(meeting.training_id)
        if training.state != Training.State.CLOSED:
            raise ValidationError(_("The list of this training is still open."), code="open")
        attendance = _write(meeting, person, state, minutes, by)
        audit_record(by=by, verb="attendance.correct", about=person, target=f"meeting:{meeting.pk}")
        attendance_settled.send(sender=Training, training=training, person_ids=[person.pk])
    return attendance


def attendance_check_in(*, meeting: Meeting, person: Person, code: str) -> Attendance:
    """Somebody enters the code that the screen shows. Doing it twice changes nothing.

    Raises:
        ValidationError: with the reason in a sentence.
    """
    now = timezone.now()
    with transaction.atomic():
        training = Training.objects.locked(meeting.training_id)
        if training.state != Training.State.PUBLISHED or not check_in.is_open(meeting.starts_at, meeting.ends_at, now):
            raise ValidationError(_("You cannot check in for this meeting at this moment."), code="not_open")
        if not check_in.is_right(meeting.check_in_secret, code, now):
            raise ValidationError(
                _("This code is not right, or not valid any more. Look at the screen again."), code="wrong_code"
            )
        _check_takes_part(meeting, person)
        marked = Attendance.objects.filter(meeting=meeting, person=person).first()
        if marked and marked.state in Attendance.THERE:
            return marked
        return _write(meeting, person, Attendance.State.PRESENT, None, person)


def person_check_in(*, person: Person, code: str) -> Attendance:
    """Checks in at whichever meeting of this person is going on and shows this code.

    After ten wrong codes in ten minutes no code is looked at for the rest of these.

    Raises:
        ValidationError: with the reason in a sentence.
    """
    key = f"check-in-wrong:{person.pk}:{int(timezone.now().timestamp()) // WRONG_CODES_SECONDS}"
    if cache.get(key, 0) >= WRONG_CODES:
        raise ValidationError(
            _("That was a wrong code ten times. Wait ten minutes, or ask the trainer to mark you on the list."),
            code="too_many",
        )
    meetings = list(Meeting.objects.open_for_check_in(person, timezone.now()))
    if not meetings:
        raise ValidationError(
            _("You have no training at this moment. You can check in from half an hour before the start."), code="none"
        )
    digits = check_in.digits(code)
    for meeting in meetings:
        if check_in.is_right(meeting.check_in_secret, digits, timezone.now()):
            return attendance_check_in(meeting=meeting, person=person, code=digits)
    cache.set(key, cache.get(key, 0) + 1, WRONG_CODES_SECONDS)
    raise ValidationError(
        _("This code is not right, or not valid any more. Look at the screen again."), code="wrong_code"
    )


def _check_takes_part(meeting: Meeting, person: Person) -> None:
    taking_part = Registration.objects.confirmed().filter(training=meeting.training_id, person=person)
    if not taking_part.exists():
        raise ValidationError(_("This person has no seat in this training."), code="no_seat")


def _write(meeting: Meeting, person: Person, state: str, minutes: int | None, by: Person) -> Attendance:
    _check_takes_part(meeting, person)
    attendance = Attendance.objects.filter(meeting=meeting, person=person).first() or Attendance(
        meeting=meeting, person=person
    )
    attendance.state = state
    attendance.minutes = _minutes(meeting, state, minutes)
    attendance.marked_by = by
    attendance.marked_at = timezone.now()
    attendance.full_clean()
    attendance.save()
    return attendance


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

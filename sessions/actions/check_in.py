"""Checking in with the code that the trainer's screen shows."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from parties.models import Person
from sessions import check_in
from sessions.actions.attendance import attendance_write, check_takes_part
from sessions.models import Attendance, Meeting, Training

WRONG_CODES = 10
WRONG_CODES_SECONDS = 600


def attendance_check_in(*, meeting: Meeting, person: Person, code: str) -> Attendance:
    """Somebody enters the code that the screen shows. Doing it twice changes nothing.

    What the trainer marked stays: who was marked absent or excused is asked to tell the trainer.

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
        check_takes_part(meeting, person)
        marked = Attendance.objects.filter(meeting=meeting, person=person).first()
        if marked and marked.state in Attendance.THERE:
            return marked
        if marked:
            raise ValidationError(
                _("The trainer marked you as '%(state)s'. Tell the trainer that you are here, so that they change it.")
                % {"state": marked.get_state_display().lower()},
                code="marked",
            )
        attendance, _changed = attendance_write(
            meeting=meeting,
            person=person,
            state=Attendance.State.PRESENT,
            minutes=None,
            by=person,
            based_on="",
            key=None,
        )
        return attendance


def person_check_in(*, person: Person, code: str) -> Attendance:
    """Checks in at whichever meeting of this person is going on and shows this code.

    After ten wrong codes in ten minutes no code is looked at for the rest of these; a code of another meeting is one too,
    so that nobody finds codes by trying.

    Raises:
        ValidationError: with the reason in a sentence.
    """
    now = timezone.now()
    wrong = f"check-in-wrong:{person.pk}:{int(now.timestamp()) // WRONG_CODES_SECONDS}"
    if cache.get(wrong, 0) >= WRONG_CODES:
        raise ValidationError(
            _("That was a wrong code ten times. Wait ten minutes, or ask the trainer to mark you on the list."),
            code="too_many",
        )
    digits = check_in.digits(code)
    if len(digits) != check_in.DIGITS:
        raise ValidationError(_("Fill in the six digits that are on the screen."), code="digits")
    own = list(Meeting.objects.open_for_check_in(now).with_a_seat_of(person))
    for meeting in own:
        if check_in.is_right(meeting.check_in_secret, digits, now):
            return attendance_check_in(meeting=meeting, person=person, code=digits)
    cache.add(wrong, 0, WRONG_CODES_SECONDS)
    cache.incr(wrong)
    raise _why_not(person, own, digits, now)


def _why_not(person: Person, own: list[Meeting], digits: str, now: dt.datetime) -> ValidationError:
    if any(check_in.is_stale(meeting.check_in_secret, digits, now) for meeting in own):
        return ValidationError(
            _(
                "This code has run out: there is a new one every half minute. Fill in the code that is on the screen now."
            ),
            code="stale",
        )
    secrets = Meeting.objects.open_for_check_in(now).values_list("check_in_secret", flat=True)
    if any(check_in.is_right(secret, digits, now) for secret in secrets):
        return ValidationError(
            _("You are not on the list of the training that shows this code. Tell the trainer, who can add you."),
            code="not_on_the_list",
        )
    if own:
        return ValidationError(
            _("This code is not right, or not valid any more. Look at the screen again."), code="wrong_code"
        )
    return ValidationError(_not_now(person, now), code="none")


def _not_now(person: Person, now: dt.datetime) -> str:
    """When this person can check in, or could."""
    seats = Meeting.objects.with_a_seat_of(person)
    ended = seats.filter(ends_at__lte=now, ends_at__gt=now - dt.timedelta(hours=24)).order_by("ends_at").last()
    coming = seats.filter(starts_at__gt=now, training__state=Training.State.PUBLISHED).first()
    if ended is not None:
        moment = timezone.localtime(ended.ends_at + check_in.CLOSES_AFTER)
        return _("You could check in until %(time)s. Ask the trainer to mark you on the list.") % {
            "time": time_format(moment, "TIME_FORMAT")
        }
    if coming is not None:
        moment = timezone.localtime(coming.starts_at - check_in.OPENS_BEFORE)
        return _("You have no training at this moment. From %(date)s, %(time)s you can check in.") % {
            "date": date_format(moment, "j F"),
            "time": time_format(moment, "TIME_FORMAT"),
        }
    return _("You have no training at this moment. Who has a seat can check in from half an hour before the start.")

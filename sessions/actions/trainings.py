"""Planning, publishing, changing, moving, cancelling and closing trainings.

Each locks the training first (SQLite: the transaction itself), checks, writes, and lets invitations follow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from parties.clean import typed_html
from parties.models import Person
from parties.periods import covers, today
from sessions.actions.attendance import attendance_complete
from sessions.actions.invitations import (
    MeetingFacts,
    invitations_cancel,
    invitations_change,
    invitations_send,
)
from sessions.actions.meetings import meeting_write, meetings_check, plan_of_meeting
from sessions.actions.registrations import registration_move, training_fill
from sessions.emails import message_mails, offer_mails
from sessions.models import Meeting, Registration, Training
from sessions.plan import MeetingPlan, TrainingPlan, problems
from sessions.seating import too_small
from sessions.signals import attendance_settled
from sessions.what_if import Consequences, consequences

CLOSES_AFTER = dt.timedelta(hours=24)


def training_plan(*, plan: TrainingPlan, by: Person) -> Training:
    """A new training as a draft, which only its trainers see.

    Raises:
        ValidationError: with a sentence for each field; those of meetings are under ``meetings``.
    """
    _check_plan(plan)
    with transaction.atomic():
        training = Training(created_by=by)
        _write(training, plan)
        for meeting in plan.meetings:
            meeting_write(Meeting(training=training), meeting)
    return training


def training_publish(*, training: Training, by: Person) -> Training:
    """From now on everybody sees it and can register."""
    with transaction.atomic():
        training = Training.objects.locked(training.pk)
        _move(training, Training.State.PUBLISHED)
    return training


def training_change(*, training: Training, plan: TrainingPlan, by: Person, seen: str | None = None) -> Training:
    """The training as the plan now says. Who takes part gets a new invitation for each meeting that changed.

    Once it is published its meetings can move and others can be added, but none goes away.

    Args:
        seen: the fingerprint of the consequences that ``by`` was shown; None where nobody looked.

    Raises:
        ValidationError: with a sentence for each field; those of meetings are under ``meetings``. With the code
            ``meanwhile`` when the consequences are no longer those that were shown.
    """
    _check_plan(plan)
    with transaction.atomic():
        training = Training.objects.locked(training.pk)
        effect = _change_check(training, plan)
        if seen is not None and effect.fingerprint != seen:
            raise ValidationError(
                _("Since you looked, something changed. Look again at what happens to whom, and save then."),
                code="meanwhile",
            )
        meetings = {meeting.pk: meeting for meeting in training.meetings.all()}
        before = {key: MeetingFacts.of(meeting) for key, meeting in meetings.items()}
        if _deadline(training.registration_closes_at, meetings.values()) != _deadline(
            plan.registration_closes_at, plan.meetings
        ):
            training.minimum_checked_at = None
        _write(training, plan)
        for key in meetings.keys() - {meeting.key for meeting in plan.meetings}:
            meetings.pop(key).delete()
        for planned in plan.meetings:
            meeting = meetings.get(planned.key) if planned.key else None
            meeting_write(meeting or Meeting(training=training), planned)
        if training.state == Training.State.PUBLISHED:
            for key in effect.moved_keys:
                meetings[key].training = training
                invitations_change(meeting=meetings[key], before=before[key])
            if effect.added:
                invitations_send(registrations=list(training.registrations.confirmed()))
            if effect.moved or effect.added:
                offer_mails(registrations=training.registrations.offered().select_related("person", "membership"))
            training_fill(training=training)
    return training


def training_change_preview(*, training: Training | None, plan: TrainingPlan) -> Consequences:
    """What saving would do to whom; ``training_change`` does just that. Nothing is written.

    Raises:
        ValidationError: with the same sentences as saving.
    """
    _check_plan(plan)
    return consequences(None, plan, timezone.now(), today()) if training is None else _change_check(training, plan)


def meeting_move(
    *,
    meeting: Meeting,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: Person,
    place: str | None = None,
    link: str | None = None,
) -> Meeting:
    """Another time for one meeting, and another place or link where these are given. Times are aware."""
    training = Training.objects.get(meetings=meeting.pk)
    plan = plan_of(training)
    moved = tuple(
        MeetingPlan(
            key=planned.key,
            starts_at=starts_at,
            ends_at=ends_at,
            break_minutes=planned.break_minutes,
            place=planned.place if place is None else place,
            link=planned.link if link is None else link,
        )
        if planned.key == meeting.pk
        else planned
        for planned in plan.meetings
    )
    training_change(training=training, plan=TrainingPlan(**{**vars(plan), "meetings": moved}), by=by)
    meeting.refresh_from_db()
    return meeting


def training_cancel(*, training: Training, by: Person) -> Training:
    """It does not go on. Everybody who takes part, or waits, hears so."""
    with transaction.atomic():
        training = Training.objects.locked(training.pk)
        if training.state == Training.State.PUBLISHED and training.meetings.filter(attendances__isnull=False).exists():
            raise ValidationError(
                _("People have been marked present already. Close the list instead."), code="has_attendance"
            )
        training.cancelled_at = timezone.now()
        _move(training, Training.State.CANCELLED)
        registrations = list(training.registrations.active().select_related("person"))
        invitations_cancel(registrations=registrations, reason="training_cancelled")
        _tell_waiting(training, [row.person for row in registrations if row.state != Registration.State.CONFIRMED])
        for registration in registrations:
            registration_move(registration, Registration.State.CANCELLED)
    return training


def training_close(*, training: Training, by: Person | None = None) -> Training:
    """Closes the list: now presence counts (product.md, rule 13). ``by`` is None when the list closes by itself.

    Who had a seat and was not marked was excused when they said so beforehand, else absent; who still waited waits no
    longer.

    Raises:
        ValidationError: the last meeting has not ended, or the list is closed already.
    """
    with transaction.atomic():
        training = Training.objects.locked(training.pk)
        meetings = list(training.meetings.all())
        if training.state == Training.State.PUBLISHED and max(meeting.ends_at for meeting in meetings) > timezone.now():
            raise ValidationError(_("You can close the list when the last meeting is over."), code="too_early")
        training.closed_at = timezone.now()
        training.closed_by = by
        _move(training, Training.State.CLOSED)
        person_ids = list(training.registrations.confirmed().order_by("person_id").values_list("person_id", flat=True))
        attendance_complete(meetings=meetings, person_ids=person_ids)
        for waiting in training.registrations.filter(
            state__in=[Registration.State.WAITLISTED, Registration.State.OFFERED]
        ):
            registration_move(waiting, Registration.State.CANCELLED)
        attendance_settled.send(sender=Training, training=training, person_ids=person_ids)
    return training


def trainings_close_due(*, now: dt.datetime) -> list[int]:
    """Closes the lists whose last meeting ended 24 hours ago or more. Safe to run twice and on several workers at once.

    Returns:
        the keys of the trainings that were closed.
    """
    closed = []
    for training in Training.objects.to_close(now - CLOSES_AFTER):
        try:
            training_close(training=training)
        except ValidationError:
            continue  # another worker, or the trainer, was first
        closed.append(training.pk)
    return closed


def plan_of(training: Training) -> TrainingPlan:
    """The training as the plan that would make it."""
    return TrainingPlan(
        title=training.title,
        description=training.description,
        trainers=tuple(training.trainers.order_by("name", "pk")),
        reply_to=training.reply_to,
        seats_school=training.seats_school,
        seats_workplace=training.seats_workplace,
        minimum_school=training.minimum_school,
        minimum_workplace=training.minimum_workplace,
        release_on=training.release_on,
        registration_closes_at=training.registration_closes_at,
        cancellation_closes_at=training.cancellation_closes_at,
        offer_hours=training.offer_hours,
        audience=training.audience,
        parties=tuple(training.parties.order_by("position", "pk")),
        organisations=tuple(training.organisations.order_by("name", "pk")),
        meetings=tuple(plan_of_meeting(meeting) for meeting in training.meetings.all()),
    )


def _check_plan(plan: TrainingPlan) -> None:
    errors: dict[str, list[str]] = {}
    for problem in problems(plan):
        errors.setdefault(problem.field if problem.meeting is None else "meetings", []).append(str(problem.message))
    keys = {person.pk for person in plan.trainers}
    with_role = Person.objects.filter(covers(today(), "roles__"), pk__in=keys, roles__kind="trainer").distinct()
    if with_role.count() < len(keys):
        errors.setdefault("trainers", []).append(_("Choose people who are a trainer at this moment."))
    if errors:
        raise ValidationError(errors)


def _change_check(training: Training, plan: TrainingPlan) -> Consequences:
    """What the change will do, after every check that it must pass."""
    _check_open(training)
    _check_seats(training, plan)
    meetings_check(
        {meeting.pk: meeting for meeting in training.meetings.all()},
        plan.meetings,
        is_draft=training.state == Training.State.DRAFT,
        kept_because=_("People may have this meeting in their calendar. Move it, or cancel the whole training."),
    )
    return consequences(training, plan, timezone.now(), today())


def _deadline(closes_at: dt.datetime | None, meetings: Iterable[Meeting | MeetingPlan]) -> dt.datetime:
    return closes_at or min(meeting.starts_at for meeting in meetings)


def _check_open(training: Training) -> None:
    if training.state == Training.State.CANCELLED:
        raise ValidationError(_("This training was cancelled and can no longer be changed."), code="cancelled")
    if training.state == Training.State.CLOSED:
        raise ValidationError(_("The list of this training is closed, so it can no longer be changed."), code="closed")


def _check_seats(training: Training, plan: TrainingPlan) -> None:
    taken = too_small(plan.seats, training.registrations.places(), today())
    if not taken:
        return
    if plan.seats.is_pool(today()):
        sentence = _("%(taken)s people have a seat already. Give at least as many seats.")
        raise ValidationError({"seats_school": sentence % {"taken": sum(taken.values())}})
    sentence = _("%(taken)s people of this side have a seat already. Give at least as many seats.")
    raise ValidationError({f"seats_{side}": sentence % {"taken": number} for side, number in taken.items()})


def _write(training: Training, plan: TrainingPlan) -> None:
    for field in (
        "title", "reply_to", "seats_school", "seats_workplace", "minimum_school", "minimum_workplace", "release_on",
        "registration_closes_at", "cancellation_closes_at", "offer_hours", "audience",
    ):  # fmt: skip
        setattr(training, field, getattr(plan, field))
    training.description = typed_html(plan.description)
    training.full_clean()
    training.save()
    training.trainers.set(plan.trainers)
    training.parties.set(plan.parties)
    training.organisations.set(plan.organisations)


def _tell_waiting(training: Training, people: list[Person]) -> None:
    """Who waits has no invitation that could be withdrawn, so hears it in a message."""
    for person in people:
        with override(person.language):
            subject = _("This training does not go on: %(title)s") % {"title": training.title}
            body = _("You were on the waiting list. You need to do nothing. Look at the other dates on the site.")
        message_mails(training=training, people=[person], subject=subject, body=body)


def _move(training: Training, state: Training.State) -> None:
    """The one way from state to state."""
    if state not in Training.MOVES[Training.State(training.state)]:
        raise ValidationError(
            _("This training is '%(state)s', so that is not possible.") % {"state": training.get_state_display()},
            code="wrong_state",
        )
    training.state = state
    training.full_clean()
    training.save()

"""Planning, publishing, changing, cancelling and closing network events.

Each locks the event first (SQLite: the transaction itself), checks, writes, and lets invitations follow.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parties.clean import typed_html
from parties.models import Person
from sessions.actions.attendance import attendance_complete
from sessions.actions.invitations import MeetingFacts, invitations_cancel, invitations_change, invitations_send
from sessions.actions.meetings import meeting_write, meetings_check, plan_of_meeting
from sessions.actions.registrations import registration_move
from sessions.event_plan import EventPlan, event_problems
from sessions.models import Meeting, NetworkEvent, Registration
from sessions.querysets import taken_by_party
from sessions.rules import may_host
from sessions.signals import event_settled

CLOSES_AFTER = dt.timedelta(hours=24)


def event_plan(*, plan: EventPlan, by: Person) -> NetworkEvent:
    """A new event as a draft, which only those who run it see.

    Raises:
        ValidationError: with a sentence for each field; those of meetings are under ``meetings``.
    """
    _check_plan(plan)
    _check_host(plan, by)
    with transaction.atomic():
        event = NetworkEvent(created_by=by)
        _write(event, plan)
        for meeting in plan.meetings:
            meeting_write(Meeting(event=event), meeting)
    return event


def event_publish(*, event: NetworkEvent) -> NetworkEvent:
    """From now on everybody sees it and people of the parties can register."""
    with transaction.atomic():
        event = NetworkEvent.objects.locked(event.pk)
        _move(event, NetworkEvent.State.PUBLISHED)
    return event


def event_change(*, event: NetworkEvent, plan: EventPlan, by: Person) -> NetworkEvent:
    """The event as the plan now says. Who takes part gets a new invitation for each meeting that changed.

    Once it is published its meetings can move and others can be added, but none goes away.

    Raises:
        ValidationError: with a sentence for each field; those of meetings are under ``meetings``.
    """
    _check_plan(plan)
    with transaction.atomic():
        event = NetworkEvent.objects.locked(event.pk)
        if plan.host.pk != event.host_id:
            _check_host(plan, by)
        meetings = {meeting.pk: meeting for meeting in event.meetings.all()}
        _check_change(event, meetings, plan)
        before = {key: MeetingFacts.of(meeting) for key, meeting in meetings.items()}
        _write(event, plan)
        for key in before.keys() - {meeting.key for meeting in plan.meetings}:
            meetings.pop(key).delete()
        for planned in plan.meetings:
            meeting_write(meetings[planned.key] if planned.key else Meeting(event=event), planned)
        if event.state == NetworkEvent.State.PUBLISHED:
            for key, meeting in meetings.items():
                invitations_change(meeting=meeting, before=before[key])
            if any(not planned.key for planned in plan.meetings):
                invitations_send(registrations=event.registrations.confirmed())
    return event


def event_cancel(*, event: NetworkEvent) -> NetworkEvent:
    """It does not go on. Everybody who takes part hears so.

    Raises:
        ValidationError: people have been marked present, or it is not open.
    """
    with transaction.atomic():
        event = NetworkEvent.objects.locked(event.pk)
        if event.state == NetworkEvent.State.PUBLISHED and event.meetings.filter(attendances__isnull=False).exists():
            raise ValidationError(
                _("People have been marked present already. Close the list instead."), code="has_attendance"
            )
        event.cancelled_at = timezone.now()
        _move(event, NetworkEvent.State.CANCELLED)
        registrations = list(event.registrations.active().select_related("person"))
        invitations_cancel(registrations=registrations, reason="cancelled")
        for registration in registrations:
            registration_move(registration, Registration.State.CANCELLED)
    return event


def event_close(*, event: NetworkEvent) -> NetworkEvent:
    """Closes the list: now presence counts (product.md, rule 13).

    Who was registered and was not marked was excused when they said so beforehand, else absent.

    Raises:
        ValidationError: the last meeting has not ended, or the list is closed already.
    """
    with transaction.atomic():
        event = NetworkEvent.objects.locked(event.pk)
        if event.state == NetworkEvent.State.PUBLISHED and not event.is_over():
            raise ValidationError(_("You can close the list when the last meeting is over."), code="too_early")
        event.closed_at = timezone.now()
        _move(event, NetworkEvent.State.CLOSED)
        person_ids = list(event.registrations.confirmed().order_by("person_id").values_list("person_id", flat=True))
        attendance_complete(meetings=list(event.meetings.all()), person_ids=person_ids)
        event_settled.send(sender=NetworkEvent, event=event, person_ids=person_ids)
    return event


def events_close_due(*, now: dt.datetime) -> list[int]:
    """Closes the lists whose last meeting ended 24 hours ago or more. Safe to run twice and on several workers at once.

    Returns:
        the keys of the events that were closed.
    """
    closed = []
    for event in NetworkEvent.objects.to_close(now - CLOSES_AFTER):
        try:
            event_close(event=event)
        except ValidationError:
            continue  # another worker, or who runs it, was first
        closed.append(event.pk)
    return closed


def plan_of(event: NetworkEvent) -> EventPlan:
    """The event as the plan that would make it."""
    return EventPlan(
        kind=event.kind,
        title=event.title,
        description=event.description,
        host=event.host,
        reply_to=event.reply_to,
        seats_a_party=event.seats_a_party,
        registration_closes_at=event.registration_closes_at,
        meetings=tuple(plan_of_meeting(meeting) for meeting in event.meetings.all()),
    )


def _check_plan(plan: EventPlan) -> None:
    errors: dict[str, list[str]] = {}
    for problem in event_problems(plan):
        errors.setdefault(problem.field if problem.meeting is None else "meetings", []).append(str(problem.message))
    if errors:
        raise ValidationError(errors)


def _check_host(plan: EventPlan, by: Person) -> None:
    if not may_host(by, plan.host):
        raise ValidationError({"host": [_("Choose a party of which you are the coordinator.")]})


def _check_change(event: NetworkEvent, meetings: dict[int, Meeting], plan: EventPlan) -> None:
    if event.state == NetworkEvent.State.CANCELLED:
        raise ValidationError(_("This meeting was cancelled and can no longer be changed."), code="cancelled")
    if event.state == NetworkEvent.State.CLOSED:
        raise ValidationError(_("The list of this meeting is closed, so it can no longer be changed."), code="closed")
    most = max(taken_by_party(event).values(), default=0)
    if plan.seats_a_party is not None and plan.seats_a_party < most:
        sentence = _("%(taken)s people of one party are registered already. Give at least as many seats.")
        raise ValidationError({"seats_a_party": [sentence % {"taken": most}]})
    meetings_check(
        meetings,
        plan.meetings,
        is_draft=event.state == NetworkEvent.State.DRAFT,
        kept_because=_("People may have this date in their calendar. Move it, or cancel everything."),
    )


def _write(event: NetworkEvent, plan: EventPlan) -> None:
    for field in ("kind", "title", "host", "reply_to", "seats_a_party", "registration_closes_at"):
        setattr(event, field, getattr(plan, field))
    event.description = typed_html(plan.description)
    event.full_clean()
    event.save()


def _move(event: NetworkEvent, state: NetworkEvent.State) -> None:
    """The one way from state to state."""
    if state not in NetworkEvent.MOVES[NetworkEvent.State(event.state)]:
        raise ValidationError(
            _("This meeting is '%(state)s', so that is not possible.") % {"state": event.get_state_display()},
            code="wrong_state",
        )
    event.state = state
    event.full_clean()
    event.save()

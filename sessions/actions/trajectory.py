"""The meetings of an intervision group: planned as a series, and each moved or called off apart from the others."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions.actions.groups import group_locked
from sessions.actions.invitations import MeetingFacts, invitations_change, meeting_uninvite, members_invite
from sessions.gatherings import OF_MEETING
from sessions.models import IntervisionGroup, Meeting
from sessions.plan import MeetingPlan, problems_of_meetings

MOST_TO_COME = 12


class MeetingRefused(ValidationError):
    """One of several meetings cannot be; ``number`` counts them from 0."""

    def __init__(self, refused: ValidationError, number: int) -> None:
        super().__init__(refused)
        self.number = number


def trajectory_plan(*, group: IntervisionGroup, meetings: Sequence[MeetingPlan]) -> list[Meeting]:
    """Adds these meetings to the group; each member gets an invitation to each.

    Raises:
        MeetingRefused: one of them cannot be; in sentences, under the fields of a meeting.
        ValidationError: the group is closed, or has too many meetings to come.
    """
    with transaction.atomic():
        group = group_locked(group)
        for number, meeting in enumerate(meetings):
            try:
                _check(group, meeting, meetings[:number])
            except ValidationError as refused:
                raise MeetingRefused(refused, number) from refused
        if group.meetings.upcoming(timezone.now()).count() + len(meetings) > MOST_TO_COME:
            raise ValidationError(_("A group has at most 12 meetings to come."), code="too_many")
        made = Meeting.objects.bulk_create(Meeting(group=group, **_fields(meeting)) for meeting in meetings)
        members_invite(members=group.members.current())
    return made


def group_meeting_change(*, meeting: Meeting, planned: MeetingPlan) -> Meeting:
    """Another time or place for one meeting. Each member gets one message; the other meetings stay as they are.

    Raises:
        ValidationError: the group is closed, the meeting is past or was called off, or it cannot be then; in sentences,
            under the fields of a meeting.
    """
    with transaction.atomic():
        group = group_locked(meeting.group)
        meeting = _to_come(meeting)
        _check(group, planned, [], meeting)
        before = MeetingFacts.of(meeting)
        values = _fields(planned)
        if all(getattr(meeting, name) == value for name, value in values.items()):
            return meeting
        for name, value in values.items():
            setattr(meeting, name, value)
        meeting.changed_at = timezone.now()
        meeting.save(update_fields=[*values, "changed_at"])
        invitations_change(meeting=meeting, before=before)
    return meeting


def group_meeting_call_off(*, meeting: Meeting) -> Meeting:
    """One date does not go on; each member gets one message. Safe to run twice.

    Raises:
        ValidationError: the meeting is past already.
    """
    with transaction.atomic():
        group_locked(meeting.group)
        meeting = Meeting.objects.get(pk=meeting.pk)
        if meeting.cancelled_at is None:
            meeting = _to_come(meeting)
            meeting_uninvite(meeting=meeting)
            meeting.cancelled_at = meeting.changed_at = timezone.now()
            meeting.save(update_fields=["cancelled_at", "changed_at"])
    return meeting


def _to_come(meeting: Meeting) -> Meeting:
    meeting = Meeting.objects.select_related(*OF_MEETING).get(pk=meeting.pk)
    if meeting.cancelled_at is not None or meeting.starts_at <= timezone.now():
        raise ValidationError(_("This meeting has begun, or was called off."), code="past")
    return meeting


def _check(
    group: IntervisionGroup, planned: MeetingPlan, beside: Sequence[MeetingPlan], meeting: Meeting | None = None
) -> None:
    for problem in problems_of_meetings((*beside, planned)):
        if problem.meeting == len(beside):
            raise ValidationError({problem.field: problem.message})
    if planned.starts_at <= timezone.now():
        raise ValidationError({"starts_at": _("This moment has passed already. Choose a later one.")})
    other = group.meetings.going_on().exclude(pk=meeting.pk if meeting else None)
    if other.filter(starts_at__lt=planned.ends_at, ends_at__gt=planned.starts_at).exists():
        raise ValidationError({"starts_at": _("The group meets at this time already.")})


def _fields(planned: MeetingPlan) -> dict[str, object]:
    names = ("starts_at", "ends_at", "break_minutes", "place", "link")
    return {name: getattr(planned, name) for name in names}

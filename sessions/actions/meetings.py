"""What the meetings of a training and those of an event have in common. Callers hold the lock on what they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions.models import Meeting
from sessions.plan import MeetingPlan


def meeting_write(meeting: Meeting, plan: MeetingPlan) -> None:
    """The meeting as planned; one that stays as it was is not written."""
    changed = meeting.pk is None
    for field in ("starts_at", "ends_at", "break_minutes", "place", "link"):
        if getattr(meeting, field) != getattr(plan, field):
            setattr(meeting, field, getattr(plan, field))
            changed = True
    if changed:
        meeting.changed_at = timezone.now()
        meeting.full_clean()
        meeting.save()


def meetings_check(
    meetings: Mapping[int, Meeting], planned: Iterable[MeetingPlan], *, is_draft: bool, kept_because: str
) -> None:
    """Once people can register, meetings can move and others can be added, but none goes away.

    Args:
        meetings: those that there are, by key.
        kept_because: what to say where one would go away.

    Raises:
        ValidationError: in sentences, under ``meetings``.
    """
    by_key = {plan.key: plan for plan in planned if plan.key}
    if by_key.keys() - meetings.keys():
        raise ValidationError({"meetings": [_("One of these meetings does not exist any more. Open the page again.")]})
    if is_draft:
        return
    now = timezone.now()
    for key, meeting in meetings.items():
        if key not in by_key:
            raise ValidationError({"meetings": [kept_because]})
        plan = by_key[key]
        if meeting.ends_at <= now and (meeting.starts_at, meeting.ends_at) != (plan.starts_at, plan.ends_at):
            raise ValidationError({"meetings": [_("A meeting that is over keeps its time.")]})


def plan_of_meeting(meeting: Meeting) -> MeetingPlan:
    return MeetingPlan(
        key=meeting.pk,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        break_minutes=meeting.break_minutes,
        place=meeting.place,
        link=meeting.link,
    )

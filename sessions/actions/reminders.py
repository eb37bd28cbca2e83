"""A week and a day before a meeting, to who has a seat."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from django.db import transaction
from django.db.models import Q

from sessions.emails import reminder_mails
from sessions.gatherings import OF_INVITATION
from sessions.models import Invitation, Meeting

#: How long before the start, the longest first; a kind of mail each.
REMINDERS = {"reminder-week": dt.timedelta(days=7), "reminder-day": dt.timedelta(days=1)}


def reminders_send(*, now: dt.datetime) -> int:
    """Reminders that are due and not yet sent. Safe to run twice, at once, or late.

    Due is whoever heard nothing of the meeting since the moment for it: neither an invitation nor another reminder. So
    a meeting that moves is reminded of anew, and after a missed week only the day is.

    Returns:
        how many were queued.
    """
    queued = 0
    running = (
        Q(training__state="published") | Q(event__state="published") | Q(group__isnull=False, group__closed_at=None)
    )
    leads = [*REMINDERS.items(), ("", dt.timedelta(0))]
    for (kind, lead), (_next, until) in pairwise(leads):
        for meeting in Meeting.objects.filter(running, starts_at__gt=now + until, starts_at__lte=now + lead):
            queued += _remind(meeting, kind, meeting.starts_at - lead, now)
    return queued


@transaction.atomic
def _remind(meeting: Meeting, kind: str, moment: dt.datetime, now: dt.datetime) -> int:
    invitations = list(
        Invitation.objects.to_remind(meeting, moment)
        .select_for_update(of=("self",))
        .select_related("person", *OF_INVITATION)
        .order_by("pk")
    )
    for invitation in invitations:
        invitation.reminded_at = now
    Invitation.objects.bulk_update(invitations, ["reminded_at"])
    reminder_mails(invitations, kind)
    return len(invitations)

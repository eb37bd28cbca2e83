"""Reads of what is kept of conversations."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from sessions.querysets.trainings import THERE

if TYPE_CHECKING:
    from sessions.models import IntervisionGroup
    from sessions.querysets.trainings import MeetingQuerySet

#: So many groups and so many people stand behind a theme before it is shown (domain.md, part D).
FEWEST = 5


class ConversationQuerySet(models.QuerySet):
    def with_kept_lesson(self) -> ConversationQuerySet:
        """Adds ``kept_lesson``: the text to which all who were there agreed, else ""."""
        from sessions.models import Attendance, LessonAgreed

        there = Attendance.objects.filter(meeting=OuterRef("meeting"), state__in=THERE)
        yes = LessonAgreed.objects.filter(conversation=OuterRef(OuterRef("pk")), person=OuterRef("person"))
        is_kept = Exists(there) & ~Exists(there.filter(~Exists(yes)))
        return self.annotate(kept_lesson=Case(When(is_kept, then=F("lesson")), default=Value("")))

    def to_forget(self, ended_until: dt.datetime) -> ConversationQuerySet:
        """With a proposal that not all agreed to, of meetings that ended by that moment."""
        return self.with_kept_lesson().filter(~Q(lesson=""), kept_lesson="", meeting__ends_at__lte=ended_until)


def past_meetings(group: IntervisionGroup, now: dt.datetime) -> MeetingQuerySet:
    """The last one first, each with its conversation and method where somebody confirmed one, and ``kept_lesson``."""
    from sessions.models import Conversation

    kept = Conversation.objects.with_kept_lesson().filter(meeting=OuterRef("pk"))
    return (
        group.meetings.going_on()
        .filter(ends_at__lt=now)
        .select_related("conversation__method")
        .annotate(kept_lesson=Subquery(kept.values("kept_lesson")[:1]))
        .order_by("-starts_at", "-pk")
    )


def themes_overview(now: dt.datetime) -> list[tuple[str, int]]:
    """What groups talk about: theme in words and number of meetings, most first, over all groups.

    Only months that are over, and only themes behind which at least five groups and five people stand: so no group shows.
    """
    from sessions.models import Conversation

    month = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    there = Q(meeting__attendances__state__in=THERE)
    rows = (
        Conversation.objects.exclude(theme="")
        .filter(meeting__starts_at__lt=month)
        .values("theme")
        .annotate(
            number=Count("pk", distinct=True, filter=there),
            groups=Count("meeting__group", distinct=True, filter=there),
            people=Count("meeting__attendances__person", distinct=True, filter=there),
        )
        .filter(groups__gte=FEWEST, people__gte=FEWEST)
        .order_by("-number", "theme")
    )
    return [(str(Conversation.Theme(row["theme"]).label), row["number"]) for row in rows]

"""Presences at meetings of intervision, as everything that counts them reads them. Never shown to others (rule 7)."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from sessions.models import Attendance, GroupMember


def presences() -> QuerySet[Any, Any]:
    """Each adds ``day``, the local one on which the meeting ended, and ``counts_for``.

    ``counts_for`` is the key of the organisation that was frozen with the person's place in the group: the newest place
    that had begun by then, since whoever leaves on the day of a meeting was still there. None where it is not known.
    """
    places = GroupMember.objects.filter(
        group=OuterRef("meeting__group"), person=OuterRef("person"), since__lte=OuterRef("day")
    )
    return (
        Attendance.objects.filter(
            state__in=Attendance.THERE, meeting__group__isnull=False, meeting__cancelled_at__isnull=True
        )
        .annotate(day=TruncDate("meeting__ends_at", tzinfo=ZoneInfo(settings.TIME_ZONE)))
        .annotate(counts_for=Subquery(places.order_by("-since", "-pk").values("organisation")[:1]))
    )

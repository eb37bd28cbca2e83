"""Reads of intervision groups and their members."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from parties.periods import covers, today
from sessions.querysets.trainings import THERE

if TYPE_CHECKING:
    from parties.models import Person


class IntervisionGroupQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> IntervisionGroupQuerySet:
        """Those of which the person is the facilitator, or a member today. For everybody else a group is not there."""
        from sessions.models import GroupMember

        member = GroupMember.objects.current().filter(group=OuterRef("pk"), person=person)
        return self.filter(Q(facilitator=person) | Exists(member))

    def led_by(self, person: Person) -> IntervisionGroupQuerySet:
        """Those that are not closed, with what their facilitator has in hand: ``members_now`` (people), ``to_decide``
        (people who ask for a place) and ``to_agree`` (members who did not accept the agreements yet)."""
        from sessions.agreements import VERSION
        from sessions.models import Candidate, GroupMember

        members = GroupMember.objects.current().filter(group=OuterRef("pk"))
        return self.filter(facilitator=person, closed_at=None).annotate(
            members_now=_count(members),
            to_decide=_count(Candidate.objects.filter(group=OuterRef("pk"), state="to_decide")),
            to_agree=_count(members.with_agreements(VERSION).filter(agreed=False)),
        )

    def with_open_place(self) -> IntervisionGroupQuerySet:
        """Those that take members by open places and have fewer members than places, with ``members_now``."""
        from sessions.models import GroupMember

        members = GroupMember.objects.current().filter(group=OuterRef("pk"))
        return self.annotate(members_now=_count(members)).filter(
            is_open=True, closed_at=None, members_now__lt=models.F("size")
        )

    def with_next_meeting(self, now: dt.datetime) -> IntervisionGroupQuerySet:
        """Adds ``next_at``: when the first meeting that is not over starts."""
        from sessions.models import Meeting

        coming = Meeting.objects.upcoming(now).filter(group=OuterRef("pk")).order_by("starts_at")
        return self.annotate(next_at=Subquery(coming.values("starts_at")[:1]))


class GroupMemberQuerySet(models.QuerySet):
    def current(self) -> GroupMemberQuerySet:
        return self.filter(covers(today()))

    def out_of_touch(self) -> GroupMemberQuerySet:
        """Members of today who were at neither of the last two meetings that took place since they joined."""
        from sessions.models import Attendance, Meeting

        there = Attendance.objects.filter(state__in=THERE)
        held = Meeting.objects.filter(
            Exists(there.filter(meeting=OuterRef("pk"))),
            group=OuterRef("group"),
            starts_at__date__gte=OuterRef("since"),
        ).order_by("-starts_at")
        seen = there.filter(
            person=OuterRef("person"),
            meeting__group=OuterRef("group"),
            meeting__starts_at__gte=OuterRef("last_but_one"),
        )
        return (
            self.current()
            .annotate(last_but_one=Subquery(held.values("starts_at")[1:2]))
            .filter(~Exists(seen), last_but_one__isnull=False)
        )

    def with_agreements(self, version: int) -> GroupMemberQuerySet:
        """Adds ``agreed``: whether they accepted the agreements in this version."""
        from sessions.models import AgreementsAccepted

        return self.annotate(agreed=Exists(AgreementsAccepted.objects.filter(member=OuterRef("pk"), version=version)))


def _count(rows: models.QuerySet) -> Coalesce:
    """How many rows there are of the group of the outer query."""
    counted = rows.order_by().values("group").annotate(found=models.Count("pk")).values("found")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)

"""Reads of network events."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery

from parties.models import Role

if TYPE_CHECKING:
    from parties.models import Person


def _run_by(person: Any) -> Q:
    """Q for events that this person runs: all for the network coordinator, else those that their party hosts."""
    if not person.is_authenticated or not person.is_active:
        return Q(pk__in=[])
    roles = Role.objects.current().filter(person=person)
    return Q(Exists(roles.filter(kind="network"))) | Q(Exists(roles.filter(kind="coordinator", party=OuterRef("host"))))


class NetworkEventQuerySet(models.QuerySet):
    def run_by(self, person: Person) -> NetworkEventQuerySet:
        """The same as ``sessions.rules.runs_event``, for a list."""
        return self.filter(_run_by(person))

    def visible_to(self, person: Any) -> NetworkEventQuerySet:
        """What was ever open is there for everybody, also signed out; a draft for who runs it only."""
        return self.filter(~Q(state="draft") | _run_by(person))

    def with_dates(self) -> NetworkEventQuerySet:
        """Adds ``starts_at`` of the first meeting and ``last_ends_at`` of the last one."""
        from sessions.models import Meeting

        of_event = Meeting.objects.filter(event=OuterRef("pk")).order_by().values("event")
        return self.annotate(
            starts_at=Subquery(of_event.annotate(found=Min("starts_at")).values("found")),
            last_ends_at=Subquery(of_event.annotate(found=Max("ends_at")).values("found")),
        )

    def coming(self, now: dt.datetime) -> NetworkEventQuerySet:
        """Open, and not over; the first one first."""
        return self.filter(state="published").with_dates().filter(last_ends_at__gt=now).order_by("starts_at", "pk")

    def past(self, now: dt.datetime) -> NetworkEventQuerySet:
        """What went on and is over; the last one first."""
        held = self.filter(state__in=["published", "closed"]).with_dates()
        return held.filter(last_ends_at__lte=now).order_by("-starts_at", "-pk")

    def to_run_by(self, person: Person) -> NetworkEventQuerySet:
        """What this person has in hand: drafts, what is to come, and lists that are not closed."""
        return self.run_by(person).filter(state__in=["draft", "published"]).with_dates().order_by("starts_at", "pk")

    def to_close(self, ended_before: dt.datetime) -> NetworkEventQuerySet:
        over = self.filter(state="published").with_dates().filter(last_ends_at__lte=ended_before)
        return over.order_by("last_ends_at", "pk")

    def attended_by(self, person: Person) -> NetworkEventQuerySet:
        """Closed ones at which this person was marked, present or not."""
        from sessions.models import Attendance

        marked = Attendance.objects.filter(meeting__event=OuterRef("pk"), person=person)
        return self.filter(Exists(marked), state="closed").order_by("pk")

    def locked(self, pk: int | None) -> Any:
        """The event, held until the transaction ends, so that seats are given out one at a time."""
        return self.select_for_update().get(pk=pk)


def taken_by_party(event: Any) -> Counter[int]:
    """How many people come for each party, by its key."""
    from sessions.models import Registration

    rows = Registration.objects.confirmed().filter(event=event).order_by()
    return Counter(dict(rows.values_list("party").annotate(Count("pk"))))

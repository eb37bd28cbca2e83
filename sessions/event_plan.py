"""What somebody fills in to plan a network event, and what can be wrong with it. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from sessions.plan import MOST_SEATS, MeetingPlan, Problem, problems_of_meetings

if TYPE_CHECKING:
    from parties.models import Party


@dataclass(frozen=True, kw_only=True)
class EventPlan:
    """An event as planned. ``kind`` is one of ``NetworkEvent.Kind``; ``description`` is HTML that is cleaned later;
    ``seats_a_party`` is a number of people, None for as many as want to come."""

    kind: str
    title: str
    host: Party
    meetings: tuple[MeetingPlan, ...]
    reply_to: str
    description: str = ""
    seats_a_party: int | None = None
    registration_closes_at: dt.datetime | None = None


def event_problems(plan: EventPlan) -> list[Problem]:
    """Everything that is wrong with the plan; an empty list when it can be made."""
    return [*_of_event(plan), *problems_of_meetings(plan.meetings)]


def _of_event(plan: EventPlan) -> Iterator[Problem]:
    if plan.seats_a_party is not None and not 1 <= plan.seats_a_party <= MOST_SEATS:
        yield Problem("seats_a_party", _("Give each party 1 to 500 seats, or leave it empty."))
    if not plan.meetings:
        yield Problem("title", _("Fill in a date and times."))
        return
    starts_at = min(meeting.starts_at for meeting in plan.meetings)
    if plan.registration_closes_at and plan.registration_closes_at > starts_at:
        yield Problem("registration_closes_at", _("Registration must close before the first meeting starts."))

"""A series of meetings from a rhythm: a fixed weekday and hour, every so many weeks, no school holidays. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.forms.utils import from_current_timezone

from sessions.plan import MeetingPlan

#: Minutes of each kind of meeting (domain.md D, 'Trajectory').
KICK_OFF, CONVERSATION, HARVEST = 120, 90, 60
#: How many weeks may lie between two meetings, and how many conversations follow the kick-off.
WEEKS, CONVERSATIONS = (6, 7, 8), (4, 5)

#: The first day and the first day after it.
Holiday = tuple[dt.date, dt.date]

WEEK = dt.timedelta(weeks=1)


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """``first`` is the day of the kick-off, ``starts`` the hour of all meetings on the clock of Amsterdam."""

    first: dt.date
    starts: dt.time
    weeks: int
    conversations: int
    harvest: bool = True
    place: str = ""
    link: str = ""

    @property
    def minutes(self) -> list[int]:
        return [KICK_OFF] + [CONVERSATION] * self.conversations + ([HARVEST] if self.harvest else [])


def days_of(first: dt.date, weeks: int, count: int, holidays: Sequence[Holiday]) -> list[dt.date]:
    """So many days on the weekday of ``first``: each at least ``weeks`` weeks after the one before, and as soon as it can
    be without falling in a holiday."""
    days: list[dt.date] = []
    day = first
    for _number in range(count):
        while any(since <= day < until for since, until in holidays):
            day += WEEK
        days.append(day)
        day += weeks * WEEK
    return days


def meetings_of(rhythm: Rhythm, holidays: Sequence[Holiday]) -> list[MeetingPlan]:
    """The meetings that the rhythm proposes, from the kick-off on.

    Raises:
        ValidationError: the clock changes at that hour of one of the days.
    """
    minutes = rhythm.minutes
    days = days_of(rhythm.first, rhythm.weeks, len(minutes), holidays)
    planned = []
    for day, lasts in zip(days, minutes, strict=True):
        starts_at = from_current_timezone(dt.datetime.combine(day, rhythm.starts))
        planned.append(
            MeetingPlan(
                starts_at=starts_at,
                ends_at=starts_at + dt.timedelta(minutes=lasts),
                place=rhythm.place,
                link=rhythm.link,
            )
        )
    return planned

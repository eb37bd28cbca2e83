"""Intervision of an invented population: small groups with the meetings that they held."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from parties.models import Side
from sessions.models import Attendance, GroupMember, IntervisionGroup, Meeting

if TYPE_CHECKING:
    from commitments.population import Plan

SIZE = 6
MEETINGS = 5
BETWEEN = dt.timedelta(weeks=7)
MINUTES = 90
ZONE = ZoneInfo("Europe/Amsterdam")


def groups_write(dice: random.Random, day: dt.date, plans: Sequence[Plan]) -> None:
    """Groups of these people in the order in which they want to begin; the last of each leads it. Past meetings only."""
    waiting = sorted(plans, key=lambda plan: (plan.meets_from or day, plan.number))
    whole = range(0, len(waiting) - SIZE, SIZE + 1)
    formed = [(waiting[start : start + SIZE], waiting[start + SIZE]) for start in whole]
    groups = IntervisionGroup.objects.bulk_create(
        IntervisionGroup(name=f"Groep {leader.number}", facilitator_id=leader.stays[0].person_id)
        for _people, leader in formed
    )
    members: list[GroupMember] = []
    meetings: list[Meeting] = []
    attendances: list[Attendance] = []
    for group, (people, leader) in zip(groups, formed, strict=True):
        first = leader.meets_from or day
        members += [_member(group, plan, first) for plan in people]
        held = [
            _meeting(group, first + number * BETWEEN) for number in range(MEETINGS) if first + number * BETWEEN < day
        ]
        meetings += held
        attendances += [_attendance(dice, plan, meeting) for meeting in held for plan in people]
    GroupMember.objects.bulk_create(members, batch_size=1000)
    Meeting.objects.bulk_create(meetings, batch_size=1000)
    Attendance.objects.bulk_create(attendances, batch_size=1000)


def _member(group: IntervisionGroup, plan: Plan, first: dt.date) -> GroupMember:
    stay = next(iter(plan.at(first)), None)
    return GroupMember(
        group=group,
        person_id=plan.stays[0].person_id,
        membership=stay,
        organisation_id=stay.organisation_id if stay else None,
        side=stay.side if stay else Side.SCHOOL,
        since=first,
    )


def _meeting(group: IntervisionGroup, day: dt.date) -> Meeting:
    begins = dt.datetime.combine(day, dt.time(15, 30), ZONE)
    return Meeting(group=group, starts_at=begins, ends_at=begins + dt.timedelta(minutes=MINUTES), place="Den Haag")


def _attendance(dice: random.Random, plan: Plan, meeting: Meeting) -> Attendance:
    there = dice.random() < 0.85
    return Attendance(
        person_id=plan.stays[0].person_id,
        meeting=meeting,
        state=Attendance.State.PRESENT if there else Attendance.State.ABSENT,
        minutes=MINUTES if there else 0,
        marked_at=meeting.ends_at,
    )

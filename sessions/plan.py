"""What a trainer fills in to plan a training, and what can be wrong with it. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sessions.seating import Seats

if TYPE_CHECKING:
    from parties.models import Organisation, Party, Person

LONGEST = dt.timedelta(hours=24)
MOST_SEATS = 500
MOST_OFFER_HOURS = 14 * 24


@dataclass(frozen=True, kw_only=True)
class MeetingPlan:
    """One meeting as planned. ``key`` is the meeting that exists already, None for a new one; times are aware."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    break_minutes: int = 0
    place: str = ""
    link: str = ""
    key: int | None = None


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """A training as planned. ``description`` is HTML that ``clean_html`` has yet to clean."""

    title: str
    meetings: tuple[MeetingPlan, ...]
    trainers: tuple[Person, ...]
    reply_to: str
    seats_school: int
    seats_workplace: int
    description: str = ""
    minimum_school: int = 0
    minimum_workplace: int = 0
    release_on: dt.date | None = None
    registration_closes_at: dt.datetime | None = None
    cancellation_closes_at: dt.datetime | None = None
    offer_hours: int | None = None
    audience: str = "open"
    parties: tuple[Party, ...] = ()
    organisations: tuple[Organisation, ...] = ()

    @property
    def seats(self) -> Seats:
        return Seats(self.seats_school, self.seats_workplace, self.release_on, offers=self.offer_hours is not None)


def weeks_until(plan: TrainingPlan, day: dt.date) -> int:
    """How many weeks later a copy is whose first meeting has the same weekday, on ``day`` or the first one after it."""
    first = min(timezone.localdate(meeting.starts_at) for meeting in plan.meetings)
    return -((first - day).days // 7)


def weeks_later(plan: TrainingPlan, weeks: int) -> TrainingPlan:
    """The plan anew: all its dates so many weeks later, at the same time on the clock, also where the clock changes between."""
    later = dt.timedelta(weeks=weeks)

    def moved(moment: dt.datetime) -> dt.datetime:
        return timezone.localtime(moment) + later  # of a local time, so hours of the clock and not of the sun

    return replace(
        plan,
        meetings=tuple(
            replace(meeting, key=None, starts_at=moved(meeting.starts_at), ends_at=moved(meeting.ends_at))
            for meeting in plan.meetings
        ),
        release_on=plan.release_on and plan.release_on + later,
        registration_closes_at=plan.registration_closes_at and moved(plan.registration_closes_at),
        cancellation_closes_at=plan.cancellation_closes_at and moved(plan.cancellation_closes_at),
    )


@dataclass(frozen=True)
class Problem:
    """What is wrong, in a sentence, at a field of the plan or at one of its meetings (counted from 0)."""

    field: str
    message: str | Promise
    meeting: int | None = None


def problems(plan: TrainingPlan) -> list[Problem]:
    """Everything that is wrong with the plan; an empty list when it can be made."""
    return [*_of_training(plan), *problems_of_meetings(plan.meetings)]


def _of_training(plan: TrainingPlan) -> Iterator[Problem]:
    if not plan.meetings:
        yield Problem("title", _("A training has at least one meeting. Fill in a date and times."))
    if not plan.trainers:
        yield Problem("trainers", _("Choose at least one trainer."))
    if plan.seats_school + plan.seats_workplace == 0:
        yield Problem("seats_school", _("Give seats to at least one side."))
    if plan.seats_school + plan.seats_workplace > MOST_SEATS:
        yield Problem("seats_school", _("A training has at most 500 seats."))
    if plan.minimum_school > plan.seats_school:
        yield Problem("minimum_school", _("The minimum is more than the number of seats for school."))
    if plan.minimum_workplace > plan.seats_workplace:
        yield Problem("minimum_workplace", _("The minimum is more than the number of seats for the workplace."))
    if plan.offer_hours is not None and not 1 <= plan.offer_hours <= MOST_OFFER_HOURS:
        yield Problem("offer_hours", _("Give people at least 1 hour and at most 336 hours, which is 14 days."))
    if plan.audience == "chosen" and not plan.parties and not plan.organisations:
        yield Problem("audience", _("Choose at least one party or organisation, or open it for everybody."))
    if not plan.meetings:
        return
    starts_at = min(meeting.starts_at for meeting in plan.meetings)
    if plan.release_on and plan.release_on > timezone.localdate(starts_at):
        yield Problem(
            "release_on", _("This date is after the first meeting. Choose an earlier date, or leave it empty.")
        )
    if plan.registration_closes_at and plan.registration_closes_at > starts_at:
        yield Problem("registration_closes_at", _("Registration must close before the first meeting starts."))
    if plan.cancellation_closes_at and plan.cancellation_closes_at > starts_at:
        yield Problem("cancellation_closes_at", _("Choose a moment before the first meeting starts."))


def problems_of_meetings(meetings: tuple[MeetingPlan, ...]) -> Iterator[Problem]:
    """What is wrong with meetings that belong together."""
    for number, meeting in enumerate(meetings):
        lasts = meeting.ends_at - meeting.starts_at
        if lasts <= dt.timedelta():
            yield Problem("ends_at", _("The end must be later than the start."), number)
        elif lasts > LONGEST:
            yield Problem(
                "ends_at", _("A meeting lasts at most 24 hours. Add a second meeting for another day."), number
            )
        elif dt.timedelta(minutes=meeting.break_minutes) >= lasts:
            yield Problem("break_minutes", _("The break is as long as the meeting itself."), number)
        if not meeting.place.strip() and not meeting.link.strip():
            yield Problem("place", _("Fill in a place, or a link when it is online."), number)
        for other in meetings[:number]:
            if meeting.starts_at < other.ends_at and other.starts_at < meeting.ends_at:
                yield Problem("starts_at", _("This meeting overlaps with another one of this series."), number)
                break

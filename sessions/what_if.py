"""What a change of a training would do to whom, before it is saved. Reads, never writes; saving asks the same function."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256

from sessions.actions.invitations import MeetingFacts
from sessions.models import Registration, Training
from sessions.plan import MeetingPlan, TrainingPlan
from sessions.querysets import double_bookings
from sessions.seating import offer_ends, settle


@dataclass(frozen=True)
class Consequences:
    """Keys of registrations, each tuple in waiting order; ``moved`` and ``added`` are what changes in calendars.

    ``confirmed`` and ``offered`` get a seat, or an offer of one; ``waiting`` wait on. Everybody in ``calendars`` had a
    seat already and gets a message for each meeting that is moved or added. ``double_booked`` are trainers (keys) with
    the other meetings (keys) that they have at the same time.
    """

    confirmed: tuple[int, ...] = ()
    offered: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    calendars: tuple[int, ...] = ()
    moved: tuple[tuple[MeetingFacts, MeetingFacts], ...] = ()
    added: tuple[MeetingPlan, ...] = ()
    double_booked: tuple[tuple[int, int], ...] = ()
    moved_keys: tuple[int, ...] = field(default=(), repr=False)

    @property
    def concern_somebody(self) -> bool:
        return bool(self.confirmed or self.offered or self.calendars or self.double_booked)

    @property
    def fingerprint(self) -> str:
        """The same word for the same consequences, also in another process."""
        return sha256(repr(self).encode()).hexdigest()[:20]


def consequences(training: Training | None, plan: TrainingPlan, now: dt.datetime, day: dt.date) -> Consequences:
    """Of saving ``plan`` over ``training`` (None: a new one). ``now`` is aware, ``day`` its date in Europe/Amsterdam.

    A draft has nobody who could be concerned but its trainers.
    """
    booked = double_bookings(plan.trainers, [(one.starts_at, one.ends_at) for one in plan.meetings], training)
    double_booked = tuple((trainer.pk, meeting.pk) for trainer, meeting in booked)
    if training is None or training.state != Training.State.PUBLISHED:
        return Consequences(double_booked=double_booked)
    meetings = {meeting.pk: meeting for meeting in training.meetings.all()}
    moved = {
        one.key: (before, after)
        for one in plan.meetings
        if one.key in meetings
        and one.ends_at > now
        and (before := MeetingFacts.of(meetings[one.key])) != (after := _facts(one, plan))
    }
    added = tuple(one for one in plan.meetings if one.key is None and one.ends_at > now)
    until = offer_ends(now, plan.offer_hours, [one.starts_at for one in plan.meetings])
    settled = settle(
        replace(plan.seats, offers=until is not None),
        training.registrations.places(),
        day,
        moves_up=any(one.ends_at >= now for one in plan.meetings),
    )
    seated = training.registrations.confirmed().in_order().values_list("pk", flat=True)
    return Consequences(
        confirmed=tuple(one.place.key for one in settled.given if not one.offered),
        offered=tuple(one.place.key for one in settled.given if one.offered),
        waiting=tuple(place.key for place in settled.waiting),
        calendars=tuple(seated) if moved or added else (),
        moved=tuple(moved.values()),
        added=added,
        double_booked=double_booked,
        moved_keys=tuple(key for key in moved if key),
    )


def people_of(keys: Iterable[int]) -> dict[int, Registration]:
    """The registrations with these keys and their people, for whoever may see names."""
    return Registration.objects.select_related("person", "organisation").in_bulk(keys)


def _facts(one: MeetingPlan, plan: TrainingPlan) -> MeetingFacts:
    return MeetingFacts(
        starts_at=one.starts_at, ends_at=one.ends_at, place=one.place, link=one.link, summary=plan.title
    )

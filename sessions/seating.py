"""Who gets a seat, who is offered one, and why somebody waits. Rows in, decisions out; every rule of it stands here.

Seats (product.md, 'Joint trainings'):

1. A training has a number of seats for school and a number for the workplace. Their sum is never passed.
2. Before the release date each side has its own seats: a seat of one side is not given to the other. Without a release
   date that stays so.
3. *Release*: from that date on, all seats are one pool.

Queue:

4. *Wait*: whoever waits longest goes first: on their own side before the release date, of everybody from then on. Who
   registers now joins at the end. Ties in time go by the number of the registration.
5. A *group* moves as one: all of it gets a seat, or all of it waits. Its place is that of its first member. Where there
   are seats but too few for the whole group, whoever fits behind it goes first: no chair stays empty for somebody who
   could sit on it.

Promotion:

6. *Confirm*: who registers while a seat is free has it at once.
7. *Promote*: a seat that comes free goes to whoever is first and fits; when the training sets an offer time it is
   *offered* to them, until ``offer_ends``. A seat that is offered counts as taken.
8. *Decline, lapse, leave*: who says no, who lets the offer pass, and who cancels is out of the queue. Nobody of them is
   offered anything again, unless they register anew, at the end.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

SIDES = ("school", "workplace")

#: Where registration has no deadline of its own, the minimum for each side is looked at so long before the first meeting.
MINIMUM_CHECKED_BEFORE = dt.timedelta(days=3)


@dataclass(frozen=True)
class Seats:
    """Seats for each side, the date from which they are one pool (None: never), and whether a free one is offered first."""

    school: int
    workplace: int
    release_on: dt.date | None = None
    offers: bool = False

    def of(self, side: str) -> int:
        return self.school if side == "school" else self.workplace

    @property
    def total(self) -> int:
        return self.school + self.workplace

    def is_pool(self, today: dt.date) -> bool:
        return self.release_on is not None and today >= self.release_on


@dataclass(frozen=True)
class Place:
    """One active registration: its key, its side, when it joined, and the number of the seat it has (None: it waits).

    ``group`` is the same word for those who registered together (empty: alone); ``offer_until`` is set while the seat is
    an offer.
    """

    key: int
    side: str
    joined: dt.datetime
    seat: int | None = None
    seated: bool = False
    group: str = ""
    offer_until: dt.datetime | None = None

    @property
    def order(self) -> tuple[dt.datetime, int]:
        return (self.joined, self.key)


class Reason(StrEnum):
    FULL = "full"
    KEPT_UNTIL = "kept_until"
    KEPT = "kept"
    GROUP = "group"
    OPENING = "opening"


@dataclass(frozen=True)
class Wait:
    """Why somebody waits.

    ``position`` counts from 1 in the queue that moves first for them: their side's before the release date, the only one
    after it. ``free_elsewhere`` is the number of empty seats that the other side still has to itself. ``together`` people
    wait as one group, for which ``free`` seats are there.
    """

    reason: Reason
    side: str
    position: int
    seats: int
    free_elsewhere: int = 0
    release_on: dt.date | None = None
    together: int = 1
    free: int = 0
    offers: bool = False


@dataclass(frozen=True)
class Given:
    """A seat that somebody gets now: theirs at once, or an offer."""

    place: Place
    seat: int
    offered: bool


@dataclass(frozen=True)
class Settlement:
    """What follows from the rules now: seats that get another number, seats that are given, and who waits on, in order."""

    renumbered: tuple[tuple[Place, int], ...]
    given: tuple[Given, ...]
    waiting: tuple[Place, ...]


@dataclass(frozen=True)
class Table:
    """What the picture of the table shows: seats, taken and waiting for each side."""

    seats: dict[str, int]
    taken: dict[str, int]
    free: dict[str, int]
    waiting: dict[str, int]
    is_pool: bool

    @property
    def total_free(self) -> int:
        return max(0, sum(self.seats.values()) - sum(self.taken.values()))

    def chairs(self) -> dict[str, int]:
        """Chairs to draw on each side: in the pool people may sit on a chair that was the other side's."""
        borrowed = {side: max(0, self.taken[side] - self.seats[side]) for side in SIDES}
        return {
            side: max(self.taken[side], self.seats[side] - borrowed[other])
            for side, other in zip(SIDES, SIDES[::-1], strict=True)
        }


def free_seats(seats: Seats, taken: dict[str, int], today: dt.date) -> dict[str, int]:
    """Seats that a person of each side could get now. In the pool both sides see the same seats."""
    left = max(0, seats.total - sum(taken.values()))
    if seats.is_pool(today):
        return dict.fromkeys(SIDES, left)
    return {side: min(left, max(0, seats.of(side) - taken.get(side, 0))) for side in SIDES}


def tally(places: Iterable[Place]) -> Counter[tuple[str, bool]]:
    """How many people there are, by side and whether they have a seat (or an offer)."""
    return Counter((place.side, place.seated) for place in places)


def table(seats: Seats, people: Counter[tuple[str, bool]], today: dt.date) -> Table:
    """``people`` as ``tally`` counts them."""
    taken = {side: people[side, True] for side in SIDES}
    return Table(
        seats={side: seats.of(side) for side in SIDES},
        taken=taken,
        free=free_seats(seats, taken, today),
        waiting={side: people[side, False] for side in SIDES},
        is_pool=seats.is_pool(today),
    )


def settle(
    seats: Seats, places: Iterable[Place], today: dt.date, *, fresh: Collection[int] = (), moves_up: bool = True
) -> Settlement:
    """Everything that follows from seats and queue as they are now; saving and the what-if both ask it.

    Args:
        fresh: keys of those who register at this moment; they are never asked whether they want the seat.
        moves_up: False when it is too late for anybody to get a seat.
    """
    places = list(places)
    numbers = {place.key: (place, number) for place, number in renumbered(seats, places)}
    places = [replace(place, seat=numbers[place.key][1]) if place.key in numbers else place for place in places]
    given = [
        Given(place, seat, seats.offers and place.key not in fresh)
        for place, seat in (promotions(seats, places, today) if moves_up else [])
    ]
    seated = {one.place.key for one in given}
    waiting = [place for unit in _units(places) for place in unit if place.key not in seated]
    return Settlement(tuple(numbers.values()), tuple(given), tuple(sorted(waiting, key=lambda place: place.order)))


def promotions(seats: Seats, places: Iterable[Place], today: dt.date) -> list[tuple[Place, int]]:
    """Those who get a seat now, each with the number of a free seat (from 1), in waiting order."""
    places = list(places)
    taken = Counter(place.side for place in places if place.seated)
    used = {place.seat for place in places if place.seated}
    numbers = (number for number in range(1, seats.total + 1) if number not in used)
    chosen = []
    for unit in _units(places):
        needed = Counter(place.side for place in unit)
        free = free_seats(seats, taken, today)
        if len(unit) <= seats.total - taken.total() and all(needed[side] <= free[side] for side in needed):
            taken += needed
            chosen += [(place, next(numbers)) for place in unit]
    return chosen


def offer_ends(now: dt.datetime, hours: int | None, starts: Iterable[dt.datetime]) -> dt.datetime | None:
    """Until when a seat is offered: so many hours, but never past the next start of a meeting.

    None: it is not offered but given, since the training does without offers or no meeting is left to decide about.
    """
    coming = [start for start in starts if start > now]
    return min(now + dt.timedelta(hours=hours), *coming) if hours and coming else None


def lapsed(places: Iterable[Place], now: dt.datetime) -> list[Place]:
    """Those whose offer is over."""
    return [place for place in places if place.offer_until and place.offer_until <= now]


def renumbered(seats: Seats, places: Iterable[Place]) -> list[tuple[Place, int]]:
    """New numbers for those whose seat number is gone since there are fewer seats."""
    seated = [place for place in places if place.seat is not None]
    used = {place.seat for place in seated}
    numbers = (number for number in range(1, seats.total + 1) if number not in used)
    return [
        (place, next(numbers))
        for place in sorted(seated, key=lambda place: place.order)
        if (place.seat or 0) > seats.total
    ]


def too_small(seats: Seats, places: Iterable[Place], today: dt.date) -> dict[str, int]:
    """Sides whose seats would be fewer than the people who have one, with that number of people.

    In the pool only the sum counts; the answer then holds both sides.
    """
    taken = _count(place.side for place in places if place.seated)
    if seats.is_pool(today):
        return taken if sum(taken.values()) > seats.total else {}
    if sum(taken.values()) <= seats.total and all(taken[side] <= seats.of(side) for side in SIDES):
        return {}
    return {side: taken[side] for side in SIDES if taken[side] > seats.of(side)}


def explain(key: int, seats: Seats, places: Iterable[Place], today: dt.date) -> Wait:
    """Why the waiting registration ``key`` waits.

    Raises:
        KeyError: when ``key`` does not wait.
    """
    places = list(places)
    try:
        mine = next(place for place in places if place.key == key and not place.seated)
    except StopIteration:
        raise KeyError(key) from None
    taken = _count(place.side for place in places if place.seated)
    is_pool = seats.is_pool(today)
    unit = next(unit for unit in _units(places) if mine in unit)
    sides = {place.side for place in unit}
    queue = [place for place in places if not place.seated and (is_pool or place.side in sides)]
    position = 1 + sum(place.order < unit[0].order for place in queue)
    free = free_seats(seats, taken, today)
    other = SIDES[1 - SIDES.index(mine.side)]
    left = max(0, seats.total - sum(taken.values()))
    own = left if is_pool else min(left, sum(free[side] for side in sides))
    if any(place.key == key for place, _seat in promotions(seats, places, today)):
        reason = Reason.OPENING
    elif len(unit) > 1 and own:
        reason = Reason.GROUP
    elif is_pool or other in sides or not free[other]:
        reason = Reason.FULL
    else:
        reason = Reason.KEPT_UNTIL if seats.release_on else Reason.KEPT
    return Wait(
        reason=reason,
        side=mine.side,
        position=position,
        seats=seats.of(mine.side),
        free_elsewhere=0 if is_pool or other in sides else free[other],
        release_on=None if is_pool else seats.release_on,
        together=len(unit),
        free=own if len(unit) > 1 else 0,
        offers=seats.offers,
    )


def _units(places: Iterable[Place]) -> list[list[Place]]:
    """Those who wait, as they move up: alone or as a group, whoever waits longest first."""
    units: dict[str | int, list[Place]] = {}
    for place in sorted((place for place in places if not place.seated), key=lambda place: place.order):
        units.setdefault(place.group or place.key, []).append(place)
    return list(units.values())


def _count(sides: Iterable[str]) -> dict[str, int]:
    counted = Counter(sides)
    return {side: counted[side] for side in SIDES}

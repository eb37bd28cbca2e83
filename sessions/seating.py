"""Who gets a seat, and why somebody waits. Rows in, decisions out.

The rules (product.md, 'Joint trainings'):

1. A training has a number of seats for school and a number for the workplace. Their sum is never passed.
2. Before the release date each side has its own seats: a seat of one side is not given to the other. Without a release
   date that stays so.
3. From the release date on, all seats are one pool.
4. Whoever waits longest goes first: on their own side before the release date, of everybody from then on. Who registers
   now joins at the end. Ties in time go by the number of the registration.
5. A seat that is offered counts as taken.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SIDES = ("school", "workplace")


@dataclass(frozen=True)
class Seats:
    """Seats for each side, and the date from which they are one pool (None: never)."""

    school: int
    workplace: int
    release_on: dt.date | None = None

    def of(self, side: str) -> int:
        return self.school if side == "school" else self.workplace

    @property
    def total(self) -> int:
        return self.school + self.workplace

    def is_pool(self, today: dt.date) -> bool:
        return self.release_on is not None and today >= self.release_on


@dataclass(frozen=True)
class Place:
    """One active registration: its key, its side, when it joined, and the number of the seat it has (None: it waits)."""

    key: int
    side: str
    joined: dt.datetime
    seat: int | None = None
    seated: bool = False

    @property
    def order(self) -> tuple[dt.datetime, int]:
        return (self.joined, self.key)


class Reason(StrEnum):
    FULL = "full"
    KEPT_UNTIL = "kept_until"
    KEPT = "kept"
    OPENING = "opening"


@dataclass(frozen=True)
class Wait:
    """Why somebody waits.

    ``position`` counts from 1 in the queue that moves first for them: their side's before the release date, the only one
    after it. ``free_elsewhere`` is the number of empty seats that the other side still has to itself.
    """

    reason: Reason
    side: str
    position: int
    seats: int
    free_elsewhere: int = 0
    release_on: dt.date | None = None


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


def table(seats: Seats, places: Iterable[Place], today: dt.date) -> Table:
    places = list(places)
    taken = _count(place.side for place in places if place.seated)
    return Table(
        seats={side: seats.of(side) for side in SIDES},
        taken=taken,
        free=free_seats(seats, taken, today),
        waiting=_count(place.side for place in places if not place.seated),
        is_pool=seats.is_pool(today),
    )


def promotions(seats: Seats, places: Iterable[Place], today: dt.date) -> list[tuple[Place, int]]:
    """Those who get a seat now, each with the number of a free seat (from 1), in waiting order."""
    places = list(places)
    taken = Counter(place.side for place in places if place.seated)
    used = {place.seat for place in places if place.seated}
    numbers = (number for number in range(1, seats.total + 1) if number not in used)
    chosen = []
    for place in sorted((place for place in places if not place.seated), key=lambda place: place.order):
        if free_seats(seats, taken, today)[place.side] > 0:
            taken[place.side] += 1
            chosen.append((place, next(numbers)))
    return chosen


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
    queue = [place for place in places if not place.seated and (is_pool or place.side == mine.side)]
    position = 1 + sum(place.order < mine.order for place in queue)
    free = free_seats(seats, taken, today)
    other = SIDES[1 - SIDES.index(mine.side)]
    if free[mine.side] >= position:
        reason = Reason.OPENING
    elif is_pool or not free[other]:
        reason = Reason.FULL
    else:
        reason = Reason.KEPT_UNTIL if seats.release_on else Reason.KEPT
    return Wait(
        reason=reason,
        side=mine.side,
        position=position,
        seats=seats.of(mine.side),
        free_elsewhere=0 if is_pool else free[other],
        release_on=None if is_pool else seats.release_on,
    )


def _count(sides: Iterable[str]) -> dict[str, int]:
    counted = Counter(sides)
    return {side: counted[side] for side in SIDES}

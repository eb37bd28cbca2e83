"""Who gets a seat, against a model that a child could run, and over long random lives of a training."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sessions.seating import (
    SIDES,
    Given,
    Place,
    Reason,
    Seats,
    Wait,
    explain,
    lapsed,
    offer_ends,
    promotions,
    renumbered,
    settle,
    table,
    tally,
    too_small,
)

DAY = dt.date(2027, 1, 1)
START = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)


def place(key: int, side: str = "school", seat: int | None = None, minutes: int | None = None) -> Place:
    joined = START + dt.timedelta(minutes=key if minutes is None else minutes)
    return Place(key, side, joined, seat, seated=seat is not None)


def keys(chosen: list[tuple[Place, int]]) -> list[tuple[int, int]]:
    return [(place.key, seat) for place, seat in chosen]


def test_each_side_has_its_own_seats_until_the_release_date():
    seats = Seats(1, 2, release_on=dt.date(2027, 1, 5))
    places = [place(1), place(2), place(3, "workplace"), place(4)]
    assert keys(promotions(seats, places, dt.date(2027, 1, 4))) == [(1, 1), (3, 2)]
    assert keys(promotions(seats, places, dt.date(2027, 1, 5))) == [(1, 1), (2, 2), (3, 3)]


def test_ties_in_time_go_by_number_and_seats_by_the_lowest_free_one():
    places = [place(9, seat=2), place(8, minutes=0), place(7, minutes=0), place(6, minutes=1)]
    assert keys(promotions(Seats(4, 0), places, DAY)) == [(7, 1), (8, 3), (6, 4)]


def test_an_offered_seat_is_taken():
    offered = Place(1, "school", START, None, seated=True)
    assert promotions(Seats(1, 0), [offered, place(2)], DAY) == []


def test_never_over_the_sum_when_a_side_borrowed_chairs_before_the_date_was_moved():
    seats = Seats(2, 2, release_on=dt.date(2027, 2, 1))
    places = [place(number, seat=number) for number in (1, 2, 3)] + [place(5, "workplace"), place(6, "workplace")]
    assert keys(promotions(seats, places, DAY)) == [(5, 4)]


def test_why_somebody_waits():
    until = Seats(1, 2, release_on=dt.date(2027, 1, 5))
    places = [place(1, seat=1), place(2, "workplace", seat=2), place(3), place(4)]
    assert explain(4, until, places, DAY) == Wait(Reason.KEPT_UNTIL, "school", 2, 1, 1, dt.date(2027, 1, 5))
    assert explain(4, Seats(1, 2), places, DAY) == Wait(Reason.KEPT, "school", 2, 1, 1, None)
    assert explain(3, Seats(1, 1), places, DAY) == Wait(Reason.FULL, "school", 1, 1, 0, None)
    assert explain(3, until, places, dt.date(2027, 1, 5)) == Wait(Reason.OPENING, "school", 1, 1, 0, None)
    assert explain(4, until, places, dt.date(2027, 1, 5)) == Wait(Reason.FULL, "school", 2, 1, 0, None)
    with pytest.raises(KeyError):
        explain(1, until, places, DAY)


def test_fewer_seats_than_people_is_told_for_each_side():
    places = [place(number, seat=number) for number in (1, 2)] + [place(3, "workplace", seat=3)]
    assert too_small(Seats(2, 1), places, DAY) == {}
    assert too_small(Seats(1, 5), places, DAY) == {"school": 2}
    assert too_small(Seats(3, 0), places, DAY) == {"workplace": 1}
    assert too_small(Seats(3, 0, release_on=DAY), places, DAY) == {}
    assert too_small(Seats(2, 0, release_on=DAY), places, DAY) == {"school": 2, "workplace": 1}


def test_numbers_past_the_last_seat_are_given_again():
    places = [place(1, seat=9), place(2, seat=2), place(3, seat=7)]
    assert keys(renumbered(Seats(3, 1), places)) == [(1, 1), (3, 3)]


def test_the_picture_shows_borrowed_chairs():
    places = [place(number, seat=number) for number in (1, 2, 3)] + [place(4, "workplace", seat=4)]
    shown = table(Seats(1, 4, release_on=DAY), tally(places), DAY)
    assert (shown.taken, shown.total_free, shown.chairs()) == (
        {"school": 3, "workplace": 1},
        1,
        {"school": 3, "workplace": 2},
    )


def group(name: str, *places_: Place) -> list[Place]:
    return [replace(one, group=name) for one in places_]


def test_a_group_gets_seats_together_or_waits_together():
    places = [place(1, seat=1), *group("a", place(2), place(3)), place(4)]
    # One seat is free: too few for the group, so whoever fits behind it goes first.
    assert keys(promotions(Seats(2, 0), places, DAY)) == [(4, 2)]
    assert keys(promotions(Seats(3, 0), places, DAY)) == [(2, 2), (3, 3)]
    assert keys(promotions(Seats(4, 0), places, DAY)) == [(2, 2), (3, 3), (4, 4)]


def test_a_group_of_two_sides_needs_room_on_both():
    places = group("a", place(1), place(2, "workplace"))
    assert promotions(Seats(5, 0), places, DAY) == []
    assert keys(promotions(Seats(1, 1), places, DAY)) == [(1, 1), (2, 2)]
    assert keys(promotions(Seats(2, 0, release_on=DAY), places, DAY)) == [(1, 1), (2, 2)]


def test_why_a_group_waits():
    places = [place(1, seat=1), *group("a", place(2), place(3))]
    assert explain(3, Seats(2, 0), places, DAY) == Wait(Reason.GROUP, "school", 1, 2, together=2, free=1)
    assert explain(3, Seats(1, 0), places, DAY) == Wait(Reason.FULL, "school", 1, 1, together=2)
    assert explain(3, Seats(1, 2), places, DAY) == Wait(Reason.KEPT, "school", 1, 1, 2, together=2)


def test_a_seat_that_comes_free_is_offered_and_one_that_was_free_is_given():
    places = [place(1, seat=1), place(2), place(3, "workplace")]
    settled = settle(Seats(2, 1, offers=True), places, DAY, fresh={3})
    assert settled.given == (Given(places[1], 2, offered=True), Given(places[2], 3, offered=False))
    assert settle(Seats(2, 1, offers=True), places, DAY, moves_up=False).waiting == (places[1], places[2])


def test_an_offer_ends_after_its_hours_or_when_the_training_begins():
    starts = [START + dt.timedelta(hours=30), START + dt.timedelta(hours=60)]
    assert offer_ends(START, 24, starts) == START + dt.timedelta(hours=24)
    assert offer_ends(START, 48, starts) == starts[0]
    assert offer_ends(starts[0], 48, starts) == starts[1]
    assert offer_ends(starts[1], 48, starts) is None
    assert offer_ends(START, None, starts) is None


def test_an_offer_lapses_at_its_end_and_not_before():
    offered = replace(place(1, seat=1), offer_until=START)
    assert lapsed([offered, place(2, seat=2)], START - dt.timedelta(seconds=1)) == []
    assert lapsed([offered, place(2, seat=2)], START) == [offered]


class Life(RuleBasedStateMachine):
    """A training over time, beside a model that keeps plain lists and walks the queue from the front, one at a time.

    People join, alone or as a group, and leave; seats that come free are given or offered; offers are taken, refused and
    lapse; days pass, seats are added and taken away, and the trainer begins or stops to offer.
    """

    @initialize(
        school=st.integers(0, 4),
        workplace=st.integers(0, 4),
        release=st.none() | st.integers(0, 6),
        offers=st.booleans(),
    )
    def begin(self, school: int, workplace: int, release: int | None, offers: bool) -> None:
        self.release_on = None if release is None else DAY + dt.timedelta(days=release)
        self.seats = Seats(school, workplace, self.release_on, offers=offers)
        self.today = DAY
        self.now = START
        self.places: dict[int, Place] = {}
        self.next_key = 1
        #: The model: (key, side) of who has a seat and of who has an offer, and units of such pairs that wait.
        self.model_seated: list[tuple[int, str]] = []
        self.model_offered: list[tuple[int, str]] = []
        self.model_waiting: list[list[tuple[int, str]]] = []
        self.gone: set[int] = set()
        self.ever_offered: set[int] = set()

    def settle(self, fresh: frozenset[int] = frozenset()) -> None:
        settled = settle(self.seats, self.places.values(), self.today, fresh=fresh)
        for place, number in settled.renumbered:
            self.places[place.key] = replace(place, seat=number)
        until = self.now + dt.timedelta(hours=24)
        for one in settled.given:
            key = one.place.key
            assert not one.offered or key not in self.ever_offered
            self.ever_offered |= {key} if one.offered else set()
            self.places[key] = replace(
                one.place, seat=one.seat, seated=True, offer_until=until if one.offered else None
            )
        assert [place.key for place in settled.waiting] == [key for key, place in self.queue() if not place.seated]
        self.model_settle(fresh)

    def queue(self) -> list[tuple[int, Place]]:
        return sorted(self.places.items(), key=lambda item: item[1].order)

    def model_settle(self, fresh: frozenset[int]) -> None:
        released = self.release_on is not None and self.today >= self.release_on
        moved = True
        while moved:
            moved = False
            for unit in self.model_waiting:
                after = [side for _, side in [*self.model_seated, *self.model_offered, *unit]]
                if len(after) > self.seats.school + self.seats.workplace:
                    continue
                of_sides = [(side, self.seats.school if side == "school" else self.seats.workplace) for _, side in unit]
                if not released and any(after.count(side) > most for side, most in of_sides):
                    continue
                self.model_waiting.remove(unit)
                at_once = not self.seats.offers or unit[0][0] in fresh
                (self.model_seated if at_once else self.model_offered).extend(unit)
                moved = True
                break

    @rule(sides=st.lists(st.sampled_from(SIDES), min_size=1, max_size=1))
    def join(self, sides: list[str]) -> None:
        self.register(sides)

    @rule(sides=st.lists(st.sampled_from(SIDES), min_size=2, max_size=4))
    def join_as_a_group(self, sides: list[str]) -> None:
        self.register(sides)

    def register(self, sides: list[str]) -> None:
        keys = range(self.next_key, self.next_key + len(sides))
        group = f"group {self.next_key}" if len(sides) > 1 else ""
        for key, side in zip(keys, sides, strict=True):
            self.places[key] = replace(place(key, side, minutes=self.next_key // 2), group=group)
        self.model_waiting.append(list(zip(keys, sides, strict=True)))
        self.next_key += len(sides)
        self.settle(frozenset(keys))

    def leaves(self, key: int) -> None:
        self.gone.add(key)
        del self.places[key]
        for people in (self.model_seated, self.model_offered, *self.model_waiting):
            people[:] = [one for one in people if one[0] != key]
        self.model_waiting = [unit for unit in self.model_waiting if unit]

    @precondition(lambda self: self.places)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        self.leaves(data.draw(st.sampled_from(sorted(self.places))))
        self.settle()

    @precondition(lambda self: self.model_offered)
    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.model_offered))
        self.model_offered.remove(one)
        self.model_seated.append(one)
        self.places[one[0]] = replace(self.places[one[0]], offer_until=None)
        self.settle()

    @precondition(lambda self: self.model_offered)
    @rule(data=st.data())
    def decline(self, data: st.DataObject) -> None:
        self.leaves(data.draw(st.sampled_from(self.model_offered))[0])
        self.settle()

    @rule(hours=st.sampled_from([1, 10, 24]))
    def time_passes(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)
        over = lapsed(self.places.values(), self.now)
        assert {one.key for one in over} <= {key for key, _ in self.model_offered}
        for one in over:
            self.leaves(one.key)
        self.settle()
        assert lapsed(self.places.values(), self.now) == []

    @rule()
    def day_passes(self) -> None:
        self.today += dt.timedelta(days=1)
        self.settle()

    @rule(school=st.integers(0, 6), workplace=st.integers(0, 6), offers=st.booleans())
    def change_seats(self, school: int, workplace: int, offers: bool) -> None:
        seats = Seats(school, workplace, self.release_on, offers=offers)
        if too_small(seats, self.places.values(), self.today):
            return
        self.seats = seats
        self.settle()

    @rule(release=st.none() | st.integers(-3, 6))
    def change_release(self, release: int | None) -> None:
        release_on = None if release is None else self.today + dt.timedelta(days=release)
        seats = replace(self.seats, release_on=release_on)
        if too_small(seats, self.places.values(), self.today):
            return
        self.release_on, self.seats = release_on, seats
        self.settle()

    @invariant()
    def as_in_the_model(self) -> None:
        if not hasattr(self, "seats"):
            return
        seated = {key for key, place in self.places.items() if place.seated and not place.offer_until}
        offered = {key for key, place in self.places.items() if place.offer_until}
        assert seated == {key for key, _ in self.model_seated}
        assert offered == {key for key, _ in self.model_offered}
        assert not self.gone & self.places.keys()

    @invariant()
    def nobody_shares_a_seat_and_none_is_past_the_last(self) -> None:
        if not hasattr(self, "seats"):
            return
        numbers = [place.seat for place in self.places.values() if place.seated]
        assert len(set(numbers)) == len(numbers) <= self.seats.total
        assert all(1 <= number <= self.seats.total for number in numbers if number)

    @invariant()
    def a_group_waits_whole_or_not_at_all(self) -> None:
        if not hasattr(self, "seats"):
            return
        for group in {place.group for place in self.places.values() if place.group}:
            assert len({place.seated for place in self.places.values() if place.group == group}) == 1

    @invariant()
    def nobody_waits_without_a_reason(self) -> None:
        if not hasattr(self, "seats"):
            return
        free = table(self.seats, tally(self.places.values()), self.today).free
        for waiting in (place for place in self.places.values() if not place.seated):
            wait = explain(waiting.key, self.seats, self.places.values(), self.today)
            assert wait.reason is not Reason.OPENING
            if wait.together == 1:
                assert free[waiting.side] == 0
                assert (wait.reason is Reason.FULL) == (sum(free.values()) == 0)
            else:
                assert wait.reason is not Reason.GROUP or wait.free > 0


TestLife = Life.TestCase

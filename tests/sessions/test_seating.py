"""Who gets a seat, against a model that a child could run, and over long random lives of a training."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sessions.seating import (
    SIDES,
    Place,
    Reason,
    Seats,
    Wait,
    explain,
    free_seats,
    promotions,
    renumbered,
    table,
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
    shown = table(Seats(1, 4, release_on=DAY), places, DAY)
    assert (shown.taken, shown.total_free, shown.chairs()) == (
        {"school": 3, "workplace": 1},
        1,
        {"school": 3, "workplace": 2},
    )


class Life(RuleBasedStateMachine):
    """A training over time: people join and leave, days pass, seats are added. The model keeps two plain lists."""

    @initialize(school=st.integers(0, 4), workplace=st.integers(0, 4), release=st.none() | st.integers(0, 6))
    def begin(self, school: int, workplace: int, release: int | None) -> None:
        self.release_on = None if release is None else DAY + dt.timedelta(days=release)
        self.seats = Seats(school, workplace, self.release_on)
        self.today = DAY
        self.places: list[Place] = []
        self.next_key = 1
        self.model_seated: list[tuple[int, str]] = []
        self.model_waiting: list[tuple[int, str]] = []

    def settle(self) -> None:
        for chosen, seat in promotions(self.seats, self.places, self.today):
            self.places[self.places.index(chosen)] = Place(chosen.key, chosen.side, chosen.joined, seat, seated=True)
        # The model walks the queue from the front again and again, one seat at a time.
        moved = True
        while moved:
            moved = False
            for waiting in self.model_waiting:
                of_side = sum(side == waiting[1] for _, side in self.model_seated)
                room = len(self.model_seated) < self.seats.school + self.seats.workplace
                released = self.release_on is not None and self.today >= self.release_on
                if room and (
                    released or of_side < (self.seats.school if waiting[1] == "school" else self.seats.workplace)
                ):
                    self.model_waiting.remove(waiting)
                    self.model_seated.append(waiting)
                    moved = True
                    break

    @rule(side=st.sampled_from(SIDES))
    def join(self, side: str) -> None:
        self.places.append(place(self.next_key, side, minutes=self.next_key // 2))
        self.model_waiting.append((self.next_key, side))
        self.next_key += 1
        self.settle()

    @precondition(lambda self: self.places)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(self.places))
        self.places.remove(gone)
        for people in (self.model_seated, self.model_waiting):
            people[:] = [one for one in people if one[0] != gone.key]
        self.settle()

    @rule()
    def day_passes(self) -> None:
        self.today += dt.timedelta(days=1)
        self.settle()

    @rule(school=st.integers(0, 6), workplace=st.integers(0, 6))
    def change_seats(self, school: int, workplace: int) -> None:
        seats = Seats(school, workplace, self.release_on)
        if too_small(seats, self.places, self.today):
            return
        self.seats = seats
        for changed, seat in renumbered(seats, self.places):
            self.places[self.places.index(changed)] = Place(
                changed.key, changed.side, changed.joined, seat, seated=True
            )
        self.settle()

    @invariant()
    def as_in_the_model(self) -> None:
        if not hasattr(self, "seats"):
            return
        assert {place.key for place in self.places if place.seated} == {key for key, _ in self.model_seated}

    @invariant()
    def nobody_shares_a_seat_and_none_is_past_the_last(self) -> None:
        if not hasattr(self, "seats"):
            return
        numbers = [place.seat for place in self.places if place.seated]
        assert len(set(numbers)) == len(numbers) <= self.seats.total
        assert all(1 <= number <= self.seats.total for number in numbers if number)

    @invariant()
    def nobody_waits_without_a_reason(self) -> None:
        if not hasattr(self, "seats"):
            return
        taken = table(self.seats, self.places, self.today).taken
        free = free_seats(self.seats, taken, self.today)
        for waiting in (place for place in self.places if not place.seated):
            assert free[waiting.side] == 0
            wait = explain(waiting.key, self.seats, self.places, self.today)
            assert (wait.reason is Reason.FULL) == (sum(free.values()) == 0)


TestLife = Life.TestCase

"""Proposing groups from 2,000 people who wait, beside 200; with 200 beside sorting the same people by place and time."""

import datetime as dt
from collections import defaultdict
from itertools import combinations, product
from random import Random

from tests.bench.measuring import beside

from sessions.matching import match  # isort: skip
from sessions.mixing import ONLINE, Waiting

VENUES = [ONLINE, 1, 2, 3, 4, 5, 6, 7]
SLOTS = [f"{day}-{part}" for day in ("mon", "tue", "wed", "thu", "fri") for part in ("morning", "afternoon", "late")]

Population = tuple[list[Waiting], set[frozenset[int]]]


def population(people: int) -> Population:
    """Two in five from school, at one organisation for each ten people; each names a few places and times, and one in
    twenty declared somebody."""
    chance = Random(people)
    since = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    waiting = [
        Waiting(
            key=key,
            side="school" if chance.random() < 0.4 else "workplace",
            organisation=chance.randrange(people // 10),
            venues=frozenset(chance.sample(VENUES, chance.randint(1, 3))),
            slots=frozenset(chance.sample(SLOTS, chance.randint(1, 4))),
            since=since + dt.timedelta(hours=chance.randrange(2000)),
        )
        for key in range(people)
    ]
    pairs = list(combinations(range(min(people, 200)), 2))
    return waiting, {frozenset(pair) for pair in chance.sample(pairs, people // 20)}


def sort(waiting: list[Waiting]) -> dict:
    cells = defaultdict(list)
    for one in waiting:
        for cell in product(one.venues, one.slots):
            cells[cell].append(one.key)
    return cells


def main() -> None:
    few, many = population(200), population(2000)
    beside("groups proposed for 200 people beside sorting them", lambda: match(*few), lambda: sort(few[0]), 5)
    beside("groups proposed for 2,000 people beside 200", lambda: match(*many), lambda: match(*few), 3)


main()

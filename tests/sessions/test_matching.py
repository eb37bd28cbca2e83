"""Groups proposed from who waits: no rule is ever broken, nobody is left over who fits, and no swap mixes them better."""

import datetime as dt
from collections.abc import Iterator
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.matching import Proposal, match
from sessions.mixing import ONLINE, Waiting

SINCE = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
#: A population takes a few milliseconds, and many of them are mixed well from the start.
many = settings(max_examples=10 * settings().max_examples)

Population = tuple[list[Waiting], set[frozenset[int]]]
Group = tuple[tuple[int, str], frozenset[int]]

VENUES = [ONLINE, 1, 2]
SLOTS = ["mon-late", "tue-late", "wed-late", "thu-morning"]


def waiting(key: int, side: str = "school", organisation: int | None = None, **fields: object) -> Waiting:
    fields = {"venues": frozenset([ONLINE]), "slots": frozenset(["mon-late"]), "since": SINCE} | fields
    return Waiting(key=key, side=side, organisation=key if organisation is None else organisation, **fields)


def both_sides(school: int, workplace: int, **fields: object) -> list[Waiting]:
    return [waiting(key, "school" if key < school else "workplace", **fields) for key in range(school + workplace)]


@st.composite
def populations(draw: st.DrawFn) -> Population:
    """Few places and many, one side only, nobody with a time in common, one organisation, and pairs declared everywhere.

    The shape is drawn by Hypothesis; who it is filled with follows from a seed, so that most groups can be mixed better.
    """
    chance = Random(draw(st.integers(0, 2**32)))
    school = draw(st.sampled_from([0, 0.15, 0.5, 0.5, 1]))
    venues, slots = draw(st.sampled_from([VENUES, VENUES[:1]])), draw(st.sampled_from([SLOTS, SLOTS[:2]]))
    organisations = draw(st.sampled_from([1, 3, 3, 6, 30]))
    willing = draw(st.sampled_from([0.2, 0.6, 0.6, 1]))
    people = [
        Waiting(
            key=key,
            side="school" if chance.random() < school else "workplace",
            organisation=chance.randrange(organisations),
            venues=frozenset(venue for venue in venues if chance.random() < willing),
            slots=frozenset(slot for slot in slots if chance.random() < willing),
            since=SINCE + dt.timedelta(days=chance.randrange(4)),
        )
        for key in range(draw(st.sampled_from([0, 6, 12, 18, 24, 40])))
    ]
    declared = draw(st.sampled_from([0, 0.05, 0.05, 0.3, 1]))
    pairs = combinations(range(len(people)), 2)
    return people, {frozenset(pair) for pair in pairs if chance.random() < declared}


class Checker:
    """Says what may be and what it costs; knows nothing of how it was found."""

    def __init__(self, people: list[Waiting], apart: set[frozenset[int]]) -> None:
        self.people = {one.key: one for one in people}
        self.apart = apart

    def is_allowed(self, cell: tuple[int, str], keys: frozenset[int]) -> bool:
        group = [self.people[key] for key in keys]
        return (
            3 <= len(group) <= 8
            and all(cell[0] in one.venues and cell[1] in one.slots for one in group)
            and {one.side for one in group} == {"school", "workplace"}
            and not any(frozenset(pair) in self.apart for pair in combinations(keys, 2))
        )

    def cost(self, groups: list[Group]) -> tuple[int, int]:
        balance = pairs = 0
        for _cell, keys in groups:
            group = [self.people[key] for key in keys]
            school = sum(one.side == "school" for one in group)
            balance += (school - (len(group) - school)) ** 2
            pairs += sum(one.organisation == other.organisation for one, other in combinations(group, 2))
        return balance, pairs

    def threes(self, groups: list[Group], key: int) -> Iterator[frozenset[int]]:
        """Those that ``key`` could make with people who are left over, or whose groups can do without them."""
        cells = [(venue, slot) for venue in VENUES for slot in SLOTS]
        for pair in combinations(self.people, 2):
            three = frozenset([key, *pair])
            if len(three) == 3 and any(self.is_allowed(cell, three) for cell in cells):
                lent = [(cell, keys - three) for cell, keys in groups if keys & three]
                if all(self.is_allowed(*group) for group in lent):
                    yield three

    def better(self, groups: list[Group], left: tuple[int, ...]) -> Iterator[tuple[int, int]]:
        """Each pair of people who could change places, so that the groups are mixed better."""
        group_of = {key: number for number, (_cell, keys) in enumerate(groups) for key in keys}
        for one, other in combinations(sorted(self.people), 2):
            numbers = {group_of[key] for key in (one, other) if key in group_of}
            if not numbers or group_of.get(one) == group_of.get(other):
                continue
            before = [groups[number] for number in numbers]
            after = [(cell, frozenset({one: other, other: one}.get(key, key) for key in keys)) for cell, keys in before]
            if all(self.is_allowed(*group) for group in after) and self.cost(after) < self.cost(before):
                yield one, other


def grouped(proposals: list[Proposal]) -> list[Group]:
    return [((one.venue, one.slot), frozenset(one.people)) for one in proposals]


@many
@given(populations())
def test_no_rule_is_broken(population: Population) -> None:
    people, apart = population
    proposals, left = match(people, apart)
    checker = Checker(people, apart)
    assert [group for group in grouped(proposals) if not checker.is_allowed(*group)] == []
    everybody = [key for one in proposals for key in one.people] + list(left)
    assert sorted(everybody) == [one.key for one in people]


@many
@given(populations())
def test_nobody_is_left_over_who_fits(population: Population) -> None:
    people, apart = population
    proposals, left = match(people, apart)
    checker = Checker(people, apart)
    groups = grouped(proposals)
    assert [key for key in left for cell, keys in groups if checker.is_allowed(cell, keys | {key})] == []
    assert [three for key in left for three in checker.threes(groups, key)] == []


@many
@given(populations())
def test_no_swap_of_two_people_mixes_the_groups_better(population: Population) -> None:
    people, apart = population
    proposals, left = match(people, apart)
    assert list(Checker(people, apart).better(grouped(proposals), left)) == []


@many
@given(populations(), st.integers())
def test_the_order_in_which_they_come_changes_nothing(population: Population, seed: int) -> None:
    people, apart = population
    shuffled = list(people)
    Random(seed).shuffle(shuffled)
    assert match(shuffled, apart) == match(people, apart)


@pytest.mark.parametrize(
    ("school", "workplace", "sizes"),
    [
        (0, 0, []),
        (1, 1, []),
        (8, 0, []),
        (1, 2, [3]),
        (4, 4, [8]),
        (3, 6, [4, 5]),
        (6, 6, [6, 6]),
        (2, 16, [8, 8]),
        (10, 50, [6] * 10),
    ],
)
def test_how_many_and_how_large(school: int, workplace: int, sizes: list[int]) -> None:
    proposals, left = match(both_sides(school, workplace), set())
    assert sorted(len(one.people) for one in proposals) == sizes
    assert len(left) == school + workplace - sum(sizes)


def test_whoever_waits_longest_goes_first() -> None:
    latest = [waiting(key, "workplace", since=SINCE + dt.timedelta(days=9 - key)) for key in range(1, 10)]
    assert match([waiting(0), *latest], set()) == (
        [Proposal(venue=ONLINE, slot="mon-late", people=(0, 3, 4, 5, 6, 7, 8, 9))],
        (1, 2),
    )


def test_whoever_can_go_in_one_place_only_goes_before_whoever_can_go_in_two() -> None:
    everywhere = frozenset([ONLINE, 1])
    people = [waiting(0, venues=everywhere), waiting(1), waiting(2, "workplace", venues=frozenset([1]))]
    people += [waiting(3, "workplace"), waiting(4, "workplace", venues=everywhere), waiting(5, venues=frozenset([1]))]
    _proposals, left = match(people, set())
    assert left == ()


def test_colleagues_are_in_different_groups() -> None:
    people = both_sides(6, 6)
    people = [waiting(one.key, one.side, organisation=one.key % 6) for one in people]
    assert Checker(people, set()).cost(grouped(match(people, set())[0])) == (0, 0)

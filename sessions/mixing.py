"""Who waits for a group, and how well the people of a group are mixed. No database."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

SIDES = ("school", "workplace")

#: The venue of a group that meets online. Other venues are keys of places.
ONLINE = 0

#: Where and when a group meets: venue and slot.
Cell = tuple[int, str]
#: What decides how a group is mixed: side and organisation.
Kind = tuple[str, int]
#: How badly groups are mixed: the squared differences of the sides, then pairs from one organisation.
Cost = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody who waits. ``venues`` are keys of places, and ONLINE; ``organisation`` is a key."""

    key: int
    side: str
    organisation: int
    venues: frozenset[int]
    slots: frozenset[str]
    since: dt.datetime


class Group:
    """A proposal that still changes, with what its mixing is counted from."""

    def __init__(self, number: int, cell: Cell) -> None:
        self.number = number
        self.cell = cell
        self.keys: set[int] = set()
        self.of_kind: dict[Kind, list[int]] = defaultdict(list)
        self.of_organisation: Counter[int] = Counter()
        self.of_side = dict.fromkeys(SIDES, 0)

    @property
    def surplus(self) -> int:
        """How many more come from school than from the workplace."""
        return self.of_side["school"] - self.of_side["workplace"]

    @property
    def pairs(self) -> int:
        """How many pairs are from one organisation."""
        return sum(number * (number - 1) // 2 for number in self.of_organisation.values())

    def add(self, person: Waiting) -> None:
        self.keys.add(person.key)
        self.of_kind[person.side, person.organisation].append(person.key)
        self.of_organisation[person.organisation] += 1
        self.of_side[person.side] += 1

    def remove(self, person: Waiting) -> None:
        self.keys.remove(person.key)
        kind = (person.side, person.organisation)
        self.of_kind[kind].remove(person.key)
        if not self.of_kind[kind]:
            del self.of_kind[kind]
        self.of_organisation[person.organisation] -= 1
        if not self.of_organisation[person.organisation]:
            del self.of_organisation[person.organisation]
        self.of_side[person.side] -= 1

    def cost_of_joining(self, person: Waiting) -> Cost:
        step = 1 if person.side == "school" else -1
        return (2 * step * self.surplus + 1, self.of_organisation[person.organisation])

    def least_cost(self, out: Kind, side: str) -> Cost | None:
        """The least that it can cost that one of kind ``out`` makes room for one of ``side``; None where their side would
        be gone."""
        balance = 0
        if out[0] != side:
            if self.of_side[out[0]] == 1:
                return None
            balance = 4 - 4 * (self.surplus if out[0] == "school" else -self.surplus)
        return (balance, 1 - self.of_organisation[out[1]])

    def cost(self, out: Kind, into: Kind) -> Cost | None:
        """What it costs that one of kind ``out`` makes room for one of kind ``into``."""
        least = self.least_cost(out, into[0])
        if least is None:
            return None
        return (least[0], 0 if out[1] == into[1] else least[1] + self.of_organisation[into[1]])


def helps(*costs: Cost | None) -> bool:
    """Whether these together make the mixing better; None among them is a swap that cannot be."""
    balance = pairs = 0
    for cost in costs:
        if cost is None:
            return False
        balance, pairs = balance + cost[0], pairs + cost[1]
    return balance < 0 or (balance == 0 and pairs < 0)

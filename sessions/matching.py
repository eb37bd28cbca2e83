"""Groups proposed from the people who wait. People in, proposals out; no database.

Rules that each proposal keeps:

1. It has SMALLEST to LARGEST people, and nobody is in two of them.
2. Each of them chose its place, or online, and its slot.
3. No two of them were declared to be kept apart.
4. Both sides are in it.

What is aimed at, in this order:

5. *As many people as can be.* Whoever can go in the fewest places and slots goes first, and of them whoever waits
   longest. In the end nobody who is left over could join a proposal, or make one of three with two others who are left
   over too, or whom their proposals can spare. That is not always the largest number of people: for that all proposals
   would have to be made anew.
6. *Mixed.* The sum over the proposals of (people from school - people from the workplace)², and where that is equal the
   number of pairs from one organisation. No swap of two people, of two proposals or of a proposal and those left over,
   that keeps rules 1 to 4 makes it smaller.
7. *About six people*, where that costs nobody their place.

The same people give the same proposals, in whatever order they come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import product

from sessions.mixing import SIDES, Cell, Group, Kind, Waiting, helps

SMALLEST, PREFERRED, LARGEST = 3, 6, 8

_Spare = dict[Cell, dict[str, list[Waiting]]]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """``people`` are keys, in ascending order."""

    venue: int
    slot: str
    people: tuple[int, ...]


def match(people: Iterable[Waiting], apart: Collection[frozenset[int]]) -> tuple[list[Proposal], tuple[int, ...]]:
    """Proposals, and the keys of who is left over.

    Args:
        apart: pairs of keys that do not belong in one group.
    """
    matcher = _Matcher(people, apart)
    matcher.form()
    matcher.improve()
    return matcher.proposals(), tuple(sorted(matcher.left))


class _Matcher:
    def __init__(self, people: Iterable[Waiting], apart: Collection[frozenset[int]]) -> None:
        everybody = sorted(people, key=lambda one: (len(one.venues) * len(one.slots), one.since, one.key))
        self.people = {one.key: one for one in everybody}
        #: In the order of rule 5.
        self.order = {one.key: rank for rank, one in enumerate(everybody)}
        self.cells = {one.key: frozenset(product(one.venues, one.slots)) for one in everybody}
        self.apart: dict[int, set[int]] = defaultdict(set)
        for pair in apart:
            for key in pair:
                self.apart[key] |= pair - {key}
        self.groups: list[Group] = []
        self.groups_in: dict[Cell, list[Group]] = defaultdict(list)
        self.group_of: dict[int, Group] = {}
        self.people_in: dict[Cell, list[Waiting]] = defaultdict(list)
        #: Who is left over; and the same people by cell and side, in order.
        self.left: set[int] = set()
        self.left_in: dict[Cell, dict[str, dict[int, None]]] = defaultdict(lambda: {side: {} for side in SIDES})
        for one in everybody:
            self._leave_over(one)
            for cell in self.cells[one.key]:
                self.people_in[cell].append(one)

    def proposals(self) -> list[Proposal]:
        made = [
            Proposal(venue=group.cell[0], slot=group.cell[1], people=tuple(sorted(group.keys))) for group in self.groups
        ]
        return sorted(made, key=lambda one: (one.venue, one.slot, one.people))

    def form(self) -> set[int]:
        """Everybody who is left over gets a place where one can be had; returns the numbers of the groups that changed."""
        changed: set[int] = set()
        while True:
            spare: _Spare = {}
            in_order = sorted(self.left, key=self.order.__getitem__)
            found = {group.number for key in in_order for group in self._placed(self.people[key], spare)}
            if not found:
                return changed
            changed |= found

    def improve(self) -> None:
        """Swaps until none helps. Where one left over somebody who fits elsewhere, they get a place, and all begins again:
        each turn more people have a place, so it ends."""
        changed = set(range(len(self.groups)))
        while changed:
            self._swap(changed)
            changed = self.form()

    # Forming

    def _placed(self, person: Waiting, spare: _Spare) -> list[Group]:
        """The groups that changed to give ``person`` a place; none where that cannot be, or where they have one."""
        if person.key not in self.left:
            return []
        return self._found(person) or self._join(person) or self._borrow(person, spare)

    def _found(self, first: Waiting) -> list[Group]:
        """A new group of people who are left over, with ``first`` in it."""
        for cell in sorted(self.cells[first.key], key=self._best_cell_first):
            if chosen := self._chosen(first, self.left_in[cell]):
                return [self._new_group(cell, chosen)]
        return []

    def _new_group(self, cell: Cell, people: Iterable[Waiting]) -> Group:
        group = Group(len(self.groups), cell)
        self.groups.append(group)
        self.groups_in[cell].append(group)
        for one in people:
            self._place(one, group)
        return group

    def _best_cell_first(self, cell: Cell) -> tuple[int, int, Cell]:
        numbers = [len(self.left_in[cell][side]) for side in SIDES]
        return (-min(*numbers, PREFERRED // 2), -sum(numbers), cell)

    def _chosen(self, first: Waiting, here: dict[str, dict[int, None]]) -> list[Waiting]:
        """Who goes with ``first`` into one group, ``first`` included; nobody where no three can."""
        wanted = _share({side: len(here[side]) for side in SIDES})
        chosen = [first]
        wanted[first.side] -= 1
        barred = self.apart[first.key] | {first.key}
        organisations = {first.organisation}
        for new_organisations_only in (True, False):
            for side in sorted(SIDES, key=lambda side: side == first.side):
                for key in here[side]:
                    if wanted[side] <= 0:
                        break
                    one = self.people[key]
                    if key in barred or (new_organisations_only and one.organisation in organisations):
                        continue
                    chosen.append(one)
                    wanted[side] -= 1
                    barred |= self.apart[key] | {key}
                    organisations.add(one.organisation)
        if len(chosen) >= SMALLEST and len({one.side for one in chosen}) == len(SIDES):
            return chosen
        return self._three(first, {side: [self.people[key] for key in here[side]] for side in SIDES})

    def _three(self, first: Waiting, others: dict[str, list[Waiting]]) -> list[Waiting]:
        """``first`` and two of ``others`` that may be together and that can be spared; nobody where there are none."""
        other_side = next(side for side in SIDES if side != first.side)
        for second in others[other_side]:
            if second.key in self.apart[first.key] or not self._can_spare([second]):
                continue
            barred = self.apart[first.key] | self.apart[second.key] | {first.key, second.key}
            for third in (*others[first.side], *others[other_side]):
                if third.key not in barred and self._can_spare([second, third]):
                    return [first, second, third]
        return []

    def _join(self, person: Waiting) -> list[Group]:
        """A place in the group that it costs least, of those that have room."""
        room = [
            group
            for cell in self.cells[person.key]
            for group in self.groups_in[cell]
            if len(group.keys) < LARGEST and not self.apart[person.key] & group.keys
        ]
        if not room:
            return []
        best = min(room, key=lambda group: (group.cost_of_joining(person), len(group.keys), group.number))
        self._place(person, best)
        return [best]

    def _borrow(self, first: Waiting, spare: _Spare) -> list[Group]:
        """A new group of three, with people whom other groups can spare.

        Args:
            spare: for each cell that was looked at, who could be spared then. Who could not be may be spared by now; who asks
                begins again with an empty one until nothing changes.
        """
        for cell in sorted(self.cells[first.key]):
            if cell not in spare:
                able = [one for one in self.people_in[cell] if self._can_spare([one])]
                spare[cell] = {side: [one for one in able if one.side == side] for side in SIDES}
            if three := self._three(first, spare[cell]):
                borrowed = [(self.group_of[one.key], one) for one in three if one.key in self.group_of]
                for group, one in borrowed:
                    group.remove(one)
                    self._leave_over(one)
                return [*(group for group, _one in borrowed), self._new_group(cell, three)]
        return []

    def _can_spare(self, people: Iterable[Waiting]) -> bool:
        """Whether the groups that these people are in, if any, stay groups without them."""
        gone: dict[int, list[Waiting]] = defaultdict(list)
        for one in people:
            if (group := self.group_of.get(one.key)) is not None:
                gone[group.number].append(one)
        return all(
            len(self.groups[number].keys) - len(some) >= SMALLEST
            and all(self.groups[number].of_side[side] > sum(one.side == side for one in some) for side in SIDES)
            for number, some in gone.items()
        )

    def _place(self, person: Waiting, group: Group) -> None:
        self.left.remove(person.key)
        for cell in self.cells[person.key]:
            del self.left_in[cell][person.side][person.key]
        group.add(person)
        self.group_of[person.key] = group

    def _leave_over(self, person: Waiting) -> None:
        self.left.add(person.key)
        self.group_of.pop(person.key, None)
        for cell in self.cells[person.key]:
            self.left_in[cell][person.side][person.key] = None

    # Swapping

    def _swap(self, changed: set[int]) -> None:
        """Swaps until none helps, given that none helps between groups that are not in ``changed``.

        Whether two groups have a swap that helps depends on them alone, and so it does for a group and one left over: after
        a swap only what it touched is looked at again.
        """
        arrived: set[int] = set()
        while changed or arrived:
            if changed:
                number = min(changed)
                group = self.groups[number]
                swap = self._swap_with_left(group) or self._swap_with_group(group)
                if swap is None:
                    changed.remove(number)
            else:
                key = min(arrived)
                swap = self._swap_for(self.people[key])
                if swap is None:
                    arrived.remove(key)
            if swap is None:
                continue
            self._exchange(swap)
            changed.add(swap.group.number)
            if swap.other is not None:
                changed.add(swap.other.number)
            else:
                arrived.add(swap.out)
                arrived.discard(swap.into)

    def _swap_with_group(self, group: Group) -> _Swap | None:
        others = {
            other.number: other
            for cell in {cell for key in group.keys for cell in self.cells[key]}
            for other in self.groups_in[cell]
            if other is not group
        }
        for _number, other in sorted(others.items()):
            if not group.pairs and not other.pairs and abs(group.surplus - other.surplus) <= 2:
                continue
            for out, into in product(group.of_kind, other.of_kind):
                if not helps(group.cost(out, into), other.cost(into, out)):
                    continue
                for one, another in product(group.of_kind[out], other.of_kind[into]):
                    if self._fits(one, other, another) and self._fits(another, group, one):
                        return _Swap(group, one, other, another)
        return None

    def _swap_with_left(self, group: Group) -> _Swap | None:
        for out, side in product(group.of_kind, SIDES):
            if not helps(group.least_cost(out, side)):
                continue
            for key in self.left_in[group.cell][side]:
                if (swap := self._swap_into(group, out, key)) is not None:
                    return swap
        return None

    def _swap_for(self, person: Waiting) -> _Swap | None:
        """One that gives ``person``, who is left over, somebody's place."""
        groups = {group.number: group for cell in self.cells[person.key] for group in self.groups_in[cell]}
        for _number, group in sorted(groups.items()):
            for out in group.of_kind:
                if (swap := self._swap_into(group, out, person.key)) is not None:
                    return swap
        return None

    def _swap_into(self, group: Group, out: Kind, key: int) -> _Swap | None:
        person = self.people[key]
        if not helps(group.cost(out, (person.side, person.organisation))):
            return None
        for one in group.of_kind[out]:
            if self._fits(key, group, one):
                return _Swap(group, one, None, key)
        return None

    def _fits(self, key: int, group: Group, instead_of: int) -> bool:
        return group.cell in self.cells[key] and not (self.apart[key] & group.keys) - {instead_of}

    def _exchange(self, swap: _Swap) -> None:
        out, into = self.people[swap.out], self.people[swap.into]
        swap.group.remove(out)
        if swap.other is None:
            self._leave_over(out)
            self._place(into, swap.group)
        else:
            swap.other.remove(into)
            swap.other.add(out)
            swap.group.add(into)
            self.group_of |= {out.key: swap.other, into.key: swap.group}


@dataclass(frozen=True)
class _Swap:
    """``out`` of ``group`` and ``into`` of ``other`` change places; ``other`` is None for one left over."""

    group: Group
    out: int
    other: Group | None
    into: int


def _share(numbers: dict[str, int]) -> dict[str, int]:
    """How many of each side go into one of the groups that so many people make, of about PREFERRED people each."""
    less, more = sorted(SIDES, key=lambda side: numbers[side])
    groups = max(1, min(numbers[less], (sum(numbers.values()) + PREFERRED // 2) // PREFERRED))
    share = max(1, round(numbers[less] / groups))
    return {less: share, more: max(1, min(LARGEST - share, round(numbers[more] / groups)))}

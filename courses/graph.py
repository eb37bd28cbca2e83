"""A story as a drawing: steps as boxes in columns, choices as arrows. A graph in, positions in whole pixels out.

Laid out in layers, after Sugiyama: a loop's last arrow is set aside, each step stands one column right of the last step
that leads to it, an arrow that passes a column gets a place of its own in it, and columns are put in order by the middle
of what they hang on. So no arrow that goes forward runs through a box. What went back runs along under everything.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from courses.scenario import Node

BOX_WIDTH = 184
BOX_HEIGHT = 92  # room for a sign, two lines of words and what is wrong
PORT = 20  # between the arrows that leave one box
GAP = 76  # between columns
SPACE = 22  # between boxes of one column
PASSING = 12  # what an arrow takes in a column that it only passes
MARGIN = 14
ROOM = 66  # beside the first and the last column, for arrows that run back or lead nowhere
LANE = 18  # between arrows that run back
LABEL = 18  # from a box to the letter of its arrow
STUB = 46  # length of an arrow that leads nowhere


@dataclass(frozen=True)
class Box:
    """Where ``nodes[node]`` stands."""

    node: int
    x: int
    y: int
    height: int
    width: int = BOX_WIDTH

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def inner_width(self) -> int:
        return self.width - 8

    @property
    def inner_height(self) -> int:
        return self.height - 8


@dataclass(frozen=True)
class Arrow:
    """A choice of ``nodes[node]``. ``target`` is None when it leads nowhere; ``line`` is the ``d`` of an SVG path.

    ``back`` says that it closes a loop. The letter stands at ``label``, the point of the arrow is ``tip``.
    """

    node: int
    choice: int
    target: int | None
    back: bool
    line: str
    label: tuple[int, int]
    tip: tuple[int, int]


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class _Way:
    """A choice that goes forward: its places from column to column, the first and the last of which are boxes."""

    choice: int
    places: tuple[int, ...]


Targets = Sequence[Sequence[int | None]]
Columns = Sequence[list[int]]


def draw(nodes: Sequence[Node]) -> Drawing:
    """Each node once, in their order, and each choice once; also of a story that is wrong. Of two equal signs the first counts."""
    if not nodes:
        return Drawing(0, 0, (), ())
    targets = _targets(nodes)
    order, back = _order(targets)
    column_of = _column_of(targets, order, back)
    ways, columns = _ways(targets, column_of, back)
    heights = [max(BOX_HEIGHT, PORT * (len(own) + 1)) for own in targets]
    _sort(columns, ways, targets)

    def height(place: int) -> int:
        return heights[place] if place < len(heights) else PASSING

    middles = _middles(columns, ways, height)
    top = min(middle - height(place) // 2 for place, middle in middles.items())
    left = ROOM if back else MARGIN
    boxes = tuple(
        Box(
            node=place,
            x=left + column_of[place] * (BOX_WIDTH + GAP),
            y=MARGIN + middles[place] - heights[place] // 2 - top,
            height=heights[place],
        )
        for place in range(len(nodes))
    )
    passing = {place: MARGIN + middle - top for place, middle in middles.items() if place >= len(nodes)}
    arrows = tuple(_arrows(targets, boxes, ways, passing, back))
    lowest = max([box.bottom for box in boxes] + list(passing.values()))
    return Drawing(
        width=max(box.right for box in boxes) + (ROOM if back or any(None in own for own in targets) else MARGIN),
        height=lowest + MARGIN + LANE * len(back),
        boxes=boxes,
        arrows=arrows,
    )


def _targets(nodes: Sequence[Node]) -> list[list[int | None]]:
    place: dict[str, int] = {}
    for index, node in enumerate(nodes):
        place.setdefault(node.key, index)
    return [[place.get(choice.to) for choice in node.choices] for node in nodes]


def _order(targets: Targets) -> tuple[list[int], set[tuple[int, int]]]:
    """Nodes so that arrows point onward, and the (node, choice) of those that cannot, because they close a loop."""
    finished: list[int] = []
    back: set[tuple[int, int]] = set()
    open_nodes: set[int] = set()
    seen: set[int] = set()
    for root in range(len(targets)):
        if root in seen:
            continue
        seen.add(root)
        open_nodes.add(root)
        stack = [(root, iter(enumerate(targets[root])))]
        while stack:
            node, rest = stack[-1]
            choice, target = next(rest, (None, None))
            if choice is None:
                stack.pop()
                open_nodes.discard(node)
                finished.append(node)
            elif target in open_nodes:
                back.add((node, choice))
            elif target is not None and target not in seen:
                seen.add(target)
                open_nodes.add(target)
                stack.append((target, iter(enumerate(targets[target]))))
    return finished[::-1], back


def _forward(targets: Targets, back: set[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    for node, own in enumerate(targets):
        for choice, target in enumerate(own):
            if target is not None and (node, choice) not in back:
                yield node, choice, target


def _column_of(targets: Targets, order: Sequence[int], back: set[tuple[int, int]]) -> list[int]:
    column_of = [0] * len(targets)
    for node in order:
        for choice, target in enumerate(targets[node]):
            if target is not None and (node, choice) not in back:
                column_of[target] = max(column_of[target], column_of[node] + 1)
    return column_of


def _ways(targets: Targets, column_of: Sequence[int], back: set[tuple[int, int]]) -> tuple[list[_Way], list[list[int]]]:
    """The arrows that go forward, and the places in each column: nodes by their index, passing arrows by higher numbers."""
    columns: list[list[int]] = [[] for _ in range(max(column_of) + 1)]
    for node, column in enumerate(column_of):
        columns[column].append(node)
    ways = []
    free = len(targets)
    for node, choice, target in _forward(targets, back):
        passed = range(column_of[node] + 1, column_of[target])
        for column in passed:
            columns[column].append(free + column - passed.start)
        ways.append(_Way(choice, (node, *range(free, free + len(passed)), target)))
        free += len(passed)
    return ways, columns


def _neighbours(ways: Sequence[_Way]) -> tuple[dict[int, list[tuple[int, int]]], dict[int, list[int]]]:
    """For each place: the places before it, with the choice that leads on from there; and the places after it."""
    before: dict[int, list[tuple[int, int]]] = {}
    after: dict[int, list[int]] = {}
    for way in ways:
        for number, (left, right) in enumerate(pairwise(way.places)):
            before.setdefault(right, []).append((left, 0 if number else way.choice))
            after.setdefault(left, []).append(right)
    return before, after


def _sort(columns: Columns, ways: Sequence[_Way], targets: Targets) -> None:
    """Puts each column in order: by what leads there, then by what it leads to, then by what leads there again."""
    before, after = _neighbours(ways)
    rank = {place: number for column in columns for number, place in enumerate(column)}

    def by_before(place: int) -> float:
        own = [
            rank[left] + choice / (len(targets[left]) if left < len(targets) else 1) for left, choice in before[place]
        ]
        return sum(own) / len(own)

    def by_after(place: int) -> float:
        own = [rank[right] for right in after.get(place, ())]
        return sum(own) / len(own) if own else rank[place]

    for key, sweep in ((by_before, columns[1:]), (by_after, columns[-2::-1]), (by_before, columns[1:])):
        for column in sweep:
            column.sort(key=key)
            rank.update((place, number) for number, place in enumerate(column))


def _middles(columns: Columns, ways: Sequence[_Way], height: Callable[[int], int]) -> dict[int, int]:
    """The middle of each place from above: as near to what it hangs on as its column lets it."""
    before, after = _neighbours(ways)
    middles: dict[int, float] = {}
    for column in columns:
        low = 0.0
        for place in column:
            middles[place] = low + height(place) / 2
            low += height(place) + SPACE
    beside = {
        place: ([left for left, _ in before.get(place, ())], after.get(place, []))
        for column in columns
        for place in column
    }
    for side, sweep in ((0, columns[1:]), (1, columns[-2::-1]), (0, columns[1:])):
        for column in sweep:
            wanted = [_mean([middles[other] for other in beside[place][side]], middles[place]) for place in column]
            middles.update(zip(column, _apart(wanted, [height(place) for place in column]), strict=True))
    return {place: int(middle // 1) for place, middle in middles.items()}


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _apart(wanted: Sequence[float], heights: Sequence[int]) -> list[float]:
    """Middles in this order, each near what it wants and none over another.

    Pushing down from the first and up from the last both keep them apart, and so does the mean of the two.
    """
    between = [(above + below) // 2 + SPACE for above, below in pairwise(heights)]
    down, up = list(wanted), list(wanted)
    for index, distance in enumerate(between):
        down[index + 1] = max(down[index + 1], down[index] + distance)
    for index, distance in reversed(list(enumerate(between))):
        up[index] = min(up[index], up[index + 1] - distance)
    return [(low + high) / 2 for low, high in zip(down, up, strict=True)]


def _arrows(
    targets: Targets,
    boxes: Sequence[Box],
    ways: Sequence[_Way],
    passing: dict[int, int],
    back: set[tuple[int, int]],
) -> Iterator[Arrow]:
    way_of = {(way.places[0], way.choice): way for way in ways}
    arriving = _arriving(targets, boxes, way_of, passing)
    lowest = max([box.bottom for box in boxes] + list(passing.values()))
    lanes = 0
    for node, own in enumerate(targets):
        for choice, target in enumerate(own):
            box = boxes[node]
            x, y = box.right, box.y + box.height * (choice + 1) // (len(own) + 1)
            label = (x + LABEL, y)
            if target is None:
                yield Arrow(node, choice, None, False, f"M{x} {y}H{x + STUB}", label, (x + STUB, y))
                continue
            tip = (boxes[target].x, arriving[node, choice])
            if (node, choice) in back:
                lanes += 1
                lane = lowest + LANE * lanes
                out, home = x + 30 + 4 * (lanes % 5), tip[0] - 12 - 4 * (lanes % 5)
                line = f"M{x} {y}H{out}V{lane}H{home}V{tip[1]}H{tip[0]}"
            else:
                line = _line((x, y), tip, [passing[place] for place in way_of[node, choice].places[1:-1]])
            yield Arrow(node, choice, target, (node, choice) in back, line, label, tip)


def _arriving(
    targets: Targets, boxes: Sequence[Box], way_of: dict[tuple[int, int], _Way], passing: dict[int, int]
) -> dict[tuple[int, int], int]:
    """At what height each arrow reaches its box: spread over its side, in the order from above in which they come."""
    coming: dict[int, list[tuple[float, int, int]]] = {}
    for node, own in enumerate(targets):
        for choice, target in enumerate(own):
            if target is None:
                continue
            way = way_of.get((node, choice))
            last = way.places[-2] if way else None
            height = float("inf") if last is None else passing[last] if last in passing else boxes[last].y
            coming.setdefault(target, []).append((height, node, choice))
    return {
        (node, choice): boxes[target].y + boxes[target].height * (number + 1) // (len(arrows) + 1)
        for target, arrows in coming.items()
        for number, (_, node, choice) in enumerate(sorted(arrows))
    }


def _line(start: tuple[int, int], tip: tuple[int, int], passed: Sequence[int]) -> str:
    """A line that bends between columns and is straight in the columns that it passes."""
    x, y = start
    parts = [f"M{x} {y}"]
    for height in [*passed, tip[1]]:
        middle = x + GAP // 2
        parts.append(f"C{middle} {y} {middle} {height} {x + GAP} {height}")
        x, y = x + GAP, height
        if x < tip[0]:
            parts.append(f"H{x + BOX_WIDTH}")
            x += BOX_WIDTH
    return "".join(parts)

"""The drawing of a story: everything once, nothing over anything else, for whatever an editor wrote so far."""

import re
from itertools import combinations, pairwise

from hypothesis import given

from courses.graph import GAP, Arrow, Box, draw
from courses.scenario import Node
from tests.courses.test_scenario import END, branch, stories

STORY = [branch("start", "a", "b"), Node("a"), branch("b", "x", "start"), Node("x")]


def places(nodes: list[Node]) -> list[tuple[int, int]]:
    """Column and row of each box, counted."""
    boxes = draw(nodes).boxes
    columns = sorted({box.x for box in boxes})
    rows = {column: sorted(box.y for box in boxes if box.x == column) for column in columns}
    return [(columns.index(box.x), rows[box.x].index(box.y)) for box in boxes]


def test_steps_stand_in_columns_and_choices_in_their_order() -> None:
    assert places(STORY) == [(0, 0), (1, 0), (1, 1), (2, 0)]


def test_a_step_stands_right_of_every_step_that_leads_to_it() -> None:
    assert places([branch("start", "end", "b"), branch("b", "end"), END]) == [(0, 0), (1, 0), (2, 0)]


def test_a_loop_is_drawn_back_and_the_rest_forward() -> None:
    arrows = draw(STORY).arrows
    assert [(arrow.node, arrow.choice, arrow.target, arrow.back) for arrow in arrows] == [
        (0, 0, 1, False),
        (0, 1, 2, False),
        (2, 0, 3, False),
        (2, 1, 0, True),
    ]
    lowest = max(box.bottom for box in draw(STORY).boxes)
    assert max(heights(arrows[3])) > lowest


def test_a_choice_that_leads_nowhere_is_an_arrow_without_a_box() -> None:
    [arrow, _] = draw([branch("start", "nergens", "end"), END]).arrows
    assert (arrow.target, arrow.back) == (None, False)


def test_two_steps_with_one_sign_are_two_boxes_and_the_first_is_led_to() -> None:
    drawing = draw([branch("start", "end"), END, END])
    assert [box.node for box in drawing.boxes] == [0, 1, 2]
    assert [arrow.target for arrow in drawing.arrows] == [1]


def test_nothing_is_an_empty_drawing() -> None:
    drawing = draw([])
    assert (drawing.width, drawing.height, drawing.boxes, drawing.arrows) == (0, 0, (), ())


@given(stories(most=9))
def test_every_step_is_one_box_and_every_choice_one_arrow(nodes: list[Node]) -> None:
    drawing = draw(nodes)
    assert [box.node for box in drawing.boxes] == list(range(len(nodes)))
    assert [(arrow.node, arrow.choice) for arrow in drawing.arrows] == [
        (index, choice) for index, node in enumerate(nodes) for choice in range(len(node.choices))
    ]
    keys = [node.key for node in nodes]
    assert [arrow.target for arrow in drawing.arrows] == [
        keys.index(choice.to) if choice.to in keys else None for node in nodes for choice in node.choices
    ]


@given(stories(most=9))
def test_no_box_lies_over_another_and_all_is_in_the_picture(nodes: list[Node]) -> None:
    drawing = draw(nodes)
    for one, other in combinations(drawing.boxes, 2):
        assert one.right < other.x or other.right < one.x or one.bottom < other.y or other.bottom < one.y
    for box in drawing.boxes:
        assert box.x > 0
        assert box.y > 0
        assert box.right < drawing.width
        assert box.bottom < drawing.height
    for arrow in drawing.arrows:
        assert all(0 < x < drawing.width and 0 < y < drawing.height for x, y in corners(arrow))


@given(stories(most=9))
def test_an_arrow_leaves_its_box_on_the_right_arrives_on_the_left_and_crosses_none(nodes: list[Node]) -> None:
    drawing = draw(nodes)
    for arrow in drawing.arrows:
        start, *rest = corners(arrow)
        source = drawing.boxes[arrow.node]
        assert start[0] == source.right
        assert source.y < start[1] < source.bottom
        if arrow.target is not None:
            target = drawing.boxes[arrow.target]
            assert rest[-1] == arrow.tip
            assert arrow.tip[0] == target.x
            assert target.y < arrow.tip[1] < target.bottom
        assert not [box for box in drawing.boxes if any(through(box, *leg) for leg in legs(arrow))]


def test_thirty_steps_and_a_long_way_round() -> None:
    nodes = [branch(f"n{number}", f"n{number + 1}", "n29", "n0") for number in range(29)] + [Node("n29")]
    drawing = draw(nodes)
    assert len({(box.x, box.y) for box in drawing.boxes}) == 30
    assert [arrow.back for arrow in drawing.arrows if arrow.choice == 2] == [True] * 29
    assert len({arrow.line for arrow in drawing.arrows}) == 87


def corners(arrow: Arrow) -> list[tuple[int, int]]:
    """The points of an arrow's line, by reading its path again; a bend counts by its end."""
    points: list[tuple[int, int]] = []
    for command, numbers in re.findall(r"([MHVC])([^MHVC]+)", arrow.line):
        values = [int(number) for number in numbers.split()]
        if command == "H":
            points.append((values[0], points[-1][1]))
        elif command == "V":
            points.append((points[-1][0], values[0]))
        else:
            points.append((values[-2], values[-1]))
    return points


def heights(arrow: Arrow) -> list[int]:
    return [y for _, y in corners(arrow)]


def legs(arrow: Arrow) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The pieces of the line. A bend lies in one gap between columns: its control points are in its middle."""
    points = corners(arrow)
    bends = [
        (int(a), int(b))
        for a, b in re.findall(r"C(\d+) \d+ \d+ \d+ (\d+) \d+", arrow.line)
        if int(b) - int(a) != GAP // 2
    ]
    assert bends == []
    return list(pairwise(points))


def through(box: Box, start: tuple[int, int], end: tuple[int, int]) -> bool:
    """Whether the rectangle around this piece reaches inside the box."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return left < box.right and right > box.x and top < box.bottom and bottom > box.y

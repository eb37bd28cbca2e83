"""The graph of a story: what is refused, and that whatever is accepted can be walked to an end."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from courses.blocks import LessonBody
from courses.exercises import outcome
from courses.player import story
from courses.scenario import Choice, Fault, Node, PathLost, Step, faults, walk
from tests.courses.conftest import STORY, items, node, scenario

END = Node("end")


def branch(key: str, *targets: str, prompt: str = "Wat doe je?") -> Node:
    return Node(key, prompt, tuple(Choice(letter, to) for letter, to in zip("abcde", targets, strict=False)))


def test_a_story_with_two_decisions_is_right() -> None:
    assert faults([branch("start", "b", "end"), branch("b", "end", "start"), END]) == []


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([branch("start", "end"), END, END], [Fault("node_twice", 2)]),
        ([branch("start", "nergens"), END], [Fault("leads_nowhere", 0, 0)]),
        ([branch("start", "end", prompt=" "), END], [Fault("no_prompt", 0)]),
        (
            [Node("start", "?", (Choice("a", "end"), Choice("a", "end"))), END],
            [Fault("choice_twice", 0, 1)],
        ),
        ([branch("start", "end"), END, Node("los")], [Fault("unreachable", 2)]),
        (
            [branch("start", "end", "x"), branch("x", "y"), branch("y", "x"), END],
            [Fault("no_way_out", 1), Fault("no_way_out", 2)],
        ),
        ([branch("start", "start"), END], [Fault("no_way_out", 0), Fault("unreachable", 1)]),
        ([], [Fault("too_few", None)]),
        ([END], [Fault("too_few", None)]),
        ([branch("start", "nergens")], [Fault("too_few", None), Fault("leads_nowhere", 0, 0)]),
        ([Node("a"), Node("b")], [Fault("no_choices", 0)]),
        (
            [Node("start", "?", (Choice("a", "end"), Choice("a", "nergens"))), END],
            [Fault("choice_twice", 0, 1), Fault("leads_nowhere", 0, 1)],
        ),
    ],
)
def test_what_is_wrong_is_named_at_its_place(nodes: list[Node], expected: list[Fault]) -> None:
    assert faults(nodes) == expected


def test_walking() -> None:
    start = branch("start", "end", "b")
    b = branch("b", "end")
    nodes = [start, b, END]
    assert walk(nodes, []) == [Step(start, None)]
    assert walk(nodes, ["b", "a"]) == [Step(start, start.choices[1]), Step(b, b.choices[0]), Step(END, None)]


@pytest.mark.parametrize("path", [["z"], ["a", "a"], ["b", "b"]])
def test_a_choice_that_is_not_there_is_a_lost_path(path: list[str]) -> None:
    with pytest.raises(PathLost):
        walk([branch("start", "end", "b"), branch("b", "end"), END], path)


@st.composite
def stories(draw: st.DrawFn, most: int = 6) -> list[Node]:
    """Any graph at all: signs twice, choices that lead nowhere, loops, loose ends. Half of them begin well-formed."""
    count = draw(st.integers(1, most))
    keys = [f"n{index}" for index in range(count)]
    targets = st.sampled_from([*keys, "nergens"] if draw(st.booleans()) else keys)
    nodes = []
    for key in keys:
        own = draw(st.lists(targets, max_size=3))
        choices = tuple(Choice(letter, to) for letter, to in zip("abc", own, strict=False))
        nodes.append(Node(draw(st.sampled_from(keys)) if draw(st.integers(0, 9)) == 0 else key, "Wat doe je?", choices))
    return nodes


@given(stories(), st.randoms(use_true_random=False))
def test_what_is_accepted_can_be_walked_to_an_end_from_everywhere(nodes: list[Node], random: object) -> None:
    if faults(nodes):
        return
    path: list[str] = []
    for _ in range(random.randint(0, 8)):  # type: ignore[attr-defined]
        here = walk(nodes, path)[-1].node
        if not here.choices:
            break
        path.append(random.choice(here.choices).key)  # type: ignore[attr-defined]
    assert shortest_way_out(nodes, path) is not None


@given(stories())
def test_what_is_refused_for_its_ways_has_a_step_without_one(nodes: list[Node]) -> None:
    ways = [fault for fault in faults(nodes) if fault.code in {"unreachable", "no_way_out"}]
    reached = all_reachable(nodes) if ways else set()
    for fault in ways:
        key = nodes[fault.node].key
        assert (key not in reached) == (fault.code == "unreachable")


def told(nodes: list[Node]) -> dict[str, object]:
    """The graph as an editor would have written it."""
    raw = scenario()
    rows = [
        node(one.key, "Er gebeurt iets.", prompt=one.prompt, **{choice.key: choice.to for choice in one.choices})
        for one in nodes
    ]
    return {**raw, "value": {**raw["value"], "nodes": items(*rows)}}  # type: ignore[dict-item]


@given(stories(), st.randoms(use_true_random=False))
def test_the_player_finishes_whatever_the_editor_may_save(nodes: list[Node], random: object) -> None:
    """Through the block's own validation, what is kept of each choice, and what the page shows after it."""
    body = LessonBody()
    stream = body.to_python([told(nodes)])
    try:
        stream = body.clean(stream)
    except ValidationError:
        assert faults(nodes) or len(nodes) < 2
        return
    value = stream[0].value
    kept: dict[str, object] = {}
    for turn in range(200):
        shown = story(value, kept)
        assert not shown.changed
        if shown.ended:
            break
        choices = list(shown.here["choices"])
        path = [str(scene.chosen["key"]) for scene in shown.scenes]
        wandering = turn < random.randint(0, 12)  # type: ignore[attr-defined]
        key = random.choice(choices)["key"] if wandering else shortest_way_out(nodes, path)[0]  # type: ignore[attr-defined, index]
        result = outcome(stream, STORY, {"path": [*path, key]})
        assert result.answered == story(value, result.value).ended
        kept = result.value
    assert shown.ended
    assert kept == {"path": [scene.chosen["key"] for scene in shown.scenes], "done": True, "skipped": False}


def shortest_way_out(nodes: list[Node], path: list[str]) -> list[str] | None:
    """By trying every walk, with another method than the module's own."""
    by_key = {node.key: node for node in nodes}
    waiting = [(walk(nodes, path)[-1].node, list[str]())]
    seen: set[str] = set()
    while waiting:
        node, more = waiting.pop(0)
        if not node.choices:
            return more
        if node.key not in seen:
            seen.add(node.key)
            waiting += [(by_key[choice.to], [*more, choice.key]) for choice in node.choices]
    return None


def all_reachable(nodes: list[Node]) -> set[str]:
    by_key = {node.key: node for node in nodes}
    seen: set[str] = set()

    def visit(key: str) -> None:
        if key not in seen:
            seen.add(key)
            for choice in by_key[key].choices:
                visit(choice.to)

    visit(nodes[0].key)
    return seen

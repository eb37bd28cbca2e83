"""A branching story as a graph: what is wrong with one, and walking it. Data in, data out.

The first node is where a story starts; a node without choices is an end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from string import ascii_lowercase


@dataclass(frozen=True)
class Choice:
    key: str
    to: str


@dataclass(frozen=True)
class Node:
    key: str
    prompt: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What is wrong with ``nodes[node]``, or with one of its choices; ``node`` is None for the story as a whole.

    ``code``: too_few, node_twice, choice_twice, leads_nowhere, no_prompt, no_choices, unreachable, no_way_out. The last
    two are only looked for in a story that has none of the others, because they follow from them.
    """

    code: str
    node: int | None
    choice: int | None = None


@dataclass(frozen=True)
class Step:
    """A node that was passed, and the choice that was made there; None where the story stands now."""

    node: Node
    chosen: Choice | None


class PathLost(ValueError):
    """The choices do not fit this story (any more)."""


def faults(nodes: Sequence[Node]) -> list[Fault]:
    """Everything that is wrong, in the order of the nodes. Without faults, every walk can be walked to an end."""
    return _faults_in_nodes(nodes) or _faults_in_graph(nodes)


def signs_of_nodes(keys: Iterable[str]) -> list[str]:
    """The same signs, with the first free number where there was none."""
    return _filled(list(keys), map(str, count(1)))


def signs_of_choices(keys: Iterable[str]) -> list[str]:
    """The same signs, with the first free letter where there was none. Signs stay what they are: answers hang on them."""
    return _filled(list(keys), chain(ascii_lowercase, map(str, count(1))))


def _filled(keys: list[str], signs: Iterable[str]) -> list[str]:
    taken = set(keys)
    free = (sign for sign in signs if sign not in taken)
    return [key or next(free) for key in keys]


def _faults_in_nodes(nodes: Sequence[Node]) -> list[Fault]:
    found = []
    if len(nodes) < 2:
        found.append(Fault("too_few", None))
    elif not nodes[0].choices:
        found.append(Fault("no_choices", 0))
    keys = {node.key for node in nodes}
    seen: set[str] = set()
    for index, node in enumerate(nodes):
        if node.key in seen:
            found.append(Fault("node_twice", index))
        seen.add(node.key)
        if node.choices and not node.prompt.strip():
            found.append(Fault("no_prompt", index))
        own: set[str] = set()
        for number, choice in enumerate(node.choices):
            if choice.key in own:
                found.append(Fault("choice_twice", index, number))
            own.add(choice.key)
            if choice.to not in keys:
                found.append(Fault("leads_nowhere", index, number))
    return found


def _faults_in_graph(nodes: Sequence[Node]) -> list[Fault]:
    onward = {node.key: {choice.to for choice in node.choices} for node in nodes}
    backward: dict[str, set[str]] = {node.key: set() for node in nodes}
    for key, targets in onward.items():
        for target in targets:
            backward[target].add(key)
    reachable = _closure(onward, [nodes[0].key] if nodes else [])
    finishing = _closure(backward, [node.key for node in nodes if not node.choices])
    found = []
    for index, node in enumerate(nodes):
        if node.key not in reachable:
            found.append(Fault("unreachable", index))
        elif node.key not in finishing:
            found.append(Fault("no_way_out", index))
    return found


def _closure(edges: Mapping[str, set[str]], start: Sequence[str]) -> set[str]:
    reached = set(start)
    waiting = list(start)
    while waiting:
        for key in edges[waiting.pop()] - reached:
            reached.add(key)
            waiting.append(key)
    return reached


def walk(nodes: Sequence[Node], path: Sequence[str]) -> list[Step]:
    """The nodes that these choices lead along, from the first; the last one is where the story stands.

    Raises:
        PathLost: when a choice is not there, or the story has no steps.
    """
    if not nodes:
        raise PathLost
    by_key = {node.key: node for node in nodes}
    steps = []
    here = nodes[0]
    for key in path:
        chosen = next((choice for choice in here.choices if choice.key == key), None)
        if chosen is None or chosen.to not in by_key:
            raise PathLost(key)
        steps.append(Step(here, chosen))
        here = by_key[chosen.to]
    return [*steps, Step(here, None)]

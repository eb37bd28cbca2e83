"""Answers made up for a preview: to every exercise the first that can be chosen, or one that is right. Nobody gave them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from courses.exercises import Given
from courses.scenario import Node


def first_answer(child: Any) -> Given:
    """The first that this exercise (a block in its stream) offers, right or not; in a story the first choice everywhere."""
    return FIRST[child.block_type](child.value)


def right_answer(child: Any) -> Given:
    """What is right; where nothing is, the last that is offered."""
    return RIGHT[child.block_type](child.value)


def way_through(nodes: Sequence[Node], *, last_choice: bool = False) -> list[str]:
    """The choices that lead to an end, at each step the first of them (or the last). Empty when no way leads to one."""
    by_key = {node.key: node for node in nodes}

    def onward(key: str, passed: frozenset[str]) -> list[str] | None:
        node = by_key.get(key)
        if node is None or key in passed:
            return None
        if not node.choices:
            return []
        for choice in reversed(node.choices) if last_choice else node.choices:
            rest = onward(choice.to, passed | {key})
            if rest is not None:
                return [choice.key, *rest]
        return None

    return (onward(nodes[0].key, frozenset()) if nodes else None) or []


def _keys(rows: Iterable[Any], *, right: bool = False) -> list[str]:
    return [row["key"] for row in rows if row["correct"] or not right]


def _turned(value: Any) -> Given:
    """Every line in its place but the first, which comes last."""
    keys = [item["key"] for item in value["items"]]
    return {"order": keys[1:] + keys[:1]}


def _reflection(value: Any) -> Given:
    return {"text": _("Here stands what somebody wrote. Nobody else can read it.")}


FIRST: dict[str, Callable[[Any], Given]] = {
    "single_choice": lambda value: {"choice": value["choices"][0]["key"]},
    "multiple_choice": lambda value: {"choices": _keys(value["choices"])[:1]},
    "statement": lambda value: {"choice": "true"},
    "ordering": _turned,
    "matching": lambda value: {"pairs": {pair["key"]: value["pairs"][0]["key"] for pair in value["pairs"]}},
    "reflection": _reflection,
    "poll": lambda value: {"choice": value["choices"][0]["key"]},
    "scenario": lambda value: {"path": way_through(value.story)},
}
RIGHT: dict[str, Callable[[Any], Given]] = {
    "single_choice": lambda value: {"choice": _keys(value["choices"], right=True)[0]},
    "multiple_choice": lambda value: {"choices": _keys(value["choices"], right=True)},
    "statement": lambda value: {"choice": value["truth"]},
    "ordering": lambda value: {"order": [item["key"] for item in value["items"]]},
    "matching": lambda value: {"pairs": {pair["key"]: pair["key"] for pair in value["pairs"]}},
    "reflection": _reflection,
    "poll": lambda value: {"choice": value["choices"][-1]["key"]},
    "scenario": lambda value: {"path": way_through(value.story, last_choice=True)},
}

"""How people's choices spread over an exercise, and how long they took: values and numbers of people in, counts out. No names.

Counts are exact here; what may be shown of them is for the page that shows them. Reflections are not among what is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.scenario import PathLost, walk

#: A value as in ``Answer.value``, and how many people gave it.
Given = tuple[Mapping[str, Any], int]

LABEL_LENGTH = 90
READ, SKIPPED = "read", "skipped"


@dataclass(frozen=True)
class Option:
    """``right`` is None where nothing is right or wrong."""

    key: str
    label: str
    right: bool | None = None


@dataclass(frozen=True)
class Asked:
    """One thing that an exercise asks: its question, a line to place, a step of a story.

    ``exclusive``: who chose one option chose no other.
    """

    key: str
    label: str
    options: tuple[Option, ...]
    exclusive: bool = True


@dataclass(frozen=True)
class Tally:
    """``people`` by the key of what was asked, ``chosen`` by that key and the option's."""

    people: Counter[str] = field(default_factory=Counter)
    chosen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def without(self, part: Tally) -> Tally:
        """The same of everybody who is not in ``part``."""
        return Tally(self.people - part.people, self.chosen - part.chosen)


def is_counted(child: Any) -> bool:
    """Whether a block is an exercise of which choices are counted: every kind but a reflection."""
    return child.block_type in ASKED


def asked_in(child: Any) -> tuple[Asked, ...]:
    """Everything that this exercise (a block in its stream) asks, in the order in which it stands there.

    Raises:
        KeyError: for a block of which nothing is counted.
    """
    return ASKED[child.block_type](child.value)


def sums_in(child: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """What adds up in this exercise: the key of what was asked, and the choices (as in ``Tally.chosen``) that make up its people.

    Whoever knows a sum and all but one of its parts knows that part too.
    """
    asked = asked_in(child)
    sums = [(one.key, [(one.key, option.key) for option in one.options]) for one in asked if one.exclusive]
    if child.block_type == "ordering":
        sums += [(asked[0].key, [(one.key, option.key) for one in asked]) for option in asked[0].options]
    if child.block_type == "scenario":
        ways = [(node.key, choice.key, choice.to) for node in child.value.story for choice in node.choices]
        sums += [(one.key, [(key, choice) for key, choice, to in ways if to == one.key]) for one in asked]
    return [(total, parts) for total, parts in sums if parts]


def tally(child: Any, given: Iterable[Given]) -> Tally:
    """What was chosen in this exercise. Choices that an editor took away since, and paths that lead nowhere now, are left out."""
    known = {(asked.key, option.key) for asked in asked_in(child) for option in asked.options}
    found = Tally()
    for value, people in given:
        for key, options in _choices(child.value, value):
            kept = {option for option in options if (key, option) in known}
            if options and not kept:
                continue
            found.people[key] += people
            for option in kept:
                found.chosen[key, option] += people
    return found


def quartiles(counts: Mapping[int, int]) -> tuple[int, int, int] | None:
    """The values that a quarter, half and three quarters of the people do not pass (nearest rank); None without people.

    ``counts``: how many people have each value.
    """
    total = sum(counts.values())
    if not total:
        return None
    ranked = sorted(counts.items())

    def at(quarters: int) -> int:
        rank = -(-total * quarters // 4)
        for value, people in ranked:
            rank -= people
            if rank <= 0:
                return value
        raise AssertionError("a rank is at most the number of people")

    return at(1), at(2), at(3)


def name_of(child: Any) -> str:
    """What a block is called in a list: its question, title or first words."""
    value = child.value
    if isinstance(value, Mapping):
        words = next(
            (value[key] for key in ("title", "statement", "question", "text", "caption") if value.get(key)), ""
        )
    else:
        words = _read(getattr(value, "source", ""))
    return _short(words)


def _choices(block: Any, value: Mapping[str, Any]) -> list[tuple[str, set[str]]]:
    """What a kept value says, by its shape: the key of what was asked, and the keys of the options that were chosen."""
    if "choice" in value:
        return [("", {value["choice"]})]
    if "choices" in value:
        return [("", set(value["choices"]))]
    if "order" in value:
        return [(key, {str(place)}) for place, key in enumerate(value["order"], start=1)]
    if "pairs" in value:
        rights = {pair["key"]: pair["right"] for pair in block["pairs"]}
        return [(left, {rights.get(right, right)}) for left, right in value["pairs"].items()]
    if value.get("skipped"):
        return [("", {SKIPPED})]
    if "path" in value:
        return _steps(block, value["path"])
    return []


def _steps(block: Any, path: Sequence[str]) -> list[tuple[str, set[str]]]:
    """That the story was read, and each step that was reached, once, with every choice made there: going round makes several."""
    try:
        steps = walk(block.story, path)
    except PathLost:
        return []
    reached: dict[str, set[str]] = {"": {READ}}
    for step in steps:
        chosen = reached.setdefault(step.node.key, set())
        if step.chosen:
            chosen.add(step.chosen.key)
    return list(reached.items())


def _question(value: Any) -> tuple[Asked, ...]:
    options = tuple(Option(choice["key"], choice["text"], choice.get("correct")) for choice in value["choices"])
    return (Asked("", "", options),)


def _several(value: Any) -> tuple[Asked, ...]:
    (question,) = _question(value)
    return (Asked("", "", question.options, exclusive=False),)


def _statement(value: Any) -> tuple[Asked, ...]:
    words = {"true": pgettext("statement", "True"), "false": pgettext("statement", "Not true")}
    return (Asked("", "", tuple(Option(key, word, value["truth"] == key) for key, word in words.items())),)


def _ordering(value: Any) -> tuple[Asked, ...]:
    places = range(1, len(value["items"]) + 1)
    return tuple(
        Asked(
            item["key"],
            item["text"],
            tuple(Option(str(place), _("Place %(number)d") % {"number": place}, place == own) for place in places),
        )
        for own, item in enumerate(value["items"], start=1)
    )


def _matching(value: Any) -> tuple[Asked, ...]:
    rights = list(dict.fromkeys(pair["right"] for pair in value["pairs"]))
    return tuple(
        Asked(pair["key"], pair["left"], tuple(Option(right, right, right == pair["right"]) for right in rights))
        for pair in value["pairs"]
    )


def _scenario(value: Any) -> tuple[Asked, ...]:
    """First whether the story was read at all, then each step."""
    steps = (
        Asked(
            node["key"],
            _short(_read(node["html"].source)),
            tuple(Option(choice["key"], choice["text"]) for choice in node["choices"]),
        )
        for node in value["nodes"]
    )
    return (Asked("", "", (Option(READ, _("Went through the story")), Option(SKIPPED, _("Skipped the story")))), *steps)


def _read(html: str) -> str:
    """Rich text as the words that a reader sees."""
    return unescape(strip_tags(html.replace("<", " <")))


def _short(words: str) -> str:
    return Truncator(" ".join(words.split())).chars(LABEL_LENGTH)


ASKED: dict[str, Callable[[Any], tuple[Asked, ...]]] = {
    "single_choice": _question,
    "multiple_choice": _several,
    "statement": _statement,
    "ordering": _ordering,
    "matching": _matching,
    "poll": _question,
    "scenario": _scenario,
}

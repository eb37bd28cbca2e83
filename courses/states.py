"""What stands in an exercise when it is shown: the block and what was kept in, its state out. Stories are in the player."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

from django.utils.translation import pgettext

SPREAD_FROM = 5  # people who answered a poll, before anybody sees the spread


@dataclass(frozen=True)
class Standing:
    """What is known of an exercise when it is shown.

    ``kept``: as in ``Answer.value``, empty when nothing was done. ``filled``: the ``Given`` of a form that was refused, so that
    it stands there again. ``spread``: of a poll, how many chose each key; None when it is not to be shown.
    """

    block_id: str
    value: Any
    kept: Mapping[str, Any]
    filled: Mapping[str, Any] | None = None
    spread: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Option:
    key: str
    text: str
    checked: bool


@dataclass(frozen=True)
class Choosing:
    """Answers to choose from; ``chosen`` are those of the block that were kept, in its order."""

    options: Sequence[Option]
    chosen: Sequence[Any]
    right: bool

    @property
    def attempted(self) -> bool:
        return bool(self.chosen)

    @property
    def astray(self) -> bool:
        """Something was chosen that is not right; without it and without ``right``, something is still missing."""
        return not all(choice["correct"] for choice in self.chosen)


@dataclass(frozen=True)
class Stating:
    """``said`` is "true" or "false", "" when nothing was said yet."""

    options: Sequence[Option]
    said: str
    right: bool
    feedback: str

    @property
    def attempted(self) -> bool:
        return bool(self.said)


@dataclass(frozen=True)
class Share:
    """How many people chose one answer of a poll; ``own`` for the reader's."""

    text: str
    count: int
    own: bool


@dataclass(frozen=True)
class Voting:
    """``shares`` is empty as long as fewer than ``SPREAD_FROM`` people answered."""

    options: Sequence[Option]
    chosen: Any
    shares: Sequence[Share]
    total: int
    least: int = SPREAD_FROM

    @property
    def attempted(self) -> bool:
        return self.chosen is not None


@dataclass(frozen=True)
class Place:
    """A line to put in order; ``number`` is the one filled in, "" when there is none."""

    key: str
    text: str
    number: str


@dataclass(frozen=True)
class Ordering:
    """``turns`` are pairs of neighbours that are better the other way round: what comes first, and what comes after it."""

    places: Sequence[Place]
    attempted: bool
    turns: Sequence[tuple[str, str]]
    right_order: Sequence[str]

    @property
    def numbers(self) -> list[tuple[int, int]]:
        """What can be chosen for a line, as value and words."""
        return [(number, number) for number in range(1, len(self.places) + 1)]

    @property
    def right(self) -> bool:
        return self.attempted and not self.turns


@dataclass(frozen=True)
class Pair:
    """``chosen`` is the key filled in with this line; ``said`` the words that were kept with it, ``fits`` the right ones."""

    key: str
    left: str
    chosen: str
    said: str
    fits: str

    @property
    def right(self) -> bool:
        return self.said == self.fits


@dataclass(frozen=True)
class Matching:
    """``options``: key and words of everything that can be chosen, mixed up."""

    pairs: Sequence[Pair]
    options: Sequence[tuple[str, str]]
    attempted: bool

    @property
    def right(self) -> bool:
        return self.attempted and all(pair.right for pair in self.pairs)


@dataclass(frozen=True)
class Reflecting:
    """``text`` stands in the field; ``attempted`` says that something is kept."""

    text: str
    attempted: bool


def chosen(choices: Sequence[Any], key: str | None) -> Any:
    """The choice with this key; None when nothing was chosen or the choice was taken away."""
    return next((choice for choice in choices if choice["key"] == key), None)


def mixed(keys: Sequence[str], seed: str) -> list[str]:
    """Always in the same other order. Two or more keys never keep the order in which they came."""
    found = list(keys)
    Random(seed).shuffle(found)
    return found if found != list(keys) else found[1:] + found[:1]


def single_choice(at: Standing) -> Choosing:
    choices = at.value["choices"]
    own = chosen(choices, at.kept.get("choice"))
    return Choosing(
        options=_options(choices, {_picked(at)}),
        chosen=[own] if own else [],
        right=bool(own and own["correct"]),
    )


def multiple_choice(at: Standing) -> Choosing:
    choices = at.value["choices"]
    own = [choice for choice in choices if choice["key"] in at.kept.get("choices", [])]
    return Choosing(
        options=_options(choices, set((at.filled or at.kept).get("choices", []))),
        chosen=own,
        right=own == [choice for choice in choices if choice["correct"]],
    )


def statement(at: Standing) -> Stating:
    words = [
        {"key": "true", "text": pgettext("statement", "True")},
        {"key": "false", "text": pgettext("statement", "Not true")},
    ]
    said = at.kept.get("choice", "")
    return Stating(
        options=_options(words, {_picked(at)}),
        said=said,
        right=said == at.value["truth"],
        feedback=at.value[f"feedback_{said}"] if said else "",
    )


def poll(at: Standing) -> Voting:
    choices = at.value["choices"]
    own = chosen(choices, at.kept.get("choice"))
    counts = at.spread or {}
    shares = [Share(choice["text"], counts.get(choice["key"], 0), choice is own) for choice in choices]
    total = sum(share.count for share in shares)
    return Voting(
        options=_options(choices, {_picked(at)}),
        chosen=own,
        shares=shares if own and total >= SPREAD_FROM else [],
        total=total,
    )


def _picked(at: Standing) -> str:
    """A form in which nothing was chosen shows what was chosen before."""
    return (at.filled or {}).get("choice") or at.kept.get("choice", "")


def _options(choices: Sequence[Any], checked: set[Any]) -> list[Option]:
    return [Option(choice["key"], choice["text"], choice["key"] in checked) for choice in choices]


def ordering(at: Standing) -> Ordering:
    texts = {item["key"]: item["text"] for item in at.value["items"]}
    right = list(texts)
    order = at.kept.get("order", [])
    attempted = sorted(order) == sorted(right)  # not when an editor added or took away a line since
    shown = order if attempted else mixed(right, at.block_id)
    numbers = {key: str(place) for place, key in enumerate(order, start=1)} if attempted else {}
    if at.filled is not None:
        numbers = at.filled.get("places", {})
    return Ordering(
        places=[Place(key, texts[key], numbers.get(key, "")) for key in shown],
        attempted=attempted,
        turns=[
            (texts[after], texts[before])
            for before, after in pairwise(order)
            if attempted and right.index(before) > right.index(after)
        ],
        right_order=list(texts.values()),
    )


def matching(at: Standing) -> Matching:
    pairs = at.value["pairs"]
    rights = {pair["key"]: pair["right"] for pair in pairs}
    kept = at.kept.get("pairs", {})
    attempted = kept.keys() == rights.keys() and set(kept.values()) <= rights.keys()
    filled = kept if at.filled is None else at.filled.get("pairs", {})
    return Matching(
        pairs=[
            Pair(
                key=pair["key"],
                left=pair["left"],
                chosen=filled.get(pair["key"], ""),
                said=rights[kept[pair["key"]]] if attempted else "",
                fits=pair["right"],
            )
            for pair in pairs
        ],
        options=[(key, rights[key]) for key in mixed(list(rights), at.block_id)],
        attempted=attempted,
    )


def reflection(at: Standing) -> Reflecting:
    text = at.kept.get("text", "")
    return Reflecting(text=text if at.filled is None else at.filled.get("text", ""), attempted=bool(text))

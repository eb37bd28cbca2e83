"""How long a lesson takes: its words at a reading pace, and the time that its exercises ask. Data in, data out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Any

from wagtail.blocks import StreamValue

from courses.scenario import Node

WORDS_A_MINUTE = 180  # read with attention, at B1; 238 is what adults read silently for themselves (Brysbaert, 2019)
CHOOSING = 30  # seconds to make up one's mind, and to think about what came of it
WEIGHING = 15  # seconds for one line that gets a yes or no, a place or a partner
WRITING = 180  # seconds for a reflection


def minutes_of(body: StreamValue) -> int:
    """Whole minutes, rounded up; at least one. More blocks never take fewer."""
    return max(1, ceil(sum(map(_seconds, body)) / 60))


def _seconds(child: StreamValue.StreamChild) -> Fraction:
    return TIMES[child.block_type](child.value) if child.block_type in TIMES else _reading(words_in(child))


def words_in(bound: Any) -> int:
    """Words of a block as its search index has them: all that can be read in it, and no signs, addresses or names of files."""
    return count_words(*bound.block.get_searchable_content(bound.value))


def count_words(*texts: Any) -> int:
    return sum(len(str(text).split()) for text in texts)


def _reading(words: int) -> Fraction:
    """Seconds, not rounded, so that a lesson is rounded once."""
    return Fraction(words * 60, WORDS_A_MINUTE)


def _by_side(value: Any) -> Fraction:
    """One reads the side that is one's own."""
    sides = [words_in(value.bound_blocks[side]) for side in ("school", "workplace")]
    return _reading(max(sides) + count_words(value["title"]))


def _single_choice(value: Any) -> Fraction:
    """All the answers, and the longest feedback."""
    feedback = [count_words(choice["feedback"]) for choice in value["choices"]]
    return CHOOSING + _reading(_asked(value) + max(feedback, default=0))


def _multiple_choice(value: Any) -> Fraction:
    """Each answer is weighed for itself; its feedback is read with it."""
    feedback = [count_words(choice["feedback"]) for choice in value["choices"]]
    return WEIGHING * len(feedback) + _reading(_asked(value) + sum(feedback) + count_words(value["feedback"]))


def _statement(value: Any) -> Fraction:
    feedback = max(count_words(value["feedback_true"]), count_words(value["feedback_false"]))
    return CHOOSING + _reading(count_words(value["statement"]) + feedback)


def _ordering(value: Any) -> Fraction:
    """The lines are read twice: mixed up, and in the right order."""
    lines = [item["text"] for item in value["items"]]
    return WEIGHING * len(lines) + _reading(count_words(value["question"], *lines, *lines, value["feedback"]))


def _matching(value: Any) -> Fraction:
    """The pairs are read twice: apart, and together."""
    words = [count_words(pair["left"], pair["right"]) for pair in value["pairs"]]
    return WEIGHING * len(words) + _reading(2 * sum(words) + count_words(value["question"], value["feedback"]))


def _reflection(value: Any) -> Fraction:
    return WRITING + _reading(count_words(value["question"], value["hint"]))


def _poll(value: Any) -> Fraction:
    return CHOOSING + _reading(_asked(value) + count_words(value["feedback"]))


def _asked(value: Any) -> int:
    return count_words(value["question"], *(choice["text"] for choice in value["choices"]))


def _scenario(value: Any) -> Fraction:
    """The longest way through, with a choice at each of its steps."""
    around = count_words(value["title"], value["notice"], value["sentence"], value["question"])
    around += words_in(value.bound_blocks["setting"])
    times = {
        bound.value["key"]: _reading(words_in(bound)) + (CHOOSING if bound.value["choices"] else 0)
        for bound in value["nodes"].bound_blocks
    }
    return _reading(around) + longest_way(value.story, times)


def longest_way(nodes: Sequence[Node], times: Mapping[str, Fraction]) -> Fraction:
    """What the longest way from the first node takes. Where a story can go round, all of that round counts once.

    Choices that lead nowhere (in a draft) end there.
    """
    onward = {node.key: {choice.to for choice in node.choices if choice.to in times} for node in nodes}
    beyond = {key: _reached(onward, targets) for key, targets in onward.items()}
    rounds = {key: frozenset({key, *(other for other in beyond[key] if key in beyond[other])}) for key in onward}
    known: dict[frozenset[str], Fraction] = {}

    def way(here: frozenset[str]) -> Fraction:
        if here not in known:
            exits = {rounds[target] for key in here for target in onward[key] if target not in here}
            known[here] = sum((times[key] for key in here), Fraction(0)) + max(map(way, exits), default=Fraction(0))
        return known[here]

    return way(rounds[nodes[0].key]) if nodes else Fraction(0)


def _reached(onward: Mapping[str, set[str]], start: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        key = waiting.pop()
        if key not in reached:
            reached.add(key)
            waiting += onward[key]
    return reached


TIMES: dict[str, Callable[[Any], Fraction]] = {
    "by_side": _by_side,
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "statement": _statement,
    "ordering": _ordering,
    "matching": _matching,
    "reflection": _reflection,
    "poll": _poll,
    "scenario": _scenario,
}

"""How choices are counted: by the shape of what was kept, for every kind of exercise."""

from collections import Counter
from itertools import chain, repeat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.blocks import LessonBody
from courses.exercises import OUTCOMES
from courses.statistics import ASKED, Asked, Option, Tally, asked_in, is_counted, name_of, quartiles, sums_in, tally
from tests.courses import kinds
from tests.courses.conftest import scenario, single_choice


def child(block: dict[str, Any]) -> Any:
    return LessonBody().to_python([block])[0]


CASES = {
    "single_choice": (
        single_choice(),
        [({"choice": "a"}, 3), ({"choice": "b"}, 4), ({"choice": "gone"}, 9)],
        Tally(Counter({"": 7}), Counter({("", "a"): 3, ("", "b"): 4})),
    ),
    "multiple_choice": (
        kinds.multiple_choice(),
        [({"choices": ["a", "b"]}, 2), ({"choices": ["b", "gone"]}, 1), ({"choices": ["gone"]}, 9)],
        Tally(Counter({"": 3}), Counter({("", "a"): 2, ("", "b"): 3})),
    ),
    "statement": (
        kinds.statement(),
        [({"choice": "true"}, 1), ({"choice": "false"}, 2)],
        Tally(Counter({"": 3}), Counter({("", "true"): 1, ("", "false"): 2})),
    ),
    "poll": (kinds.poll(), [({"choice": "c"}, 5)], Tally(Counter({"": 5}), Counter({("", "c"): 5}))),
    "ordering": (
        kinds.ordering(),
        [({"order": ["b", "a", "c"]}, 2), ({"order": ["a", "b", "c"]}, 1)],
        Tally(
            Counter({"a": 3, "b": 3, "c": 3}),
            Counter({("b", "1"): 2, ("a", "2"): 2, ("c", "3"): 3, ("a", "1"): 1, ("b", "2"): 1}),
        ),
    ),
    "matching": (
        kinds.matching(),
        [({"pairs": {"a": "b", "b": "b", "c": "c"}}, 2)],
        Tally(
            Counter({"a": 2, "b": 2, "c": 2}),
            Counter({("a", "Indirect"): 2, ("b", "Indirect"): 2, ("c", "Een eis over het werk"): 2}),
        ),
    ),
    "scenario": (
        scenario(),
        [
            ({"path": ["a"], "done": True, "skipped": False}, 2),
            ({"path": ["b", "y"], "done": True, "skipped": False}, 3),
            ({"path": ["b"], "done": False, "skipped": False}, 1),
            ({"path": ["b", "gone"], "done": False, "skipped": False}, 9),
            ({"path": [], "done": False, "skipped": True}, 4),
        ],
        Tally(
            Counter({"": 10, "n1": 6, "n2": 4, "end": 2, "good": 3}),
            Counter({("", "read"): 6, ("", "skipped"): 4, ("n1", "a"): 2, ("n1", "b"): 4, ("n2", "y"): 3}),
        ),
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_what_was_chosen_is_counted(kind: str) -> None:
    block, values, counted = CASES[kind]
    assert tally(child(block), values) == counted


def test_every_kind_is_counted_but_a_reflection() -> None:
    assert CASES.keys() == ASKED.keys() == OUTCOMES.keys() - {"reflection"}
    thought = child(kinds.reflection())
    assert not is_counted(thought)
    with pytest.raises(KeyError):
        tally(thought, [({"text": "Toen ik zweeg."}, 7)])


def test_going_round_in_a_story_counts_a_step_once_and_each_choice() -> None:
    story = scenario()
    story["value"]["nodes"][1]["value"]["choices"][0]["value"]["to"] = "n1"
    path = {"path": ["b", "x", "b", "x", "a"], "done": True, "skipped": False}
    assert tally(child(story), [(path, 2)]) == Tally(
        Counter({"": 2, "n1": 2, "n2": 2, "end": 2}),
        Counter({("", "read"): 2, ("n1", "a"): 2, ("n1", "b"): 2, ("n2", "x"): 2}),
    )


def test_what_is_asked_has_the_words_of_the_exercise() -> None:
    assert asked_in(child(single_choice())) == (
        Asked("", "", (Option("a", "Alleen de klant.", False), Option("b", "Jullie allebei.", True))),
    )
    assert asked_in(child(kinds.matching()))[2] == Asked(
        "c",
        "Op tijd komen",
        (
            Option("Direct", "Direct", False),
            Option("Indirect", "Indirect", False),
            Option("Een eis over het werk", "Een eis over het werk", True),
        ),
    )
    assert [(one.key, one.label, len(one.options)) for one in asked_in(child(scenario()))] == [
        ("", "", 2),
        ("n1", "De manager belt.", 2),
        ("n2", "Er is geen regel.", 2),
        ("end", "De plek is weg.", 0),
        ("good", "Samira beslist zelf.", 0),
    ]


def test_what_adds_up() -> None:
    assert sums_in(child(kinds.multiple_choice())) == []
    assert sums_in(child(kinds.poll())) == [("", [("", "a"), ("", "b"), ("", "c")])]
    assert sums_in(child(kinds.ordering()))[2:4] == [
        ("c", [("c", "1"), ("c", "2"), ("c", "3")]),
        ("a", [("a", "1"), ("b", "1"), ("c", "1")]),
    ]
    assert sums_in(child(scenario())) == [
        ("", [("", "read"), ("", "skipped")]),
        ("n1", [("n1", "a"), ("n1", "b")]),
        ("n2", [("n2", "x"), ("n2", "y")]),
        ("n2", [("n1", "b")]),
        ("end", [("n1", "a"), ("n2", "x")]),
        ("good", [("n2", "y")]),
    ]


def test_names_are_the_first_words_that_a_reader_sees() -> None:
    text = {"type": "text", "id": "0", "value": f"<h2>Kop</h2><p>Tekst &amp; meer {'lang ' * 40}</p>"}
    assert name_of(child(text)).startswith("Kop Tekst & meer lang")
    assert len(name_of(child(text))) == 90
    assert [name_of(child(one)) for one in kinds.every_kind()] == [
        "Wie maakt onderscheid?",
        "Welke eisen gaan over het werk?",
        "Zonder bedoeling is het geen discriminatie.",
        "Wat eerst?",
        "Wat is dit?",
        "Wanneer zei jij niets?",
        "Praten jullie erover?",
        "Iets neutraals",
    ]


@given(st.dictionaries(st.integers(0, 90), st.integers(1, 40), min_size=1))
def test_quartiles_are_the_values_at_their_rank(counts: dict[int, int]) -> None:
    everyone = sorted(chain.from_iterable(repeat(value, people) for value, people in counts.items()))
    total = len(everyone)
    ranks = [next(rank for rank in range(1, total + 1) if rank * 4 >= total * part) for part in (1, 2, 3)]
    assert quartiles(counts) == tuple(everyone[rank - 1] for rank in ranks)


def test_nobody_has_no_quartiles() -> None:
    assert quartiles({}) is None

"""No number under five can be worked out from what editors are shown, however it is put together."""

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parties.small_groups import HELD_BACK, rounded, tells_too_much, words

parts_of_one = st.lists(st.integers(0, 14), min_size=1, max_size=5)
EXTREME = st.lists(st.sampled_from([3, 4, 9]), min_size=1, max_size=5)


def possible(total: int, parts: list[int]) -> list[set[int]]:
    """For each part everything it can be, for who sees only the rounded numbers: found by trying it all."""

    def behind(count: int) -> range:
        number = rounded(count)
        low = 0 if isinstance(number, str) else number
        return range(low, low + 5)

    fitting = [one for one in product(*map(behind, parts)) if sum(one) in behind(total)]
    return [set(column) for column in zip(*fitting, strict=True)]


@given(parts_of_one | EXTREME)
def test_what_is_shown_leaves_a_hidden_part_at_least_three_values(parts: list[int]) -> None:
    total = sum(parts)
    assume(total >= 5 and not tells_too_much(total, parts))
    for part, values in zip(parts, possible(total, parts), strict=True):
        assert part >= 5 or len(values) >= 3


def test_nothing_is_held_back_without_need() -> None:
    held_back = [list(parts) for parts in product([3, 4, 9], repeat=4) if tells_too_much(sum(parts), parts)]
    assert [4, 4, 4, 4] in held_back
    for parts in held_back:
        of_hidden = [values for part, values in zip(parts, possible(sum(parts), parts), strict=True) if part < 5]
        assert min(map(len, of_hidden)) < 3


@pytest.mark.parametrize(
    ("parts", "known"),
    [
        ([4, 4, 4, 4, 4], True),
        ([9, 4, 4, 4, 4], True),
        ([4, 4, 4, 3], True),
        ([4, 4, 3], False),
        ([5, 1, 1, 1, 1], False),
        ([12, 0], False),
        ([9, 9, 9, 9, 9], False),
    ],
)
def test_numbers_that_would_be_known(parts: list[int], known: bool) -> None:
    assert tells_too_much(sum(parts), parts) == known


@pytest.mark.parametrize(("count", "seen"), [(0, "<5"), (1, "<5"), (4, "<5"), (5, 5), (9, 5), (10, 10), (1234, 1230)])
def test_rounding(count: int, seen: object) -> None:
    assert rounded(count) == seen


def test_words() -> None:
    from django.utils.translation import override

    with override("en"):
        assert [words(number) for number in ["<5", HELD_BACK, 120]] == ["fewer than 5", "held back", "120"]

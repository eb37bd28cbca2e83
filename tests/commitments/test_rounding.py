import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.rounding import month_end, percentage
from parties.small_groups import shown


@pytest.mark.parametrize(
    ("count", "as_shown"), [(0, 0), (1, "<5"), (4, "<5"), (5, 5), (9, 5), (10, 10), (142, 140), (99_999, 99_995)]
)
def test_small_counts_are_hidden_and_others_go_down_to_a_multiple_of_five(count: int, as_shown: int | str) -> None:
    assert shown(count) == as_shown


def test_percentages_come_from_the_rounded_figure() -> None:
    assert percentage(shown(142), 388) == 36  # 140 of 388; of 142 it would be 36.6
    assert percentage(shown(99), 100) == 95
    assert percentage(shown(3), 100) is None
    assert percentage(5, None) is None
    assert percentage(5, 0) is None


@pytest.mark.parametrize(
    ("chosen", "answered"),
    [
        (dt.date(2026, 6, 30), dt.date(2026, 6, 30)),
        (dt.date(2026, 6, 29), dt.date(2026, 5, 31)),
        (dt.date(2026, 1, 1), dt.date(2025, 12, 31)),
        (dt.date(2028, 2, 29), dt.date(2028, 2, 29)),
        (dt.date(2028, 2, 28), dt.date(2028, 1, 31)),
    ],
)
def test_a_chosen_date_snaps_to_the_last_end_of_a_month(chosen: dt.date, answered: dt.date) -> None:
    assert month_end(chosen) == answered


@given(st.integers(0, 10_000), st.integers(0, 4))
def test_nobody_can_tell_one_person_more_or_less_within_a_step(fives: int, more: int) -> None:
    count = fives * 5 + more
    if count >= 5:
        assert shown(count) == fives * 5
    elif count:
        assert shown(count) == "<5"

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from commitments.intervals import FOREVER, covers, intersection, interval, union

FIRST = dt.date(2026, 1, 1)
DAYS = [FIRST + dt.timedelta(days=number) for number in range(30)]

intervals = st.lists(
    st.tuples(st.sampled_from(DAYS), st.one_of(st.just(FOREVER), st.sampled_from(DAYS))).filter(
        lambda one: one[0] < one[1]
    )
)


def day(number: int) -> dt.date:
    return DAYS[number - 1]


def test_neighbours_and_overlaps_become_one_and_empty_ones_nothing() -> None:
    assert union([(day(3), day(5)), (day(1), day(3)), (day(4), day(8)), (day(10), day(10)), (day(12), FOREVER)]) == [
        (day(1), day(8)),
        (day(12), FOREVER),
    ]


def test_what_has_no_end_goes_on_for_ever() -> None:
    assert interval(day(2), None) == (day(2), FOREVER)
    assert intersection([(day(2), FOREVER)], [(day(1), day(4)), (day(6), FOREVER)]) == [
        (day(2), day(4)),
        (day(6), FOREVER),
    ]


@given(intervals, intervals)
def test_they_hold_the_days_that_a_count_by_day_says(first: list, second: list) -> None:
    one, both = union([*first, *second]), intersection(first, second)
    for date in DAYS:
        assert covers(one, date) == (covers(first, date) or covers(second, date))
        assert covers(both, date) == (covers(first, date) and covers(second, date))


@given(intervals)
def test_a_union_is_sorted_and_leaves_gaps(found: list) -> None:
    merged = union(found)
    assert all(earlier[1] < later[0] for earlier, later in itertools.pairwise(merged))

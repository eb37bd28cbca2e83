import datetime as dt

import pytest

from commitments.metrics import ORGANISATION
from commitments.models import LedgerTotal
from commitments.numbers import trend, value_on, values_on

pytestmark = pytest.mark.django_db


def day(year: int, month: int, number: int = 1) -> dt.date:
    return dt.date(year, month, number)


@pytest.fixture
def totals() -> None:
    """Organisation 7: +4 on 5 May, -1 on 20 May, +2 on 30 June; organisation 8: +9 on 5 May."""
    for scope_id, date, delta in (
        (7, day(2026, 5, 5), 4),
        (7, day(2026, 5, 20), -1),
        (7, day(2026, 6, 30), 2),
        (8, day(2026, 5, 5), 9),
    ):
        key = {"scope": ORGANISATION, "scope_id": scope_id, "metric": "trained"}
        LedgerTotal.objects.create(**key, span="day", date=date, delta=delta)
        month, _ = LedgerTotal.objects.get_or_create(
            **key, span="month", date=date.replace(day=1), defaults={"delta": 0}
        )
        month.delta += delta
        month.save()


@pytest.mark.parametrize(
    ("date", "value"),
    [
        (day(2026, 5, 4), 0),
        (day(2026, 5, 5), 4),
        (day(2026, 5, 19), 4),
        (day(2026, 5, 20), 3),
        (day(2026, 5, 31), 3),
        (day(2026, 6, 29), 3),
        (day(2026, 6, 30), 5),
        (day(2030, 1, 1), 5),
    ],
)
def test_a_value_holds_everything_up_to_and_including_the_day(totals: None, date: dt.date, value: int) -> None:
    assert value_on(ORGANISATION, 7, "trained", date) == value


def test_many_at_once_are_one_query(totals: None, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    dates = [day(2026, 5, 10), day(2026, 6, 30)]
    with django_assert_num_queries(1):
        found = values_on(ORGANISATION, [7, 8, 9], ["trained", "certificates"], dates)
    assert {key: value for key, value in found.items() if value} == {
        (7, "trained", dates[0]): 4,
        (7, "trained", dates[1]): 5,
        (8, "trained", dates[0]): 9,
        (8, "trained", dates[1]): 9,
    }
    assert len(found) == 12


def test_a_trend_stands_at_ends_of_months_and_on_the_day_itself(totals: None) -> None:
    assert trend(ORGANISATION, 7, "trained", day(2026, 7, 14), months=3) == [
        (day(2026, 4, 30), 0),
        (day(2026, 5, 31), 3),
        (day(2026, 6, 30), 5),
        (day(2026, 7, 14), 5),
    ]


def test_nothing_asked_is_nothing_answered(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(0):
        assert values_on(ORGANISATION, [7], ["trained"], []) == {}

"""The days that a rhythm gives, whatever the holidays."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from sessions.rhythm import CONVERSATION, HARVEST, KICK_OFF, Rhythm, days_of, meetings_of

DAYS = st.dates(dt.date(2026, 8, 1), dt.date(2027, 7, 31))
HOLIDAYS = st.lists(st.tuples(DAYS, st.integers(1, 44)).map(lambda pair: (pair[0], pair[0] + dt.timedelta(pair[1]))))


def is_free(day: dt.date, holidays: list[tuple[dt.date, dt.date]]) -> bool:
    return not any(since <= day < until for since, until in holidays)


@given(DAYS, st.integers(6, 8), st.integers(1, 7), HOLIDAYS)
def test_days_keep_weekday_and_distance_and_are_as_soon_as_they_can_be(
    first: dt.date, weeks: int, count: int, holidays: list[tuple[dt.date, dt.date]]
) -> None:
    days = days_of(first, weeks, count, holidays)
    assert len(days) == count
    earliest = first
    for day in days:
        assert day.weekday() == first.weekday()
        assert is_free(day, holidays)
        passed = [earliest + dt.timedelta(weeks=number) for number in range((day - earliest).days // 7)]
        assert day >= earliest
        assert not any(is_free(one, holidays) for one in passed)
        earliest = day + dt.timedelta(weeks=weeks)


def test_the_proposal_of_a_school_year_skips_its_holidays() -> None:
    holidays = [
        (dt.date(2026, 10, 17), dt.date(2026, 10, 26)),
        (dt.date(2026, 12, 19), dt.date(2027, 1, 4)),
        (dt.date(2027, 2, 20), dt.date(2027, 3, 1)),
        (dt.date(2027, 4, 24), dt.date(2027, 5, 10)),
    ]
    rhythm = Rhythm(
        first=dt.date(2026, 9, 10), starts=dt.time(15, 30), weeks=6, conversations=4, place="Buurthuis De Brug"
    )
    meetings = meetings_of(rhythm, holidays)
    assert [f"{one.starts_at:%d-%m-%Y %H:%M %z}" for one in meetings] == [
        "10-09-2026 15:30 +0200",
        "29-10-2026 15:30 +0100",
        "10-12-2026 15:30 +0100",
        "21-01-2027 15:30 +0100",
        "04-03-2027 15:30 +0100",
        "15-04-2027 15:30 +0200",
    ]
    assert [(one.ends_at - one.starts_at).seconds // 60 for one in meetings] == [
        KICK_OFF, *[CONVERSATION] * 4, HARVEST,
    ]  # fmt: skip
    assert {one.place for one in meetings} == {"Buurthuis De Brug"}

"""What a calendar of its own, khal, holds after the messages of one participation arrived, in order."""

import datetime as dt
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sessions.ics import Method, invite_text
from tests.sessions.test_ics import AMSTERDAM, INVITE

pytestmark = pytest.mark.khal

CONFIG = """\
[calendars]
[[own]]
path = {calendar}
type = calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
default_timezone = Europe/Amsterdam
local_timezone = Europe/Amsterdam
[sqlite]
path = {cache}
"""
AFTER = "{start} {end} {cancelled}{title} @ {location}"


class Calendar:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "own").mkdir()
        (folder / "config").write_text(CONFIG.format(calendar=folder / "own", cache=folder / "cache.db"))

    def khal(self, *arguments: str) -> str:
        home = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "Europe/Amsterdam"}
        done = subprocess.run(
            ["khal", "-c", str(self.folder / "config"), *arguments],
            capture_output=True,
            text=True,
            check=True,
            env=home,
        )
        return done.stdout

    def receives(self, text: str) -> None:
        file = self.folder / "invite.ics"
        file.write_bytes(text.encode())
        self.khal("import", "--batch", "-a", "own", str(file))

    def holds(self, first: str, last: str) -> list[str]:
        listed = self.khal("list", "--once", "--day-format", "", "--format", AFTER, first, last)
        return [line for line in listed.splitlines() if line.strip()]


@pytest.fixture
def calendar(tmp_path: Path) -> Calendar:
    return Calendar(tmp_path)


@pytest.fixture
def moved() -> Callable[[dt.timedelta], str]:
    def text(later: dt.timedelta) -> str:
        change = replace(INVITE, sequence=1, starts_at=INVITE.starts_at + later, ends_at=INVITE.ends_at + later)
        return invite_text(change, Method.REQUEST)

    return text


def test_a_request_a_change_and_a_cancellation_stay_one_item(
    calendar: Calendar, moved: Callable[[dt.timedelta], str]
) -> None:
    place = "Eerlijk begeleiden @ ROC Mondriaan, Waldorpstraat 120; lokaal B1.14"
    calendar.receives(invite_text(INVITE, Method.REQUEST))
    assert calendar.holds("2027-01-01", "2027-02-01") == [f"2027-01-14 13:00 2027-01-14 16:00 {place}"]

    calendar.receives(moved(dt.timedelta(days=1, hours=1)))
    assert calendar.holds("2027-01-01", "2027-02-01") == [f"2027-01-15 14:00 2027-01-15 17:00 {place}"]

    calendar.receives(invite_text(replace(INVITE, sequence=2), Method.CANCEL))
    assert calendar.holds("2027-01-01", "2027-02-01") == [f"2027-01-14 13:00 2027-01-14 16:00 CANCELLED {place}"]


@pytest.mark.parametrize(
    ("starts_at", "shown"),
    [
        (dt.datetime(2027, 3, 28, 13, 0, tzinfo=AMSTERDAM), "2027-03-28 13:00 2027-03-28 16:00"),
        (dt.datetime(2026, 10, 25, 13, 0, tzinfo=AMSTERDAM), "2026-10-25 13:00 2026-10-25 16:00"),
        (dt.datetime(2040, 7, 3, 9, 30, tzinfo=AMSTERDAM), "2040-07-03 09:30 2040-07-03 12:30"),
    ],
)
def test_the_time_on_the_clock_is_right_on_both_clock_weekends_and_in_2040(
    calendar: Calendar, starts_at: dt.datetime, shown: str
) -> None:
    invite = replace(INVITE, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=3))
    calendar.receives(invite_text(invite, Method.REQUEST))
    day = starts_at.date()
    held = calendar.holds(day.isoformat(), (day + dt.timedelta(days=1)).isoformat())
    assert [line[: len(shown)] for line in held] == [shown]

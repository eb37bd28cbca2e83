"""A month of the calendar, as the address names it and as weeks that start on Monday. No database."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

FIRST_DAY, LAST_DAY = dt.date(2020, 1, 1), dt.date(2099, 12, 31)


@dataclass(frozen=True, order=True)
class Month:
    """Written as ``2026-12``; from January 2020 to December 2099."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    @classmethod
    def of(cls, day: dt.date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def named(cls, text: str) -> Month | None:
        """The month that ``text`` names; None where it names none."""
        found = re.fullmatch(r"(20[2-9][0-9])-(0[1-9]|1[0-2])", text.strip(), re.ASCII)
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.month, 1)

    @property
    def last(self) -> dt.date:
        return self.first.replace(day=calendar.monthrange(self.year, self.month)[1])

    @property
    def previous(self) -> Month | None:
        return Month.of(self.first - dt.timedelta(days=1)) if self.first > FIRST_DAY else None

    @property
    def following(self) -> Month | None:
        return Month.of(self.last + dt.timedelta(days=1)) if self.last < LAST_DAY else None

    def weeks(self) -> list[list[dt.date | None]]:
        """Seven days a week, None for those of another month."""
        return [
            [day if day.month == self.month else None for day in week]
            for week in calendar.Calendar().monthdatescalendar(self.year, self.month)
        ]

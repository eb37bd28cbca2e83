"""What others get to know of when a group met (product.md, rule 7): the school year, and nothing before the month is over.

Whoever looks every day would learn the day from a number that goes up. So what follows from a meeting of intervision is
known to others from the first of the next month, and the month is the finest date that it carries.
"""

import datetime as dt


def school_year(day: dt.date) -> str:
    """'2026-2027', from 1 August."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{first + 1}"


def known_from(day: dt.date) -> dt.date:
    """The first of the month after ``day``."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)

"""What is shown of a number to who may not see it exactly (product.md, rule 4)."""

import datetime as dt

from parties.small_groups import Shown


def percentage(value: Shown, whole: int | None) -> int | None:
    """Whole percents of ``whole``, rounded down, from the figure as it is shown; None where that says nothing."""
    if not whole or isinstance(value, str):
        return None
    return value * 100 // whole


def month_end(date: dt.date) -> dt.date:
    """The last end of a month that is not after ``date``: a chosen date snaps to it, so that days cannot be compared."""
    following = date + dt.timedelta(days=1)
    return following.replace(day=1) - dt.timedelta(days=1)

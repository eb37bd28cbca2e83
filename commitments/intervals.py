"""Half-open intervals of dates, ``[since, until)``, as sorted lists without overlap (product.md, rule 2)."""

import datetime as dt
from collections.abc import Iterable

Interval = tuple[dt.date, dt.date]

#: ``until`` of what has no end.
FOREVER = dt.date.max


def interval(since: dt.date, until: dt.date | None) -> Interval:
    return since, FOREVER if until is None else until


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Every day that is in at least one of them. Neighbours become one: [1, 3) and [3, 5) are [1, 5)."""
    merged: list[Interval] = []
    for since, until in sorted(intervals):
        if since >= until:
            continue
        if merged and since <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(until, merged[-1][1])
        else:
            merged.append((since, until))
    return merged


def intersection(first: Iterable[Interval], second: Iterable[Interval]) -> list[Interval]:
    """Every day that is in one of ``first`` and in one of ``second``."""
    others = list(second)
    return union((max(a, c), min(b, d)) for a, b in first for c, d in others)


def covers(intervals: Iterable[Interval], day: dt.date) -> bool:
    return any(since <= day < until for since, until in intervals)

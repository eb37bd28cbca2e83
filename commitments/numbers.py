"""Numbers of the ledger on a day. Reads totals by month and by day only, so the cost does not grow with what is counted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from commitments.models import LedgerTotal

Key = tuple[int, str, dt.date]


def values_on(
    scope: str, scope_ids: Collection[int], metrics: Collection[str], dates: Collection[dt.date]
) -> dict[Key, int]:
    """Sums of the ledger up to and including each date, by (scope_id, metric, date). One query.

    Whole months come from the totals by month, the days of a month that is not over from the totals by day.
    """
    if not dates:
        return {}
    days = Q()
    for date in dates:
        if not _is_month_end(date):
            days |= Q(span="day", date__gte=date.replace(day=1), date__lte=date)
    wanted = Q(span="month", date__lte=max(dates)) | days
    totals = LedgerTotal.objects.filter(wanted, scope=scope, scope_id__in=scope_ids, metric__in=metrics)
    by_month: dict[tuple[int, str], list[tuple[dt.date, int]]] = defaultdict(list)
    by_day: dict[tuple[int, str], list[tuple[dt.date, int]]] = defaultdict(list)
    for scope_id, metric, span, date, delta in totals.values_list("scope_id", "metric", "span", "date", "delta"):
        (by_month if span == "month" else by_day)[scope_id, metric].append((date, delta))
    found = {}
    for scope_id in scope_ids:
        for metric in metrics:
            for date in dates:
                whole = date if _is_month_end(date) else date.replace(day=1) - dt.timedelta(days=1)
                value = sum(delta for first, delta in by_month[scope_id, metric] if first <= whole)
                value += sum(delta for day, delta in by_day[scope_id, metric] if whole < day <= date)
                found[scope_id, metric, date] = value
    return found


def value_on(scope: str, scope_id: int, metric: str, date: dt.date) -> int:
    return values_on(scope, [scope_id], [metric], [date])[scope_id, metric, date]


def trend(scope: str, scope_id: int, metric: str, until: dt.date, months: int = 24) -> list[tuple[dt.date, int]]:
    """The value at each of the last ends of months before ``until``, and on ``until`` itself."""
    dates = trend_dates(until, months)
    values = values_on(scope, [scope_id], [metric], dates)
    return [(date, values[scope_id, metric, date]) for date in dates]


def trend_dates(until: dt.date, months: int = 24) -> list[dt.date]:
    dates = [until]
    while len(dates) <= months:
        dates.append(dates[-1].replace(day=1) - dt.timedelta(days=1))
    return dates[::-1]


def _is_month_end(date: dt.date) -> bool:
    return (date + dt.timedelta(days=1)).day == 1

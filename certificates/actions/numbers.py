"""Numbers of certificates: GK-2026-000123, counting up without gaps within a year."""

from django.db import transaction
from django.db.models import F

from certificates.models import NumberSeries


@transaction.atomic
def numbers_take(*, year: int, count: int = 1) -> list[str]:
    """The next ``count`` numbers of the year.

    The year's row stays locked until the caller's transaction ends, so a rollback gives them back. Whoever also locks
    people does that first: one order for all locks, and no deadlock.
    """
    series, _ = NumberSeries.objects.get_or_create(year=year)
    NumberSeries.objects.filter(pk=series.pk).update(last=F("last") + count)
    series.refresh_from_db()
    return [f"GK-{year}-{number:06d}" for number in range(series.last - count + 1, series.last + 1)]

"""Half-open periods of dates, ``[since, until)``, in Europe/Amsterdam (product.md, rule 2)."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def today() -> dt.date:
    """The date in Europe/Amsterdam."""
    return timezone.localdate()


def school_year(day: dt.date) -> str:
    """'2026-2027', from 1 August."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{first + 1}"


def covers(date: dt.date, prefix: str = "") -> Q:
    """Q for rows whose period holds ``date``; ``prefix`` is a look-up path ending in ``__``, or empty."""
    return Q(**{f"{prefix}since__lte": date}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": date})
    )


class Period(models.Model):
    since = models.DateField(_("since"), default=today)
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day on which it no longer holds.")
    )

    class Meta:
        abstract = True

    @classmethod
    def period_constraint(cls, name: str) -> models.CheckConstraint:
        return models.CheckConstraint(
            condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
            name=name,
            violation_error_message=_("The end must be later than the beginning."),
        )

    def is_current(self, date: dt.date | None = None) -> bool:
        date = date or today()
        return self.since <= date and (self.until is None or date < self.until)

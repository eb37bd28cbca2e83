from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """Over what a number counts. Every scope counts a person once, so parts need not add up to the whole."""

    ORGANISATION = "organisation", _("Organisation")
    PARTY = "party", _("Party")
    NETWORK = "network", _("Network")


class LedgerRow(models.Model):
    """A dated contribution to a number (product.md, rules 1 to 3).

    Stock (such as 'trained') has +1 where an interval of the subject begins and -1 where it ends, also in the future.
    Flow (such as 'certificates') has one positive row on its day. The value on day D is the sum of all rows up to and
    including D. The subject is ``person``, ``organisation`` for reach, or ``event``. A frozen row has no person and no cause;
    that of an event stays with the event.
    """

    scope = models.CharField(max_length=12, choices=Scope)
    scope_id = models.BigIntegerField(default=0, help_text="Key of the organisation or party; 0 for the network.")
    metric = models.CharField(max_length=30)
    date = models.DateField()
    delta = models.IntegerField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+", db_index=False
    )
    organisation = models.ForeignKey(
        "parties.Organisation", on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+", db_index=False
    )
    event = models.ForeignKey(
        "meetings.NetworkEvent", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    cause = models.CharField(max_length=40, blank=True, help_text="Source row, such as award:12.")
    frozen = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("ledger row")
        verbose_name_plural = _("ledger")
        indexes = [
            models.Index(fields=["person"], condition=Q(person__isnull=False), name="ledger_of_person"),
            models.Index(
                fields=["organisation"], condition=Q(organisation__isnull=False), name="ledger_of_organisation"
            ),
            models.Index(fields=["event"], condition=Q(event__isnull=False), name="ledger_of_event"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(delta=0), name="ledger_row_says_something")]

    def __str__(self) -> str:
        return f"{self.date} {self.scope}:{self.scope_id} {self.metric} {self.delta:+d}"


class LedgerTotal(models.Model):
    """The ledger summed by month and by day, kept in the same transaction: a dashboard reads a bounded number of these.

    ``month`` rows have ``date`` on the first of the month.
    """

    class Span(models.TextChoices):
        MONTH = "month"
        DAY = "day"

    scope = models.CharField(max_length=12, choices=Scope)
    scope_id = models.BigIntegerField(default=0)
    metric = models.CharField(max_length=30)
    span = models.CharField(max_length=5, choices=Span)
    date = models.DateField()
    delta = models.BigIntegerField()

    class Meta:
        verbose_name = _("ledger total")
        verbose_name_plural = _("ledger totals")
        constraints = [
            models.UniqueConstraint(fields=["scope", "scope_id", "span", "metric", "date"], name="one_total_a_date"),
        ]

    def __str__(self) -> str:
        return f"{self.span} {self.date} {self.scope}:{self.scope_id} {self.metric} {self.delta:+d}"

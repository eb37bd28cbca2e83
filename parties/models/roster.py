from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parties.querysets import RosterImportQuerySet


class RosterImport(models.Model):
    """One uploaded list of an organisation's people: first a preview, then applied as a whole or thrown away."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("Preview")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        DISCARDED = "discarded", _("Thrown away")

    organisation = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="roster_imports")
    uploaded_by = models.ForeignKey(
        "parties.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=200)
    rows = models.JSONField(default=dict, help_text="parties.roster.Roster as JSON; empty once applied or thrown away.")
    complete = models.BooleanField(_("this is the complete list"), default=False)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    result = models.JSONField(
        default=dict, help_text="The summary of contract.md: rows, joins, leaves, moves, changes, unchanged, errors."
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("list of people")
        verbose_name_plural = _("lists of people")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.organisation})"

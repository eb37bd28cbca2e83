from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who saw or changed what about whom."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey("parties.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=60)
    about = models.ForeignKey(
        "parties.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="audit_entries"
    )
    target = models.CharField(
        max_length=120, blank=True, help_text="Model and key of what was touched, such as training:12."
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"

from django.db import models
from django.utils.translation import gettext_lazy as _


class NetworkEvent(models.Model):
    """A gathering of effort 5: a design session or the annual reflection meeting."""

    class Kind(models.TextChoices):
        DESIGN_SESSION = "design_session", _("Design session")
        REFLECTION = "reflection", _("Reflection meeting")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=150)
    host = models.ForeignKey(
        "parties.Party", on_delete=models.PROTECT, related_name="events_hosted", verbose_name=_("host")
    )

    class Meta:
        verbose_name = _("network event")
        verbose_name_plural = _("network events")

    def __str__(self) -> str:
        return self.title

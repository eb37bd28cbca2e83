from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sessions.querysets import NetworkEventQuerySet


class NetworkEvent(models.Model):
    """A gathering of effort 5: a design session or the annual reflection meeting, with registration by party."""

    class Kind(models.TextChoices):
        DESIGN_SESSION = "design_session", _("Design session")
        REFLECTION = "reflection", _("Reflection meeting")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Open")
        CANCELLED = "cancelled", _("Cancelled")
        CLOSED = "closed", _("List closed")

    MOVES = {
        State.DRAFT: {State.PUBLISHED},
        State.PUBLISHED: {State.CANCELLED, State.CLOSED},
        State.CANCELLED: set(),
        State.CLOSED: set(),
    }

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("title"), max_length=150)
    description = models.TextField(_("description"), blank=True)
    host = models.ForeignKey(
        "parties.Party", on_delete=models.PROTECT, related_name="events_hosted", verbose_name=_("host")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    reply_to = models.EmailField(
        _("mail address for questions"),
        blank=True,
        help_text=_("Participants see this address and their answers go to it."),
    )
    seats_a_party = models.PositiveSmallIntegerField(
        _("seats for each party"), null=True, blank=True, help_text=_("Empty: as many as want to come.")
    )
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    folder = models.ForeignKey(
        "filer.Folder", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("materials")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = NetworkEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("network event")
        verbose_name_plural = _("network events")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="event_closed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(seats_a_party__isnull=True) | Q(seats_a_party__gt=0),
                name="event_seats_a_party",
                violation_error_message=_("Give each party at least one seat, or leave it empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def has_started(self) -> bool:
        return min(meeting.starts_at for meeting in self.meetings.all()) <= timezone.now()

    def is_over(self) -> bool:
        return max(meeting.ends_at for meeting in self.meetings.all()) <= timezone.now()

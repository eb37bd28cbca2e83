from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parties.querysets import OutboxQuerySet


class OutboxMessage(models.Model):
    """A mail is a row before it is a message: written in the transaction of the change, sent after it commits.

    The raw message is a pure function of this row (``parties.mail.build``), Date and Message-ID included, so that a
    repeat after a kill is the same message byte for byte.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not delivered")

    kind = models.CharField(_("kind"), max_length=40)
    person = models.ForeignKey(
        "parties.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="outbox_messages"
    )
    to_address = models.EmailField(_("to"))
    reply_to = models.EmailField(_("answers go to"), blank=True)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True, help_text="RFC 5545 text of the invitation.")
    calendar_method = models.CharField(max_length=10, blank=True, help_text="METHOD of RFC 5546: REQUEST or CANCEL.")
    ordering_key = models.CharField(
        max_length=80,
        blank=True,
        help_text="Messages with one key are sent in the order of their rows: the UID of an invitation.",
    )
    meeting_id = models.BigIntegerField(
        null=True,
        blank=True,
        help_text="The meeting that a message is about; the first one of a training where it is about the whole.",
    )
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], condition=Q(state="queued"), name="outbox_due"),
            models.Index(fields=["ordering_key", "id"], condition=Q(state="queued"), name="outbox_order"),
            models.Index(fields=["meeting_id"], name="outbox_of_meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"

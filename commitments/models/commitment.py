from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Effort(models.Model):
    """One of the five efforts of the manifest."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    shown_by = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("effort")
        verbose_name_plural = _("efforts")
        constraints = [models.CheckConstraint(condition=Q(number__gte=1, number__lte=5), name="five_efforts")]

    def __str__(self) -> str:
        return self.title


class Commitment(models.Model):
    """What a party promises for an effort. Every target is the party's own; the manifest sets none."""

    class Metric(models.TextChoices):
        TRAINED = "trained", _("People trained")
        ORGANISATIONS_REACHED = "organisations_reached", _("Organisations with somebody trained")
        CERTIFICATES = "certificates", _("Certificates of participation")
        PARTICIPANTS = "participants", _("Participants in trainings")
        JOINTLY_TRAINED = "jointly_trained", _("Participants in trainings of school and workplace together")
        INTERVISION = "intervision", _("Attended meetings of intervision")
        NET_HOURS = "net_hours", _("Net hours of training and intervision")
        EVENTS = "events", _("Design sessions and reflection meetings")
        BY_HAND = "by_hand", _("Shown by evidence")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        ACTIVE = "active", _("In progress")
        REACHED = "reached", _("Reached")
        ADJUSTED = "adjusted", _("Adjusted")

    TONES = {Status.PLANNED: "neutral", Status.ACTIVE: "active", Status.REACHED: "success", Status.ADJUSTED: "warning"}

    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="commitments")
    effort = models.ForeignKey(Effort, on_delete=models.PROTECT, related_name="commitments")
    title = models.CharField(_("promise"), max_length=200)
    metric = models.CharField(_("what is counted"), max_length=30, choices=Metric)
    unit = models.CharField(_("unit"), max_length=40)
    baseline = models.PositiveIntegerField(_("baseline"), default=0)
    target = models.PositiveIntegerField(_("target"), null=True, blank=True)
    since = models.DateField(_("from"))
    due = models.DateField(_("by"))
    owner = models.CharField(_("owner"), max_length=120, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.PLANNED)
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    denominator = models.PositiveIntegerField(_("of how many"), null=True, blank=True)
    denominator_source = models.CharField(_("source of that number"), max_length=200, blank=True)
    denominator_date = models.DateField(_("date of that number"), null=True, blank=True)
    denominator_estimated = models.BooleanField(_("is an estimate"), default=False)
    is_example = models.BooleanField(_("example, not a real promise"), default=False)

    class Meta:
        ordering = ["party", "effort", "pk"]
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.CheckConstraint(
                condition=Q(due__gt=F("since")),
                name="commitment_due_after_start",
                violation_error_message=_("The date by which must be later than the date from which."),
            ),
            models.CheckConstraint(
                condition=~Q(status="adjusted") | ~Q(status_reason=""),
                name="adjusted_has_a_reason",
                violation_error_message=_("Say why the promise was adjusted."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        """How the state word is coloured; see docs/look.md."""
        return self.TONES[self.Status(self.status)]


class Evidence(models.Model):
    """What a coordinator adds by hand for what the platform cannot count."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="evidence")
    title = models.CharField(_("what it shows"), max_length=200)
    date = models.DateField(_("date"))
    amount = models.PositiveIntegerField(_("how many"), default=1)
    link = models.URLField(_("link"), blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-date"]
        verbose_name = _("piece of evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.title

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.codes import code_in_groups, new_code
from certificates.querysets import AwardQuerySet, CertificateQuerySet
from parties.models import Side
from parties.periods import today


class Award(models.Model):
    """Person x programme x period. What is counted; a reissued certificate adds nothing (product.md, rule 2)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="awards")
    programme = models.ForeignKey("certificates.Programme", on_delete=models.PROTECT, related_name="awards")
    awarded_at = models.DateTimeField(default=timezone.now)
    valid_from = models.DateField()
    valid_until = models.DateField(help_text="The first day on which it is no longer valid.")
    revoked_on = models.DateField(null=True, blank=True)
    known_from = models.DateField(
        null=True,
        blank=True,
        help_text="The day tells when a group met: until this date only the holder knows, and then only the month.",
    )

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme", "valid_from"],
                condition=Q(revoked_on__isnull=True),
                name="one_award_a_period",
            ),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="award_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["programme", "valid_from", "valid_until"], name="award_validity")]

    def __str__(self) -> str:
        return f"{self.person} – {self.programme}"

    @property
    def counts_from(self) -> dt.date:
        """The first day on which it counts for others than the holder."""
        return self.known_from or self.valid_from

    @property
    def shown_date(self) -> str:
        """'12 March 2025', or 'March 2025' where the day is nobody's business."""
        return date_format(self.valid_from, "F Y" if self.known_from else "DATE_FORMAT")


class AwardMembership(models.Model):
    """A membership of the holder as it was on the day of the award: what flow counts on (rule 1).

    The department is frozen too: HR of one department opens certificates of that department.
    """

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    department = models.ForeignKey(
        "parties.Department", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint("award", "organisation", name="award_once_an_organisation")]

    def __str__(self) -> str:
        return f"{self.award}: {self.organisation}"


class Certificate(models.Model):
    """An immutable snapshot of what was done. The PDF is derived from it. A correction is a new certificate.

    The certificates of an award are a chain: one that replaces nothing, and each replaced by at most one. The last is
    the current one; the others point to it (``replaced_by``).
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=20, unique=True)
    code = models.CharField(max_length=12, unique=True, default=new_code)
    issued_at = models.DateTimeField(default=timezone.now)
    holder_name = models.CharField(max_length=150)
    organisation_names = models.JSONField(default=list, blank=True)
    programme_name = models.CharField(max_length=120)
    net_minutes = models.PositiveIntegerField()
    snapshot = models.JSONField(
        help_text='{"courses": [{"title", "date", "minutes", "revision"}], "trainings": [{"title", "date", "minutes"}], '
        '"intervision": null or {"meetings", "minutes", "school_years": [str]}, "goals": [str], "organiser": str}'
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="replaced_by"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=250, blank=True)
    pdf = models.BinaryField(null=True, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["award"], condition=Q(replaces__isnull=True), name="one_first_certificate_an_award"
            ),
        ]

    class Status(models.TextChoices):
        VALID = "valid", _("Valid")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")
        REPLACED = "replaced", _("Replaced")

    def __str__(self) -> str:
        return self.number

    @property
    def status(self) -> Status:
        """Today's. Reads the award, and the reverse of ``replaces``: select both."""
        if hasattr(self, "replaced_by"):
            return self.Status.REPLACED
        if self.award.revoked_on is not None:
            return self.Status.REVOKED
        return self.Status.VALID if today() < self.award.valid_until else self.Status.EXPIRED

    @property
    def last_day(self) -> dt.date:
        """The last day on which it is valid: what 'valid up to and including' prints (rule 2)."""
        return self.award.valid_until - dt.timedelta(days=1)

    @property
    def status_sentence(self) -> str:
        """'Awarded on 12 March 2025. Valid up to and including 11 March 2028.'; of some 'in March 2025'."""
        dates = {"awarded": self.award.shown_date, "last": date_format(self.last_day)}
        by_month = self.award.known_from is not None
        match self.status:
            case self.Status.REPLACED:
                return gettext("Replaced by a corrected certificate.")
            case self.Status.REVOKED:
                dates["revoked"] = date_format(self.award.revoked_on)
                on = gettext("Awarded on %(awarded)s. Revoked on %(revoked)s.")
                within = gettext("Awarded in %(awarded)s. Revoked on %(revoked)s.")
            case self.Status.EXPIRED:
                on = gettext("Awarded on %(awarded)s. Expired: it was valid up to and including %(last)s.")
                within = gettext("Awarded in %(awarded)s. Expired: it was valid up to and including %(last)s.")
            case _:
                on = gettext("Awarded on %(awarded)s. Valid up to and including %(last)s.")
                within = gettext("Awarded in %(awarded)s. Valid up to and including %(last)s.")
        return (within if by_month else on) % dates

    @property
    def courses_with_version(self) -> list[dict]:
        """The modules of the snapshot of which the revision was kept; older snapshots have none."""
        return [course for course in self.snapshot["courses"] if course.get("revision")]

    @property
    def shown_code(self) -> str:
        """The code as it is printed and read aloud: XXXX-XXXX-XXXX."""
        return code_in_groups(self.code)

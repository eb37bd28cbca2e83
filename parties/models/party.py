from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parties.periods import Period
from parties.querysets import AffiliationQuerySet, OrganisationQuerySet, PartyQuerySet


class Side(models.TextChoices):
    """From where somebody supervises. Neither side comes first."""

    SCHOOL = "school", _("School")
    WORKPLACE = "workplace", _("Workplace")


class Party(models.Model):
    """One of the eight signatories of the manifest, in the manifest's order."""

    class Kind(models.TextChoices):
        EMPLOYER = "employer", _("Employer: counts its own people who supervise")
        MEMBER_BASED = "member_based", _("Member-based: counts reach among its members")

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("place in the manifest"), unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    intro = models.TextField(_("introduction"), blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name = _("party")
        verbose_name_plural = _("parties")

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """Where a supervisor works: a school, a company, a municipal service."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    default_side = models.CharField(_("side of its people"), max_length=10, choices=Side)
    place = models.CharField(_("place"), max_length=100, blank=True)
    parties = models.ManyToManyField(Party, through="Affiliation", related_name="organisations")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="departments")
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["name"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [models.UniqueConstraint("organisation", "name", name="department_once_an_organisation")]

    def __str__(self) -> str:
        return self.name


class Affiliation(Period):
    """An organisation belongs to a party, since a date, until a date."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="affiliations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="affiliations")

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            Period.period_constraint("affiliation_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["organisation", "party"], condition=Q(until__isnull=True), name="one_open_affiliation_a_party"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.party}"

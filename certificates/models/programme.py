from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.querysets import ProgrammeQuerySet


class Programme(models.Model):
    """What a certificate asks: courses, joint trainings, a number of intervision meetings; and how long it is valid."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.TextField(_("description"), blank=True)
    courses = models.ManyToManyField("courses.Course", blank=True, related_name="programmes", verbose_name=_("modules"))
    joint_trainings = models.PositiveSmallIntegerField(_("joint trainings"), default=0)
    intervision_meetings = models.PositiveSmallIntegerField(_("intervision meetings"), default=0)
    validity_months = models.PositiveSmallIntegerField(
        _("valid for, in months"), default=36, validators=[MinValueValidator(1)]
    )
    goals = models.JSONField(_("learning goals"), default=list, blank=True)
    counts_as_trained = models.BooleanField(
        _("counts as trained"), default=False, help_text=_("Whoever holds a valid certificate of it counts as trained.")
    )
    is_active = models.BooleanField(_("open for learners"), default=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.name

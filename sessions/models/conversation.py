"""The methods that a group can choose, and what is kept of a conversation."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import PreviewableMixin

from sessions.blocks import MethodStepsBlock
from sessions.methods import Step, steps_of, with_frame
from sessions.models.meeting import Meeting
from sessions.querysets import ConversationQuerySet

LESSON_LENGTH = 280


class IntervisionMethod(PreviewableMixin, models.Model):
    """A way to talk about a case, step by step; editors write them. Kept meetings name one by its key."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    use_for = models.CharField(_("good for"), max_length=200)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("The order in which groups are advised to try them.")
    )
    not_before = models.PositiveSmallIntegerField(
        _("not before meeting"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("The kick-off is meeting 1. A method that asks for trust waits."),
    )
    fits_last = models.BooleanField(_("fits the last meeting"), default=False)
    smallest = models.PositiveSmallIntegerField(_("with at least"), default=4)
    largest = models.PositiveSmallIntegerField(_("with at most"), default=8)
    caution = models.CharField(_("when not"), max_length=300, blank=True)
    steps = StreamField(MethodStepsBlock(), verbose_name=_("steps"))
    source = models.CharField(_("source and year"), max_length=200)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("method of intervision")
        verbose_name_plural = _("methods of intervision")
        constraints = [
            models.CheckConstraint(
                condition=Q(smallest__lte=models.F("largest")),
                name="method_for_a_size",
                violation_error_message=_("The smallest group is larger than the largest one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def walk(self) -> list[Step]:
        """All steps of a meeting with this method, the opening and the closing too."""
        return with_frame(steps_of(self.steps))

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.walk)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "sessions/method_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return {"method": self}


class Conversation(models.Model):
    """That a meeting of a group took place, and how: all that is kept of it (product.md, rule 8)."""

    class Theme(models.TextChoices):
        """The phase of an internship, or the ground (domain.md B2 and B1)."""

        SEARCHING = "searching", _("Looking for a place")
        SELECTION = "selection", _("Interview and selection")
        START = "start", _("The start")
        DURING = "during", _("During the internship")
        ASSESSMENT = "assessment", _("Assessment")
        ENDING = "ending", _("Ending")
        ORIGIN = "origin", _("Origin or skin colour")
        RELIGION = "religion", _("Religion or belief")
        SEX = "sex", _("Sex or gender")
        ORIENTATION = "orientation", _("Sexual orientation")
        DISABILITY = "disability", _("Disability or illness")
        AGE = "age", _("Age")
        LANGUAGE = "language", _("Language or accent")

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="conversation")
    method = models.ForeignKey(IntervisionMethod, on_delete=models.PROTECT, related_name="conversations")
    minutes = models.PositiveSmallIntegerField(
        _("net minutes"), validators=[MinValueValidator(1), MaxValueValidator(480)]
    )
    theme = models.CharField(_("theme"), max_length=15, choices=Theme, blank=True)
    lesson = models.CharField(
        _("lesson"),
        max_length=LESSON_LENGTH,
        blank=True,
        help_text="What all who were there agree to; until then only a proposal, and gone when one of them says no.",
    )

    #: Else editors would read in "Usage" of a method which meetings took place.
    wagtail_reference_index_ignore = True

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")

    def __str__(self) -> str:
        return f"{self.meeting}"


class LessonAgreed(models.Model):
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="agreed")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("agreement to a lesson")
        verbose_name_plural = _("agreements to a lesson")
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="a_lesson_agreed_once")]

    def __str__(self) -> str:
        return f"{self.person}"


class PresenceConfirmed(models.Model):
    """Member ``by`` says that ``person`` was at the meeting. Two of them make somebody present."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="presence")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("confirmed presence")
        verbose_name_plural = _("confirmed presence")
        constraints = [models.UniqueConstraint(fields=["meeting", "person", "by"], name="presence_confirmed_once")]

    def __str__(self) -> str:
        return f"{self.person}"

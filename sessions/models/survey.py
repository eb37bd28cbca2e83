import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from sessions.blocks import QuestionsBlock
from sessions.querysets import AccessNeedsQuerySet, SurveyQuerySet

QUESTIONS = 5


class EvaluationForm(models.Model):
    """What editors ask after a training: five questions, and one six weeks later. There is one; surveys keep a copy of it."""

    questions = StreamField(
        QuestionsBlock(),
        min_num=QUESTIONS,
        max_num=QUESTIONS,
        verbose_name=_("five questions after the training"),
        help_text=_("Participants of a training read the words that stood here when they were asked first."),
    )
    practice_nl = models.CharField(_("practice question in Dutch"), max_length=200)
    practice_en = models.CharField(_("practice question in English"), max_length=200)

    class Meta:
        verbose_name = _("evaluation form")
        verbose_name_plural = _("evaluation form")

    def __str__(self) -> str:
        return str(_("Evaluation form"))


class Survey(models.Model):
    """What the participants of one training are asked, in the words of that day; once a training and kind."""

    class Kind(models.TextChoices):
        EVALUATION = "evaluation", _("Evaluation")
        PRACTICE = "practice", _("Practice question")

    training = models.ForeignKey("meetings.Training", on_delete=models.CASCADE, related_name="surveys")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    questions = models.JSONField(help_text="As sessions.survey.Question writes them.")
    asked_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [models.UniqueConstraint("training", "kind", name="one_survey_a_training_and_kind")]

    def __str__(self) -> str:
        return f"{self.training}: {self.kind}"

    @property
    def last_day(self) -> dt.date:
        """Until and with which people can answer, in The Hague."""
        return timezone.localtime(self.closes_at - dt.timedelta(minutes=1)).date()


class Respondent(models.Model):
    """Who is asked, and whether they answered; not what, and not when. Gone when the survey closes."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="respondents")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    has_answered = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("respondent")
        verbose_name_plural = _("respondents")
        constraints = [models.UniqueConstraint("survey", "person", name="one_respondent_a_survey")]

    def __str__(self) -> str:
        return f"{self.person} – {self.survey}"


class Response(models.Model):
    """What somebody answered, without who and when. Only who holds the code behind ``key`` can find it back (decision 0045)."""

    key = models.CharField(
        max_length=64, primary_key=True, help_text="sessions.survey.key_of; tells nothing by itself."
    )
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    values = models.JSONField(help_text="By the id of the question: a number, the place of a choice, or a text.")

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")

    def __str__(self) -> str:
        return str(self.survey)


class AccessNeeds(models.Model):
    """What somebody needs in order to take part, or to eat along. For the trainers of this training; gone four weeks after it."""

    registration = models.OneToOneField("meetings.Registration", on_delete=models.CASCADE, related_name="needs")
    text = models.TextField(_("what you need"), max_length=500)

    objects = AccessNeedsQuerySet.as_manager()

    class Meta:
        verbose_name = _("access and dietary needs")
        verbose_name_plural = _("access and dietary needs")

    def __str__(self) -> str:
        return str(self.registration)

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.querysets import AnswerQuerySet, EnrolmentQuerySet, LessonProgressQuerySet, NoteQuerySet


class Enrolment(models.Model):
    """Person x Course. Hangs on the Course record, which the translations of a page share."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, related_name="enrolments")
    started_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_revision = models.PositiveIntegerField(
        null=True, blank=True, help_text="The course's revision that was finished; later edits leave it as it is."
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [models.UniqueConstraint("person", "course", name="one_enrolment_a_course")]
        indexes = [models.Index(fields=["course", "completed_at"], name="enrolment_completed")]

    def __str__(self) -> str:
        return f"{self.person} – {self.course}"


class LessonProgress(models.Model):
    """How far somebody is in one lesson. ``lesson_key`` is the page's translation key, shared by its translations."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="lessons")
    lesson_key = models.UUIDField()
    last_block = models.UUIDField(null=True, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    seconds = models.PositiveIntegerField(
        default=0, help_text="Time spent, from what was sent; a pause counts for at most ten minutes."
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_revision = models.PositiveIntegerField(
        null=True, blank=True, help_text="The course's revision when 'Verder' was last pressed here."
    )

    objects = LessonProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress in a lesson")
        verbose_name_plural = _("progress in lessons")
        constraints = [models.UniqueConstraint("enrolment", "lesson_key", name="one_progress_a_lesson")]
        indexes = [models.Index(fields=["lesson_key"], name="progress_of_lesson")]

    def __str__(self) -> str:
        return f"{self.enrolment} – {self.lesson_key}"


class Answer(models.Model):
    """What somebody chose in one exercise, by the stable id of its block in its lesson. Private to the learner.

    A copied lesson keeps its block ids but gets a key of its own, so answers there are other answers.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="answers")
    lesson_key = models.UUIDField()
    block_id = models.UUIDField()
    value = models.JSONField(
        help_text="By the type of the block, as courses.exercises.outcome gives it. Of a reflection: what only its writer reads."
    )
    answered = models.BooleanField(
        default=False, help_text="The exercise is done: chosen once, walked to an end, or skipped."
    )
    first_value = models.JSONField(
        null=True, blank=True, help_text="As value, when the exercise was first done. Never kept of a reflection."
    )
    revision = models.PositiveIntegerField(default=1, help_text="The course's revision when this was last answered.")
    sending = models.UUIDField(
        null=True, blank=True, help_text="Which sending was kept last; the same one again changes nothing."
    )
    attempts = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint("enrolment", "lesson_key", "block_id", name="one_answer_a_block")]

    def __str__(self) -> str:
        return f"{self.enrolment} – {self.block_id}"


class Note(models.Model):
    """What somebody writes for themselves beside a lesson. Only the writer reads it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="notes")
    lesson_key = models.UUIDField()
    text = models.TextField(_("note"), max_length=5000)
    written_at = models.DateTimeField(default=timezone.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [models.UniqueConstraint("enrolment", "lesson_key", name="one_note_a_lesson")]

    def __str__(self) -> str:
        return f"{self.enrolment} – {self.lesson_key}"

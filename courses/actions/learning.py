"""Writes of learning: beginning a module, answering, finishing a lesson and with it the module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.exercises import LessonOpen, open_exercises, outcome
from courses.models import Answer, Course, CoursePage, Enrolment, LessonPage, LessonProgress
from courses.sendings import Sending
from courses.signals import course_completed
from courses.versions import originals

if TYPE_CHECKING:
    from parties.models import Person


def enrolment_start(*, person: Person, course: Course) -> Enrolment:
    """The person's enrolment in the course; there is one, however often it is started."""
    return Enrolment.objects.get_or_create(person=person, course=course)[0]


@transaction.atomic
def answer_save(
    *,
    enrolment: Enrolment,
    lesson: LessonPage,
    block_id: UUID,
    value: Mapping[str, Any],
    sending: Sending | None = None,
) -> Answer:
    """Keeps what was given in one exercise; ``value`` is what ``outcome`` reads.

    What was answered once stays answered, also when the exercise is tried again. A ``sending`` that was kept already, or
    that waited while a newer one came from elsewhere, changes nothing.

    Raises:
        ExerciseGone: when the lesson has no such exercise (any more).
        ValidationError: when nothing was chosen, or what was chosen is not there.
        ValueError: when the lesson is of another course.
    """
    course_check(enrolment, lesson)
    result = outcome(lesson.body, block_id, value)
    sending = sending or Sending(timezone.now())
    locked = enrolment_lock(enrolment)
    answer = Answer.objects.filter(enrolment=enrolment, lesson_key=lesson.translation_key, block_id=block_id).first()
    if answer is None:
        answer = Answer(
            enrolment=enrolment, lesson_key=lesson.translation_key, block_id=block_id, first_at=sending.given_at
        )
    elif sending.repeats(answer.sending) or sending.overtaken(answer.last_at):
        return answer
    elif answer.answered and result.answered:
        answer.attempts += 1
    if result.answered and not answer.answered and not result.private:
        answer.first_value = result.value
    answer.value = result.value
    answer.revision = locked.course.revision
    answer.answered = answer.answered or result.answered
    answer.sending = sending.key
    answer.last_at = sending.given_at
    answer.full_clean()
    answer.save()
    progress = time_add(enrolment=locked, lesson=lesson, sending=sending)
    progress.last_block = block_id
    progress.save(update_fields=["last_block"])
    return answer


@transaction.atomic
def lesson_complete(*, enrolment: Enrolment, lesson: LessonPage, sending: Sending | None = None) -> Enrolment:
    """'Verder' was pressed: the lesson is done, and the module when all its lessons are.

    Again is the same as once, except that the lesson is then done as it is now: what changed in it is seen.

    Raises:
        LessonOpen: when an exercise was not answered yet.
        ValueError: when the lesson is of another course.
    """
    course_check(enrolment, lesson)
    locked = enrolment_lock(enrolment)
    waiting = open_exercises(lesson.body, Answer.objects.answered_blocks(locked, lesson))
    if waiting:
        raise LessonOpen(waiting)
    time_add(enrolment=locked, lesson=lesson, sending=sending or Sending(timezone.now()))
    progress, _ = LessonProgress.objects.get_or_create(enrolment=locked, lesson_key=lesson.translation_key)
    progress.completed_at = progress.completed_at or timezone.now()
    progress.completed_revision = locked.course.revision
    progress.full_clean()
    progress.save(update_fields=["completed_at", "completed_revision"])
    _complete_when_done(locked)
    return locked


@transaction.atomic
def enrolment_judge(*, enrolment: Enrolment) -> Enrolment:
    """Finishes the module when every lesson that is left is done, such as after an editor took one offline."""
    locked = enrolment_lock(enrolment)
    _complete_when_done(locked)
    return locked


def time_add(*, enrolment: Enrolment, lesson: LessonPage, sending: Sending) -> LessonProgress:
    """Adds the time since the form was shown or the last sending came. For who holds the lock on the enrolment."""
    progress, new = LessonProgress.objects.get_or_create(
        enrolment=enrolment, lesson_key=lesson.translation_key, defaults={"last_at": sending.given_at}
    )
    progress.seconds += sending.seconds(None if new else progress.last_at)
    progress.last_at = max(progress.last_at, sending.given_at)
    progress.full_clean()
    progress.save(update_fields=["seconds", "last_at"])
    return progress


def enrolment_lock(enrolment: Enrolment) -> Enrolment:
    """The row as it is now; who writes what hangs on it waits for its turn here."""
    return Enrolment.objects.select_for_update().select_related("course").get(pk=enrolment.pk)


def course_check(enrolment: Enrolment, lesson: LessonPage) -> None:
    if lesson.course_page.course_id != enrolment.course_id:
        raise ValueError(f"{lesson} is not a lesson of {enrolment.course}")


def _complete_when_done(enrolment: Enrolment) -> None:
    if enrolment.completed_at is not None:
        return
    pages = originals(CoursePage.objects.live().filter(course=enrolment.course).select_related("locale"))
    asked = set(LessonPage.objects.of_course_pages(pages).values_list("translation_key", flat=True))
    if not asked or asked - LessonProgress.objects.filter(enrolment=enrolment).completed().lesson_keys():
        return
    enrolment.completed_at = timezone.now()
    enrolment.completed_revision = enrolment.course.revision
    enrolment.full_clean()
    enrolment.save(update_fields=["completed_at", "completed_revision"])
    course_completed.send(sender=Enrolment, enrolment=enrolment)

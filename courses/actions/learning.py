"""Writes of learning: beginning a module, answering, finishing a lesson and with it the module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.exercises import LessonOpen, open_exercises, outcome
from courses.models import Answer, Course, CoursePage, Enrolment, LessonPage, LessonProgress
from courses.signals import course_completed

if TYPE_CHECKING:
    from parties.models import Person


def enrolment_start(*, person: Person, course: Course) -> Enrolment:
    """The person's enrolment in the course; there is one, however often it is started."""
    return Enrolment.objects.get_or_create(person=person, course=course)[0]


@transaction.atomic
def answer_save(*, enrolment: Enrolment, lesson: LessonPage, block_id: UUID, value: Mapping[str, Any]) -> Answer:
    """Keeps what was given in one exercise; ``value`` is what ``outcome`` reads.

    What was answered once stays answered, also when the exercise is tried again.

    Raises:
        ExerciseGone: when the lesson has no such exercise (any more).
        ValidationError: when nothing was chosen, or what was chosen is not there.
        ValueError: when the lesson is of another course.
    """
    _check_course(enrolment, lesson)
    result = outcome(lesson.body, block_id, value)
    locked = _lock(enrolment)
    answer = Answer.objects.filter(enrolment=enrolment, lesson_key=lesson.translation_key, block_id=block_id).first()
    if answer is None:
        answer = Answer(enrolment=enrolment, lesson_key=lesson.translation_key, block_id=block_id)
    elif answer.answered and result.answered:
        answer.attempts += 1
    if result.answered and not answer.answered and not result.private:
        answer.first_value = result.value
    answer.value = result.value
    answer.revision = locked.course.revision
    answer.answered = answer.answered or result.answered
    answer.last_at = timezone.now()
    answer.full_clean()
    answer.save()
    LessonProgress.objects.update_or_create(
        enrolment=enrolment, lesson_key=lesson.translation_key, defaults={"last_block": block_id}
    )
    return answer


@transaction.atomic
def lesson_complete(*, enrolment: Enrolment, lesson: LessonPage) -> Enrolment:
    """'Verder' was pressed: the lesson is done, and the module when all its lessons are. Twice is the same as once.

    Raises:
        LessonOpen: when an exercise was not answered yet.
        ValueError: when the lesson is of another course.
    """
    _check_course(enrolment, lesson)
    locked = _lock(enrolment)
    waiting = open_exercises(lesson.body, Answer.objects.answered_blocks(locked, lesson))
    if waiting:
        raise LessonOpen(waiting)
    progress, _ = LessonProgress.objects.get_or_create(enrolment=locked, lesson_key=lesson.translation_key)
    if progress.completed_at is None:
        progress.completed_at = timezone.now()
        progress.full_clean()
        progress.save(update_fields=["completed_at"])
    _complete_when_done(locked)
    return locked


@transaction.atomic
def enrolment_judge(*, enrolment: Enrolment) -> Enrolment:
    """Finishes the module when every lesson that is left is done, such as after an editor took one offline."""
    locked = _lock(enrolment)
    _complete_when_done(locked)
    return locked


def _check_course(enrolment: Enrolment, lesson: LessonPage) -> None:
    if lesson.course_page.course_id != enrolment.course_id:
        raise ValueError(f"{lesson} is not a lesson of {enrolment.course}")


def _lock(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.select_for_update().select_related("course").get(pk=enrolment.pk)


def _complete_when_done(enrolment: Enrolment) -> None:
    if enrolment.completed_at is not None:
        return
    pages = CoursePage.objects.live().filter(course=enrolment.course)
    asked = set(LessonPage.objects.of_course_pages(pages).values_list("translation_key", flat=True))
    if not asked or asked - LessonProgress.objects.filter(enrolment=enrolment).completed().lesson_keys():
        return
    enrolment.completed_at = timezone.now()
    enrolment.completed_revision = enrolment.course.revision
    enrolment.full_clean()
    enrolment.save(update_fields=["completed_at", "completed_revision"])
    course_completed.send(sender=Enrolment, enrolment=enrolment)

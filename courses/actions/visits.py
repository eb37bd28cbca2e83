"""What somebody does in the first module without an account: kept with the browser's visit until they sign in.

``store`` is Django's session, or any mapping that holds JSON. Shape under ``KEY``: ``{course key: {"answers":
{lesson key: {block id: {"value", "answered", "at", "first", "revision", "sending"}}}, "done": {lesson key: moment}, "time": {lesson key: {"seconds",
"at"}}}}``; moments as ISO 8601 in UTC.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.actions.learning import enrolment_judge, enrolment_start
from courses.exercises import LessonOpen, open_exercises, outcome
from courses.models import Answer, Course, Enrolment, LessonPage, LessonProgress
from courses.sendings import Sending

if TYPE_CHECKING:
    from parties.models import Person

KEY = "courses_visit"
Store = MutableMapping[str, Any]


def visit_answers(store: Mapping[str, Any], course: Course, lesson: LessonPage) -> dict[UUID, dict[str, Any]]:
    """What was answered in this lesson, by block id."""
    kept = store.get(KEY, {}).get(str(course.pk), {}).get("answers", {}).get(str(lesson.translation_key), {})
    return {UUID(block): entry for block, entry in kept.items()}


def visit_done(store: Mapping[str, Any]) -> set[UUID]:
    """Keys of the lessons that are done, over all courses."""
    return {UUID(key) for course in store.get(KEY, {}).values() for key in course["done"]}


def visit_answer_save(
    *,
    store: Store,
    course: Course,
    lesson: LessonPage,
    block_id: UUID,
    value: Mapping[str, Any],
    sending: Sending | None = None,
) -> None:
    """As ``answer_save``, without an account."""
    result = outcome(lesson.body, block_id, value)
    sending = sending or Sending(timezone.now())
    visit, kept = _kept(store, course)
    answers = kept["answers"].setdefault(str(lesson.translation_key), {})
    before = answers.get(str(block_id), {"answered": False})
    if "at" in before and (_repeats(sending, before) or sending.overtaken(_moment(before["at"]))):
        return
    first = before.get("first")
    if result.answered and not before["answered"] and not result.private:
        first = result.value
    answers[str(block_id)] = {
        "value": result.value,
        "answered": result.answered or before["answered"],
        "at": sending.given_at.isoformat(),
        "first": first,
        "revision": course.revision,
        "sending": str(sending.key) if sending.key else None,
    }
    _time_add(kept, lesson, sending)
    store[KEY] = visit


def visit_lesson_complete(*, store: Store, course: Course, lesson: LessonPage, sending: Sending | None = None) -> None:
    """As ``lesson_complete``, without an account: the module itself is finished only by who signs in."""
    answers = visit_answers(store, course, lesson)
    waiting = open_exercises(lesson.body, [block for block, entry in answers.items() if entry["answered"]])
    if waiting:
        raise LessonOpen(waiting)
    visit, kept = _kept(store, course)
    kept["done"].setdefault(str(lesson.translation_key), timezone.now().isoformat())
    _time_add(kept, lesson, sending or Sending(timezone.now()))
    store[KEY] = visit


@transaction.atomic
def visit_adopt(*, store: Store, person: Person) -> None:
    """Moves what was done without an account to the person who signed in. What the person has already stays as it is."""
    visit = store.pop(KEY, {})
    courses = Course.objects.in_bulk([int(key) for key in visit])
    for key, kept in visit.items():
        course = courses.get(int(key))
        if course is not None and (kept["answers"] or kept["done"]):
            _adopt_course(enrolment_start(person=person, course=course), kept)


def _adopt_course(enrolment: Enrolment, kept: Mapping[str, Any]) -> None:
    locked = Enrolment.objects.select_for_update().select_related("course").get(pk=enrolment.pk)
    for lesson_key, answers in kept["answers"].items():
        for block_id, entry in answers.items():
            at = _moment(entry["at"])
            Answer.objects.get_or_create(
                enrolment=locked,
                lesson_key=UUID(lesson_key),
                block_id=UUID(block_id),
                defaults={
                    "value": entry["value"],
                    "answered": entry["answered"],
                    "first_value": entry.get("first"),
                    "revision": entry.get("revision", 1),
                    "sending": entry.get("sending"),
                    "first_at": at,
                    "last_at": at,
                },
            )
            LessonProgress.objects.get_or_create(
                enrolment=locked, lesson_key=UUID(lesson_key), defaults={"last_block": UUID(block_id), "started_at": at}
            )
    for lesson_key, moment in kept["done"].items():
        progress, _ = LessonProgress.objects.get_or_create(
            enrolment=locked, lesson_key=UUID(lesson_key), defaults={"started_at": _moment(moment)}
        )
        if progress.completed_at is None:
            progress.completed_at = _moment(moment)
            progress.completed_revision = locked.course.revision
            progress.save(update_fields=["completed_at", "completed_revision"])
    for lesson_key, spent in kept.get("time", {}).items():
        progress, _ = LessonProgress.objects.get_or_create(enrolment=locked, lesson_key=UUID(lesson_key))
        progress.seconds += spent["seconds"]
        progress.save(update_fields=["seconds"])
    enrolment_judge(enrolment=locked)


def _time_add(kept: dict[str, Any], lesson: LessonPage, sending: Sending) -> None:
    """As ``time_add``, without an account."""
    times = kept.setdefault("time", {})
    before = times.get(str(lesson.translation_key))
    last_at = _moment(before["at"]) if before else None
    times[str(lesson.translation_key)] = {
        "seconds": (before["seconds"] if before else 0) + sending.seconds(last_at),
        "at": max(filter(None, (last_at, sending.given_at))).isoformat(),
    }


def _repeats(sending: Sending, entry: Mapping[str, Any]) -> bool:
    return sending.repeats(UUID(entry["sending"]) if entry.get("sending") else None)


def _kept(store: Store, course: Course) -> tuple[dict[str, Any], dict[str, Any]]:
    visit = store.get(KEY, {})
    return visit, visit.setdefault(str(course.pk), {"answers": {}, "done": {}})


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)

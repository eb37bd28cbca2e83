"""Whoever is doing a module: a person with an account, or a visitor in the first module. Both read and write the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from courses.actions.learning import answer_save, enrolment_start, lesson_complete
from courses.actions.visits import visit_answer_save, visit_answers, visit_done, visit_lesson_complete
from courses.models import Course, Enrolment, LessonPage
from courses.progress import CourseProgress, Known, known_of, overview, overview_of_visitor
from courses.rules import open_without_account
from courses.sendings import Sending
from parties.models import Person


@dataclass(frozen=True)
class Kept:
    """What is kept of one exercise; ``value`` as in ``Answer.value``."""

    value: Mapping[str, Any]
    answered: bool


@dataclass(frozen=True)
class Record:
    """What is kept of one lesson: the exercises by block id, and the learner's own note ("" when there is none)."""

    answers: Mapping[UUID, Kept] = field(default_factory=dict)
    note: str = ""


class Learner(Protocol):
    """``mark`` tells one learner from another in a form, without saying who; "" without an account."""

    has_account: bool
    mark: str

    def may_learn(self, course: Course) -> bool: ...
    def known(self, course: Course) -> Known: ...
    def overview(self) -> list[CourseProgress]: ...
    def record(self, lesson: LessonPage) -> Record: ...
    def answer(self, lesson: LessonPage, block_id: UUID, value: Mapping[str, Any], sending: Sending) -> None: ...
    def complete(self, lesson: LessonPage, sending: Sending) -> bool:
        """Finishes the lesson; True when the module is finished (now or before)."""


class AccountLearner:
    has_account = True

    def __init__(self, person: Person) -> None:
        self.person = person
        self.mark = salted_hmac("courses.learner", str(person.pk)).hexdigest()[:16]

    def may_learn(self, course: Course) -> bool:
        return True

    def known(self, course: Course) -> Known:
        return known_of(self.person, course)

    def overview(self) -> list[CourseProgress]:
        return overview(self.person)

    def record(self, lesson: LessonPage) -> Record:
        rows = Enrolment.objects.of(self.person).lesson_record(lesson)
        return Record(
            answers={block_id: Kept(value, bool(answered)) for block_id, value, answered, _ in rows if block_id},
            note=next((note for *_, note in rows if note), ""),
        )

    def answer(self, lesson: LessonPage, block_id: UUID, value: Mapping[str, Any], sending: Sending) -> None:
        enrolment = enrolment_start(person=self.person, course=lesson.course)
        answer_save(enrolment=enrolment, lesson=lesson, block_id=block_id, value=value, sending=sending)

    def complete(self, lesson: LessonPage, sending: Sending) -> bool:
        enrolment = enrolment_start(person=self.person, course=lesson.course)
        return lesson_complete(enrolment=enrolment, lesson=lesson, sending=sending).completed_at is not None


class VisitingLearner:
    has_account = False
    mark = ""

    def __init__(self, request: HttpRequest) -> None:
        self.store = request.session

    def may_learn(self, course: Course) -> bool:
        return open_without_account(course)

    def known(self, course: Course) -> Known:
        return Known(done=frozenset(visit_done(self.store)))

    def overview(self) -> list[CourseProgress]:
        return overview_of_visitor(visit_done(self.store))

    def record(self, lesson: LessonPage) -> Record:
        kept = visit_answers(self.store, lesson.course, lesson)
        return Record({block: Kept(entry["value"], entry["answered"]) for block, entry in kept.items()})

    def answer(self, lesson: LessonPage, block_id: UUID, value: Mapping[str, Any], sending: Sending) -> None:
        visit_answer_save(
            store=self.store, course=lesson.course, lesson=lesson, block_id=block_id, value=value, sending=sending
        )

    def complete(self, lesson: LessonPage, sending: Sending) -> bool:
        visit_lesson_complete(store=self.store, course=lesson.course, lesson=lesson, sending=sending)
        return False


def learner_of(request: HttpRequest) -> Learner:
    """Who looks, remembered for the rest of the request; a preview brings its own learner along."""
    if not hasattr(request, "learner"):
        learner = AccountLearner(request.user) if request.user.is_authenticated else VisitingLearner(request)
        request.learner = learner  # type: ignore[attr-defined]
    return request.learner  # type: ignore[attr-defined]

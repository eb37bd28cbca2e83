"""Whoever is doing a module: a person with an account, or a visitor in the first module. Both read and write the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpRequest

from courses.actions.learning import answer_save, enrolment_start, lesson_complete
from courses.actions.visits import visit_answer_save, visit_answers, visit_done, visit_lesson_complete
from courses.models import Answer, Course, LessonPage
from courses.progress import CourseProgress, Known, known_of, overview, overview_of_visitor
from courses.rules import open_without_account
from parties.models import Person


@dataclass(frozen=True)
class Kept:
    """What is kept of one exercise; ``value`` as in ``Answer.value``."""

    value: Mapping[str, Any]
    answered: bool


class Learner(Protocol):
    has_account: bool

    def may_learn(self, course: Course) -> bool: ...
    def known(self, course: Course) -> Known: ...
    def overview(self) -> list[CourseProgress]: ...
    def answers(self, lesson: LessonPage) -> dict[UUID, Kept]: ...
    def answer(self, lesson: LessonPage, block_id: UUID, value: Mapping[str, Any]) -> None: ...
    def complete(self, lesson: LessonPage) -> bool:
        """Finishes the lesson; True when the module is finished (now or before)."""


class AccountLearner:
    has_account = True

    def __init__(self, person: Person) -> None:
        self.person = person

    def may_learn(self, course: Course) -> bool:
        return True

    def known(self, course: Course) -> Known:
        return known_of(self.person, course)

    def overview(self) -> list[CourseProgress]:
        return overview(self.person)

    def answers(self, lesson: LessonPage) -> dict[UUID, Kept]:
        rows = Answer.objects.of(self.person).in_lesson(lesson.course, lesson)
        return {row.block_id: Kept(row.value, row.answered) for row in rows}

    def answer(self, lesson: LessonPage, block_id: UUID, value: Mapping[str, Any]) -> None:
        enrolment = enrolment_start(person=self.person, course=lesson.course)
        answer_save(enrolment=enrolment, lesson=lesson, block_id=block_id, value=value)

    def complete(self, lesson: LessonPage) -> bool:
        enrolment = enrolment_start(person=self.person, course=lesson.course)
        return lesson_complete(enrolment=enrolment, lesson=lesson).completed_at is not None


class VisitingLearner:
    has_account = False

    def __init__(self, request: HttpRequest) -> None:
        self.store = request.session

    def may_learn(self, course: Course) -> bool:
        return open_without_account(course)

    def known(self, course: Course) -> Known:
        return Known(done=frozenset(visit_done(self.store)))

    def overview(self) -> list[CourseProgress]:
        return overview_of_visitor(visit_done(self.store))

    def answers(self, lesson: LessonPage) -> dict[UUID, Kept]:
        kept = visit_answers(self.store, lesson.course, lesson)
        return {block: Kept(entry["value"], entry["answered"]) for block, entry in kept.items()}

    def answer(self, lesson: LessonPage, block_id: UUID, value: Mapping[str, Any]) -> None:
        visit_answer_save(store=self.store, course=lesson.course, lesson=lesson, block_id=block_id, value=value)

    def complete(self, lesson: LessonPage) -> bool:
        visit_lesson_complete(store=self.store, course=lesson.course, lesson=lesson)
        return False


def learner_of(request: HttpRequest) -> Learner:
    return AccountLearner(request.user) if request.user.is_authenticated else VisitingLearner(request)

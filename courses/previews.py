"""A lesson as each kind of learner would see it, in Wagtail's preview. Nothing is read of anybody, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from csp.constants import NONE
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.examples import first_answer, right_answer
from courses.exercises import Given, exercises_of, outcome
from courses.learner import Kept, Learner, Record
from courses.models import Course, CoursePage, LessonChange, LessonPage
from courses.progress import CourseProgress, Known
from courses.rules import open_without_account
from courses.sendings import Sending
from parties.models import Person
from parties.rules import Roles

#: The browser sends no form from a preview and runs no script, so nothing is sent later either, whatever stands in the lesson.
POLICY = {"form-action": [NONE], "script-src": [NONE]}


@dataclass(frozen=True)
class Kind:
    """One kind of learner. ``view`` as in ``Person.lesson_view``; ``answer`` makes up what they answered everywhere."""

    label: str | Promise
    view: str = ""
    has_account: bool = True
    answer: Callable[[Any], Given] | None = None
    is_finished: bool = False


KINDS = {
    "school": Kind(_("A supervisor from school, who begins"), view="school"),
    "workplace": Kind(_("A supervisor from the workplace, who begins"), view="workplace"),
    "visitor": Kind(_("A visitor without an account"), has_account=False),
    "answered": Kind(_("Who chose the first answer everywhere"), answer=first_answer),
    "finished": Kind(
        _("Who finished everything with the right answers, and is offered what is new"),
        answer=right_answer,
        is_finished=True,
    ),
}
MODES = [(name, kind.label) for name, kind in KINDS.items()]


class PreviewLearner:
    """A made-up learner of one kind, who is asked the same as a real one. ``lesson`` is the one that is looked at."""

    mark = "preview"

    def __init__(self, kind: Kind, lesson: LessonPage) -> None:
        self.kind = kind
        self.lesson = lesson
        self.has_account = kind.has_account

    def may_learn(self, course: Course) -> bool:
        return self.has_account or open_without_account(course)

    def known(self, course: Course) -> Known:
        if not self.kind.is_finished:
            return Known()
        lessons = LessonPage.objects.of_course_pages(CoursePage.objects.filter(course=course))
        done = frozenset(lessons.values_list("translation_key", flat=True))
        return Known(done=done, completed={course.pk: timezone.now()}, news=self._news())

    def overview(self) -> list[CourseProgress]:
        return []

    def record(self, lesson: LessonPage) -> Record:
        if self.kind.answer is None:
            return Record()
        found = {}
        for block, child in exercises_of(lesson.body).items():
            try:
                result = outcome(lesson.body, block, self.kind.answer(child))
            except (ValidationError, LookupError):  # an exercise that is not complete yet
                continue
            found[block] = Kept(result.value, result.answered)
        return Record(found)

    def answer(self, lesson: LessonPage, block_id: UUID, value: Mapping[str, Any], sending: Sending) -> None:
        """A preview keeps nothing."""

    def complete(self, lesson: LessonPage, sending: Sending) -> bool:
        return False

    def _news(self) -> dict[UUID, tuple[str, ...]]:
        """What changed for who finished this lesson: what the editor writes now, or else the last that was published."""
        key = self.lesson.translation_key
        sentence = self.lesson.change_sentence if self.lesson.change_matters else ""
        if not sentence:
            last = LessonChange.objects.filter(course=self.lesson.course, lesson_key=key).first()
            sentence = last.sentence if last else ""
        return {key: (sentence,)} if sentence else {}


def preview_begin(request: HttpRequest, lesson: LessonPage, mode: str | None) -> None:
    """Makes the request that of a made-up learner instead of the editor."""
    kind = KINDS.get(mode or "", KINDS["school"])
    learner: Learner = PreviewLearner(kind, lesson)
    request.learner = learner  # type: ignore[attr-defined]
    request.preview_label = kind.label  # type: ignore[attr-defined]
    request.user = _person(kind) if kind.has_account else AnonymousUser()


def preview_end(response: HttpResponse) -> HttpResponse:
    response._csp_replace = POLICY  # type: ignore[attr-defined]
    return response


def _person(kind: Kind) -> Person:
    """Somebody of whom the database holds nothing: no person has this key."""
    person = Person(pk=0, name=str(_("Preview")), lesson_view=kind.view)
    person.__dict__["_roles"] = Roles()
    return person

"""What the pages of modules show to whoever looks: the reads behind their templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.rich_text import RichText

from courses.blocks.media import documents_at_once, renditions_at_once
from courses.exercises import OUTCOMES, Given, exercises_of
from courses.learner import Kept, Learner, Record, learner_of
from courses.lesson_view import lesson_view_of
from courses.models import Answer, CoursePage, LessonPage, ShortRoutePage
from courses.player import Exercise, exercise
from courses.progress import CourseProgress, course_progress, module_version
from courses.routes import route_of, short_route, short_routes, with_route
from parties.languages import marked


@dataclass(frozen=True)
class NoteShown:
    """The learner's own note beside a lesson, in its form. ``error``: why it was not kept."""

    text: str
    url: str
    lesson_key: str
    kept: bool
    error: str = ""
    joined: bool = False


@dataclass(frozen=True)
class Part:
    """One block of a lesson; ``exercise`` when there is something to do."""

    block: Any
    exercise: Exercise | None


def index_context(request: HttpRequest) -> dict[str, Any]:
    modules = learner_of(request).overview()
    routes = short_routes(list(ShortRoutePage.objects.shown()), modules)
    return {"modules": modules, "routes": [route for route in routes if route.steps]}


def route_context(page: ShortRoutePage, request: HttpRequest) -> dict[str, Any]:
    learner = learner_of(request)
    return {
        "route": short_route(page, learner.overview()),
        "intro": RichText(page.intro),
        "has_account": learner.has_account,
        "crumbs": [(_("Modules"), reverse("courses:modules")), (marked(page.title, page.language), "")],
    }


def course_context(page: CoursePage, request: HttpRequest) -> dict[str, Any]:
    learner = learner_of(request)
    return {
        "module": _module(page, learner),
        "has_account": learner.has_account,
        "may_learn": learner.may_learn(page.own_course),
        "crumbs": [(_("Modules"), reverse("courses:modules")), (marked(page.title, page.language), "")],
    }


def lesson_context(
    page: LessonPage,
    request: HttpRequest,
    *,
    errors: Mapping[UUID, str] | None = None,
    filled: Mapping[UUID, Given] | None = None,
    unfinished: Iterable[UUID] = (),
    note: NoteShown | None = None,
) -> dict[str, Any]:
    """``errors``: a sentence at an exercise, by block id; ``filled``: what its form said, so that it stands there again.
    ``unfinished``: exercises that 'Verder' still waits for. ``note``: the learner's note, when it could not be kept.
    """
    learner = learner_of(request)
    course_page = page.course_page
    module = _module(course_page, learner)
    here = next((index for index, step in enumerate(module.lessons) if step.key == page.translation_key), None)
    may_answer = learner.may_learn(page.course)
    record = learner.record(page) if may_answer else Record()
    route = route_of(request)
    parts = _parts(page, record.answers, may_answer=may_answer, errors=errors or {}, filled=filled or {}, route=route)
    waiting = set(unfinished)
    return {
        "module": module,
        "course_page": course_page,
        "parts": parts,
        "by_side": any(part.block.block_type == "by_side" for part in parts),
        "lesson_view": lesson_view_of(request),
        "note": (note or note_shown(page, record.note, route=route)) if may_answer and learner.has_account else None,
        "step": module.lessons[here] if here is not None else None,
        "previous": module.lessons[here - 1] if here else None,
        "following": module.lessons[here + 1] if here is not None and here + 1 < len(module.lessons) else None,
        "has_account": learner.has_account,
        "may_learn": may_answer,
        "waiting": [part.exercise for part in parts if part.exercise and UUID(part.exercise.block_id) in waiting],
        "onward_url": with_route(reverse("courses:onward", args=page.place), route),
        "route_url": reverse("courses:module", args=[route]) if route else "",
        "crumbs": [
            (_("Modules"), reverse("courses:modules")),
            (marked(module.title, module.language), module.page_url),
            (marked(page.title, page.language), ""),
        ],
    }


def exercise_of(
    page: LessonPage,
    block_id: UUID,
    learner: Learner,
    *,
    error: str = "",
    filled: Given | None = None,
    route: str = "",
) -> Exercise:
    """One exercise as it stands now, for an answer without a new page."""
    child = exercises_of(page.body)[block_id]
    kept = learner.record(page).answers
    spread = _spread(page, [child], kept).get(block_id)
    return _exercise(
        page, child, kept.get(block_id), may_answer=True, error=error, filled=filled, spread=spread, route=route
    )


def note_shown(
    page: LessonPage, kept: str, *, filled: str | None = None, error: str = "", joined: bool = False, route: str = ""
) -> NoteShown:
    """``kept``: the note as it is kept, "" for none; ``filled``: what the form said, where that could not be kept."""
    return NoteShown(
        text=kept if filled is None else filled,
        url=with_route(reverse("courses:note", args=page.place), route),
        lesson_key=str(page.translation_key),
        kept=bool(kept),
        error=error,
        joined=joined,
    )


def _module(page: CoursePage, learner: Learner) -> CourseProgress:
    version = module_version(page)
    return course_progress(version.page, version.lessons, learner.known(page.own_course))


def _parts(
    page: LessonPage,
    kept: Mapping[UUID, Kept],
    *,
    may_answer: bool,
    errors: Mapping[UUID, str],
    filled: Mapping[UUID, Given],
    route: str,
) -> list[Part]:
    with documents_at_once(page.body):
        children = list(page.body)
    spread = _spread(page, children, kept)
    renditions_at_once([child.value["image"] for child in children if child.block_type == "image"])

    def part(child: Any) -> Part:
        if child.block_type not in OUTCOMES:
            return Part(child, None)
        key = UUID(child.id)
        shown = _exercise(
            page,
            child,
            kept.get(key),
            may_answer=may_answer,
            error=errors.get(key, ""),
            filled=filled.get(key),
            spread=spread.get(key),
            route=route,
        )
        return Part(child, shown)

    return [part(child) for child in children]


def _spread(page: LessonPage, children: Iterable[Any], kept: Mapping[UUID, Kept]) -> Mapping[UUID, Mapping[str, int]]:
    """What everybody chose in the polls that the learner answered: one query, and none where there are no such polls."""
    polls = [key for child in children if child.block_type == "poll" and (key := UUID(child.id)) in kept]
    return Answer.objects.spread(page, polls) if polls else {}


def _exercise(
    page: LessonPage,
    child: Any,
    own: Kept | None,
    *,
    may_answer: bool,
    error: str,
    filled: Given | None,
    spread: Mapping[str, int] | None,
    route: str,
) -> Exercise:
    url = with_route(reverse("courses:answer", args=[*page.place, child.id]), route)
    with override(page.language):
        return exercise(
            child,
            own.value if own else None,
            answered=bool(own and own.answered),
            may_answer=may_answer,
            url=url,
            lesson_key=str(page.translation_key),
            error=error,
            filled=filled,
            spread=spread,
        )

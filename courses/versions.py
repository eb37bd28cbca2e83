"""Which version of a module and of its lessons somebody reads. Pages in, pages out.

A module has the lessons of its page in the main language, each read in the active language where it is translated. So
there is the same to do in every language, and what is done is done in all. A module that is only written in another
language has the lessons that it has there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from courses.models import CoursePage, LessonPage
from parties.languages import MAIN, active_language


@dataclass(frozen=True)
class ModuleVersion:
    """A module's page and its lessons in order, as they are read in the active language."""

    page: CoursePage
    lessons: list[LessonPage]


def versions_of(pages: Iterable[CoursePage], lessons: Iterable[LessonPage]) -> list[ModuleVersion]:
    """One version of each module, in the order of ``pages``, which hold all its pages in the languages to choose from.

    ``lessons``: what is online under those pages, in order.
    """
    modules: dict[int | None, list[CoursePage]] = defaultdict(list)
    for page in pages:
        modules[page.course_id].append(page)
    below: dict[str, list[LessonPage]] = defaultdict(list)
    for lesson in lessons:
        below[lesson.path[: -LessonPage.steplen]].append(lesson)
    return [_version(versions, below) for versions in modules.values()]


def originals(pages: Iterable[CoursePage]) -> list[CoursePage]:
    """Of one module's pages those whose lessons are to be done."""
    known = list(pages)
    return [page for page in known if page.language == MAIN] or known


def _version(pages: Sequence[CoursePage], below: dict[str, list[LessonPage]]) -> ModuleVersion:
    (original, *_) = originals(pages)
    own = [page for page in pages if page.language == active_language()]
    translated = {lesson.translation_key: lesson for page in own for lesson in below[page.path]}
    lessons = [translated.get(lesson.translation_key, lesson) for lesson in below[original.path]]
    return ModuleVersion(page=own[0] if own else original, lessons=lessons)

"""Reads of pages and of learning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from uuid import UUID

from django.db import models
from django.db.models import (
    Aggregate,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject
from django.db.models.lookups import StartsWith
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

from parties.languages import MAIN, active_language, is_main_language

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    from courses.models import CoursePage, Enrolment, LessonPage
    from parties.models import Person


class TranslatedPageQuerySet(PageQuerySet):
    def in_main_language(self) -> Self:
        """Of the tree whose addresses have no language in front."""
        return self.filter(locale__language_code=MAIN)

    def in_readable_languages(self) -> Self:
        """Of the active language, and of the main one for what is not translated; with their language."""
        return self.filter(locale__language_code__in={active_language(), MAIN}).select_related("locale")

    def online_in(self, language: str) -> Self:
        return self.live().filter(locale__language_code=language)

    def in_one_language_each(self) -> Self:
        """Each page once: online in the active language, or else of the main one."""
        readable = self.in_readable_languages()
        if is_main_language():
            return readable
        translations = self.model.objects.online_in(active_language()).filter(
            translation_key=OuterRef("translation_key")
        )
        return readable.exclude(Q(locale__language_code=MAIN) & Exists(translations))

    def as_read(self) -> Self:
        """What is read first: what is online in the active language, then the main language, then the rest."""
        if is_main_language():
            return self
        place = Case(
            When(locale__language_code=active_language(), live=True, then=Value(0)),
            When(locale__language_code=MAIN, then=Value(1)),
            default=Value(2),
        )
        return self.order_by(place, "path")

    def unrestricted(self) -> Self:
        """Without pages that an editor closed off, on the page itself or above it."""
        path = ExpressionWrapper(OuterRef("path"), output_field=models.CharField())
        closed = PageViewRestriction.objects.filter(StartsWith(path, F("page__path")))
        return self.filter(~Exists(closed))


class ModuleIndexPageQuerySet(TranslatedPageQuerySet):
    def at(self) -> Self:
        """What stands at /modules/ in the active language, live or not."""
        return self.in_readable_languages().filter(slug="modules").as_read()


class CoursePageQuerySet(TranslatedPageQuerySet):
    def at(self, module: str) -> CoursePageQuerySet:
        """What stands at /modules/<module>/ in the active language, live or not."""
        found = self.in_readable_languages().filter(slug=module, course__isnull=False)
        return found.select_related("course").as_read()

    def shown(self) -> CoursePageQuerySet:
        return self.live().filter(course__isnull=False).select_related("course").order_by("course__position")

    def titles_in(self, language: str) -> dict[int, str]:
        """How the modules that are online in that language are called there, by Course."""
        return dict(self.online_in(language).filter(course__isnull=False).values_list("course", "title"))


class LessonPageQuerySet(TranslatedPageQuerySet):
    def at(self, module: str, lesson: str) -> LessonPageQuerySet:
        """What stands at /modules/<module>/<lesson>/ in the active language, live or not."""
        found = self.in_readable_languages().filter(slug=lesson, url_path__endswith=f"/{module}/{lesson}/")
        return found.as_read()

    def of_course_pages(self, pages: Iterable[CoursePage]) -> LessonPageQuerySet:
        """The live lessons under these course pages, in order, with their language; only what a line in a list says."""
        paths = Q(pk__in=[])
        for page in pages:
            paths |= Q(path__startswith=page.path)
        line = ["path", "slug", "url_path", "translation_key", "title", "summary", "minutes", "locale__language_code"]
        return self.live().filter(paths).only(*line).select_related("locale").order_by("path")


class ShortRoutePageQuerySet(TranslatedPageQuerySet):
    def at(self, slug: str) -> ShortRoutePageQuerySet:
        """What stands at /modules/<slug>/ in the active language, live or not."""
        return self.in_readable_languages().filter(slug=slug).as_read()

    def shown(self) -> ShortRoutePageQuerySet:
        """The routes that everyone sees, in the editors' order."""
        return self.in_one_language_each().live().unrestricted().order_by("path")


class LessonRow(NamedTuple):
    """An enrolment beside one of its lessons. One without lessons has a row of its own, with None for the lesson."""

    course_id: int
    completed_at: dt.datetime | None
    completed_revision: int | None
    lesson_key: UUID | None
    last_block: UUID | None
    lesson_completed_at: dt.datetime | None
    lesson_completed_revision: int | None
    changes: list[dict[str, Any]] | None


class JsonList(Aggregate):
    """The rows of a group as one list, which SQLite and PostgreSQL each have under a name of their own."""

    function = "JSONB_AGG"
    output_field = models.JSONField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


class LessonChangeQuerySet(models.QuerySet):
    def as_list(self) -> models.QuerySet:
        """For a subquery on one lesson of one course: all its changes, ``{"revision", "sentence"}``, in one value."""
        every = JsonList(JSONObject(revision="revision", sentence="sentence"))
        return self.order_by().values("lesson_key").annotate(every=every).values("every")


class EnrolmentQuerySet(models.QuerySet):
    def of(self, person: Person) -> EnrolmentQuerySet:
        return self.filter(person=person)

    def completed(self) -> EnrolmentQuerySet:
        return self.filter(completed_at__isnull=False)

    def lesson_record(self, lesson: LessonPage) -> list[tuple[UUID | None, Any, bool | None, str | None]]:
        """What is kept of one lesson, in one query: a row an answer (block, value, answered), each with the lesson's note.

        Without answers there is one row of an enrolment, with None instead of an answer.
        """
        from courses.models import Note  # reads this module

        note = Note.objects.filter(enrolment=OuterRef("pk"), lesson_key=lesson.translation_key)
        here = models.Q(answers__lesson_key=lesson.translation_key)
        rows = self.filter(course=lesson.course).annotate(
            here=FilteredRelation("answers", condition=here), note=Subquery(note.values("text")[:1])
        )
        return list(rows.values_list("here__block_id", "here__value", "here__answered", "note"))

    def with_lessons(self) -> list[LessonRow]:
        """One row for each lesson of each enrolment, with what editors changed in that lesson. One query."""
        from courses.models import LessonChange  # reads this module

        changes = LessonChange.objects.filter(course=OuterRef("course"), lesson_key=OuterRef("lessons__lesson_key"))
        named = {
            "lesson_key": "lessons__lesson_key",
            "last_block": "lessons__last_block",
            "lesson_completed_at": "lessons__completed_at",
            "lesson_completed_revision": "lessons__completed_revision",
        }
        rows = self.annotate(
            **{name: F(path) for name, path in named.items()}, changes=Subquery(changes.as_list())
        ).values_list(*LessonRow._fields)
        return [LessonRow(*row) for row in rows]


class LessonProgressQuerySet(models.QuerySet):
    def of(self, person: Person) -> LessonProgressQuerySet:
        return self.filter(enrolment__person=person)

    def completed(self) -> LessonProgressQuerySet:
        return self.filter(completed_at__isnull=False)

    def lesson_keys(self) -> set[UUID]:
        return set(self.values_list("lesson_key", flat=True))


class NoteQuerySet(models.QuerySet):
    def of(self, person: Person) -> NoteQuerySet:
        return self.filter(enrolment__person=person)


class AnswerQuerySet(models.QuerySet):
    def of(self, person: Person) -> AnswerQuerySet:
        return self.filter(enrolment__person=person)

    def reflections(self) -> AnswerQuerySet:
        """What was written, as far as it was not deleted; no other exercise keeps a text."""
        return self.filter(value__has_key="text").exclude(value__text="")

    def answered_blocks(self, enrolment: Enrolment, lesson: LessonPage) -> set[UUID]:
        rows = self.filter(enrolment=enrolment, lesson_key=lesson.translation_key, answered=True)
        return set(rows.values_list("block_id", flat=True))

    def spread(self, lesson: LessonPage, blocks: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
        """Of these polls of a lesson, by block: how many people chose each answer, as they last did. One query."""
        rows = (
            self.filter(lesson_key=lesson.translation_key, block_id__in=list(blocks), answered=True)
            .annotate(choice=KT("value__choice"))
            .values_list("block_id", "choice")
            .annotate(people=Count("pk"))
        )
        found: dict[UUID, dict[str, int]] = {}
        for block_id, choice, people in rows:
            found.setdefault(block_id, {})[choice] = people
        return found

"""Reads of pages and of learning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Aggregate, Count, Exists, ExpressionWrapper, F, FilteredRelation, OuterRef, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import JSONObject
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    from courses.models import CoursePage, Enrolment, LessonPage
    from parties.models import Person


class ModulePageQuerySet(PageQuerySet):
    def unrestricted(self) -> ModulePageQuerySet:
        """Without pages that an editor closed off, on the page itself or above it."""
        closed = PageViewRestriction.objects.alias(
            below=ExpressionWrapper(OuterRef("path"), output_field=models.CharField())
        ).filter(below__startswith=F("page__path"))
        return self.filter(~Exists(closed))

    def in_main_language(self) -> ModulePageQuerySet:
        """Of the tree whose addresses have no language in front."""
        return self.filter(locale__language_code=settings.LANGUAGE_CODE)


class CoursePageQuerySet(ModulePageQuerySet):
    def at(self, module: str) -> CoursePageQuerySet:
        """What stands at /modules/<module>/, live or not."""
        return self.in_main_language().filter(slug=module, course__isnull=False).select_related("course")

    def shown(self) -> CoursePageQuerySet:
        return self.live().filter(course__isnull=False).select_related("course").order_by("course__position")


class LessonPageQuerySet(ModulePageQuerySet):
    def at(self, module: str, lesson: str) -> LessonPageQuerySet:
        """What stands at /modules/<module>/<lesson>/, live or not."""
        return self.in_main_language().filter(slug=lesson, url_path__endswith=f"/{module}/{lesson}/")

    def of_course_pages(self, pages: Iterable[CoursePage]) -> LessonPageQuerySet:
        """The live lessons under these course pages, in order, without their bodies."""
        paths = models.Q(pk__in=[])
        for page in pages:
            paths |= models.Q(path__startswith=page.path)
        return self.live().filter(paths).defer("body").order_by("path")


class ShortRoutePageQuerySet(ModulePageQuerySet):
    def at(self, slug: str) -> ShortRoutePageQuerySet:
        """What stands at /modules/<slug>/, live or not."""
        return self.in_main_language().filter(slug=slug)

    def shown(self) -> ShortRoutePageQuerySet:
        """The routes that everyone sees, in the editors' order."""
        return self.in_main_language().live().unrestricted().order_by("path")


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

"""What may be done with modules and their pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Q
from wagtail.models import Page, PagePermissionTester

from courses.law import awaits_expert
from courses.models import Answer, Course, CoursePage, Enrolment, LessonPage, LessonProgress
from parties.languages import MAIN
from parties.rules import may_approve_law


def open_without_account(course: Course) -> bool:
    """The first module can be done without an account; its answers are kept when one signs in."""
    return course.position == 1


def pages_with_learners(page: Page) -> list[Page]:
    """Modules and lessons in this subtree that somebody began: what must not be deleted.

    A translation may go as long as the page stays that it is a translation of: what people did hangs on both.
    """
    courses = CoursePage.objects.descendant_of(page, inclusive=True).filter(
        course__in=Enrolment.objects.values("course")
    )
    lessons = LessonPage.objects.descendant_of(page, inclusive=True).filter(
        Q(translation_key__in=LessonProgress.objects.values("lesson_key"))
        | Q(translation_key__in=Answer.objects.values("lesson_key"))
    )
    stay = Page.objects.filter(locale__language_code=MAIN).not_descendant_of(page, inclusive=True)
    translations = ~Q(locale__language_code=MAIN) & Q(translation_key__in=stay.values("translation_key"))
    return [*courses.exclude(translations), *lessons.exclude(translations)]


class LessonPermissions(PagePermissionTester):
    """Wagtail's own, except that changed legal notes are published by who may approve them."""

    def can_publish(self) -> bool:
        return super().can_publish() and (may_approve_law(self.user) or not awaits_expert(self.page))

    def can_set_view_restrictions(self) -> bool:
        return super().can_publish()

    def can_unschedule(self) -> bool:
        return super().can_publish()


def awaiting_expert(pages: Iterable[Page], *, with_drafts_below: bool = False) -> list[LessonPage]:
    """The lessons among these pages, in their newest version, whose legal notes an expert still has to approve.

    ``with_drafts_below``: also the pages under them that are not online.
    """
    found = {page.pk: page for page in pages}
    if with_drafts_below:
        found |= {below.pk: below for page in pages for below in page.get_descendants().not_live()}
    lessons = LessonPage.objects.filter(pk__in=found)
    newest = (lesson.get_latest_revision_as_object() for lesson in lessons)
    return [lesson for lesson in newest if awaits_expert(lesson)]


def unfinished_lessons(pages: Iterable[Page], *, with_drafts_below: bool = False) -> list[LessonPage]:
    """The lessons among these pages that, in their newest version, are not right yet and so must not go online.

    ``with_drafts_below``: also the pages under them that are not online.
    """
    found = {page.pk for page in pages}
    if with_drafts_below:
        found |= {below.pk for page in pages for below in page.get_descendants().not_live()}
    lessons = LessonPage.objects.filter(pk__in=found)
    return [lesson for lesson in lessons if not _body_is_right(lesson.get_latest_revision_as_object())]


def _body_is_right(lesson: LessonPage) -> bool:
    try:
        lesson.body.stream_block.clean(lesson.body)
    except ValidationError:
        return False
    return True

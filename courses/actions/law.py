"""Keeping which legal notes were approved, by whom and when."""

from __future__ import annotations

from courses.law import law_of
from courses.models import LegalApproval, LessonPage
from parties.models import Person
from parties.rules import may_approve_law


def law_approval_record(*, lesson: LessonPage, by: Person | None) -> LegalApproval | None:
    """Writes down the legal notes of this version of a lesson, unless they are what was approved last.

    ``by`` is named when that is an expert; else the notes were live before, or came with the platform.
    """
    law = law_of(lesson.body)
    last = LegalApproval.objects.filter(page=lesson.pk).first()
    if law == (last.notes if last else []):
        return None
    expert = by if by is not None and may_approve_law(by) else None
    return LegalApproval.objects.create(page_id=lesson.pk, notes=law, by=expert)


def lesson_keep_draft(*, lesson: LessonPage) -> None:
    """Takes a lesson that was made just now and never published out of sight; its newest version stays as a draft."""
    LessonPage.objects.filter(pk=lesson.pk, first_published_at=None).update(live=False, has_unpublished_changes=True)

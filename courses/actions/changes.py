"""What publishing a lesson means for who already finished it."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Revision

from courses.models import Course, LessonChange, LessonPage


@transaction.atomic
def lesson_published(*, lesson: LessonPage, revision: Revision) -> LessonChange | None:
    """The module has a new revision; a change that an editor marked as one that matters is kept with it, once.

    The mark and its sentence go from the page and from all its versions with that sentence, so that the next edit
    starts clean and publishing the same version again says nothing twice. A first publication changes nothing for
    anybody.
    """
    course_id = lesson.course_page.course_id
    course = Course.objects.select_for_update().filter(pk=course_id).first()
    if course is not None:
        course.revision += 1
        course.save(update_fields=["revision"])
    if not lesson.change_matters:
        return None
    change = None
    if course is not None and lesson.first_published_at != lesson.last_published_at:
        change = LessonChange.objects.create(
            course=course,
            lesson_key=lesson.translation_key,
            revision=course.revision,
            sentence=lesson.change_sentence,
        )
    _mark_clear(lesson, revision)
    return change


def _mark_clear(lesson: LessonPage, revision: Revision) -> None:
    clean = {"change_matters": False, "change_sentence": ""}
    marked = lesson.revisions.filter(content__change_matters=True, content__change_sentence=lesson.change_sentence)
    versions = list(marked)
    for version in versions:
        version.content = {**version.content, **clean}
    Revision.objects.bulk_update(versions, ["content"])
    revision.content = {**revision.content, **clean}
    LessonPage.objects.filter(pk=lesson.pk).update(**clean)
    lesson.change_matters, lesson.change_sentence = False, ""

"""What may be done with modules and their pages."""

from __future__ import annotations

from django.db.models import Q
from wagtail.models import Page

from courses.models import Answer, Course, CoursePage, Enrolment, LessonPage, LessonProgress


def open_without_account(course: Course) -> bool:
    """The first module can be done without an account; its answers are kept when one signs in."""
    return course.position == 1


def pages_with_learners(page: Page) -> list[Page]:
    """Modules and lessons in this subtree that somebody began: what must not be deleted."""
    courses = CoursePage.objects.descendant_of(page, inclusive=True).filter(
        course__in=Enrolment.objects.values("course")
    )
    lessons = LessonPage.objects.descendant_of(page, inclusive=True).filter(
        Q(translation_key__in=LessonProgress.objects.values("lesson_key"))
        | Q(translation_key__in=Answer.objects.values("lesson_key"))
    )
    return [*courses, *lessons]

"""A lesson with every block on the running site, and away again: `manage.py shell -c "from tests.road.proof import …"`."""

from courses.models import Course, CoursePage, LessonPage, ModuleIndexPage
from tests.courses.conftest import module
from tests.courses.samples import every_block_lesson

TITLE = "Proef"


def proof_add() -> None:
    """At /modules/proef/elk-blok/. Number 1, so that a visitor can do its exercises too."""
    every_block_lesson(module(ModuleIndexPage.objects.get(locale__language_code="nl"), TITLE, position=1))


def proof_remove() -> None:
    course = Course.objects.get(title=TITLE)
    for page in [*LessonPage.objects.filter(slug="elk-blok"), *CoursePage.objects.filter(course=course)]:
        page.delete()
    course.delete()

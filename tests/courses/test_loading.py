"""The modules in fixtures/ become pages, and stay as editors leave them."""

import json

import pytest
from wagtail.images import get_image_model
from wagtail.models import Page, Revision

from courses.actions.content import modules_load
from courses.blocks import LessonBody
from courses.models import Course, CoursePage, LessonPage, ModuleIndexPage

pytestmark = pytest.mark.django_db


def tree() -> list[tuple[int, str, bool]]:
    return list(Page.objects.order_by("path").values_list("depth", "slug", "live"))


def test_modules_stand_in_their_order_with_lessons(index: ModuleIndexPage) -> None:
    pages = modules_load(parent=index)

    assert [page.slug for page in pages] == ["herkennen", "erkennen", "tegengaan"]
    assert [(course.slug, course.position, len(course.goals)) for course in Course.objects.all()] == [
        ("herkennen", 1, 4),
        ("erkennen", 2, len(Course.objects.get(slug="erkennen").goals)),
        ("tegengaan", 3, len(Course.objects.get(slug="tegengaan").goals)),
    ]
    lessons = list(LessonPage.objects.of_course_pages(pages[:1]).values_list("slug", flat=True))
    assert lessons == ["wat-is-onderscheid", "waar-in-de-stage", "de-klik", "een-wens-van-de-klant", "werk-of-persoon"]


def test_every_lesson_is_valid_to_an_editor(index: ModuleIndexPage) -> None:
    modules_load(parent=index)
    body = LessonBody()
    for lesson in LessonPage.objects.all():
        body.clean(lesson.body)


def test_loading_again_changes_nothing(index: ModuleIndexPage) -> None:
    modules_load(parent=index)
    before = (tree(), Revision.objects.count(), get_image_model().objects.count())

    modules_load(parent=index)

    assert (tree(), Revision.objects.count(), get_image_model().objects.count()) == before


def test_a_page_that_only_the_fixtures_wrote_follows_its_file(index: ModuleIndexPage) -> None:
    modules_load(parent=index)
    lesson = LessonPage.objects.get(slug="de-klik")
    body, loaded = json.dumps(lesson.body.get_prep_value()), lesson.loaded
    rewrite(lesson, title="Zoals het vorige bestand het noemde")

    modules_load(parent=index)

    lesson = LessonPage.objects.get(slug="de-klik")
    assert (lesson.title, lesson.loaded) == ("De klik en het eerste oordeel", loaded)
    assert json.dumps(lesson.body.get_prep_value()) == body


def test_a_page_that_an_editor_changed_stays(index: ModuleIndexPage) -> None:
    modules_load(parent=index)
    lesson = LessonPage.objects.get(slug="de-klik")
    lesson.title = "Mijn eigen titel"
    lesson.save_revision().publish()
    page = CoursePage.objects.get(slug="erkennen")
    page.title = "Ook anders"
    page.save_revision()

    modules_load(parent=index)

    assert LessonPage.objects.get(slug="de-klik").title == "Mijn eigen titel"
    assert CoursePage.objects.get(slug="erkennen").get_latest_revision_as_object().title == "Ook anders"


def rewrite(lesson: LessonPage, *, title: str) -> None:
    """As if an earlier version of the file had been loaded."""
    from courses.actions import content

    lesson.title = title
    values = {"title": title, "summary": lesson.summary, "body": lesson.body}
    lesson.loaded = content._digest_of(lesson, values)
    lesson.save_revision().publish()

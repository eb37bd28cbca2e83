"""The modules in fixtures/ become pages, and stay as editors leave them."""

import datetime as dt
import json

import pytest
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision

from courses.actions.content import body_load, modules_load
from courses.blocks import LessonBody
from courses.models import Course, CoursePage, LessonPage, ModuleIndexPage
from tests.courses.samples import every_block, every_block_lesson

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
    assert lessons == [
        "wat-is-onderscheid",
        "waar-in-de-stage",
        "de-klik",
        "een-wens-van-de-klant",
        "een-regel-voor-iedereen",
        "werk-of-persoon",
    ]
    for page in pages:  # what the certificate counts is what the lessons take
        minutes = LessonPage.objects.of_course_pages([page]).values_list("minutes", flat=True)
        assert 45 <= sum(minutes) == page.course.minutes <= 60


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


def test_every_kind_of_block_is_read_to_what_an_editor_could_have_made(course_page: CoursePage) -> None:
    page = every_block_lesson(course_page)
    LessonBody().clean(page.body)
    values = {child.block_type: child.value for child in page.body}
    assert list(values) == [sample["type"] for sample in every_block()]
    video, download = values["video"], values["download"]
    assert (video["file"].filename, video["captions"].filename) == ("zelfde-brief.mp4", "zelfde-brief.vtt")
    assert (download.kind, download["file"].title) == ("PDF", "De gesprekswijzer op één blad")
    assert [part["heading"] for part in values["accordion"]["items"]] == [
        "Wat als de student geen melding wil?",
        "En als het een collega is?",
    ]
    assert values["legal_note"]["checked"] == dt.date(2026, 11, 2)


def test_files_are_found_again_by_what_is_in_them(course_page: CoursePage) -> None:
    first = body_load(every_block(), namespace="a")
    documents = get_document_model().objects.order_by("pk")
    assert list(documents.values_list("title", flat=True)) == [
        "Zelfde brief, ander antwoord",
        "Zelfde brief, ander antwoord (.vtt)",
        "De gesprekswijzer op één blad",
    ]
    documents.filter(title__contains="gesprekswijzer").update(title="Zoals een editor het noemt")
    assert body_load(every_block(), namespace="a") == first
    assert documents.count() == 3


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

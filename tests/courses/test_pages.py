"""The pages of modules as people see them: what stands on them, for whom, and what it costs."""

import datetime as dt
import json
import re
import uuid

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction

from courses.actions.learning import answer_save, enrolment_start, lesson_complete
from courses.models import CoursePage, Enrolment, LessonPage, ModuleIndexPage
from courses.progress import overview
from parties.models import Person
from tests.courses.conftest import CHOICE, STORY, block, lesson, module, publish, scenario, single_choice
from tests.courses.kinds import matching, multiple_choice, ordering, poll, reflection, statement

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings(
        "ignore:Unclosed file <tempfile.Spooled:ResourceWarning"
    ),  # Wagtail leaves it when it makes a rendition
]


def an_image(name: str) -> int:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1400 900"><rect width="9" height="9"/></svg>'
    return get_image_model().objects.create(title=name, file=ContentFile(drawing, name=f"{name}.svg")).pk


def a_document(name: str) -> int:
    return get_document_model().objects.create(title=name, file=ContentFile(b"x", name=name), file_size=1).pk


def many_blocks(count: int) -> list[dict[str, object]]:
    """``count`` of every kind of block."""
    found = []
    for number in range(count):
        base = 1000 + 20 * number
        found += [
            block("text", uuid.UUID(int=base), '<h2>Kop</h2><p>Tekst met <a href="https://www.cbs.nl/">bron</a>.</p>'),
            block(
                "image",
                uuid.UUID(int=base + 1),
                {"image": an_image(f"i{base}"), "alt": "Twee brieven.", "caption": "Twee."},
            ),
            block("quote", uuid.UUID(int=base + 2), {"text": "Zo ging het.", "attribution": "Iemand"}),
            block("callout", uuid.UUID(int=base + 3), {"kind": "law", "title": "De wet", "html": "<p>Mag niet.</p>"}),
            single_choice(uuid.UUID(int=base + 4)),
            scenario(uuid.UUID(int=base + 5)),
            block(
                "video",
                uuid.UUID(int=base + 12),
                {
                    "title": "Film",
                    "file": a_document(f"f{base}.mp4"),
                    "captions": a_document(f"f{base}.vtt"),
                    "transcript": "<p>Tekst.</p>",
                },
            ),
            block("download", uuid.UUID(int=base + 13), {"file": a_document(f"d{base}.pdf"), "title": "Gids"}),
            multiple_choice(uuid.UUID(int=base + 6)),
            statement(uuid.UUID(int=base + 7)),
            ordering(uuid.UUID(int=base + 8)),
            matching(uuid.UUID(int=base + 9)),
            reflection(uuid.UUID(int=base + 10)),
            poll(uuid.UUID(int=base + 11)),
        ]
    return found


@pytest.mark.parametrize("count", [1, 3])
def test_a_lesson_costs_a_learner_the_same_whatever_its_blocks(
    client: Client,
    person: Person,
    course_page: CoursePage,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    page = publish(course_page, LessonPage(title="Veel", slug="veel", body=json.dumps(many_blocks(count))))
    for number in range(count):
        lesson(course_page, f"Nog{number}", single_choice(uuid.uuid4()))
    enrolment = enrolment_start(person=person, course=course_page.course)
    answer_save(enrolment=enrolment, lesson=page, block_id=uuid.UUID(int=1004), value={"choice": "b"})
    client.force_login(person)
    client.get(page.address)  # makes the renditions

    # visit, person, roles; lesson, module, translations; answers, what is known; images; documents; lessons of the module
    with django_assert_num_queries(11):
        response = client.get(page.address)
    assert response.status_code == 200

    for number in range(count):
        polled = uuid.UUID(int=1000 + 20 * number + 11)
        answer_save(enrolment=enrolment, lesson=page, block_id=polled, value={"choice": "b"})
    # and what others chose in the polls, in one
    with django_assert_num_queries(12):
        response = client.get(page.address)
    assert response.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_modules_costs_the_same_whatever_its_length(
    client: Client,
    person: Person,
    index: ModuleIndexPage,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        page = module(index, f"Module{number}", position=number + 1)
        for other in range(count):
            lesson(page, f"Les{other}", single_choice())
    client.force_login(person)
    client.get("/modules/")

    # visit, person, roles; the page, translations; what is known; pages, lessons; short routes
    with django_assert_num_queries(9):
        assert client.get("/modules/").status_code == 200
    with django_assert_num_queries(3):
        assert len(overview(person)) == count


def test_a_module_page_tells_where_one_is(
    client: Client, person: Person, first: LessonPage, second: LessonPage
) -> None:
    client.force_login(person)
    page = first.course_page
    shown = client.get(page.address)
    assert shown.context["module"].lessons_done == 0
    assert shown.context["module"].next_lesson_url == "/modules/herkennen/kijken/"

    enrolment = enrolment_start(person=person, course=page.course)
    answer_save(enrolment=enrolment, lesson=first, block_id=CHOICE, value={"choice": "b"})
    assert overview(person)[0].next_lesson_url == f"/modules/herkennen/kijken/#blok-{CHOICE}"

    answer_save(enrolment=enrolment, lesson=first, block_id=STORY, value={"skipped": True})
    lesson_complete(enrolment=enrolment, lesson=first)
    state = client.get(page.address).context["module"]
    assert [(step.title, step.done) for step in state.lessons] == [("Kijken", True), ("Terugblik", False)]
    assert (state.lessons_done, state.lessons_total, state.minutes_left) == (1, 2, 1)
    assert (state.next_lesson_title, state.next_lesson_url) == ("Terugblik", "/modules/herkennen/terugblik/")


def test_a_finished_module_stays_in_the_overview_when_its_page_goes(
    person: Person, course_page: CoursePage, first: LessonPage
) -> None:
    at = dt.datetime(2026, 5, 1, 10, tzinfo=dt.UTC)
    Enrolment.objects.create(person=person, course=course_page.course, completed_at=at, completed_revision=1)
    course_page.unpublish()
    assert [(one.title, one.page_url, one.completed_at) for one in overview(person)] == [("Herkennen", "", at)]


def test_a_lesson_shows_every_kind_of_block(client: Client, course_page: CoursePage) -> None:
    page = lesson(course_page, "Alles", *many_blocks(1))
    shown = client.get(page.address).content.decode()
    for words in [
        '<h2 class="utrecht-heading-2">Kop</h2>',
        'alt="Twee brieven."',
        "“Zo ging het.”",
        "De wet",
        "Wie maakt onderscheid?",
        "Dit verhaal gaat over een hoofddoek.",
        "De manager belt.",
    ]:
        assert words in shown
    assert "Doorgeven telt ook." not in shown  # feedback comes after the choice
    assert "Er is geen regel." not in shown


def test_the_image_of_a_lesson_can_be_fetched_and_runs_nothing(client: Client, course_page: CoursePage) -> None:
    page = lesson(course_page, "Alles", *many_blocks(1))
    (address,) = re.findall(r'<img[^>]* src="(/media/[^"]+)"', client.get(page.address).content.decode())
    response = client.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/svg+xml")
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert b"<rect" in response.getvalue()
    assert client.get("/media/images/../original_images/x.svg").status_code == 400


def test_what_hr_sees_stands_on_the_page(client: Client, first: LessonPage) -> None:
    for url in (first.address, first.course_page.address):
        assert 'class="privacy"' in client.get(url).content.decode()


@pytest.mark.parametrize("what", ["lesson", "module", "copy"])
def test_what_is_not_shown_is_not_there(client: Client, course_page: CoursePage, first: LessonPage, what: str) -> None:
    assert client.get(first.address).status_code == 200
    if what == "lesson":
        first.unpublish()
    elif what == "module":
        course_page.unpublish()
    else:
        CoursePage.objects.update(course=None)
    assert client.get(first.address).status_code == 404
    assert client.get(course_page.address).status_code == (200 if what == "lesson" else 404)


def test_a_page_that_an_editor_closed_off_stays_closed(
    client: Client, course_page: CoursePage, first: LessonPage
) -> None:
    PageViewRestriction.objects.create(page=course_page, restriction_type="login")
    response = client.get(first.address)
    assert (response.status_code, "/modules/herkennen/kijken/" in response.headers["Location"]) == (302, True)


def test_a_draft_can_be_previewed_and_not_answered(first: LessonPage) -> None:
    draft = first.get_latest_revision_as_object()
    draft.title = "Concept"
    response = draft.make_preview_request()
    shown = response.render().content.decode()
    assert "Concept" in shown
    assert "Wie maakt onderscheid?" in shown
    assert "form-action 'none'" in response.headers["Content-Security-Policy"]


def test_the_answers_of_others_are_nowhere(client: Client, person: Person, first: LessonPage) -> None:
    from tests.factories import PersonFactory

    enrolment = enrolment_start(person=person, course=first.course)
    answer_save(enrolment=enrolment, lesson=first, block_id=CHOICE, value={"choice": "b"})
    client.force_login(person)
    assert "Doorgeven telt ook." in client.get(first.address).content.decode()

    client.force_login(PersonFactory())
    for url in [first.address, f"{first.address}?person={person.pk}", first.course_page.address, "/modules/"]:
        assert "Doorgeven telt ook." not in client.get(url).content.decode()


def test_no_address_of_modules_takes_a_person() -> None:
    from courses.urls import urlpatterns

    assert {name for pattern in urlpatterns for name in pattern.pattern.converters} == {
        "module",
        "lesson",
        "block_id",
        "note",
        "reflection",
    }

"""Short routes: the same progress in another order, and the way through one."""

import json
import uuid

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.models import PageViewRestriction

from courses.actions.content import modules_load, routes_load
from courses.actions.learning import answer_save, enrolment_start, lesson_complete
from courses.blocks.routes import RouteBody
from courses.models import CoursePage, Enrolment, LessonPage, LessonProgress, ModuleIndexPage, ShortRoutePage
from courses.routes import dropped_lessons, with_route
from parties.models import Person
from tests.courses.conftest import CHOICE, lesson, module, publish, single_choice
from tests.factories import RoleFactory

pytestmark = pytest.mark.django_db


def row(page: LessonPage, why: str = "Omdat.") -> dict[str, object]:
    return {"type": "lesson", "id": str(uuid.uuid4()), "value": {"lesson": page.pk, "why": why}}


def route_page(index: ModuleIndexPage, *lessons: LessonPage) -> ShortRoutePage:
    body = json.dumps([row(page, f"Waarom {page.title}.") for page in lessons])
    return publish(index, ShortRoutePage(title="Kort", slug="kort", intro="<p>In een uur.</p>", body=body))


@pytest.fixture
def other(index: ModuleIndexPage, course_page: CoursePage) -> LessonPage:
    """The only lesson of the second module."""
    return lesson(module(index, "Tegengaan", position=2), "Oefenen", single_choice(uuid.UUID(int=9)))


@pytest.fixture
def two(course_page: CoursePage) -> tuple[LessonPage, LessonPage]:
    """Two lessons of the first module."""
    one = lesson(course_page, "Kijken", single_choice())
    return one, lesson(course_page, "Luisteren", single_choice(uuid.UUID(int=8)))


@pytest.fixture
def route(index: ModuleIndexPage, two: tuple[LessonPage, LessonPage], other: LessonPage) -> ShortRoutePage:
    return route_page(index, other, two[1])


def finish(person: Person, page: LessonPage, block: uuid.UUID) -> Enrolment:
    enrolment = enrolment_start(person=person, course=page.course)
    answer_save(enrolment=enrolment, lesson=page, block_id=block, value={"choice": "b"})
    return lesson_complete(enrolment=enrolment, lesson=page)


def test_a_route_is_the_chosen_lessons_in_the_chosen_order(client: Client, route: ShortRoutePage) -> None:
    shown = client.get("/modules/kort/").context["route"]
    minutes = LessonPage.objects.get(slug="oefenen").minutes
    assert [(one.number, one.title, one.module, one.why, one.minutes, one.done, one.url) for one in shown.steps] == [
        (1, "Oefenen", "Tegengaan", "Waarom Oefenen.", minutes, False, "/modules/tegengaan/oefenen/?route=kort"),
        (2, "Luisteren", "Herkennen", "Waarom Luisteren.", minutes, False, "/modules/herkennen/luisteren/?route=kort"),
    ]
    assert (shown.done, shown.minutes, shown.minutes_left) == (0, 2 * minutes, 2 * minutes)


def test_what_is_done_in_a_module_is_done_in_the_route_and_counts_once(
    client: Client, person: Person, route: ShortRoutePage, other: LessonPage
) -> None:
    finish(person, other, uuid.UUID(int=9))
    client.force_login(person)
    answer = client.get("/modules/kort/")
    shown = answer.context["route"]
    assert ([one.done for one in shown.steps], shown.next_after().title) == ([True, False], "Luisteren")
    assert "Ga verder met “Luisteren”" in answer.content.decode()
    assert LessonProgress.objects.count() == 1
    assert Enrolment.objects.get().completed_at is not None  # the module has no other lesson


def test_onward_follows_the_route_to_its_end(
    client: Client, person: Person, route: ShortRoutePage, other: LessonPage, two: tuple[LessonPage, LessonPage]
) -> None:
    client.force_login(person)
    page = client.get("/modules/tegengaan/oefenen/?route=kort")
    assert page.context["onward_url"] == "/modules/tegengaan/oefenen/verder/?route=kort"
    assert 'href="/modules/kort/"' in page.content.decode()
    action = page.context["parts"][0].exercise.url
    key = str(other.translation_key)
    assert client.post(action, {"les": key, "keuze": "b"}).url == (
        f"/modules/tegengaan/oefenen/?route=kort#blok-{uuid.UUID(int=9)}"
    )
    assert client.post(page.context["onward_url"], {"les": key}).url == "/modules/herkennen/luisteren/?route=kort"
    finish(person, two[1], uuid.UUID(int=8))
    end = client.post("/modules/herkennen/luisteren/verder/?route=kort", follow=True)
    assert end.redirect_chain == [("/modules/kort/", 302)]
    assert ["“Kort”" in str(message) for message in end.context["messages"]] == [True]
    assert end.content.decode().count("is-done") == 2


def test_without_the_route_onward_stays_in_the_module(
    client: Client, person: Person, route: ShortRoutePage, two: tuple[LessonPage, LessonPage]
) -> None:
    client.force_login(person)
    finish(person, two[0], CHOICE)
    assert client.post("/modules/herkennen/kijken/verder/").url == "/modules/herkennen/luisteren/"
    assert client.post("/modules/herkennen/kijken/verder/?route=bestaat-niet").url == "/modules/herkennen/luisteren/"
    page = client.get("/modules/herkennen/kijken/?route=%22%3E%3Cscript%3E")
    assert (page.status_code, page.context["route_url"]) == (200, "")


def test_an_answer_without_a_new_page_keeps_the_route(client: Client, person: Person, course_page: CoursePage) -> None:
    from tests.courses.conftest import STORY, scenario

    page = lesson(course_page, "Verhaal", scenario())
    client.force_login(person)
    answer = client.post(
        f"{page.address}antwoord/{STORY}/?route=kort",
        {"les": str(page.translation_key), "stap": "0", "doe": "choose", "keuze": "b"},
        headers={"HX-Request": "true"},
    )
    assert f"/antwoord/{STORY}/?route=kort" in answer.content.decode()


def test_a_lesson_that_goes_offline_drops_out_and_the_editor_reads_it(
    client: Client, route: ShortRoutePage, other: LessonPage, two: tuple[LessonPage, LessonPage]
) -> None:
    assert dropped_lessons(route) == []
    other.unpublish()
    assert [one.title for one in client.get("/modules/kort/").context["route"].steps] == ["Luisteren"]
    assert dropped_lessons(route) == ["Oefenen"]
    two[1].course_page.unpublish()
    answer = client.get("/modules/kort/")
    assert (answer.status_code, answer.context["route"].steps) == (200, ())
    assert dropped_lessons(route) == ["Oefenen", "Luisteren"]
    two[1].delete()
    assert len(dropped_lessons(ShortRoutePage.objects.get())) == 2


def test_the_editors_form_says_which_lessons_are_not_shown(
    client: Client, route: ShortRoutePage, other: LessonPage
) -> None:
    person = RoleFactory(kind="administrator").person
    person.is_superuser = person.is_staff = True
    person.save()
    client.force_login(person)
    edit = f"/cms/pages/{route.pk}/edit/"
    assert "help-warning" not in client.get(edit).content.decode()
    other.unpublish()
    body = client.get(edit).content.decode()
    assert "help-warning" in body
    assert "<li>Oefenen</li>" in body


def test_a_lesson_twice_is_said_at_the_second(index: ModuleIndexPage, other: LessonPage) -> None:
    body = RouteBody()
    value = body.to_python([row(other), row(other)])
    with pytest.raises(StreamBlockValidationError) as raised:
        body.clean(value)
    assert list(raised.value.block_errors) == [1]
    assert len(body.clean(body.to_python([row(other)]))) == 1


def test_the_list_of_modules_names_routes_that_everyone_may_see(client: Client, route: ShortRoutePage) -> None:
    assert [one.title for one in client.get("/modules/").context["routes"]] == ["Kort"]
    restriction = PageViewRestriction.objects.create(page=route.page_ptr, restriction_type="login")
    assert client.get("/modules/").context["routes"] == []
    restriction.delete()
    route.unpublish()
    assert client.get("/modules/").context["routes"] == []
    assert client.get("/modules/kort/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_route_costs_the_same_whatever_its_length(
    client: Client,
    person: Person,
    index: ModuleIndexPage,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    lessons = [
        lesson(module(index, f"M{number}", position=number + 1), "Les", single_choice()) for number in range(count)
    ]
    route_page(index, *lessons)
    client.force_login(person)
    client.get("/modules/kort/")
    # visit, person, roles; no module, the route, translations; what is known; modules, lessons; keys of the chosen lessons
    with django_assert_num_queries(10):
        assert len(client.get("/modules/kort/").context["route"].steps) == count


@pytest.mark.parametrize(
    ("url", "route", "expected"),
    [
        ("/a/", "", "/a/"),
        ("/a/#blok-1", "kort", "/a/?route=kort#blok-1"),
        ("/a/?b=1#c", "kort", "/a/?b=1&route=kort#c"),
    ],
)
def test_the_route_stands_before_the_place_on_the_page(url: str, route: str, expected: str) -> None:
    assert with_route(url, route) == expected


def test_the_route_for_small_companies_is_loaded_once_and_takes_an_hour(client: Client, index: ModuleIndexPage) -> None:
    modules_load(parent=index)
    (page,) = routes_load(parent=index)
    (again,) = routes_load(parent=index)
    assert (again.pk, again.latest_revision_id, ShortRoutePage.objects.count()) == (page.pk, page.latest_revision_id, 1)
    RouteBody().clean(page.body)
    assert dropped_lessons(page) == []
    shown = client.get("/modules/kleine-bedrijven/").context["route"]
    assert len(shown.steps) == 6
    assert 50 <= shown.minutes <= 70

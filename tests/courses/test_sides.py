"""What differs between school and workplace: what stands open for whom, and the choice of it."""

import re
import uuid

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from courses.models import CoursePage, LessonPage
from parties.models import Person
from tests.courses.conftest import block, lesson
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

SIDES = {"title": "Wat kun jij doen?", "school": "<p>Bel de student.</p>", "workplace": "<p>Spreek de klant aan.</p>"}


@pytest.fixture
def sided(course_page: CoursePage) -> LessonPage:
    two = [block("by_side", uuid.UUID(int=number), SIDES) for number in (1, 2)]
    return lesson(course_page, "Kanten", *two)


def seen(client: Client, sided: LessonPage) -> dict[str, object]:
    """What stands open and what is folded in the first block, the headings in it, and which choice is pressed."""
    with override("en"):
        html = client.get(sided.address, headers={"accept-language": "en"}).content.decode()
    first = html.split('<div class="by-side">')[1]
    opened, _, folded = first.partition("<details")
    return {
        "open": re.findall(r"Bel de student|Spreek de klant aan", opened),
        "folded": re.findall(r"Bel de student|Spreek de klant aan", folded),
        "sides": re.findall(r'<h3 class="utrecht-heading-3"><span class="side side--(\w+)">', opened),
        "pressed": re.findall(r'value="(\w*)"\s+aria-pressed="true"', html),
        "forms": html.count('id="kijk"'),
    }


BOTH = {
    "open": ["Bel de student", "Spreek de klant aan"],
    "folded": [],
    "sides": ["school", "werk"],
    "pressed": [""],
    "forms": 1,
}
SCHOOL = {
    "open": ["Bel de student"],
    "folded": ["Spreek de klant aan"],
    "sides": ["school"],
    "pressed": ["school"],
    "forms": 1,
}
WORKPLACE = {
    "open": ["Spreek de klant aan"],
    "folded": ["Bel de student"],
    "sides": ["werk"],
    "pressed": ["workplace"],
    "forms": 1,
}


def choose(client: Client, view: str, back: str = "/modules/herkennen/kanten/") -> str:
    response = client.post("/modules/kijk/", {"kijk": view, "terug": back})
    assert response.status_code == 302
    return response.headers["Location"]


@pytest.mark.parametrize("signed_in", [True, False])
def test_both_sides_until_somebody_chooses_and_again_when_they_want_both(
    client: Client, person: Person, sided: LessonPage, signed_in: bool
) -> None:
    if signed_in:
        client.force_login(person)
    assert seen(client, sided) == BOTH
    assert choose(client, "school") == "/modules/herkennen/kanten/#kijk"
    assert seen(client, sided) == SCHOOL
    choose(client, "workplace")
    assert seen(client, sided) == WORKPLACE
    choose(client, "")
    assert seen(client, sided) == BOTH


def test_the_choice_of_an_account_is_that_of_its_person_alone(
    client: Client, person: Person, sided: LessonPage
) -> None:
    other = PersonFactory()
    client.force_login(person)
    choose(client, "school")
    assert dict(Person.objects.values_list("pk", "lesson_view")) == {person.pk: "school", other.pk: ""}


@pytest.mark.parametrize(("before", "after"), [("", "school"), ("workplace", "workplace")])
def test_a_visitor_takes_the_choice_along_unless_the_account_has_one(
    client: Client, person: Person, sided: LessonPage, before: str, after: str
) -> None:
    person.lesson_view = before
    person.save()
    choose(client, "school")
    client.force_login(person)
    person.refresh_from_db()
    assert person.lesson_view == after
    client.logout()
    assert seen(client, sided) == BOTH


@pytest.mark.parametrize("back", ["https://elders.example/", "//elders.example/", "javascript:alert(1)", ""])
def test_the_way_back_never_leads_elsewhere(client: Client, sided: LessonPage, back: str) -> None:
    assert choose(client, "school", back) == "/modules/"


def test_what_is_no_view_is_refused_and_changes_nothing(client: Client, sided: LessonPage) -> None:
    choose(client, "workplace")
    assert client.post("/modules/kijk/", {"kijk": "thuis", "terug": sided.address}).status_code == 400
    assert client.get("/modules/kijk/").status_code == 405
    assert seen(client, sided) == WORKPLACE


def test_without_such_a_block_there_is_no_choice(client: Client, first: LessonPage) -> None:
    assert 'id="kijk"' not in client.get(first.address).content.decode()


def test_the_choice_costs_a_learner_no_query(
    client: Client, person: Person, sided: LessonPage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(person)
    client.get(sided.address)
    # visit, person, roles; lesson, module, translations; answers, what is known; lessons of the module
    with django_assert_num_queries(9):
        client.get(sided.address)
    choose(client, "school")
    with django_assert_num_queries(9):
        client.get(sided.address)

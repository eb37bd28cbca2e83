"""/zoeken/: what is found, by whom, where it leads, and that nothing of a person is in it."""

import json
import uuid

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, PageViewRestriction

from cms.actions.search import pages_index
from cms.models import HomePage, InformationPage
from cms.search import query_words, search
from courses.actions.learning import answer_save, enrolment_start
from courses.models import CoursePage, LessonPage, ModuleIndexPage, Note
from parties.models import Person
from tests.courses.conftest import CHOICE, STORY, block, lesson, module, publish
from tests.courses.test_pages import many_blocks

pytestmark = [pytest.mark.django_db, pytest.mark.db, pytest.mark.usefixtures("search_index")]

TEXT = uuid.UUID(int=3)


def found(client: Client, text: str) -> list[tuple[str, str, str]]:
    """Address, module and marked title of every result on the first page."""
    page = client.get("/zoeken/", {"zoek": text}).context["page"]
    return [(one.url, one.module, one.title) for one in page]


def work() -> None:
    """What the worker does with the tasks that wait."""
    for task in DBTaskResult.objects.ready():
        task.task.func(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])


@pytest.fixture
def information(index: ModuleIndexPage) -> InformationPage:
    body = [block("text", TEXT, "<h2>Meldpunt</h2><p>Bij <b>discriminatie</b> bel je het meldpunt.</p>")]
    home = HomePage.objects.get()
    return publish(
        home, InformationPage(title="Waar terecht", slug="waar", summary="Vijf plekken.", body=json.dumps(body))
    )


@pytest.fixture
def all_pages(first: LessonPage, second: LessonPage, information: InformationPage) -> None:
    pages_index()


def test_the_beginning_of_a_word_finds_lessons_and_pages_and_where_in_them(client: Client, all_pages: None) -> None:
    assert found(client, "discrimin") == [(f"/waar/#blok-{TEXT}", "", "Waar terecht")]
    assert found(client, "SAMIRA zoe") == [(f"/modules/herkennen/kijken/#blok-{STORY}", "Herkennen", "Kijken")]
    assert found(client, "Dóorgeven") == [(f"/modules/herkennen/kijken/#blok-{CHOICE}", "Herkennen", "Kijken")]
    assert found(client, "plekken") == [("/waar/", "", "Waar terecht")]
    assert found(client, "fietsenstalling") == []


def test_nothing_found_says_what_to_try(client: Client, all_pages: None) -> None:
    body = client.get("/zoeken/", {"zoek": "fietsenstalling"}).content.decode()
    assert ("Niets gevonden" in body, 'id="te-kort"' in body) == (True, False)
    assert "“discrimin” vindt ook “discriminatie”" in body
    assert "Niets gevonden" not in client.get("/zoeken/", {"zoek": "klant"}).content.decode()


def test_titles_come_first_and_then_the_order_of_the_modules(client: Client, course_page: CoursePage) -> None:
    for number, title in enumerate(["Grens", "Klant", "Wens"], start=10):
        lesson(course_page, title, block("text", uuid.UUID(int=number), "<p>De klant vraagt iets.</p>"))
    pages_index()
    assert [title for _, _, title in found(client, "klant")] == ["<mark>Klant</mark>", "Grens", "Wens"]


def test_the_page_shows_the_words_in_their_sentence(client: Client, all_pages: None) -> None:
    body = client.get("/zoeken/", {"zoek": "meldp"}).content.decode()
    assert "Bij discriminatie bel je het <mark>meldpunt</mark>." in body
    assert 'value="meldp"' in body


def test_signs_of_choices_and_names_of_views_are_not_found(client: Client, all_pages: None) -> None:
    assert found(client, "n2") == []
    assert found(client, "Herkennen") == []  # a lens of the exercise
    assert [title for _, _, title in found(client, "feiten")] == ["Kijken"]  # beside them stands what is found


def test_what_is_not_open_to_everyone_is_not_found(
    client: Client, index: ModuleIndexPage, all_pages: None, first: LessonPage, second: LessonPage
) -> None:
    other = module(index, "Tegengaan", position=2)
    lesson(other, "Samira", block("text", uuid.UUID(int=20), "<p>Er wordt gebeld.</p>"))
    pages_index()
    assert [url for url, _, _ in found(client, "samira")] == [
        "/modules/tegengaan/samira/",
        f"/modules/herkennen/kijken/#blok-{STORY}",
    ]
    first.unpublish()
    assert [url for url, _, _ in found(client, "samira")] == ["/modules/tegengaan/samira/"]
    PageViewRestriction.objects.create(page=other.page_ptr, restriction_type="login")
    assert found(client, "samira") == []
    PageViewRestriction.objects.all().delete()
    other.unpublish()
    assert found(client, "samira") == []


def test_publishing_lets_the_worker_index_and_a_deleted_page_is_gone(client: Client, course_page: CoursePage) -> None:
    page = lesson(course_page, "Nieuw", block("text", TEXT, "<p>Over stagevergoeding.</p>"))
    assert found(client, "stagevergoeding") == []
    work()
    assert [title for _, _, title in found(client, "stagevergoeding")] == ["Nieuw"]
    page.body = json.dumps([block("text", TEXT, "<p>Over reiskosten.</p>")])
    page.save_revision()
    work()
    assert found(client, "reiskosten") == []  # written, not published
    page.save_revision().publish()
    work()
    assert (found(client, "stagevergoeding"), len(found(client, "reiskosten"))) == ([], 1)
    page.delete()
    assert found(client, "reiskosten") == []


def test_what_somebody_wrote_is_never_found_also_not_by_themselves(
    client: Client, person: Person, first: LessonPage, all_pages: None
) -> None:
    enrolment = enrolment_start(person=person, course=first.course)
    answer_save(enrolment=enrolment, lesson=first, block_id=CHOICE, value={"choice": "b"})
    Note.objects.create(enrolment=enrolment, lesson_key=first.translation_key, text="Mijn geheim over Samira")
    pages_index()
    work()
    client.force_login(person)
    assert found(client, "geheim") == []
    assert len(found(client, "samira")) == 1


@pytest.mark.parametrize("text", ["a", "?", "1 b"])
def test_too_short_gets_a_sentence_and_stays_in_the_field(client: Client, text: str) -> None:
    answer = client.get("/zoeken/", {"zoek": text})
    assert (answer.status_code, answer.context["page"]) == (200, None)
    assert f'value="{text}"' in answer.content.decode()
    assert 'id="te-kort"' in answer.content.decode()
    assert 'id="te-kort"' not in client.get("/zoeken/").content.decode()


def test_page_by_page(client: Client, course_page: CoursePage) -> None:
    for number in range(12):
        lesson(course_page, f"Les{number}", block("text", uuid.UUID(int=100 + number), "<p>Een klant.</p>"))
    pages_index()
    second = client.get("/zoeken/", {"zoek": "klant", "pagina": "2"})
    assert [one.title for one in second.context["page"]] == ["Les10", "Les11"]
    assert 'href="?zoek=klant&amp;pagina=1"' in second.content.decode()
    assert client.get("/zoeken/", {"zoek": "klant", "pagina": "x"}).context["page"].number == 1


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.filterwarnings(
    "ignore:Unclosed file <tempfile.Spooled:ResourceWarning"
)  # Wagtail leaves it at a rendition
def test_a_search_costs_the_same_whatever_it_finds(
    client: Client,
    course_page: CoursePage,
    information: InformationPage,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        publish(course_page, LessonPage(title=f"Klant{number}", slug=f"k{number}", body=json.dumps(many_blocks(1))))
        publish(HomePage.objects.get(), InformationPage(title=f"Klant {number}", slug=f"i{number}"))
    pages_index()
    client.get("/zoeken/", {"zoek": "klant"})
    # modules; restrictions; lessons found, pages found; lessons, their images and files, pages
    with django_assert_num_queries(8):
        page = client.get("/zoeken/", {"zoek": "klant"}).context["page"]
    assert len(page) == 2 * count


@given(st.text(max_size=40))
def test_no_characters_stop_the_search(all_pages_once: Client, text: str) -> None:
    answer = all_pages_once.get("/zoeken/", {"zoek": text})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "text", ['"', "'", '"klant', "kl* OR NEAR(a b)", "%s %d %", "title:klant", "\\", "a AND NOT b", ") ("]
)
def test_operators_are_only_text(client: Client, all_pages: None, text: str) -> None:
    assert client.get("/zoeken/", {"zoek": text}).status_code == 200


@pytest.fixture
def all_pages_once(client: Client, all_pages: None) -> Client:
    return client


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30))
def test_each_word_of_a_page_finds_that_page(all_pages_once: Client, text: str) -> None:
    """Whatever its letters: the database compares words as we do."""
    page = Page.objects.get(slug="waar").specific
    page.title = f"titel {text}"
    page.save()
    pages_index()
    for word in query_words(text):
        assert [one.url for one in search([word])] != [], word

"""Own notes: one a lesson, kept, changed, deleted; and the page where everything one wrote stands together."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from courses.actions.learning import answer_save, enrolment_start
from courses.actions.notes import NOTE_LENGTH, note_save
from courses.models import Answer, CoursePage, LessonPage, ModuleIndexPage, Note
from courses.notes import own_texts
from courses.sendings import Sending
from parties.actions.merging import people_merge, person_erase
from parties.models import Person
from tests.courses.conftest import block, lesson, module, publish, single_choice
from tests.courses.kinds import THOUGHT, reflection
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@pytest.fixture
def learner(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def send(client: Client, page: LessonPage, *, htmx: bool = False, **data: str) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(f"{page.address}aantekening/", {"les": str(page.translation_key), **data}, headers=headers)


def texts() -> list[str]:
    return list(Note.objects.order_by("pk").values_list("text", flat=True))


def text(response: Any) -> str:
    return response.content.decode()


def think(person: Person, page: LessonPage, words: str, block_id: uuid.UUID = THOUGHT) -> Answer:
    enrolment = enrolment_start(person=person, course=page.course)
    return answer_save(enrolment=enrolment, lesson=page, block_id=block_id, value={"text": words})


def test_a_note_is_kept_changed_and_deleted(learner: Client, first: LessonPage) -> None:
    assert 'id="aantekening"' in text(learner.get(first.address))
    response = send(learner, first, tekst=" Eerst vragen.\r\nDan oordelen. ")
    assert (response.status_code, response.headers["Location"]) == (302, f"{first.address}#aantekening")
    assert texts() == ["Eerst vragen.\nDan oordelen."]
    assert "Eerst vragen.\nDan oordelen.</textarea>" in text(learner.get(first.address))

    send(learner, first, tekst="Nieuw")
    assert texts() == ["Nieuw"]
    shown = text(send(learner, first, htmx=True, doe="delete", tekst="Nieuw"))
    assert texts() == []
    assert 'id="aantekening-tekst"' in shown  # the field is emptied
    assert "Nieuw" not in shown


def test_an_empty_note_is_none(learner: Client, first: LessonPage) -> None:
    send(learner, first, tekst="  ")
    send(learner, first, tekst="Iets")
    send(learner, first, tekst="\r\n")
    assert texts() == []


@pytest.mark.parametrize("htmx", [True, False])
def test_a_note_that_is_too_long_stays_in_the_form(learner: Client, first: LessonPage, htmx: bool) -> None:
    send(learner, first, tekst="Kort")
    response = send(learner, first, htmx=htmx, tekst="x" * (NOTE_LENGTH + 1))
    assert response.status_code == (200 if htmx else 422)
    assert "utrecht-form-field-error-message" in text(response)
    assert htmx or "x" * (NOTE_LENGTH + 1) in text(response)
    assert texts() == ["Kort"]
    send(learner, first, tekst="x" * NOTE_LENGTH)
    assert texts() == ["x" * NOTE_LENGTH]


def test_a_note_is_text_and_never_html(learner: Client, first: LessonPage) -> None:
    send(learner, first, tekst="<script>alert(1)</script> 3 < 5 & </textarea>\x00")
    assert texts() == ["<script>alert(1)</script> 3 < 5 & </textarea>"]
    for url in (first.address, "/mijn/aantekeningen/"):
        shown = text(learner.get(url))
        assert "&lt;script&gt;alert(1)&lt;/script&gt; 3 &lt; 5 &amp; &lt;/textarea&gt;" in shown
        assert "<script>alert(1)" not in shown


def test_a_visitor_has_no_notes(client: Client, first: LessonPage) -> None:
    assert 'id="aantekening"' not in text(client.get(first.address))
    assert (
        send(client, first, tekst="Iets").headers["Location"].startswith("/inloggen/?next=/modules/herkennen/kijken/")
    )
    assert send(client, first, htmx=True, tekst="Iets").status_code == 401
    assert client.get("/mijn/aantekeningen/").headers["Location"] == "/inloggen/?next=/mijn/aantekeningen/"
    assert texts() == []


def test_a_note_that_waited_takes_nothing_newer_away(person: Person, first: LessonPage) -> None:
    enrolment = enrolment_start(person=person, course=first.course)

    def save(words: str, minute: int, waited: bool = False) -> str:
        sending = Sending(NOW + dt.timedelta(minutes=minute), waited=waited)
        return note_save(enrolment=enrolment, lesson=first, text=words, sending=sending)

    assert save("Op de telefoon", 1) == "Op de telefoon"
    assert save("Op de laptop", 5) == "Op de laptop"
    assert save("Onderweg", 2, waited=True) == "Op de laptop\n\nOnderweg"
    assert save("Onderweg", 2, waited=True) == "Op de laptop\n\nOnderweg"
    assert save("", 2, waited=True) == "Op de laptop\n\nOnderweg"
    assert save("Later", 9, waited=True) == "Later"


@pytest.mark.parametrize("count", [1, 3])
def test_a_lesson_with_a_note_costs_what_one_without_costs(
    learner: Client,
    person: Person,
    course_page: CoursePage,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    blocks = [single_choice(uuid.UUID(int=1000 + number)) for number in range(count)]
    page = publish(course_page, LessonPage(title="Veel", slug="veel", body=json.dumps(blocks)))
    send(learner, page, tekst="Onthouden")

    # visit, person, roles; lesson, module, translations; answers and note, what is known; lessons of the module
    with django_assert_num_queries(9):
        shown = text(learner.get(page.address))
    assert "Onthouden" in shown


def test_the_note_of_another_lesson_or_person_is_not_shown(
    learner: Client, person: Person, first: LessonPage, second: LessonPage
) -> None:
    send(learner, first, tekst="Van kijken")
    assert "Van kijken" in text(learner.get(first.address))
    assert "Van kijken" not in text(learner.get(second.address))
    learner.force_login(PersonFactory())
    assert "Van kijken" not in text(learner.get(first.address))


# ---- /mijn/aantekeningen/ ----


def test_everything_one_wrote_stands_by_module_and_lesson(
    learner: Client, person: Person, index: ModuleIndexPage, course_page: CoursePage
) -> None:
    one = lesson(course_page, "Een", reflection(), single_choice(), reflection(uuid.UUID(int=40)))
    two = lesson(course_page, "Twee", reflection())
    other = lesson(module(index, "Erkennen", position=2), "Drie", single_choice())
    send(learner, other, tekst="In drie")
    send(learner, one, tekst="In een")
    think(person, one, "Tweede", uuid.UUID(int=40))
    think(person, one, "Eerste")
    think(person, two, "Weg")
    Answer.objects.filter(lesson_key=two.translation_key).update(value={"text": ""})
    found = [
        (course.course.slug, item.title, [(one.text, one.is_note, one.question, one.url) for one in item.texts])
        for course in own_texts(person)
        for item in course.lessons
    ]
    question = "Wanneer zei jij niets?"
    assert found == [
        (
            "herkennen",
            "Een",
            [
                ("Eerste", False, question, f"/modules/herkennen/een/#blok-{THOUGHT}"),
                ("Tweede", False, question, f"/modules/herkennen/een/#blok-{uuid.UUID(int=40)}"),
                ("In een", True, "", "/modules/herkennen/een/#aantekening"),
            ],
        ),
        ("erkennen", "Drie", [("In drie", True, "", "/modules/erkennen/drie/#aantekening")]),
    ]
    shown = text(learner.get("/mijn/aantekeningen/"))
    assert [words in shown for words in ("Eerste", "Tweede", "In een", "In drie", question)] == [True] * 5


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_one_wrote(
    learner: Client,
    person: Person,
    index: ModuleIndexPage,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        page = module(index, f"Module{number}", position=number + 1)
        for place in range(count):
            one = lesson(page, f"Les{place}", reflection())
            send(learner, one, tekst="Zo")
            think(person, one, "Gedacht")
    # visit, person, roles; notes, reflections, lessons, modules
    with django_assert_num_queries(7):
        assert learner.get("/mijn/aantekeningen/").status_code == 200


def test_what_is_offline_or_changed_stays_readable(learner: Client, person: Person, first: LessonPage) -> None:
    page = lesson(first.course_page, "Een", reflection())
    think(person, page, "Gedacht")
    send(learner, first, tekst="Onthouden")
    del page.body[0]
    page.save_revision().publish()
    first.unpublish()
    [course] = own_texts(person)
    assert [(item.title, [(one.text, one.question, one.url) for one in item.texts]) for item in course.lessons] == [
        ("Kijken", [("Onthouden", "", "")]),
        ("Een", [("Gedacht", "", "/modules/herkennen/een/")]),
    ]
    LessonPage.objects.filter(pk=first.pk).update(translation_key=uuid.uuid4())
    assert [item.title for item in own_texts(person)[0].lessons] == ["Een", ""]
    assert "Onthouden" in text(learner.get("/mijn/aantekeningen/"))


def test_nothing_written_says_so(learner: Client) -> None:
    response = learner.get("/mijn/aantekeningen/")
    assert (response.status_code, 'class="empty"' in text(response)) == (200, True)


def test_the_page_is_linked_where_one_looks_for_it(learner: Client, first: LessonPage) -> None:
    for url in ("/mijn/", first.course_page.address):
        assert 'href="/mijn/aantekeningen/"' in text(learner.get(url))
    learner.logout()
    assert "/mijn/aantekeningen/" not in text(learner.get(first.course_page.address))


def test_notes_and_reflections_are_deleted_from_the_page(
    learner: Client, person: Person, course_page: CoursePage
) -> None:
    page = lesson(course_page, "Een", reflection())
    send(learner, page, tekst="Onthouden")
    answer = think(person, page, "Gedacht")
    for url in (f"/mijn/aantekeningen/{Note.objects.get().pk}/wissen/", f"/mijn/aantekeningen/{answer.uuid}/wissen/"):
        assert learner.get(url).status_code == 405
        assert learner.post(url).headers["Location"] == "/mijn/aantekeningen/"
        assert learner.post(url).status_code == 404
    answer.refresh_from_db()
    assert (texts(), answer.value, answer.answered, own_texts(person)) == ([], {"text": ""}, True, [])


# ---- merging and erasing ----


@pytest.mark.db
def test_merging_keeps_both_texts_the_oldest_above(first: LessonPage, second: LessonPage) -> None:
    kept, merged = PersonFactory(), PersonFactory()
    for person, page, words, minute in (
        (kept, first, "Nieuwer", 5),
        (merged, first, "Ouder", 1),
        (merged, second, "Alleen hier", 2),
    ):
        sending = Sending(NOW + dt.timedelta(minutes=minute), shown_at=NOW)
        note_save(
            enrolment=enrolment_start(person=person, course=page.course), lesson=page, text=words, sending=sending
        )
    people_merge(kept=kept, merged=merged, by=None)
    rows = Note.objects.order_by("pk").values_list("enrolment__person", "lesson_key", "text", "written_at")
    assert list(rows) == [
        (kept.pk, first.translation_key, "Ouder\n\nNieuwer", NOW + dt.timedelta(minutes=5)),
        (kept.pk, second.translation_key, "Alleen hier", NOW + dt.timedelta(minutes=2)),
    ]
    times = kept.enrolments.get().lessons.order_by("pk").values_list("lesson_key", "seconds", "last_at")
    assert list(times) == [
        (first.translation_key, 360, NOW + dt.timedelta(minutes=5)),
        (second.translation_key, 120, NOW + dt.timedelta(minutes=2)),
    ]


def test_erasing_takes_the_notes_of_that_person_alone(first: LessonPage) -> None:
    gone, stays = PersonFactory(), PersonFactory()
    for person in (gone, stays):
        note_save(enrolment=enrolment_start(person=person, course=first.course), lesson=first, text=f"Van {person.pk}")
    person_erase(person=gone, by=None)
    assert texts() == [f"Van {stays.pk}"]


def test_a_block_of_text_has_no_part_in_it(course_page: CoursePage, person: Person) -> None:
    """Only a reflection keeps a text among the answers."""
    page = lesson(course_page, "Een", single_choice(), block("text", uuid.UUID(int=3), "<p>Lees.</p>"))
    enrolment = enrolment_start(person=person, course=page.course)
    answer_save(enrolment=enrolment, lesson=page, block_id=uuid.UUID(int=1), value={"choice": "a"})
    assert own_texts(person) == []

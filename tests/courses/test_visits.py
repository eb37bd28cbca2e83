"""The first module without an account, and signing in with it."""

import uuid
from typing import Any

import pytest
from django.test import Client

from courses.actions.learning import answer_save, enrolment_start
from courses.actions.visits import KEY
from courses.models import Answer, Course, CoursePage, Enrolment, LessonPage, LessonProgress, ModuleIndexPage
from parties.models import Person
from tests.courses.conftest import CHOICE, STORY, lesson, module, single_choice
from tests.courses.kinds import POLL, THOUGHT, poll, reflection

pytestmark = pytest.mark.django_db


def send(client: Client, lesson_page: LessonPage, block_id: uuid.UUID, **data: str) -> Any:
    url = f"{lesson_page.address}antwoord/{block_id}/"
    return client.post(url, {"les": str(lesson_page.translation_key), **data})


def rows() -> list[tuple[uuid.UUID, Any, bool]]:
    return list(Answer.objects.order_by("pk").values_list("block_id", "value", "answered"))


def test_a_visitor_does_the_first_module_and_keeps_it_when_signing_in(
    client: Client, person: Person, first: LessonPage, second: LessonPage
) -> None:
    send(client, first, CHOICE, keuze="a")
    send(client, first, STORY, doe="choose", keuze="b", stap="0")
    send(client, first, STORY, doe="choose", keuze="y", stap="1")
    assert client.post(f"{first.address}verder/").headers["Location"] == second.address
    assert client.post(f"{second.address}verder/").headers["Location"] == first.course_page.address
    assert not Enrolment.objects.exists()

    client.force_login(person)

    assert rows() == [
        (CHOICE, {"choice": "a"}, True),
        (STORY, {"path": ["b", "y"], "done": True, "skipped": False}, True),
    ]
    enrolment = Enrolment.objects.get()
    assert (enrolment.person, enrolment.completed_at is not None) == (person, True)
    assert KEY not in client.session


def test_signing_in_overwrites_nothing_and_doubles_nothing(client: Client, person: Person, first: LessonPage) -> None:
    enrolment = enrolment_start(person=person, course=first.course)
    answer_save(enrolment=enrolment, lesson=first, block_id=CHOICE, value={"choice": "b"})
    send(client, first, CHOICE, keuze="a")
    send(client, first, STORY, doe="skip")

    client.force_login(person)
    client.force_login(person)

    assert rows() == [(CHOICE, {"choice": "b"}, True), (STORY, {"path": [], "done": False, "skipped": True}, True)]
    assert Enrolment.objects.count() == 1
    assert LessonProgress.objects.count() == 1


def test_signing_in_after_only_looking_enrols_nobody(client: Client, person: Person, first: LessonPage) -> None:
    client.get(first.address)
    client.force_login(person)
    assert not Enrolment.objects.exists()


def test_who_signs_in_next_on_the_same_device_gets_nothing(client: Client, person: Person, first: LessonPage) -> None:
    from tests.factories import PersonFactory

    send(client, first, CHOICE, keuze="a")
    client.force_login(person)
    client.logout()
    client.force_login(PersonFactory())
    assert [enrolment.person for enrolment in Enrolment.objects.all()] == [person]


def test_the_other_modules_can_be_read_but_not_done(
    client: Client, index: ModuleIndexPage, course_page: CoursePage
) -> None:
    page = lesson(module(index, "Erkennen", position=2), "Luisteren", single_choice())

    shown = client.get(page.address).content.decode()
    assert "Wie maakt onderscheid?" in shown
    assert "antwoord/" not in shown
    assert "verder/" not in shown

    response = send(client, page, CHOICE, keuze="a")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/inloggen/?next=/modules/erkennen/luisteren/")
    assert client.post(f"{page.address}verder/").headers["Location"] == "/inloggen/?next=/modules/erkennen/luisteren/"
    assert KEY not in client.session


def test_what_was_first_given_and_what_was_written_go_along(
    client: Client, person: Person, course_page: CoursePage
) -> None:
    page = lesson(course_page, "Alles", single_choice(), reflection(), poll())
    send(client, page, CHOICE, keuze="a")
    send(client, page, CHOICE, keuze="b")
    send(client, page, THOUGHT, tekst="Ik <i>zweeg</i>.")
    send(client, page, POLL, keuze="c")
    revision = Course.objects.get().revision
    page.save_revision().publish()

    client.force_login(person)

    kept = Answer.objects.order_by("pk").values_list("block_id", "value", "first_value", "revision")
    assert list(kept) == [
        (CHOICE, {"choice": "b"}, {"choice": "a"}, revision),
        (THOUGHT, {"text": "Ik zweeg."}, None, revision),
        (POLL, {"choice": "c"}, {"choice": "c"}, revision),
    ]
    assert "Ik zweeg." in client.get(page.address).content.decode()
    client.logout()
    assert "Ik zweeg." not in client.get(page.address).content.decode()

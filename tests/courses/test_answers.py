"""Answering over HTTP: with and without script, with the content changing under one's hands."""

import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils.translation import override

from courses.models import Answer, CoursePage, Enrolment, LessonPage, LessonProgress, ModuleIndexPage
from parties.models import Person
from tests.courses.conftest import CHOICE, STORY, module, single_choice

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def send(client: Client, page: LessonPage, block_id: uuid.UUID, *, htmx: bool = False, **data: str) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    url = f"/modules/herkennen/{page.slug}/antwoord/{block_id}/"
    return client.post(url, {"les": str(page.translation_key), **data}, headers=headers)


def text(response: Any) -> str:
    return response.content.decode()


def said(response: Any) -> list[str]:
    return [message.message for message in get_messages(response.wsgi_request)]


def value(block_id: uuid.UUID) -> Any:
    return Answer.objects.get(block_id=block_id).value


def test_an_answer_goes_back_to_its_exercise_with_feedback(learner: Client, first: LessonPage) -> None:
    response = send(learner, first, CHOICE, keuze="a")
    assert (response.status_code, response.headers["Location"]) == (302, f"/modules/herkennen/kijken/#blok-{CHOICE}")
    shown = text(learner.get(first.address))
    assert "Wat ziet de stagiair?" in shown
    assert f'id="blok-{CHOICE}"' in shown
    assert 'value="a" checked' in shown


def test_htmx_gets_the_feedback_alone(learner: Client, first: LessonPage) -> None:
    shown = text(send(learner, first, CHOICE, htmx=True, keuze="b"))
    assert "Doorgeven telt ook." in shown
    assert "<html" not in shown
    assert f'id="knop-{CHOICE}" data-hx-swap-oob="true"' in shown


def test_a_story_goes_forward_and_back(learner: Client, first: LessonPage) -> None:
    steps = [
        ({"doe": "choose", "stap": "0", "keuze": "b"}, ["b"], "Er is geen regel."),
        ({"doe": "choose", "stap": "1", "keuze": "x"}, ["b", "x"], "De plek is weg."),
        ({"doe": "back", "stap": "2"}, ["b"], "En nu?"),
        ({"doe": "choose", "stap": "1", "keuze": "y"}, ["b", "y"], "Welke vaardigheid mist u bij haar?"),
        ({"doe": "restart", "stap": "2"}, [], "Wat doe je?"),
        ({"doe": "skip"}, [], ""),
    ]
    for data, path, words in steps:
        shown = text(send(learner, first, STORY, htmx=True, **data))
        assert value(STORY)["path"] == path
        assert words in shown
    assert value(STORY)["skipped"] is True


def test_a_double_click_or_an_older_tab_does_no_harm(learner: Client, first: LessonPage) -> None:
    for _ in range(2):
        send(learner, first, STORY, doe="choose", stap="0", keuze="b")
    assert value(STORY)["path"] == ["b"]
    send(learner, first, STORY, doe="choose", stap="1", keuze="y")
    send(learner, first, STORY, doe="choose", stap="0", keuze="a")
    assert value(STORY)["path"] == ["a"]


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("block_id", [CHOICE, STORY])
def test_choosing_nothing_gets_a_sentence_at_the_exercise(
    learner: Client, first: LessonPage, block_id: uuid.UUID, htmx: bool
) -> None:
    send(learner, first, CHOICE, keuze="a")
    with override("en"):
        response = send(learner, first, block_id, htmx=htmx)
    assert response.status_code == (200 if htmx else 422)
    assert "utrecht-form-field-error-message" in text(response)
    assert value(CHOICE) == {"choice": "a"}
    if not htmx:
        assert f'href="#blok-{block_id}"' in text(response)


def test_onward_names_what_is_not_done_and_then_goes_on(learner: Client, first: LessonPage, second: LessonPage) -> None:
    send(learner, first, CHOICE, keuze="a")
    response = learner.post(f"{first.address}verder/")
    assert response.status_code == 422
    assert [exercise.block_id for exercise in response.context["waiting"]] == [str(STORY)]
    assert "Wat ziet de stagiair?" in text(response)

    send(learner, first, STORY, doe="skip")
    assert learner.post(f"{first.address}verder/").headers["Location"] == second.address
    response = learner.post(f"{second.address}verder/")
    assert response.headers["Location"] == "/modules/herkennen/"
    assert len(said(response)) == 1
    assert Enrolment.objects.get().completed_at is not None


def test_the_last_lesson_with_others_open_leads_to_the_module(
    learner: Client, first: LessonPage, second: LessonPage
) -> None:
    response = learner.post(f"{second.address}verder/")
    assert (response.headers["Location"], said(response)) == ("/modules/herkennen/", [])
    assert Enrolment.objects.get().completed_at is None


def test_a_lesson_that_was_unpublished_meanwhile_keeps_the_answer(
    learner: Client, first: LessonPage, second: LessonPage
) -> None:
    first.unpublish()
    response = send(learner, first, CHOICE, keuze="b")
    assert (response.status_code, response.headers["Location"]) == (302, "/modules/herkennen/")
    assert len(said(response)) == 1
    assert value(CHOICE) == {"choice": "b"}

    response = learner.post(f"{first.address}verder/", {"les": str(first.translation_key)})
    assert response.headers["Location"] == "/modules/herkennen/"
    assert not LessonProgress.objects.completed().exists()


def test_a_module_that_was_unpublished_meanwhile(learner: Client, first: LessonPage, course_page: CoursePage) -> None:
    course_page.unpublish()
    response = send(learner, first, CHOICE, keuze="b")
    assert response.headers["Location"] == "/modules/"
    assert value(CHOICE) == {"choice": "b"}


def test_a_lesson_that_moved_meanwhile_is_found(learner: Client, first: LessonPage, index: ModuleIndexPage) -> None:
    first.move(module(index, "Erkennen", position=2), pos="last-child")
    response = send(learner, first, CHOICE, keuze="b")
    assert response.headers["Location"] == f"/modules/erkennen/kijken/#blok-{CHOICE}"
    assert Enrolment.objects.get().course.slug == "erkennen"


def test_a_lesson_that_was_deleted_meanwhile(learner: Client, first: LessonPage) -> None:
    LessonPage.objects.get(pk=first.pk).delete()
    response = send(learner, first, CHOICE, keuze="b")
    assert response.headers["Location"] == "/modules/herkennen/"
    assert len(said(response)) == 1


def test_an_exercise_that_was_taken_away_meanwhile(learner: Client, first: LessonPage) -> None:
    del first.body[0]
    first.save_revision().publish()
    response = send(learner, first, CHOICE, keuze="b")
    assert response.headers["Location"] == first.address
    assert len(said(response)) == 1


def test_a_story_that_was_changed_meanwhile_starts_again_and_stays_done(learner: Client, first: LessonPage) -> None:
    send(learner, first, CHOICE, keuze="a")
    send(learner, first, STORY, doe="choose", stap="0", keuze="b")
    send(learner, first, STORY, doe="choose", stap="1", keuze="y")
    first.body[1].value["nodes"][0]["choices"][1]["key"] = "nieuw"
    first.body[0].value["choices"][0]["key"] = "ook-nieuw"
    first.save_revision().publish()

    response = learner.get(first.address)
    choice, story = [part.exercise for part in response.context["parts"]]
    assert (choice.state.attempted, choice.answered) == (False, True)
    assert (story.story.changed, story.story.step, story.answered) == (True, 0, True)
    assert learner.post(f"{first.address}verder/").status_code == 302


def test_sign_in_that_ended_leads_to_the_sign_in_page(client: Client, index: ModuleIndexPage) -> None:
    from tests.courses.conftest import lesson

    page = lesson(module(index, "Erkennen", position=2), "Luisteren", single_choice())
    url = f"{page.address}antwoord/{CHOICE}/"
    assert client.post(url, {"keuze": "a"}).headers["Location"].startswith("/inloggen/?next=")
    response = client.post(url, {"keuze": "a"}, headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"].startswith("/inloggen/?next=")


@pytest.mark.parametrize("url", ["/modules/herkennen/kijken/verder/", f"/modules/herkennen/kijken/antwoord/{CHOICE}/"])
def test_what_is_sent_cannot_be_fetched(learner: Client, first: LessonPage, url: str) -> None:
    assert learner.get(url).status_code == 405


@pytest.mark.parametrize("key", ["", "onzin", str(uuid.UUID(int=5))])
def test_a_lesson_that_never_was(learner: Client, first: LessonPage, key: str) -> None:
    response = learner.post(f"/modules/herkennen/nooit/antwoord/{CHOICE}/", {"les": key})
    assert response.status_code == (302 if len(key) > 5 else 404)

"""A form that comes twice, late or out of turn; and the time that is spent."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client

from courses.actions.learning import answer_save, enrolment_start, lesson_complete
from courses.actions.notes import note_save
from courses.models import Answer, Enrolment, LessonPage, LessonProgress
from courses.sendings import Sending, sending_in
from parties.models import Person
from tests.at_once import DONE, at_once, needs_several_writers
from tests.courses.conftest import CHOICE, STORY, lesson
from tests.courses.kinds import every_kind
from tests.factories import PersonFactory

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
ONE, TWO, THREE = (uuid.UUID(int=number) for number in (101, 102, 103))


def minutes(number: float) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def unix(moment: dt.datetime) -> str:
    return str(int(moment.timestamp()))


@pytest.fixture
def enrolment(person: Person, first: LessonPage) -> Enrolment:
    return enrolment_start(person=person, course=first.course)


def save(enrolment: Enrolment, page: LessonPage, key: str, sending: Sending) -> Answer:
    return answer_save(enrolment=enrolment, lesson=page, block_id=CHOICE, value={"choice": key}, sending=sending)


def kept() -> list[tuple[Any, ...]]:
    return list(Answer.objects.values_list("value", "first_value", "attempts", "sending", "first_at", "last_at"))


@pytest.mark.parametrize("field", ["keer", "getoond", "gewacht"])
@pytest.mark.parametrize("words", ["", "onzin", "-1", "9" * 40, "1e3", "١", "0"])
def test_what_a_form_says_wrongly_counts_as_not_said(field: str, words: str) -> None:
    said = sending_in({field: words}, NOW)
    # A moment of long ago and the digits of other scripts can be read; they add nothing that is wrong.
    assert said.given_at in (NOW, NOW - dt.timedelta(seconds=1))
    assert said.key is None
    assert said.seconds(NOW) == 0


def test_a_form_says_which_sending_it_is_and_when() -> None:
    said = sending_in({"keer": str(ONE), "getoond": unix(NOW - minutes(9)), "gewacht": "120"}, NOW)
    assert said == Sending(NOW - minutes(2), key=ONE, shown_at=NOW - minutes(9), waited=True)


@pytest.mark.parametrize(
    ("shown", "last", "seconds"),
    [
        (minutes(3), None, 180),
        (minutes(3), minutes(5), 180),  # the last sending was of an earlier page
        (minutes(30), minutes(2), 120),
        (minutes(30), None, 600),  # a pause
        (minutes(30), minutes(20), 600),
        (minutes(-1), None, 0),  # shown in the future
        (None, minutes(2), 0),
        (minutes(3), minutes(-2), 0),  # overtaken by another sending
    ],
)
def test_the_time_that_a_sending_adds(shown: Any, last: Any, seconds: int) -> None:
    sending = Sending(NOW, shown_at=None if shown is None else NOW - shown)
    assert sending.seconds(None if last is None else NOW - last) == seconds


@pytest.mark.django_db
def test_the_same_sending_changes_nothing(enrolment: Enrolment, first: LessonPage) -> None:
    save(enrolment, first, "a", Sending(NOW, key=ONE, shown_at=NOW - minutes(1)))
    before = kept()
    save(enrolment, first, "a", Sending(NOW + minutes(1), key=ONE, shown_at=NOW - minutes(1)))
    assert before == kept() == [({"choice": "a"}, {"choice": "a"}, 1, ONE, NOW, NOW)]
    assert list(LessonProgress.objects.values_list("seconds", flat=True)) == [60]

    save(enrolment, first, "a", Sending(NOW + minutes(1), key=TWO))
    assert kept() == [({"choice": "a"}, {"choice": "a"}, 2, TWO, NOW, NOW + minutes(1))]


@pytest.mark.django_db
def test_a_sending_without_a_name_is_always_new(enrolment: Enrolment, first: LessonPage) -> None:
    for _ in range(2):
        save(enrolment, first, "a", Sending(NOW))
    assert [row[2] for row in kept()] == [2]


@pytest.mark.django_db
def test_what_waited_does_not_overwrite_what_is_newer(enrolment: Enrolment, first: LessonPage) -> None:
    save(enrolment, first, "b", Sending(NOW, key=TWO))
    before = kept()
    late = Sending(NOW - minutes(10), key=ONE, waited=True)
    assert save(enrolment, first, "a", late).value == {"choice": "b"}
    assert kept() == before
    save(enrolment, first, "a", Sending(NOW + minutes(1), key=THREE, waited=True))
    assert [row[0] for row in kept()] == [{"choice": "a"}]


@pytest.mark.django_db
def test_two_that_waited_are_both_kept_in_their_order(enrolment: Enrolment, first: LessonPage) -> None:
    """The first came in late by its own way over a bad connection, so it seems newer than the one that follows it."""
    save(enrolment, first, "a", Sending(NOW - minutes(5), key=ONE, waited=True))
    save(enrolment, first, "b", Sending(NOW - minutes(5) - dt.timedelta(seconds=14), key=TWO, waited=True))
    assert [row[:3] for row in kept()] == [({"choice": "b"}, {"choice": "a"}, 2)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.db
@needs_several_writers
def test_the_same_sending_in_two_transactions_at_once() -> None:
    from tests.courses.conftest import module, single_choice, site

    page = lesson(module(site(), "Herkennen"), "Kijken", single_choice())
    enrolment = enrolment_start(person=PersonFactory(), course=page.course)

    def run() -> None:
        save(enrolment, LessonPage.objects.get(pk=page.pk), "a", Sending(NOW, key=ONE, shown_at=NOW - minutes(1)))

    assert at_once(*[run] * 4) == [DONE] * 4
    assert kept() == [({"choice": "a"}, {"choice": "a"}, 1, ONE, NOW, NOW)]
    assert list(LessonProgress.objects.values_list("seconds", flat=True)) == [60]


@pytest.mark.django_db
def test_answers_notes_and_onward_all_count_the_time_since_the_one_before(
    enrolment: Enrolment, first: LessonPage
) -> None:
    shown = NOW - minutes(4)
    save(enrolment, first, "a", Sending(NOW, shown_at=shown))
    note_save(enrolment=enrolment, lesson=first, text="Zo", sending=Sending(NOW + minutes(1), shown_at=shown))
    skipped = Sending(NOW + minutes(31), shown_at=shown)
    answer_save(enrolment=enrolment, lesson=first, block_id=STORY, value={"skipped": True}, sending=skipped)
    lesson_complete(enrolment=enrolment, lesson=first, sending=Sending(NOW + minutes(33), shown_at=shown))
    progress = LessonProgress.objects.get()
    assert (progress.seconds, progress.last_at) == (60 * (4 + 1 + 10 + 2), NOW + minutes(33))


# ---- over HTTP ----


def send(client: Client, page: LessonPage, block_id: uuid.UUID = CHOICE, *, htmx: bool = False, **data: str) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    data = {"les": str(page.translation_key), **data}
    return client.post(f"{page.address}antwoord/{block_id}/", data, headers=headers)


@pytest.mark.django_db
@pytest.mark.parametrize("account", [True, False], ids=["account", "visitor"])
@pytest.mark.parametrize("htmx", [True, False], ids=["htmx", "page"])
def test_the_same_form_again_shows_the_same_and_is_kept_once(
    client: Client, person: Person, first: LessonPage, account: bool, htmx: bool
) -> None:
    if account:
        client.force_login(person)
    sent = {"doe": "choose", "stap": "0", "keuze": "b", "keer": str(ONE)}
    shown = []
    for moment in (NOW, NOW + minutes(2)):
        with time_machine.travel(moment, tick=False):
            response = send(client, first, STORY, htmx=htmx, **sent, gewacht="" if moment == NOW else "120")
            page = response if htmx else client.get(first.address)
            shown.append(re.findall(r"Er is geen regel\.|De manager belt\.", page.content.decode()))
    assert shown[0] == shown[1] == ["De manager belt.", "Er is geen regel."]
    client.force_login(person)
    assert [row[0] | {"tries": row[2], "at": row[5]} for row in kept()] == [
        {"path": ["b"], "done": False, "skipped": False, "tries": 1, "at": NOW}
    ]


@pytest.mark.django_db
def test_a_visitors_answers_follow_the_same_rules_and_take_their_time_along(
    client: Client, person: Person, first: LessonPage
) -> None:
    with time_machine.travel(NOW, tick=False):
        send(client, first, keuze="b", keer=str(TWO), getoond=unix(NOW - minutes(3)))
        send(client, first, keuze="b", keer=str(TWO), getoond=unix(NOW - minutes(3)))
        send(client, first, keuze="a", keer=str(ONE), gewacht="600")
        send(client, first, STORY, doe="skip", getoond=unix(NOW + minutes(3)))
    with time_machine.travel(NOW + minutes(2), tick=False):
        client.post(f"{first.address}verder/", {"getoond": unix(NOW - minutes(3))})
    client.force_login(person)
    row = Answer.objects.get(block_id=CHOICE)
    assert (row.value, row.sending, row.last_at) == ({"choice": "b"}, TWO, NOW)
    assert LessonProgress.objects.get().seconds == 60 * (3 + 2)


@pytest.mark.django_db
def test_every_update_brings_a_name_for_the_next_sending(client: Client, person: Person, course_page: Any) -> None:
    page = lesson(course_page, "Alles", *every_kind())
    client.force_login(person)
    names = re.findall(r'name="keer"\s+value="([0-9a-f-]{36})"', client.get(page.address).content.decode())
    assert len(names) == len(set(names)) == 10  # eight exercises, skipping the story, and the note
    for block in every_kind():
        shown = send(client, page, uuid.UUID(block["id"]), htmx=True, keuze="a", keer=str(ONE)).content.decode()
        fresh = re.findall(r'name="keer"\s+value="([0-9a-f-]{36})"', shown)
        assert fresh, block["type"]
        assert str(ONE) not in fresh
        if block["type"] != "scenario":
            assert f'id="keer-{block["id"]}" data-hx-swap-oob="true"' in shown


@pytest.mark.django_db
def test_a_form_of_somebody_who_is_signed_out_now_is_kept_by_nobody(
    client: Client, person: Person, first: LessonPage
) -> None:
    client.force_login(person)
    [mark] = set(re.findall(r'name="wie" value="([^"]+)"', client.get(first.address).content.decode()))
    client.logout()
    for htmx, status in ((True, 401), (False, 302)):
        response = send(client, first, htmx=htmx, keuze="a", wie=mark)
        assert response.status_code == status
        assert response.headers["HX-Redirect" if htmx else "Location"].startswith("/inloggen/?next=/modules/herkennen/")
        assert client.post(f"{first.address}verder/", {"wie": mark}).headers["Location"].startswith("/inloggen/?next=")
    client.force_login(PersonFactory())
    assert send(client, first, htmx=True, keuze="a", wie=mark).headers["HX-Redirect"] == first.address
    assert send(client, first, keuze="a", wie=mark).headers["Location"] == first.address
    assert kept() == []

    client.force_login(person)
    send(client, first, keuze="a", wie=mark)
    assert [row[0] for row in kept()] == [{"choice": "a"}]


@pytest.mark.django_db
def test_a_visitors_form_is_theirs_who_signed_in_since(client: Client, person: Person, first: LessonPage) -> None:
    assert set(re.findall(r'name="wie" value="([^"]*)"', client.get(first.address).content.decode())) == {""}
    client.force_login(person)
    send(client, first, keuze="a", wie="")
    assert [row[0] for row in kept()] == [{"choice": "a"}]


@pytest.mark.django_db
def test_onward_without_a_new_page_says_where_to_go(client: Client, person: Person, first: LessonPage) -> None:
    client.force_login(person)
    headers = {"HX-Request": "true"}
    assert client.post(f"{first.address}verder/", headers=headers).status_code == 422
    send(client, first, keuze="a")
    send(client, first, STORY, doe="skip")
    response = client.post(f"{first.address}verder/", headers=headers)
    assert (response.status_code, response.headers["HX-Redirect"]) == (200, "/modules/herkennen/")

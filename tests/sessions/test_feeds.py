"""The feed: /agenda/<token>.ics, and /mijn/agenda/ where a person finds its address."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from django.test import Client

from parties.models import Person
from sessions.actions.registrations import registration_cancel, registration_create
from sessions.actions.trainings import meeting_move, training_cancel
from sessions.feeds import feed_address
from sessions.models import Invitation, Training
from tests.factories import PersonFactory
from tests.sessions.factories import at, meeting, published, registered, trainer

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sevgi() -> Person:
    return PersonFactory(name="Sevgi de Wit", email="sevgi@example.org")


def path_of(person: Person) -> str:
    return feed_address(person).removeprefix("http://127.0.0.1:8000")


def read(client: Client, person: Person) -> str:
    answer = client.get(path_of(person))
    assert answer.status_code == 200
    return answer.content.decode().replace("\r\n ", "")


def events(text: str) -> list[tuple[str, str, str]]:
    """(start, title, status) of each event, in order."""
    found = []
    for event in text.split("BEGIN:VEVENT\r\n")[1:]:
        lines = dict(line.split(":", 1) for line in event.split("\r\n") if ":" in line)
        found.append((lines["DTSTART;TZID=Europe/Amsterdam"], lines["SUMMARY"], lines["STATUS"]))
    return found


def test_a_feed_says_what_a_calendar_to_follow_says_and_no_more(client: Client, sevgi: Person) -> None:
    registered(published(), person=sevgi)
    text = read(client, sevgi)
    head = text[: text.index("BEGIN:VTIMEZONE")].split("\r\n")
    assert head[0] == "BEGIN:VCALENDAR"
    assert sorted(head[1:-1]) == [
        "CALSCALE:GREGORIAN",
        "NAME:Gelijkop: mijn bijeenkomsten",
        "PRODID:-//Gelijkop//Feed//NL",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "VERSION:2.0",
        "X-PUBLISHED-TTL:PT1H",
        "X-WR-CALNAME:Gelijkop: mijn bijeenkomsten",
        "X-WR-TIMEZONE:Europe/Amsterdam",
    ]
    event = text[text.index("BEGIN:VEVENT") : text.index("END:VEVENT")].split("\r\n")[1:-1]
    training, invitation = Training.objects.get(), Invitation.objects.get()
    address = f"http://127.0.0.1:8000/trainingen/{training.pk}/"
    assert sorted(event) == sorted(
        [
            f"UID:{invitation.uid}",
            "SEQUENCE:0",
            "DTSTAMP:20261123T090000Z",
            "LAST-MODIFIED:20261123T090000Z",
            "CREATED:20261123T090000Z",
            "DTSTART;TZID=Europe/Amsterdam:20270114T130000",
            "DTEND;TZID=Europe/Amsterdam:20270114T160000",
            "SUMMARY:Eerlijk begeleiden",
            "LOCATION:Lokaal B1.14",
            f"DESCRIPTION:Alles over deze training: {address}",
            f"URL:{address}",
            "STATUS:CONFIRMED",
            "TRANSP:OPAQUE",
            "CLASS:PUBLIC",
        ]
    )
    for word in ("METHOD", "ATTENDEE", "ORGANIZER", "@", invitation.token):
        assert word not in text


def test_the_answer_has_the_headers_of_a_feed_and_touches_no_session(client: Client, sevgi: Person) -> None:
    registered(published(), person=sevgi)
    client.force_login(sevgi)
    answer = client.get(path_of(sevgi), headers={"accept-encoding": "gzip, br"})
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, max-age=900"
    assert answer.cookies == {}
    assert "Cookie" not in answer.get("Vary", "")
    assert "Content-Encoding" not in answer
    raw = answer.content
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is None
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert len(client.head(path_of(sevgi)).content) == 0
    assert client.post(path_of(sevgi)).status_code == 405


def test_what_did_not_change_is_304_and_what_changed_is_not(client: Client, sevgi: Person) -> None:
    training = published()
    registered(training, person=sevgi)
    first = client.get(path_of(sevgi))
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=False):
        for asked in (
            {"if-none-match": first["ETag"]},
            {"if-modified-since": first["Last-Modified"]},
            {"if-none-match": first["ETag"], "if-modified-since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        ):
            again = client.get(path_of(sevgi), headers=asked)
            assert (again.status_code, again.content) == (304, b"")
            assert again["ETag"] == first["ETag"]
            assert again["Cache-Control"] == "private, max-age=900"
            assert again.cookies == {}
        by = training.trainers.get()
        meeting_move(meeting=training.meetings.get(), starts_at=at(14, 14), ends_at=at(14, 17), by=by)
        for asked in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
            changed = client.get(path_of(sevgi), headers=asked)
            assert changed.status_code == 200
            assert changed["ETag"] != first["ETag"]
        assert parsedate_to_datetime(changed["Last-Modified"]) == NOW + dt.timedelta(hours=2)
        assert events(changed.content.decode()) == [("20270114T140000", "Eerlijk begeleiden", "CONFIRMED")]


def test_at_midnight_a_reader_that_only_knows_the_date_reads_again(client: Client, sevgi: Person) -> None:
    registered(published(), person=sevgi)
    first = client.get(path_of(sevgi))
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        again = client.get(path_of(sevgi), headers={"if-modified-since": first["Last-Modified"]})
        assert (again.status_code, again["ETag"]) == (200, first["ETag"])


def test_a_wrong_an_old_and_a_strangers_token_are_not_there(client: Client, sevgi: Person) -> None:
    registered(published(), person=sevgi)
    other = PersonFactory()
    old = path_of(sevgi)
    assert client.get(old).status_code == 200
    token = old.split("/")[-1].removesuffix(".ics")
    wrong = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.replace(f"{sevgi.pk}-", f"{other.pk}-", 1),
        "x",
        "1-1",
        "1-1.",
    ]
    assert [client.get(f"/agenda/{one}.ics").status_code for one in wrong] == [404] * 5
    client.force_login(sevgi)
    page = client.post("/mijn/agenda/", follow=True).content.decode()
    sevgi.refresh_from_db()
    assert path_of(sevgi) in page
    assert old not in page
    assert client.get(old).status_code == 404
    assert client.get(path_of(sevgi)).status_code == 200
    Person.objects.filter(pk=sevgi.pk).update(is_active=False)
    assert client.get(path_of(sevgi)).status_code == 404


def test_the_page_offers_both_addresses_and_says_that_items_can_come_twice(client: Client, sevgi: Person) -> None:
    assert client.get("/mijn/agenda/").headers["Location"] == "/inloggen/?next=/mijn/agenda/"
    client.force_login(sevgi)
    page = client.get("/mijn/agenda/").content.decode()
    address = feed_address(sevgi)
    assert f'href="{address}"' in page
    assert f'href="{address.replace("http://", "webcal://")}"' in page
    assert "Volg je ook deze agenda, dan zie je die dubbel." in page
    assert 'href="/mijn/agenda/"' in client.get("/mijn/").content.decode()


def test_days_from_sixty_back_to_eighteen_months_ahead(client: Client, sevgi: Person) -> None:
    with time_machine.travel(dt.datetime(2026, 9, 1, tzinfo=dt.UTC), tick=False):
        registered(
            published(
                meetings=(
                    meeting(starts_at=at(24, 9, month=9, year=2026), ends_at=at(24, 10, 59, month=9, year=2026)),
                    meeting(starts_at=at(24, 11, month=9, year=2026), ends_at=at(24, 12, month=9, year=2026)),
                    meeting(starts_at=at(23, 9, month=5, year=2028), ends_at=at(23, 12, month=5, year=2028)),
                    meeting(starts_at=at(27, 9, month=5, year=2028), ends_at=at(27, 12, month=5, year=2028)),
                )
            ),
            person=sevgi,
        )
    assert [start for start, _title, _status in events(read(client, sevgi))] == ["20260924T110000", "20280523T090000"]


def test_what_is_withdrawn_stays_six_weeks_as_cancelled_unless_there_is_a_new_one(
    client: Client, sevgi: Person
) -> None:
    training = published(meetings=(meeting(starts_at=at(14, 13, month=5), ends_at=at(14, 16, month=5)),))
    seat = registered(training, person=sevgi)
    registration_cancel(registration=seat, by=sevgi)
    assert events(read(client, sevgi)) == [("20270514T130000", "Eerlijk begeleiden", "CANCELLED")]
    with time_machine.travel(NOW + dt.timedelta(weeks=6) - dt.timedelta(seconds=1), tick=False):
        assert len(events(read(client, sevgi))) == 1
    with time_machine.travel(NOW + dt.timedelta(weeks=6, seconds=1), tick=False):
        assert events(read(client, sevgi)) == []
    registration_create(training=training, membership=seat.membership, by=sevgi)
    assert events(read(client, sevgi)) == [("20270514T130000", "Eerlijk begeleiden", "CONFIRMED")]
    assert str(Invitation.objects.active().get().uid) in read(client, sevgi)


def test_who_waits_and_who_is_someone_else_has_nothing_in_the_feed(client: Client, sevgi: Person) -> None:
    training = published(seats_school=1, seats_workplace=0)
    other = registered(training)
    registered(training, person=sevgi)
    assert events(read(client, sevgi)) == []
    assert len(events(read(client, other.person))) == 1


def test_a_trainer_follows_what_they_give(client: Client) -> None:
    by = trainer()
    training = published(by=by, meetings=(meeting(14), meeting(15)))
    published(title="Van iemand anders")
    registered(training, person=PersonFactory(email="sevgi@example.org"))
    both = [("20270114T130000", "Eerlijk begeleiden"), ("20270115T130000", "Eerlijk begeleiden")]
    text = read(client, by)
    assert events(text) == [(*one, "CONFIRMED") for one in both]
    assert "@" not in text
    uids = set(re.findall("UID:(.*)\r", text))
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        training_cancel(training=training, by=by)
        assert events(read(client, by)) == [(*one, "CANCELLED") for one in both]
        assert set(re.findall("UID:(.*)\r", read(client, by))) == uids
    with time_machine.travel(NOW + dt.timedelta(weeks=7), tick=False):
        assert events(read(client, by)) == []


def test_a_trainer_with_a_seat_of_their_own_has_one_item(client: Client) -> None:
    by = trainer()
    registered(published(by=by), person=by)
    assert len(events(read(client, by))) == 1


def test_the_feed_is_in_the_language_of_the_person(client: Client, sevgi: Person) -> None:
    registered(published(), person=sevgi)
    Person.objects.filter(pk=sevgi.pk).update(language="en")
    text = read(client, sevgi)
    assert "X-WR-CALNAME:Gelijkop: my meetings" in text
    assert "/en/trainingen/" in text


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_meetings(
    number: int, client: Client, sevgi: Person, django_assert_num_queries: Callable
) -> None:
    meetings = tuple(meeting(day) for day in range(10, 10 + number))
    registered(published(meetings=meetings), person=sevgi)
    Training.objects.create(reply_to="a@b.nl", title="x").trainers.add(sevgi)
    with django_assert_num_queries(3):
        client.get(path_of(sevgi))

"""/trainingen/<id>/berichten/: what became of each message, and sending one again."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from parties.actions.delivery import outbox_deliver
from parties.models import OutboxMessage, Person
from sessions.actions.invitations import invitation_answer, invitation_send_again
from sessions.actions.messages import message_send
from sessions.actions.registrations import registration_cancel
from sessions.actions.trainings import meeting_move
from sessions.models import Invitation, Training
from sessions.views.outbox import without_addresses
from tests.factories import PersonFactory, RoleFactory
from tests.parties.mail_server import MailServer, mail_server
from tests.sessions.factories import at, published, registered, trainer
from tests.sessions.test_invitations import lines_of

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def server(settings: object) -> Iterator[MailServer]:
    with mail_server(settings) as running:
        yield running


@pytest.fixture
def by() -> Person:
    return trainer()


@pytest.fixture
def training(by: Person) -> Training:
    return published(by=by)


@pytest.fixture
def invitation(training: Training) -> Invitation:
    seat = registered(training, person=PersonFactory(name="Sevgi de Wit", email="sevgi@example.org"))
    return Invitation.objects.get(person=seat.person)


def page(client: Client, training: Training) -> str:
    return " ".join(client.get(f"/trainingen/{training.pk}/berichten/").content.decode().split())


def test_only_its_trainers_and_administrators_see_it(client: Client, by: Person, invitation: Invitation) -> None:
    training, message = invitation.meeting.training, OutboxMessage.objects.get()
    address = f"/trainingen/{training.pk}/berichten/"
    again = f"{address}{message.pk}/"
    assert client.get(address).headers["Location"] == f"/inloggen/?next={address}"
    for nobody in (
        invitation.person, trainer(), PersonFactory(), RoleFactory(kind="editor").person, RoleFactory(kind="network").person,
    ):  # fmt: skip
        client.force_login(nobody)
        assert (client.get(address).status_code, client.post(again).status_code) == (404, 404)
    for somebody in (by, RoleFactory(kind="administrator").person):
        client.force_login(somebody)
        seen = page(client, training)
        assert "Sevgi de Wit" in seen
        assert "sevgi@example.org" not in seen
    assert OutboxMessage.objects.count() == 1


def test_a_message_of_another_training_is_not_sent_from_here(
    client: Client, by: Person, invitation: Invitation
) -> None:
    other = published(by=by)
    client.force_login(by)
    assert client.post(f"/trainingen/{other.pk}/berichten/{OutboxMessage.objects.get().pk}/").status_code == 404


def test_each_state_is_said_in_words(client: Client, by: Person, training: Training, server: MailServer) -> None:
    client.force_login(by)
    assert "Er is nog niets gemaild" in page(client, training)
    registered(training, person=PersonFactory(name="Anouk", email="anouk@example.org"))
    assert "gaat zo weg" in page(client, training)
    assert "1 bericht wacht" in page(client, training)
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        server.answer_rcpt = lambda to: "451 4.7.1 Probeer het later"
        outbox_deliver()
        seen = page(client, training)
        assert "volgende poging 23 november 2026, 10.01 uur" in seen
        assert "451 4.7.1 Probeer het later" in seen
    with time_machine.travel(LATER, tick=False):
        server.answer_rcpt = lambda to: f"550 5.1.1 <{to}>: Recipient unknown"
        outbox_deliver()
        seen = page(client, training)
        assert "1 bericht is niet bezorgd" in seen
        assert "na 2 pogingen" in seen
        assert "550 5.1.1 …: Recipient unknown" in seen
        assert "@example.org" not in seen.partition("<main")[2].partition("</main>")[0]
        server.answer_rcpt = lambda to: "250 OK"
        [message] = OutboxMessage.objects.all()
        client.post(f"/trainingen/{training.pk}/berichten/{message.pk}/")
        outbox_deliver()
        seen = page(client, training)
        assert "Alle 2 berichten zijn verstuurd" not in seen  # the failed one stays as it was
        assert "23 november 2026, 11.00 uur" in seen
        assert server.received == ["anouk@example.org"]


def test_an_invitation_again_keeps_sequence_and_answer_with_a_fresh_stamp(
    client: Client, by: Person, invitation: Invitation, server: MailServer
) -> None:
    training = invitation.meeting.training
    client.force_login(by)
    meeting_move(meeting=invitation.meeting, starts_at=at(14, 14), ends_at=at(14, 17), by=by)
    invitation_answer(invitation=invitation, partstat="ACCEPTED")
    outbox_deliver()
    last = OutboxMessage.objects.order_by("pk").last()
    assert page(client, training).count("Opnieuw sturen") == 1, "only the last of a participation"
    address = f"/trainingen/{training.pk}/berichten/{last.pk}/"
    with time_machine.travel(LATER, tick=False):
        for _ in range(3):  # a double click, and a third
            assert client.post(address).status_code == 302
    assert OutboxMessage.objects.count() == 3
    again = OutboxMessage.objects.order_by("pk").last()
    old, new = lines_of(last.calendar), lines_of(again.calendar)
    attendee = [name for name in new if name.startswith("ATTENDEE")]
    assert "PARTSTAT=ACCEPTED" in attendee[0]
    assert {name for name in old.keys() & new.keys() if old[name] != new[name]} == {"DTSTAMP", "LAST-MODIFIED"}
    assert (new["SEQUENCE"], new["DTSTAMP"], new["METHOD"]) == ("1", "20261123T100000Z", "REQUEST")
    assert again.message_id != last.message_id
    assert again.ordering_key == last.ordering_key
    assert "We sturen deze uitnodiging nog een keer" in again.text
    assert "Opnieuw sturen" not in page(client, training), "it is on its way"
    with time_machine.travel(LATER, tick=False):
        outbox_deliver()
        client.post(address)
    assert OutboxMessage.objects.count() == 3, "what was sent again is not sent again from an old page"
    assert server.received == ["sevgi@example.org"] * 3


def test_a_cancellation_again_says_what_it_said(
    client: Client, by: Person, invitation: Invitation, server: MailServer
) -> None:
    training = invitation.meeting.training
    client.force_login(by)
    registration_cancel(registration=training.registrations.get(), by=by)
    meeting_move(meeting=invitation.meeting, starts_at=at(15, 14), ends_at=at(15, 17), by=by)
    outbox_deliver()
    first, last = OutboxMessage.objects.order_by("pk")
    with time_machine.travel(LATER, tick=False):
        client.post(f"/trainingen/{training.pk}/berichten/{first.pk}/")
        assert OutboxMessage.objects.count() == 2, "an invitation that was withdrawn is not sent again"
        client.post(f"/trainingen/{training.pk}/berichten/{last.pk}/")
    again = OutboxMessage.objects.order_by("pk").last()
    assert (again.kind, again.subject, again.text) == (last.kind, last.subject, last.text)
    old, new = lines_of(last.calendar), lines_of(again.calendar)
    assert {name for name in new if old[name] != new[name]} == {"DTSTAMP", "LAST-MODIFIED"}
    assert new["METHOD"] == "CANCEL"


def test_nothing_goes_out_again_for_a_meeting_that_is_over(
    by: Person, invitation: Invitation, server: MailServer
) -> None:
    outbox_deliver()
    [message] = OutboxMessage.objects.all()
    with time_machine.travel(at(14, 16), tick=False):
        assert not invitation_send_again(message=message, by=by)
    with time_machine.travel(at(14, 15, 59), tick=False):
        assert invitation_send_again(message=message, by=by)


def test_other_mail_that_failed_is_tried_again_as_the_message_it_was(
    client: Client, by: Person, invitation: Invitation, server: MailServer
) -> None:
    training = invitation.meeting.training
    message_send(training=training, subject="Vooraf", body="Dag!", to_waiting=False, by=by)
    server.answer_rcpt = lambda to: "550 nee"
    outbox_deliver()
    message = OutboxMessage.objects.get(kind="message")
    assert message.state == "failed"
    client.force_login(by)
    server.answer_rcpt = lambda to: "250 OK"
    for _ in range(2):
        client.post(f"/trainingen/{training.pk}/berichten/{message.pk}/")
    assert outbox_deliver() == 1
    message.refresh_from_db()
    assert (message.state, message.message_id) == ("sent", OutboxMessage.objects.get(kind="message").message_id)
    assert OutboxMessage.objects.count() == 2


def test_who_waits_and_what_the_trainer_wrote_stand_there_too(client: Client, by: Person) -> None:
    training = published(by=by, seats_school=1, seats_workplace=0)
    registered(training)
    registered(training)
    message_send(training=training, subject="Vooraf", body="Dag!", to_waiting=True, by=by)
    client.force_login(by)
    seen = page(client, training)
    assert [seen.count(word) for word in ("Op de wachtlijst</p>", "Bericht aan iedereen</p>", "Uitnodiging</p>")] == [
        1,
        2,
        1,
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_messages(
    number: int, client: Client, by: Person, django_assert_num_queries: Callable
) -> None:
    training = published(by=by, seats_school=5)
    for _ in range(number):
        registered(training)
    client.force_login(by)
    client.get("/mijn/")
    with django_assert_num_queries(11):
        client.get(f"/trainingen/{training.pk}/berichten/")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("550 5.1.1 <jan@example.org>: User unknown", "550 5.1.1 …: User unknown"),
        ("550 jan.de-boer+x@mail.example.org does not exist", "550 … does not exist"),
        ("451 Try again", "451 Try again"),
    ],
)
def test_what_a_server_said_is_shown_without_addresses(said: str, shown: str) -> None:
    assert without_addresses(said) == shown

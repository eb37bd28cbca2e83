import datetime as dt
import email
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from parties.actions.addresses import address_make_primary
from parties.actions.delivery import outbox_deliver
from parties.models import OutboxMessage
from sessions.actions.invitations import (
    MeetingFacts,
    invitation_answer,
    invitations_cancel,
    invitations_change,
    invitations_send,
)
from sessions.actions.registrations import registration_cancel, registration_create
from sessions.actions.trainings import meeting_move, training_cancel
from sessions.emails import message_mails
from sessions.models import Invitation, Registration, Training
from tests.factories import PersonFactory
from tests.parties.mail_server import MailServer, mail_server
from tests.sessions.calendar_readers import ical_js, libical_complaints
from tests.sessions.factories import at, meeting, published, registered, supervisor, trainer

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def lines_of(calendar: str) -> dict[str, str]:
    """Property with its parameters to value, of the event; the time zone left out."""
    text = calendar.replace("\r\n ", "")
    head, event = text[: text.index("BEGIN:VTIMEZONE")], text[text.index("BEGIN:VEVENT") :]
    pairs = (
        line.split(":", 1) for line in (head + event).split("\r\n") if line and not line.startswith(("BEGIN", "END"))
    )
    return dict(pairs)


def event(message: OutboxMessage) -> dict[str, str]:
    """What tells one invitation from another."""
    lines = lines_of(message.calendar)
    attendee = next(name for name in lines if name.startswith("ATTENDEE"))
    return {
        "METHOD": lines["METHOD"],
        "STATUS": lines["STATUS"],
        "SEQUENCE": lines["SEQUENCE"],
        "START": lines["DTSTART;TZID=Europe/Amsterdam"],
        "END": lines["DTEND;TZID=Europe/Amsterdam"],
        "LOCATION": lines["LOCATION"],
        "PARTSTAT": re.findall("PARTSTAT=([A-Z-]+)", attendee)[0],
        "TO": lines[attendee],
    }


def calendar_of(raw: bytes) -> bytes:
    """The iCalendar object of a raw message, which stands in it twice, byte for byte the same."""
    mail = email.message_from_bytes(raw, policy=default)
    assert mail.get_content_type() == "multipart/mixed"
    [alternative, attachment] = mail.iter_parts()
    parts = list(alternative.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html", "text/calendar"]
    ics = parts[-1].get_payload(decode=True)
    assert attachment.get_payload(decode=True) == ics
    return ics


def sent_after(act: Callable[[], Any]) -> list[OutboxMessage]:
    last = OutboxMessage.objects.order_by("pk").last()
    act()
    return list(OutboxMessage.objects.filter(pk__gt=last.pk if last else 0).order_by("pk"))


def person(name: str = "Sevgi de Wit", address: str = "sevgi@example.org", **fields: object) -> Any:
    return PersonFactory(name=name, email=address, **fields)


NEW = {
    "METHOD": "REQUEST",
    "STATUS": "CONFIRMED",
    "SEQUENCE": "0",
    "START": "20270114T130000",
    "END": "20270114T160000",
    "LOCATION": "Lokaal B1.14",
    "PARTSTAT": "NEEDS-ACTION",
    "TO": "mailto:sevgi@example.org",
}
CANCELLED = NEW | {"METHOD": "CANCEL", "STATUS": "CANCELLED", "SEQUENCE": "1"}


@pytest.fixture
def training() -> Training:
    return published()


@pytest.fixture
def seat(training: Training) -> Registration:
    return registered(training, person=person())


@pytest.fixture
def invitation(seat: Registration) -> Invitation:
    return Invitation.objects.get()


def test_a_seat_brings_one_invitation_for_each_meeting() -> None:
    training = published(meetings=(meeting(14), meeting(21)))
    sent = sent_after(lambda: registered(training, person=person()))
    assert [event(message) for message in sent] == [NEW, NEW | {"START": "20270121T130000", "END": "20270121T160000"}]
    uids = [str(uid) for uid in Invitation.objects.order_by("meeting__starts_at").values_list("uid", flat=True)]
    assert [lines_of(message.calendar)["UID"] for message in sent] == uids == [message.ordering_key for message in sent]
    assert len(set(uids)) == 2


def test_inviting_again_sends_nothing(training: Training, seat: Registration) -> None:
    assert sent_after(lambda: invitations_send(registrations=[seat])) == []


def test_who_waits_and_who_takes_part_in_a_draft_is_not_invited() -> None:
    training = published(seats_school=1, seats_workplace=0)
    registered(training)
    assert sent_after(lambda: registered(training))[0].kind == "waiting-list"
    Training.objects.update(state="draft")
    seat = Registration.objects.confirmed().get()
    Invitation.objects.all().delete()
    assert sent_after(lambda: invitations_send(registrations=[seat])) == []
    Training.objects.update(state="published")
    assert len(sent_after(lambda: invitations_send(registrations=[seat]))) == 1


def test_a_meeting_that_is_over_is_left_out() -> None:
    by = trainer()
    training = published(by=by, meetings=(meeting(14), meeting(21)))
    with time_machine.travel(at(14, 16, 1), tick=True):
        membership = supervisor("school", person=person())

        sent = sent_after(lambda: registration_create(training=training, membership=membership, by=by))
    assert [event(message)["START"] for message in sent] == ["20270121T130000"]


def test_somebody_of_whom_only_a_work_address_is_known_is_invited_there(training: Training) -> None:
    nobody = person("", None)
    [sent] = sent_after(lambda: registered(training, person=nobody, work_address="jan@school.example.org"))
    assert (sent.to_address, event(sent)["TO"]) == ("jan@school.example.org", "mailto:jan@school.example.org")
    assert sent.text.startswith("Je hebt een plek\n")


@pytest.mark.db
def test_another_time_raises_sequence_and_asks_again(
    training: Training, seat: Registration, invitation: Invitation
) -> None:
    invitation_answer(invitation=invitation, partstat="ACCEPTED")
    by = training.trainers.get()
    [sent] = sent_after(
        lambda: meeting_move(meeting=training.meetings.get(), starts_at=at(14, 14), ends_at=at(14, 17), by=by)
    )
    assert event(sent) == NEW | {"SEQUENCE": "1", "START": "20270114T140000", "END": "20270114T170000"}
    assert lines_of(sent.calendar)["UID"] == str(invitation.uid)
    invitation.refresh_from_db()
    assert (invitation.sequence, invitation.partstat, invitation.previous_starts_at) == (1, "NEEDS-ACTION", at(14, 13))
    assert sent.subject == "Tijd gewijzigd: Eerlijk begeleiden, donderdag 14 januari 2027 om 14.00 uur"
    assert "Het was donderdag 14 januari 2027 om 13.00 uur, tot 16.00 uur." in sent.text


def test_another_place_raises_sequence_and_keeps_the_answer(
    training: Training, seat: Registration, invitation: Invitation
) -> None:
    invitation_answer(invitation=invitation, partstat="ACCEPTED")
    by = training.trainers.get()
    there = training.meetings.get()
    [sent] = sent_after(
        lambda: meeting_move(meeting=there, starts_at=there.starts_at, ends_at=there.ends_at, place="Aula", by=by)
    )
    assert event(sent) == NEW | {"SEQUENCE": "1", "LOCATION": "Aula", "PARTSTAT": "ACCEPTED"}
    assert sent.subject == "Plaats gewijzigd: Eerlijk begeleiden, donderdag 14 januari 2027 om 13.00 uur"
    assert "Het was Lokaal B1.14." in sent.text


def test_a_corrected_title_keeps_sequence_and_has_a_fresh_stamp(
    training: Training, seat: Registration, invitation: Invitation
) -> None:
    before = MeetingFacts.of(training.meetings.get())
    first = OutboxMessage.objects.get()
    Training.objects.update(title="Eerlijk begeleiden!")
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=True):
        [sent] = sent_after(lambda: invitations_change(meeting=training.meetings.get(), before=before))
    assert event(sent) == NEW
    old, new = lines_of(first.calendar), lines_of(sent.calendar)
    assert {name for name in old if old[name] != new[name]} == {"SUMMARY", "DTSTAMP", "LAST-MODIFIED"}
    assert old["DTSTAMP"] < new["DTSTAMP"]


def test_saving_without_a_change_or_after_the_end_or_in_a_draft_sends_nothing(
    training: Training, seat: Registration
) -> None:
    there = training.meetings.get()
    facts = MeetingFacts.of(there)
    assert sent_after(lambda: invitations_change(meeting=there, before=facts)) == []
    other = MeetingFacts(**(vars(facts) | {"place": "Aula"}))
    with time_machine.travel(at(14, 16), tick=False):
        assert sent_after(lambda: invitations_change(meeting=there, before=other)) == []
    Training.objects.update(state="draft")
    assert sent_after(lambda: invitations_change(meeting=there, before=other)) == []
    Training.objects.update(state="published")
    assert len(sent_after(lambda: invitations_change(meeting=there, before=other))) == 1


@pytest.mark.parametrize(
    ("reason", "subject", "words"),
    [
        ("training_cancelled", "Gaat niet door: ", "gaat niet door, voor niemand."),
        ("taken_off", "Je staat niet meer op de lijst: ", "De training zelf gaat wel door."),
        ("own_wish", "Je bent uitgeschreven: ", "Je plek gaat naar iemand anders."),
    ],
)
def test_a_cancellation_says_which_of_the_three_it_is(
    seat: Registration, invitation: Invitation, reason: str, subject: str, words: str
) -> None:
    [sent] = sent_after(lambda: invitations_cancel(registrations=[seat], reason=reason))
    assert event(sent) == CANCELLED
    assert lines_of(sent.calendar)["UID"] == str(invitation.uid)
    assert sent.subject == f"{subject}Eerlijk begeleiden, donderdag 14 januari 2027 om 13.00 uur"
    assert words in sent.text
    assert words in sent.html
    assert sent_after(lambda: invitations_cancel(registrations=[seat], reason=reason)) == []


@pytest.mark.db
def test_the_actions_say_the_right_one(training: Training, seat: Registration) -> None:
    other, third = registered(training), registered(training, "workplace")
    by = training.trainers.get()
    kinds = [
        message.kind
        for act in (
            lambda: registration_cancel(registration=seat, by=seat.person),
            lambda: registration_cancel(registration=other, by=by),
            lambda: training_cancel(training=training, by=by),
        )
        for message in sent_after(act)
    ]
    assert kinds == ["invitation-own_wish", "invitation-taken_off", "invitation-training_cancelled"]
    assert Invitation.objects.active().count() == 0
    assert third.person.invitations.count() == 1


def test_cancelling_one_leaves_the_others_and_what_is_past(training: Training) -> None:
    training = published(meetings=(meeting(14), meeting(21)))
    first, _second = registered(training, person=person()), registered(training)
    with time_machine.travel(at(18, 9), tick=True):
        [sent] = sent_after(lambda: invitations_cancel(registrations=[first], reason="taken_off"))
    assert event(sent) == CANCELLED | {"START": "20270121T130000", "END": "20270121T160000"}
    assert Invitation.objects.active().count() == 3


def test_who_comes_back_has_a_new_uid(training: Training, seat: Registration, invitation: Invitation) -> None:
    registration_cancel(registration=seat, by=seat.person)

    [sent] = sent_after(lambda: registration_create(training=training, membership=seat.membership, by=seat.person))
    assert event(sent) == NEW
    assert lines_of(sent.calendar)["UID"] != str(invitation.uid)


def test_who_moves_up_from_the_waiting_list_reads_so() -> None:
    training = published(seats_school=1, seats_workplace=1)
    first = registered(training)
    [waits] = sent_after(lambda: registered(training, person=person()))
    assert waits.subject == "Je staat op de wachtlijst: Eerlijk begeleiden"
    assert "Er is 1 plek vrij. Die is voor de werkplek." in waits.text
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=True):
        sent = sent_after(lambda: registration_cancel(registration=first, by=first.person))
    assert [message.kind for message in sent] == ["invitation-own_wish", "invitation-promoted"]
    assert event(sent[1]) == NEW
    assert "Je stond op de wachtlijst. Er kwam een plek vrij en die is voor jou" in sent[1].text


@pytest.mark.db
def test_another_address_takes_the_invitation_along(seat: Registration, invitation: Invitation) -> None:
    invitation_answer(invitation=invitation, partstat="ACCEPTED")
    seat.person.set_unusable_password()
    seat.person.save()
    row = EmailAddress.objects.create(user=seat.person, email="nieuw@example.org", verified=True)
    sent = sent_after(lambda: address_make_primary(row=row))
    assert [(message.to_address, event(message)) for message in sent] == [
        ("sevgi@example.org", CANCELLED | {"PARTSTAT": "ACCEPTED"}),
        ("nieuw@example.org", NEW | {"SEQUENCE": "2", "PARTSTAT": "ACCEPTED", "TO": "mailto:nieuw@example.org"}),
    ]
    assert {lines_of(message.calendar)["UID"] for message in sent} == {str(invitation.uid)}
    assert sent_after(lambda: address_make_primary(row=row)) == []


def test_the_mail_is_in_the_language_of_who_gets_it(training: Training) -> None:
    [sent] = sent_after(lambda: registered(training, person=person(language="en")))
    assert sent.subject == "Invitation: Eerlijk begeleiden, Thursday 14 January 2027 at 13:00"
    assert sent.text.startswith("You have a seat, Sevgi\n\nYou take part in the training “Eerlijk begeleiden”.\n")
    assert "Everything about this training" in lines_of(sent.calendar)["DESCRIPTION"]


@pytest.mark.parametrize("mailbox", ["", "imaps://antwoord%40example.org:geheim@imap.example.org"])
def test_the_mail_offers_an_answer_in_the_calendar_only_where_that_is_read(
    training: Training, settings: Any, mailbox: str
) -> None:
    settings.REPLY_MAILBOX_URL = mailbox
    [sent] = sent_after(lambda: registered(training))
    for body in (sent.text, sent.html):
        assert ("Je kunt ook antwoorden in je eigen agenda." in body) == bool(mailbox)
        assert "De afspraak zit bij deze mail" in body


def test_names_and_titles_are_text_in_html() -> None:
    training = published(title="Jij & <b>ik</b>")
    [sent] = sent_after(lambda: registered(training, person=person("<i>Jan</i> Smit")))
    assert "&lt;i&gt;Jan&lt;/i&gt;" in sent.html
    assert "Jij &amp; &lt;b&gt;ik&lt;/b&gt;" in sent.html
    assert "Je hebt een plek, <i>Jan</i>" in sent.text
    assert "⟦" not in sent.html + sent.text + sent.subject


def test_a_link_stands_in_the_calendar_and_the_mail() -> None:
    online = published(meetings=(meeting(place="", link="https://meet.example.org/x"),))
    [sent] = sent_after(lambda: registered(online))
    assert lines_of(sent.calendar)["LOCATION"] == "https://meet.example.org/x"
    both = published(meetings=(meeting(link="https://meet.example.org/y"),))
    [sent] = sent_after(lambda: registered(both))
    lines = lines_of(sent.calendar)
    assert lines["LOCATION"] == "Lokaal B1.14"
    assert lines["DESCRIPTION"].startswith(r"Online: https://meet.example.org/y\n")
    assert "https://meet.example.org/y" in sent.text
    assert "https://meet.example.org/y" in sent.html


def addresses_in(text: str) -> set[str]:
    return set(re.findall(r"[\w.+-]+@[\w.-]+\.[a-z]+", text))


@pytest.fixture
def server(settings: object) -> Iterator[MailServer]:
    with mail_server(settings) as running:
        yield running


def test_over_the_wire_nobody_sees_an_address_of_anybody_else(server: MailServer) -> None:
    training = published()
    registered(training, person=person())
    registered(training, person=person("Anouk", "anouk@example.org"))
    outbox_deliver()
    assert [(sender, to) for sender, to, _raw in server.messages] == [
        ("gelijkop@demo.example", ["sevgi@example.org"]),
        ("gelijkop@demo.example", ["anouk@example.org"]),
    ]
    raw = server.messages[0][2]
    mail: EmailMessage = email.message_from_bytes(raw, policy=default)
    calendar = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    text = calendar.get_content()
    everything = (
        "".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text") + raw.decode()
    )
    allowed = {"sevgi@example.org", "gelijkop@demo.example"}
    # The Message-ID and the UID look like addresses or not; only these two and the trainer's may be one.
    assert addresses_in(text) == allowed
    found = addresses_in(everything) - allowed - {mail["Message-ID"].strip("<>")}
    assert found == {"trainer@example.org"}
    assert mail["Reply-To"] == "trainer@example.org"
    assert Invitation.objects.first().token in everything
    assert Invitation.objects.first().token not in text


def test_the_wire_carries_what_no_reader_checks(server: MailServer) -> None:
    registered(published(title="Één heel lange naam – " + "ë" * 100), person=person('Jan; "x", ' + "é" * 60))
    outbox_deliver()
    [(_sender, _to, raw)] = server.messages
    mail = email.message_from_bytes(raw, policy=default)
    [alternative, attachment] = mail.iter_parts()
    calendar = list(alternative.iter_parts())[-1]
    ics = calendar.get_payload(decode=True)
    assert attachment.get_payload(decode=True) == ics
    assert mail["From"].addresses[0].addr_spec == "gelijkop@demo.example"
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert re.findall(rb"^METHOD:(\w+)\r$", ics, re.MULTILINE) == [b"REQUEST"]
    assert re.search(rb"(?<!\r)\n", ics) is None
    assert max(len(line) for line in ics.split(b"\r\n")) <= 75
    [organizer] = [line for line in ics.replace(b"\r\n ", b"").split(b"\r\n") if line.startswith(b"ORGANIZER")]
    assert organizer == b"ORGANIZER;CN=Gelijkop:mailto:gelijkop@demo.example"
    assert b"X-WR" not in ics
    assert b"VALARM" not in ics


@pytest.mark.libical
@pytest.mark.node
def test_two_other_readers_accept_the_whole_life_of_an_invitation(training: Training, seat: Registration) -> None:
    by = training.trainers.get()
    meeting_move(meeting=training.meetings.get(), starts_at=at(28, 1, month=3), ends_at=at(28, 4, month=3), by=by)
    training_cancel(training=training, by=by)
    calendars = list(OutboxMessage.objects.order_by("pk").values_list("calendar", flat=True))
    assert [libical_complaints(calendar) for calendar in calendars] == [[], [], []]
    read = [ical_js(calendar) for calendar in calendars]
    assert [(found["method"], found["sequence"], found["status"], found["start"], found["end"]) for found in read] == [
        ("REQUEST", 0, "CONFIRMED", "2027-01-14T12:00:00.000Z", "2027-01-14T15:00:00.000Z"),
        ("REQUEST", 1, "CONFIRMED", "2027-03-28T00:00:00.000Z", "2027-03-28T02:00:00.000Z"),
        ("CANCEL", 2, "CANCELLED", "2027-03-28T00:00:00.000Z", "2027-03-28T02:00:00.000Z"),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_people(number: int, django_assert_num_queries: Callable) -> None:
    training = published(seats_school=5)
    seats = [registered(training) for _ in range(number)]
    Invitation.objects.all().delete()
    there = training.meetings.get()
    before = MeetingFacts(**(vars(MeetingFacts.of(there)) | {"place": "Aula"}))
    with django_assert_num_queries(9):
        invitations_send(registrations=seats)
    with django_assert_num_queries(8):
        invitations_change(meeting=there, before=before)
    with django_assert_num_queries(8):
        invitations_cancel(registrations=seats, reason="taken_off")


def test_a_message_of_the_trainer_is_clean_and_goes_to_each_apart(training: Training) -> None:
    body = '<p>Dag <strong>allemaal</strong>,</p><script>x()</script><ul><li>neem een <a href="https://a.nl/?x=1&y=2">casus</a> mee</li></ul>'
    people = [person(), person("Jan", "jan@example.org")]
    sent = sent_after(lambda: message_mails(training=training, people=people, subject="Vooraf", body=body))
    assert [message.to_address for message in sent] == ["sevgi@example.org", "jan@example.org"]
    assert sent[0].subject == "Eerlijk begeleiden: Vooraf"
    assert sent[0].reply_to == "trainer@example.org"
    assert "Dag allemaal,\n\n- neem een casus (https://a.nl/?x=1&y=2) mee\n" in sent[0].text
    assert "<strong>allemaal</strong>" in sent[0].html
    assert "x()" not in sent[0].html + sent[0].text


# Answering


def test_looking_changes_nothing_and_pressing_answers(client: Client, invitation: Invitation) -> None:
    url = f"/antwoord/{invitation.token}/"
    assert client.head(url).status_code == 200
    page = client.get(url, {"kies": "nee"})
    assert page.status_code == 200
    assert "Eerlijk begeleiden" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    invitation.refresh_from_db()
    assert invitation.partstat == "NEEDS-ACTION"
    for chosen, words in [("DECLINED", "Je kunt niet"), ("TENTATIVE", "Misschien"), ("ACCEPTED", "Je komt")]:
        page = client.post(url, {"answer": chosen}, follow=True)
        assert words in page.content.decode()
        invitation.refresh_from_db()
        assert invitation.partstat == chosen


def test_the_answer_of_the_link_is_the_first_button(client: Client, invitation: Invitation) -> None:
    def values(**query: str) -> list[str]:
        return re.findall(
            r'name="answer" value="([A-Z]+)"', client.get(f"/antwoord/{invitation.token}/", query).content.decode()
        )

    assert values() == ["ACCEPTED", "DECLINED", "TENTATIVE"]
    assert values(kies="nee") == ["DECLINED", "ACCEPTED", "TENTATIVE"]


def test_the_links_in_the_mail_lead_to_the_page(client: Client, invitation: Invitation) -> None:
    message = OutboxMessage.objects.get()
    links = re.findall(r"http://127.0.0.1:8000(/antwoord/\S+)", message.text)
    assert links == [f"/antwoord/{invitation.token}/?kies=ja", f"/antwoord/{invitation.token}/?kies=nee"]
    assert all(link in message.html for link in links)
    assert [client.get(link).status_code for link in links] == [200, 200]


def test_an_answer_needs_the_token_the_form_and_a_known_word(client: Client, invitation: Invitation) -> None:
    assert client.get("/antwoord/verkeerd/").status_code == 404
    assert client.post("/antwoord/verkeerd/", {"answer": "ACCEPTED"}).status_code == 404
    url = f"/antwoord/{invitation.token}/"
    assert Client(enforce_csrf_checks=True).post(url, {"answer": "ACCEPTED"}).status_code == 403
    page = client.post(url, {"answer": "DELEGATED"})
    assert "Kies een van de antwoorden." in page.content.decode()
    invitation.refresh_from_db()
    assert invitation.partstat == "NEEDS-ACTION"


def test_from_the_start_and_after_a_cancellation_there_is_nothing_to_answer(
    client: Client, seat: Registration, invitation: Invitation
) -> None:
    url = f"/antwoord/{invitation.token}/"
    with time_machine.travel(at(14, 13), tick=False):
        page = client.post(url, {"answer": "ACCEPTED"})
        assert "De bijeenkomst is begonnen." in page.content.decode()
        assert 'name="answer"' not in page.content.decode()
    invitations_cancel(registrations=[seat], reason="taken_off")
    page = client.post(url, {"answer": "ACCEPTED"})
    assert "Je staat niet meer op de lijst" in page.content.decode()
    invitation.refresh_from_db()
    assert invitation.partstat == "NEEDS-ACTION"


def test_the_page_says_that_the_time_changed(client: Client, training: Training, invitation: Invitation) -> None:
    by = training.trainers.get()
    meeting_move(meeting=training.meetings.get(), starts_at=at(14, 14), ends_at=at(14, 17), by=by)
    page = client.get(f"/antwoord/{invitation.token}/").content.decode()
    assert "Was 14 januari 2027, 13.00 uur." in page
    client.post(f"/antwoord/{invitation.token}/", {"answer": "ACCEPTED"})
    assert "Was 14 januari 2027" not in client.get(f"/antwoord/{invitation.token}/").content.decode()

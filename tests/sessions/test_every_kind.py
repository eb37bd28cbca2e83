"""Every kind of calendar that leaves the platform, as three other readers see it, on days when the clock is changed."""

import datetime as dt
import email
import email.policy
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from parties.actions.addresses import address_make_primary
from parties.actions.delivery import outbox_deliver
from parties.models import OutboxMessage
from sessions.actions.invitations import invitation_send_again
from sessions.actions.registrations import registration_cancel, registration_create
from sessions.actions.trainings import meeting_move, training_cancel, training_change
from sessions.feeds import feed_address
from sessions.models import Invitation
from tests.factories import PersonFactory
from tests.parties.mail_server import MailServer, mail_server
from tests.sessions.calendar_readers import ical_js, libical_complaints, vobject
from tests.sessions.factories import meeting, plan, published, registered, trainer
from tests.sessions.test_invitations import calendar_of

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)

# The nights in which the clock is changed, both ways, and the same in 2040.
NIGHTS = [
    dt.datetime(2026, 3, 29, tzinfo=dt.UTC),
    dt.datetime(2026, 10, 25, tzinfo=dt.UTC),
    dt.datetime(2040, 3, 25, tzinfo=dt.UTC),
    dt.datetime(2040, 10, 28, tzinfo=dt.UTC),
]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def server(settings: object) -> Iterator[MailServer]:
    with mail_server(settings) as running:
        yield running


def life(starts_at: dt.datetime) -> list[tuple[str, dt.datetime]]:
    """Does all that sends an invitation, and answers (kind, the start that was meant) of each message, in order."""
    by = trainer()
    when = meeting(starts_at=starts_at, ends_at=starts_at + HOUR)
    training, other = published(by=by, meetings=(when,)), published(by=by, meetings=(when,), title="Een andere")
    seat = registered(training, person=PersonFactory(name="Sevgi de Wit", email="sevgi@example.org"))
    there = training.meetings.get()
    later = starts_at + HOUR
    meeting_move(meeting=there, starts_at=later, ends_at=later + HOUR, by=by)
    meeting_move(meeting=there, starts_at=later, ends_at=later + HOUR, place="Aula", by=by)
    moved = meeting(key=there.pk, starts_at=later, ends_at=later + HOUR, place="Aula")
    training_change(training=training, plan=plan(by=by, title="Eerlijk!", meetings=(moved,)), by=by)
    outbox_deliver()
    assert invitation_send_again(message=OutboxMessage.objects.order_by("pk").last(), by=by)
    seat.person.set_unusable_password()
    seat.person.save()
    row = seat.person.emailaddress_set.create(email="nieuw@example.org", verified=True)
    address_make_primary(row=row)
    # To another session: off the one, onto the other.
    registration_cancel(registration=seat, by=by)
    registration_create(training=other, membership=seat.membership, by=by)
    training_cancel(training=other, by=by)
    outbox_deliver()
    return [
        ("REQUEST", starts_at), ("REQUEST", later), ("REQUEST", later), ("REQUEST", later), ("REQUEST", later),
        ("CANCEL", later), ("REQUEST", later), ("CANCEL", later), ("REQUEST", starts_at), ("CANCEL", starts_at),
    ]  # fmt: skip


def test_every_raw_message_obeys_what_no_reader_checks(server: MailServer) -> None:
    meant = life(NIGHTS[0])
    tokens = list(Invitation.objects.values_list("token", flat=True))
    assert len(server.messages) == len(meant)
    for (sender, recipients, raw), (method, _start) in zip(server.messages, meant, strict=True):
        [to] = recipients
        ics = calendar_of(raw)
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        [alternative, attachment] = mail.iter_parts()
        calendar = list(alternative.iter_parts())[-1]
        assert (sender, mail["From"].addresses[0].addr_spec, mail["Reply-To"]) == (
            "gelijkop@demo.example", "gelijkop@demo.example", "trainer@example.org",
        )  # fmt: skip
        assert [one.addr_spec for one in mail["To"].addresses] == [to]
        assert (mail["Cc"], mail["Bcc"]) == (None, None)
        assert f"Content-Type: text/calendar; method={method}; charset=utf-8\r\n".encode() in raw
        assert attachment.get_content_type() == "application/ics"
        assert attachment.get_filename() == "invite.ics"
        assert {part["Content-Transfer-Encoding"] for part in (calendar, attachment)} == {"base64"}
        assert calendar["Content-Disposition"] is None
        assert re.search(rb"(?<!\r)\n|\r(?!\n)", ics) is None
        assert max(len(line) for line in ics.split(b"\r\n")) <= 75
        text = ics.decode().replace("\r\n ", "")
        assert re.findall(r"^METHOD:(\w+)\r$", text, re.MULTILINE) == [method]
        assert re.findall(r"^STATUS:(\w+)\r$", text, re.MULTILINE) == [
            "CANCELLED" if method == "CANCEL" else "CONFIRMED"
        ]
        assert re.findall(r"^ORGANIZER.*\r$", text, re.MULTILINE) == [
            "ORGANIZER;CN=Gelijkop:mailto:gelijkop@demo.example\r"
        ]
        assert re.findall(r"^ATTENDEE.*:(mailto:.*)\r$", text, re.MULTILINE) == [f"mailto:{to}"]
        assert text.count("BEGIN:VEVENT") == 1
        assert not re.search("X-|VALARM|RECURRENCE-ID|RDATE", text)
        assert set(re.findall(r"[\w.]+@[\w.]+", text)) == {"gelijkop@demo.example", to}
        assert not [token for token in tokens if token in text]
        assert "http://127.0.0.1:8000/trainingen/" in text
    stamps = [re.findall("DTSTAMP:(.*)Z", calendar_of(raw).decode())[0] for _sender, _to, raw in server.messages]
    assert stamps == sorted(stamps)


@pytest.mark.libical
@pytest.mark.node
@pytest.mark.vobject
@pytest.mark.parametrize("starts_at", NIGHTS, ids=lambda night: f"{night:%Y-%m-%d}")
def test_every_message_is_read_as_it_was_meant(starts_at: dt.datetime, server: MailServer) -> None:
    meant = life(starts_at)
    texts = [calendar_of(raw).decode() for _sender, _to, raw in server.messages]
    assert [complaint for text in texts for complaint in libical_complaints(text)] == []
    by_ical_js = [ical_js(text) for text in texts]
    assert [(read["method"], read["start"], read["end"]) for read in by_ical_js] == [
        (method, written(start), written(start + HOUR)) for method, start in meant
    ]
    by_vobject = [vobject(text) for text in texts]
    assert [(read["method"], *[(one["start"], one["end"]) for one in read["events"]]) for read in by_vobject] == [
        (method, (written(start), written(start + HOUR))) for method, start in meant
    ]
    assert [read["sequence"] for read in by_ical_js] == [0, 1, 2, 2, 2, 3, 4, 5, 0, 1]
    uids = [read["uid"] for read in by_ical_js]
    assert len(set(uids[:8])) == 1
    assert len(set(uids[8:])) == 1
    assert uids[0] != uids[8]
    assert {read["attendees"] for read in by_ical_js} == {1}


@pytest.mark.libical
@pytest.mark.node
@pytest.mark.vobject
@pytest.mark.parametrize("nights", [NIGHTS[:2], NIGHTS[2:]], ids=["2026", "2040"])
def test_the_feed_is_read_as_it_was_meant(client: Client, nights: list[dt.datetime]) -> None:
    with time_machine.travel(NOW.replace(year=nights[0].year), tick=True):
        by = trainer()
        starts = [night + hours * HOUR for night in nights for hours in (-12, 0, 1, 12, 36)]
        training = published(by=by, meetings=tuple(meeting(starts_at=one, ends_at=one + HOUR / 2) for one in starts))
        seat = registered(training, person=PersonFactory(email="sevgi@example.org"))
        path = feed_address(seat.person).removeprefix("http://127.0.0.1:8000")
        for status in ("CONFIRMED", "CANCELLED"):
            text = client.get(path).content.decode()
            assert libical_complaints(text) == []
            read = ical_js(text)
            assert (read["method"], read["attendees"], read["status"]) == (None, 0, status)
            assert read["starts"] == [written(one) for one in starts]
            assert [(one["start"], one["status"], one["attendees"]) for one in vobject(text)["events"]] == [
                (written(one), status, 0) for one in starts
            ]
            if status == "CONFIRMED":
                training_cancel(training=training, by=by)


@pytest.mark.libical
def test_an_empty_feed_is_lawful(client: Client) -> None:
    path = feed_address(PersonFactory()).removeprefix("http://127.0.0.1:8000")
    text = client.get(path).content.decode()
    assert libical_complaints(text) == []
    assert "VEVENT" not in text


def written(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}:00.000Z"

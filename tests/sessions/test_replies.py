"""Answers that calendars send by mail: as Google, Outlook and Apple write them, out of a real IMAP server."""

import base64
import datetime as dt
import imaplib
import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as live_settings
from django.db import connection

from sessions.actions import replies as actions
from sessions.actions.invitations import invitation_answer, invitations_cancel
from sessions.actions.replies import replies_fetch
from sessions.actions.trainings import meeting_move
from sessions.mailbox import Account, complaint, opened
from sessions.models import Invitation, Registration, ReplyMailbox
from sessions.receivers import due_replies
from sessions.replies import Reply, reply_in
from tests.factories import PersonFactory
from tests.parties.test_outbox import on_disk
from tests.sessions.factories import at, published, registered
from tests.sessions.imap_server import ImapServer, imap_server

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
UID = "3f0c7c0e-5a34-4d0e-9f6e-6c0a2c8a4b11"


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def google(
    uid: str, partstat: str, *, stamp: str = "20261123T101500Z", sequence: int = 0, to: str = "sevgi@example.org"
) -> bytes:
    """Gmail: the calendar as an alternative, and again as invite.ics."""
    calendar = crlf(
        f"""BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20270114T120000Z
DTEND:20270114T150000Z
DTSTAMP:{stamp}
ORGANIZER;CN=Gelijkop:mailto:gelijkop@demo.example
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN=Sevg
 i de Wit;X-NUM-GUESTS=0:mailto:{to}
CREATED:20261123T090000Z
DESCRIPTION:
LAST-MODIFIED:{stamp}
LOCATION:Lokaal B1.14
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:Eerlijk begeleiden
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
    )
    coded = base64.encodebytes(calendar).decode()
    return (
        crlf(
            f"""MIME-Version: 1.0
Sender: Google Calendar <calendar-notification@google.com>
Message-ID: <calendar-{uuid.uuid4()}@google.com>
Date: Mon, 23 Nov 2026 10:15:00 +0000
Subject: Accepted: Eerlijk begeleiden @ Thu 14 Jan 2027 13:00 - 16:00 (CET) (gelijkop@demo.example)
From: Sevgi de Wit <{to}>
To: gelijkop@demo.example
Content-Type: multipart/mixed; boundary="000000000000aa"

--000000000000aa
Content-Type: multipart/alternative; boundary="000000000000bb"

--000000000000bb
Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes
Content-Transfer-Encoding: base64

U2V2Z2kgZGUgV2l0IGhhcyBhY2NlcHRlZCB0aGlzIGludml0YXRpb24u

--000000000000bb
Content-Type: text/calendar; charset="UTF-8"; method=REPLY
Content-Transfer-Encoding: 7bit

"""
        )
        + calendar
        + crlf(
            f"""
--000000000000bb--
--000000000000aa
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

{coded}
--000000000000aa--
"""
        )
    )


def outlook(
    uid: str, partstat: str, *, stamp: str = "20261123T101500Z", sequence: int = 0, to: str = "sevgi@example.org"
) -> bytes:
    """Outlook and Exchange (MS-OXCICAL): base64, Windows' name of the zone, LANGUAGE on texts, MAILTO in capitals."""
    calendar = crlf(
        f"""BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT={partstat};CN="Wit, Sevgi de":MAILTO:{to.title()}
COMMENT;LANGUAGE=nl-NL:\\n
UID:{uid}
SUMMARY;LANGUAGE=nl-NL:Geaccepteerd: Eerlijk begeleiden
DTSTART;TZID=W. Europe Standard Time:20270114T130000
DTEND;TZID=W. Europe Standard Time:20270114T160000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:{stamp}
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{sequence}
LOCATION;LANGUAGE=nl-NL:Lokaal B1.14
X-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}
X-MICROSOFT-CDO-OWNERAPPTID:0
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY
X-MICROSOFT-CDO-ALLDAYEVENT:FALSE
X-MICROSOFT-CDO-IMPORTANCE:1
X-MICROSOFT-CDO-INSTTYPE:0
X-MICROSOFT-DISALLOW-COUNTER:FALSE
END:VEVENT
END:VCALENDAR
"""
    )
    coded = base64.encodebytes(calendar).decode()
    return crlf(
        f"""From: "Wit, Sevgi de" <{to}>
To: Gelijkop <gelijkop@demo.example>
Subject: Geaccepteerd: Eerlijk begeleiden
Thread-Topic: Eerlijk begeleiden
Date: Mon, 23 Nov 2026 10:15:00 +0000
Message-ID: <{uuid.uuid4()}@EURP.PROD.OUTLOOK.COM>
Accept-Language: nl-NL, en-US
Content-Language: nl-NL
Content-Type: multipart/alternative; boundary="_000_AM0P"
MIME-Version: 1.0

--_000_AM0P
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable


--_000_AM0P
Content-Type: text/calendar; charset="utf-8"; method=REPLY
Content-Transfer-Encoding: base64

{coded}
--_000_AM0P--
"""
    )


def apple(
    uid: str, partstat: str, *, stamp: str = "20261123T101500Z", sequence: int = 0, to: str = "sevgi@example.org"
) -> bytes:
    """Apple's Calendar: a part of its own in a mixed message, with the file name on it."""
    calendar = f"""BEGIN:VCALENDAR
CALSCALE:GREGORIAN
VERSION:2.0
METHOD:REPLY
PRODID:-//Apple Inc.//macOS 15.1//EN
BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
DTSTART:19810329T020000
TZNAME:CEST
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
DTSTART:19961027T030000
TZNAME:CET
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;CN=3DSevgi de Wit;CUTYPE=3DINDIVIDUAL;EMAIL=3D{to};PARTSTAT=3D{partstat};ROLE=3DR=
EQ-PARTICIPANT:mailto:{to}
DTEND;TZID=3DEurope/Amsterdam:20270114T160000
ORGANIZER;CN=3DGelijkop:mailto:gelijkop@demo.example
UID:{uid}
DTSTAMP:{stamp}
SEQUENCE:{sequence}
SUMMARY:Eerlijk begeleiden
DTSTART;TZID=3DEurope/Amsterdam:20270114T130000
REQUEST-STATUS:2.0;Success
END:VEVENT
END:VCALENDAR
"""
    return crlf(
        f"""From: Sevgi de Wit <{to}>
Content-Type: multipart/mixed; boundary="Apple-Mail=_1"
Mime-Version: 1.0 (1.0)
Date: Mon, 23 Nov 2026 11:15:00 +0100
Subject: Sevgi de Wit accepted your invitation: Eerlijk begeleiden
Message-Id: <{uuid.uuid4()}@example.org>
To: gelijkop@demo.example
X-Mailer: iCalendar Mail

--Apple-Mail=_1
Content-Type: text/plain; charset=utf-8

Sevgi de Wit has accepted your invitation.
--Apple-Mail=_1
Content-Disposition: attachment; filename=iCal-1.ics
Content-Type: text/calendar; charset=utf-8; method=REPLY; name=iCal-1.ics
Content-Transfer-Encoding: quoted-printable

{calendar}
--Apple-Mail=_1--
"""
    )


WRITERS = [google, outlook, apple]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_each_calendars_own_way_of_answering_is_read(write: Callable, partstat: str) -> None:
    assert reply_in(write(UID, partstat, sequence=2)) == Reply(
        uid=uuid.UUID(UID),
        address="sevgi@example.org",
        partstat=partstat,
        sequence=2,
        stamp=dt.datetime(2026, 11, 23, 10, 15, tzinfo=dt.UTC),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("METHOD:REPLY", "METHOD:REQUEST"),
        ("METHOD:REPLY", "METHOD:COUNTER"),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=DELEGATED"),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=NEEDS-ACTION"),
        ("CREATED:20261123T090000Z", "RECURRENCE-ID:20270114T120000Z"),
        ("CREATED:20261123T090000Z", "ATTENDEE;PARTSTAT=DECLINED:mailto:x@example.org"),
        ("END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20261123T101500Z\r\nEND:VEVENT"),
    ],
)
def test_what_is_no_answer_of_one_person_to_one_event_is_none(old: str, new: str) -> None:
    raw = google(UID, "ACCEPTED").partition(b"--000000000000bb--")[0]  # one copy of the calendar
    assert reply_in(raw) is not None
    assert old.encode() in raw
    assert reply_in(raw.replace(old.encode(), new.encode())) is None


def test_other_mail_is_no_answer() -> None:
    assert reply_in(b"Subject: Hallo\r\n\r\nTot dan!\r\n") is None


# With people and meetings


@pytest.fixture
def invitation(db: None) -> Iterator[Invitation]:
    with time_machine.travel(NOW, tick=True):
        seat = registered(published(), person=PersonFactory(name="Sevgi de Wit", email="sevgi@example.org"))
    with time_machine.travel(NOW + dt.timedelta(hours=3), tick=True):
        yield Invitation.objects.get(person=seat.person)


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.fixture
def mailbox(server: ImapServer) -> Iterator[ImapServer]:
    yield server
    with server.client() as client:
        client.select("INBOX")
        client.store("1:*", "+FLAGS", "\\Deleted")
        client.expunge()


def answer_of(invitation: Invitation) -> str:
    invitation.refresh_from_db()
    return invitation.partstat


def fetch(server: ImapServer) -> int:
    return replies_fetch(account=Account.of(server.url))


@pytest.mark.dovecot
@pytest.mark.parametrize("write", WRITERS)
def test_an_answer_in_the_mailbox_is_the_answer(write: Callable, mailbox: ImapServer, invitation: Invitation) -> None:
    before = {key: value for key, value in vars(invitation).items() if not key.startswith("_")}
    people = Registration.objects.count()
    mailbox.receives(b"Subject: Hallo\r\n\r\nTot dan!\r\n", write(str(invitation.uid), "ACCEPTED"))
    assert fetch(mailbox) == 1
    assert fetch(mailbox) == 0
    invitation.refresh_from_db()
    after = {key: value for key, value in vars(invitation).items() if not key.startswith("_")}
    assert {key for key in after if after[key] != before[key]} == {"partstat", "answered_at"}
    assert answer_of(invitation) == "ACCEPTED"
    assert Registration.objects.count() == people
    assert all(b"Seen" not in flags for flags in mailbox.flags()), "the mailbox is only looked at"


@pytest.mark.dovecot
@pytest.mark.parametrize(
    "changed",
    [
        {"to": "iemand@example.org"},
        {"stamp": "20261123T085959Z"},
        {"uid": str(uuid.uuid4())},
        {"uid": "geen-uid"},
        {"sequence": 0},
    ],
    ids=lambda changed: "-".join(changed),
)
def test_another_address_or_uid_and_what_is_older_change_nothing(
    changed: dict, mailbox: ImapServer, invitation: Invitation
) -> None:
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=True):
        training = invitation.meeting.training
        meeting_move(meeting=invitation.meeting, starts_at=at(14, 14), ends_at=at(14, 17), by=training.trainers.get())
        invitation_answer(invitation=invitation, partstat="TENTATIVE")
    good = {"uid": str(invitation.uid), "partstat": "ACCEPTED", "sequence": 1}
    mailbox.receives(google(**(good | changed)))
    assert fetch(mailbox) == 0
    assert answer_of(invitation) == "TENTATIVE"
    mailbox.receives(google(**good))
    assert fetch(mailbox) == 1
    assert answer_of(invitation) == "ACCEPTED"


@pytest.mark.dovecot
def test_the_later_answer_counts_whatever_order_they_arrive_in(mailbox: ImapServer, invitation: Invitation) -> None:
    uid = str(invitation.uid)
    mailbox.receives(
        google(uid, "DECLINED", stamp="20261123T103000Z"), outlook(uid, "ACCEPTED", stamp="20261123T102959Z")
    )
    assert fetch(mailbox) == 1
    assert answer_of(invitation) == "DECLINED"
    mailbox.receives(apple(uid, "TENTATIVE", stamp="20261123T103001Z"))
    assert fetch(mailbox) == 1
    assert answer_of(invitation) == "TENTATIVE"


@pytest.mark.dovecot
def test_after_the_start_and_after_a_cancellation_an_answer_is_too_late(
    mailbox: ImapServer, invitation: Invitation
) -> None:
    mailbox.receives(google(str(invitation.uid), "ACCEPTED"))
    with time_machine.travel(at(14, 13), tick=False):
        assert fetch(mailbox) == 0
    invitations_cancel(registrations=[Registration.objects.get()], reason="taken_off")
    mailbox.receives(google(str(invitation.uid), "DECLINED"))
    assert fetch(mailbox) == 0
    assert answer_of(invitation) == "NEEDS-ACTION"


@pytest.mark.dovecot
def test_a_message_that_cannot_be_read_and_one_that_is_too_large_hold_up_nobody(
    mailbox: ImapServer, invitation: Invitation, caplog: pytest.LogCaptureFixture
) -> None:
    broken = google(str(invitation.uid), "DECLINED").replace(b"DTSTAMP:2026", b"DTSTAMP:wat?")
    large = google(str(invitation.uid), "DECLINED") + b"x" * 1_100_000
    mailbox.receives(broken, large, google(str(invitation.uid), "ACCEPTED"))
    assert fetch(mailbox) == 1
    assert answer_of(invitation) == "ACCEPTED"


@pytest.mark.dovecot
def test_numbers_that_start_anew_are_read_anew_and_change_nothing(mailbox: ImapServer, invitation: Invitation) -> None:
    mailbox.receives(google(str(invitation.uid), "ACCEPTED"))
    assert fetch(mailbox) == 1
    invitation_answer(invitation=invitation, partstat="DECLINED")
    was = ReplyMailbox.objects.get().uidvalidity
    time.sleep(1.1)  # a UIDVALIDITY is the second in which it was made
    mailbox.numbers_anew()
    assert fetch(mailbox) == 0
    assert ReplyMailbox.objects.get().uidvalidity != was
    assert answer_of(invitation) == "DECLINED"


@pytest.mark.dovecot
def test_a_long_queue_is_taken_in_turns(
    mailbox: ImapServer, invitation: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_AT_ONCE", 2)
    uid = str(invitation.uid)
    mailbox.receives(
        *(
            google(uid, partstat, stamp=f"20261123T10150{n}Z")
            for n, partstat in enumerate(["ACCEPTED", "DECLINED", "TENTATIVE"])
        )
    )
    assert [fetch(mailbox), fetch(mailbox), fetch(mailbox)] == [2, 1, 0]
    assert answer_of(invitation) == "TENTATIVE"


KILLED = """
import os, signal, django
django.setup()
from sessions.actions import invitations, replies
from sessions.mailbox import Account
counted = iter(range(1000))
def dies(function):
    def inner(*args, **kwargs):
        answer = function(*args, **kwargs)
        if next(counted) == int(os.environ["DIES_AT"]):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
    return inner
replies.reply_in = dies(replies.reply_in)
replies.invitation_reply = dies(replies.invitation_reply)
replies._take = dies(replies._take)
replies.replies_fetch(account=Account.of(os.environ["REPLY_MAILBOX_URL"]))
"""


@pytest.mark.db
@pytest.mark.dovecot
@pytest.mark.django_db(transaction=True)
def test_killed_before_within_or_after_the_transaction_each_message_counts_once(
    mailbox: ImapServer, tmp_path: Path
) -> None:
    seats = [registered(published(), person=PersonFactory(email=f"p{number}@example.org")) for number in range(2)]
    invitations = list(Invitation.objects.filter(person__in=[seat.person for seat in seats]).order_by("pk"))
    stamp = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
    mailbox.receives(*(google(str(one.uid), "ACCEPTED", stamp=stamp, to=one.address) for one in invitations))
    url = on_disk(tmp_path)
    environment = os.environ | {"DATABASE_URL": url, "REPLY_MAILBOX_URL": mailbox.url, "VAR_DIR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "cms.settings"
    with opened(Account.of(mailbox.url)) as box:
        uids = box.after(0)
    codes, reads = [], []
    for dies_at in (0, 1, 2, 99):  # after reading, inside the transaction, after the first commit, never
        done = subprocess.run(
            [sys.executable, "-c", KILLED], cwd=live_settings.BASE_DIR, env=environment | {"DIES_AT": str(dies_at)}
        )
        codes.append(done.returncode)
        answers, last = state_of(url)
        read = sum(uid <= last for uid in uids)
        assert answers == ["ACCEPTED"] * read + ["NEEDS-ACTION"] * (2 - read)
        reads.append(read)
    assert codes == [-signal.SIGKILL, -signal.SIGKILL, -signal.SIGKILL, 0]
    assert reads == [0, 0, 1, 2]


def state_of(url: str) -> tuple[list[str], int]:
    """Answers in order, and the last UID that counts as read, in the database of the other process."""
    queries = ["SELECT partstat FROM meetings_invitation ORDER BY id", "SELECT last_uid FROM meetings_replymailbox"]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as copy:
            answers, uids = [copy.execute(query).fetchall() for query in queries]
    else:
        with connection.cursor() as cursor:
            answers, uids = [cursor.execute(query).fetchall() for query in queries]
    return [row[0] for row in answers], uids[0][0] if uids else 0


@pytest.mark.django_db
def test_a_mailbox_that_is_away_is_an_error_for_the_log_and_none_is_asked_where_none_is_set(settings: object) -> None:
    settings.REPLY_MAILBOX_URL = ""
    due_replies()
    settings.REPLY_MAILBOX_URL = "imap://u:p@127.0.0.1:1/INBOX"
    with pytest.raises(OSError):
        due_replies()


@pytest.mark.dovecot
def test_a_wrong_password_is_an_error(server: ImapServer) -> None:
    account = Account.of(server.url.replace("geheim", "anders"))
    with pytest.raises(imaplib.IMAP4.error):
        replies_fetch(account=account)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("imaps://u%40x.nl:p%3Aq@imap.example.nl/Antwoorden", ""),
        ("imap+tls://u:p@imap.example.nl", ""),
        ("imap://u:p@localhost:1143", ""),
        ("imap://u:geheim@imap.example.nl", "readably"),
        ("smtp://u:geheim@imap.example.nl", "must read like"),
        ("imaps://imap.example.nl", "must read like"),
        ("imaps://u:geheim@imap.example.nl:x/", "host or port"),
    ],
)
def test_an_address_that_is_not_right_is_said_so_without_the_password(url: str, words: str) -> None:
    found = complaint(url)
    assert words in found if words else found == ""
    assert "geheim" not in found


def test_the_parts_of_an_address_are_read() -> None:
    account = Account.of("imaps://u%40x.nl:p%3Aq@imap.example.nl/Antwoorden")
    assert account == Account("imaps", "imap.example.nl", 993, "u@x.nl", "p:q", "Antwoorden")
    assert "p:q" not in repr(account)
    assert "p:q" not in str(account)

import datetime as dt
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.ics import CalendarAddress, Invite, Method, invite_text
from tests.sessions.calendar_readers import ical_js, libical_complaints

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

INVITE = Invite(
    uid="3f0c7c0e-5a34-4d0e-9f6e-6c0a2c8a4b11",
    sequence=0,
    stamp=dt.datetime(2026, 11, 23, 9, 15, 30, 123456, tzinfo=dt.UTC),
    created=dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC),
    starts_at=dt.datetime(2027, 1, 14, 13, 0, tzinfo=AMSTERDAM),
    ends_at=dt.datetime(2027, 1, 14, 16, 0, tzinfo=AMSTERDAM),
    summary="Eerlijk begeleiden",
    location="ROC Mondriaan, Waldorpstraat 120; lokaal B1.14",
    description="Alles over deze training: https://leren.example.nl/trainingen/3/\nVragen? Antwoord op de mail.",
    url="https://leren.example.nl/trainingen/3/",
    organizer=CalendarAddress(name="Gelijkop", address="gelijkop@leren.example.nl"),
    attendee=CalendarAddress(name="Şevgi de Wit", address="sevgi@example.org"),
    partstat="NEEDS-ACTION",
)


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def event_lines(text: str) -> list[str]:
    lines = unfolded(text)
    return sorted(lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")])


def test_a_request_says_all_that_a_calendar_asks_and_nothing_else() -> None:
    assert event_lines(invite_text(INVITE, Method.REQUEST)) == sorted(
        [
            "UID:3f0c7c0e-5a34-4d0e-9f6e-6c0a2c8a4b11",
            "SEQUENCE:0",
            "DTSTAMP:20261123T091530Z",
            "CREATED:20261120T080000Z",
            "LAST-MODIFIED:20261123T091530Z",
            "DTSTART;TZID=Europe/Amsterdam:20270114T130000",
            "DTEND;TZID=Europe/Amsterdam:20270114T160000",
            "SUMMARY:Eerlijk begeleiden",
            r"LOCATION:ROC Mondriaan\, Waldorpstraat 120\; lokaal B1.14",
            r"DESCRIPTION:Alles over deze training: https://leren.example.nl/trainingen/3/\nVragen? Antwoord op de mail.",
            "URL:https://leren.example.nl/trainingen/3/",
            "STATUS:CONFIRMED",
            "TRANSP:OPAQUE",
            "CLASS:PUBLIC",
            "ORGANIZER;CN=Gelijkop:mailto:gelijkop@leren.example.nl",
            'ATTENDEE;CN="Şevgi de Wit";CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE'
            ":mailto:sevgi@example.org",
        ]
    )


def test_the_calendar_around_it_holds_four_properties_and_one_constant_time_zone() -> None:
    lines = unfolded(invite_text(INVITE, Method.REQUEST))
    assert lines[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Gelijkop//Invitations//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
    ]
    zone = lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE")]
    assert zone == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Amsterdam",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
    ]


def test_a_cancellation_differs_from_the_request_in_method_status_and_sequence() -> None:
    request = unfolded(invite_text(INVITE, Method.REQUEST))
    cancel = unfolded(invite_text(replace(INVITE, sequence=1), Method.CANCEL))
    assert sorted(set(request) - set(cancel)) == ["METHOD:REQUEST", "SEQUENCE:0", "STATUS:CONFIRMED"]
    assert sorted(set(cancel) - set(request)) == ["METHOD:CANCEL", "SEQUENCE:1", "STATUS:CANCELLED"]


def test_without_a_place_or_a_name_the_property_is_not_there() -> None:
    lines = event_lines(
        invite_text(replace(INVITE, location="", attendee=CalendarAddress(name="", address="a@b.nl")), Method.REQUEST)
    )
    assert [line for line in lines if line.startswith(("LOCATION", "ATTENDEE"))] == [
        "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:a@b.nl"
    ]


def test_the_organizer_is_never_the_attendee() -> None:
    with pytest.raises(ValueError, match="same address"):
        invite_text(
            replace(INVITE, attendee=CalendarAddress(name="x", address="Gelijkop@leren.example.nl")), Method.REQUEST
        )


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('Jan "de Bakker"; Jansen, jr: ^', "Jan de Bakker Jansen jr"),
        ("Regel\r\nATTENDEE:mailto:x@y.nl", "Regel ATTENDEEmailtox@y.nl"),
        ("\x00\x1b[31mPiet\x7f", "[31mPiet"),
    ],
)
def test_a_name_loses_what_readers_stumble_over(name: str, written: str) -> None:
    text = invite_text(replace(INVITE, attendee=CalendarAddress(name=name, address="a@b.nl")), Method.REQUEST)
    [attendee] = [line for line in event_lines(text) if line.startswith("ATTENDEE")]
    assert re.findall(r'CN="?([^";:]*)', attendee) == [written]


def test_an_address_is_written_as_a_uri() -> None:
    text = invite_text(
        replace(INVITE, attendee=CalendarAddress(name="", address="o'neil+a=b%@bücher.nl")), Method.REQUEST
    )
    [attendee] = [line for line in event_lines(text) if line.startswith("ATTENDEE")]
    assert attendee.endswith(":mailto:o'neil+a%3Db%25@xn--bcher-kva.nl")


texts = st.text(max_size=200)


@given(summary=texts, location=texts, description=texts, name=texts, method=st.sampled_from(Method))
def test_whatever_people_type_the_lines_are_lawful(
    summary: str, location: str, description: str, name: str, method: Method
) -> None:
    invite = replace(
        INVITE,
        summary=summary,
        location=location,
        description=description,
        attendee=CalendarAddress(name=name, address="a@b.nl"),
    )
    raw = invite_text(invite, method).encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is None, "a line ends otherwise than CRLF"
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # a fold inside a character would fail here
    [event] = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert event.get("ATTENDEE").startswith("mailto:")
    assert not any(ord(char) < 32 and char != "\n" for char in str(event["SUMMARY"]) + str(event["DESCRIPTION"]))


# Last Sunday of March and of October, an hour before and after; the hour that comes twice; and far ahead.
MOMENTS = [
    dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC),
    dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC),
    dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC),
    dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC),
    dt.datetime(2027, 10, 31, 2, 30, tzinfo=dt.UTC),
    dt.datetime(2027, 7, 1, 11, 0, tzinfo=dt.UTC),
    dt.datetime(2040, 3, 25, 0, 30, tzinfo=dt.UTC),
    dt.datetime(2040, 3, 25, 1, 30, tzinfo=dt.UTC),
    dt.datetime(2040, 10, 28, 1, 30, tzinfo=dt.UTC),
    dt.datetime(2040, 7, 2, 11, 0, tzinfo=dt.UTC),
    dt.datetime(2040, 12, 3, 12, 0, tzinfo=dt.UTC),
]


@pytest.mark.node
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment:%Y-%m-%dT%H%M}")
def test_ical_js_reads_the_moment_that_was_meant(moment: dt.datetime) -> None:
    end = moment + dt.timedelta(minutes=20)
    read = ical_js(invite_text(replace(INVITE, starts_at=moment, ends_at=end), Method.REQUEST))
    assert (read["start"], read["end"]) == (f"{moment:%Y-%m-%dT%H:%M}:00.000Z", f"{end:%Y-%m-%dT%H:%M}:00.000Z")


@pytest.mark.node
def test_ical_js_reads_every_word() -> None:
    read = ical_js(invite_text(INVITE, Method.REQUEST))
    assert read == {
        "method": "REQUEST",
        "events": 1,
        "uid": INVITE.uid,
        "sequence": 0,
        "status": "CONFIRMED",
        "start": "2027-01-14T12:00:00.000Z",
        "starts": ["2027-01-14T12:00:00.000Z"],
        "end": "2027-01-14T15:00:00.000Z",
        "summary": INVITE.summary,
        "location": INVITE.location,
        "description": INVITE.description,
        "attendees": 1,
        "attendee": {"value": "mailto:sevgi@example.org", "cn": "Şevgi de Wit"},
        "organizer": {"value": "mailto:gelijkop@leren.example.nl", "cn": "Gelijkop"},
    }


@pytest.mark.libical
@pytest.mark.parametrize("method", Method)
def test_libical_finds_no_breach_of_the_method(method: Method) -> None:
    assert libical_complaints(invite_text(INVITE, method)) == []


@pytest.mark.libical
@pytest.mark.parametrize("gone", ["UID", "DTSTAMP", "ORGANIZER", "DTSTART"])
def test_libical_would_have_found_a_breach(gone: str) -> None:
    text = re.sub(
        rf"\r\n{gone}[;:][^\r]*(\r\n [^\r]*)*(?=\r\nBEGIN|\r\nEND|\r\n[A-Z])", "", invite_text(INVITE, Method.REQUEST)
    )
    event = text[text.index("BEGIN:VEVENT") :]
    assert f"\r\n{gone}" not in event
    assert libical_complaints(text) != []

"""Invitations and feeds as RFC 5545 text: data in, text out.

What calendars need beyond the standard was found by trial with libical, ical.js and vobject: one constant VTIMEZONE
(RDATE lists are read an hour wrong), CN without ``" ; : , ^`` (several readers show RFC 6868 escapes raw), and a
VCALENDAR without UID and without X-WR-* (Outlook opens a second calendar).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vDuration, vText

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

PRODID = "-//Gelijkop//Invitations//NL"
FEED_PRODID = "-//Gelijkop//Feed//NL"

#: How long a calendar that follows a feed may wait before it looks again.
LOOK_AGAIN = dt.timedelta(hours=1)

VTIMEZONE = "\r\n".join(
    [
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
        "END:VTIMEZONE",
        "",
    ]
)


class Method(StrEnum):
    """METHOD of RFC 5546, section 3.2."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True)
class CalendarAddress:
    """A CAL-ADDRESS with its CN; ``address`` is a bare mail address."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One person's part in one meeting. Moments are aware; ``stamp`` is DTSTAMP and LAST-MODIFIED."""

    uid: str
    sequence: int
    stamp: dt.datetime
    created: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    location: str
    description: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Invite(Item):
    """What an invitation says beside it."""

    organizer: CalendarAddress
    attendee: CalendarAddress
    partstat: str


@dataclass(frozen=True, kw_only=True)
class FeedItem(Item):
    """What stands in a person's own feed: no address of anybody."""

    is_cancelled: bool


def invite_text(invite: Invite, method: Method) -> str:
    """An iCalendar object with one VEVENT and one ATTENDEE; lines end CRLF and fold at 75 octets (RFC 5545, 3.1).

    Raises:
        ValueError: ORGANIZER and ATTENDEE are the same address, which calendars take for an own appointment.
    """
    if invite.organizer.address.lower() == invite.attendee.address.lower():
        raise ValueError("ORGANIZER and ATTENDEE are the same address")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    event = _event(invite, "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event.add("organizer", _cal_address(invite.organizer))
    attendee = _cal_address(invite.attendee)
    attendee.params["cutype"] = vText("INDIVIDUAL")
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText(invite.partstat)
    attendee.params["rsvp"] = vText("TRUE")
    event.add("attendee", attendee)
    calendar.add_component(event)
    return _with_zone(calendar)


def feed_text(name: str, items: Iterable[FeedItem]) -> str:
    """A calendar to subscribe to (RFC 7986): without METHOD and ATTENDEE, with a name and how often to look again."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", FEED_PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", _text(name))
    calendar.add("x-wr-calname", _text(name))
    calendar.add("x-wr-timezone", AMSTERDAM.key)
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(LOOK_AGAIN))
    for item in items:
        calendar.add_component(_event(item, "CANCELLED" if item.is_cancelled else "CONFIRMED"))
    return _with_zone(calendar)


def restamped(text: str, stamp: dt.datetime) -> str:
    """The same message, sent again: DTSTAMP and LAST-MODIFIED are ``stamp``, and nothing else differs."""
    return re.sub(r"(?m)^(DTSTAMP|LAST-MODIFIED):\w+", rf"\g<1>:{_utc(stamp):%Y%m%dT%H%M%SZ}", text)


def _event(item: Item, status: str) -> Event:
    event = Event()
    event.add("uid", item.uid)
    event.add("sequence", item.sequence)
    event.add("dtstamp", _utc(item.stamp))
    event.add("created", _utc(item.created))
    event.add("last-modified", _utc(item.stamp))
    event.add("dtstart", _local(item.starts_at))
    event.add("dtend", _local(item.ends_at))
    event.add("summary", _text(item.summary))
    if item.location:
        event.add("location", _text(item.location))
    event.add("description", _text(item.description))
    event.add("url", item.url)
    event.add("status", status)
    event.add("transp", "OPAQUE")
    event.add("class", "PUBLIC")
    return event


def _with_zone(calendar: Calendar) -> str:
    """The calendar's text with the time zone before its first event."""
    text = calendar.to_ical().decode()
    mark = "BEGIN:VEVENT\r\n" if calendar.subcomponents else "END:VCALENDAR\r\n"
    head, mark, tail = text.partition(mark)
    return head + VTIMEZONE + mark + tail


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def _local(moment: dt.datetime) -> dt.datetime:
    """With TZID, but in UTC within the hour that comes twice: there TZID means the first one (RFC 5545, 3.3.5), and
    ical.js reads the second."""
    local = moment.astimezone(AMSTERDAM).replace(microsecond=0)
    comes_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return _utc(moment) if comes_twice else local


def _text(text: str) -> str:
    """Without control characters, which no escape of RFC 5545 covers; line ends stay."""
    lines = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(char for char in lines if char == "\n" or unicodedata.category(char) != "Cc")


def _cal_address(party: CalendarAddress) -> vCalAddress:
    local, _, domain = party.address.rpartition("@")
    box = quote(local, safe="!$'*+-._~")  # RFC 6068, section 2
    address = vCalAddress(f"mailto:{box}@{domain.encode('idna').decode()}")
    name = "".join(char for char in _text(party.name).replace("\n", " ") if char not in '";:,^')
    if cn := " ".join(name.split()):
        address.params["cn"] = vText(cn)
    return address

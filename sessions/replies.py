"""A METHOD:REPLY (RFC 5546, section 3.2.3) as it comes in a mail: bytes in, data out.

Google, Outlook and Apple each send one VEVENT with one ATTENDEE, in a ``text/calendar`` part, in an ``.ics`` attachment
or in both (RFC 6047).
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote

from icalendar import Calendar, Event

CALENDAR_TYPES = {"text/calendar", "application/ics"}
ANSWERS = {"ACCEPTED", "DECLINED", "TENTATIVE"}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """``address`` is lower case, ``partstat`` one of ANSWERS, ``stamp`` DTSTAMP in UTC."""

    uid: uuid.UUID
    address: str
    partstat: str
    sequence: int
    stamp: dt.datetime


def reply_in(raw: bytes) -> Reply | None:
    """The answer in a raw message of RFC 5322; None for any other mail.

    Raises:
        ValueError: it says that it is an answer, and cannot be read.
    """
    message: EmailMessage = email.message_from_bytes(raw, policy=email.policy.default)
    for text in _calendars(message):
        for calendar in Calendar.from_ical(text, multiple=True):
            if str(calendar.get("METHOD", "")).upper() == "REPLY":
                return _reply(calendar)
    return None


def _calendars(message: EmailMessage) -> Iterator[bytes]:
    for part in message.walk():
        name = (part.get_filename() or "").lower()
        if part.get_content_type() in CALENDAR_TYPES or name.endswith(".ics"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                yield content


def _reply(calendar: Any) -> Reply | None:
    events: list[Event] = calendar.walk("VEVENT")
    if len(events) != 1 or "RECURRENCE-ID" in events[0]:
        return None
    [event] = events
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    if len(attendees) != 1:
        return None
    [attendee] = attendees
    partstat = str(attendee.params.get("PARTSTAT", "")).upper()
    if partstat not in ANSWERS or "DTSTAMP" not in event:
        return None
    stamp = event.decoded("DTSTAMP")
    if not isinstance(stamp, dt.datetime):
        raise ValueError("DTSTAMP is a day")
    return Reply(
        uid=uuid.UUID(str(event.get("UID", ""))),
        address=_address(str(attendee)),
        partstat=partstat,
        sequence=int(event.get("SEQUENCE", 0)),
        stamp=stamp.astimezone(dt.UTC) if stamp.tzinfo else stamp.replace(tzinfo=dt.UTC),
    )


def _address(cal_address: str) -> str:
    scheme, colon, address = cal_address.partition(":")
    return unquote(address if colon and scheme.lower() == "mailto" else cal_address).strip().lower()

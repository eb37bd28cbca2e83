"""From a row of the outbox to a message on the wire. Nothing here writes to the database."""

from __future__ import annotations

import base64
import datetime as dt
import os
import quopri
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage as MimeMessage
from email.message import Message
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mrml
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address
from django.template import Context, Template, TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import translation

if TYPE_CHECKING:
    from parties.models import OutboxMessage, Person


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What one person is to receive. ``calendar`` is RFC 5545 text and ``method`` its METHOD (RFC 5546)."""

    kind: str
    to: str
    subject: str
    text: str
    html: str = ""
    person: Person | None = None
    reply_to: str = ""
    calendar: str = ""
    method: str = ""
    ordering_key: str = ""
    meeting_id: int | None = None


@dataclass(frozen=True)
class Rendered:
    """Subject on one line, plain text, and HTML (empty where there is no MJML template)."""

    subject: str
    text: str
    html: str


def render_mail(template: str, *, language: str, context: Mapping[str, Any]) -> Rendered:
    """``template`` without extension, such as "certificates/mail/awarded": ``.subject.txt``, ``.txt``, ``.mjml.html``.

    Texts are in ``language`` and not escaped in the two ``.txt`` templates, where several empty lines become one.
    ``site_url`` and ``language`` are added to the context.
    """
    full = {"site_url": settings.SITE_URL, "language": language, **context}
    with translation.override(language):
        subject = _plain(f"{template}.subject.txt", full)
        text = re.sub(r"\n([ \t]*\n){2,}", "\n\n", _plain(f"{template}.txt", full))
        try:
            get_template(f"{template}.mjml.html")
        except TemplateDoesNotExist:
            html = ""
        else:
            html = mrml.to_html(render_to_string(f"{template}.mjml.html", full)).content
    return Rendered(subject=" ".join(subject.split()), text=text.strip() + "\n", html=html)


def _plain(name: str, context: Mapping[str, Any]) -> str:
    template: Template = get_template(name).template  # type: ignore[attr-defined]  # what Django's own backend wraps
    return template.render(Context(dict(context), autoescape=False))


def sender_address() -> str:
    """The platform's own mailbox without a display name: From, and ORGANIZER of every invitation."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def new_message_id() -> str:
    return f"<{uuid.uuid4()}@{sender_address().rpartition('@')[2]}>"


def build(message: OutboxMessage) -> bytes:
    """The raw message of RFC 5322, the same bytes for the same row, however often it is asked.

    Structure: ``text/plain`` and ``text/html`` as alternatives; an invitation adds ``text/calendar`` as the last
    alternative and the same bytes again as ``invite.ics``, which is how Outlook, Gmail and Apple each find it
    (RFC 6047, MS-OXCICAL).

    Raises:
        ValueError: a header that cannot be written.
    """
    root = _text_part(message.text, "plain")
    if message.html or message.calendar:
        root = _multipart("alternative", message, root)
    if message.html:
        root.attach(_text_part(message.html, "html"))
    if message.calendar:
        calendar = message.calendar.encode()
        root.attach(_base64_part(calendar, f"text/calendar; method={message.calendar_method}; charset=utf-8"))
        file = _base64_part(calendar, "application/ics")
        file["Content-Disposition"] = 'attachment; filename="invite.ics"'
        root = _multipart("mixed", message, root, file)
    root["MIME-Version"] = "1.0"
    root["From"] = sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8")
    root["To"] = sanitize_address(message.to_address, "utf-8")
    if message.reply_to:
        root["Reply-To"] = sanitize_address(message.reply_to, "utf-8")
    root["Subject"] = _encoded(message.subject)
    root["Date"] = format_datetime(message.created_at.astimezone(dt.UTC))
    root["Message-ID"] = message.message_id
    root["Auto-Submitted"] = "auto-generated"
    return root.as_bytes(policy=SMTP)


def _encoded(subject: str) -> str:
    """In RFC 2047's words by the older class: the newer one loses a space where it folds between two of them."""
    if len(subject.splitlines()) > 1:
        raise ValueError("A subject is one line")
    return Header(subject, "us-ascii" if subject.isascii() else "utf-8", header_name="Subject").encode()


def _text_part(text: str, subtype: str) -> Message:
    part = Message()
    part["Content-Type"] = f"text/{subtype}; charset=utf-8"
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(quopri.encodestring(text.replace("\r\n", "\n").encode()).decode())
    return part


def _base64_part(content: bytes, content_type: str) -> Message:
    part = Message()  # the older class, which keeps the header as written: without quotes around METHOD
    part["Content-Type"] = content_type
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(content).decode())
    return part


def _multipart(subtype: str, message: OutboxMessage, *parts: Message) -> Message:
    """The boundary comes from the Message-ID: Python draws one by chance, and a repeat must be the same message."""
    digest = sha256(f"{subtype} {message.message_id}".encode()).hexdigest()
    whole = Message()
    whole["Content-Type"] = f'multipart/{subtype}; boundary="=_{digest[:40]}"'
    whole.set_payload(list(parts))
    return whole


class RawEmail(EmailMessage):
    """Hands bytes that are ready to whichever of Django's backends EMAIL_URL names."""

    def __init__(self, raw: bytes, *, subject: str, body: str, to: str) -> None:
        super().__init__(subject=subject, body=body, from_email=settings.DEFAULT_FROM_EMAIL, to=[to])
        self.raw = raw

    def message(self, **options: object) -> _Wire:
        return _Wire(self.raw)


class _Wire(MimeMessage):
    """A parsed message would be folded anew when written; this one is written as it is."""

    def __init__(self, raw: bytes) -> None:
        super().__init__()
        self.raw = raw

    def as_bytes(self, unixfrom: bool = False, policy: object = None, linesep: str = "\r\n") -> bytes:
        return self.raw


class FolderBackend(BaseEmailBackend):
    """Writes each message as one raw ``.eml`` file into MAIL_DIR; names sort in the order of sending."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        settings.MAIL_DIR.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            path = Path(settings.MAIL_DIR) / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S.%f}Z-{uuid.uuid4().hex[:8]}.eml"
            part = path.with_suffix(".part")
            part.write_bytes(message.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django's messages take it
            os.replace(part, path)  # a reader of the folder never sees half a message
        return len(email_messages)

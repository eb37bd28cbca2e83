"""The mails of the demo, read from their raw files."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path


@dataclass(frozen=True)
class DemoMail:
    """One raw message; ``slug`` is its file's name without ``.eml``, ``calendar`` the RFC 5545 text of an invitation."""

    slug: str
    to: str
    subject: str
    text: str
    calendar: str


def _part(message: EmailMessage, kind: str) -> str:
    for part in message.walk():
        if part.get_content_type() == kind:
            return part.get_content()
    return ""


def read(path: Path) -> DemoMail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return DemoMail(
        path.stem,
        str(message["To"]),
        str(message["Subject"]),
        _part(message, "text/plain"),
        _part(message, "text/calendar"),
    )


def newest(folder: Path, *, to: str = "") -> Iterator[DemoMail]:
    """Messages, newest first, perhaps only those to one address."""
    for path in sorted(folder.glob("*.eml"), reverse=True):
        mail = read(path)
        if not to or to.lower() in mail.to.lower():
            yield mail

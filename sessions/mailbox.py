"""The mailbox in which answers of calendars arrive, over IMAP (RFC 3501). It is only looked at: nothing in it changes."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20
#: A REPLY has a few kilobytes; what is larger is not one, and is not fetched.
LARGEST_BYTES = 1_000_000
SCHEMES = {"imaps": 993, "imap+tls": 143, "imap": 143}
LOCAL = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True)
class Account:
    """Where REPLY_MAILBOX_URL leads. ``scheme``: imaps, imap+tls (STARTTLS) or, on this machine only, imap."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str

    @classmethod
    def of(cls, url: str) -> Account:
        """
        Raises:
            ValueError: with a sentence that says what is wrong.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("its host or port cannot be read") from None
        if parts.scheme not in SCHEMES or not parts.hostname or not parts.username or parts.password is None:
            raise ValueError(
                "it must read like imaps://user:password@imap.example.nl/INBOX, with %40 for an @ in the user's name"
            )
        if parts.scheme == "imap" and parts.hostname not in LOCAL:
            raise ValueError("imap:// sends the password readably; use imaps:// or imap+tls://")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port or SCHEMES[parts.scheme],
            user=unquote(parts.username),
            password=unquote(parts.password),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )

    def __str__(self) -> str:
        return f"{self.user}@{self.host}/{self.folder}"


def complaint(url: str) -> str:
    """What is wrong with this address, without the address itself, since a password may stand in it; "" when it is right."""
    try:
        Account.of(url)
    except ValueError as wrong:
        return str(wrong)
    return ""


class Mailbox:
    """An opened folder; keys of messages are UIDs, which grow and mean something within one ``uidvalidity``."""

    def __init__(self, server: imaplib.IMAP4, uidvalidity: int) -> None:
        self.server = server
        self.uidvalidity = uidvalidity

    def after(self, uid: int) -> list[int]:
        """UIDs of later messages, in order of arrival."""
        [found] = _ok(self.server.uid("SEARCH", f"UID {uid + 1}:*"))
        # ``*`` is the last message, so that one always answers (RFC 3501, section 6.4.8).
        return sorted(number for number in map(int, (found or b"").split()) if number > uid)

    def message(self, uid: int) -> bytes | None:
        """The raw message, not marked as read; None when it is gone or too large to be an answer."""
        sizes = [re.search(rb"RFC822\.SIZE (\d+)", _flat(row)) for row in _ok(self._fetch(uid, "(RFC822.SIZE)"))]
        size = next((int(size[1]) for size in sizes if size), None)
        if size is None or size > LARGEST_BYTES:
            return None
        for row in _ok(self._fetch(uid, "(BODY.PEEK[])")):
            if isinstance(row, tuple):
                return row[1]
        return None

    def _fetch(self, uid: int, what: str) -> tuple[str, list]:
        return self.server.uid("FETCH", str(uid), what)


@contextmanager
def opened(account: Account) -> Iterator[Mailbox]:
    """
    Raises:
        OSError, imaplib.IMAP4.error: the server cannot be reached, or does not let us in.
    """
    server = _connected(account)
    try:
        server.login(account.user, account.password)
        _ok(server.select(f'"{account.folder}"', readonly=True))
        _kind, values = server.response("UIDVALIDITY")
        yield Mailbox(server, int(values[0] or 0) if values else 0)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _connected(account: Account) -> imaplib.IMAP4:
    if account.scheme == "imaps":
        secure = ssl.create_default_context()
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=secure, timeout=TIMEOUT_SECONDS)
    server = imaplib.IMAP4(account.host, account.port, timeout=TIMEOUT_SECONDS)
    if account.scheme == "imap+tls":
        server.starttls(ssl.create_default_context())
    return server


def _ok(answer: tuple[str, list]) -> list:
    kind, rows = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(f"The mailbox answers {kind}: {rows!r:.200}")
    return rows


def _flat(row: object) -> bytes:
    if isinstance(row, tuple):
        return b" ".join(part for part in row if isinstance(part, bytes))
    return row if isinstance(row, bytes) else b""

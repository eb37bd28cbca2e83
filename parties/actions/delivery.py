"""Emptying the outbox: one message at a time, each locked while it is on its way."""

from __future__ import annotations

import datetime as dt
import fcntl
import logging
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parties.mail import RawEmail, build
from parties.models import OutboxMessage

logger = logging.getLogger(__name__)

FIRST_DELAY = dt.timedelta(seconds=5)
LONGEST_DELAY = dt.timedelta(minutes=15)
GIVE_UP_AFTER = dt.timedelta(days=3)


# A kill may repeat one message, so a process has no more than one on its way, whatever its threads do.
_one_at_a_time = threading.Lock()


class _Later(Exception):
    """The server did not take this message now; ``server`` says whether others would fare the same."""

    def __init__(self, reason: str, *, server: bool) -> None:
        super().__init__(reason)
        self.server = server


class _Never(Exception):
    """This message will not be taken, however often it is tried."""


def outbox_deliver() -> int:
    """Empties the outbox as far as it is due, one message at a time in this process.

    Returns:
        how many messages were sent.
    """
    with _one_at_a_time:
        return _deliver()


def _deliver() -> int:
    """In the order of the rows.

    A message is held from before it is sent until its row says so, hence a kill in between repeats that one message
    and no other. A refused recipient or a message that cannot be built fails; anything else is tried again later,
    and holds back only what follows under the same ordering key.
    """
    sent = 0
    mailer = get_connection()
    try:
        while True:
            with _next_due() as message:
                if message is None:
                    return sent
                try:
                    _send(message, mailer)
                except _Never as never:
                    _mark(message, state=OutboxMessage.State.FAILED, last_error=str(never)[:300])
                except _Later as later:
                    _postpone(message, str(later))
                    if later.server:
                        return sent
                else:
                    _mark(message, state=OutboxMessage.State.SENT, sent_at=timezone.now(), last_error="")
                    sent += 1
    finally:
        with suppress(OSError):
            mailer.close()


@contextmanager
def _next_due() -> Iterator[OutboxMessage | None]:
    """The next message, which nobody else sends while the block runs; a killed process lets go of it at once."""
    due = OutboxMessage.objects.due(timezone.now())
    if connection.features.has_select_for_update_skip_locked:
        with transaction.atomic():
            yield due.select_for_update(skip_locked=True).first()
    else:
        # A transaction would keep every other writer of SQLite waiting for the mail server.
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with (settings.VAR_DIR / "outbox.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield due.first()


def _send(message: OutboxMessage, mailer: BaseEmailBackend) -> None:
    try:
        raw = build(message)
    except Exception as error:
        logger.exception("Message %s cannot be built", message.pk)
        raise _Never(_("This message could not be made: %(error)s") % {"error": error}) from error
    email = RawEmail(raw, subject=message.subject, body=message.text, to=message.to_address)
    try:
        mailer.open()
        mailer.send_messages([email])
    except smtplib.SMTPRecipientsRefused as refused:
        code, reply = next(iter(refused.recipients.values()))
        _end_if_closing(code, mailer)
        _judge(message, code, reply, refused)
    except smtplib.SMTPDataError as refused:
        _end_if_closing(refused.smtp_code, mailer)
        _judge(message, refused.smtp_code, refused.smtp_error, refused)
    except OSError as error:  # smtplib's own exceptions are among these
        logger.warning("The mail server cannot be used: %s", type(error).__name__)
        with suppress(OSError):
            mailer.close()
        raise _Later(_("The mail server could not be reached: %(error)s") % {"error": error}, server=True) from error


def _end_if_closing(code: int, mailer: BaseEmailBackend) -> None:
    """With 421 the server hangs up (RFC 5321, section 3.8); the next message needs a connection of its own."""
    if code == 421:
        with suppress(OSError):
            mailer.close()


def _judge(message: OutboxMessage, code: int, reply: bytes | str, cause: Exception) -> None:
    """What the server said of this one message: 5xx is for good, 4xx is for now (RFC 5321, section 4.2.1)."""
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    said = {"code": code, "text": " ".join(text.split())}
    if code >= 500:
        raise _Never(_("The mail server refuses this message: %(code)s %(text)s") % said) from cause
    if timezone.now() - message.created_at > GIVE_UP_AFTER:
        raise _Never(_("The mail server put this message off for three days: %(code)s %(text)s") % said) from cause
    raise _Later(_("The mail server asks to try again later: %(code)s %(text)s") % said, server=False) from cause


def _postpone(message: OutboxMessage, reason: str) -> None:
    delay = min(FIRST_DELAY * 2 ** min(message.attempts, 20), LONGEST_DELAY)
    _mark(message, next_attempt_at=timezone.now() + delay, last_error=reason[:300])


def _mark(message: OutboxMessage, **values: object) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1, **values)

"""The code on the screen: six digits that follow from the meeting's secret and the clock. No database."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterable

STEP_SECONDS = 30
DIGITS = 6
#: For so long a code that ran out is still known as one: enough for who had to sign in first.
STALE_AFTER = dt.timedelta(minutes=15)
OPENS_BEFORE = dt.timedelta(minutes=30)
CLOSES_AFTER = dt.timedelta(minutes=30)


def code_at(secret: str, moment: dt.datetime) -> str:
    """The six digits that are on the screen at ``moment``; cut from an HMAC as RFC 4226, section 5.3, does it."""
    return _code(secret, _step(moment))


def seconds_left(moment: dt.datetime) -> int:
    """Seconds until the next code, from 1 to 30."""
    return STEP_SECONDS - int(moment.timestamp()) % STEP_SECONDS


def is_right(secret: str, code: str, moment: dt.datetime) -> bool:
    """Whether ``code`` is the one on the screen, or the one before it: typing takes a while."""
    step = _step(moment)
    return _is_one_of(secret, code, range(step - 1, step + 1))


def is_stale(secret: str, code: str, moment: dt.datetime) -> bool:
    """Whether ``code`` was on the screen in the last quarter of an hour, and is right no longer."""
    step = _step(moment)
    return _is_one_of(secret, code, range(step - int(STALE_AFTER.total_seconds()) // STEP_SECONDS, step - 1))


def digits(typed: str) -> str:
    """The digits of what was typed: people put spaces and dashes between them."""
    return "".join(character for character in typed if character.isdecimal() and character.isascii())


def is_open(starts_at: dt.datetime, ends_at: dt.datetime, moment: dt.datetime) -> bool:
    """From half an hour before the start until half an hour after the end."""
    return starts_at - OPENS_BEFORE <= moment < ends_at + CLOSES_AFTER


def may_be_marked(starts_at: dt.datetime, moment: dt.datetime) -> bool:
    return starts_at - OPENS_BEFORE <= moment


def _step(moment: dt.datetime) -> int:
    return int(moment.timestamp()) // STEP_SECONDS


def _is_one_of(secret: str, code: str, steps: Iterable[int]) -> bool:
    given = digits(code).encode()
    return any(hmac.compare_digest(given, _code(secret, step).encode()) for step in steps)


def _code(secret: str, step: int) -> str:
    digest = hmac.digest(secret.encode(), step.to_bytes(8, "big"), "sha256")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"

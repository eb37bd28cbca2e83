"""Codes of six digits that prove that somebody reads an address: to sign in, or to add the address.

A challenge lives in the visitor's own Django session, and holds a keyed digest instead of the code. It is the same for
every address, known or not: nobody looks the address up before the code is right.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare, salted_hmac

SESSION_KEY = "code_challenge"
WORKS_FOR_SECONDS = 15 * 60
RESEND_AFTER_SECONDS = 60
TRIES = 5

SIGN_IN = "sign-in"
ADDRESS = "address"


@dataclass(frozen=True)
class Challenge:
    """``next`` is where to go afterwards; ``at`` is seconds since the epoch; ``person_id`` who asked, for ADDRESS."""

    purpose: str
    address: str
    digest: str
    at: float
    next: str = ""
    person_id: int | None = None
    tries_left: int = TRIES

    def works(self) -> bool:
        return self.tries_left > 0 and time.time() - self.at <= WORKS_FOR_SECONDS

    def resend_in(self) -> int:
        """Seconds until a new code may be asked for."""
        return max(0, round(self.at + RESEND_AFTER_SECONDS - time.time()))

    def is_right(self, code: str) -> bool:
        return constant_time_compare(self.digest, _digest(self.purpose, self.address, code))

    def after_a_wrong_one(self) -> Challenge:
        return replace(self, tries_left=self.tries_left - 1)


def _digest(purpose: str, address: str, code: str) -> str:
    return salted_hmac("parties.codes", f"{purpose}:{address}:{code}", algorithm="sha256").hexdigest()


def challenge_new(*, purpose: str, address: str, next: str = "", person_id: int | None = None) -> tuple[Challenge, str]:
    """A challenge, and the code that answers it."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    return Challenge(purpose, address, _digest(purpose, address, code), time.time(), next, person_id), code


def challenge_store(session_store: SessionBase, challenge: Challenge) -> None:
    session_store[SESSION_KEY] = asdict(challenge)


def challenge_load(session_store: SessionBase, purpose: str) -> Challenge | None:
    data: dict[str, Any] | None = session_store.get(SESSION_KEY)
    return Challenge(**data) if data and data["purpose"] == purpose else None


def challenge_forget(session_store: SessionBase) -> None:
    session_store.pop(SESSION_KEY, None)

"""Which sending of a form this is, and when: what makes a form that comes twice, or late, harmless.

A form says in ``keer`` which sending it is, in ``getoond`` when the server showed it, and in ``gewacht`` how many seconds
a sending was kept in the page because there was no connection.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

#: A pause counts for at most this many seconds.
LONGEST_PAUSE = 600
#: Two sendings of one page come one after the other, and the way of the first can take until the page gives it up.
SLACK = dt.timedelta(seconds=30)
#: A tab that stayed open longer than this kept nothing that still says when it was given.
LONGEST_WAIT = dt.timedelta(days=30)


class Posted(Protocol):
    """What this reads of Django's QueryDict."""

    def get(self, key: str, default: str, /) -> str: ...


@dataclass(frozen=True)
class Sending:
    """``given_at`` is when the learner pressed the button; ``shown_at`` when the server showed the form, as far as known."""

    given_at: dt.datetime
    key: UUID | None = None
    shown_at: dt.datetime | None = None
    waited: bool = False

    def repeats(self, kept: UUID | None) -> bool:
        """Whether this sending is the one that was kept last."""
        return self.key is not None and self.key == kept

    def overtaken(self, last_at: dt.datetime) -> bool:
        """Whether this waited so long that something newer, from elsewhere, was kept at ``last_at``."""
        return self.waited and last_at - self.given_at > SLACK

    def seconds(self, last_at: dt.datetime | None) -> int:
        """The time spent that this sending adds; ``last_at`` is when the one before it came, None when it is the first."""
        if self.shown_at is None or self.shown_at > self.given_at:
            return 0
        since = max(self.shown_at, last_at) if last_at else self.shown_at
        return min(max(0, int((self.given_at - since).total_seconds())), LONGEST_PAUSE)


def sending_in(posted: Posted, now: dt.datetime) -> Sending:
    """What a form that came in at ``now`` says of itself. What is not right there counts as not said."""
    waited = _waited(posted.get("gewacht", ""))
    return Sending(
        given_at=now - waited,
        key=_key(posted.get("keer", "")),
        shown_at=_moment(posted.get("getoond", "")),
        waited=bool(waited),
    )


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(int(text), dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _waited(text: str) -> dt.timedelta:
    try:
        waited = dt.timedelta(seconds=int(text))
    except (ValueError, OverflowError):
        return dt.timedelta()
    return waited if dt.timedelta() < waited <= LONGEST_WAIT else dt.timedelta()

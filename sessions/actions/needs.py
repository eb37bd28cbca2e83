"""What somebody needs in order to take part: said by themselves, and forgotten as soon as it has no more use."""

from __future__ import annotations

import datetime as dt

from sessions.models import AccessNeeds, Registration

#: How long after the last meeting.
KEPT_FOR = dt.timedelta(weeks=4)


def needs_say(*, registration: Registration, text: str) -> None:
    """Keeps ``text`` in the place of what stood there; an empty one forgets it. No trace of it stays anywhere else."""
    text = text.strip()
    if text:
        AccessNeeds.objects.update_or_create(registration=registration, defaults={"text": text})
    else:
        needs_forget(registration=registration)


def needs_forget(*, registration: Registration) -> None:
    AccessNeeds.objects.filter(registration=registration).delete()


def needs_forget_due(*, now: dt.datetime) -> int:
    """Of trainings whose last meeting ended four weeks ago. Safe to run twice.

    Returns:
        of how many people something was forgotten.
    """
    return AccessNeeds.objects.to_forget(now - KEPT_FOR).delete()[0]

"""Telling the trainers, once and at the deadline, that fewer people come from a side than they wanted at least."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from sessions.emails import minimum_mails
from sessions.models import Training
from sessions.seating import SIDES


def minimums_check_due(*, now: dt.datetime) -> list[int]:
    """Looks at each training once, when registration closes (without a deadline: three days before it begins).

    Safe to run twice and on several workers at once.

    Returns:
        the keys of the trainings that were looked at.
    """
    return [
        training.pk for training in Training.objects.to_check_minimum(now) if _check(training_pk=training.pk, now=now)
    ]


def _check(*, training_pk: int, now: dt.datetime) -> bool:
    with transaction.atomic():
        training = Training.objects.locked(training_pk)
        if training.minimum_checked_at is not None or training.state != Training.State.PUBLISHED:
            return False
        training.minimum_checked_at = now
        training.save(update_fields=["minimum_checked_at"])
        people = training.registrations.tally()
        wanted = {"school": training.minimum_school, "workplace": training.minimum_workplace}
        too_few = {side: (people[side, True], wanted[side]) for side in SIDES if people[side, True] < wanted[side]}
        if too_few:
            minimum_mails(training=training, too_few=too_few)
    return True

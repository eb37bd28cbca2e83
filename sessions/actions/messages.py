"""A trainer writes to everybody in a training."""

from __future__ import annotations

from django.db import transaction

from parties.actions.audit import audit_record
from parties.clean import typed_html
from parties.models import Person
from sessions.emails import message_mails
from sessions.models import Training


def message_send(*, training: Training, subject: str, body: str, to_waiting: bool, by: Person) -> int:
    """To each person apart: who has a seat, and who waits where ``to_waiting``. ``body`` is what was typed.

    Returns:
        to how many people it goes.
    """
    with transaction.atomic():
        registrations = training.registrations.active() if to_waiting else training.registrations.confirmed()
        people = list(Person.objects.filter(pk__in=registrations.values("person")).exclude(email=None).order_by("pk"))
        message_mails(training=training, people=people, subject=subject, body=typed_html(body))
        audit_record(by=by, verb="training.message", target=f"training:{training.pk}")
    return len(people)

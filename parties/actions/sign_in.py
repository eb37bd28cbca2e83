"""Coming in with a code."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from parties import emails
from parties.actions.outbox import outbox_queue
from parties.actions.people import person_create
from parties.codes import WORKS_FOR_SECONDS
from parties.languages import active_language
from parties.models import OutboxMessage, Person


def code_send(*, address: str, code: str, purpose: str) -> None:
    """To any address: whether somebody signs in with it makes no difference here."""
    outbox_queue([emails.code(address=address, code=code, language=active_language(), purpose=purpose)])


def person_come_in(*, address: str) -> tuple[Person, bool]:
    """Who signs in with this address, whose code was right; an unknown address becomes somebody, with mails in the
    language of the page on which they came in.

    Returns:
        the person, and whether they are new.
    """
    person = Person.objects.with_address(address).first()
    if person is None:
        try:
            return person_create(name="", email=address, language=active_language()), True
        except (IntegrityError, ValidationError):  # the same address came in through another window just now
            person = Person.objects.with_address(address).get()
    EmailAddress.objects.get_or_create(
        email=address, verified=True, defaults={"user": person, "primary": person.email == address}
    )
    return person, False


@transaction.atomic
def codes_forget(*, now: dt.datetime) -> None:
    """Takes the codes that no longer work out of the outbox; one that was never sent is not sent any more."""
    old = OutboxMessage.objects.filter(
        kind=emails.CODE, created_at__lt=now - dt.timedelta(seconds=WORKS_FOR_SECONDS)
    ).exclude(text="")
    old.filter(state=OutboxMessage.State.QUEUED).update(state=OutboxMessage.State.FAILED)
    old.update(text="", html="")

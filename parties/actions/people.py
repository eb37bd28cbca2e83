"""People: made, merged, erased."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parties.actions.audit import audit_record
from parties.models import Person


@transaction.atomic
def person_create(*, name: str, email: str | None = None, language: str = "nl") -> Person:
    """A person, with or without an address to sign in with. The caller knows that the address is theirs.

    Raises:
        ValidationError: somebody signs in with this address already, or it is not an address.
    """
    email = email.strip().lower() if email else None
    if email and Person.objects.with_address(email).exists():
        raise ValidationError({"email": _("Somebody signs in with this address already.")})
    person = Person(name=name.strip(), email=email, language=language)
    person.set_unusable_password()
    person.full_clean()
    person.save()
    if email:
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def person_change(*, person: Person, name: str, language: str) -> Person:
    """
    Raises:
        ValidationError: no language of ours.
    """
    person.name = " ".join(name.split())
    person.language = language
    person.full_clean(exclude=["password"])
    person.save(update_fields=["name", "language"])
    return person


def password_set(*, person: Person, password: str) -> Person:
    """Every other browser in which the person is signed in has to sign in again."""
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


@transaction.atomic
def person_set_active(*, person: Person, active: bool, by: Person | None) -> Person:
    """Who is not active cannot sign in; nothing of theirs changes."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.is_active != active:
        person.is_active = active
        person.save(update_fields=["is_active"])
        audit_record(by=by, verb="person.open" if active else "person.close", about=person)
    return person

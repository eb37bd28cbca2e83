"""The addresses with which a person signs in; one of them is where mail goes."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parties.models import Person
from parties.signals import address_changed


@transaction.atomic
def address_add(*, person: Person, address: str) -> EmailAddress:
    """The person proved that they read this address.

    Raises:
        ValidationError: somebody else signs in with it.
    """
    address = address.lower()
    if Person.objects.with_address(address).exclude(pk=person.pk).exists():
        raise ValidationError(
            _(
                "You sign in somewhere else with this address. Do you want both in one? The page Help and contact says whom to ask."
            )
        )
    row, _made = EmailAddress.objects.get_or_create(user=person, email=address, defaults={"verified": True})
    if not row.verified:
        row.verified = True
        row.save(update_fields=["verified"])
    if not person.email:
        address_make_primary(row=row)
    return row


@transaction.atomic
def address_make_primary(*, row: EmailAddress) -> None:
    """Mail goes here from now on."""
    person = Person.objects.select_for_update().get(pk=row.user_id)
    EmailAddress.objects.filter(user=person, primary=True).exclude(pk=row.pk).update(primary=False)
    row.primary = True
    row.save(update_fields=["primary"])
    if person.email != row.email:
        person.email = row.email
        person.full_clean(exclude=["name"])
        person.save(update_fields=["email"])
        address_changed.send(sender=Person, person=person)


@transaction.atomic
def address_remove(*, row: EmailAddress) -> None:
    """
    Raises:
        ValidationError: mail goes to this one.
    """
    Person.objects.select_for_update().get(pk=row.user_id)
    row.refresh_from_db()
    if row.primary or row.user.email == row.email:
        raise ValidationError(_("Mail goes to this address. Choose another one for that first."))
    row.delete()

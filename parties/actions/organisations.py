"""Organisations, and the first person of HR in each."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parties.actions.affiliations import affiliation_start
from parties.actions.audit import audit_record
from parties.actions.outbox import outbox_queue
from parties.actions.people import person_create
from parties.actions.roles import role_grant
from parties.emails import hr_contact_invited
from parties.models import Organisation, Party, Person, Role
from parties.periods import today


@transaction.atomic
def organisation_add(*, name: str, default_side: str, place: str, party: Party, by: Person | None) -> Organisation:
    """A new organisation that belongs to ``party`` from today.

    Raises:
        ValidationError: a name is missing or taken.
    """
    name = " ".join(name.split())
    if Organisation.objects.filter(name__iexact=name).exists():
        raise ValidationError({"name": _("This organisation exists already.")})
    organisation = Organisation(name=name, slug=_free_slug(name), default_side=default_side, place=place.strip())
    organisation.full_clean()
    organisation.save()
    audit_record(by=by, verb="organisation.add", target=f"organisation:{organisation.pk}")
    affiliation_start(organisation=organisation, party=party, since=today(), by=by)
    return organisation


def _free_slug(name: str) -> str:
    base = slugify(name)[:70] or "organisatie"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug
        for number in range(1, len(taken) + 2)
        if (slug := base if number == 1 else f"{base}-{number}") not in taken
    )


@transaction.atomic
def hr_contact_add(*, organisation: Organisation, name: str, address: str, by: Person | None) -> Role:
    """The first person of HR; whoever signs in with this address already gets the role, without ``by`` hearing that.

    Raises:
        ValidationError: the organisation has HR, or the address is no address.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.roles.current().filter(kind=Role.Kind.HR, department=None).exists():
        raise ValidationError(_("This organisation has an HR contact already."))
    person = Person.objects.with_address(address).first() or person_create(name=name, email=address)
    role = role_grant(person=person, kind=Role.Kind.HR, organisation=organisation, by=by)
    if person.email:
        outbox_queue([hr_contact_invited(organisation=organisation, person=person)])
    return role

"""Two records of one person become one, and a person disappears."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from parties.actions.audit import audit_record
from parties.actions.roles import admin_rights_follow
from parties.models import Membership, OutboxMessage, Person
from parties.periods import today
from parties.signals import memberships_changed, people_merging, person_erasing

OWN_APPS = {"parties", "courses", "meetings", "certificates", "commitments", "cms"}


@transaction.atomic
def people_merge(*, kept: Person, merged: Person, by: Person | None) -> Person:
    """Everything of ``merged`` becomes ``kept``'s, and ``merged`` is gone (rule 12).

    The apps above move what is theirs on ``people_merging``, each by its own rule for what both have.

    Raises:
        ValidationError: somebody cannot be merged with themselves.
        RuntimeError: something of ``merged`` was left behind; nothing is written.
    """
    if kept.pk == merged.pk:
        raise ValidationError(_("Choose two different people."))
    people = {
        one.pk: one
        for one in Person.objects.select_for_update(no_key=True).filter(pk__in=[kept.pk, merged.pk]).order_by("pk")
    }
    kept, merged = people[kept.pk], people[merged.pk]
    # Before others hear of it: what they issue because of it carries this name.
    kept.name = kept.name or merged.name
    kept.save(update_fields=["name"])
    _memberships_move(kept, merged)
    people_merging.send(sender=Person, kept=kept, merged=merged)
    _roles_move(kept, merged)
    _addresses_move(kept, merged)
    _the_rest_moves(kept, merged)
    kept.joined_at = min(kept.joined_at, merged.joined_at)
    kept.last_login = max(filter(None, (kept.last_login, merged.last_login)), default=None)
    kept.invited_at = kept.invited_at or merged.invited_at
    kept.save()
    audit_record(by=by, verb="people.merge", about=kept, target=f"person:{merged.pk}")
    merged_id = merged.pk
    merged.delete()
    admin_rights_follow(person=kept)
    memberships_changed.send(sender=Membership, person_ids=[kept.pk, merged_id])
    return kept


def _memberships_move(kept: Person, merged: Person) -> None:
    """Of two that go on at one organisation the newer ends today; together they cover the same days as before."""
    open_of_kept = {one.organisation_id: one for one in _going_on(kept)}
    for other in _going_on(merged):
        own = open_of_kept.get(other.organisation_id)
        if own is None:
            continue
        stays, ends = sorted([own, other], key=_weight)
        ends.until = max(today(), ends.since + dt.timedelta(days=1))
        ends.save()
        if ends.since < stays.since and ends.state == stays.state:
            stays.since = ends.since
            stays.save()
    merged.memberships.update(person=kept)


def _going_on(person: Person) -> models.QuerySet[Membership]:
    return person.memberships.filter(until=None).exclude(state=Membership.State.DECLINED)


def _weight(membership: Membership) -> tuple[bool, bool, dt.date]:
    """What counts goes before what waits, what a list made before what was said, the older before the newer."""
    return (
        membership.state != Membership.State.CONFIRMED,
        membership.origin != Membership.Origin.ROSTER,
        membership.since,
    )


def _roles_move(kept: Person, merged: Person) -> None:
    scope = ("kind", "organisation_id", "department_id", "party_id")
    own = set(kept.roles.filter(until=None).values_list(*scope))
    for role in merged.roles.all():
        if role.until is None and tuple(getattr(role, name) for name in scope) in own:
            role.delete()
        else:
            role.person = kept
            role.save(update_fields=["person"])


def _addresses_move(kept: Person, merged: Person) -> None:
    own = EmailAddress.objects.filter(user=kept)
    EmailAddress.objects.filter(user=merged, email__in=own.values("email")).delete()
    has_primary = own.filter(primary=True).exists()
    rows = EmailAddress.objects.filter(user=merged)
    if has_primary:
        rows.update(primary=False)
    rows.update(user=kept)
    if not kept.email and merged.email:
        address, merged.email = merged.email, None
        merged.save(update_fields=["email"])
        kept.email = address


def _the_rest_moves(kept: Person, merged: Person) -> None:
    """Whatever else points to ``merged``: other people's rows keep their author, what only libraries need may fall away."""
    for relation in Person._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):  # one-to-one is among them
            continue
        for row in relation.related_model._base_manager.filter(**{relation.field.name: merged}):
            try:
                with transaction.atomic():
                    setattr(row, relation.field.attname, kept.pk)
                    row.save(update_fields=[relation.field.name])
            except IntegrityError as error:
                of_ours = row._meta.app_label in OWN_APPS and not row._meta.auto_created
                if of_ours:
                    raise RuntimeError(f"{row._meta.label} {row.pk} of the merged person was left behind") from error


@transaction.atomic
def person_erase(*, person: Person, by: Person | None) -> None:
    """The person and all that is about them is gone. The apps above first make anonymous what has to stay counted.

    ``by`` is None when the person asks it themselves.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    person_erasing.send(sender=Person, person=person)
    OutboxMessage.objects.filter(person=person).delete()
    addresses = [person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)]
    OutboxMessage.objects.filter(to_address__in=[one for one in addresses if one]).delete()
    audit_record(by=None if by == person else by, verb="person.erase", target=f"person:{person.pk}")
    person.delete()

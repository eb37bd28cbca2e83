"""Where people work: said by themselves, confirmed by HR, or from a list."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from parties.actions.audit import audit_record
from parties.actions.outbox import outbox_queue
from parties.emails import confirmation_asked, membership_answered
from parties.models import Membership, Organisation, Person
from parties.periods import today
from parties.signals import memberships_changed


@transaction.atomic
def membership_add(
    *,
    person: Person,
    organisation: Organisation,
    since: dt.date,
    side: str,
    by: Person | None,
    origin: str = Membership.Origin.ROSTER,
    until: dt.date | None = None,
) -> Membership:
    """A membership that counts from the start.

    Raises:
        ValidationError: the person has an open one there already, or it ends before it begins.
    """
    membership = Membership(
        person=person,
        organisation=organisation,
        since=since,
        until=until,
        side=side,
        origin=origin,
        state=Membership.State.CONFIRMED,
    )
    _save(membership)
    audit_record(by=by, verb="membership.add", about=person, target=f"membership:{membership.pk}")
    return membership


@transaction.atomic
def membership_declare(*, person: Person, organisation: Organisation, side: str) -> Membership:
    """The person says that they work there; it counts once that is confirmed. Who may confirm gets a mail.

    Raises:
        ValidationError: the person has an open one there already.
    """
    if person.memberships.filter(organisation=organisation).current().exists():
        raise ValidationError({"organisation": _("You have this workplace already.")})
    membership = Membership(
        person=person,
        organisation=organisation,
        side=side,
        origin=Membership.Origin.DECLARED,
        state=Membership.State.WAITING,
    )
    _save(membership)
    outbox_queue(confirmation_asked(membership))
    return membership


def membership_confirm(*, membership: Membership, by: Person) -> Membership:
    """
    Raises:
        ValidationError: somebody answered before.
    """
    return _answer(membership, Membership.State.CONFIRMED, "membership.confirm", by)


def membership_decline(*, membership: Membership, by: Person) -> Membership:
    """
    Raises:
        ValidationError: somebody answered before.
    """
    return _answer(membership, Membership.State.DECLINED, "membership.decline", by)


@transaction.atomic
def _answer(membership: Membership, state: str, verb: str, by: Person) -> Membership:
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.state != Membership.State.WAITING:
        raise ValidationError(_("Somebody answered this already."))
    membership.state = state
    _save(membership)
    audit_record(by=by, verb=verb, about=membership.person, target=f"membership:{membership.pk}")
    outbox_queue(membership_answered(membership))
    return membership


@transaction.atomic
def membership_end(*, membership: Membership, until: dt.date, by: Person | None) -> Membership:
    """``until`` is the first day on which it no longer holds.

    Raises:
        ValidationError: ``until`` is not after the beginning, or the membership ended before.
    """
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.until is not None and membership.until <= today():
        raise ValidationError(_("This workplace ended already."))
    membership.until = until
    _save(membership)
    audit_record(by=by, verb="membership.end", about=membership.person, target=f"membership:{membership.pk}")
    return membership


def _save(membership: Membership) -> None:
    membership.full_clean()
    membership.save()
    memberships_changed.send(sender=Membership, person_ids=[membership.person_id])

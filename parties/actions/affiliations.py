"""Which organisations belong to which party, and since when."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parties.actions.audit import audit_record
from parties.models import Affiliation, Organisation, Party, Person
from parties.signals import affiliations_changed


@transaction.atomic
def affiliation_start(*, organisation: Organisation, party: Party, since: dt.date, by: Person | None) -> Affiliation:
    """
    Raises:
        ValidationError: the organisation belongs to the party on that day or later already.
    """
    existing = Affiliation.objects.filter(organisation=organisation, party=party)
    if existing.filter(Q(until__isnull=True) | Q(until__gt=since)).exists():
        raise ValidationError({"organisation": _("This organisation belongs to the party already.")})
    affiliation = Affiliation(organisation=organisation, party=party, since=since)
    _save(affiliation)
    audit_record(by=by, verb="affiliation.start", target=f"affiliation:{affiliation.pk}")
    return affiliation


@transaction.atomic
def affiliation_end(*, affiliation: Affiliation, until: dt.date, by: Person | None) -> Affiliation:
    """``until`` is the first day on which it no longer holds.

    Raises:
        ValidationError: ``until`` is not after the beginning, or the affiliation has an end already.
    """
    affiliation = Affiliation.objects.select_for_update().get(pk=affiliation.pk)
    if affiliation.until is not None:
        raise ValidationError(_("This has an end already."))
    affiliation.until = until
    _save(affiliation)
    audit_record(by=by, verb="affiliation.end", target=f"affiliation:{affiliation.pk}")
    return affiliation


def _save(affiliation: Affiliation) -> None:
    affiliation.full_clean()
    affiliation.save()
    affiliations_changed.send(sender=Affiliation, organisation_ids=[affiliation.organisation_id])

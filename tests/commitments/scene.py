"""What the tests of the pages share: a party whose people are trained, promises, and the numbers that a page shows."""

from __future__ import annotations

import datetime as dt
import re

from django.http import HttpResponse

from commitments.actions.ledger import ledger_refresh
from commitments.models import Commitment, Effort
from parties.models import Affiliation, Membership, Organisation, Party, Person
from tests.commitments.factories import award
from tests.factories import AffiliationFactory, MembershipFactory, RoleFactory

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
TODAY = NOW.date()


def efforts() -> list[Effort]:
    return [Effort.objects.get_or_create(number=n, defaults={"title": f"Inspanning {n}"})[0] for n in range(1, 6)]


def member_of(*parties: Party, **fields: object) -> Organisation:
    """An organisation that belongs to these parties since the beginning of 2026."""
    organisation = AffiliationFactory(party=parties[0], organisation__default_side="school").organisation
    Organisation.objects.filter(pk=organisation.pk).update(**fields)
    organisation.refresh_from_db()
    for party in parties[1:]:
        Affiliation.objects.create(party=party, organisation=organisation, since=dt.date(2026, 1, 1))
    return organisation


def trained(number: int, organisation: Organisation, since: dt.date = dt.date(2026, 3, 1)) -> list[Person]:
    """People of the organisation with a valid certificate, in the ledger."""
    memberships: list[Membership] = MembershipFactory.create_batch(number, organisation=organisation)
    for membership in memberships:
        award(membership.person, organisation, since=since)
    people = [membership.person for membership in memberships]
    ledger_refresh([person.pk for person in people])
    return people


def promise(party: Party, **fields: object) -> Commitment:
    """To train 20 people in effort 2, unless told."""
    values = {
        "title": "Getrainde begeleiders",
        "metric": "trained",
        "unit": "mensen",
        "target": 20,
        "since": dt.date(2026, 1, 1),
        "due": dt.date(2027, 1, 1),
        "effort": efforts()[1],
        "status": "active",
    }
    return Commitment.objects.create(party=party, **(values | fields))


def with_role(kind: str, **scope: object) -> Person:
    return RoleFactory(kind=kind, **scope).person


def shown(response: HttpResponse) -> dict[str, str]:
    """The numbers on a page by what they count."""
    found = re.findall(r'data-metric="(\w+)"\s+data-value="([^"]*)"', response.content.decode())
    return {metric: value.replace("&lt;", "<") for metric, value in found}

"""Where one can turn to about discrimination, as the page of that name shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parties.models import Desk, Party
from parties.rules import may_edit_desks

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from parties.models import Person


@dataclass(frozen=True)
class Places:
    """The places of one party, or with ``party`` None those for everyone. ``own``: the visitor works there."""

    party: Party | None
    desks: Sequence[Desk]
    own: bool
    may_edit: bool


def places_for(person: Person | AnonymousUser) -> list[Places]:
    """For everyone first, then the parties where the person works, then the others; parties in the manifest's order.

    Two queries, three for who is signed in.
    """
    by_party: dict[int | None, list[Desk]] = {}
    for desk in Desk.objects.in_order():
        by_party.setdefault(desk.party_id, []).append(desk)
    own = set(Party.objects.of_workplaces(person).values_list("pk", flat=True)) if person.is_authenticated else set()
    parties = sorted(Party.objects.all(), key=lambda party: (party.pk not in own, party.position))
    return [
        Places(
            party=party,
            desks=by_party.get(party.pk if party else None, []),
            own=party is not None and party.pk in own,
            may_edit=may_edit_desks(person, party),
        )
        for party in [None, *parties]
    ]

"""Who waits for a group, who is kept apart from whom, and the words in the links by which places are offered."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.core import signing
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parties.models import Membership, Person
from sessions.matching import Proposal, match
from sessions.mixing import ONLINE, Waiting
from sessions.models import IntervisionPlace, IntervisionWish, KeptApart, Slot

#: What a facilitator reads of a pair that declared something.
APART_WORDS: dict[str, str | Promise] = {
    KeptApart.Kind.MANAGER: gettext_lazy("One is the other's manager"),
    KeptApart.Kind.SAME_STUDENT: gettext_lazy("They supervise or assess the same student"),
}

_candidates = signing.Signer(salt="sessions.forming.candidate", sep=".")
_places = signing.Signer(salt="sessions.forming.place", sep=".")


def proposal_word(proposal: Proposal) -> str:
    """Stands for a proposal in a page: the same people, place and time give the same word, and it tells none of them."""
    facts = json.dumps([proposal.venue, proposal.slot, proposal.people])
    return salted_hmac("sessions.forming.proposal", facts).hexdigest()[:32]


def candidate_token(pk: int) -> str:
    return _candidates.sign(str(pk))


def candidate_of(token: str) -> int | None:
    """The key of the candidate, or None for a word that we did not make."""
    return _unsigned(_candidates, token)


def place_token(group_pk: int) -> str:
    """An open place, told without the number of its group."""
    return _places.sign(str(group_pk))


def group_of_place(token: str) -> int | None:
    return _unsigned(_places, token)


def _unsigned(signer: signing.Signer, token: str) -> int | None:
    try:
        return int(signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def where(place: IntervisionPlace | None) -> str:
    return place.name if place else _("online")


def where_and_when(place: IntervisionPlace | None, slot: str) -> str:
    """In the active language, to stand in a sentence: "online, Tuesday morning"."""
    return ", ".join([where(place), *([str(Slot(slot).label)] if slot else [])])


def addresses_of(people: Collection[int]) -> dict[str, set[int]]:
    """Whose each address is, of these people: those they sign in with, and those at work. Lower case."""
    found: dict[str, set[int]] = defaultdict(set)
    rows = [
        *Person.objects.filter(pk__in=people).exclude(email=None).values_list("email", "pk"),
        *EmailAddress.objects.filter(user__in=people, verified=True).values_list("email", "user_id"),
        *Membership.objects.current()
        .filter(person__in=people)
        .exclude(work_address="")
        .values_list("work_address", "person_id"),
    ]
    for address, key in rows:
        found[address.lower()].add(key)
    return found


def kept_apart(people: Collection[int]) -> dict[frozenset[int], list[str]]:
    """Of these people the pairs that do not belong in one group, with why: kinds of KeptApart, each once.

    What one of two declared is enough.
    """
    declared = KeptApart.objects.filter(person__in=people).values_list("person_id", "other_id", "address", "kind")
    owners = addresses_of(people)
    found: dict[frozenset[int], set[str]] = defaultdict(set)
    for person, other, address, kind in declared:
        for key in owners.get(address.lower(), ()) if other is None else {other}.intersection(people):
            if key != person:
                found[frozenset((person, key))].add(kind)
    return {pair: sorted(kinds) for pair, kinds in found.items()}


def is_declared(person: Person) -> bool:
    """Whether this person declared something, or anybody something of them.

    Then the facilitator decides, also where nobody in that group is meant: otherwise the answer would tell who is in it.
    """
    named = Q(address__in=list(addresses_of([person.pk])))
    return KeptApart.objects.filter(Q(person=person) | Q(other=person) | named).exists()


def waiting_people() -> list[Waiting]:
    """Everybody who waits, for ``sessions.matching.match``. Their keys are those of the people."""
    wishes = (
        IntervisionWish.objects.waiting()
        .select_related("membership")
        .prefetch_related("places", "slots")
        .order_by("created_at", "pk")
    )
    return [
        Waiting(
            key=wish.person_id,
            side=wish.membership.side,
            organisation=wish.membership.organisation_id,
            venues=frozenset([*(place.pk for place in wish.places.all()), *([ONLINE] if wish.online else [])]),
            slots=frozenset(row.slot for row in wish.slots.all()),
            since=wish.created_at,
        )
        for wish in wishes
    ]


def proposals_of(people: Collection[Waiting]) -> list[Proposal]:
    """Groups from who waits; nobody is in one with somebody they are kept apart from."""
    found, _left = match(people, list(kept_apart([one.key for one in people])))
    return found


@dataclass(frozen=True, kw_only=True)
class PairWarning:
    """A pair that declared something, in words for the facilitator."""

    people: tuple[Person, Person]
    why: list[str]


def warnings_of(people: Iterable[Person]) -> list[PairWarning]:
    """The pairs among these people that declared something; sorted by name."""
    by_key = {person.pk: person for person in people}
    found = []
    for pair, kinds in kept_apart(by_key).items():
        one, other = sorted((by_key[key] for key in pair), key=lambda person: (person.name, person.pk))
        found.append(PairWarning(people=(one, other), why=[str(APART_WORDS[kind]) for kind in kinds]))
    return sorted(found, key=lambda warning: [(person.name, person.pk) for person in warning.people])

"""A party's page as the first request after an award, with cold caches. Value and floor are put together by the caller."""

import statistics

from tests.bench.measuring import milliseconds, row

from django.db import transaction  # isort: skip
from django.db.models import Count
from django.test import Client

from certificates.models import Award, AwardMembership, Programme
from certificates.signals import awards_changed
from parties.models import Membership, Party
from parties.periods import today

TURNS = 15


def main() -> None:
    party = Party.objects.annotate(size=Count("affiliations")).order_by("-size").first()
    programme = Programme.objects.get(counts_as_trained=True)
    candidates = (
        Membership.objects.counted()
        .current()
        .filter(organisation__affiliations__party=party, person__awards__isnull=True)
        .select_related("person")
        .order_by("person_id")
    )
    one_each = {membership.person_id: membership for membership in candidates[: TURNS * 20]}
    untrained = iter(list(one_each.values())[: TURNS + 1])
    client = Client()

    @transaction.atomic
    def award() -> None:
        membership = next(untrained)
        given = Award.objects.create(
            person=membership.person,
            programme=programme,
            valid_from=today(),
            valid_until=today().replace(year=today().year + 3),
        )
        AwardMembership.objects.create(award=given, organisation=membership.organisation, side=membership.side)
        awards_changed.send(sender=Award, person_ids=[membership.person_id])

    def page() -> None:
        assert client.get(f"/partijen/{party.slug}/").status_code == 200

    milliseconds(page, before=award)
    times = [milliseconds(page, before=award) for _ in range(TURNS)]
    row("party page", statistics.median(times), 1, TURNS)


main()

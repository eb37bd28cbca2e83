"""Two who change what counts at the same time. On PostgreSQL: SQLite has one writer."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import transaction

from certificates.models import Award
from certificates.signals import awards_changed
from parties.actions.affiliations import affiliation_start
from parties.actions.memberships import membership_add, membership_end
from parties.models import Affiliation, Membership
from parties.signals import affiliations_changed
from tests.at_once import DONE, LONG, at_once, needs_several_writers
from tests.commitments.factories import award, programme, wrong_in_ledger
from tests.factories import AffiliationFactory, MembershipFactory, OrganisationFactory, PartyFactory, PersonFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db, needs_several_writers]

START = dt.date(2025, 3, 1)


def test_an_affiliation_and_an_award_that_do_not_see_each_other() -> None:
    membership, party = MembershipFactory(since=START), PartyFactory()
    programme()
    both_wrote = threading.Barrier(2, timeout=LONG)

    def affiliate() -> None:
        with transaction.atomic():
            Affiliation.objects.create(organisation=membership.organisation, party=party, since=START)
            both_wrote.wait()
            affiliations_changed.send(sender=Affiliation, organisation_ids=[membership.organisation_id])

    def give() -> None:
        with transaction.atomic():
            award(membership.person, membership.organisation, since=START)
            both_wrote.wait()
            awards_changed.send(sender=Award, person_ids=[membership.person_id])

    assert at_once(affiliate, give) == [DONE] * 2
    assert wrong_in_ledger() == []


def test_two_awards_reach_one_organisation_once() -> None:
    organisation = AffiliationFactory(since=START).organisation
    members = [MembershipFactory(organisation=organisation, since=START) for _ in range(2)]
    programme()
    both_wrote = threading.Barrier(2, timeout=LONG)

    def give(membership: Membership, since: dt.date) -> None:
        with transaction.atomic():
            award(membership.person, organisation, since=since)
            both_wrote.wait()
            awards_changed.send(sender=Award, person_ids=[membership.person_id])

    second = START + dt.timedelta(days=9)
    assert at_once(lambda: give(members[0], START), lambda: give(members[1], second)) == [DONE] * 2
    assert wrong_in_ledger() == []


def test_many_changes_at_once_end_without_a_deadlock_and_without_a_difference() -> None:
    shared, own = OrganisationFactory(), OrganisationFactory.create_batch(6)
    parties, people, by = PartyFactory.create_batch(2), PersonFactory.create_batch(6), PersonFactory()
    AffiliationFactory(organisation=shared, party=parties[0], since=START)
    for person in people:
        MembershipFactory(person=person, organisation=shared, since=START)
        award(person, shared, since=START)

    def work(number: int) -> Callable[[], None]:
        def change() -> None:
            since = START + dt.timedelta(days=number)
            for person in people if number % 2 else reversed(people):
                found = membership_add(person=person, organisation=own[number], since=since, side="school", by=by)
                membership_end(membership=found, until=since + dt.timedelta(days=50), by=by)
                with transaction.atomic():
                    awards_changed.send(sender=Award, person_ids=[one.pk for one in people])
            affiliation_start(organisation=own[number], party=parties[number % 2], since=START, by=by)
            affiliation_start(organisation=shared, party=PartyFactory(), since=since, by=by)

        return change

    assert at_once(*(work(number) for number in range(6))) == [DONE] * 6
    assert wrong_in_ledger() == []

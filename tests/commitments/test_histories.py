"""Random histories: what is written change by change, what a rebuild says, and a count in SQL are one."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from commitments.actions.ledger import ledger_refresh
from commitments.models import LedgerRow
from commitments.rebuild import rebuild
from parties.models import Organisation, Party, Person
from parties.signals import affiliations_changed, person_erasing
from sessions.models import IntervisionGroup, Meeting, NetworkEvent
from sessions.signals import event_settled, presence_settled
from tests.commitments.factories import award, held_event, held_training, met, programme, wrong_in_ledger
from tests.commitments.third_count import ledger_says, third_count
from tests.factories import AffiliationFactory, MembershipFactory, OrganisationFactory, PartyFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]

FIRST = dt.date(2025, 1, 1)
DAYS = [FIRST + dt.timedelta(days=17 * number) for number in range(60)]
days = st.sampled_from(DAYS)
three, two = st.integers(0, 2), st.integers(0, 1)
periods = st.tuples(days, st.one_of(st.none(), days)).filter(lambda one: one[1] is None or one[0] < one[1])
changes = st.lists(
    st.one_of(
        st.tuples(st.just("membership"), three, three, periods, st.sampled_from(["confirmed", "confirmed", "waiting"])),
        st.tuples(st.just("affiliation"), three, two, periods),
        st.tuples(
            st.just("award"), three, st.sets(three), days, st.one_of(st.none(), days), st.booleans(), st.booleans()
        ),
        st.tuples(
            st.just("training"),
            days,
            st.dictionaries(three, st.tuples(three, two, st.sampled_from([0, 100, 120, 150])), min_size=1),
        ),
        st.tuples(
            st.just("intervision"),
            two,
            days,
            st.dictionaries(three, st.tuples(st.one_of(st.none(), three), st.sampled_from([0, 60, 90])), min_size=1),
        ),
        st.tuples(
            st.just("event"), days, st.dictionaries(three, st.tuples(two, st.sampled_from([0, 120])), min_size=1)
        ),
        st.tuples(st.just("erase"), three),
    ),
    min_size=1,
    max_size=12,
)


class World:
    def __init__(self) -> None:
        self.people: list[Person] = PersonFactory.create_batch(3)
        self.organisations: list[Organisation] = OrganisationFactory.create_batch(3)
        self.parties: list[Party] = PartyFactory.create_batch(2)
        self.groups = [
            IntervisionGroup.objects.create(name=name, facilitator=PersonFactory()) for name in ("Laak", "Zuid")
        ]
        self.erased: set[int] = set()
        self.programmes = [programme(), programme(counts_as_trained=False, slug="intervisie")]

    def membership(self, person: int, organisation: int, period: tuple, state: str) -> None:
        whose, where = self.people[person], self.organisations[organisation]
        if person in self.erased or (
            period[1] is None and whose.memberships.filter(organisation=where, until=None).exists()
        ):
            return
        MembershipFactory(person=whose, organisation=where, since=period[0], until=period[1], state=state)
        ledger_refresh([whose.pk])

    def affiliation(self, organisation: int, party: int, period: tuple) -> None:
        what, which = self.organisations[organisation], self.parties[party]
        if period[1] is None and what.affiliations.filter(party=which, until=None).exists():
            return
        AffiliationFactory(organisation=what, party=which, since=period[0], until=period[1])
        affiliations_changed.send(sender=Organisation, organisation_ids=[what.pk])

    def award(
        self,
        person: int,
        where: set[int],
        since: dt.date,
        revoked_on: dt.date | None,
        counts: bool,
        by_month: bool,
    ) -> None:
        of = self.programmes[0 if counts else 1]
        if person in self.erased or self.people[person].awards.filter(programme=of, valid_from=since).exists():
            return
        until = since + dt.timedelta(days=200)
        frozen = [self.organisations[one] for one in sorted(where)]
        award(self.people[person], *frozen, since=since, until=until, revoked_on=revoked_on, of=of, by_month=by_month)
        ledger_refresh([self.people[person].pk])

    def training(self, day: dt.date, people: dict[int, tuple[int, int, int]]) -> None:
        there = [
            (self.people[person], self.organisations[organisation], ("school", "workplace")[side], minutes)
            for person, (organisation, side, minutes) in people.items()
            if person not in self.erased
        ]
        held_training(day, there)
        ledger_refresh([person.pk for person, *_ in there])

    def intervision(self, group: int, day: dt.date, people: dict[int, tuple[int | None, int]]) -> None:
        there = [
            (self.people[person], None if organisation is None else self.organisations[organisation], minutes)
            for person, (organisation, minutes) in people.items()
            if person not in self.erased
        ]
        met(day, there, group=self.groups[group])
        presence_settled.send(sender=Meeting, person_ids=[person.pk for person, *_ in there])

    def event(self, day: dt.date, people: dict[int, tuple[int, int]]) -> None:
        came = [
            (self.people[person], self.parties[party], minutes)
            for person, (party, minutes) in people.items()
            if person not in self.erased
        ]
        event = held_event(day, came)
        event_settled.send(sender=NetworkEvent, event=event, person_ids=[person.pk for person, *_ in came])

    def erase(self, person: int) -> None:
        if person not in self.erased:
            self.erased.add(person)
            person_erasing.send(sender=Person, person=self.people[person])
            Person.objects.get(pk=self.people[person].pk).delete()


@given(changes)
def test_change_by_change_is_the_rebuild_is_the_count(history: list[tuple]) -> None:
    with transaction.atomic():  # each history begins with nothing
        tell(history)
        transaction.set_rollback(True)


def tell(history: list[tuple]) -> None:
    world = World()
    for name, *values in history:
        getattr(world, name)(*values)
    assert wrong_in_ledger() == []
    if not world.erased:
        for day in (DAYS[0], DAYS[20], DAYS[33], DAYS[-1], dt.date(2030, 1, 1)):
            assert ledger_says(day) == third_count(day)
    before = {day: ledger_says(day) for day in DAYS[::10]}
    rows = LedgerRow.objects.count()
    assert rebuild(progress=lambda done, people: None) == rows
    assert {day: ledger_says(day) for day in DAYS[::10]} == before

"""From what happens to the rows of the ledger."""

import datetime as dt
from collections import Counter

import pytest

from commitments.actions.ledger import ledger_refresh
from commitments.models import LedgerRow
from commitments.numbers import value_on
from parties.actions.affiliations import affiliation_end, affiliation_start
from parties.actions.memberships import membership_add, membership_confirm, membership_end
from parties.actions.merging import person_erase
from sessions.actions.attendance import attendance_correct
from tests.commitments.factories import award, held_training, programme, wrong_in_ledger
from tests.commitments.third_count import ledger_says, third_count
from tests.factories import AffiliationFactory, MembershipFactory, OrganisationFactory, PartyFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]

START, END = dt.date(2025, 3, 1), dt.date(2028, 3, 1)
Rows = list[tuple[str, int, str, dt.date, int, str]]


def rows(**filters: object) -> Rows:
    found = LedgerRow.objects.filter(**filters)
    return sorted(found.values_list("scope", "scope_id", "metric", "date", "delta", "cause"))


def day(year: int, month: int, number: int = 1) -> dt.date:
    return dt.date(year, month, number)


def test_trained_is_membership_and_valid_award_and_for_a_party_affiliation() -> None:
    membership = MembershipFactory(since=day(2025, 5), until=day(2027, 5))
    organisation, person = membership.organisation, membership.person
    party = AffiliationFactory(organisation=organisation, since=day(2025, 9), until=day(2026, 1)).party
    given = award(person, organisation, since=START)
    ledger_refresh([person.pk])
    assert rows(person=person) == [
        ("network", 0, "trained", day(2025, 9), 1, ""),
        ("network", 0, "trained", day(2026, 1), -1, ""),
        ("organisation", organisation.pk, "certificates", START, 1, f"award:{given.pk}"),
        ("organisation", organisation.pk, "trained", day(2025, 5), 1, ""),
        ("organisation", organisation.pk, "trained", day(2027, 5), -1, ""),
        ("party", party.pk, "trained", day(2025, 9), 1, ""),
        ("party", party.pk, "trained", day(2026, 1), -1, ""),
    ]
    assert rows(organisation=organisation) == [
        ("network", 0, "organisations_reached", day(2025, 9), 1, ""),
        ("network", 0, "organisations_reached", day(2026, 1), -1, ""),
        ("party", party.pk, "organisations_reached", day(2025, 9), 1, ""),
        ("party", party.pk, "organisations_reached", day(2026, 1), -1, ""),
    ]


def test_leaving_and_returning_are_two_intervals_and_an_award_without_end_of_membership_ends_itself() -> None:
    person, organisation = PersonFactory(), OrganisationFactory()
    MembershipFactory(person=person, organisation=organisation, since=day(2025, 1), until=day(2025, 6))
    MembershipFactory(person=person, organisation=organisation, since=day(2026, 1), until=None)
    award(person, since=START)
    ledger_refresh([person.pk])
    assert rows(person=person) == [
        ("organisation", organisation.pk, "trained", START, 1, ""),
        ("organisation", organisation.pk, "trained", day(2025, 6), -1, ""),
        ("organisation", organisation.pk, "trained", day(2026, 1), 1, ""),
        ("organisation", organisation.pk, "trained", END, -1, ""),
    ]


def test_every_scope_counts_a_person_once_so_parts_do_not_add_up() -> None:
    person, party, other = PersonFactory(), PartyFactory(), PartyFactory()
    for organisation in (OrganisationFactory(), OrganisationFactory()):
        MembershipFactory(person=person, organisation=organisation, since=START)
        AffiliationFactory(organisation=organisation, party=party, since=START)
        AffiliationFactory(organisation=organisation, party=other, since=START)
    award(person, since=START)
    ledger_refresh([person.pk])
    assert [value_on("party", one.pk, "trained", START) for one in (party, other)] == [1, 1]
    assert value_on("network", 0, "trained", START) == 1
    assert value_on("network", 0, "organisations_reached", START) == 2


@pytest.mark.parametrize("state", ["waiting", "declined"])
def test_a_membership_that_is_not_confirmed_counts_nowhere(state: str) -> None:
    membership = MembershipFactory(since=START, state=state)
    award(membership.person, since=START)
    ledger_refresh([membership.person_id])
    assert rows() == []


def test_revoking_ends_the_stock_and_leaves_the_flow() -> None:
    membership = MembershipFactory(since=START)
    given = award(membership.person, membership.organisation, since=START, revoked_on=day(2025, 8))
    ledger_refresh([membership.person_id])
    assert rows() == [
        ("organisation", membership.organisation_id, "certificates", START, 1, f"award:{given.pk}"),
        ("organisation", membership.organisation_id, "trained", START, 1, ""),
        ("organisation", membership.organisation_id, "trained", day(2025, 8), -1, ""),
    ]


def test_another_programme_is_a_certificate_and_not_trained() -> None:
    membership = MembershipFactory(since=START)
    other = programme(counts_as_trained=False, slug="intervisie")
    given = award(membership.person, membership.organisation, since=START, of=other)
    ledger_refresh([membership.person_id])
    assert rows() == [("organisation", membership.organisation_id, "certificates", START, 1, f"award:{given.pk}")]


def test_attendance_counts_on_what_was_frozen_and_the_affiliation_of_that_day() -> None:
    school, company = OrganisationFactory(default_side="school"), OrganisationFactory()
    party = AffiliationFactory(organisation=school, since=day(2025, 1), until=day(2025, 12)).party
    AffiliationFactory(organisation=company, party=party, since=day(2026, 2))
    teacher, boss, absent, short = PersonFactory.create_batch(4)
    training = held_training(
        day(2025, 11, 4),
        [
            (teacher, school, "school", 150),
            (boss, company, "workplace", 120),
            (absent, school, "school", 0),
            (short, school, "school", 119),
        ],
    )
    ledger_refresh([teacher.pk, boss.pk, absent.pk, short.pk])
    held, cause = day(2025, 11, 4), f"training:{training.pk}"
    assert rows(person=teacher) == [
        (scope, key, metric, held, count, cause)
        for scope, key in (("network", 0), ("organisation", school.pk), ("party", party.pk))
        for metric, count in (("jointly_trained", 1), ("net_minutes", 150), ("participants", 1))
    ]
    assert rows(person=boss) == [
        ("organisation", company.pk, metric, held, count, cause)
        for metric, count in (("jointly_trained", 1), ("net_minutes", 120), ("participants", 1))
    ]
    assert rows(person=absent) == rows(person=short) == []


def test_without_the_other_side_nobody_was_trained_jointly_and_a_correction_tells_the_others() -> None:
    school, company, trainer = OrganisationFactory(), OrganisationFactory(), PersonFactory()
    teacher, boss = PersonFactory(), PersonFactory()
    training = held_training(day(2025, 11, 4), [(teacher, school, "school", 150), (boss, company, "workplace", 0)])
    ledger_refresh([teacher.pk])
    assert value_on("organisation", school.pk, "jointly_trained", day(2026, 1)) == 0
    attendance_correct(meeting=training.meetings.get(), person=boss, state="present", by=trainer)
    assert value_on("organisation", school.pk, "jointly_trained", day(2026, 1)) == 1
    assert wrong_in_ledger() == []


def test_the_ledger_follows_the_actions() -> None:
    party, organisation, person, by = PartyFactory(), OrganisationFactory(), PersonFactory(), PersonFactory()
    award(person, organisation, since=START)
    membership = membership_add(person=person, organisation=organisation, since=START, side="school", by=by)
    affiliation = affiliation_start(organisation=organisation, party=party, since=day(2025, 6), by=by)
    assert value_on("party", party.pk, "trained", day(2026, 1)) == 1
    membership_end(membership=membership, until=day(2026, 12), by=by)
    assert value_on("party", party.pk, "trained", day(2026, 12)) == 0
    affiliation_end(affiliation=affiliation, until=day(2025, 12), by=by)
    assert value_on("party", party.pk, "trained", day(2026, 1)) == 0
    assert value_on("organisation", organisation.pk, "trained", day(2026, 1)) == 1
    waiting = MembershipFactory(state="waiting", since=START)
    award(waiting.person, since=START)
    membership_confirm(membership=waiting, by=by)
    assert value_on("organisation", waiting.organisation_id, "trained", START) == 1
    assert wrong_in_ledger() == []
    assert ledger_says(day(2026, 1)) == third_count(day(2026, 1)) != {}


def test_a_second_refresh_writes_nothing() -> None:
    membership = MembershipFactory(since=START)
    AffiliationFactory(organisation=membership.organisation, since=START)
    award(membership.person, membership.organisation, since=START)
    ledger_refresh([membership.person_id])
    before = Counter(LedgerRow.objects.values_list("pk", flat=True))
    ledger_refresh([membership.person_id])
    assert Counter(LedgerRow.objects.values_list("pk", flat=True)) == before


def test_who_has_nothing_that_counts_costs_no_lock_of_the_ledger() -> None:
    person = MembershipFactory(since=START).person
    ledger_refresh([person.pk])
    assert rows() == []


class TestErasing:
    """Rule 3: rows become frozen, without person or cause, and the person leaves every stock that day."""

    def test_what_was_counted_stays_and_the_stock_ends_today(self, time_machine) -> None:  # type: ignore[no-untyped-def]
        time_machine.move_to("2026-11-23 12:00:00+00:00")
        membership = MembershipFactory(since=START)
        organisation = membership.organisation
        party = AffiliationFactory(organisation=organisation, since=START).party
        award(membership.person, organisation, since=START)
        ledger_refresh([membership.person_id])
        yesterday, today = day(2026, 11, 22), day(2026, 11, 23)
        before = ledger_says(yesterday)
        assert before["party", party.pk, "trained"] == 1
        person_erase(person=membership.person, by=None)
        assert rows(frozen=False) == rows(organisation=organisation)
        assert set(LedgerRow.objects.filter(frozen=True).values_list("person", "cause")) == {(None, "")}
        assert ledger_says(yesterday) == before
        assert ledger_says(today) == {key: value for key, value in before.items() if key[2] == "certificates"}
        assert wrong_in_ledger() == []

    def test_a_stock_that_begins_tomorrow_was_never_there(self, time_machine) -> None:  # type: ignore[no-untyped-def]
        time_machine.move_to("2026-11-23 12:00:00+00:00")
        membership = MembershipFactory(since=day(2026, 11, 24))
        award(membership.person, since=START)
        ledger_refresh([membership.person_id])
        assert len(rows()) == 2
        person_erase(person=membership.person, by=None)
        assert rows() == []
        assert wrong_in_ledger() == []

    def test_others_of_the_training_are_counted_again(self) -> None:
        school, company = OrganisationFactory(), OrganisationFactory()
        teacher, boss = PersonFactory(), PersonFactory()
        held_training(day(2025, 11, 4), [(teacher, school, "school", 150), (boss, company, "workplace", 150)])
        ledger_refresh([teacher.pk, boss.pk])
        assert value_on("organisation", school.pk, "jointly_trained", day(2026, 1)) == 1
        person_erase(person=boss, by=None)
        assert value_on("organisation", company.pk, "participants", day(2026, 1)) == 1
        assert wrong_in_ledger() == []

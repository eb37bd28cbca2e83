"""What an editor or an administrator does to a programme and to people, and what the ledger makes of it."""

import datetime as dt

import pytest
from django_tasks import default_task_backend

from commitments.actions.base import efforts_load
from commitments.actions.examples import commitments_load_examples
from commitments.actions.ledger import ledger_refresh, ledger_refresh_programme
from commitments.models import Commitment, Effort, Evidence, LedgerRow
from commitments.numbers import value_on
from parties.models import Person
from parties.signals import people_merging
from tests.commitments.factories import award, held_training, programme, wrong_in_ledger
from tests.factories import MembershipFactory, PartyFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]

START = dt.date(2025, 3, 1)


@pytest.fixture
def tasks(settings) -> object:  # type: ignore[no-untyped-def]
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    default_task_backend.clear()
    return default_task_backend


def test_a_programme_that_ceases_to_count_is_counted_again_in_the_background(
    tasks,
    django_capture_on_commit_callbacks,  # type: ignore[no-untyped-def]
) -> None:
    membership = MembershipFactory(since=START)
    of = programme()
    award(membership.person, membership.organisation, since=START)
    ledger_refresh([membership.person_id])
    with django_capture_on_commit_callbacks(execute=True):
        of.description = "Another text"
        of.save()
    assert tasks.results == []
    with django_capture_on_commit_callbacks(execute=True):
        of.counts_as_trained = False
        of.save()
    assert [result.args for result in tasks.results] == [[of.pk]]
    ledger_refresh_programme(programme=of)
    assert value_on("organisation", membership.organisation_id, "trained", START) == 0
    assert wrong_in_ledger() == []


def test_two_records_of_one_person_count_once() -> None:
    kept, merged, other = PersonFactory.create_batch(3)
    organisation = MembershipFactory(person=kept, since=START).organisation
    MembershipFactory(person=merged, organisation=organisation, since=START)
    award(merged, organisation, since=START)
    held_training(START, [(merged, organisation, "school", 150), (other, organisation, "workplace", 150)])
    ledger_refresh([merged.pk, other.pk])
    merged.memberships.all().delete()
    people_merging.send(sender=Person, kept=kept, merged=merged)
    merged.delete()
    for metric, value in (("trained", 1), ("certificates", 1), ("participants", 2), ("jointly_trained", 2)):
        assert value_on("organisation", organisation.pk, metric, START) == value
    assert set(LedgerRow.objects.values_list("person", flat=True)) == {kept.pk, other.pk}
    assert wrong_in_ledger() == []


def test_each_party_gets_examples_of_five_efforts_once() -> None:
    efforts_load()
    efforts_load()
    assert list(Effort.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    PartyFactory(kind="employer")
    PartyFactory(kind="member_based")
    commitments_load_examples()
    before = Commitment.objects.count(), Evidence.objects.count()
    commitments_load_examples()
    assert (Commitment.objects.count(), Evidence.objects.count()) == before
    for party_kind, counted in (("employer", "trained"), ("member_based", "organisations_reached")):
        promises = Commitment.objects.filter(party__kind=party_kind)
        assert set(promises.values_list("effort", flat=True)) == {1, 2, 3, 4, 5}
        assert promises.filter(metric=counted, denominator_estimated=True).count() == 1
        assert set(promises.values_list("is_example", flat=True)) == {True}

"""``manage.py rebuild_ledger``, as it is typed."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commitments.actions.ledger import ledger_refresh
from commitments.models import LedgerRow, LedgerTotal
from tests.commitments.factories import award
from tests.commitments.third_count import ledger_says
from tests.factories import AffiliationFactory, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]

START = dt.date(2025, 3, 1)


@pytest.fixture
def trained() -> None:
    for _number in range(3):
        membership = MembershipFactory(since=START)
        AffiliationFactory(organisation=membership.organisation, since=START)
        award(membership.person, membership.organisation, since=START)
        ledger_refresh([membership.person_id])


def check() -> str:
    out = StringIO()
    call_command("rebuild_ledger", "--check", stdout=out)
    return out.getvalue()


def test_check_finds_nothing_where_nothing_is_wrong(trained: None) -> None:
    assert LedgerRow.objects.exists()
    assert check() == "No differences.\n"


def test_check_names_what_is_wrong_and_changes_nothing(trained: None) -> None:
    row = LedgerRow.objects.filter(metric="trained", scope="organisation", delta=1).first()
    LedgerRow.objects.filter(pk=row.pk).update(date=row.date + dt.timedelta(days=1))
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("rebuild_ledger", "--check", stdout=out)
    assert error.value.returncode == 1
    lines = out.getvalue().splitlines()
    assert lines[:2] == [
        f"person:{row.person_id}: missing 2025-03-01 organisation:{row.scope_id} trained +1",
        f"person:{row.person_id}: too much 2025-03-02 organisation:{row.scope_id} trained +1",
    ]
    assert lines[2:] == [
        f"total of the day 2025-03-01 organisation:{row.scope_id} trained: is 1, must be 0",
        f"total of the day 2025-03-02 organisation:{row.scope_id} trained: is 0, must be 1",
    ]
    assert LedgerRow.objects.get(pk=row.pk).date == dt.date(2025, 3, 2)


def test_check_names_ten_at_most(trained: None) -> None:
    LedgerTotal.objects.all().delete()
    out = StringIO()
    with pytest.raises(CommandError, match="10 places, and more"):
        call_command("rebuild_ledger", "--check", stdout=out)
    assert len(out.getvalue().splitlines()) == 10


def test_a_rebuild_repairs_everything_and_keeps_what_is_frozen(trained: None) -> None:
    before = ledger_says(dt.date(2026, 1, 1))
    LedgerRow.objects.filter(metric="trained").delete()
    LedgerTotal.objects.all().delete()
    frozen = LedgerRow.objects.create(
        scope="network", scope_id=0, metric="participants", date=dt.date(2024, 1, 1), delta=4, frozen=True
    )
    call_command("rebuild_ledger", stdout=StringIO())
    assert LedgerRow.objects.get(frozen=True) == frozen
    assert ledger_says(dt.date(2026, 1, 1)) == before | {("network", 0, "participants"): 4}
    assert check() == "No differences.\n"

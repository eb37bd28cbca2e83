"""What a list changes: rule 12, the preview, and the command."""

import datetime as dt
import io
import json
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from parties.actions.people import person_create
from parties.actions.roster import roster_apply, roster_plan, roster_preview, roster_read, rosters_forget
from parties.models import Membership, OutboxMessage, Person, RosterImport
from parties.periods import today
from parties.signals import memberships_changed
from tests.factories import DepartmentFactory, MembershipFactory, OrganisationFactory
from tests.parties.rosters import apply, csv_of, preview, working_at

pytestmark = pytest.mark.django_db
NADIA = ("Nadia", "nadia@x.example", "001", "Zorg")
PIET = ("Piet", "piet@x.example", "002", "Techniek")


def summary(**counts: int) -> dict:
    names = ("rows", "joins", "leaves", "moves", "changes", "unchanged")
    return {**dict.fromkeys(names, 0), **counts, "errors": []}


@pytest.fixture
def organisation():
    return OrganisationFactory(slug="mondriaan", default_side="school")


def test_nothing_counts_before_it_is_applied(organisation):
    shown = preview(organisation, csv_of(NADIA, PIET))
    assert shown.result == summary(rows=2, joins=2)
    assert (Person.objects.count(), Membership.objects.count(), OutboxMessage.objects.count()) == (0, 0, 0)


def test_who_is_new_joins_and_gets_one_mail_to_come_in(organisation):
    assert apply(organisation, csv_of(NADIA, PIET)) == summary(rows=2, joins=2)
    assert working_at(organisation) == [
        ("Nadia", "nadia@x.example", "001", "Zorg", today(), None),
        ("Piet", "piet@x.example", "002", "Techniek", today(), None),
    ]
    assert set(Membership.objects.values_list("side", "origin", "state")) == {("school", "roster", "confirmed")}
    assert sorted(OutboxMessage.objects.values_list("kind", "to_address")) == [
        ("come-in", "nadia@x.example"),
        ("come-in", "piet@x.example"),
    ]
    assert sorted(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("nadia@x.example", True, True),
        ("piet@x.example", True, True),
    ]
    apply(organisation, csv_of(NADIA, PIET))
    assert OutboxMessage.objects.count() == 2


def test_moves_changes_and_leaves_are_told_apart(organisation):
    apply(
        organisation,
        csv_of(NADIA, PIET, ("Kees", "kees@x.example", "003", "Zorg"), ("Anna", "anna@x.example", "004", "Zorg")),
    )
    list_ = csv_of(
        ("Nadia", "nadia@x.example", "001", "Techniek"),
        ("Piet de Wit", "piet@x.example", "002", "Techniek"),
        ("Anna", "anna@x.example", "004", "Zorg"),
    )
    assert preview(organisation, list_).result == summary(rows=3, moves=1, changes=1, unchanged=1)
    assert apply(organisation, list_, complete=True) == summary(rows=3, leaves=1, moves=1, changes=1, unchanged=1)
    tomorrow = today() + dt.timedelta(days=1)
    assert [(name, department, until) for name, _, _, department, _, until in working_at(organisation)] == [
        ("Anna", "Zorg", None),
        ("Kees", "Zorg", tomorrow),
        ("Nadia", "Techniek", None),
        ("Piet de Wit", "Techniek", None),
    ]


def test_a_row_is_somebody_by_number_then_work_address_then_any_verified_address(organisation):
    person = partial(person_create)
    by_number = person(name="Een", email="een@thuis.example")
    by_work = person(name="Twee", email="twee@thuis.example")
    by_verified = person(name="Drie", email="drie@thuis.example")
    EmailAddress.objects.create(user=by_verified, email="drie@x.example", verified=True)
    MembershipFactory(person=by_number, organisation=organisation, personnel_number="001", work_address="een@x.example")
    MembershipFactory(person=by_work, organisation=organisation, work_address="Twee@x.example")
    # the number says Een, the address Drie: the number goes before
    content = csv_of(
        ("Een", "drie@x.example", "001", ""), ("Twee", "twee@x.example", "", ""), ("Vier", "vier@x.example", "", "")
    )
    apply(organisation, content)
    assert {one.person for one in Membership.objects.filter(organisation=organisation, name__in=["Een", "Twee"])} == {
        by_number,
        by_work,
    }
    apply(organisation, csv_of(("Drie op de lijst", "drie@thuis.example", "009", "")))
    joined = Membership.objects.get(personnel_number="009")
    assert (joined.person, joined.name) == (by_verified, "Drie op de lijst")
    by_verified.refresh_from_db()
    assert by_verified.name == "Drie"


def test_hr_does_not_hear_that_somebody_was_known_elsewhere(organisation):
    known = person_create(name="Nadia", email="nadia@x.example")
    MembershipFactory(person=known)
    there = preview(organisation, csv_of(NADIA)).result
    assert there == preview(OrganisationFactory(), csv_of(("Nadia", "onbekend@x.example", "001", "Zorg"))).result
    assert apply(organisation, csv_of(NADIA)) == there
    assert Person.objects.filter(memberships__organisation=organisation).get() == known
    assert not OutboxMessage.objects.exists()


def test_a_list_changes_only_its_own_memberships(organisation):
    elsewhere = MembershipFactory(
        person=person_create(name="Nadia", email="nadia@x.example"), work_address="nadia@y.example"
    )
    waiting = MembershipFactory(
        person=person_create(name="Piet", email="piet@x.example"),
        organisation=organisation,
        origin="declared",
        state="waiting",
    )
    said = MembershipFactory(person__email="zelf@x.example", organisation=organisation, origin="declared")
    before = list(Membership.objects.order_by("pk").values())
    planned = roster_plan(preview(organisation, csv_of(NADIA, PIET), complete=True))
    assert sorted(one.pk for one in planned.registered_themselves) == [waiting.pk, said.pk]
    assert apply(organisation, csv_of(NADIA, PIET), complete=True) == summary(rows=2, joins=1, unchanged=1)
    assert list(Membership.objects.order_by("pk").values())[:3] == before
    assert elsewhere.person.memberships.count() == 2


def test_only_a_complete_list_ends_memberships_and_only_those_of_a_list(organisation):
    apply(organisation, csv_of(NADIA, PIET))
    Membership.objects.update(since=today() - dt.timedelta(days=100))
    assert apply(organisation, csv_of(NADIA)) == summary(rows=1, unchanged=1)
    assert apply(organisation, csv_of(NADIA), complete=True) == summary(rows=1, leaves=1, unchanged=1)
    assert Membership.objects.get(name="Piet").until == today()
    assert apply(organisation, csv_of(NADIA), complete=True) == summary(rows=1, unchanged=1)


def test_who_comes_back_is_the_same_person_with_a_second_membership(organisation):
    apply(organisation, csv_of(NADIA))
    Membership.objects.update(since=today() - dt.timedelta(days=100), until=today() - dt.timedelta(days=10))
    assert apply(organisation, csv_of(NADIA)) == summary(rows=1, joins=1)
    assert Person.objects.get().memberships.count() == 2
    assert apply(organisation, csv_of(NADIA)) == summary(rows=1, unchanged=1)


def test_a_row_may_say_when_somebody_leaves(organisation):
    header = ("Naam", "E-mail", "Van", "Tot")
    row = ("Nadia", "nadia@x.example", "1-9-2024")
    apply(organisation, csv_of((*row, ""), header=header))
    assert apply(organisation, csv_of((*row, "1-9-2099"), header=header)) == summary(rows=1, changes=1)
    assert apply(organisation, csv_of((*row, "1-2-2025"), header=header)) == summary(rows=1, leaves=1)
    assert Membership.objects.values_list("since", "until").get() == (dt.date(2024, 9, 1), dt.date(2025, 2, 1))
    assert apply(organisation, csv_of((*row, "1-2-2025"), header=header)) == summary(rows=1, unchanged=1)


def test_an_address_becomes_a_sign_in_address_only_of_who_never_came_in_and_works_nowhere_else(organisation):
    apply(
        organisation,
        csv_of(
            ("Nooit", "nooit@x.example", "1", ""), ("Wel", "wel@x.example", "2", ""), ("Ook", "ook@x.example", "3", "")
        ),
    )
    Person.objects.filter(email="wel@x.example").update(last_login=timezone.now())
    MembershipFactory(person=Person.objects.get(email="ook@x.example"))
    apply(
        organisation,
        csv_of(
            ("Nooit", "nooit@y.example", "1", ""), ("Wel", "wel@y.example", "2", ""), ("Ook", "ook@y.example", "3", "")
        ),
    )
    assert sorted(Membership.objects.filter(organisation=organisation).values_list("work_address", flat=True)) == [
        "nooit@y.example",
        "ook@y.example",
        "wel@y.example",
    ]
    assert sorted(EmailAddress.objects.values_list("email", flat=True)) == [
        "nooit@y.example",
        "ook@x.example",
        "wel@x.example",
    ]
    assert sorted(Person.objects.values_list("email", flat=True)) == [
        "nooit@y.example",
        "ook@x.example",
        "wel@x.example",
    ]


def test_two_rows_that_are_one_person_are_a_mistake(organisation):
    person = person_create(name="Nadia", email="nadia@x.example")
    EmailAddress.objects.create(user=person, email="nadia@y.example", verified=True)
    shown = preview(organisation, csv_of(NADIA, ("Nadia", "nadia@y.example", "", "")))
    assert shown.result["errors"] == [
        {"row": 3, "column": "", "message": "Dit is dezelfde persoon als in rij 2. Haal er een weg."}
    ]


def test_a_list_with_a_mistake_applies_nothing(organisation):
    shown = preview(organisation, csv_of(NADIA, ("Piet", "geen adres", "", "")))
    with pytest.raises(ValidationError, match="Rij 3"):
        roster_apply(roster_import=shown, by=None)
    assert (Person.objects.count(), Membership.objects.count()) == (0, 0)


def test_applying_twice_is_applying_once_and_forgets_the_list(organisation):
    shown = preview(organisation, csv_of(NADIA))
    first = roster_apply(roster_import=shown, by=None)
    again = roster_apply(roster_import=shown, by=None)
    assert (first.result, first.applied_at) == (again.result, again.applied_at)
    assert (Membership.objects.count(), again.rows, again.state) == (1, {}, "applied")


def test_the_ledger_hears_once_who_changed_and_not_who_did_not(organisation):
    heard = []

    def listener(person_ids, **_):
        heard.append(person_ids)

    apply(organisation, csv_of(NADIA))
    memberships_changed.connect(listener)
    try:
        apply(organisation, csv_of(NADIA, PIET))
    finally:
        memberships_changed.disconnect(listener)
    assert heard == [[Person.objects.get(email="piet@x.example").pk]]


def test_what_nobody_applied_is_thrown_away_after_a_week(organisation):
    old, new = preview(organisation, csv_of(NADIA)), preview(organisation, csv_of(NADIA))
    RosterImport.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - dt.timedelta(days=8))
    rosters_forget(now=timezone.now())
    assert list(RosterImport.objects.order_by("pk").values_list("state", flat=True)) == ["discarded", "preview"]
    assert RosterImport.objects.get(pk=old.pk).rows == {}
    assert RosterImport.objects.get(pk=new.pk).rows["rows"]


def test_reading_a_list_takes_the_same_queries_for_one_row_and_for_many(organisation, django_assert_num_queries):
    DepartmentFactory(organisation=organisation, name="Zorg")
    for rows in ([NADIA], [NADIA, PIET, ("Kees", "kees@x.example", "003", "Zorg")]):
        shown = preview(organisation, csv_of(*rows))
        shown.organisation  # noqa: B018
        with django_assert_num_queries(3):
            roster_plan(shown)


def run(path, *options: str) -> tuple[dict, int]:
    out = io.StringIO()
    try:
        call_command(
            "import_roster", str(path), "--organisation", "mondriaan", *options, stdout=out, stderr=io.StringIO()
        )
    except SystemExit as stop:
        return json.loads(out.getvalue().splitlines()[-1]), stop.code
    return json.loads(out.getvalue().splitlines()[-1]), 0


def test_the_command_ends_with_json_and_changes_nothing_when_dry(organisation, tmp_path):
    path = tmp_path / "lijst.csv"
    path.write_bytes(csv_of(NADIA, PIET))
    assert run(path, "--dry-run") == (summary(rows=2, joins=2), 0)
    assert (Membership.objects.count(), RosterImport.objects.count()) == (0, 0)
    assert run(path) == (summary(rows=2, joins=2), 0)
    path.write_bytes(csv_of(NADIA))
    assert run(path, "--complete") == (summary(rows=1, leaves=1, unchanged=1), 0)


def test_the_command_exits_with_1_on_errors(organisation, tmp_path):
    path = tmp_path / "lijst.csv"
    path.write_bytes(csv_of(NADIA, ("Piet", "geen adres", "", "")))
    answer, code = run(path)
    assert (code, answer["errors"], Membership.objects.count()) == (
        1,
        [
            {
                "row": 3,
                "column": "E-mail",
                "message": "“geen adres” is geen e-mailadres. Schrijf het als naam@organisatie.nl.",
            }
        ],
        0,
    )
    path.write_bytes(b"")
    answer, code = run(path)
    assert (code, answer["errors"]) == (1, [{"row": 0, "column": "", "message": "Dit bestand is leeg."}])


people = st.sampled_from(["Nadia", "Piet", "Kees", "Anna", "Sam"])
row = st.tuples(
    people,
    st.sampled_from(["a", "b", "c", "d", "e"]),
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from(["", "Zorg", "Techniek"]),
)
rosters = st.lists(
    st.lists(row, min_size=1, max_size=5, unique_by=(lambda one: one[1], lambda one: one[2] or one[1])),
    min_size=1,
    max_size=4,
)


class RosterProperties(TestCase):
    """Whatever lists come one after the other."""

    @given(rosters, st.lists(st.booleans(), min_size=4, max_size=4))
    @example(  # two people with one work address, of whom one leaves
        [[("Nadia", "a", "", "")], [("Nadia", "c", "1", "")], [("Nadia", "a", "1", "")], [("Nadia", "a", "", "")]],
        [False, False, False, True],
    )
    def test_preview_is_apply_and_twice_is_once(self, lists, complete):
        organisation, other = OrganisationFactory(), OrganisationFactory()
        MembershipFactory(person=person_create(name="Elders", email="a@x.example"), organisation=other)
        MembershipFactory(
            person=person_create(name="Zelf", email="b@x.example"), organisation=organisation, origin="declared"
        )
        untouched = list(Membership.objects.order_by("pk").values())
        for rows, whole in zip(lists, complete, strict=False):
            content = csv_of(
                *((name, f"{address}@x.example", number, department) for name, address, number, department in rows)
            )
            shown = preview(organisation, content, complete=whole)
            if shown.result["errors"]:
                continue
            assert roster_apply(roster_import=shown, by=None).result == shown.result
            after = working_at(organisation)
            again = apply(organisation, content, complete=whole)
            assert {key: again[key] for key in ("joins", "leaves", "moves", "changes")} == dict.fromkeys(
                ("joins", "leaves", "moves", "changes"), 0
            )
            assert working_at(organisation) == after
        assert list(Membership.objects.order_by("pk").values())[:2] == untouched
        assert Person.objects.exclude(memberships=None).count() == Person.objects.count()


def test_a_big_list_is_applied_at_once(organisation):
    content = csv_of(*((f"Persoon {n}", f"p{n}@x.example", f"{n:05d}", f"Afdeling {n % 7}") for n in range(2_000)))
    rows = roster_read(io.BytesIO(content), "lijst.csv")
    roster_apply(roster_import=roster_preview(organisation=organisation, rows=rows, complete=False, by=None), by=None)
    assert organisation.memberships.count() == OutboxMessage.objects.count() == 2_000

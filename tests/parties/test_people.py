"""Making, merging and erasing people; roles and what follows from them; the administrators' screens."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from parties.actions.audit import audit_record
from parties.actions.merging import people_merge, person_erase
from parties.actions.people import person_create
from parties.actions.roles import role_end, role_grant
from parties.models import AuditEntry, Membership, OutboxMessage, Person, Role
from parties.periods import today
from parties.rules import may_approve_law, may_edit_site, may_enter_cms
from parties.signals import due, memberships_changed, people_merging, person_erasing
from tests.factories import (
    DepartmentFactory,
    MembershipFactory,
    OrganisationFactory,
    PartyFactory,
    PersonFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2024, 1, 1)


@pytest.mark.db
def test_an_address_is_somebodys_once_whatever_its_case():
    person_create(name="Een", email="Een@Example.org")
    with pytest.raises(ValidationError, match="al iemand in"):
        person_create(name="Twee", email="een@example.ORG")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(name="Drie", email="EEN@example.org")


def test_who_has_no_address_exists_all_the_same():
    for name in ("Een", "Twee"):
        person_create(name=name)
    assert list(Person.objects.values_list("email", flat=True)) == [None, None]


def rights(person: Person) -> tuple:
    person = Person.objects.get(pk=person.pk)
    return person.is_staff, person.is_superuser, list(person.groups.values_list("name", flat=True))


def test_admin_rights_follow_roles():
    person = PersonFactory()
    editor = role_grant(person=person, kind="editor", since=LONG_AGO)
    assert rights(person) == (False, False, ["Redactie"])
    administrator = role_grant(person=person, kind="administrator", since=LONG_AGO)
    assert rights(person) == (True, True, ["Redactie"])
    role_end(role=editor, until=today(), by=None)
    role_end(role=administrator, until=today(), by=None)
    assert rights(person) == (False, False, [])


def test_an_expert_enters_the_editors_admin_and_edits_nothing():
    person = PersonFactory()
    role = role_grant(person=person, kind="expert", since=LONG_AGO)
    assert rights(person) == (False, False, ["Deskundigen"])
    assert (may_enter_cms(person), may_approve_law(person), may_edit_site(person)) == (True, True, False)
    role_end(role=role, until=today(), by=None)
    assert rights(person) == (False, False, [])
    person = Person.objects.get(pk=person.pk)
    assert (may_enter_cms(person), may_approve_law(person)) == (False, False)


def test_admin_rights_begin_and_end_with_the_day():
    begins, ends = PersonFactory(), PersonFactory(is_staff=True, is_superuser=True)
    RoleFactory(person=begins, kind="editor", since=today())
    RoleFactory(person=ends, kind="administrator", since=LONG_AGO, until=today())
    due.send(sender=None, now=timezone.now())
    assert (rights(begins), rights(ends)) == ((False, False, ["Redactie"]), (False, False, []))


def test_a_role_has_the_scope_of_its_kind():
    person, organisation = PersonFactory(), OrganisationFactory()
    for wrong in (
        {"kind": "hr"},
        {"kind": "coordinator"},
        {"kind": "trainer", "organisation": organisation},
        {"kind": "hr", "organisation": organisation, "party": PartyFactory()},
        {"kind": "hr", "organisation": organisation, "department": DepartmentFactory()},
    ):
        with pytest.raises(ValidationError):
            role_grant(person=person, **wrong)
    assert not Role.objects.exists()


@pytest.fixture
def two() -> tuple[Person, Person]:
    return person_create(name="", email="kept@example.org"), person_create(name="Dubbel", email="merged@example.org")


def test_everything_of_the_merged_person_moves(two):
    kept, merged = two
    party = PartyFactory()
    elsewhere = MembershipFactory(person=merged)
    for person in two:
        RoleFactory(person=person, kind="coordinator", party=party)
    RoleFactory(person=merged, kind="trainer")
    audit_record(by=merged, verb="x.y", about=merged)
    OutboxMessage.objects.create(kind="x", to_address="merged@example.org", person=merged, message_id="<1>")
    heard = []

    def listener(sender, **signal):
        heard.append({key: value for key, value in signal.items() if key != "signal"})

    memberships_changed.connect(listener)
    people_merging.connect(listener)
    merged_id = merged.pk
    people_merge(kept=kept, merged=merged, by=None)
    memberships_changed.disconnect(listener)
    people_merging.disconnect(listener)
    elsewhere.refresh_from_db()
    kept.refresh_from_db()
    assert (elsewhere.person, kept.name, Person.objects.filter(name="Dubbel").get()) == (kept, "Dubbel", kept)
    assert sorted(kept.roles.values_list("kind", flat=True)) == ["coordinator", "trainer"]
    assert sorted(EmailAddress.objects.values_list("user", "email", "primary")) == [
        (kept.pk, "kept@example.org", True),
        (kept.pk, "merged@example.org", False),
    ]
    assert OutboxMessage.objects.get().person == kept
    assert AuditEntry.objects.get(verb="x.y").actor == kept
    assert heard[0]["kept"] == kept
    assert heard[1] == {"person_ids": [kept.pk, merged_id]}
    with pytest.raises(ValidationError):
        people_merge(kept=kept, merged=kept, by=None)


def test_of_two_memberships_at_one_organisation_the_one_that_counts_stays_and_no_day_is_lost(two):
    kept, merged = two
    organisation = OrganisationFactory()
    MembershipFactory(person=kept, organisation=organisation, origin="declared", since=LONG_AGO)
    MembershipFactory(
        person=merged, organisation=organisation, origin="roster", since=dt.date(2025, 1, 1), personnel_number="1"
    )
    people_merge(kept=kept, merged=merged, by=None)
    assert list(Membership.objects.order_by("origin").values_list("person", "origin", "since", "until")) == [
        (kept.pk, "declared", LONG_AGO, today()),
        (kept.pk, "roster", LONG_AGO, None),
    ]


def test_who_had_no_address_gets_that_of_the_other():
    kept, merged = person_create(name="Nadia"), person_create(name="Nadia", email="nadia@example.org")
    people_merge(kept=kept, merged=merged, by=None)
    kept.refresh_from_db()
    assert kept.email == "nadia@example.org"
    assert EmailAddress.objects.values_list("user", "email", "primary").get() == (kept.pk, "nadia@example.org", True)


def test_an_erased_person_is_gone_and_the_apps_above_hear_it_first(two):
    person, other = two
    MembershipFactory(person=person)
    OutboxMessage.objects.create(kind="code", to_address="kept@example.org", message_id="<1>")
    OutboxMessage.objects.create(kind="code", to_address="merged@example.org", message_id="<2>")
    there = []

    def listener(person, **_):
        there.append(Person.objects.filter(pk=person.pk).exists())

    person_erasing.connect(listener)
    person_erase(person=person, by=person)
    person_erasing.disconnect(listener)
    assert there == [True]
    assert list(Person.objects.all()) == [other]
    assert not Membership.objects.exists()
    assert list(OutboxMessage.objects.values_list("to_address", flat=True)) == ["merged@example.org"]
    assert AuditEntry.objects.values_list("verb", "actor", "about").get() == ("person.erase", None, None)


@pytest.fixture
def administrator(client) -> Person:
    person = person_create(name="Bas", email="bas@example.org")
    role_grant(person=person, kind="administrator", since=LONG_AGO)
    client.force_login(Person.objects.get(pk=person.pk))
    return person


def test_administrators_make_people_and_close_them(client, administrator):
    client.post(
        "/beheer/parties/person/add/",
        {
            "name": "Nieuw",
            "email": "Nieuw@example.org",
            "language": "nl",
            "is_active": "on",
            **formsets("memberships", "roles"),
        },
    )
    made = Person.objects.get(name="Nieuw")
    assert EmailAddress.objects.values_list("email", "verified").get(user=made) == ("nieuw@example.org", True)
    client.post(
        f"/beheer/parties/person/{made.pk}/change/",
        {"name": "Nieuwe Naam", "language": "nl", **formsets("memberships", "roles")},
    )
    made.refresh_from_db()
    assert (made.name, made.is_active, made.email) == ("Nieuwe Naam", False, "nieuw@example.org")
    assert AuditEntry.objects.filter(verb="person.close", actor=administrator, about=made).exists()


def formsets(*prefixes: str) -> dict[str, str]:
    return {f"{prefix}-{name}": "0" for prefix in prefixes for name in ("TOTAL_FORMS", "INITIAL_FORMS")}


def test_administrators_give_and_end_roles(client, administrator):
    person = PersonFactory()
    wrong = client.post("/beheer/parties/role/add/", {"person": person.pk, "kind": "hr", "since": "2024-01-01"})
    assert "HR heeft een organisatie" in wrong.content.decode()
    client.post("/beheer/parties/role/add/", {"person": person.pk, "kind": "editor", "since": "2024-01-01"})
    assert rights(person) == (False, False, ["Redactie"])
    role = person.roles.get()
    client.post(f"/beheer/parties/role/{role.pk}/change/", {"until": today().isoformat()})
    assert rights(person) == (False, False, [])
    assert list(AuditEntry.objects.filter(about=person).order_by("pk").values_list("verb", "actor")) == [
        ("role.grant", administrator.pk),
        ("role.end", administrator.pk),
    ]


def test_administrators_merge_two_people_after_a_question(client, administrator):
    kept, merged = PersonFactory(), PersonFactory()
    LogEntry.objects.create(user=merged, action_flag=1)
    asked = client.post("/beheer/parties/person/", {"action": "merge", "_selected_action": [kept.pk, merged.pk]})
    assert asked.status_code == 302
    assert client.get(asked.url).status_code == 200
    client.post(asked.url, {"kept": kept.pk})
    assert not Person.objects.filter(pk=merged.pk).exists()
    assert LogEntry.objects.filter(user=kept).exists()
    assert AuditEntry.objects.values_list("verb", "actor", "about").get(verb="people.merge") == (
        "people.merge",
        administrator.pk,
        kept.pk,
    )


@pytest.mark.parametrize("model", ["person", "role", "organisation", "party", "auditentry"])
def test_every_screen_of_administrators_opens(client, administrator, model):
    OrganisationFactory()
    PartyFactory()
    assert client.get(f"/beheer/parties/{model}/?q=a").status_code == 200
    first = {"person": Person, "role": Role, "auditentry": AuditEntry}.get(model)
    if first:
        assert client.get(f"/beheer/parties/{model}/{first.objects.first().pk}/change/").status_code == 200

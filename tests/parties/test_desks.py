"""Places to turn to: who keeps which, and what everybody reads."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from parties.actions.desks import desk_add, desk_change, desk_move, desk_remove
from parties.desks import places_for
from parties.models import AuditEntry, Desk, Party, Person
from parties.rules import may_edit_desks
from parties.signals import desks_changed
from tests.factories import (
    AffiliationFactory,
    MembershipFactory,
    OrganisationFactory,
    PartyFactory,
    PersonFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db
VALUES = {"name": "Vertrouwenspersoon", "for_whom": "studenten", "offer": "Luistert.", "email": "v@school.example"}
OWN = "/partijen/eigen/waar-kun-je-terecht/"
EVERYONE = "/waar-kun-je-terecht/plekken/"


@pytest.fixture
def party() -> Party:
    return PartyFactory(slug="eigen", name="De eigen partij", position=2)


@pytest.fixture
def coordinator(party: Party) -> Person:
    return RoleFactory(kind="coordinator", party=party).person


def add(party: Party | None, name: str, **values: str) -> Desk:
    return desk_add(party=party, values={**VALUES, "name": name, **values}, by=None)


def names(party: Party | None) -> list[str]:
    return list(Desk.objects.of(party).values_list("name", flat=True))


def paths(start: str, desk: Desk) -> list[str]:
    return [start, f"{start}nieuw/", f"{start}{desk.pk}/", f"{start}{desk.pk}/weg/"]


ROLES = [
    "coordinator",
    "other coordinator",
    "hr",
    "trainer",
    "facilitator",
    "network",
    "editor",
    "administrator",
    "none",
]
MAY = {"eigen": {"coordinator"}, "everyone": {"editor", "administrator"}}


def somebody(role: str, party: Party) -> Person:
    if role == "none":
        return PersonFactory()
    if role == "coordinator":
        return RoleFactory(kind=role, party=party).person
    if role == "other coordinator":
        return RoleFactory(kind="coordinator", party=PartyFactory()).person
    scope = {"organisation": OrganisationFactory()} if role == "hr" else {}
    return RoleFactory(kind=role, **scope).person


@pytest.mark.parametrize("role", ROLES)
def test_who_keeps_which_places(client, party, role):
    person = somebody(role, party)
    client.force_login(person)
    for whose, start, scope in [("eigen", OWN, party), ("everyone", EVERYONE, None)]:
        desk = add(scope, "Een plek")
        allowed = role in MAY[whose]
        assert may_edit_desks(person, scope) is allowed
        assert {client.get(path).status_code for path in paths(start, desk)} == {200 if allowed else 404}
        for path in [f"{start}nieuw/", f"{start}{desk.pk}/"]:
            assert client.post(path, {**VALUES, "name": "Nieuwe naam"}).status_code == (302 if allowed else 404)
        assert client.post(f"{start}{desk.pk}/verplaatsen/", {"naar": "onder"}).status_code == (302 if allowed else 404)
        assert names(scope) == (["Nieuwe naam", "Nieuwe naam"] if allowed else ["Een plek"])
        assert client.post(f"{start}{desk.pk}/weg/").status_code == (302 if allowed else 404)
        assert len(names(scope)) == 1


def test_a_place_of_another_party_is_not_there_under_ones_own_address(client, party, coordinator):
    other = add(PartyFactory(), "Van een ander")
    general = add(None, "Voor iedereen")
    client.force_login(coordinator)
    for desk in (other, general):
        assert {client.get(path).status_code for path in paths(OWN, desk)[2:]} == {404}
        assert client.post(f"{OWN}{desk.pk}/", VALUES).status_code == 404
        assert client.post(f"{OWN}{desk.pk}/weg/").status_code == 404
        assert client.post(f"{OWN}{desk.pk}/verplaatsen/", {"naar": "boven"}).status_code == 404
    assert set(Desk.objects.values_list("name", flat=True)) == {"Van een ander", "Voor iedereen"}


@pytest.mark.parametrize("path", [OWN, EVERYONE, "/partijen/bestaat-niet/waar-kun-je-terecht/", f"{OWN}1/weg/"])
def test_who_is_not_signed_in_goes_to_the_sign_in_page(client, party, path):
    assert client.get(path).url == f"/inloggen/?next={path}"


def test_a_coordinator_adds_changes_and_takes_away(client, party, coordinator):
    client.force_login(coordinator)
    page = client.post(
        f"{OWN}nieuw/", {**VALUES, "phone": "+31 70 (123) 45-67", "url": "school.example/plek"}, follow=True
    )
    desk = Desk.objects.get()
    assert (desk.party, desk.phone, desk.tel, desk.url, desk.is_example) == (
        party, "+31 70 (123) 45-67", "+31701234567", "https://school.example/plek", False,
    )  # fmt: skip
    body = page.content.decode()
    for link in ['href="tel:+31701234567"', 'href="mailto:v@school.example"', 'href="https://school.example/plek"']:
        assert link in body
    client.post(f"{OWN}{desk.pk}/", {**VALUES, "offer": "Denkt mee.", "phone": ""})
    desk.refresh_from_db()
    assert (desk.offer, desk.phone) == ("Denkt mee.", "")
    question = client.get(f"{OWN}{desk.pk}/weg/")
    assert (question.status_code, Desk.objects.count()) == (200, 1)
    client.post(f"{OWN}{desk.pk}/weg/")
    assert Desk.objects.count() == 0
    assert list(AuditEntry.objects.order_by("pk").values_list("actor", "verb", "target")) == [
        (coordinator.pk, f"desk.{verb}", f"desk:{desk.pk}") for verb in ("add", "change", "remove")
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"for_whom": ""}, "for_whom"),
        ({"offer": ""}, "offer"),
        ({"phone": "bel maar"}, "phone"),
        ({"email": "geen adres"}, "email"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"email": ""}, "__all__"),
    ],
)
def test_what_is_not_right_is_said_and_stays(client, party, coordinator, wrong, field):
    client.force_login(coordinator)
    answer = client.post(f"{OWN}nieuw/", {**VALUES, "hours": "op maandag", **wrong})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert 'value="op maandag"' in answer.content.decode()
    assert Desk.objects.count() == 0
    with pytest.raises(ValidationError):
        desk_add(party=party, values={**VALUES, **wrong}, by=None)


def test_the_order_is_kept_and_ends_hold(party):
    desks = [add(party, name) for name in "abc"]
    other = add(PartyFactory(), "x")
    desk_move(desk=desks[2], up=True, by=None)
    assert names(party) == ["a", "c", "b"]
    desk_move(desk=desks[0], up=True, by=None)
    desk_move(desk=desks[1], up=False, by=None)
    assert names(party) == ["a", "c", "b"]
    desk_remove(desk=desks[2], by=None)
    assert names(add(party, "d").party) == ["a", "b", "d"]
    desk_move(desk=desks[0], up=False, by=None)
    assert (names(party), names(other.party)) == (["b", "a", "d"], ["x"])


def test_an_example_that_somebody_changes_is_one_no_longer(party):
    desk = desk_add(party=party, values=VALUES, by=None, is_example=True)
    assert Desk.objects.get().is_example
    desk_change(desk=desk, values={**VALUES, "name": "Echt"}, by=None)
    assert [(one.name, one.is_example) for one in Desk.objects.all()] == [("Echt", False)]


def test_every_write_is_told(party):
    heard = []

    def listener(**_):
        heard.append(Desk.objects.count())

    desks_changed.connect(listener)
    one, two = add(party, "a"), add(party, "b")
    desk_change(desk=one, values=VALUES, by=None)
    desk_move(desk=two, up=True, by=None)
    desk_remove(desk=one, by=None)
    desks_changed.disconnect(listener)
    assert heard == [1, 2, 2, 2, 1]


def test_the_page_shows_everyones_places_and_then_ones_own_party_first(party, coordinator):
    first = PartyFactory(slug="eerste", position=1)
    add(party, "Bij ons")
    add(None, "Voor iedereen")
    organisation = OrganisationFactory()
    AffiliationFactory(organisation=organisation, party=party)
    colleague = MembershipFactory(organisation=organisation).person

    def shown(person):
        return [(one.party, [desk.name for desk in one.desks], one.own, one.may_edit) for one in places_for(person)]

    assert shown(PersonFactory()) == [
        (None, ["Voor iedereen"], False, False),
        (first, [], False, False),
        (party, ["Bij ons"], False, False),
    ]
    assert shown(colleague) == [
        (None, ["Voor iedereen"], False, False),
        (party, ["Bij ons"], True, False),
        (first, [], False, False),
    ]
    assert [may for _, _, _, may in shown(coordinator)] == [False, False, True]
    assert [may for _, _, _, may in shown(RoleFactory(kind="editor").person)] == [True, False, False]


@pytest.mark.parametrize("count", [1, 3])
def test_the_places_cost_three_queries(count, django_assert_num_queries: DjangoAssertNumQueries):
    for _ in range(count):
        party = PartyFactory()
        AffiliationFactory(party=party)
        for name in "ab"[:count]:
            add(party, name)
    person = RoleFactory(kind="editor").person
    may_edit_desks(person, None)  # the roles, which the menu reads anyway
    with django_assert_num_queries(3):
        assert len(places_for(person)) == count + 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_a_party_costs_the_same_whatever_its_length(
    client, party, coordinator, count, django_assert_num_queries
):
    for number in range(count):
        add(party, f"Plek {number}")
    client.force_login(coordinator)
    with django_assert_num_queries(5):  # visit, person, party, roles, places
        assert len(client.get(OWN).context["rows"]) == count


@pytest.mark.db
def test_the_database_refuses_a_place_of_a_party_that_nobody_can_reach(party):
    with pytest.raises(IntegrityError, match="desk_of_a_party_can_be_reached"), transaction.atomic():
        Desk.objects.create(party=party, name="Plek", for_whom="iedereen", offer="Luistert.")
    Desk.objects.create(name="Plek", for_whom="iedereen", offer="Luistert.")
    assert names(party) == []

"""Choosing where one works, confirming it, and one's own details."""

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from parties.actions.addresses import address_make_primary
from parties.actions.memberships import membership_confirm, membership_declare, membership_decline, membership_end
from parties.actions.people import person_create
from parties.models import AuditEntry, Membership, OutboxMessage, Person
from parties.periods import today
from parties.signals import address_changed, memberships_changed
from tests.factories import AffiliationFactory, MembershipFactory, OrganisationFactory, PersonFactory, RoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client) -> Person:
    one = person_create(name="Sevgi van Vliet", email="sevgi@vanvliet.example")
    client.force_login(one)
    return one


@pytest.fixture
def heard():
    seen = []

    def listener(person_ids, **_):
        seen.append(person_ids)

    memberships_changed.connect(listener)
    yield seen
    memberships_changed.disconnect(listener)


def rows() -> list[tuple]:
    return list(Membership.objects.order_by("pk").values_list("person__name", "side", "origin", "state", "until"))


def test_who_declares_waits_until_hr_confirms_and_each_hears_of_it(person, heard):
    organisation = OrganisationFactory(name="Bakkerij Van Es")
    hr = RoleFactory(kind="hr", organisation=organisation).person
    membership = membership_declare(person=person, organisation=organisation, side="workplace")
    assert rows() == [("Sevgi van Vliet", "workplace", "declared", "waiting", None)]
    assert list(Membership.objects.counted()) == []
    asked = OutboxMessage.objects.get()
    assert (asked.to_address, asked.kind) == (hr.email, "confirmation-asked")
    assert "Sevgi" not in asked.subject + asked.text + asked.html
    assert "/organisaties/" in asked.text
    membership_confirm(membership=membership, by=hr)
    assert rows() == [("Sevgi van Vliet", "workplace", "declared", "confirmed", None)]
    answered = OutboxMessage.objects.latest("pk")
    assert (answered.to_address, answered.subject) == (person.email, "Je werkplek is bevestigd: Bakkerij Van Es")
    assert heard == [[person.pk], [person.pk]]
    assert AuditEntry.objects.values_list("actor", "verb", "about").get() == (hr.pk, "membership.confirm", person.pk)
    with pytest.raises(ValidationError, match="al op geantwoord"):
        membership_decline(membership=membership, by=hr)


def test_who_was_declined_may_try_again_and_nobody_declares_twice(person):
    organisation = OrganisationFactory()
    hr = RoleFactory(kind="hr", organisation=organisation).person
    membership_decline(membership=membership_declare(person=person, organisation=organisation, side="school"), by=hr)
    membership_declare(person=person, organisation=organisation, side="school")
    with pytest.raises(ValidationError, match="heb je al"):
        membership_declare(person=person, organisation=organisation, side="school")


def test_a_membership_ends_after_it_begins_and_once(person):
    membership = MembershipFactory(person=person, since=dt.date(2026, 1, 1))
    with pytest.raises(ValidationError, match="later zijn dan het begin"):
        membership_end(membership=membership, until=dt.date(2026, 1, 1), by=person)
    membership_end(membership=membership, until=dt.date(2026, 2, 1), by=person)
    with pytest.raises(ValidationError, match="al gestopt"):
        membership_end(membership=membership, until=dt.date(2026, 3, 1), by=person)


def test_one_searches_an_organisation_and_sees_nothing_of_others(client, person):
    here = OrganisationFactory(name="Bakkerij Van Es", slug="bakkerij-van-es", place="Scheveningen")
    OrganisationFactory(name="Garage Segbroek")
    MembershipFactory(organisation=here, person__name="Iemand Anders")
    body = client.get("/mijn/werkplek/?zoek=bakkerij+sche").content.decode()
    assert re.findall(r"organisatie=([\w-]+)", body) == ["bakkerij-van-es"]
    assert "Iemand Anders" not in body
    assert "kennen we nog niet" in client.get("/mijn/werkplek/?zoek=zzzz").content.decode()
    assert "minstens twee letters" in client.get("/mijn/werkplek/?zoek=b").content.decode()


def test_searching_costs_the_same_for_one_and_for_twenty(client, person, django_assert_num_queries):
    for more in (1, 22):
        for _ in range(more):
            OrganisationFactory()
        with django_assert_num_queries(5):
            client.get("/mijn/werkplek/?zoek=organisatie")


def test_somebody_new_gives_a_name_a_side_and_goes_on(client):
    person = person_create(name="", email="nieuw@example.org")
    client.force_login(person)
    OrganisationFactory(slug="bakkerij", default_side="workplace")
    path = "/mijn/werkplek/?organisatie=bakkerij"
    missing = client.post(path, {"side": "workplace", "next": "/trainingen/3/"})
    assert "Vul je naam in." in missing.content.decode()
    assert 'value="/trainingen/3/"' in missing.content.decode()
    done = client.post(path, {"name": " Nieuw  Persoon ", "side": "school", "next": "/trainingen/3/"})
    assert done.url == "/trainingen/3/"
    assert rows() == [("Nieuw Persoon", "school", "declared", "waiting", None)]
    again = client.post(path, {"side": "school"})
    assert "Deze werkplek heb je al." in again.content.decode()


def test_hr_answers_on_its_page_and_only_those_who_wait_here(client):
    organisation = OrganisationFactory(slug="hier")
    client.force_login(RoleFactory(kind="hr", organisation=organisation).person)
    here = MembershipFactory(organisation=organisation, origin="declared", state="waiting", person__name="Hier Wacht")
    there = MembershipFactory(origin="declared", state="waiting", person__name="Elders Wacht")
    body = client.get("/organisaties/hier/bevestigen/").content.decode()
    assert ("Hier Wacht" in body, "Elders Wacht" in body) == (True, False)
    for membership in (there, here):
        client.post("/organisaties/hier/bevestigen/", {"membership": membership.pk, "answer": "confirm"})
    assert sorted(Membership.objects.values_list("person__name", "state")) == [
        ("Elders Wacht", "waiting"),
        ("Hier Wacht", "confirmed"),
    ]
    assert "Niemand wacht" in client.get("/organisaties/hier/bevestigen/").content.decode()


def test_a_coordinator_answers_where_there_is_no_hr(client):
    affiliation = AffiliationFactory(organisation__slug="hier")
    client.force_login(RoleFactory(kind="coordinator", party=affiliation.party).person)
    membership = MembershipFactory(organisation=affiliation.organisation, origin="declared", state="waiting")
    client.post("/organisaties/hier/bevestigen/", {"membership": membership.pk, "answer": "decline"})
    assert Membership.objects.get().state == "declined"


def test_who_waits_costs_the_same_queries_for_one_and_for_three(client, django_assert_num_queries):
    organisation = OrganisationFactory(slug="hier")
    client.force_login(RoleFactory(kind="hr", organisation=organisation).person)
    for more in (1, 2):
        for _ in range(more):
            MembershipFactory(organisation=organisation, origin="declared", state="waiting")
        with django_assert_num_queries(6):
            client.get("/organisaties/hier/bevestigen/")


def test_name_and_language_are_ones_own(client, person):
    assert client.post("/mijn/gegevens/", {"name": "Sevgi", "language": "en"}).url == "/mijn/gegevens/"
    person.refresh_from_db()
    assert (person.name, person.language) == ("Sevgi", "en")
    body = client.post("/mijn/gegevens/", {"name": "", "language": "nl"}).content.decode()
    assert "Vul je naam in." in body
    assert Person.objects.get().name == "Sevgi"


def test_details_cost_the_same_queries_for_one_and_for_three_of_each(client, person, django_assert_num_queries):
    for more in (1, 2):
        for _ in range(more):
            MembershipFactory(person=person)
            EmailAddress.objects.create(user=person, email=f"{EmailAddress.objects.count()}@x.example", verified=True)
        with django_assert_num_queries(5):
            client.get("/mijn/gegevens/")


def add_address(client, address: str, code: str | None = None):
    client.post("/mijn/gegevens/adres/", {"email": address})
    sent = re.findall(r"\b\d{6}\b", OutboxMessage.objects.filter(to_address=address).latest("pk").text)[0]
    return client.post("/mijn/gegevens/adres/code/", {"code": code or sent, "action": "verify"})


def test_an_address_counts_once_its_code_came_back(client, person):
    assert "klopt niet" in add_address(client, "sevgi@werk.example", "12").content.decode()
    assert EmailAddress.objects.count() == 1
    assert add_address(client, "Sevgi@werk.example".lower()).url == "/mijn/gegevens/"
    assert list(EmailAddress.objects.order_by("pk").values_list("email", "verified", "primary")) == [
        ("sevgi@vanvliet.example", True, True),
        ("sevgi@werk.example", True, False),
    ]


def test_adding_an_address_of_somebody_else_says_nothing_until_its_mail_was_read(client, person):
    person_create(name="Ander", email="ander@example.org")
    taken = client.post("/mijn/gegevens/adres/", {"email": "ander@example.org"})
    free = client.post("/mijn/gegevens/adres/", {"email": "vrij@example.org"})
    assert (taken.status_code, taken.url) == (free.status_code, free.url)
    add_address(client, "ander@example.org")
    assert "al een ander account" in client.get("/mijn/gegevens/").content.decode()
    assert EmailAddress.objects.get(email="ander@example.org").user.name == "Ander"


def test_a_code_for_an_address_is_of_who_asked_it(client, person):
    client.post("/mijn/gegevens/adres/", {"email": "nieuw@example.org"})
    challenge = client.session["code_challenge"]
    client.force_login(PersonFactory())
    session = client.session
    session["code_challenge"] = challenge
    session.save()
    assert client.get("/mijn/gegevens/adres/code/").url == "/mijn/gegevens/"


def test_a_work_address_from_a_list_can_be_confirmed(client, person):
    MembershipFactory(person=person, work_address="s.vanvliet@roc.example")
    assert "s.vanvliet@roc.example" in client.get("/mijn/gegevens/").content.decode()
    assert not EmailAddress.objects.filter(email="s.vanvliet@roc.example").exists()
    add_address(client, "s.vanvliet@roc.example")
    assert EmailAddress.objects.get(email="s.vanvliet@roc.example").user == person


def test_mail_moves_to_another_address_and_that_one_cannot_go(client, person):
    told = []

    def listener(person, **_):
        told.append(person.email)

    address_changed.connect(listener)
    row = EmailAddress.objects.create(user=person, email="sevgi@werk.example", verified=True)
    client.post(f"/mijn/gegevens/adres/{row.pk}/", {"action": "primary"})
    address_make_primary(row=row)
    address_changed.disconnect(listener)
    assert told == ["sevgi@werk.example"]
    client.post(f"/mijn/gegevens/adres/{row.pk}/", {"action": "remove"})
    client.post(f"/mijn/gegevens/adres/{EmailAddress.objects.get(primary=False).pk}/", {"action": "remove"})
    assert list(EmailAddress.objects.values_list("email", "primary")) == [("sevgi@werk.example", True)]
    assert Person.objects.get().email == "sevgi@werk.example"


def test_the_addresses_and_workplaces_of_others_are_not_there(client, person):
    other = person_create(name="Ander", email="ander@example.org")
    row, membership = EmailAddress.objects.get(user=other), MembershipFactory(person=other)
    assert client.post(f"/mijn/gegevens/adres/{row.pk}/", {"action": "remove"}).status_code == 404
    assert client.post(f"/mijn/werkplek/{membership.pk}/stoppen/").status_code == 404


def test_one_stops_working_somewhere(client, person):
    old, new = MembershipFactory(person=person), MembershipFactory(person=person, since=today())
    for membership in (old, new):
        client.post(f"/mijn/werkplek/{membership.pk}/stoppen/")
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.until, new.until) == (today(), today() + dt.timedelta(days=1))


def test_a_password_is_set_only_by_who_just_came_in(client, person, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    assert "Log eerst nog een keer in" in client.get("/mijn/gegevens/wachtwoord/").content.decode()
    client.post("/mijn/gegevens/wachtwoord/", {"password": "vier woorden op een rij"})
    assert not Person.objects.get().has_usable_password()
    assert (
        client.post("/mijn/gegevens/wachtwoord/", {"action": "again"}).url
        == "/inloggen/?next=%2Fmijn%2Fgegevens%2Fwachtwoord%2F"
    )
    client.post("/inloggen/", {"email": person.email, "next": "/mijn/gegevens/wachtwoord/"})
    code = re.findall(r"\b\d{6}\b", OutboxMessage.objects.latest("pk").text)[0]
    assert client.post("/inloggen/code/", {"code": code, "action": "verify"}).url == "/mijn/gegevens/wachtwoord/"
    assert "12 tekens" in client.post("/mijn/gegevens/wachtwoord/", {"password": "kort"}).content.decode()
    assert client.post("/mijn/gegevens/wachtwoord/", {"password": "vier woorden op een rij"}).url == "/mijn/gegevens/"
    assert Person.objects.get().check_password("vier woorden op een rij")
    assert client.get("/mijn/gegevens/").status_code == 200

"""Coordinators: organisations of their party, and the first person of HR in each."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from parties.actions.affiliations import affiliation_end, affiliation_start
from parties.actions.organisations import hr_contact_add, organisation_add
from parties.actions.people import person_create
from parties.models import Affiliation, Organisation, OutboxMessage, Party, Person, Role
from parties.periods import today
from parties.signals import affiliations_changed
from tests.factories import AffiliationFactory, OrganisationFactory, PartyFactory, RoleFactory

pytestmark = pytest.mark.django_db
PATH = "/partijen/partij/organisaties/"


@pytest.fixture
def party(client) -> Party:
    one = PartyFactory(slug="partij", name="De partij")
    client.force_login(RoleFactory(kind="coordinator", party=one).person)
    return one


def test_a_coordinator_adds_an_organisation_and_its_hr(client, party):
    heard = []

    def listener(organisation_ids, **_):
        heard.append(organisation_ids)

    affiliations_changed.connect(listener)
    there = client.post(
        f"{PATH}nieuw/", {"name": " Bakkerij  Van Es ", "place": "Den Haag", "default_side": "workplace"}
    ).url
    affiliations_changed.disconnect(listener)
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.slug, there) == (
        "Bakkerij Van Es",
        "bakkerij-van-es",
        f"{PATH}bakkerij-van-es/hr/",
    )
    assert heard == [[organisation.pk]]
    assert Affiliation.objects.values_list("organisation", "party", "since", "until").get() == (
        organisation.pk,
        party.pk,
        today(),
        None,
    )
    client.post(there, {"name": "Els", "email": "ELS@bakkerij.example"})
    role = Role.objects.get(kind="hr")
    assert (role.organisation, role.department, role.person.email, role.person.name) == (
        organisation,
        None,
        "els@bakkerij.example",
        "Els",
    )
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.kind) == ("els@bakkerij.example", "hr-contact")
    assert "/organisaties/bakkerij-van-es/" in mail.text
    assert client.get(there).status_code == 404


def test_bad_input_gets_a_sentence_and_stays(client, party):
    OrganisationFactory(name="Bakkerij Van Es")
    body = client.post(f"{PATH}nieuw/", {"name": "bakkerij van es", "place": "Delft"}).content.decode()
    assert "Deze organisatie is er al." in body
    assert "Kies van welke kant de mensen daar begeleiden." in body
    assert 'value="Delft"' in body
    with pytest.raises(ValidationError):
        organisation_add(name="BAKKERIJ VAN ES", default_side="school", place="", party=party, by=None)


def test_two_names_that_make_one_slug(party):
    slugs = [
        organisation_add(name=name, default_side="school", place="", party=party, by=None).slug
        for name in ("De Hoek", "De Hoek!", "De-Hoek", "???")
    ]
    assert slugs == ["de-hoek", "de-hoek-2", "de-hoek-3", "organisatie"]


def test_the_first_of_hr_may_be_somebody_who_is_known_and_nobody_hears_that(client, party):
    known = person_create(name="Els Bakker", email="els@bakkerij.example")
    for name, address in (("Iemand", "els@bakkerij.example"), ("Iemand", "piet@bakkerij.example")):
        organisation = AffiliationFactory(party=party).organisation
        answer = client.post(f"{PATH}{organisation.slug}/hr/", {"name": name, "email": address}, follow=True)
        assert "Iemand krijgt een mail om binnen te komen." in answer.content.decode()
        assert "Els Bakker" not in answer.content.decode()
    assert Role.objects.filter(person=known, kind="hr").count() == 1
    known.refresh_from_db()
    assert known.name == "Els Bakker"
    with pytest.raises(ValidationError):
        hr_contact_add(organisation=organisation, name="Nog een", address="nog@bakkerij.example", by=None)
    assert not Person.objects.filter(email="nog@bakkerij.example").exists()


def test_an_organisation_that_exists_joins_and_leaves_again(client, party):
    organisation = OrganisationFactory(name="Garage Segbroek")
    AffiliationFactory(organisation=organisation)
    assert "Garage Segbroek" in client.get(f"{PATH}?zoek=garage").content.decode()
    client.post(f"{PATH}aansluiten/", {"organisation": organisation.pk})
    client.post(f"{PATH}aansluiten/", {"organisation": organisation.pk})
    affiliation = Affiliation.objects.get(party=party)
    assert client.get(f"{PATH}{affiliation.pk}/stoppen/").status_code == 200
    client.post(f"{PATH}{affiliation.pk}/stoppen/")
    affiliation.refresh_from_db()
    assert (affiliation.since, affiliation.until) == (today(), today() + dt.timedelta(days=1))
    assert client.get(f"{PATH}{affiliation.pk}/stoppen/").status_code == 404
    assert Affiliation.objects.filter(organisation=organisation, until=None).count() == 1


def test_affiliations_do_not_overlap_and_end_once(party):
    organisation = OrganisationFactory()
    first = affiliation_start(organisation=organisation, party=party, since=dt.date(2025, 1, 1), by=None)
    with pytest.raises(ValidationError):
        affiliation_start(organisation=organisation, party=party, since=dt.date(2026, 1, 1), by=None)
    with pytest.raises(ValidationError):
        affiliation_end(affiliation=first, until=dt.date(2025, 1, 1), by=None)
    affiliation_end(affiliation=first, until=dt.date(2026, 1, 1), by=None)
    with pytest.raises(ValidationError):
        affiliation_end(affiliation=first, until=dt.date(2026, 2, 1), by=None)
    affiliation_start(organisation=organisation, party=party, since=dt.date(2026, 1, 1), by=None)


def test_organisations_of_another_party_are_not_there(client, party):
    other = AffiliationFactory()
    assert client.post(f"{PATH}{other.pk}/stoppen/").status_code == 404
    assert client.post(f"{PATH}{other.organisation.slug}/hr/", {"name": "x", "email": "x@x.example"}).status_code == 404
    assert client.post(f"/partijen/{other.party.slug}/organisaties/aansluiten/", {"organisation": 1}).status_code == 404


def test_the_list_costs_the_same_queries_for_one_and_for_three(client, party, django_assert_num_queries):
    for more in (1, 2):
        for _ in range(more):
            AffiliationFactory(party=party)
        with django_assert_num_queries(6):
            client.get(PATH)

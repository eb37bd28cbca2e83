"""/waar-kun-je-terecht/: the text, the places, and that search finds them."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cms.actions.site import site_ensure
from cms.models import InformationPage
from parties.actions.desks import desk_add, desk_change, desk_remove
from parties.models import Desk
from tests.factories import PartyFactory

pytestmark = pytest.mark.django_db
PATH = "/waar-kun-je-terecht/"
VALUES = {"name": "Loket Zonnebloem", "for_whom": "studenten", "offer": "Luistert.", "email": "a@b.example"}


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory) -> object:
    """The site as it is installed, once for this module, and rolled back after it."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        site_ensure()
        yield
        transaction.set_rollback(True)


def test_it_shows_places_for_everyone_and_all_parties_in_the_manifests_order(client: Client, loaded: None) -> None:
    places = client.get(PATH).context["places"]
    assert [desk.name for desk in places[0].desks] == [
        "SBB, meldpunt stagediscriminatie",
        "ELBHO",
        "Discriminatie.nl Den Haag",
        "College voor de Rechten van de Mens",
        "Politie",
    ]
    assert [one.party.position for one in places[1:]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert client.get("/hulp/").context["places"] == []


def test_search_finds_a_place_where_it_stands(client: Client, loaded: None, search_index: None) -> None:
    def found(text: str) -> list[str]:
        return [one.url for one in client.get("/zoeken/", {"zoek": text}).context["page"]]

    assert found("zonnebloem") == []
    desk = desk_add(party=PartyFactory(), values=VALUES, by=None)
    assert found("zonnebloem") == [f"{PATH}#plek-{desk.pk}"]
    desk_change(desk=desk, values={**VALUES, "name": "Loket Klaproos"}, by=None)
    assert (found("zonnebloem"), found("klaproos")) == ([], [f"{PATH}#plek-{desk.pk}"])
    desk_remove(desk=desk, by=None)
    assert found("klaproos") == []


def test_loading_again_leaves_what_people_changed(loaded: None) -> None:
    Desk.objects.filter(name="ELBHO").delete()
    page = InformationPage.objects.get(slug="waar-kun-je-terecht")
    page.summary = "Anders."
    page.save_revision().publish()
    before = list(Desk.objects.values_list("pk", flat=True))
    site_ensure()
    assert list(Desk.objects.values_list("pk", flat=True)) == before
    assert InformationPage.objects.get(slug="waar-kun-je-terecht").summary == "Anders."


def test_a_page_from_before_follows_unless_an_editor_wrote_in_it(loaded: None) -> None:
    page = InformationPage.objects.get(slug="waar-kun-je-terecht")
    InformationPage.objects.filter(pk=page.pk).update(shows_places=False, summary="Vijf plekken.")
    site_ensure()
    page = InformationPage.objects.get(pk=page.pk)
    assert (page.shows_places, page.summary == "Vijf plekken.") == (True, False)

    page.shows_places, page.summary = False, "Van de redactie."
    page.save_revision().publish()
    site_ensure()
    page = InformationPage.objects.get(pk=page.pk)
    assert (page.shows_places, page.summary) == (False, "Van de redactie.")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_its_places(
    client: Client, loaded: None, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        party = PartyFactory()
        for number in range(count):
            desk_add(party=party, values={**VALUES, "name": f"Plek {number}"}, by=None)
    client.get(PATH)
    # the page, translations; places; parties
    with django_assert_num_queries(4):
        assert client.get(PATH).status_code == 200

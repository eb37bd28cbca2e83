"""What everybody, coordinators and the network coordinator see of parties and of the network."""

import datetime as dt

import pytest
import time_machine

from commitments.actions.ledger import ledger_refresh_events
from commitments.models import Evidence
from parties.models import Party
from tests.commitments.factories import held_event
from tests.commitments.scene import NOW, efforts, member_of, promise, shown, trained, with_role
from tests.factories import OrganisationFactory, PartyFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mondriaan() -> Party:
    return PartyFactory(name="ROC Mondriaan", slug="roc-mondriaan", position=3)


def page(client, person=None, path="/partijen/roc-mondriaan/", **query):
    client.logout()
    if person is not None:
        client.force_login(person)
    return client.get(path, query)


# Exact or rounded (product.md, rule 4)


def test_totals_are_exact_for_its_coordinator_and_the_network_and_rounded_for_all_others(client, mondriaan):
    organisation = member_of(mondriaan)
    trained(7, organisation)
    readers = {
        "nobody signed in": None,
        "somebody": PersonFactory(),
        "its coordinator": with_role("coordinator", party=mondriaan),
        "another coordinator": with_role("coordinator", party=PartyFactory()),
        "network": with_role("network"),
        "hr": with_role("hr", organisation=organisation),
        "administrator": with_role("administrator"),
        "editor": with_role("editor"),
    }
    at_party = {name: shown(page(client, person))["trained"] for name, person in readers.items()}
    at_network = {name: shown(page(client, person, "/voortgang/"))["trained"] for name, person in readers.items()}
    assert at_party == dict.fromkeys(readers, "5") | {"its coordinator": "7", "network": "7"}
    assert at_network == dict.fromkeys(readers, "5") | {"network": "7"}


def test_a_number_below_five_is_hidden_and_no_bar_tells_it(client, mondriaan):
    efforts()
    trained(3, member_of(mondriaan))
    promise(mondriaan)
    public, own = page(client), page(client, with_role("coordinator", party=mondriaan))
    assert (shown(public)["trained"], shown(own)["trained"]) == ("<5", "3")
    assert (public.content.count(b"<progress"), own.content.count(b"<progress")) == (0, 1)
    assert b"&lt;5 van 20" in public.content
    assert b"Afgerond" in public.content
    assert b"Afgerond" not in own.content


def test_joint_totals_are_rounded_on_their_own_and_count_a_person_once(client, mondriaan):
    sbb = PartyFactory()
    shared, alone = member_of(mondriaan, sbb), member_of(mondriaan)
    trained(4, shared)
    trained(3, alone)
    assert shown(page(client))["trained"] == "5"
    assert shown(page(client, path=f"/partijen/{sbb.slug}/"))["trained"] == "<5"
    assert shown(page(client, path="/voortgang/"))["trained"] == "5"
    assert shown(page(client, with_role("network"), "/voortgang/"))["trained"] == "7"


# Another date


def test_a_chosen_date_becomes_the_last_end_of_a_month_unless_the_numbers_are_exact(client, mondriaan):
    organisation = member_of(mondriaan)
    trained(10, organisation, since=dt.date(2026, 4, 10))
    trained(6, organisation, since=dt.date(2026, 5, 10))
    public, own = (
        page(client, datum="2026-05-20"),
        page(client, with_role("coordinator", party=mondriaan), datum="2026-05-20"),
    )
    assert (public.context["day"], shown(public)["trained"]) == (dt.date(2026, 4, 30), "10")
    assert (own.context["day"], shown(own)["trained"]) == (dt.date(2026, 5, 20), "16")
    assert shown(page(client, datum="2026-05-31"))["trained"] == "15"


@pytest.mark.parametrize("path", ["/partijen/roc-mondriaan/", "/voortgang/"])
@pytest.mark.parametrize("typed", ["2027-01-01", "0001-01-01", "gisteren"])
def test_a_date_that_cannot_be_shown_gets_a_sentence_and_today(client, mondriaan, path, typed):
    answer = page(client, path=path, datum=typed)
    assert answer.status_code == 200
    assert answer.context["day"] == NOW.date()
    assert len(answer.context["form"].errors["datum"]) == 1
    assert typed.encode() in answer.content


# What a promise counts


def test_flow_counts_since_the_promise_began_and_stock_as_it_is(client, mondriaan):
    organisation = member_of(mondriaan)
    coordinator = with_role("coordinator", party=mondriaan)
    trained(2, organisation, since=dt.date(2026, 2, 1))
    trained(3, organisation, since=dt.date(2026, 6, 1))
    for metric in ("trained", "certificates", "organisations_reached"):
        promise(mondriaan, metric=metric, since=dt.date(2026, 5, 1))
    found = page(client, coordinator).context["efforts"][1][1]
    assert {one.commitment.metric: one.value for one in found} == {
        "trained": 5,
        "certificates": 3,
        "organisations_reached": 1,
    }


def test_evidence_counts_from_its_date(client, mondriaan):
    one = promise(mondriaan, metric="by_hand", effort=efforts()[2], unit="bijdragen")
    for date, amount in ((dt.date(2026, 3, 1), 2), (dt.date(2026, 9, 1), 1), (dt.date(2025, 9, 1), 8)):
        Evidence.objects.create(commitment=one, title=f"Op {date}", date=date, amount=amount)

    def standing(**query):
        [found] = page(client, **query).context["efforts"][2][1]
        return found.value, [shown.title for shown in found.evidence]

    assert standing() == (3, ["Op 2026-09-01", "Op 2026-03-01", "Op 2025-09-01"])
    assert standing(datum="2026-08-31") == (2, ["Op 2026-03-01", "Op 2025-09-01"])


def test_a_percentage_stands_with_what_it_is_of_and_comes_from_the_rounded_number(client, mondriaan):
    trained(9, member_of(mondriaan))
    denominator = {
        "denominator": 50,
        "denominator_source": "Telling van HR",
        "denominator_date": dt.date(2026, 9, 1),
        "denominator_estimated": True,
    }
    promise(mondriaan, **denominator)
    assert b"Dat is 10% van 50." in page(client).content
    own = page(client, with_role("coordinator", party=mondriaan)).content
    assert b"Dat is 18% van 50." in own
    assert "Schatting: Telling van HR, 1 september 2026." in " ".join(own.decode().split())


# What a number is made of


def test_a_coordinator_opens_a_number_to_organisations_and_these_are_rounded(client, mondriaan):
    trained(7, member_of(mondriaan, name="Bakkerij"))
    trained(2, member_of(mondriaan, name="Advies"))
    OrganisationFactory(name="Van een andere partij")
    coordinator = with_role("coordinator", party=mondriaan)
    rows = page(client, coordinator, herkomst="trained").context["made_of"]
    assert [(organisation.name, value) for organisation, value in rows] == [("Advies", "<5"), ("Bakkerij", 5)]
    assert "made_of" not in page(client, coordinator, herkomst="iets").context
    public = page(client, herkomst="trained")
    assert "made_of" not in public.context
    assert b"Bakkerij" not in public.content


# The list, and the JSON


def test_parties_stand_in_the_order_of_the_manifest_whatever_they_reached(client, mondriaan):
    last, first = PartyFactory(position=8), PartyFactory(position=1)
    trained(6, member_of(last))
    for path in ("/partijen/", "/voortgang/"):
        listed = page(client, path=path).context["parties"]
        assert [one if isinstance(one, Party) else one[0] for one in listed] == [first, mondriaan, last]


def test_the_json_has_the_shape_that_others_build_on(client, mondriaan):
    PartyFactory(name="SBB", slug="sbb", position=7)
    trained(7, member_of(mondriaan))
    promise(mondriaan, baseline=2, denominator_estimated=True)
    promise(mondriaan, metric="by_hand", unit="dingen", target=None, status="planned", effort=efforts()[0])

    def expected(date, value, joint):
        by_hand = {"effort": 1, "metric": "by_hand", "unit": "dingen", "baseline": 0, "target": None, "value": 0}
        trained = {"effort": 2, "metric": "trained", "unit": "mensen", "baseline": 2, "target": 20, "value": value}
        return {
            "date": date,
            "parties": [
                {
                    "slug": "roc-mondriaan",
                    "name": "ROC Mondriaan",
                    "commitments": [
                        by_hand | {"status": "planned", "estimated": False},
                        trained | {"status": "active", "estimated": True},
                    ],
                },
                {"slug": "sbb", "name": "SBB", "commitments": []},
            ],
            "joint": joint,
        }

    nothing = {"participants": 0, "jointly_trained": 0, "intervision": 0, "net_hours": 0, "events": 0}
    rounded = {"trained": 5, "organisations_reached": 1, "certificates": 5} | nothing
    exact = {"trained": 7, "organisations_reached": 1, "certificates": 7} | nothing
    none = dict.fromkeys(rounded, 0)
    path, network = "/voortgang.json", with_role("network")
    assert page(client, path=path).json() == expected("2026-11-23", 5, rounded)
    assert page(client, network, path).json() == expected("2026-11-23", 7, exact)
    assert page(client, path=path, datum="2026-03-20").json() == expected("2026-02-28", 0, none)
    assert page(client, network, path, datum="2026-03-20").json() == expected("2026-03-20", 7, exact)
    refused = page(client, path=path, datum="2026-13-01")
    assert (refused.status_code, list(refused.json())) == (400, ["error"])


# What pages cost


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "who", "queries"),
    [
        ("/partijen/", None, 2),
        ("/partijen/roc-mondriaan/", None, 7),
        ("/partijen/roc-mondriaan/?herkomst=trained", "coordinator", 13),
        ("/partijen/roc-mondriaan/?herkomst=events", None, 8),
        ("/voortgang/", None, 6),
        ("/voortgang/?herkomst=events", None, 7),
        ("/voortgang.json", None, 5),
    ],
)
def test_pages_cost_the_same_with_more_rows(client, mondriaan, django_assert_num_queries, rows, path, who, queries):
    for _ in range(rows):
        organisation = member_of(mondriaan, PartyFactory())
        trained(rows, organisation)
        one = promise(mondriaan)
        Evidence.objects.create(commitment=one, title="Bewijs", date=dt.date(2026, 5, 1))
        ledger_refresh_events([held_event(dt.date(2026, 5, 1), [(PersonFactory(), mondriaan, 120)]).pk])
    if who:
        client.force_login(with_role(who, party=mondriaan))
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("people", [3, 300])
def test_the_page_of_a_party_costs_the_same_with_more_people(client, mondriaan, django_assert_num_queries, people):
    promise(mondriaan)
    trained(people, member_of(mondriaan))
    with django_assert_num_queries(7):
        answer = client.get("/partijen/roc-mondriaan/")
    assert shown(answer)["trained"] == ("<5" if people == 3 else "300")

"""Coordinators write down promises and what shows for them."""

import datetime as dt

import pytest
import time_machine

from commitments.models import Commitment, Evidence
from parties.models import AuditEntry
from tests.commitments.scene import NOW, efforts, promise, with_role
from tests.factories import PartyFactory

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "Iedereen getraind",
    "metric": "trained",
    "unit": "mensen",
    "target": "60",
    "baseline": "4",
    "since": "2026-09-01",
    "due": "2028-09-01",
    "owner": "HR",
    "status": "active",
    "status_reason": "",
    "denominator": "90",
    "denominator_source": "Telling van HR",
    "denominator_date": "2026-08-31",
    "denominator_estimated": "on",
}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def party():
    efforts()
    return PartyFactory(slug="sbb")


@pytest.fixture
def coordinator(party, client):
    person = with_role("coordinator", party=party)
    client.force_login(person)
    return person


def test_a_promise_is_added_and_stands_on_the_page_of_the_party(client, party, coordinator):
    answer = client.post("/partijen/sbb/toezeggingen/nieuw/2/", TYPED)
    assert (answer.status_code, answer["Location"]) == (302, "/partijen/sbb/")
    [made] = Commitment.objects.values()
    assert made == {
        "id": made["id"],
        "party_id": party.pk,
        "effort_id": 2,
        "title": "Iedereen getraind",
        "metric": "trained",
        "unit": "mensen",
        "baseline": 4,
        "target": 60,
        "since": dt.date(2026, 9, 1),
        "due": dt.date(2028, 9, 1),
        "owner": "HR",
        "status": "active",
        "status_reason": "",
        "denominator": 90,
        "denominator_source": "Telling van HR",
        "denominator_date": dt.date(2026, 8, 31),
        "denominator_estimated": True,
        "is_example": False,
    }
    assert b"Iedereen getraind" in client.get("/partijen/sbb/").content
    [entry] = AuditEntry.objects.all()
    assert (entry.actor, entry.verb, entry.target) == (coordinator, "commitment.add", f"commitment:{made['id']}")


def test_changing_an_example_makes_it_a_real_promise(client, party, coordinator):
    one = promise(party, is_example=True)
    path = f"/partijen/sbb/toezeggingen/{one.pk}/"
    assert one.title.encode() in client.get(path).content
    client.post(path, TYPED | {"status": "adjusted", "status_reason": "Was 80.", "target": ""})
    one.refresh_from_db()
    assert (one.title, one.target, one.status, one.status_reason, one.is_example) == (
        "Iedereen getraind",
        None,
        "adjusted",
        "Was 80.",
        False,
    )


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"metric": ""}, ["metric"]),
        ({"target": "veel"}, ["target"]),
        ({"target": "-1"}, ["target"]),
        ({"target": "99999999999"}, ["target"]),
        ({"due": "2026-09-01"}, ["due"]),
        ({"due": "morgen"}, ["due"]),
        ({"since": ""}, ["since"]),
        ({"status": "adjusted"}, ["status_reason"]),
        ({"denominator_source": ""}, ["denominator_source"]),
        ({"denominator_date": ""}, ["denominator_source"]),
        ({"unit": "x" * 41, "owner": "y" * 121}, ["unit", "owner"]),
    ],
)
def test_what_is_not_right_gets_a_sentence_at_its_field_and_nothing_typed_is_lost(
    client, party, coordinator, typed, fields
):
    one = promise(party)
    for path in ("/partijen/sbb/toezeggingen/nieuw/2/", f"/partijen/sbb/toezeggingen/{one.pk}/"):
        answer = client.post(path, TYPED | typed)
        assert answer.status_code == 200
        assert {name: len(sentences) for name, sentences in answer.context["form"].errors.items()} == dict.fromkeys(
            fields, 1
        )
        assert answer.context["form"].data.dict() == TYPED | typed
        assert b"Telling van HR" in answer.content or "denominator_source" in typed
    assert list(Commitment.objects.values_list("title", flat=True)) == ["Getrainde begeleiders"]


def test_evidence_is_added_and_taken_away(client, party, coordinator):
    one = promise(party, metric="by_hand")
    path = f"/partijen/sbb/toezeggingen/{one.pk}/bewijs/"
    assert client.get(path).status_code == 200
    typed = {"title": "Interview", "date": "2026-11-23", "amount": "2", "link": "https://example.nl/interview"}
    assert client.post(path, typed).status_code == 302
    [made] = Evidence.objects.values("commitment", "title", "date", "amount", "link", "added_by")
    assert made == {
        "commitment": one.pk,
        "title": "Interview",
        "date": dt.date(2026, 11, 23),
        "amount": 2,
        "link": "https://example.nl/interview",
        "added_by": coordinator.pk,
    }
    assert b"Interview" in client.get(path).content
    assert client.post(f"{path}{Evidence.objects.get().pk}/weg/").status_code == 302
    assert not Evidence.objects.exists()
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == ["evidence.add", "evidence.remove"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("title", ""), ("date", "2026-11-24"), ("date", "ooit"), ("amount", "een paar"), ("link", "javascript:alert(1)")],
)
def test_evidence_that_is_not_right_gets_a_sentence(client, party, coordinator, field, typed):
    path = f"/partijen/sbb/toezeggingen/{promise(party).pk}/bewijs/"
    right = {"title": "Interview", "date": "2026-11-23", "amount": "1", "link": ""}
    answer = client.post(path, right | {field: typed})
    assert {name: len(sentences) for name, sentences in answer.context["form"].errors.items()} == {field: 1}
    assert answer.context["form"].data.dict() == right | {field: typed}
    assert not Evidence.objects.exists()


def test_only_its_own_coordinators_come_here(client, party):
    one = promise(party)
    shown = Evidence.objects.create(commitment=one, title="Interview", date=dt.date(2026, 5, 1))
    pages = ["toezeggingen/nieuw/2/", f"toezeggingen/{one.pk}/", f"toezeggingen/{one.pk}/bewijs/"]
    paths = [f"/partijen/sbb/{page}" for page in pages]
    delete = f"/partijen/sbb/toezeggingen/{one.pk}/bewijs/{shown.pk}/weg/"
    other = with_role("coordinator", party=PartyFactory(slug="elbho"))
    strangers = [other, with_role("network"), with_role("administrator"), with_role("editor")]
    for stranger in strangers:
        client.force_login(stranger)
        assert [client.get(path).status_code for path in paths] == [404, 404, 404]
        assert [client.post(path, TYPED).status_code for path in [*paths, delete]] == [404, 404, 404, 404]
        assert b"toezeggingen" not in client.get("/partijen/sbb/").content
    client.force_login(other)
    foreign = [path.replace("/sbb/", "/elbho/") for path in [*paths[1:], delete]]
    assert [client.post(path, TYPED).status_code for path in foreign] == [404, 404, 404]
    client.logout()
    for path in [*paths, delete, paths[0].replace("sbb", "bestaat-niet")]:
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/inloggen/?next={path}")
    client.force_login(with_role("coordinator", party=party))
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]
    assert client.get(delete).status_code == 405
    assert b"toezeggingen" in client.get("/partijen/sbb/").content
    assert (Commitment.objects.count(), Evidence.objects.count()) == (1, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_evidence_costs_the_same_with_more_rows(client, party, django_assert_num_queries, rows):
    one = promise(party)
    for number in range(rows):
        Evidence.objects.create(commitment=one, title=f"Bewijs {number}", date=dt.date(2026, 5, 1))
    client.force_login(with_role("coordinator", party=party))
    with django_assert_num_queries(6):
        client.get(f"/partijen/sbb/toezeggingen/{one.pk}/bewijs/")

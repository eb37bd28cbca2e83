"""HR's list on the screen: upload, preview, apply."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tasks_db.models import DBTaskResult

from parties.models import Membership, Organisation, RosterImport
from parties.roster_tasks import apply_roster
from tests.factories import MembershipFactory, OrganisationFactory, RoleFactory
from tests.parties.rosters import csv_of

pytestmark = pytest.mark.django_db
PATH = "/organisaties/hier/import/"
NADIA = ("Nadia", "nadia@x.example", "001", "Zorg")
PIET = ("Piet", "piet@x.example", "002", "Techniek")


@pytest.fixture
def organisation(client) -> Organisation:
    here = OrganisationFactory(slug="hier", default_side="school")
    client.force_login(RoleFactory(kind="hr", organisation=here).person)
    return here


def upload(client, content: bytes, **data: str):
    return client.post(PATH, {"file": SimpleUploadedFile("medewerkers.csv", content), **data})


def test_hr_sees_the_difference_first_and_then_lets_it_count(client, organisation):
    MembershipFactory(
        organisation=organisation,
        name="Kees",
        work_address="kees@x.example",
        personnel_number="003",
        person__name="Kees",
    )
    there = upload(client, csv_of(NADIA, PIET), complete="on").url
    body = client.get(there).content.decode()
    assert [word in body for word in ("Nadia", "Piet", "Kees", "Komen erbij", "Gaan weg", "Laat dit tellen")] == [
        True
    ] * 6
    assert Membership.objects.count() == 1
    client.post(there, {"action": "apply"})
    assert sorted(Membership.objects.filter(until=None).values_list("name", flat=True)) == ["Nadia", "Piet"]
    assert "De lijst telt mee" in client.get(there).content.decode()
    assert client.post(there, {"action": "apply"}).url == there
    assert Membership.objects.count() == 3


def test_mistakes_stand_with_row_and_column_and_the_list_is_kept(client, organisation):
    content = csv_of(NADIA, ("Piet", "geen adres", "", ""), ("Anna", "nadia@x.example", "", ""))
    there = upload(client, content).url
    body = client.get(there).content.decode()
    assert "2 dingen op de lijst kloppen nog niet" in body
    assert "Rij 3, E-mail:" in body
    assert "Rij 4, E-mail:" in body
    assert "Laat dit tellen" not in body
    client.post(there, {"action": "apply"})
    assert (Membership.objects.count(), RosterImport.objects.get().state) == (0, "preview")


def test_unknown_columns_can_be_left_out_without_a_new_upload(client, organisation):
    there = upload(
        client, csv_of((*NADIA, "38"), header=("Naam", "E-mail", "Personeelsnummer", "Afdeling", "Schoenmaat"))
    ).url
    assert "De kolom “Schoenmaat” kennen we niet." in client.get(there).content.decode()
    client.post(there, {"action": "apply"})
    assert not Membership.objects.exists()
    client.post(there, {"action": "skip"})
    client.post(there, {"action": "apply"})
    assert Membership.objects.get().name == "Nadia"


def test_a_file_that_is_no_list_is_said_in_the_form_and_the_tick_stays(client, organisation):
    body = upload(client, b"hallo", complete="on").content.decode()
    assert "We vinden geen rij met kopjes in medewerkers.csv." in body
    assert "checked" in body
    assert "Kies een bestand." in client.post(PATH, {}).content.decode()
    assert not RosterImport.objects.exists()


def test_a_list_can_be_thrown_away(client, organisation):
    there = upload(client, csv_of(NADIA)).url
    client.post(there, {"action": "discard"})
    assert RosterImport.objects.values_list("state", "rows").get() == ("discarded", {})
    assert "weggegooid" in client.get(there).content.decode()


def test_a_long_list_is_applied_in_the_background_and_twice_is_once(
    client, organisation, django_capture_on_commit_callbacks
):
    there = upload(client, csv_of(*((f"P {n}", f"p{n}@x.example", str(n), "") for n in range(201)))).url
    with django_capture_on_commit_callbacks(execute=True):
        client.post(there, {"action": "apply"})
        client.post(there, {"action": "apply"})
    assert not Membership.objects.exists()
    page = client.get(there).content.decode()
    assert [word in page for word in ("wordt verwerkt", f'hx-get="{there}"', "htmx.min.js")] == [True] * 3
    asked = DBTaskResult.objects.filter(task_path="parties.roster_tasks.apply_roster")
    assert asked.count() == 2
    for task in asked:
        apply_roster.func(*task.args_kwargs["args"])
    assert Membership.objects.count() == 201
    polled = client.get(there, headers={"HX-Request": "true"})
    assert polled.headers["HX-Refresh"] == "true"


def test_what_went_wrong_in_the_background_comes_back_to_the_preview(client, organisation):
    there = upload(client, csv_of(NADIA)).url
    RosterImport.objects.update(state="applying")
    shown = RosterImport.objects.get()
    shown.rows["rows"][0]["name"] = "Nadia"
    shown.rows["errors"] = [{"row": 2, "column": "Naam", "message": "Vul een naam in."}]
    shown.save()
    apply_roster.func(shown.pk, shown.uploaded_by_id)
    assert RosterImport.objects.get().state == "preview"
    assert "Vul een naam in." in client.get(there).content.decode()
    apply_roster.func(0, shown.uploaded_by_id)


def test_a_list_of_another_organisation_is_not_there(client, organisation):
    elsewhere = RosterImport.objects.create(organisation=OrganisationFactory(), file_name="x.csv")
    assert client.get(f"{PATH}{elsewhere.pk}/").status_code == 404


def test_the_preview_costs_the_same_queries_for_one_row_and_for_three(client, organisation, django_assert_num_queries):
    for rows in ([NADIA], [NADIA, PIET, ("Anna", "anna@x.example", "003", "Zorg")]):
        there = upload(client, csv_of(*rows), complete="on").url
        client.get(there)
        with django_assert_num_queries(8):
            client.get(there)


def test_earlier_lists_cost_the_same_queries_for_one_and_for_three(client, organisation, django_assert_num_queries):
    for more in (1, 2):
        for _ in range(more):
            upload(client, csv_of(NADIA))
        with django_assert_num_queries(5):
            client.get(PATH)

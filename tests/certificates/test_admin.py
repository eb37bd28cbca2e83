import pytest
from django.contrib.auth.models import Group, Permission

from certificates.actions.awards import people_judge
from certificates.models import Certificate, Programme
from parties.actions.roles import role_grant
from tests.certificates import scene
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def signed_in_as(client, kind):
    editors, _ = Group.objects.get_or_create(name="Redactie")
    editors.permissions.add(Permission.objects.get(codename="access_admin"))
    person = PersonFactory()
    role_grant(person=person, kind=kind)
    client.force_login(person)
    return client


@pytest.fixture
def certificate():
    scene.basic()
    people_judge(person_ids=[scene.finisher().pk])
    return Certificate.objects.get()


FIELDS = {
    "name": "Kort",
    "slug": "kort",
    "description": "",
    "goals": "Eerste doel\n\n Tweede doel ",
    "joint_trainings": "0",
    "intervision_meetings": "0",
    "validity_months": "12",
    "is_active": "on",
}


@pytest.mark.parametrize("kind", ["editor", "administrator"])
def test_who_edits_the_site_makes_a_programme(client, kind):
    modules = [module.pk for module in scene.modules()]
    signed_in_as(client, kind)
    assert client.get("/cms/leerroutes/new/").status_code == 200
    refused = client.post("/cms/leerroutes/new/", FIELDS)
    assert (Programme.objects.count(), refused.context["form"]["name"].value()) == (0, "Kort")
    assert list(refused.context["form"].errors) == ["courses"]
    client.post("/cms/leerroutes/new/", {**FIELDS, "courses": modules})
    made = Programme.objects.get()
    assert (made.goals, made.courses.count()) == (["Eerste doel", "Tweede doel"], 3)
    assert b"Eerste doel\nTweede doel" in client.get(f"/cms/leerroutes/edit/{made.pk}/").content
    assert client.post(f"/cms/leerroutes/delete/{made.pk}/").status_code in (302, 403)
    assert Programme.objects.count() == 1


def test_a_trainer_finds_no_programmes_there(client):
    assert signed_in_as(client, "trainer").get("/cms/leerroutes/").status_code == 404


def test_an_administrator_revokes_with_a_reason(client, certificate):
    signed_in_as(client, "administrator")
    page = f"/beheer/certificates/certificate/{certificate.number}"
    assert client.get("/beheer/certificates/certificate/").status_code == 200
    assert f"{page}/revoke/".encode() in client.get(f"{page}/change/").content
    refused = client.post(f"{page}/revoke/", {"reason": " "})
    assert list(refused.context["form"].errors) == ["reason"]
    assert client.post(f"{page}/revoke/", {"reason": "Iemand anders zat er."}).status_code == 302
    assert Certificate.objects.get().status == "revoked"
    assert f"{page}/revoke/".encode() not in client.get(f"{page}/change/").content


def test_an_administrator_corrects_a_name(client, certificate):
    signed_in_as(client, "administrator")
    page = f"/beheer/certificates/certificate/{certificate.number}/reissue/"
    same = client.post(page, {"holder_name": certificate.holder_name})
    assert list(same.context["form"].errors) == ["holder_name"]
    client.post(page, {"holder_name": "Sevgi de Vries"})
    assert Certificate.objects.current().get().holder_name == "Sevgi de Vries"


def test_an_editor_finds_no_certificates_there(client, certificate):
    assert signed_in_as(client, "editor").get("/beheer/certificates/certificate/").status_code == 404

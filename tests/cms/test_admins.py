"""The two admins hold no way past the actions to people, groups, addresses, passwords or second factors."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from cms.actions.site import site_ensure
from parties.models import Person
from tests.factories import MembershipFactory, RoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody() -> Person:
    return MembershipFactory(person__name="Sevgi de Wit").person


def signed_in(kind: str) -> tuple[Client, Person]:
    site_ensure()
    person = RoleFactory(kind=kind).person
    client = Client()
    client.force_login(person)
    return client, person


@pytest.mark.parametrize("kind", ["administrator", "editor"])
def test_no_screen_of_wagtail_is_about_people_or_groups(kind: str, somebody: Person) -> None:
    client, _person = signed_in(kind)
    group, _made = Group.objects.get_or_create(name="Editors")
    addresses = [
        "/cms/users/",
        "/cms/users/new/",
        f"/cms/users/edit/{somebody.pk}/",
        f"/cms/users/delete/{somebody.pk}/",
        "/cms/groups/",
        "/cms/groups/new/",
        f"/cms/groups/edit/{group.pk}/",
        *(f"/cms/bulk/parties/person/{action}/?id={somebody.pk}" for action in ("delete", "assign_role", "set_active_state")),
        "/cms/password_reset/",
    ]  # fmt: skip
    for method in (client.get, client.post):
        assert {address: method(address).status_code for address in addresses} == dict.fromkeys(addresses, 404)
    assert Person.objects.filter(pk=somebody.pk).exists()
    home = client.get("/cms/").content.decode()
    assert "/cms/pages/" in home
    assert "/cms/users/" not in home
    assert "/cms/groups/" not in home


def test_an_editor_sets_no_name_address_or_password_in_wagtail() -> None:
    client, person = signed_in("editor")
    page = client.get("/cms/account/")
    assert page.status_code == 200
    asked = {field.html_name for panels in page.context["panels_by_tab"].values() for panel in panels for field in panel.get_form()}  # fmt: skip
    assert "theme-theme" in asked
    assert {name for name in asked if name.startswith(("name_email", "password"))} == set()
    before = (person.email, person.password)
    fields = dict.fromkeys(asked, "") | {
        "theme-theme": "dark",
        "theme-contrast": "system",
        "theme-density": "default",
    }
    fields |= {"name_email-first_name": "A", "name_email-last_name": "B", "name_email-email": "ander@example.org"}
    fields |= {"password-new_password1": "Zonnebloem-2026", "password-new_password2": "Zonnebloem-2026"}
    assert client.post("/cms/account/", fields).status_code == 302
    person.refresh_from_db()
    assert (person.email, person.password) == before
    assert person.wagtail_userprofile.theme == "dark"


def test_the_admin_shows_no_second_factor_and_gives_no_group() -> None:
    client, _person = signed_in("administrator")
    index = client.get("/beheer/")
    assert index.status_code == 200
    shown = {model["object_name"] for app in index.context["available_apps"] for model in app["models"]}
    assert {"Person", "Role", "Folder"} <= shown
    assert shown & {"Authenticator", "DBTaskResult",
        "EmailAddress", "FolderPermission", "Group", "SocialAccount", "SocialApp", "SocialToken"} == set()  # fmt: skip
    for address in (
        "mfa/authenticator/",
        "account/emailaddress/",
        "auth/group/",
        "django_tasks_database/dbtaskresult/",
    ):
        assert client.get(f"/beheer/{address}").status_code == 404

"""HR signs people of its own organisation up for a training."""

from html import unescape

import pytest
import time_machine
from django.utils.html import strip_tags

from parties.models import AuditEntry, OutboxMessage
from sessions.actions.registrations import registration_create
from tests.commitments.factories import award, programme
from tests.commitments.scene import with_role
from tests.factories import DepartmentFactory, MembershipFactory, OrganisationFactory, PersonFactory
from tests.sessions.factories import at, published, registered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False):
        yield


def text(response) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


@pytest.fixture
def organisation():
    programme()
    return OrganisationFactory(name="ROC Mondriaan", slug="roc-mondriaan", default_side="school")


@pytest.fixture
def people(organisation):
    return [
        MembershipFactory(organisation=organisation, person=PersonFactory(name=name), name=name)
        for name in ("Anna", "Bilal", "Chantal")
    ]


@pytest.fixture
def training():
    return published(seats_school=2, seats_workplace=2)


@pytest.fixture
def url(organisation, training):
    return f"/en/organisaties/{organisation.slug}/inschrijven/{training.pk}/"


@pytest.fixture
def hr(client, organisation):
    person = with_role("hr", organisation=organisation)
    client.force_login(person)
    return person


def choices(page) -> list[str]:
    return [label for _key, label in page.context["form"].fields["people"].choices]


@pytest.mark.usefixtures("people")
def test_only_hr_of_this_organisation_comes_here(client, organisation, url):
    for path in (f"/en/organisaties/{organisation.slug}/inschrijven/", url):
        for who in (
            PersonFactory(),
            with_role("hr", organisation=OrganisationFactory()),
            with_role("trainer"),
            with_role("administrator"),
        ):
            client.force_login(who)
            assert client.get(path).status_code == 404
        client.force_login(with_role("hr", organisation=organisation))
        assert client.get(path).status_code == 200
        client.logout()
        assert client.get(path).status_code == 302


@pytest.mark.usefixtures("organisation")
def test_hr_signs_up_a_group_that_waits_together(client, hr, people, training, url):
    registered(training)
    assert choices(client.get(url)) == ["Anna (School)", "Bilal (School)", "Chantal (School)"]
    page = client.post(url, {"people": [one.pk for one in people[:2]], "together": "on"}, follow=True)
    assert "Signed up: 0 with a seat, 2 on the waiting list. Each of them gets a mail." in text(page)
    assert choices(page) == ["Chantal (School)"]
    assert training.registrations.exclude(group=None).values("group").distinct().count() == 1
    assert AuditEntry.objects.filter(actor=hr, verb="registration.create").count() == 2
    assert OutboxMessage.objects.filter(kind="waiting-list").count() == 2
    page = client.post(url, {"people": [people[2].pk]}, follow=True)
    assert "Signed up: 1 with a seat, 0 on the waiting list." in text(page)
    assert "Everybody is trained or registered already." in text(page)


@pytest.mark.usefixtures("hr")
def test_wrong_choices_get_a_sentence_and_nobody_is_registered(client, people, training, url):
    somebody_else = MembershipFactory()
    assert "Choose at least one person." in text(client.post(url, {}))
    page = client.post(url, {"people": [somebody_else.pk, people[0].pk]})
    assert "One of these people is registered already, or no longer works here." in text(page)
    assert f'value="{people[0].pk}" ' in page.content.decode()
    page = client.post(url, {"people": [one.pk for one in people], "together": "on"})
    assert "This group is larger than the number of seats for it." in text(page)
    assert page.content.decode().count("checked") == 4
    assert training.registrations.count() == 0


@pytest.mark.usefixtures("hr")
def test_nothing_is_told_of_what_somebody_does_for_another_organisation(client, people, training, url):
    elsewhere = MembershipFactory(person=people[0].person)
    registration_create(training=training, membership=elsewhere, by=elsewhere.person)
    page = client.get(url)
    assert choices(page) == ["Anna (School)", "Bilal (School)", "Chantal (School)"]
    assert "Registered from your organisation" not in text(page)
    page = client.post(url, {"people": [people[0].pk]})
    assert "This person can only register themselves for this training." in text(page)
    assert "registered already" not in text(page)


def test_hr_of_a_department_sees_and_signs_up_that_department(client, organisation, people, training, url):
    department = DepartmentFactory(organisation=organisation)
    people[0].department = department
    people[0].save()
    registration_create(training=training, membership=people[1], by=people[1].person)
    client.force_login(with_role("hr", organisation=organisation, department=department))
    page = client.get(url)
    assert choices(page) == ["Anna (School)"]
    assert "Bilal" not in text(page)
    assert "One of these people" in text(client.post(url, {"people": [people[2].pk]}))


@pytest.mark.usefixtures("hr")
def test_the_trained_are_found_by_name_only(client, organisation, people, url):
    award(people[0].person, organisation, since=at(1, 0, month=3, year=2026).date())
    assert choices(client.get(url)) == ["Bilal (School)", "Chantal (School)"]
    assert choices(client.get(url, {"zoek": "ann"})) == ["Anna (School)"]
    assert "Nobody with this name can be signed up." in text(client.get(url, {"zoek": "xyz"}))


@pytest.mark.usefixtures("hr")
def test_a_training_for_others_is_not_offered(client, organisation, url, training):
    other = published(title="Voor anderen", audience="chosen", organisations=(OrganisationFactory(),))
    page = text(client.get(f"/en/organisaties/{organisation.slug}/inschrijven/"))
    assert ["Voor anderen" in page, str(training) in page] == [False, True]
    assert client.get(url.replace(f"/{training.pk}/", f"/{other.pk}/")).status_code == 404


@pytest.mark.usefixtures("hr")
@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_cost_the_same(client, organisation, people, training, url, rows, django_assert_num_queries):
    for one in people[:rows]:
        registration_create(training=training, membership=one, by=one.person)
        published()
        MembershipFactory(organisation=organisation)
    with django_assert_num_queries(6):
        client.get(f"/en/organisaties/{organisation.slug}/inschrijven/")
    with django_assert_num_queries(9):
        client.get(url)

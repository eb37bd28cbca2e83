"""HR's list of who is trained: its own people, what they finished, and nothing else."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone

from commitments.actions.ledger import ledger_refresh
from commitments.metrics import ORGANISATION, TRAINED
from commitments.numbers import value_on
from courses.models import Answer, Course, Enrolment
from sessions.models import Registration, Training
from tests.commitments.factories import award, programme
from tests.commitments.scene import NOW, TODAY, shown, with_role
from tests.factories import DepartmentFactory, MembershipFactory, OrganisationFactory, PartyFactory, PersonFactory

pytestmark = pytest.mark.django_db

PATH = "/organisaties/roc-mondriaan/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def organisation():
    programme()
    return OrganisationFactory(name="ROC Mondriaan", slug="roc-mondriaan", default_side="school")


@pytest.fixture
def hr(organisation, client):
    person = with_role("hr", organisation=organisation)
    client.force_login(person)
    return person


def works_here(organisation, called, **fields):
    return MembershipFactory(organisation=organisation, person=PersonFactory(name=called), **fields)


def listed(client, **query):
    """Name and state of each row, as the page shows them in order."""
    return [(row.shown_name, str(status)) for row, status, _tone in client.get(PATH, query).context["rows"]]


@pytest.fixture
def people(organisation):
    """One in every state; who is trained has a certificate until 1 March 2029."""
    since = dt.date(2026, 3, 1)
    works_here(organisation, "Anna")
    invited = works_here(organisation, "Bilal").person
    invited.invited_at = timezone.now()
    invited.save()
    learner = works_here(organisation, "Chantal").person
    Enrolment.objects.create(person=learner, course=Course.objects.get(slug="module-1"), completed_at=timezone.now())
    registered = works_here(organisation, "Daan").person
    training = Training.objects.create(title="Training", state="published", reply_to="t@example.org")
    Registration.objects.create(
        training=training, person=registered, organisation=organisation, side="school", state="confirmed", seat=1
    )
    award(works_here(organisation, "Emre").person, organisation, since=since)
    award(works_here(organisation, "Fatima").person, organisation, since=since, until=TODAY + dt.timedelta(days=90))
    award(works_here(organisation, "Gülay").person, organisation, since=since, until=TODAY)
    award(works_here(organisation, "Hans").person, organisation, since=since, revoked_on=TODAY)
    ledger_refresh(organisation.memberships.values_list("person", flat=True))


EVERYBODY = [
    ("Anna", "niet-uitgenodigd"),
    ("Bilal", "uitgenodigd"),
    ("Chantal", "bezig"),
    ("Daan", "bezig"),
    ("Emre", "getraind"),
    ("Fatima", "verloopt"),
    ("Gülay", "verlopen"),
    ("Hans", "niet-uitgenodigd"),
]


@pytest.mark.usefixtures("people", "hr")
def test_everybody_stands_there_with_how_far_they_are(client):
    assert listed(client) == EVERYBODY


@pytest.mark.usefixtures("people", "hr")
def test_a_number_opens_to_exactly_who_it_counts_and_agrees_with_the_ledger(client, organisation):
    page = client.get(PATH)
    assert shown(page) == {"trained": "2"}
    assert value_on(ORGANISATION, organisation.pk, TRAINED, TODAY) == 2
    assert listed(client, status="getraind") == [("Emre", "getraind"), ("Fatima", "verloopt")]
    counts = page.context["counts"]
    for status in ("niet-uitgenodigd", "uitgenodigd", "bezig", "verloopt", "verlopen"):
        assert listed(client, status=status) == [row for row in EVERYBODY if row[1] == status]
        assert counts[status] == len(listed(client, status=status))
    assert page.context["total"] == len(EVERYBODY)


@pytest.mark.usefixtures("people", "hr")
def test_the_last_valid_day_is_printed_and_how_many_modules(client):
    rows = {row.shown_name: row for row, _status, _tone in client.get(PATH).context["rows"]}
    assert {name: row.last_valid_day for name, row in rows.items() if row.last_valid_day} == {
        "Emre": dt.date(2029, 2, 28),
        "Fatima": dt.date(2027, 2, 20),
        "Gülay": dt.date(2026, 11, 22),
    }
    assert {name: row.modules_done for name, row in rows.items() if row.modules_done} == {"Chantal": 1}
    assert "geldig tot en met 28 februari 2029" in client.get(PATH).content.decode()


@pytest.mark.usefixtures("hr")
def test_filters_stand_in_the_address_and_can_be_taken_away(client, organisation):
    ict, care = DepartmentFactory(organisation=organisation, name="ICT"), DepartmentFactory(organisation=organisation)
    elsewhere = DepartmentFactory(name="Van een ander")
    works_here(organisation, "Anna Jansen", department=ict)
    works_here(organisation, "Anna Bakker", department=care)
    works_here(organisation, "Bilal", name="Bilal van de lijst", work_address="anna@mondriaan.example", department=ict)
    nobody = "niet-uitgenodigd"
    assert listed(client, zoek="anna") == [
        ("Anna Bakker", nobody),
        ("Anna Jansen", nobody),
        ("Bilal van de lijst", nobody),
    ]
    assert listed(client, zoek="mondriaan") == []  # the part that all addresses share finds nobody
    assert listed(client, zoek="anna", afdeling=ict.pk) == [("Anna Jansen", nobody), ("Bilal van de lijst", nobody)]
    assert listed(client, zoek="anna", status="niet-getraind", afdeling=care.pk) == [("Anna Bakker", nobody)]
    assert listed(client, status="getraind") == []
    assert len(listed(client, status="iets", afdeling=elsewhere.pk, pagina="x")) == 3
    chips = client.get(PATH, {"zoek": "anna", "afdeling": ict.pk, "pagina": 2}).context["chips"]
    assert chips == [("Zoek: anna", f"?afdeling={ict.pk}"), ("ICT", "?zoek=anna")]


# Who sees whom (product.md, rule 7)


@pytest.mark.usefixtures("hr")
def test_only_people_who_work_here_now_and_are_confirmed(client, organisation):
    works_here(organisation, "Nu")
    works_here(organisation, "Vertrokken", until=TODAY)
    works_here(organisation, "Begint nog", since=TODAY + dt.timedelta(days=1))
    works_here(organisation, "Wacht nog", state="waiting", origin="declared")
    works_here(OrganisationFactory(), "Elders")
    assert listed(client) == [("Nu", "niet-uitgenodigd")]


@pytest.mark.usefixtures("hr")
def test_a_training_under_another_membership_tells_nothing_here(client, organisation):
    both = works_here(organisation, "Twee banen").person
    other = MembershipFactory(person=both).organisation
    training = Training.objects.create(title="Training", state="published", reply_to="t@example.org")
    seat = Registration.objects.create(
        training=training, person=both, organisation=other, side="workplace", state="confirmed", seat=1
    )
    assert listed(client) == [("Twee banen", "niet-uitgenodigd")]
    Registration.objects.filter(pk=seat.pk).update(organisation=organisation)
    assert listed(client) == [("Twee banen", "bezig")]


@pytest.mark.usefixtures("hr")
def test_answers_never_stand_there(client, organisation):
    learner = works_here(organisation, "Chantal").person
    enrolment = Enrolment.objects.create(person=learner, course=Course.objects.get(slug="module-1"))
    Answer.objects.create(
        enrolment=enrolment, lesson_key=uuid.uuid4(), block_id=uuid.uuid4(), value={"text": "Wat ik dacht"}
    )
    page = client.get(PATH).content
    assert b"Chantal" in page
    assert b"Wat ik dacht" not in page


def test_hr_of_a_department_sees_that_department(client, organisation):
    ict, care = DepartmentFactory(organisation=organisation), DepartmentFactory(organisation=organisation)
    for name, department in (("Anna", ict), ("Bilal", care), ("Chantal", None)):
        member = works_here(organisation, name, department=department).person
        award(member, organisation, since=dt.date(2026, 3, 1))
        ledger_refresh([member.pk])
    client.force_login(with_role("hr", organisation=organisation, department=ict))
    page = client.get(PATH)
    assert listed(client) == [("Anna", "getraind")]
    assert shown(page) == {"trained": "1"}
    assert listed(client, afdeling=care.pk) == [("Anna", "getraind")]
    assert page.context["trend_lines"] == []
    assert b"/import/" not in page.content
    client.force_login(with_role("hr", organisation=organisation))
    page = client.get(PATH)
    assert shown(page) == {"trained": "3"}
    assert page.context["trend_lines"] != []
    assert b"/import/" in page.content


def test_who_is_not_hr_here_finds_nothing_and_who_is_not_signed_in_signs_in_first(client, organisation):
    works_here(organisation, "Anna")
    party = PartyFactory()
    member = organisation.memberships.get().person
    kinds = [("coordinator", {"party": party}), ("hr", {"organisation": OrganisationFactory()})]
    kinds += [(kind, {}) for kind in ("trainer", "facilitator", "editor", "network", "administrator")]
    for person in [member, *(with_role(kind, **scope) for kind, scope in kinds)]:
        client.force_login(person)
        assert client.get(PATH).status_code == 404
    client.logout()
    for path in (PATH, "/organisaties/bestaat-niet/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/inloggen/?next={path}")
    client.force_login(with_role("hr", organisation=organisation))
    assert client.get(PATH).status_code == 200
    assert client.get("/organisaties/bestaat-niet/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 120])
def test_the_list_costs_the_same_with_more_people(client, organisation, hr, django_assert_num_queries, rows):
    department = DepartmentFactory(organisation=organisation)
    MembershipFactory.create_batch(rows, organisation=organisation, department=department)
    with django_assert_num_queries(13):
        page = client.get(PATH)
    assert len(page.context["rows"]) == min(rows, 50)

import datetime as dt
import io

import pypdf
import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from certificates.actions.awards import award_revoke, certificate_reissue, people_judge
from certificates.codes import is_code, is_number, read_typed
from certificates.models import Certificate
from certificates.progress import Step, outline_of, route_of
from parties.models import AuditEntry
from tests.certificates import scene
from tests.factories import DepartmentFactory, OrganisationFactory, PartyFactory, PersonFactory, RoleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def awarded(name="Sevgi Yıldız", **fields):
    person = scene.finisher(name, **fields)
    people_judge(person_ids=[person.pk])
    return Certificate.objects.get(award__person=person)


@pytest.fixture
def certificate():
    scene.basic()
    return awarded()


def pdf_of(certificate):
    return f"/bewijzen/{certificate.number}.pdf"


# Who may open the PDF


@pytest.fixture
def people(certificate):
    """One of every kind; each role of another organisation or party beside the right one."""
    [frozen] = certificate.award.memberships.all()
    department = DepartmentFactory(organisation=frozen.organisation)
    other = DepartmentFactory(organisation=frozen.organisation)
    certificate.award.memberships.update(department=department)
    affiliated = PartyFactory()

    def role(kind, **scope):
        return RoleFactory(kind=kind, **scope).person

    return {
        "holder": certificate.award.person,
        "hr": role("hr", organisation=frozen.organisation),
        "hr of the department": role("hr", organisation=frozen.organisation, department=department),
        "hr of another department": role("hr", organisation=frozen.organisation, department=other),
        "hr of another organisation": role("hr", organisation=OrganisationFactory()),
        "hr until yesterday": role("hr", organisation=frozen.organisation, until=dt.date(2026, 11, 23)),
        "coordinator": role("coordinator", party=affiliated),
        "trainer": role("trainer"),
        "facilitator": role("facilitator"),
        "editor": role("editor"),
        "network": role("network"),
        "administrator": role("administrator"),
        "colleague": scene.learner("Collega", organisation=frozen.organisation),
    }


def test_only_the_holder_and_hr_in_scope_open_the_pdf(client, certificate, people):
    found = {}
    for name, person in people.items():
        client.force_login(person)
        found[name] = client.get(pdf_of(certificate)).status_code
    assert {name for name, status in found.items() if status == 200} == {"holder", "hr", "hr of the department"}
    assert set(found.values()) == {200, 404}
    openable = {name for name, person in people.items() if Certificate.objects.openable_by(person).exists()}
    assert openable == {"holder", "hr", "hr of the department"}


@pytest.mark.parametrize("address", ["/bewijzen/GK-2026-000001.pdf", "/bewijzen/GK-1999-000000.pdf", "/mijn/bewijzen/"])
def test_who_is_not_signed_in_signs_in_whether_it_exists_or_not(client, certificate, address):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, f"/inloggen/?next={address}")


def test_the_pdf_is_made_at_the_first_request_and_kept(client, certificate):
    client.force_login(certificate.award.person)
    response = client.get(pdf_of(certificate))
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        "application/pdf",
        f'inline; filename="bewijs-van-deelname-{certificate.number}.pdf"',
    )
    assert "private" in response["Cache-Control"]
    assert "Sevgi Yıldız" in pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    assert bytes(Certificate.objects.get().pdf) == response.content
    assert AuditEntry.objects.count() == 0


def test_that_hr_opened_it_is_written_down(client, certificate):
    hr = RoleFactory(kind="hr", organisation=certificate.award.memberships.get().organisation).person
    client.force_login(hr)
    client.get(pdf_of(certificate))
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.about, entry.target) == (
        hr,
        "certificate.opened",
        certificate.award.person,
        f"certificate:{certificate.number}",
    )


def test_a_replaced_pdf_leads_to_the_newest_and_a_revoked_one_is_gone(client, certificate):
    new = certificate_reissue(certificate=certificate, holder_name="Sevgi de Vries", by=PersonFactory())
    client.force_login(certificate.award.person)
    assert client.get(pdf_of(certificate))["Location"] == pdf_of(new)
    award_revoke(award=certificate.award, reason="Vergissing.", by=PersonFactory())
    assert client.get(pdf_of(new)).status_code == 404


def test_a_name_that_cannot_be_printed_is_said_in_words(client):
    scene.basic()
    certificate = awarded(name="山田")
    client.force_login(certificate.award.person)
    response = client.get(pdf_of(certificate), follow=True)
    assert response.redirect_chain == [("/mijn/bewijzen/", 302)]
    assert "We kunnen een letter van een naam op dit bewijs niet afdrukken." in response.content.decode()


# One's own list


def test_my_certificates_are_mine_alone(client, certificate):
    other = awarded("Iemand Anders")
    client.force_login(certificate.award.person)
    page = client.get("/mijn/bewijzen/").content.decode()
    assert (certificate.number in page, other.number in page) == (True, False)
    assert "Uitgereikt op 23 november 2026. Geldig tot en met 22 november 2029." in page
    award_revoke(award=certificate.award, reason="Iemand anders zat er.", by=other.award.person)
    page = client.get("/mijn/bewijzen/").content.decode()
    assert "De reden: Iemand anders zat er." in page
    assert pdf_of(certificate) not in page


def test_without_certificates_it_says_how_to_begin(client):
    client.force_login(PersonFactory())
    assert "Nog geen bewijs" in client.get("/mijn/bewijzen/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_my_list_costs_the_same_with_more_rows(client, rows, django_assert_num_queries):
    person = scene.learner()
    scene.finish(person, scene.modules())
    scene.held(person)
    for number in range(rows):
        scene.basic(slug=f"leerroute-{number}", name=f"Leerroute {number}")
    people_judge(person_ids=[person.pk])
    client.force_login(person)
    with django_assert_num_queries(4):
        response = client.get("/mijn/bewijzen/")
    assert response.content.decode().count("GK-2026-") == 2 * rows


# The check


@pytest.mark.parametrize(
    ("typed", "read", "code", "number"),
    [
        ("k3f7-9qwx-2m4p", "K3F79QWX2M4P", True, False),
        (" K3F7 9QWX 2M4P ", "K3F79QWX2M4P", True, False),
        ("K3F7–9QWX–2M4P", "K3F79QWX2M4P", True, False),
        ("K3F79QWX2M4", "K3F79QWX2M4", False, False),
        ("K3F79QWX2M40", "K3F79QWX2M40", False, False),
        ("gk-2026-000001", "GK2026000001", False, True),
    ],
)
def test_what_somebody_types(typed, read, code, number):
    assert (read_typed(typed), is_code(read), is_number(read)) == (read, code, number)


def test_a_valid_certificate_shows_name_programme_and_period(client, certificate):
    response = client.get(f"/controle/{certificate.code}/")
    page = response.content.decode()
    assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex")
    for text in ("Dit bewijs is echt en geldig", "Sevgi Yıldız", "Basis", "22 november 2029", certificate.number):
        assert text in page
    assert "Van Vliet" not in page
    assert client.get(f"/controle/{certificate.shown_code.lower()}/").status_code == 200


@pytest.mark.parametrize(("revision", "shown"), [(7, 3), (None, 0), ("never kept", 0)])
def test_the_check_names_the_version_of_each_module_where_it_was_kept(client, certificate, revision, shown):
    courses = [{**course, "revision": revision} for course in certificate.snapshot["courses"]]
    if revision == "never kept":
        courses = [{name: value for name, value in course.items() if name != "revision"} for course in courses]
    Certificate.objects.update(snapshot={**certificate.snapshot, "courses": courses})
    with translation.override("en"):
        page = client.get(f"/controle/{certificate.code}/", headers={"accept-language": "en"})
    assert [course["title"] for course in page.context["certificate"].courses_with_version] == [*scene.MODULES][:shown]
    assert page.content.decode().count("7\n            </dd>") == shown


def test_an_expired_certificate(client, certificate):
    with time_machine.travel("2029-11-23T12:00:00+01:00"):
        assert "Dit bewijs is echt, maar verlopen" in client.get(f"/controle/{certificate.code}/").content.decode()


def test_a_revoked_certificate_says_when_and_not_why(client, certificate):
    award_revoke(award=certificate.award, reason="Iemand anders zat er.", by=PersonFactory())
    page = client.get(f"/controle/{certificate.code}/").content.decode()
    assert "Ingetrokken op 23 november 2026" in page
    assert "Iemand anders zat er" not in page


def test_a_replaced_certificate_leads_to_the_new_one_without_the_old_name(client, certificate):
    new = certificate_reissue(certificate=certificate, holder_name="Sevgi de Vries", by=PersonFactory())
    page = client.get(f"/controle/{certificate.code}/").content.decode()
    assert f"/controle/{new.code}/" in page
    assert "Yıldız" not in page
    assert "Sevgi de Vries" in client.get(f"/controle/{new.code}/").content.decode()


def test_typing_the_code_opens_the_page(client, certificate):
    response = client.get("/controle/", {"code": certificate.shown_code.lower()})
    assert (response.status_code, response["Location"]) == (302, f"/controle/{certificate.code}/")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Typ de code."),
        ("K3F7", "Dit is geen hele code."),
        ("GK-2026-000001", "Dit is het nummer."),
        ("<script>", "Dit is geen hele code."),
    ],
)
def test_what_is_not_a_code_gets_a_sentence_and_stays(client, certificate, typed, sentence):
    response = client.get("/controle/", {"code": typed})
    assert response.status_code == 200
    assert any(error.startswith(sentence) for error in response.context["form"].errors["code"])
    assert response.context["form"]["code"].value() == typed
    assert "Sevgi" not in response.content.decode()


@pytest.mark.parametrize("code", ["K3F79QWX2M4P", "GK-2026-000001", "x", "K3F79QWX2M4P.json"])
def test_an_unknown_code_is_404_with_a_sentence_and_what_was_typed(client, certificate, code):
    response = client.get(f"/controle/{code}/")
    assert (response.status_code, response["X-Robots-Tag"]) == (404, "noindex")
    assert len(response.context["form"].errors["code"]) == 1
    assert response.context["form"]["code"].value() == code


def test_after_twenty_wrong_codes_it_waits_ten_minutes(client, certificate):
    for _ in range(20):
        assert client.get("/controle/K3F79QWX2M4P/").status_code == 404
    assert client.get(f"/controle/{certificate.code}/").status_code == 429
    assert client.get(f"/controle/{certificate.code}/", REMOTE_ADDR="192.0.2.7").status_code == 200
    with time_machine.travel(NOW + dt.timedelta(minutes=10), tick=False):
        assert client.get(f"/controle/{certificate.code}/").status_code == 200


# The programme and the route


def test_what_a_programme_asks_is_public(client):
    programme = scene.basic(description="Voor stagebegeleiders.")
    page = client.get(reverse("certificates:programme", args=["basis"])).content.decode()
    for text in ("Voor stagebegeleiders.", "Herkennen", "Je herkent het.", "36 maanden"):
        assert text in page
    assert outline_of(programme)[0] == Step("Herkennen", "todo", "Module, 50 min", "/modules/herkennen/")
    programme.is_active = False
    programme.save()
    assert client.get("/leerroutes/basis/").status_code == 404


def test_the_route_shows_how_far_somebody_is():
    from courses.models import Enrolment

    programme = scene.basic(counts_as_trained=True)
    person = scene.learner()
    scene.finish(person, scene.modules()[:1])
    Enrolment.objects.create(person=person, course=scene.modules()[1])
    with translation.override("en"):
        assert [(step.title, step.state, step.note) for step in route_of(person)] == [
            ('<span lang="nl">Herkennen</span>', "done", "Finished on 23 November 2026"),
            ('<span lang="nl">Erkennen</span>', "now", "You have begun. Module, 50 min"),
            ('<span lang="nl">Tegengaan</span>', "todo", "Module, 50 min"),
            ("A training together", "todo", "School and workplace in one room. Choose a training that suits you."),
        ]
        scene.held(person)
        held = '<span lang="nl">Eerlijk begeleiden</span>'
        assert route_of(person, programme)[3] == Step(held, "done", "Attended on 23 November 2026")


def test_without_a_programme_there_is_no_route():
    assert route_of(PersonFactory()) == []


def test_the_route_follows_the_renewal():
    scene.basic(validity_months=12)
    person = awarded().award.person
    assert {step.state for step in route_of(person)} == {"done"}
    with time_machine.travel(NOW + dt.timedelta(days=400), tick=False):
        assert [step.state for step in route_of(person)] == ["done", "done", "done", "now"]

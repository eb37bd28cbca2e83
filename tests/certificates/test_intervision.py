"""The certificate for intervision: earned by meetings, and silent about when a group met."""

import datetime as dt
import io

import pypdf
import pytest
import time_machine
from django.utils import translation
from django.utils.translation import gettext

from certificates.actions.awards import award_revoke, people_judge
from certificates.actions.people import awards_erase
from certificates.actions.programmes import programme_ensure_intervision
from certificates.coarse import known_from, school_year
from certificates.models import Award, Certificate, Programme
from certificates.progress import Step, meters_of, route_of
from parties.actions.roles import role_grant
from parties.models import OutboxMessage, Person
from sessions.models import Attendance, GroupMember, IntervisionGroup, Meeting
from sessions.signals import presence_settled
from tests.certificates import scene
from tests.factories import PersonFactory, RoleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

NOW = dt.datetime(2026, 11, 19, 17, tzinfo=dt.UTC)
DAY = "19 november 2026"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def programme() -> Programme:
    return programme_ensure_intervision()


def met(*people: Person, days_ago: int = 0, minutes: int = 90, state: str = "present") -> Meeting:
    """A meeting of their group that ended so long ago; presence is settled now."""
    group, _ = IntervisionGroup.objects.get_or_create(
        name="Groep Laak", defaults={"facilitator": PersonFactory(name="Noor Bakkerij")}
    )
    ends_at = NOW - dt.timedelta(days=days_ago, minutes=30)
    meeting = Meeting.objects.create(
        group=group, starts_at=ends_at - dt.timedelta(minutes=90), ends_at=ends_at, place="Buurthuis De Brug"
    )
    for person in people:
        if not group.members.filter(person=person).exists():
            membership = person.memberships.get()
            GroupMember.objects.create(
                group=group,
                person=person,
                membership=membership,
                organisation=membership.organisation,
                side=membership.side,
                since=dt.date(2026, 3, 1),
            )
        Attendance.objects.create(person=person, meeting=meeting, state=state, minutes=minutes)
    presence_settled.send(sender=Meeting, person_ids=[person.pk for person in people])
    return meeting


def member(times: int = 3, **fields: object) -> Person:
    """Somebody who was at so many meetings before today."""
    person = scene.learner(**fields)
    for number in range(times):
        met(person, days_ago=50 * (number + 1))
    return person


@pytest.fixture
def certificate(programme: Programme) -> Certificate:
    met(member())
    return Certificate.objects.get()


def test_the_fourth_meeting_gives_it_at_once_with_the_dates_of_the_month(programme):
    person = member()
    met(person, state="absent", minutes=0)
    assert not Award.objects.exists()
    met(person, minutes=60)
    award = Award.objects.get()
    assert (award.person, award.programme, award.awarded_at) == (person, programme, NOW)
    assert (award.valid_from, award.known_from, award.valid_until) == (
        dt.date(2026, 11, 1),
        dt.date(2026, 12, 1),
        dt.date(2028, 12, 1),
    )
    certificate = Certificate.objects.get()
    assert (certificate.net_minutes, certificate.snapshot["courses"], certificate.snapshot["trainings"]) == (
        330,
        [],
        [],
    )
    assert certificate.snapshot["intervision"] == {
        "meetings": 4,
        "minutes": 330,
        "school_years": ["2025-2026", "2026-2027"],
    }
    assert OutboxMessage.objects.get().kind == "certificate-awarded"
    assert people_judge(person_ids=[person.pk]) == []


def test_it_is_no_condition_for_trained(programme):
    assert (programme.counts_as_trained, programme.intervision_meetings, programme.validity_months) == (False, 4, 24)
    scene.basic(counts_as_trained=True)
    assert Programme.objects.main().slug == "basis"


def test_the_programme_is_made_once_and_left_as_people_changed_it(programme):
    Programme.objects.update(intervision_meetings=5)
    assert programme_ensure_intervision().intervision_meetings == 5
    assert Programme.objects.count() == 1


def test_a_meeting_that_was_called_off_or_is_to_come_does_not_count(programme):
    person = member()
    met(person, days_ago=-1)
    meeting = met(person)
    awards_erase(person=person)
    Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=NOW)
    assert people_judge(person_ids=[person.pk]) == []


@pytest.mark.parametrize(
    ("day", "year", "known"),
    [
        ((2026, 7, 31), "2025-2026", (2026, 8, 1)),
        ((2026, 8, 1), "2026-2027", (2026, 9, 1)),
        ((2026, 12, 31), "2026-2027", (2027, 1, 1)),
        ((2027, 1, 1), "2026-2027", (2027, 2, 1)),
        ((2028, 2, 29), "2027-2028", (2028, 3, 1)),
    ],
)
def test_the_coarse_dates(day, year, known):
    assert (school_year(dt.date(*day)), known_from(dt.date(*day))) == (year, dt.date(*known))


# What others see of it


def test_hr_opens_it_when_the_month_is_over_and_the_holder_at_once(client, certificate):
    hr = RoleFactory(kind="hr", organisation=certificate.award.memberships.get().organisation).person
    address = f"/bewijzen/{certificate.number}.pdf"

    def status(person: Person) -> int:
        client.force_login(person)
        return client.get(address).status_code

    assert (status(hr), status(certificate.award.person)) == (404, 200)
    with time_machine.travel("2026-11-30T23:30:00+01:00", tick=False):
        assert status(hr) == 404
    with time_machine.travel("2026-12-01T00:30:00+01:00", tick=False):
        assert status(hr) == 200
        assert status(RoleFactory(kind="administrator").person) == 404


def test_the_pdf_says_the_month_how_many_meetings_and_the_last_day(client, certificate):
    client.force_login(certificate.award.person)
    answer = client.get(f"/bewijzen/{certificate.number}.pdf")
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    text = " ".join(reader.pages[0].extract_text().split())
    with translation.override("nl"):
        assert f"{gettext('Awarded in')} november 2026 door" in text
    assert "Geldig tot en met 30 november 2028" in text
    assert "Intervisie, 4 bijeenkomsten in een kleine groep schooljaar 2025-2026, 2026-2027 6 uur" in text
    assert [told for told in (DAY, "19-11", "Laak", "De Brug", "Noor Bakkerij") if told in text] == []
    assert not {"/CreationDate", "/ModDate"} & {key for key, value in reader.metadata.items() if "2026" in str(value)}


def test_the_check_and_the_own_list_say_the_month(client, certificate):
    page = client.get(f"/controle/{certificate.code}/").text
    client.force_login(certificate.award.person)
    mine = client.get("/mijn/bewijzen/").text
    for shown in (page, mine):
        assert "november 2026" in shown
        assert "30 november 2028" in shown
        assert DAY not in shown


def test_the_administrators_list_has_it_when_the_month_is_over_by_its_number(client, certificate):
    """Keys count up: who got theirs at one moment, in one group, would stand side by side."""
    person = PersonFactory()
    role_grant(person=person, kind="administrator")
    client.force_login(person)
    address = f"/beheer/certificates/certificate/{certificate.number}/change/"
    assert certificate.number not in client.get("/beheer/certificates/certificate/").text
    assert client.get(address, follow=True).redirect_chain[-1][0] == "/beheer/"
    assert client.get(address.replace("change", "revoke")).status_code == 404
    with time_machine.travel("2026-12-01T00:30:00+01:00", tick=False):
        page = client.get("/beheer/certificates/certificate/").text
        whole = client.get(address).text
    for shown in (page, whole):
        assert certificate.number in shown
        assert DAY not in shown
        assert f"certificate/{certificate.pk}/" not in shown
    assert "november 2026" in page


@pytest.mark.parametrize("state", ["valid", "expired", "revoked"])
def test_every_state_says_the_month(certificate, state):
    if state == "revoked":
        award_revoke(award=certificate.award, reason="Vergissing.", by=PersonFactory())
    on = dt.datetime(2029, 1, 1, tzinfo=dt.UTC) if state == "expired" else NOW
    with time_machine.travel(on, tick=False), translation.override("en"):
        found = Certificate.objects.get()
        assert found.status == state
        assert found.status_sentence.startswith("Awarded in November 2026. ")


# One's own meter


def test_the_meter_shows_meetings_and_net_time_to_who_is_in_a_group_or_was(programme):
    assert meters_of(scene.learner()) == []
    person = member(2)
    [meter] = meters_of(person)
    assert (meter.programme, meter.been, meter.asked, meter.minutes) == (programme, 2, 4, 180)
    GroupMember.objects.update(until=dt.date(2026, 11, 1))
    assert len(meters_of(person)) == 1
    Attendance.objects.all().delete()
    assert meters_of(person) == []
    GroupMember.objects.update(until=None)
    assert [meter.been for meter in meters_of(person)] == [0]


def test_the_meter_never_passes_what_is_asked_and_stands_on_the_own_page(client, programme):
    person = member(6)
    [meter] = meters_of(person)
    assert (meter.been, meter.asked, meter.minutes) == (4, 4, 540)
    client.force_login(person)
    page = client.get("/mijn/")
    assert page.context["meters"] == [meter]
    assert 'href="/leerroutes/verdieping-intervisie/"' in page.text


@pytest.mark.parametrize("meetings", [1, 3])
def test_the_meter_costs_the_same_with_more_meetings(programme, meetings, django_assert_num_queries):
    person = member(meetings)
    with django_assert_num_queries(8):
        assert meters_of(person)[0].been == meetings


def test_the_steps_of_the_programme_lead_to_intervision(client, programme):
    person = member(2)
    with translation.override("en"):
        assert route_of(person, programme) == [
            Step("Intervision", "now", "Been 2 of 4 times · 3 hours", "/en/intervisie/")
        ]
    page = client.get("/leerroutes/verdieping-intervisie/").text
    assert 'href="/intervisie/"' in page
    assert 'href="/modules/"' not in page.split("<main")[1].split("</main")[0]

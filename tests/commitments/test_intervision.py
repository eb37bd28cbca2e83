"""Intervision counts for effort 2 and for HR, and tells nobody when, where or in which group somebody met."""

import datetime as dt
import io
import re

import pypdf
import pytest
import time_machine
from django.test import Client
from django.utils.formats import date_format

from certificates.actions.awards import award_revoke
from certificates.actions.programmes import programme_ensure_intervision
from certificates.models import Award, Certificate, Programme
from commitments.actions.ledger import ledger_refresh, ledger_refresh_organisations
from commitments.metrics import INTERVISION, NET_MINUTES
from commitments.models import LedgerRow
from commitments.numbers import value_on
from commitments.trained import intervision_by_year, intervision_of, people_of
from parties.actions.merging import people_merge, person_erase
from parties.models import Membership, Organisation, Party
from sessions.models import Attendance, GroupMember, IntervisionGroup, Meeting
from sessions.signals import presence_settled
from tests.commitments.factories import met, wrong_in_ledger
from tests.commitments.scene import efforts, member_of, promise, shown, with_role
from tests.commitments.third_count import ledger_says, third_count
from tests.factories import AffiliationFactory, DepartmentFactory, MembershipFactory, OrganisationFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
TODAY = NOW.date()
#: Days of meetings: three in a school year, of which the last is in a month that is not over.
DAYS = (dt.date(2026, 9, 17), dt.date(2026, 10, 29), dt.date(2026, 11, 19))
PLACE, LINK = "Buurthuis De Brug", "https://meet.example.org/laak-1837"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def organisation() -> Organisation:
    return member_of(Party.objects.create(name="ROC Mondriaan", slug="roc-mondriaan", position=3), slug="mondriaan")


@pytest.fixture
def member(organisation: Organisation) -> Membership:
    return MembershipFactory(organisation=organisation, person=PersonFactory(name="Sevgi de Wit"))


@pytest.fixture
def group() -> IntervisionGroup:
    return IntervisionGroup.objects.create(name="Groep Laakkwartier", facilitator=PersonFactory(name="Noor Bakkerij"))


def sat(group: IntervisionGroup, member: Membership, *days: dt.date, minutes: int = 90) -> None:
    """Was there on these days, and everybody was told."""
    for day in days:
        met(day, [(member.person, member.organisation, minutes)], group=group, place=PLACE, link=LINK)
    presence_settled.send(sender=Meeting, person_ids=[member.person_id])


def counts(organisation: Organisation, metric: str, day: dt.date) -> list[int]:
    """Of the organisation, its party and the network."""
    party = organisation.affiliations.get().party_id
    return [
        value_on(scope, key, metric, day)
        for scope, key in (("organisation", organisation.pk), ("party", party), ("network", 0))
    ]


# In the ledger


def test_a_meeting_counts_from_the_first_of_the_next_month_with_its_minutes(organisation, member, group):
    sat(group, member, *DAYS)
    for metric, each in ((INTERVISION, 1), (NET_MINUTES, 90)):
        assert counts(organisation, metric, dt.date(2026, 9, 30)) == [0, 0, 0]
        assert counts(organisation, metric, dt.date(2026, 10, 1)) == [each] * 3
        assert counts(organisation, metric, TODAY) == [2 * each] * 3
        assert counts(organisation, metric, dt.date(2026, 12, 1)) == [3 * each] * 3
    assert wrong_in_ledger() == []
    for day in (TODAY, dt.date(2026, 12, 1)):
        assert ledger_says(day) == third_count(day) != {}


def test_a_row_says_month_and_school_year_and_nothing_of_the_meeting(organisation, member, group):
    sat(group, member, dt.date(2026, 7, 31), dt.date(2026, 8, 3))
    rows = LedgerRow.objects.filter(metric=INTERVISION, scope="organisation").order_by("date")
    assert list(rows.values_list("date", "cause", "delta")) == [
        (dt.date(2026, 8, 1), "intervision:2025-2026", 1),
        (dt.date(2026, 9, 1), "intervision:2026-2027", 1),
    ]
    days_of_meetings = {dt.date(2026, 7, 31), dt.date(2026, 8, 3)}
    assert not days_of_meetings & set(LedgerRow.objects.values_list("date", flat=True))


def test_it_counts_for_what_was_frozen_and_for_the_parties_of_that_day(organisation, member, group):
    Membership.objects.filter(pk=member.pk).update(until=dt.date(2026, 10, 1))
    left = organisation.affiliations.get()
    left.until = dt.date(2026, 10, 1)
    left.save()
    elsewhere = MembershipFactory(person=member.person, since=dt.date(2026, 10, 1)).organisation
    sat(group, member, DAYS[0])
    assert counts(organisation, INTERVISION, TODAY) == [1, 1, 1]
    sat(group, member, DAYS[1])
    assert counts(organisation, INTERVISION, TODAY) == [2, 1, 1]
    assert value_on("organisation", elsewhere.pk, INTERVISION, TODAY) == 0
    again = AffiliationFactory(organisation=organisation, since=dt.date(2026, 10, 15)).party
    ledger_refresh_organisations([organisation.pk])
    assert value_on("party", again.pk, INTERVISION, TODAY) == 1
    assert wrong_in_ledger() == []


def test_who_leaves_on_the_day_of_a_meeting_was_there_for_the_organisation_of_that_place(organisation, member, group):
    GroupMember.objects.create(
        group=group, person=member.person, organisation=OrganisationFactory(), side="school", since=dt.date(2026, 9, 1),
        until=DAYS[0],
    )  # fmt: skip
    GroupMember.objects.create(
        group=group, person=member.person, organisation=organisation, side="school", since=DAYS[0], until=DAYS[1]
    )
    sat(group, member, DAYS[0], DAYS[1])
    assert counts(organisation, INTERVISION, TODAY) == [2, 2, 2]
    assert wrong_in_ledger() == []


@pytest.mark.parametrize("why", ["absent", "excused", "called off", "not known for whom"])
def test_what_does_not_count(organisation, member, group, why):
    meeting = met(DAYS[0], [(member.person, None if why == "not known for whom" else organisation, 90)], group=group)
    if why == "called off":
        Meeting.objects.filter(pk=meeting.pk).update(cancelled_at=NOW)
    elif why in ("absent", "excused"):
        Attendance.objects.update(state=why)
    presence_settled.send(sender=Meeting, person_ids=[member.person_id])
    assert not LedgerRow.objects.exists()
    assert wrong_in_ledger() == []


def test_presence_that_is_taken_back_counts_no_more(organisation, member, group):
    sat(group, member, DAYS[0])
    Attendance.objects.update(state="absent", minutes=0)
    presence_settled.send(sender=Meeting, person_ids=[member.person_id])
    assert counts(organisation, INTERVISION, TODAY) == [0, 0, 0]
    assert wrong_in_ledger() == []


def test_an_erased_person_counts_on_without_a_trace_also_for_the_month_that_is_not_over(organisation, member, group):
    sat(group, member, *DAYS)
    person_erase(person=member.person, by=None)
    assert counts(organisation, INTERVISION, TODAY) == [2, 2, 2]
    assert counts(organisation, INTERVISION, dt.date(2026, 12, 1)) == [3, 3, 3]
    assert set(LedgerRow.objects.values_list("person", "cause", "frozen")) == {(None, "", True)}
    assert wrong_in_ledger() == []


def test_two_records_of_one_person_count_a_meeting_once(organisation, member, group):
    other = MembershipFactory(organisation=organisation)
    met(DAYS[0], [(member.person, organisation, 90), (other.person, organisation, 90)], group=group)
    met(DAYS[1], [(other.person, organisation, 90)], group=group)
    ledger_refresh([member.person_id, other.person_id])
    assert counts(organisation, INTERVISION, TODAY) == [3, 3, 3]
    people_merge(kept=member.person, merged=other.person, by=None)
    assert counts(organisation, INTERVISION, TODAY) == [2, 2, 2]
    assert wrong_in_ledger() == []


def test_a_party_promises_it_and_sees_it_by_the_rules_of_rounding(client, organisation, group):
    party = organisation.affiliations.get().party
    efforts()
    promise(party, metric="intervision", unit="keer", since=dt.date(2026, 1, 1))
    for _number in range(7):
        sat(group, MembershipFactory(organisation=organisation), DAYS[0])
    public = client.get("/partijen/roc-mondriaan/")
    [standing] = public.context["efforts"][1][1]
    assert (standing.value, standing.is_rounded, shown(public)["intervision"]) == (5, True, "5")
    assert shown(client.get("/voortgang/"))["intervision"] == "5"
    client.force_login(with_role("coordinator", party=party))
    page = client.get("/partijen/roc-mondriaan/", {"herkomst": "intervision"})
    [standing] = page.context["efforts"][1][1]
    assert (standing.value, standing.is_rounded, shown(page)["intervision"]) == (7, False, "7")
    assert shown(page)["net_hours"] == "10"
    assert page.context["made_of"] == [(organisation, 5)]


def test_a_certificate_that_gives_a_meeting_away_counts_for_others_when_the_month_is_over(organisation, member, group):
    Programme.objects.filter(pk=programme_ensure_intervision().pk).update(counts_as_trained=True)
    sat(group, member, dt.date(2026, 5, 12), *DAYS)
    known = dt.date(2026, 12, 1)
    assert Award.objects.get().valid_from == dt.date(2026, 11, 1)
    rows = LedgerRow.objects.filter(metric__in=["certificates", "trained"], delta=1, person=member.person)
    assert set(rows.values_list("metric", "date")) == {("certificates", known), ("trained", known)}
    assert wrong_in_ledger() == []
    assert ledger_says(known) == third_count(known)
    statuses = [people_of(organisation, None, day).get().status for day in (TODAY, known)]
    assert statuses == ["niet-uitgenodigd", "getraind"]


def test_revoked_before_others_knew_it_was_never_valid_for_them(member, group):
    Programme.objects.filter(pk=programme_ensure_intervision().pk).update(counts_as_trained=True)
    sat(group, member, dt.date(2026, 5, 12), *DAYS)
    award_revoke(award=Award.objects.get(), reason="Vergissing.", by=PersonFactory())
    assert not LedgerRow.objects.filter(metric="trained").exists()
    assert wrong_in_ledger() == []


# What HR sees


def test_hr_sees_a_number_by_school_year_of_months_that_are_over(client, organisation, member, group):
    sat(group, member, dt.date(2026, 3, 12), *DAYS)
    client.force_login(with_role("hr", organisation=organisation))
    [[row, _status, _tone]] = client.get("/organisaties/mondriaan/").context["rows"]
    assert row.intervision == [("2026-2027", 2), ("2025-2026", 1)]
    with time_machine.travel("2026-12-01T00:30:00+01:00", tick=False):
        [[row, _status, _tone]] = client.get("/organisaties/mondriaan/").context["rows"]
    assert row.intervision == [("2026-2027", 3), ("2025-2026", 1)]


def test_hr_sees_nothing_of_intervision_for_another_organisation(client, organisation, member, group):
    other = MembershipFactory(person=member.person)
    sat(group, other, *DAYS)
    assert intervision_by_year(other.organisation, [member.person_id], TODAY) == {member.person_id: [("2026-2027", 2)]}
    client.force_login(with_role("hr", organisation=organisation))
    [[row, _status, _tone]] = client.get("/organisaties/mondriaan/").context["rows"]
    assert (row.person, row.intervision) == (member.person, [])


def test_hr_of_a_department_sees_it_of_that_department_alone(client, organisation, group):
    ict, care = DepartmentFactory(organisation=organisation), DepartmentFactory(organisation=organisation)
    for department in (ict, care):
        sat(group, MembershipFactory(organisation=organisation, department=department), DAYS[0])
    client.force_login(with_role("hr", organisation=organisation, department=ict))
    rows = client.get("/organisaties/mondriaan/").context["rows"]
    assert [(row.department, row.intervision) for row, _status, _tone in rows] == [(ict, [("2026-2027", 1)])]


def in_every_format(day: dt.date) -> list[str]:
    """Ways in which a day is written on screens, in files and for machines."""
    made = {
        date_format(day, form) for form in ("j F Y", "j F", "j M", "d-m-Y", "j-n-Y", "d/m/Y", "Y-m-d", "Ymd", "l j")
    }
    return sorted(made)


def texts_for_hr(client: Client, organisation: Organisation) -> dict[str, str]:
    """Every page that HR of the organisation comes to, its certificates, and what follows from the links there."""
    start = [f"/organisaties/{organisation.slug}/", "/mijn/", "/mijn/bewijzen/", "/intervisie/", "/voortgang.json"]
    start += ["/partijen/roc-mondriaan/?herkomst=intervision", "/voortgang/", "/trainingen/"]
    start += [f"/bewijzen/{number}.pdf" for number in Certificate.objects.values_list("number", flat=True)]
    start += [f"/controle/{code}/" for code in Certificate.objects.values_list("code", flat=True)]
    found: dict[str, str] = {}
    while start:
        path = start.pop()
        if path in found:
            continue
        answer = client.get(path)
        if answer["Content-Type"] == "application/pdf":
            reader = pypdf.PdfReader(io.BytesIO(answer.content))
            found[path] = " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
            continue
        found[path] = answer.content.decode()
        of_organisation = re.findall(rf'href="(/organisaties/{organisation.slug}/[^"#]*)', found[path])
        start += [link.replace("&amp;", "&") for link in of_organisation]
        queries = re.findall(r'href="(\?[^"#]*)', found[path]) if "?" not in path else []
        start += [path + query.replace("&amp;", "&") for query in queries]
    return found


def test_hr_learns_a_number_and_no_group_no_day_no_place_and_no_facilitator(client, organisation, member, group, site):
    programme_ensure_intervision()
    days = (dt.date(2026, 5, 12), dt.date(2026, 6, 18), *DAYS[:2])
    with time_machine.travel(dt.datetime(2026, 10, 29, 17, tzinfo=dt.UTC), tick=False):
        sat(group, member, *days)
    assert Award.objects.get().person == member.person
    client.force_login(with_role("hr", organisation=organisation, person=PersonFactory(name="Hanna Rietveld")))
    texts = texts_for_hr(client, organisation)
    [[row, _status, _tone]] = client.get("/organisaties/mondriaan/").context["rows"]
    assert row.intervision == [("2026-2027", 2), ("2025-2026", 2)]
    assert "2026-2027" in texts["/organisaties/mondriaan/"]
    [pdf] = [text for path, text in texts.items() if path.endswith(".pdf")]
    assert "Verdieping: intervisie" in pdf
    assert len(texts) >= 14
    hidden = [group.name, "Laakkwartier", PLACE, "De Brug", LINK, group.facilitator.name]
    dates = [text for day in days for text in in_every_format(day)]
    for path, text in texts.items():
        told = [one for one in [*hidden, *dates] if one in text]
        assert told == [], path
    assert Meeting.objects.filter(group=group, place=PLACE, link=LINK).count() == 4
    assert group.members.filter(person=member.person).exists()


# What the person sees of it


@pytest.mark.usefixtures("site")
def test_the_panel_shows_somebody_what_hr_sees_of_them_each_organisation_its_own(client, organisation, member, group):
    other = MembershipFactory(person=member.person, organisation=OrganisationFactory(name="Aannemer"))
    waiting = MembershipFactory(person=member.person, state="waiting").organisation
    sat(group, member, dt.date(2026, 3, 12), *DAYS)
    client.force_login(member.person)
    page = client.get("/mijn/")
    assert page.context["intervision"] == [
        (other.organisation, []),
        (organisation, [("2026-2027", 2), ("2025-2026", 1)]),
    ]
    assert waiting.name not in page.text
    client.force_login(with_role("hr", organisation=organisation))
    [[row, _status, _tone]] = client.get("/organisaties/mondriaan/").context["rows"]
    assert [row.intervision] == [years for one, years in page.context["intervision"] if one == organisation]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_panel_costs_the_same_with_more_workplaces(group, rows, django_assert_num_queries):
    person = PersonFactory()
    for _number in range(rows):
        sat(group, MembershipFactory(person=person), DAYS[0])
    with django_assert_num_queries(2):
        assert len(intervision_of(person, TODAY)) == rows

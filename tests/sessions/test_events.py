"""Network events: planned by who runs them, seen by everybody, come to by party; and what nobody learns from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import strip_tags
from django.utils.translation import gettext
from filer.models import File

from parties.actions.due import due_run
from parties.models import AuditEntry, Membership, OutboxMessage, Party, Person
from parties.signals import people_merging
from sessions.actions.attendance import attendance_correct, attendance_mark
from sessions.actions.event_registrations import Guest, event_register, event_register_guest, event_unregister
from sessions.actions.events import event_cancel, event_change, event_close, event_plan, event_publish, plan_of
from sessions.actions.invitations import invitation_answer
from sessions.actions.materials import material_add
from sessions.event_plan import EventPlan
from sessions.models import Attendance, Invitation, NetworkEvent, Registration
from sessions.rules import runs_event
from sessions.signals import event_settled
from tests.factories import (
    AffiliationFactory,
    MembershipFactory,
    PartyFactory,
    PersonFactory,
    RoleFactory,
)
from tests.sessions.factories import at, meeting

pytestmark = pytest.mark.django_db

NOW = at(23, 12, month=11, year=2026)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Filer fixes its folders when it is imported."""
    storage = FileSystemStorage(location=tmp_path / "private", base_url="/smedia/")
    monkeypatch.setitem(File._meta.get_field("file").storages, "private", storage)
    return tmp_path / "private"


@pytest.fixture
def settled() -> Iterator[list]:
    """What higher apps hear: (event, people) for each signal."""
    heard: list = []

    def hear(event: NetworkEvent, person_ids: list[int], **_: object) -> None:
        heard.append((event.pk, person_ids))

    event_settled.connect(hear)
    yield heard
    event_settled.disconnect(hear)


def network() -> Person:
    return RoleFactory(kind="network").person


def coordinator(party: Party) -> Person:
    return RoleFactory(kind="coordinator", party=party).person


def plan(host: Party, **fields: object) -> EventPlan:
    values: dict = {
        "kind": "design_session",
        "title": "Samen ontwerpen",
        "host": host,
        "reply_to": "vragen@example.org",
        "meetings": (meeting(),),
    }
    return EventPlan(**(values | fields))


def opened(**fields: object) -> NetworkEvent:
    host = fields.pop("host", None) or PartyFactory()
    event = event_plan(plan=plan(host, **fields), by=network())
    return event_publish(event=event)


def of_party(party: Party, **fields: object) -> Membership:
    """Somebody who works at an organisation of this party."""
    return MembershipFactory(organisation=AffiliationFactory(party=party).organisation, **fields)


def coming(event: NetworkEvent, party: Party | None = None, **fields: object) -> Registration:
    party = party or PartyFactory()
    return event_register(event=event, party=party, membership=of_party(party, **fields))


def guest(organisation: object, **fields: object) -> Guest:
    values: dict = {"name": "Sanne Bos", "address": "sanne@example.org", "organisation": organisation, "side": "school"}
    return Guest(**(values | fields))


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(response: object) -> str:
    return " ".join(unescape(strip_tags(response.content.decode())).split())


def refusal(error: pytest.ExceptionInfo) -> str:
    return " ".join(error.value.messages)


def path(event: NetworkEvent, rest: str = "") -> str:
    return f"/bijeenkomsten/{event.pk}/{rest}"


# --- who runs an event, and who sees it


def everybody(host: Party) -> dict[str, Person]:
    organisation = AffiliationFactory(party=host).organisation
    past = RoleFactory(kind="coordinator", party=host, until=NOW.date()).person
    closed = coordinator(host)
    closed.is_active = False
    closed.save()
    return {
        "network": network(),
        "host": coordinator(host),
        "other party": coordinator(PartyFactory()),
        "not any more": past,
        "closed account": closed,
        "hr": RoleFactory(kind="hr", organisation=organisation).person,
        "administrator": RoleFactory(kind="administrator").person,
        "trainer": RoleFactory(kind="trainer").person,
        "editor": RoleFactory(kind="editor").person,
        "member": MembershipFactory(organisation=organisation).person,
        "anybody": PersonFactory(),
    }


def test_the_rule_and_the_list_agree_for_every_role() -> None:
    event = event_plan(plan=plan(PartyFactory()), by=network())
    elsewhere = event_plan(plan=plan(PartyFactory()), by=network())
    runs = {}
    for who, person in everybody(event.host).items():
        runs[who] = runs_event(person, event)
        assert NetworkEvent.objects.run_by(person).filter(pk=event.pk).exists() == runs[who], who
        assert NetworkEvent.objects.run_by(person).filter(pk=elsewhere.pk).exists() == runs_event(person, elsewhere)
        assert NetworkEvent.objects.visible_to(person).filter(pk=event.pk).exists() == runs[who], who
    assert {who for who, yes in runs.items() if yes} == {"network", "host"}


OF_WHO_RUNS_IT = ["bewerken/", "aanwezigheid/", "aanwezigheid/sluiten/", "materiaal/", "afzeggen/", "openzetten/"]


def test_the_pages_of_who_runs_it_are_theirs() -> None:
    event = opened()
    for who, person in everybody(event.host).items():
        if not person.is_active:
            continue
        client, runs = signed_in(person), who in ("network", "host")
        for rest in OF_WHO_RUNS_IT:
            assert client.get(path(event, rest)).status_code == (200 if runs else 404), (who, rest)
        may_see_a_list = runs or who == "other party"
        assert client.get(path(event, "deelnemers/")).status_code == (200 if may_see_a_list else 404), who
        brings = who in ("host", "other party")
        assert client.get(path(event, "deelnemers/inschrijven/")).status_code == (200 if brings else 404), who
        assert client.get("/bijeenkomsten/nieuw/").status_code == (200 if may_see_a_list else 404), who


def test_a_draft_is_there_for_who_runs_it_only(client: Client) -> None:
    event = event_plan(plan=plan(PartyFactory()), by=network())
    assert client.get(path(event)).status_code == 404
    assert "Samen ontwerpen" not in client.get("/bijeenkomsten/").text
    for who, person in everybody(event.host).items():
        if person.is_active:
            runs = who in ("network", "host")
            own = signed_in(person)
            assert own.get(path(event)).status_code == (200 if runs else 404), who
            assert own.get(path(event, "inschrijven/")).status_code == (200 if runs else 404), who
            assert ("Samen ontwerpen" in own.get("/bijeenkomsten/").text) == runs, who


def test_who_is_not_signed_in_cannot_tell_whether_it_exists(client: Client) -> None:
    event = opened()
    own = ["inschrijven/", "uitschrijven/", "deelnemers/", "deelnemers/inschrijven/", *OF_WHO_RUNS_IT]
    for rest in own:
        for found in (path(event, rest), f"/bijeenkomsten/999999/{rest}"):
            assert client.get(found)["Location"] == f"/inloggen/?next={found}"


def test_everybody_reads_about_it_and_nobody_reads_a_name(client: Client) -> None:
    party = PartyFactory(name="Partij Gastheer")
    event = opened(
        host=party,
        seats_a_party=7,
        description="Tekst <script>alert(1)</script>",
        meetings=(meeting(link="https://x.nl/k"),),
    )
    someone = coming(event, party, person=PersonFactory(name="Bram Vos")).person
    for visitor in (client, signed_in(PersonFactory()), signed_in(coordinator(PartyFactory()))):
        for page in (visitor.get(path(event)).text, visitor.get("/bijeenkomsten/").text):
            assert "Partij Gastheer" in page
            assert "Lokaal B1.14" in page
            assert "14 januari 2027" in page
            for hidden in ("Bram", someone.email, "https://x.nl/k", "vragen@example.org", "<script>alert"):
                assert hidden not in page
    own = signed_in(someone).get(path(event)).text
    assert "https://x.nl/k" in own
    assert "vragen@example.org" in own


def test_the_list_has_what_comes_and_what_was_by_school_year(client: Client) -> None:
    before = opened(title="Vorig jaar", meetings=(meeting(starts_at=at(31, 9, month=7), ends_at=at(31, 12, month=7)),))
    after = opened(title="Dit jaar", meetings=(meeting(starts_at=at(1, 9, month=8), ends_at=at(1, 12, month=8)),))
    later = opened(title="Straks", meetings=(meeting(starts_at=at(1, 9, month=10), ends_at=at(1, 12, month=10)),))
    event_cancel(event=opened(title="Gaat niet door"))
    with time_machine.travel(at(2, 9, month=8), tick=False):
        page = client.get("/bijeenkomsten/")
    assert list(page.context["coming"]) == [later]
    assert page.context["years"] == [("2027-2028", [after]), ("2026-2027", [before])]
    assert "Gaat niet door" not in page.text


# --- planning


def form(event: NetworkEvent | None = None, **fields: object) -> dict:
    """What the page posts: one meeting on 14 January 2027."""
    key = event.meetings.get().pk if event else ""
    return {
        "kind": "reflection",
        "title": "Terugkijken",
        "description": "Wat ging goed?",
        "reply_to": "vragen@example.org",
        "meetings-TOTAL_FORMS": "1",
        "meetings-INITIAL_FORMS": "1" if event else "0",
        "meetings-0-key": key,
        "meetings-0-date": "2027-01-14",
        "meetings-0-starts": "13:00",
        "meetings-0-ends": "16:00",
        "meetings-0-break_minutes": "0",
        "meetings-0-place": "Stadhuis",
    } | fields


def test_a_coordinator_plans_it_for_their_own_party() -> None:
    party, other = PartyFactory(), PartyFactory()
    client = signed_in(coordinator(party))
    refused = client.post("/bijeenkomsten/nieuw/", form(host=other.pk))
    assert refused.context["form"].errors["host"]
    assert not NetworkEvent.objects.exists()
    client.post("/bijeenkomsten/nieuw/", form(host=party.pk, seats_a_party="4"))
    event = NetworkEvent.objects.get()
    assert (event.kind, event.state, event.host, event.seats_a_party) == ("reflection", "draft", party, 4)
    assert event.description == "<p>Wat ging goed?</p>"
    assert event.meetings.get().starts_at == at(14, 13)
    with pytest.raises(ValidationError):
        event_plan(plan=plan(other), by=coordinator(party))


def test_the_network_coordinator_chooses_any_host() -> None:
    party = PartyFactory()
    signed_in(network()).post("/bijeenkomsten/nieuw/", form(host=party.pk))
    assert NetworkEvent.objects.get().host == party


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"title": ""}, "title"),
        ({"host": ""}, "host"),
        ({"seats_a_party": "0"}, "seats_a_party"),
        ({"seats_a_party": "veel"}, "seats_a_party"),
        ({"seats_a_party": "501"}, "seats_a_party"),
        ({"reply_to": "vragen"}, "reply_to"),
        ({"closes_date": "2027-01-15"}, "closes_date"),
        ({"closes_time": "12:00"}, "closes_date"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(fields: dict, field: str) -> None:
    party = PartyFactory()
    page = signed_in(network()).post("/bijeenkomsten/nieuw/", form(host=party.pk) | fields)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert "Wat ging goed?" in page.text
    assert "Stadhuis" in page.text
    assert not NetworkEvent.objects.exists()


def test_a_meeting_that_ends_before_it_starts_is_a_sentence_at_its_field() -> None:
    page = signed_in(network()).post(
        "/bijeenkomsten/nieuw/", form(host=PartyFactory().pk, **{"meetings-0-ends": "12:00"})
    )
    assert list(page.context["formset"][0].errors) == ["ends"]


def test_it_is_opened_and_changed_on_its_page_and_calendars_follow() -> None:
    event = event_plan(plan=plan(PartyFactory()), by=network())
    client = signed_in(coordinator(event.host))
    client.post(path(event, "openzetten/"))
    event.refresh_from_db()
    assert event.state == "published"
    registration = coming(event)
    invitation = Invitation.objects.get(person=registration.person)
    sent = OutboxMessage.objects.count()
    client.post(path(event, "bewerken/"), form(event, host=event.host_id, **{"meetings-0-starts": "13:30"}))
    invitation.refresh_from_db()
    assert (event.meetings.get().starts_at, invitation.sequence) == (at(14, 13, 30), 1)
    mail = OutboxMessage.objects.order_by("pk").last()
    assert (OutboxMessage.objects.count(), mail.to_address, mail.calendar_method) == (
        sent + 1,
        registration.person.email,
        "REQUEST",
    )
    client.post(path(event, "bewerken/"), form(event, host=event.host_id, **{"meetings-0-starts": "13:30"}))
    assert OutboxMessage.objects.count() == sent + 1


def test_another_date_invites_who_is_registered_and_none_goes_away() -> None:
    event = opened()
    registration = coming(event)
    before = plan_of(event)
    event_change(event=event, plan=plan(event.host, meetings=(*before.meetings, meeting(day=21))), by=network())
    assert Invitation.objects.active().filter(person=registration.person).count() == 2
    with pytest.raises(ValidationError) as error:
        event_change(event=event, plan=before, by=network())
    assert refusal(error) == gettext("People may have this date in their calendar. Move it, or cancel everything.")


def test_seats_cannot_be_fewer_than_people_of_one_party() -> None:
    party = PartyFactory()
    event = opened(host=party, seats_a_party=3)
    coming(event, party), coming(event, party), coming(event)
    with pytest.raises(ValidationError) as error:
        event_change(event=event, plan=plan(party, seats_a_party=1, meetings=plan_of(event).meetings), by=network())
    assert list(error.value.message_dict) == ["seats_a_party"]
    event_change(event=event, plan=plan(party, seats_a_party=2, meetings=plan_of(event).meetings), by=network())


def test_cancelling_takes_it_out_of_every_calendar() -> None:
    event = opened()
    one, other = coming(event), coming(event)
    client = signed_in(network())
    assert client.post(path(event, "afzeggen/"))["Location"] == path(event)
    assert NetworkEvent.objects.get().state == "cancelled"
    assert set(event.registrations.values_list("state", flat=True)) == {"cancelled"}
    cancelled = OutboxMessage.objects.filter(calendar_method="CANCEL").values_list("to_address", flat=True)
    assert sorted(cancelled) == sorted([one.person.email, other.person.email])
    assert gettext("This meeting does not go on") in text(Client().get(path(event)))


# --- registering


def test_who_works_for_one_party_registers_with_one_press_and_is_invited() -> None:
    party = PartyFactory()
    event, membership = opened(), of_party(party, side="school")
    client = signed_in(membership.person)
    assert client.post(path(event, "inschrijven/"))["Location"] == path(event)
    registration = event.registrations.get()
    assert (
        registration.person,
        registration.party,
        registration.organisation,
        registration.side,
        registration.state,
    ) == (
        membership.person,
        party,
        membership.organisation,
        "school",
        "confirmed",
    )
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.calendar_method) == (membership.person.email, "REQUEST")
    assert path(event) in mail.text
    assert gettext("You are registered") in text(client.get(path(event)))
    assert client.post(path(event, "inschrijven/")).context["refusal"] == gettext("You are registered already.")


def test_who_could_come_for_several_parties_chooses_one() -> None:
    membership = of_party(PartyFactory())
    second = AffiliationFactory(organisation=membership.organisation).party
    AffiliationFactory(organisation=membership.organisation, until=NOW.date())
    event = opened()
    client = signed_in(membership.person)
    page = client.get(path(event, "inschrijven/"))
    assert len(page.context["form"].fields["origin"].choices) == 2
    refused = client.post(path(event, "inschrijven/"))
    assert list(refused.context["form"].errors) == ["origin"]
    strange = f"{PartyFactory().pk}-{membership.pk}"
    assert list(client.post(path(event, "inschrijven/"), {"origin": strange}).context["form"].errors) == ["origin"]
    client.post(path(event, "inschrijven/"), {"origin": f"{second.pk}-{membership.pk}"})
    assert event.registrations.get().party == second


def test_who_belongs_to_no_party_reads_where_to_set_that() -> None:
    event = opened()
    for person in (PersonFactory(), MembershipFactory().person, of_party(PartyFactory(), state="declined").person):
        page = signed_in(person).post(path(event, "inschrijven/"))
        assert re.search(r'href="/mijn/werkplek/(\?next=[^"]+/inschrijven/)?"', page.text)
        assert "<form" not in page.text.partition("<main")[2].partition("</main")[0]
    assert not event.registrations.exists()


def test_who_has_no_name_yet_fills_one_in_for_the_list() -> None:
    event, membership = opened(), of_party(PartyFactory(), person=PersonFactory(name=""))
    client = signed_in(membership.person)
    assert list(client.post(path(event, "inschrijven/")).context["form"].errors) == ["name"]
    client.post(path(event, "inschrijven/"), {"name": "Mo Aziz"})
    assert event.registrations.get().listed_name == "Mo Aziz"
    page = signed_in(network()).get(path(event, "deelnemers/")).text
    assert "Mo Aziz" in page
    assert membership.person.email not in page


def test_where_nobody_wrote_a_name_no_address_stands_for_it() -> None:
    event = opened()
    nameless = coming(event, person=PersonFactory(name=""))
    client = signed_in(network())
    for rest in ("deelnemers/", f"deelnemers/{nameless.pk}/weghalen/", "aanwezigheid/"):
        page = client.get(path(event, rest)).text
        assert gettext("Name not filled in") in unescape(page)
        assert nameless.person.email not in page


def test_each_party_has_its_seats_and_no_more() -> None:
    party, other = PartyFactory(), PartyFactory()
    event = opened(seats_a_party=1)
    first = coming(event, party)
    late = of_party(party)
    client = signed_in(late.person)
    page = client.post(path(event, "inschrijven/"))
    assert page.context["form"].non_field_errors() == [
        gettext(
            "All seats of %(party)s are taken. Ask the coordinator of your party whether somebody can give a seat up."
        )
        % {"party": party}
    ]
    coming(event, other)
    event_unregister(registration=first, by=first.person)
    client.post(path(event, "inschrijven/"))
    assert event.registrations.confirmed().get(party=party).person == late.person


def test_after_the_deadline_nobody_registers_and_it_says_when_that_was() -> None:
    party = PartyFactory()
    event = opened(registration_closes_at=at(10, 17))
    membership, by = of_party(party), coordinator(party)
    with time_machine.travel(at(10, 17), tick=False):
        sentence = gettext("Registration closed on %(date)s.") % {"date": "10 januari"}
        assert signed_in(membership.person).post(path(event, "inschrijven/")).context["refusal"] == sentence
        assert signed_in(by).post(path(event, "deelnemers/inschrijven/"), {}).context["refusal"] == sentence
        assert gettext("Registration is closed") in text(Client().get(path(event)))
    assert not event.registrations.exists()


@pytest.mark.parametrize("state", ["draft", "cancelled", "closed", "started"])
def test_only_what_is_open_and_has_not_begun_can_be_registered_for(state: str) -> None:
    event = event_plan(plan=plan(PartyFactory()), by=network())
    moment = NOW
    if state != "draft":
        event_publish(event=event)
    if state == "cancelled":
        event_cancel(event=event)
    if state in ("closed", "started"):
        moment = at(14, 16) if state == "closed" else at(14, 13)
    with time_machine.travel(moment, tick=False):
        if state == "closed":
            event_close(event=event)
        with pytest.raises(ValidationError) as error:
            coming(event)
    assert error.value.code == state


def test_leaving_is_a_question_and_takes_it_out_of_the_calendar() -> None:
    event = opened()
    registration = coming(event)
    client = signed_in(registration.person)
    assert client.get(path(event, "uitschrijven/")).status_code == 200
    assert client.post(path(event, "uitschrijven/"))["Location"] == path(event)
    registration.refresh_from_db()
    assert registration.state == "cancelled"
    assert OutboxMessage.objects.order_by("pk").last().calendar_method == "CANCEL"
    assert client.get(path(event, "uitschrijven/")).status_code == 404
    late = coming(event)
    with time_machine.travel(at(14, 13), tick=False), pytest.raises(ValidationError) as error:
        event_unregister(registration=late, by=late.person)
    assert error.value.code == "started"
    event_unregister(registration=late, by=coordinator(event.host))


# --- what a coordinator does for their party


def test_a_coordinator_registers_an_unknown_address() -> None:
    affiliation = AffiliationFactory()
    event, by = opened(), coordinator(affiliation.party)
    registration = event_register_guest(
        event=event, party=affiliation.party, guest=guest(affiliation.organisation, address="Nieuw@Example.org"), by=by
    )
    person = Person.objects.get(email="nieuw@example.org")
    assert (registration.person, person.name, person.has_usable_password()) == (person, "Sanne Bos", False)
    assert OutboxMessage.objects.get().to_address == "nieuw@example.org"
    assert [(line.actor, line.verb, line.about) for line in AuditEntry.objects.all()] == [
        (by, "registration.create", person)
    ]


def known_elsewhere() -> Person:
    return MembershipFactory(
        person=PersonFactory(name="Echte Naam", email="bekend@example.org"), side="workplace"
    ).person


def test_the_page_says_the_same_whether_the_address_is_known_or_not() -> None:
    affiliation = AffiliationFactory()
    known, client = known_elsewhere(), signed_in(coordinator(affiliation.party))
    pages = []
    for address in (known.email, "onbekend@example.org"):
        event = opened(title="Samen ontwerpen")
        posted = {
            "name": "Sanne Bos",
            "address": address,
            "workplace": f"{affiliation.party_id}-{affiliation.organisation_id}",
            "side": "school",
        }
        answer = client.post(path(event, "deelnemers/inschrijven/"), posted)
        assert answer["Location"] == path(event, "deelnemers/")
        page = client.get(path(event, "deelnemers/"))
        registration = event.registrations.get()
        pages.append(text(page))
        taken_off = client.get(path(event, f"deelnemers/{registration.pk}/weghalen/"))
        pages[-1] += text(taken_off)
        assert "Echte Naam" not in pages[-1]
        assert (registration.side, registration.organisation) == ("school", affiliation.organisation)
    assert pages[0] == pages[1]
    assert "Sanne Bos" in pages[0]
    assert Registration.objects.filter(person=known).count() == 1
    known.refresh_from_db()
    assert known.name == "Echte Naam"


def test_who_is_on_the_roster_of_the_organisation_is_found_by_work_address() -> None:
    affiliation = AffiliationFactory()
    membership = MembershipFactory(
        organisation=affiliation.organisation, person=PersonFactory(email=None), work_address="s.bos@school.nl"
    )
    event = opened()
    registration = event_register_guest(
        event=event,
        party=affiliation.party,
        guest=guest(affiliation.organisation, address="S.Bos@school.nl"),
        by=coordinator(affiliation.party),
    )
    assert (registration.person, registration.membership) == (membership.person, membership)
    assert OutboxMessage.objects.get().to_address == "s.bos@school.nl"


def test_who_comes_for_another_party_can_only_register_themselves() -> None:
    affiliation = AffiliationFactory()
    event = opened()
    elsewhere, here = coming(event), coming(event, affiliation.party)
    closed = PersonFactory(is_active=False)
    by = coordinator(affiliation.party)
    sentences = []
    for person in (elsewhere.person, closed, here.person):
        with pytest.raises(ValidationError) as error:
            event_register_guest(
                event=event, party=affiliation.party, guest=guest(affiliation.organisation, address=person.email), by=by
            )
        assert list(error.value.message_dict) == ["address"]
        sentences.append(refusal(error))
    only_themselves = gettext("This person can only register themselves for this meeting.")
    assert sentences == [only_themselves, only_themselves, gettext("This person is on your list already.")]


def test_a_coordinator_brings_people_of_their_own_party_only() -> None:
    own, other = AffiliationFactory(), AffiliationFactory()
    ended = AffiliationFactory(party=own.party, until=NOW.date())
    event = opened()
    client = signed_in(coordinator(own.party))
    page = client.get(path(event, "deelnemers/inschrijven/"))
    assert [label for _key, label in page.context["form"].fields["workplace"].choices] == [str(own.organisation)]
    for affiliation in (other, ended):
        posted = {
            "name": "Sanne Bos",
            "address": "sanne@example.org",
            "workplace": f"{affiliation.party_id}-{affiliation.organisation_id}",
            "side": "school",
        }
        refused = client.post(path(event, "deelnemers/inschrijven/"), posted)
        assert list(refused.context["form"].errors) == ["workplace"]
        assert "sanne@example.org" in refused.text
    assert not Person.objects.filter(email="sanne@example.org").exists()


def test_a_full_party_makes_nobody() -> None:
    affiliation = AffiliationFactory()
    event = opened(seats_a_party=1)
    coming(event, affiliation.party)
    with pytest.raises(ValidationError) as error:
        event_register_guest(
            event=event,
            party=affiliation.party,
            guest=guest(affiliation.organisation),
            by=coordinator(affiliation.party),
        )
    assert error.value.code == "full"
    assert not Person.objects.filter(email="sanne@example.org").exists()


def test_a_coordinator_sees_and_takes_off_who_comes_for_their_party() -> None:
    party, other = PartyFactory(), PartyFactory()
    event = opened(host=PartyFactory())
    own = coming(event, party, person=PersonFactory(name="Eva van Ons"))
    theirs = coming(event, other, person=PersonFactory(name="Tom van Hen"))
    client = signed_in(coordinator(party))
    page = client.get(path(event, "deelnemers/"))
    assert "Eva van Ons" in page.text
    assert "Tom van Hen" not in page.text
    assert other.name not in page.text
    assert theirs.organisation.name not in page.text
    for runner in (network(), coordinator(event.host)):
        everyone = signed_in(runner).get(path(event, "deelnemers/")).text
        assert "Eva van Ons" in everyone
        assert "Tom van Hen" in everyone
        assert own.person.email not in everyone
    assert client.post(path(event, f"deelnemers/{theirs.pk}/weghalen/")).status_code == 404
    assert client.post(path(event, f"deelnemers/{own.pk}/weghalen/"))["Location"] == path(event, "deelnemers/")
    assert list(event.registrations.confirmed()) == [theirs]
    assert AuditEntry.objects.filter(verb="registration.cancel", about=own.person).count() == 1
    assert signed_in(network()).post(path(event, f"deelnemers/{theirs.pk}/weghalen/")).status_code == 302
    assert not event.registrations.confirmed().exists()


# --- presence


def marked(event: NetworkEvent) -> list[tuple]:
    return list(
        Attendance.objects.filter(meeting__event=event)
        .order_by("person")
        .values_list("person", "state", "minutes", "marked_by")
    )


def test_who_runs_it_marks_and_closes_and_presence_counts_once(settled: list) -> None:
    event = opened(meetings=(meeting(break_minutes=30),))
    here, away, unmarked, excused = (coming(event) for _ in range(4))
    one, by = event.meetings.get(), coordinator(event.host)
    invitation_answer(invitation=Invitation.objects.get(person=excused.person), partstat="DECLINED")
    with time_machine.travel(at(14, 12, 29), tick=False):
        client = signed_in(by)
        assert not client.get(path(event, "aanwezigheid/")).context["can_mark"]
        with pytest.raises(ValidationError):
            attendance_mark(meeting=one, person=here.person, state="present", by=by)
    with time_machine.travel(at(14, 13), tick=False):
        posted = {f"{here.person_id}-state": "present", f"{here.person_id}-basis": ""}
        posted |= {f"{away.person_id}-state": "absent", f"{away.person_id}-basis": ""}
        assert client.post(path(event, "aanwezigheid/"), posted).status_code == 302
        early = client.post(path(event, "aanwezigheid/sluiten/"))
        assert gettext("You can close the list when the last meeting is over.") in text(early)
        assert settled == []
    with time_machine.travel(at(14, 16), tick=False):
        client.post(path(event, "aanwezigheid/sluiten/"))
        event.refresh_from_db()
        assert (event.state, event.closed_at) == ("closed", at(14, 16))
        assert marked(event) == [
            (here.person_id, "present", 150, by.pk),
            (away.person_id, "absent", 0, by.pk),
            (unmarked.person_id, "absent", 0, None),
            (excused.person_id, "excused", 0, None),
        ]
        people = [one.person_id for one in (here, away, unmarked, excused)]
        assert settled == [(event.pk, people)]
        again = client.post(path(event, "aanwezigheid/sluiten/"))
        assert again.status_code == 200
        assert settled == [(event.pk, people)]


def test_a_correction_counts_again_and_is_kept(settled: list) -> None:
    event = opened()
    registration, by = coming(event), network()
    one = event.meetings.get()
    with time_machine.travel(at(14, 16), tick=False):
        with pytest.raises(ValidationError):
            attendance_correct(meeting=one, person=registration.person, state="present", by=by)
        event_close(event=event)
        with pytest.raises(ValidationError):
            attendance_mark(meeting=one, person=registration.person, state="present", by=by)
        client = signed_in(by)
        page = client.get(path(event, "aanwezigheid/"))
        key = registration.person_id
        posted = {f"{key}-state": "present", f"{key}-basis": page.context["rows"][0].basis}
        client.post(path(event, "aanwezigheid/"), posted)
        client.post(path(event, "aanwezigheid/"), posted)
    assert settled == [(event.pk, [key]), (event.pk, [key])]
    [change] = Attendance.objects.get().changes.all()
    assert (change.state_before, change.state, change.is_correction) == ("absent", "present", True)
    assert AuditEntry.objects.filter(verb="attendance.correct", about=registration.person).count() == 1


def test_two_who_mark_the_same_person_are_both_shown() -> None:
    event = opened()
    registration, one, by = coming(event), event.meetings.get(), network()
    with time_machine.travel(at(14, 13), tick=False):
        attendance_mark(meeting=one, person=registration.person, state="absent", by=coordinator(event.host))
        key = registration.person_id
        page = signed_in(by).post(path(event, "aanwezigheid/"), {f"{key}-state": "present", f"{key}-basis": ""})
        assert page.context["failed"]
        assert Attendance.objects.get().state == "absent"
        basis = page.context["rows"][0].basis
        signed_in(by).post(path(event, "aanwezigheid/"), {f"{key}-take": "present ", f"{key}-basis": basis})
        assert Attendance.objects.get().state == "present"


def test_only_who_is_registered_can_be_marked() -> None:
    event = opened()
    gone = coming(event)
    event_unregister(registration=gone, by=gone.person)
    with time_machine.travel(at(14, 13), tick=False):
        for person in (gone.person, PersonFactory(), coming(opened(meetings=(meeting(day=20),))).person):
            with pytest.raises(ValidationError) as error:
                attendance_mark(meeting=event.meetings.get(), person=person, state="present", by=network())
            assert error.value.code == "no_seat"


def test_who_was_marked_stays_and_a_held_meeting_is_not_cancelled() -> None:
    event = opened()
    registration, by = coming(event), network()
    with time_machine.travel(at(14, 13), tick=False):
        attendance_mark(meeting=event.meetings.get(), person=registration.person, state="present", by=by)
        with pytest.raises(ValidationError) as error:
            event_unregister(registration=registration, by=by)
        assert error.value.code == "has_attendance"
        with pytest.raises(ValidationError) as error:
            event_cancel(event=event)
        assert error.value.code == "has_attendance"


def test_a_list_that_nobody_closes_closes_by_itself_a_day_later(settled: list) -> None:
    event = opened(meetings=(meeting(), meeting(day=21)))
    registration = coming(event)
    with time_machine.travel(at(22, 15, 59), tick=False):
        due_run()
        assert settled == []
    with time_machine.travel(at(22, 16), tick=False):
        due_run()
        due_run()
    event.refresh_from_db()
    assert event.state == "closed"
    assert settled == [(event.pk, [registration.person_id])]


def test_when_two_records_become_one_what_counts_is_told_again(settled: list) -> None:
    event = opened()
    registration, kept = coming(event), PersonFactory()
    with time_machine.travel(at(14, 16), tick=False):
        event_close(event=event)
        people_merging.send(sender=Person, kept=kept, merged=registration.person)
    assert event.registrations.get().person == kept
    assert settled == [(event.pk, [registration.person_id]), (event.pk, [kept.pk])]


# --- materials


def test_materials_are_for_who_comes_and_who_runs_it(client: Client) -> None:
    event = opened()
    registered, gone = coming(event), coming(event)
    event_unregister(registration=gone, by=gone.person)
    by = coordinator(event.host)
    page = path(event, "materiaal/")
    signed_in(by).post(page, {"file": SimpleUploadedFile("verslag.pdf", b"%PDF-1.7 inhoud"), "title": "Het verslag"})
    file = File.objects.get()
    url = path(event, f"materiaal/{file.pk}/")
    allowed = {"registered": registered.person, "host": by, "network": network()}
    refused = {
        "gone": gone.person,
        "elsewhere": coming(opened()).person,
        "other coordinator": coordinator(PartyFactory()),
        "administrator": RoleFactory(kind="administrator").person,
    }
    for who, person in (allowed | refused).items():
        answer = signed_in(person).get(url)
        assert answer.status_code == (200 if who in allowed else 404), who
        assert ("Het verslag" in text(signed_in(person).get(path(event)))) == (who in allowed), who
        if who in allowed:
            assert b"".join(answer.streaming_content) == b"%PDF-1.7 inhoud"
    assert client.get(url)["Location"] == f"/inloggen/?next={url}"
    assert signed_in(by).get(path(opened(host=event.host), f"materiaal/{file.pk}/")).status_code == 404
    assert signed_in(registered.person).post(f"{url}weghalen/").status_code == 404
    signed_in(by).post(f"{url}weghalen/")
    assert not File.objects.exists()


# --- what pages cost


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_whatever_their_length(
    count: int, client: Client, django_assert_num_queries: Callable
) -> None:
    event = opened(seats_a_party=5)
    by = coordinator(event.host)
    for number in range(count):
        coming(event)
        opened(host=event.host, meetings=(meeting(day=10 + number),))
        material_add(owner=event, upload=SimpleUploadedFile(f"{number}.pdf", b"x"), by=by)
        past = meeting(
            starts_at=at(1 + number, 9, month=11, year=2026), ends_at=at(1 + number, 10, month=11, year=2026)
        )
        opened(host=event.host, meetings=(past,))
    me = coming(event).person
    # what comes with its meetings, what was with its meetings
    with django_assert_num_queries(4):
        page = client.get("/bijeenkomsten/")
        assert len(page.context["coming"]) == count + 1
    with django_assert_num_queries(2):
        client.get(path(event))
    runner, own = signed_in(by), signed_in(me)
    with django_assert_num_queries(10):
        assert len(runner.get("/bijeenkomsten/").context["run"]) == 2 * count + 1
    with django_assert_num_queries(8):
        assert len(own.get(path(event)).context["materials"]) == count
    with django_assert_num_queries(6):
        assert runner.get(path(event, "deelnemers/")).context["total"] == count + 1
    with django_assert_num_queries(9):
        assert len(runner.get(path(event, "aanwezigheid/")).context["rows"]) == count + 1
    with django_assert_num_queries(6):
        runner.get(path(event, "materiaal/"))

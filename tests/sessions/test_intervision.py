"""An intervision group: there for its members and its facilitator, and for nobody else; it keeps no case."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import CharField, JSONField, TextField
from django.test import Client

from parties.models import OutboxMessage, Person
from parties.signals import people_merging
from sessions.actions.groups import agreements_accept
from sessions.actions.invitations import members_uninvite
from sessions.actions.trajectory import group_meeting_call_off, group_meeting_change, trajectory_plan
from sessions.agreements import AGREEMENTS, VERSION
from sessions.models import AgreementsAccepted, Conversation, GroupMember, IntervisionGroup, IntervisionMethod, Meeting
from sessions.plan import MeetingPlan
from tests.factories import OrganisationFactory, PartyFactory, PersonFactory, RoleFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
KEYS = [key for key, _sentence in AGREEMENTS]


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def group() -> IntervisionGroup:
    return IntervisionGroup.objects.create(name="Groep Laak", facilitator=PersonFactory(name="Noor Bakker"))


def joined(group: IntervisionGroup, name: str = "Sevgi de Wit", **fields: object) -> GroupMember:
    fields = {"side": "school", "since": TODAY - dt.timedelta(days=30)} | fields
    return GroupMember.objects.create(group=group, person=PersonFactory(name=name), **fields)


def planned(group: IntervisionGroup, days: int, **fields: object) -> Meeting:
    starts = NOW + dt.timedelta(days=days, hours=5, minutes=30)
    return Meeting.objects.create(group=group, starts_at=starts, ends_at=starts + dt.timedelta(minutes=90), **fields)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def addresses(group: IntervisionGroup) -> list[str]:
    return [f"/intervisie/{group.pk}/", f"/intervisie/{group.pk}/afspraken/"]


def test_members_and_the_facilitator_see_the_group(group: IntervisionGroup) -> None:
    member = joined(group)
    for person in (member.person, group.facilitator):
        client = signed_in(person)
        assert [client.get(path).status_code for path in addresses(group)] == [200, 200]
        page = client.get("/intervisie/").context
        assert [*page["groups"], *(led for led, _missed in page["led"])] == [group]


@pytest.mark.parametrize(
    "who",
    [
        "administrator",
        "superuser",
        "hr",
        "coordinator",
        "network",
        "trainer",
        "editor",
        "another group",
        "left",
        "not yet",
    ],
)
def test_for_everybody_else_it_is_not_there(group: IntervisionGroup, who: str) -> None:
    insider, soon = joined(group), joined(group, since=TODAY + dt.timedelta(days=1))
    gone = joined(group, until=TODAY)
    planned(group, 7, place="Buurthuis De Brug")
    if who == "superuser":
        person = PersonFactory(is_superuser=True, is_staff=True)
    elif who == "another group":
        person = joined(IntervisionGroup.objects.create(name="Groep Zuid", facilitator=PersonFactory())).person
    elif who in ("left", "not yet"):
        person = (gone if who == "left" else soon).person
    else:
        scope = {"hr": {"organisation": OrganisationFactory()}, "coordinator": {"party": PartyFactory()}}
        person = RoleFactory(kind=who, **scope.get(who, {})).person
    client = signed_in(person)
    assert [client.get(path).status_code for path in addresses(group)] == [404, 404]
    assert "Laak" not in client.get("/intervisie/").text
    assert "Laak" in signed_in(insider.person).get("/intervisie/").text


def test_who_is_not_signed_in_cannot_tell_whether_it_exists(client: Client, group: IntervisionGroup) -> None:
    for path in ("/intervisie/", *addresses(group), "/intervisie/999999/"):
        assert client.get(path)["Location"] == f"/inloggen/?next={path}"


def test_members_read_names_and_no_address(group: IntervisionGroup) -> None:
    member, other, unnamed = joined(group), joined(group, "Bram Vos", side="workplace"), joined(group, "")
    page = signed_in(member.person).get(addresses(group)[0]).text
    assert "Bram Vos" in page
    assert "Noor Bakker" in page
    assert "Naam niet ingevuld" in page
    for person in (other.person, unnamed.person, group.facilitator):
        assert person.email not in page


def test_meetings_to_come_are_there_with_place_and_link(group: IntervisionGroup) -> None:
    member = joined(group)
    planned(group, -7, place="Voorbij")
    planned(group, 7, place="Buurthuis De Brug")
    planned(group, 49, link="https://meet.example.org/laak")
    page = signed_in(member.person).get(addresses(group)[0]).text
    assert "Buurthuis De Brug" in page
    assert "https://meet.example.org/laak" in page
    assert "Voorbij" not in page
    assert "30 november 2026" in signed_in(member.person).get("/intervisie/").text


def test_a_member_accepts_all_agreements_once(group: IntervisionGroup) -> None:
    member = joined(group)
    client = signed_in(member.person)
    page, agreements = addresses(group)
    assert "Lees de afspraken" in client.get(page).text
    assert "Accepteerde de afspraken nog niet" in signed_in(group.facilitator).get(page).text
    for _turn in range(2):
        assert client.post(agreements, {"version": VERSION, "agreements": KEYS})["Location"] == page
    assert [(row.member, row.version, row.accepted_at) for row in AgreementsAccepted.objects.all()] == [
        (member, VERSION, NOW)
    ]
    assert "Lees de afspraken" not in client.get(page).text
    assert "Accepteerde de afspraken nog niet" not in signed_in(group.facilitator).get(page).text


def test_other_members_do_not_see_who_accepted(group: IntervisionGroup) -> None:
    member, _other = joined(group), joined(group, "Bram Vos")
    agreements_accept(member=member, version=VERSION)
    assert "Accepteerde de afspraken nog niet" not in signed_in(member.person).get(addresses(group)[0]).text


@pytest.mark.parametrize("ticked", [[], KEYS[1:], [*KEYS[1:], KEYS[1]], [*KEYS, "something else"]])
def test_all_are_needed_and_what_was_ticked_stays(group: IntervisionGroup, ticked: list[str]) -> None:
    member = joined(group)
    answer = signed_in(member.person).post(addresses(group)[1], {"version": VERSION, "agreements": ticked})
    assert answer.status_code == 200
    assert answer.context["form"].errors["agreements"]
    assert answer.text.count(" checked") == len(set(ticked) & set(KEYS))
    assert not AgreementsAccepted.objects.exists()


def test_another_wording_is_read_again(group: IntervisionGroup) -> None:
    member = joined(group)
    AgreementsAccepted.objects.create(member=member, version=VERSION - 1)
    client = signed_in(member.person)
    assert "Lees de afspraken" in client.get(addresses(group)[0]).text
    answer = client.post(addresses(group)[1], {"version": VERSION - 1, "agreements": KEYS}, follow=True)
    assert "De afspraken zijn veranderd terwijl je ze las." in answer.text
    assert f'name="version" value="{VERSION}"' in answer.text
    assert " checked" not in answer.text
    with pytest.raises(ValidationError):
        agreements_accept(member=member, version=VERSION - 1)


def test_the_facilitator_reads_them_and_accepts_nothing(group: IntervisionGroup) -> None:
    client = signed_in(group.facilitator)
    assert str(AGREEMENTS[0][1]) in client.get(addresses(group)[1]).text
    assert client.post(addresses(group)[1], {"version": VERSION, "agreements": KEYS}).status_code == 404


def test_what_was_accepted_goes_along_when_two_records_become_one(group: IntervisionGroup) -> None:
    member, kept = joined(group), PersonFactory()
    agreements_accept(member=member, version=VERSION)
    people_merging.send(sender=Person, kept=kept, merged=member.person)
    assert AgreementsAccepted.objects.get().member.person == kept


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_whatever_their_length(
    group: IntervisionGroup, count: int, django_assert_num_queries: Callable
) -> None:
    members = [joined(group, f"Lid {number}") for number in range(count)]
    for number in range(count):
        planned(group, 7 * (number + 1))
        joined(
            IntervisionGroup.objects.create(name=f"Groep {number}", facilitator=group.facilitator), f"Ander {number}"
        )
    client = signed_in(group.facilitator)
    # visit, person, roles; groups that are led, who was not there lately, other groups; places to answer, asked for and
    # looked for; themes
    with django_assert_num_queries(10):
        assert len(client.get("/intervisie/").context["led"]) == count + 1
    # visit, person, roles; group, members, meetings to come and past
    with django_assert_num_queries(7):
        assert len(client.get(addresses(group)[0]).context["members"]) == len(members)


#: Everything that is kept of a group, by table. A column that could hold a case does not belong here.
KEPT = {
    "IntervisionGroup": {
        "id", "name", "facilitator", "reply_to", "size", "place", "slot", "is_open", "created_at", "closed_at",
    },
    "GroupMember": {"id", "group", "person", "membership", "organisation", "side", "since", "until"},
    "AgreementsAccepted": {"id", "member", "version", "accepted_at"},
    "Candidate": {"id", "group", "person", "address", "membership", "origin", "state", "created_at"},
    "Conversation": {"id", "meeting", "method", "minutes", "theme", "lesson"},
    "LessonAgreed": {"id", "conversation", "person"},
    "PresenceConfirmed": {"id", "meeting", "person", "by"},
    "Invitation": {
        "id", "person", "meeting", "uid", "sequence", "partstat", "address", "token", "cancelled_at", "created_at",
        "changed_at", "previous_starts_at", "answered_at", "reminded_at",
    },
    "Attendance": {"id", "person", "meeting", "state", "minutes", "marked_by", "marked_at", "key"},
    "AttendanceChange": {
        "id", "attendance", "key", "state_before", "minutes_before", "state", "minutes", "changed_by", "changed_at",
        "is_correction",
    },
    "Meeting": {
        "id", "training", "group", "event", "starts_at", "ends_at", "break_minutes", "place", "link", "check_in_secret",
        "created_at", "changed_at", "cancelled_at",
    },
}  # fmt: skip

#: What in these tables people type, and how long it may be at most: a name, an address, a place, and the agreed lesson.
TYPED = {
    ("IntervisionGroup", "name"): 80,
    ("IntervisionGroup", "reply_to"): 254,
    ("Candidate", "address"): 254,
    ("Conversation", "lesson"): 280,
    ("Meeting", "place"): 200,
    ("Meeting", "link"): 200,
    ("Invitation", "address"): 254,
}
#: Made by the platform.
MADE = {("Meeting", "check_in_secret"), ("Invitation", "token")}


def test_nothing_is_kept_that_could_hold_a_case() -> None:
    kept = {name: {field.name for field in apps.get_model("meetings", name)._meta.concrete_fields} for name in KEPT}
    assert kept == KEPT
    fields = [(name, field) for name in KEPT for field in apps.get_model("meetings", name)._meta.concrete_fields]
    assert [field for _name, field in fields if isinstance(field, TextField | JSONField)] == []
    typed = {
        (name, field.name): field.max_length
        for name, field in fields
        if isinstance(field, CharField) and not field.choices and (name, field.name) not in MADE
    }
    assert typed == TYPED
    reached = {
        relation.related_model.__name__
        for name in KEPT
        for relation in apps.get_model("meetings", name)._meta.related_objects
    }
    assert reached == set(KEPT) - {"IntervisionGroup"}


def test_the_mails_about_a_group_hold_only_what_the_platform_writes(group: IntervisionGroup) -> None:
    """Every message that is about a meeting of a group, without its dates, places and links, is one of the fixed texts."""
    members = [joined(group), joined(group, "Bram Vos", side="workplace")]
    [meeting] = trajectory_plan(group=group, meetings=[plan_on(14)])
    group_meeting_change(meeting=meeting, planned=plan_on(21, key=meeting.pk))
    members_uninvite(members=members[:1], reason="own_wish")
    group_meeting_call_off(meeting=meeting)
    method = IntervisionMethod.objects.create(
        key="incident", name="Incident", use_for="x", source="2026", steps="[]", smallest=3
    )
    Conversation.objects.create(meeting=meeting, method=method, minutes=60, theme="start", lesson="Vraag eerst door.")
    messages = list(OutboxMessage.objects.filter(meeting_id=meeting.pk))
    assert len(messages) == 6
    for message in messages:
        whole = f"{message.subject}\n{message.text}\n{message.html}\n{message.calendar}"
        for secret in ("Vraag eerst door", "Incident", "Groep Laak", "De start", "start\n"):
            assert secret not in whole
        assert {member.person.name for member in members if member.person_id != message.person_id} & {
            name for name in ("Sevgi de Wit", "Bram Vos") if name in whole
        } == set()


def plan_on(days: int, **fields: object) -> MeetingPlan:
    starts = NOW + dt.timedelta(days=days)
    return MeetingPlan(starts_at=starts, ends_at=starts + dt.timedelta(minutes=90), place="De Brug", **fields)

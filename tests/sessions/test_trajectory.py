"""The meetings of a group: planned as a series, each in every calendar, and moved one at a time."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from parties.models import OutboxMessage, Person
from sessions.actions.invitations import members_invite, members_uninvite
from sessions.actions.reminders import reminders_send
from sessions.actions.trajectory import group_meeting_call_off, group_meeting_change, trajectory_plan
from sessions.feeds import feed_of
from sessions.models import GroupMember, IntervisionGroup, IntervisionPlace, Invitation, Meeting, SchoolHoliday
from sessions.plan import MeetingPlan
from tests.factories import PersonFactory, RoleFactory
from tests.sessions.calendar_readers import libical_complaints
from tests.sessions.factories import at
from tests.sessions.test_intervision import signed_in
from tests.sessions.test_invitations import lines_of, sent_after

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def group() -> IntervisionGroup:
    facilitator = RoleFactory(kind="facilitator", person__name="Noor Bakker").person
    return IntervisionGroup.objects.create(
        name="Groep Laak",
        facilitator=facilitator,
        reply_to="noor@example.org",
        slot="thu-late",
        place=IntervisionPlace.objects.get_or_create(name="Den Haag Laak")[0],
    )


@pytest.fixture
def members(group: IntervisionGroup) -> list[GroupMember]:
    return [
        GroupMember.objects.create(group=group, person=PersonFactory(), side=side, since=dt.date(2026, 11, 1))
        for side in ("school", "workplace", "school")
    ]


def meeting_on(day: int, month: int = 1, hour: int = 15, **fields: object) -> MeetingPlan:
    values: dict = {"starts_at": at(day, hour, 30, month), "ends_at": at(day, hour + 1, 30, month), "place": "De Brug"}
    return MeetingPlan(**(values | fields))


def series(group: IntervisionGroup) -> list[Meeting]:
    return trajectory_plan(group=group, meetings=[meeting_on(14), meeting_on(25, 2), meeting_on(8, 4)])


def state(meeting: Meeting) -> set[tuple[str, int, str]]:
    return {(str(one.uid), one.sequence, one.partstat) for one in Invitation.objects.filter(meeting=meeting)}


def test_each_member_gets_one_invitation_to_each_meeting(group: IntervisionGroup, members: list[GroupMember]) -> None:
    sent = sent_after(lambda: series(group))
    people = {member.person.email for member in members}
    assert [(message.kind, message.calendar_method, message.reply_to) for message in sent] == [
        ("invitation-new", "REQUEST", "noor@example.org")
    ] * 9
    assert {message.to_address for message in sent} == people
    assert len({lines_of(message.calendar)["UID"] for message in sent}) == 9
    for message in sent:
        assert libical_complaints(message.calendar) == []


def test_the_invitation_tells_nobody_which_group_it_is(group: IntervisionGroup, members: list[GroupMember]) -> None:
    sent = sent_after(lambda: series(group))
    others = {member.person.email for member in members} | {group.facilitator.email}
    for message in sent:
        whole = f"{message.subject}\n{message.text}\n{message.html}\n{message.calendar}"
        assert "Groep Laak" not in whole
        assert f"/intervisie/{group.pk}/" not in whole
        assert not any(address in whole for address in others - {message.to_address})
        assert not any(member.person.name in whole for member in members if member.person_id != message.person_id)
    assert lines_of(sent[0].calendar)["SUMMARY"] == "Intervisie"


def test_moving_one_sends_one_message_a_member_and_leaves_the_others(
    group: IntervisionGroup, members: list[GroupMember]
) -> None:
    first, second, third = series(group)
    before = [state(first), state(third)]
    uids = {uid for uid, _sequence, _answer in state(second)}
    Invitation.objects.update(partstat="ACCEPTED")
    before = [{(uid, sequence, "ACCEPTED") for uid, sequence, _answer in one} for one in before]
    sent = sent_after(lambda: group_meeting_change(meeting=second, planned=meeting_on(4, 3, key=second.pk)))
    assert sorted(message.to_address for message in sent) == sorted(member.person.email for member in members)
    assert {message.kind for message in sent} == {"invitation-moved"}
    assert {lines_of(message.calendar)["SEQUENCE"] for message in sent} == {"1"}
    assert state(second) == {(uid, 1, "NEEDS-ACTION") for uid in uids}
    assert [state(first), state(third)] == before
    for message in sent:
        assert libical_complaints(message.calendar) == []


def test_saving_without_a_change_sends_nothing(group: IntervisionGroup, members: list[GroupMember]) -> None:
    first, *_others = series(group)
    assert sent_after(lambda: group_meeting_change(meeting=first, planned=meeting_on(14, key=first.pk))) == []


def test_calling_one_off_cancels_that_one_once(group: IntervisionGroup, members: list[GroupMember]) -> None:
    first, second, third = series(group)
    before = [state(first), state(third)]
    sent = sent_after(lambda: [group_meeting_call_off(meeting=second) for _turn in range(2)])
    assert [(message.kind, message.calendar_method) for message in sent] == [("invitation-cancelled", "CANCEL")] * 3
    assert [state(first), state(third)] == before
    assert list(group.meetings.upcoming(NOW)) == [first, third]
    assert "STATUS:CANCELLED" in feed_of(members[0].person, NOW)[0]


def test_who_joins_later_is_invited_to_what_is_to_come_and_who_leaves_is_not(
    group: IntervisionGroup, members: list[GroupMember]
) -> None:
    series(group)
    late = GroupMember.objects.create(group=group, person=PersonFactory(), side="workplace")
    assert [one.to_address for one in sent_after(lambda: members_invite(members=[late]))] == [late.person.email] * 3
    sent = sent_after(lambda: members_uninvite(members=[late], reason="own_wish"))
    assert [(one.to_address, one.kind) for one in sent] == [(late.person.email, "invitation-own_wish")] * 3
    assert Invitation.objects.active().count() == 9


def test_who_leaves_on_a_day_is_not_invited_to_what_comes_after(group: IntervisionGroup) -> None:
    leaving = GroupMember.objects.create(group=group, person=PersonFactory(), side="school", until=dt.date(2027, 2, 1))
    series(group)
    assert [one.meeting.starts_at for one in Invitation.objects.filter(person=leaving.person)] == [at(14, 15, 30)]


def test_members_and_facilitator_find_the_meetings_in_their_feed(
    group: IntervisionGroup, members: list[GroupMember]
) -> None:
    series(group)
    for person in (members[0].person, group.facilitator):
        text = feed_of(person, NOW)[0]
        assert text.count("SUMMARY:Intervisie\r\n") == 3
        assert "Laak" not in text
    assert "BEGIN:VEVENT" not in feed_of(PersonFactory(), NOW)[0]


def test_members_are_reminded(group: IntervisionGroup, members: list[GroupMember]) -> None:
    series(group)
    with time_machine.travel(at(13, 18), tick=False):
        sent = sent_after(lambda: reminders_send(now=at(13, 18)))
    assert [message.kind for message in sent] == ["reminder-day"] * 3
    assert "Laak" not in sent[0].text


def test_members_see_their_meetings_on_their_own_page_and_answer(
    group: IntervisionGroup, members: list[GroupMember]
) -> None:
    first, *_others = series(group)
    client = signed_in(members[0].person)
    assert "/intervisie/" in client.get("/mijn/").text
    invitation = Invitation.objects.get(meeting=first, person=members[0].person)
    address = f"/antwoord/{invitation.token}/"
    assert client.get(address).status_code == 200
    client.post(address, {"answer": "DECLINED"})
    invitation.refresh_from_db()
    assert invitation.partstat == "DECLINED"
    assert "Laak" not in client.get(address).text


def test_from_a_rhythm_to_every_calendar(group: IntervisionGroup, members: list[GroupMember]) -> None:
    SchoolHoliday.objects.all().delete()
    SchoolHoliday.objects.create(name="Voorjaar", since=dt.date(2027, 2, 20), until=dt.date(2027, 3, 1))
    client = signed_in(group.facilitator)
    address = f"/intervisie/{group.pk}/bijeenkomsten/"
    initial = client.get(address).context["asked"].initial
    assert (initial["first"], initial["starts"]) == (dt.date(2026, 12, 10), dt.time(15, 30))
    asked = {
        "first": "2027-01-14",
        "starts": "15:30",
        "weeks": "6",
        "conversations": "4",
        "harvest": "on",
        "place": "De Brug",
    }
    page = client.get(address, asked)
    forms = page.context["formset"].forms
    assert [form.initial["date"] for form in forms if form.initial] == [
        dt.date(2027, 1, 14), dt.date(2027, 3, 4), dt.date(2027, 4, 15), dt.date(2027, 5, 27), dt.date(2027, 7, 8),
        dt.date(2027, 8, 19),
    ]  # fmt: skip
    posted = {name: value for form in forms for name, value in fields(form)}
    posted |= {"meetings-TOTAL_FORMS": "7", "meetings-INITIAL_FORMS": "6", "meetings-1-date": "2027-03-11"}
    answer = client.post(f"{address}?{query(asked)}", posted | {"meetings-5-DELETE": "on"})
    assert answer["Location"] == f"/intervisie/{group.pk}/"
    assert [f"{one.starts_at:%d-%m}" for one in group.meetings.all()] == ["14-01", "11-03", "15-04", "27-05", "08-07"]
    assert OutboxMessage.objects.filter(kind="invitation-new").count() == 15


def fields(form: object) -> Iterator[tuple[str, str]]:
    for name in ("date", "starts", "ends", "break_minutes", "place", "link"):
        bound = form[name]  # type: ignore[index]  # a form
        value = bound.initial
        if value is not None:
            yield bound.html_name, value.strftime("%H:%M") if isinstance(value, dt.time) else str(value)


def query(values: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in values.items())


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"date": "2026-11-20"}, "date"),
        ({"ends": "15:00"}, "ends"),
        ({"place": ""}, "place"),
        ({"date": "nooit"}, "date"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_lost(
    group: IntervisionGroup, members: list[GroupMember], changed: dict[str, str], wrong: str
) -> None:
    _first, second, _third = series(group)
    client = signed_in(group.facilitator)
    address = f"/intervisie/{group.pk}/bijeenkomsten/{second.pk}/"
    typed = {
        "date": "2027-03-01",
        "starts": "15:30",
        "ends": "17:00",
        "break_minutes": "0",
        "place": "Elders",
    } | changed
    page = client.post(address, typed)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [wrong]
    assert page.context["form"]["starts"].value() == "15:30"
    second.refresh_from_db()
    assert second.place == "De Brug"


def test_two_meetings_do_not_overlap(group: IntervisionGroup, members: list[GroupMember]) -> None:
    _first, second, _third = series(group)
    client = signed_in(group.facilitator)
    page = client.post(
        f"/intervisie/{group.pk}/bijeenkomsten/{second.pk}/",
        {"date": "2027-01-14", "starts": "16:00", "ends": "17:00", "break_minutes": "0", "place": "Elders"},
    )
    assert list(page.context["form"].errors) == ["starts"]


def test_only_the_facilitator_plans(group: IntervisionGroup, members: list[GroupMember]) -> None:
    first, *_others = series(group)
    places = [f"/intervisie/{group.pk}/bijeenkomsten/{rest}" for rest in ("", f"{first.pk}/", f"{first.pk}/afzeggen/")]
    strangers: list[Person] = [
        members[0].person,
        RoleFactory(kind="facilitator").person,
        RoleFactory(kind="administrator").person,
        PersonFactory(is_superuser=True, is_staff=True),
    ]
    for person in strangers:
        assert [signed_in(person).get(place).status_code for place in places] == [404] * 3
        assert [signed_in(person).post(place).status_code for place in places] == [404] * 3
    assert [signed_in(group.facilitator).get(place).status_code for place in places] == [200] * 3
    assert [Client().get(place)["Location"] for place in places] == [f"/inloggen/?next={place}" for place in places]
    IntervisionGroup.objects.update(closed_at=NOW)
    assert [signed_in(group.facilitator).get(place).status_code for place in places] == [404] * 3


def test_the_facilitator_calls_one_off_by_the_page(group: IntervisionGroup, members: list[GroupMember]) -> None:
    first, *_others = series(group)
    address = f"/intervisie/{group.pk}/bijeenkomsten/{first.pk}/afzeggen/"
    client = signed_in(group.facilitator)
    client.get(address)
    assert not Meeting.objects.exclude(cancelled_at=None).exists()
    assert client.post(address)["Location"] == f"/intervisie/{group.pk}/"
    assert Meeting.objects.get(pk=first.pk).cancelled_at == NOW
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_inviting_costs_the_same_for_one_member_and_three(
    group: IntervisionGroup, members: list[GroupMember], count: int, django_assert_num_queries: Callable
) -> None:
    series(group)
    Invitation.objects.all().delete()
    # members, meetings, who is invited; invitations, messages; two savepoints and their releases
    with django_assert_num_queries(9):
        members_invite(members=members[:count])

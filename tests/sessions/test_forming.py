"""How groups form: looking for one, open places, invitations, proposals; joining, leaving, closing. Through the pages."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.test import Client

from parties.actions.merging import people_merge, person_erase
from parties.models import Membership, OutboxMessage, Person
from sessions.actions.forming import (
    GroupFacts,
    apart_declare,
    candidate_decide,
    candidate_invite,
    candidate_say_no,
    candidate_say_yes,
    group_change,
    group_close,
    group_hand_over,
    member_leave,
    member_take_out,
    place_ask,
    proposal_take,
    wish_save,
    wish_withdraw,
)
from sessions.actions.trajectory import trajectory_plan
from sessions.forming import candidate_token, place_token, proposals_of, waiting_people
from sessions.forming_mails import FormingNews
from sessions.models import (
    Attendance,
    Candidate,
    Conversation,
    GroupMember,
    IntervisionGroup,
    IntervisionMethod,
    IntervisionPlace,
    IntervisionWish,
    Invitation,
    KeptApart,
    Meeting,
)
from sessions.plan import MeetingPlan
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, RoleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
SLOT = "tue-late"
NAME = "Groep Laak Zonnebloem"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def facilitator() -> Person:
    return RoleFactory(kind="facilitator", person__name="Noor Bakker").person


@pytest.fixture
def group(facilitator: Person) -> IntervisionGroup:
    return IntervisionGroup.objects.create(name=NAME, facilitator=facilitator, slot=SLOT, reply_to="noor@example.org")


def works(name: str = "Sevgi de Wit", side: str = "school", **fields: object) -> Membership:
    return MembershipFactory(person__name=name, side=side, **fields)


def waits(membership: Membership, *, apart: list[tuple[str, str]] | None = None, **fields: object) -> IntervisionWish:
    wanted = {"online": True, "places": [], "slots": [SLOT]} | fields
    return wish_save(membership=membership, apart=apart or [], **wanted)


def six(**fields: object) -> list[Membership]:
    found = [works(f"Wachter {number}", ("school", "workplace")[number % 2]) for number in range(6)]
    for membership in found:
        waits(membership, **fields)
    return found


def invited(group: IntervisionGroup, membership: Membership) -> Candidate:
    return candidate_invite(group=group, address=membership.person.email)


def placed(group: IntervisionGroup, membership: Membership) -> GroupMember:
    member = candidate_say_yes(candidate=invited(group, membership), membership=membership)
    assert member is not None
    return member


def planned(group: IntervisionGroup, *days: int) -> list[Meeting]:
    starts = [NOW + dt.timedelta(days=day) for day in days]
    plans = [MeetingPlan(starts_at=at, ends_at=at + dt.timedelta(minutes=90), place="De Brug") for at in starts]
    return trajectory_plan(group=group, meetings=plans)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sent(kind: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind=kind).order_by("pk"))


WISH = {"online": "on", "slots": [SLOT, "wed-late"], "manager": "", "same_student": ""}


# ---- looking for a group ----


def test_a_wish_is_kept_and_said_again() -> None:
    own = works()
    place = IntervisionPlace.objects.create(name="Laakkwartier")
    client = signed_in(own.person)
    said = WISH | {"places": [place.pk], "manager": "Baas@Example.org\nandere@example.org", "same_student": "x@y.nl"}
    assert client.post("/intervisie/meedoen/", said)["Location"] == "/intervisie/"
    wish = IntervisionWish.objects.get()
    assert (wish.membership, wish.online, [*wish.places.all()]) == (own, True, [place])
    assert {row.slot for row in wish.slots.all()} == {SLOT, "wed-late"}
    assert set(KeptApart.objects.values_list("address", "kind")) == {
        ("baas@example.org", "manager"),
        ("andere@example.org", "manager"),
        ("x@y.nl", "same_student"),
    }
    page = client.get("/intervisie/meedoen/").text
    assert "baas@example.org" in page
    with time_machine.travel(NOW + dt.timedelta(days=3)):
        client.post("/intervisie/meedoen/", {"places": [place.pk], "slots": ["mon-late"]})
    again = IntervisionWish.objects.get()
    assert (again.pk, again.created_at, again.online) == (wish.pk, wish.created_at, False)
    assert [row.slot for row in again.slots.all()] == ["mon-late"]
    assert not KeptApart.objects.exists()


def test_what_is_wrong_is_said_where_it_was_typed_and_nothing_is_lost() -> None:
    own = works()
    client = signed_in(own.person)
    page = client.post("/intervisie/meedoen/", {"manager": "baas@example.org", "same_student": "geen adres"})
    errors = page.context["form"].errors
    assert set(errors) == {"online", "slots", "same_student"}
    assert "geen adres" in errors["same_student"][0]
    assert "baas@example.org" in page.text
    page = client.post("/intervisie/meedoen/", WISH | {"manager": "a@b.nl", "same_student": "A@B.nl"})
    assert set(page.context["form"].errors) == {"same_student"}
    assert not IntervisionWish.objects.exists()
    assert not KeptApart.objects.exists()


def test_who_works_nowhere_is_led_there_and_back() -> None:
    page = signed_in(PersonFactory()).get("/intervisie/meedoen/").text
    assert "/mijn/werkplek/?next=/intervisie/meedoen/" in page


def test_who_works_at_two_places_chooses_for_which() -> None:
    first = works()
    second = MembershipFactory(person=first.person, side="workplace")
    client = signed_in(first.person)
    assert set(client.post("/intervisie/meedoen/", WISH).context["form"].errors) == {"membership"}
    client.post("/intervisie/meedoen/", WISH | {"membership": second.pk})
    assert IntervisionWish.objects.get().membership == second
    client.post("/intervisie/meedoen/", WISH | {"membership": works("Iemand Anders").pk})
    assert IntervisionWish.objects.get().membership == second


def test_nobody_learns_whether_an_address_is_known() -> None:
    known = works("Bram Vos").person.email
    own = signed_in(works().person)
    answers = [own.post("/intervisie/meedoen/", WISH | {"manager": address}) for address in (known, "niemand@x.nl")]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/intervisie/")] * 2
    assert "Bram" not in own.get("/intervisie/meedoen/").text


def test_who_stops_leaves_nothing(group: IntervisionGroup) -> None:
    own = works()
    waits(own, apart=[("baas@example.org", "manager")])
    group.is_open = True
    group.save()
    place_ask(group=group, membership=own)
    client = signed_in(own.person)
    assert client.get("/intervisie/meedoen/stoppen/").status_code == 200
    client.post("/intervisie/meedoen/stoppen/")
    assert [model.objects.count() for model in (IntervisionWish, KeptApart, Candidate)] == [0, 0, 0]
    assert client.get("/intervisie/meedoen/stoppen/").status_code == 404
    wish_withdraw(person=own.person)


# ---- proposals ----


def test_a_proposal_becomes_a_group_of_who_says_yes(facilitator: Person) -> None:
    people = six()
    client = signed_in(facilitator)
    page = client.get("/intervisie/wachtenden/")
    [proposal] = page.context["proposals"]
    assert (page.context["total"], proposal["people"], proposal["sides"]) == (
        6,
        6,
        [("school", 3), ("workplace", 3)],
    )
    for membership in people:
        assert membership.person.name not in page.text
        assert membership.person.email not in page.text
        assert membership.organisation.name in page.text
    made = client.post("/intervisie/wachtenden/", {"proposal": proposal["word"]})
    group = IntervisionGroup.objects.get()
    assert made["Location"] == f"/intervisie/{group.pk}/leden/"
    assert (group.facilitator, group.slot, group.place, group.size) == (facilitator, SLOT, None, 8)
    mails = sent("group-proposed")
    assert {mail.person for mail in mails} == {membership.person for membership in people}
    assert len(mails) == 6
    assert not group.members.exists()
    assert client.get("/intervisie/wachtenden/").context["proposals"] == []

    first = people[0]
    link = re.search(
        r"/intervisie/uitnodiging/[^\s\"]+/", next(one.text for one in mails if one.person == first.person)
    )
    assert link
    own = signed_in(first.person)
    assert link[0] in own.get("/intervisie/").text
    assert own.get(link[0]).context["candidate"].group == group
    assert own.post(link[0], {"answer": "yes"})["Location"] == f"/intervisie/{group.pk}/afspraken/"
    [member] = group.members.all()
    assert (member.person, member.side, member.organisation) == (first.person, first.side, first.organisation)
    assert not IntervisionWish.objects.filter(person=first.person).exists()
    assert not Candidate.objects.filter(person=first.person).exists()
    assert own.get(link[0]).context["candidate"] is None

    second = signed_in(people[1].person)
    other = candidate_token(Candidate.objects.get(person=people[1].person).pk)
    second.post(f"/intervisie/uitnodiging/{other}/", {"answer": "no"})
    assert not Candidate.objects.filter(person=people[1].person).exists()
    assert [one.key for one in waiting_people()] == [people[1].person.pk]
    assert [mail.person for mail in sent("group-said_no")] == [facilitator]


def test_of_two_who_take_the_same_people_the_second_is_refused(facilitator: Person) -> None:
    six()
    [proposal] = proposals_of(waiting_people())
    proposal_take(facilitator=facilitator, proposal=proposal)
    with pytest.raises(ValidationError) as refused:
        proposal_take(facilitator=RoleFactory(kind="facilitator").person, proposal=proposal)
    assert refused.value.code == "old"
    assert IntervisionGroup.objects.count() == 1
    assert len(sent("group-proposed")) == 6


@pytest.mark.parametrize("what", ["stopped", "other time", "declared", "left work"])
def test_a_proposal_that_no_longer_holds_is_refused(facilitator: Person, what: str) -> None:
    people = six()
    [proposal] = proposals_of(waiting_people())
    if what == "stopped":
        wish_withdraw(person=people[2].person)
    elif what == "other time":
        waits(people[2], slots=["mon-morning"])
    elif what == "declared":
        waits(people[2], apart=[(people[3].person.email, "same_student")])
    else:
        Membership.objects.filter(pk=people[2].pk).update(until=NOW.date())
    with pytest.raises(ValidationError) as refused:
        proposal_take(facilitator=facilitator, proposal=proposal)
    assert refused.value.code == "old"
    assert not IntervisionGroup.objects.exists()


def test_a_word_that_we_did_not_make_is_not_there(facilitator: Person) -> None:
    six()
    client = signed_in(facilitator)
    [proposal] = client.get("/intervisie/wachtenden/").context["proposals"]
    other = signed_in(RoleFactory(kind="facilitator").person)
    for asks, word in ((client, "een ander woord"), (client, ""), (other, proposal["word"])):
        answer = asks.post("/intervisie/wachtenden/", {"proposal": word})
        assert answer["Location"] == "/intervisie/wachtenden/"
    assert not IntervisionGroup.objects.exists()
    assert client.get("/intervisie/plek/1.vals/").status_code == 404
    assert client.get("/intervisie/uitnodiging/1.vals/").status_code == 404


@pytest.mark.parametrize("way", ["sign-in address", "second address", "work address"])
def test_who_declared_something_is_never_proposed_with_them(facilitator: Person, way: str) -> None:
    people = [works("Wie het zegt"), works("Wie bedoeld is", "workplace"), works("Derde")]
    other = people[1]
    address = {"sign-in address": other.person.email, "second address": "b@prive.nl", "work address": "b@werk.nl"}[way]
    if way == "second address":
        EmailAddress.objects.create(user=other.person, email="b@prive.nl", verified=True)
    elif way == "work address":
        Membership.objects.filter(pk=other.pk).update(work_address="B@werk.nl")
    waits(people[1])
    waits(people[2])
    waits(people[0])
    assert len(proposals_of(waiting_people())) == 1
    waits(people[0], apart=[(address, "manager")])
    assert proposals_of(waiting_people()) == []


# ---- invitations ----


def test_an_invitation_reaches_an_address_and_only_who_reads_it_takes_the_place(group: IntervisionGroup) -> None:
    client = signed_in(group.facilitator)
    page = f"/intervisie/{group.pk}/leden/"
    assert client.post(page, {"address": "Sevgi@School.example"})["Location"] == page
    [mail] = sent("group-invited")
    assert (mail.to_address, mail.reply_to, mail.person) == ("sevgi@school.example", "noor@example.org", None)
    link = re.search(r"/intervisie/uitnodiging/[^\s\"]+/", mail.text)
    assert link
    assert Client().get(link[0])["Location"] == f"/inloggen/?next={link[0]}"
    stranger = works("Iemand Anders")
    other = signed_in(stranger.person)
    assert other.get(link[0]).context["is_for_another"]
    other.post(link[0], {"answer": "yes"})
    assert not group.members.exists()
    own = works(person__email="sevgi@school.example")
    signed_in(own.person).post(link[0], {"answer": "yes"})
    assert [member.person for member in group.members.all()] == [own.person]
    assert not group.candidates.exists()


def test_an_address_is_invited_once_and_not_everybody_at_once(group: IntervisionGroup) -> None:
    client = signed_in(group.facilitator)
    page = f"/intervisie/{group.pk}/leden/"
    for number in range(12):
        client.post(page, {"address": f"lid{number}@example.org"})
    for address in ("lid3@example.org", "nog-een@example.org", "geen adres"):
        answer = client.post(page, {"address": address})
        assert list(answer.context["form"].errors) == ["address"]
        assert address in answer.text
    assert len(sent("group-invited")) == 12


def test_an_invitation_that_was_taken_back_no_longer_holds(group: IntervisionGroup) -> None:
    own = works()
    candidate = invited(group, own)
    client = signed_in(group.facilitator)
    page = f"/intervisie/{group.pk}/aanmeldingen/{candidate.pk}/weigeren/"
    assert client.get(page).status_code == 200
    client.post(page)
    assert client.get(page).status_code == 404
    link = f"/intervisie/uitnodiging/{candidate_token(candidate.pk)}/"
    assert signed_in(own.person).post(link, {"answer": "yes"}).context["candidate"] is None
    with pytest.raises(ValidationError) as refused:
        candidate_say_yes(candidate=candidate, membership=own)
    assert refused.value.code == "gone"
    assert not group.members.exists()


def test_saying_yes_twice_is_one_place_and_one_invitation_a_meeting(group: IntervisionGroup) -> None:
    planned(group, 7, 49)
    own = works()
    waits(own)
    candidate = invited(group, own)
    first = candidate_say_yes(candidate=candidate, membership=own)
    assert candidate_say_yes(candidate=candidate, membership=own) == first
    assert group.members.count() == 1
    assert Invitation.objects.filter(person=own.person).count() == 2
    assert len(sent("invitation-new")) == 2
    candidate_say_no(candidate=candidate)
    assert group.members.current().count() == 1


def test_a_full_group_takes_nobody(group: IntervisionGroup) -> None:
    IntervisionGroup.objects.filter(pk=group.pk).update(size=3)
    late = works("Te laat")
    candidate = invited(group, late)
    for number in range(3):
        placed(group, works(f"Lid {number}"))
    answer = signed_in(late.person).post(f"/intervisie/uitnodiging/{candidate_token(candidate.pk)}/", {"answer": "yes"})
    assert answer.context["form"].non_field_errors()
    assert group.members.count() == 3
    IntervisionGroup.objects.filter(pk=group.pk).update(size=8)
    candidate_say_yes(candidate=candidate, membership=late)
    with pytest.raises(ValidationError) as refused:
        group_change(group=group, facts=facts(size=3))
    assert "size" in refused.value.message_dict


def facts(**fields: object) -> GroupFacts:
    said = {"name": NAME, "reply_to": "", "size": 8, "place": None, "slot": SLOT, "is_open": False} | fields
    return GroupFacts(**said)


# ---- what was declared ----


def test_who_declared_something_gets_a_place_only_from_the_facilitator(group: IntervisionGroup) -> None:
    own = works()
    member = works("Bram Vos", "workplace")
    placed(group, member)
    waits(own, apart=[(member.person.email, "same_student")])
    client = signed_in(own.person)
    link = f"/intervisie/uitnodiging/{candidate_token(invited(group, own).pk)}/"
    assert client.post(link, {"answer": "yes"})["Location"] == "/intervisie/"
    assert group.members.count() == 1
    [mail] = sent("group-said_yes")
    assert mail.person == group.facilitator
    assert client.get(f"/intervisie/{group.pk}/").status_code == 404
    page = signed_in(group.facilitator).get(f"/intervisie/{group.pk}/leden/")
    [warning] = page.context["warnings"]
    assert {person.name for person in warning.people} == {"Sevgi de Wit", "Bram Vos"}
    candidate = Candidate.objects.get()
    signed_in(group.facilitator).post(f"/intervisie/{group.pk}/aanmeldingen/{candidate.pk}/")
    assert group.members.current().count() == 2
    assert [one.person for one in sent("group-placed")] == [own.person]


@pytest.mark.parametrize("side", ["declares", "is named"])
def test_the_answer_does_not_tell_who_is_in_the_group(group: IntervisionGroup, side: str) -> None:
    """The same whether the other is in this group, or is no member of any."""
    answers = []
    for is_in in (True, False):
        here = IntervisionGroup.objects.create(name="x", facilitator=group.facilitator)
        own, other = works(), works("Bram Vos")
        if is_in:
            placed(here, other)
        if side == "declares":
            waits(own, apart=[(other.person.email, "manager")])
        else:
            waits(other, apart=[(own.person.email, "manager")])
        client = signed_in(own.person)
        link = f"/intervisie/uitnodiging/{candidate_token(invited(here, own).pk)}/"
        answer = client.post(link, {"answer": "yes"}, follow=True)
        hide = re.compile(r'csrf\w*" value="[^"]+"|nonce="[^"]+"|/uitnodiging/[^"]+|Persoon \d+|v=\w+')
        answers.append(hide.sub("", answer.text))
        assert not here.members.filter(person=own.person).exists()
    assert answers[0] == answers[1]


def test_a_member_tells_the_facilitator_and_nobody_else(group: IntervisionGroup) -> None:
    one, other, third = (placed(group, works(name)) for name in ("Sevgi de Wit", "Bram Vos", "Fleur Smit"))
    client = signed_in(one.person)
    page = f"/intervisie/{group.pk}/niet-samen/"
    assert set(client.post(page, {}).context["form"].errors) == {"other", "kind"}
    client.post(page, {"other": other.pk, "kind": "manager"})
    client.post(page, {"other": other.pk, "kind": "same_student"})
    [mail] = sent("group-apart")
    assert mail.person == group.facilitator
    assert "Bram" not in mail.text + mail.html
    [warning] = signed_in(group.facilitator).get(f"/intervisie/{group.pk}/leden/").context["warnings"]
    assert {person.name for person in warning.people} == {"Sevgi de Wit", "Bram Vos"}
    for fellow in (other, third):
        own = signed_in(fellow.person)
        assert not own.get(page).context["declared"]
        assert own.post(page, {"take-back": KeptApart.objects.get().pk}).status_code == 404
    client.post(page, {"take-back": KeptApart.objects.get().pk})
    assert not KeptApart.objects.exists()
    assert client.post(page, {"take-back": "x"}).status_code == 404


# ---- open places ----


def test_an_open_place_is_told_without_name_members_or_number(group: IntervisionGroup) -> None:
    placed(group, works("Bram Vos"))
    own = signed_in(works().person)
    assert own.get("/intervisie/meedoen/").context["places"] == []
    IntervisionGroup.objects.filter(pk=group.pk).update(is_open=True)
    page = own.get("/intervisie/meedoen/")
    [(where, token)] = page.context["places"]
    ask = own.get(f"/intervisie/plek/{token}/")
    for text in (page.text, ask.text, where):
        assert NAME not in text
        assert "Bram" not in text
        assert "Noor" not in text
        assert f"/intervisie/{group.pk}/" not in text
    assert own.post(f"/intervisie/plek/{token}/")["Location"] == "/intervisie/"
    own.post(f"/intervisie/plek/{token}/")
    [mail] = sent("group-asked")
    assert mail.person == group.facilitator
    assert own.get("/intervisie/meedoen/").context["places"] == []
    assert own.get(f"/intervisie/{group.pk}/").status_code == 404
    [candidate] = signed_in(group.facilitator).get(f"/intervisie/{group.pk}/leden/").context["to_decide"]
    signed_in(group.facilitator).post(f"/intervisie/{group.pk}/aanmeldingen/{candidate.pk}/weigeren/")
    [mail] = sent("group-no_place")
    assert mail.person == candidate.person
    assert not group.candidates.exists()


def test_a_place_that_is_gone_cannot_be_asked_for(group: IntervisionGroup) -> None:
    own = works()
    client = signed_in(own.person)
    answer = client.post(f"/intervisie/plek/{place_token(group.pk)}/")
    assert answer.context["form"].non_field_errors()
    IntervisionGroup.objects.filter(pk=group.pk).update(is_open=True)
    group_close(group=group)
    assert client.post(f"/intervisie/plek/{place_token(group.pk)}/").context["form"].non_field_errors()
    assert not Candidate.objects.exists()


def test_who_is_a_member_does_not_ask(group: IntervisionGroup) -> None:
    own = works()
    placed(group, own)
    IntervisionGroup.objects.filter(pk=group.pk).update(is_open=True)
    client = signed_in(own.person)
    assert client.get("/intervisie/meedoen/").context["places"] == []
    answer = client.post(f"/intervisie/plek/{place_token(group.pk)}/")
    assert answer["Location"] == f"/intervisie/{group.pk}/"
    assert not Candidate.objects.exists()


# ---- leaving and closing ----


def test_who_leaves_is_out_of_every_calendar_and_of_the_group(group: IntervisionGroup) -> None:
    planned(group, 7, 49)
    own, other = works(), works("Bram Vos")
    member = placed(group, own)
    placed(group, other)
    GroupMember.objects.update(since=NOW.date() - dt.timedelta(days=30))
    KeptApart.objects.create(person=own.person, address="x@y.nl", kind="manager")
    client = signed_in(own.person)
    page = f"/intervisie/{group.pk}/verlaten/"
    assert client.get(page).status_code == 200
    assert group.members.current().count() == 2
    client.post(page)
    assert [one.person for one in group.members.current()] == [other.person]
    member.refresh_from_db()
    assert member.until == NOW.date()
    assert [mail.calendar_method for mail in sent("invitation-own_wish")] == ["CANCEL"] * 2
    [mail] = sent("group-left")
    assert mail.person == group.facilitator
    assert "Sevgi" not in mail.text + mail.html
    assert not KeptApart.objects.exists()
    assert [client.get(path).status_code for path in (page, f"/intervisie/{group.pk}/")] == [404, 404]
    member_leave(member=member)
    assert len(sent("group-left")) == 1


def test_who_joined_today_leaves_no_trace_unless_they_were_there(group: IntervisionGroup) -> None:
    gone, there = placed(group, works()), placed(group, works("Bram Vos"))
    meeting = Meeting.objects.create(group=group, starts_at=NOW - dt.timedelta(hours=2), ends_at=NOW)
    Attendance.objects.create(meeting=meeting, person=there.person, state="present", minutes=90)
    member_leave(member=gone)
    member_leave(member=there)
    [kept] = GroupMember.objects.all()
    assert (kept.person, kept.until) == (there.person, NOW.date() + dt.timedelta(days=1))


def test_the_facilitator_ends_a_membership(group: IntervisionGroup) -> None:
    planned(group, 7)
    member = placed(group, works())
    GroupMember.objects.update(since=NOW.date() - dt.timedelta(days=30))
    client = signed_in(group.facilitator)
    page = f"/intervisie/{group.pk}/leden/{member.pk}/stoppen/"
    assert "Sevgi de Wit" in client.get(page).text
    client.post(page)
    assert not group.members.current().exists()
    assert [mail.person for mail in sent("group-taken_out")] == [member.person]
    assert len(sent("invitation-taken_off")) == 1
    assert client.post(page).status_code == 404
    member_take_out(member=member)
    assert len(sent("group-taken_out")) == 1


def test_a_closed_group_is_there_to_look_back_at(group: IntervisionGroup) -> None:
    members = [placed(group, works(f"Lid {number}")) for number in range(3)]
    GroupMember.objects.update(since=NOW.date() - dt.timedelta(days=90))
    starts = NOW - dt.timedelta(days=20)
    held = Meeting.objects.create(group=group, starts_at=starts, ends_at=starts + dt.timedelta(minutes=90))
    method = IntervisionMethod.objects.create(
        key="incident", name="Incident", use_for="x", source="2026", steps="[]", smallest=3
    )
    talk = Conversation.objects.create(meeting=held, method=method, minutes=75, lesson="Vraag eerst door.")
    for member in members:
        Attendance.objects.create(meeting=held, person=member.person, state="present", minutes=75)
        talk.agreed.create(person=member.person)
    planned(group, 7, 49)
    invited(group, works("Nog niet"))
    client = signed_in(group.facilitator)
    page = f"/intervisie/{group.pk}/afsluiten/"
    shown = client.get(page)
    assert (shown.context["coming"], vars(shown.context["harvest"])) == (
        2,
        {"meetings": 1, "minutes": 75, "lessons": 1},
    )
    assert "Vraag eerst door." in shown.text
    client.post(page)
    assert Meeting.objects.filter(group=group, cancelled_at=None).count() == 1
    assert len(sent("invitation-cancelled")) == 6
    assert {mail.person for mail in sent("group-closed")} == {member.person for member in members}
    assert not group.candidates.exists()
    own = signed_in(members[0].person)
    look_back = own.get(f"/intervisie/{group.pk}/")
    assert "Vraag eerst door." in look_back.text
    assert look_back.context["harvest"].hours == 1.25
    for path in ("leden", "bewerken", "afsluiten", "overdragen", "bijeenkomsten"):
        assert client.get(f"/intervisie/{group.pk}/{path}/").status_code == 404
    assert own.get(f"/intervisie/{group.pk}/verlaten/").status_code == 404
    group_close(group=group)
    assert len(sent("group-closed")) == 3
    with pytest.raises(ValidationError) as refused:
        candidate_invite(group=group, address="laat@example.org")
    assert refused.value.code == "closed"


# ---- who may come where ----


def facilitators_pages(group: IntervisionGroup, member: GroupMember, candidate: Candidate) -> list[str]:
    base = f"/intervisie/{group.pk}"
    return [
        f"{base}/leden/",
        f"{base}/bewerken/",
        f"{base}/afsluiten/",
        f"{base}/overdragen/",
        f"{base}/leden/{member.pk}/stoppen/",
        f"{base}/aanmeldingen/{candidate.pk}/weigeren/",
    ]


@pytest.mark.parametrize("who", ["member", "administrator", "superuser", "another facilitator", "hr", "stranger"])
def test_a_group_is_filled_by_its_facilitator_alone(group: IntervisionGroup, who: str) -> None:
    member = placed(group, works())
    asked = Candidate.objects.create(
        group=group, person=(asks := works("Wie vraagt")).person, membership=asks, origin="asked", state="to_decide"
    )
    people = {
        "member": lambda: member.person,
        "administrator": lambda: RoleFactory(kind="administrator").person,
        "superuser": lambda: PersonFactory(is_superuser=True, is_staff=True),
        "another facilitator": lambda: RoleFactory(kind="facilitator").person,
        "hr": lambda: RoleFactory(kind="hr", organisation=OrganisationFactory()).person,
        "stranger": lambda: works("Iemand Anders").person,
    }
    client = signed_in(people[who]())
    pages = facilitators_pages(group, member, asked)
    assert [signed_in(group.facilitator).get(path).status_code for path in pages] == [200] * len(pages)
    posts = [*pages, f"/intervisie/{group.pk}/aanmeldingen/{asked.pk}/"]
    assert [client.get(path).status_code for path in pages] == [404] * len(pages)
    assert [client.post(path, {"address": "x@y.nl"}).status_code for path in posts] == [404] * len(posts)
    if who != "member":
        own = [f"/intervisie/{group.pk}/{path}/" for path in ("verlaten", "niet-samen")]
        assert [client.post(path).status_code for path in own] == [404, 404]
    may_make = 200 if who == "another facilitator" else 404
    assert [client.get(f"/intervisie/{path}/").status_code for path in ("nieuw", "wachtenden")] == [may_make] * 2
    assert (group.members.current().count(), group.candidates.count()) == (1, 1)
    assert [Client().get(path)["Location"] for path in pages] == [f"/inloggen/?next={path}" for path in pages]


def test_a_facilitator_makes_and_changes_a_group(facilitator: Person) -> None:
    client = signed_in(facilitator)
    assert set(client.post("/intervisie/nieuw/", {"reply_to": "geen"}).context["form"].errors) >= {"name", "reply_to"}
    place = IntervisionPlace.objects.create(name="Laakkwartier")
    said = {"name": NAME, "place": place.pk, "slot": SLOT, "size": 6, "reply_to": "Noor@Example.org", "is_open": "on"}
    client.post("/intervisie/nieuw/", said)
    group = IntervisionGroup.objects.get()
    kept = (group.name, group.place, group.slot, group.size, group.reply_to, group.is_open, group.facilitator)
    assert kept == (NAME, place, SLOT, 6, "noor@example.org", True, facilitator)
    edit = f"/intervisie/{group.pk}/bewerken/"
    assert client.get(edit).context["form"].initial["place"] == place
    client.post(edit, said | {"size": 4, "is_open": ""})
    group.refresh_from_db()
    assert (group.size, group.is_open) == (4, False)
    for number in range(4):
        placed(group, works(f"Lid {number}"))
    assert list(client.post(edit, said | {"size": 3}).context["form"].errors) == ["size"]


def test_a_group_goes_to_another_facilitator(group: IntervisionGroup) -> None:
    IntervisionGroup.objects.filter(pk=group.pk).update(reply_to=group.facilitator.email)
    other, trainer = RoleFactory(kind="facilitator").person, RoleFactory(kind="trainer").person
    before = signed_in(group.facilitator)
    page = f"/intervisie/{group.pk}/overdragen/"
    for address in (trainer.email, "niemand@example.org", group.facilitator.email):
        assert list(before.post(page, {"address": address}).context["form"].errors) == ["address"]
    assert before.post(page, {"address": other.email.upper()})["Location"] == "/intervisie/"
    group.refresh_from_db()
    assert (group.facilitator, group.reply_to) == (other, other.email)
    assert [mail.person for mail in sent("group-handed_over")] == [other]
    assert [client.get(f"/intervisie/{group.pk}/").status_code for client in (before, signed_in(other))] == [404, 200]


def test_who_leads_a_group_hands_it_over_before_they_are_erased(group: IntervisionGroup) -> None:
    member = placed(group, works())
    facilitator = group.facilitator
    with pytest.raises(ValidationError) as refused:
        person_erase(person=facilitator, by=None)
    assert refused.value.code == "leads"
    group_close(group=group)
    person_erase(person=facilitator, by=None)
    page = signed_in(member.person).get(f"/intervisie/{group.pk}/")
    assert (page.status_code, page.context["group"].facilitator) == (200, None)


# ---- mails ----


def test_every_mail_of_forming_is_silent_about_the_group_and_who_is_in_it(group: IntervisionGroup) -> None:
    """One of each kind, to nobody but whom it concerns."""
    group.is_open = True
    group.save()
    one, other = placed(group, works("Sevgi de Wit")), placed(group, works("Bram Vos", "workplace"))
    apart_declare(member=one, other=other, kind="manager")
    member_leave(member=other)
    member_take_out(member=one)
    asks, refused, named = works("Fleur Smit"), works("Daan Kok"), works("Amal Haddad")
    candidate_decide(candidate=place_ask(group=group, membership=asks), accept=True)
    candidate_decide(candidate=place_ask(group=group, membership=refused), accept=False)
    waits(named, apart=[("x@y.nl", "manager")])
    candidate_say_yes(candidate=invited(group, named), membership=named)
    candidate_say_no(candidate=invited(group, refused))
    six()
    [proposal] = [one for one in proposals_of(waiting_people()) if len(one.people) >= 6]
    proposal_take(facilitator=group.facilitator, proposal=proposal)
    group_hand_over(group=group, address=RoleFactory(kind="facilitator").person.email)
    group_close(group=group)
    mails = list(OutboxMessage.objects.filter(kind__startswith="group-"))
    assert {mail.kind for mail in mails} == {f"group-{news}" for news in FormingNews}
    names = set(Person.objects.exclude(name="").values_list("name", flat=True))
    for mail in mails:
        whole = f"{mail.subject}\n{mail.text}\n{mail.html}"
        of_others = names - {mail.person.name if mail.person else ""}
        if mail.kind == "group-invited":
            of_others -= {group.facilitator.name}
        assert [name for name in of_others if name in whole] == [], mail.kind
        assert NAME not in whole
        assert f"/intervisie/{group.pk}/" not in whole
        assert mail.meeting_id is None


# ---- two records, and nobody left ----


def test_when_two_records_become_one_nothing_is_lost(group: IntervisionGroup) -> None:
    kept, merged = works("Sevgi de Wit"), works("S. de Wit")
    other = works("Bram Vos")
    early = placed(group, merged)
    GroupMember.objects.filter(pk=early.pk).update(since=NOW.date() - dt.timedelta(days=60))
    early.accepted.create(version=1)
    late = placed(group, kept)
    waits(merged, apart=[("x@y.nl", "manager"), (kept.person.email, "manager")])
    KeptApart.objects.create(person=kept.person, address="x@y.nl", kind="manager")
    KeptApart.objects.create(person=other.person, other=merged.person, kind="same_student")
    KeptApart.objects.create(person=merged.person, other=kept.person, kind="manager")
    elsewhere = IntervisionGroup.objects.create(name="Elders", facilitator=group.facilitator, is_open=True)
    for membership in (kept, merged):
        place_ask(group=elsewhere, membership=membership)
    people_merge(kept=kept.person, merged=merged.person, by=PersonFactory())
    [member] = group.members.all()
    assert (member.pk, member.since) == (late.pk, NOW.date() - dt.timedelta(days=60))
    assert member.accepted.get().version == 1
    assert IntervisionWish.objects.get().person == kept.person
    assert elsewhere.candidates.get().person == kept.person
    assert KeptApart.objects.filter(person=other.person, other=kept.person).count() == 1
    assert KeptApart.objects.filter(person=kept.person, address="x@y.nl").count() == 1
    assert not KeptApart.objects.filter(person=kept.person, other=kept.person).exists()


def test_of_who_is_erased_nothing_is_kept_here(group: IntervisionGroup) -> None:
    own, other = works(), works("Bram Vos")
    waits(own)
    waits(other, apart=[(own.person.email, "manager"), ("iemand@anders.nl", "manager")])
    invited(group, own)
    person_erase(person=own.person, by=None)
    assert list(KeptApart.objects.values_list("address", flat=True)) == ["iemand@anders.nl"]
    assert not group.candidates.exists()
    assert IntervisionWish.objects.get().person == other.person


# ---- queries ----


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_whatever_their_length(
    group: IntervisionGroup, count: int, django_assert_num_queries: Callable
) -> None:
    for number in range(count):
        placed(group, works(f"Lid {number}"))
        asks = works(f"Vrager {number}")
        Candidate.objects.create(group=group, person=asks.person, membership=asks, origin="asked", state="to_decide")
        invited(group, works(f"Gast {number}"))
        six(slots=[("mon-late", "tue-late", "wed-late")[number]])
    client = signed_in(group.facilitator)
    # visit, person, roles; group, members, candidates; what was declared, addresses (3)
    with django_assert_num_queries(10):
        page = client.get(f"/intervisie/{group.pk}/leden/")
    assert [len(page.context[key]) for key in ("members", "to_decide", "to_answer")] == [count] * 3
    # visit, person, roles; wishes with places and times (3); declared, addresses (3); organisations; what was read is
    # kept in the session (3)
    with django_assert_num_queries(14):
        page = client.get("/intervisie/wachtenden/")
    assert len(page.context["proposals"]) == count

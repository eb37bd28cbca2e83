"""What is kept of a conversation: presence that two members confirm, one lesson that all agree to, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import gettext

from parties.models import Person
from sessions.actions.conversation import (
    NamesFound,
    conversation_merge,
    lesson_agree,
    lesson_propose,
    lesson_refuse,
    lessons_forget_due,
    presence_confirm,
)
from sessions.actions.groups import agreements_accept
from sessions.agreements import VERSION
from sessions.models import (
    Attendance,
    Conversation,
    GroupMember,
    IntervisionGroup,
    IntervisionMethod,
    LessonAgreed,
    Meeting,
    PresenceConfirmed,
)
from sessions.querysets import past_meetings, themes_overview
from sessions.signals import presence_settled
from tests.factories import OrganisationFactory, PartyFactory, PersonFactory, RoleFactory
from tests.sessions.factories import at
from tests.sessions.test_intervision import signed_in

pytestmark = pytest.mark.django_db

START = at(14, 15, 30)
NOW = START + dt.timedelta(minutes=80)
NAMES = ("Anna de Vries", "Bilal Yilmaz", "Carla Jansen", "Dirk Smit", "Esra Kaya")
LESSON = "Vraag eerst wat de student zelf wil."


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def group() -> IntervisionGroup:
    return IntervisionGroup.objects.create(name="Groep Laak", facilitator=PersonFactory(name="Noor Bakker"))


def joined(group: IntervisionGroup, name: str, accepted: bool = True, **fields: object) -> Person:
    fields = {"side": "school", "since": dt.date(2026, 12, 1)} | fields
    member = GroupMember.objects.create(group=group, person=PersonFactory(name=name), **fields)
    if accepted:
        agreements_accept(member=member, version=VERSION)
    return member.person


@pytest.fixture
def people(group: IntervisionGroup) -> list[Person]:
    return [joined(group, name) for name in NAMES]


def met(group: IntervisionGroup, starts_at: dt.datetime = START, minutes: int = 90, **fields: object) -> Meeting:
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    return Meeting.objects.create(group=group, starts_at=starts_at, ends_at=ends_at, **fields)


@pytest.fixture
def meeting(group: IntervisionGroup) -> Meeting:
    return met(group)


@pytest.fixture
def method() -> IntervisionMethod:
    return made("incident")


def made(key: str) -> IntervisionMethod:
    return IntervisionMethod.objects.create(
        key=key,
        name=key.capitalize(),
        use_for="Iets wat pas gebeurde.",
        source="Bron, 2026",
        steps=[
            ("step", {"title": "Vertel", "minutes": 10, "turn": "bringer", "text": "Vertel het.", "starters": ["Ik"]})
        ],
    )


@pytest.fixture
def settled() -> Iterator[list[list[int]]]:
    heard: list[list[int]] = []

    def listen(person_ids: list[int], **_: object) -> None:
        heard.append(person_ids)

    presence_settled.connect(listen)
    yield heard
    presence_settled.disconnect(listen)


def confirm(meeting: Meeting, by: Person, *present: Person, **fields: object) -> Conversation:
    values = {"method": IntervisionMethod.objects.get(key="incident"), "minutes": 75} | fields
    return presence_confirm(meeting=meeting, by=by, people=[person.pk for person in present], **values)


def there(meeting: Meeting) -> dict[str, tuple[str, int, str]]:
    rows = Attendance.objects.filter(meeting=meeting).select_related("person", "marked_by").order_by("person__name")
    return {row.person.name.split()[0]: (row.state, row.minutes, row.marked_by.name.split()[0]) for row in rows}


# ---- Presence ----


def test_who_is_named_by_two_members_was_there(
    meeting: Meeting, method: IntervisionMethod, people: list[Person], settled: list[list[int]]
) -> None:
    anna, bilal, carla, *_others = people
    confirm(meeting, anna, anna, bilal, carla)
    assert (there(meeting), settled) == ({}, [])
    kept = Conversation.objects.get()
    assert (kept.method, kept.minutes, kept.theme, kept.lesson) == (method, 75, "", "")
    confirm(meeting, bilal, anna, bilal)
    assert there(meeting) == {"Anna": ("present", 75, "Bilal"), "Bilal": ("present", 75, "Bilal")}
    assert settled == [[anna.pk, bilal.pk]]
    confirm(meeting, bilal, anna, bilal)  # twice is once
    assert (PresenceConfirmed.objects.count(), len(settled)) == (5, 1)


def test_what_a_member_takes_back_counts_no_longer(
    meeting: Meeting, method: IntervisionMethod, people: list[Person], settled: list[list[int]]
) -> None:
    anna, bilal, carla, *_others = people
    confirm(meeting, anna, anna, bilal)
    confirm(meeting, bilal, anna, bilal)
    confirm(meeting, carla, carla, bilal)
    confirm(meeting, anna, anna)
    assert there(meeting) == {"Anna": ("present", 75, "Bilal"), "Bilal": ("present", 75, "Bilal")}
    confirm(meeting, carla, carla)
    assert list(there(meeting)) == ["Anna"]
    assert settled == [[anna.pk, bilal.pk], [bilal.pk]]


def test_later_members_may_change_method_minutes_and_theme(
    meeting: Meeting, method: IntervisionMethod, people: list[Person], settled: list[list[int]]
) -> None:
    anna, bilal, *_others = people
    confirm(meeting, anna, *people, theme="start")
    confirm(meeting, bilal, *people, theme="start")
    other = made("balint")
    confirm(meeting, bilal, *people, minutes=60, method=other, theme="language")
    kept = Conversation.objects.get()
    assert (kept.method, kept.minutes, kept.theme) == (other, 60, "language")
    assert {minutes for _state, minutes, _by in there(meeting).values()} == {60}
    assert settled == [sorted(person.pk for person in people)] * 2


def test_who_was_erased_takes_nobody_elses_presence_along(
    meeting: Meeting, method: IntervisionMethod, people: list[Person]
) -> None:
    anna, bilal, carla, *_others = people
    confirm(meeting, anna, anna, carla)
    confirm(meeting, bilal, carla)
    assert list(there(meeting)) == ["Carla"]
    Attendance.objects.filter(marked_by=bilal).update(marked_by=anna)
    bilal.delete()
    confirm(meeting, anna, anna, carla)
    assert list(there(meeting)) == ["Carla"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 91}, "minutes"),
        ({"theme": "start"}, "theme"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    meeting: Meeting, method: IntervisionMethod, people: list[Person], fields: dict, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        confirm(meeting, people[0], *people[:4], **fields)
    assert list(refused.value.error_dict) == [field]
    assert not Conversation.objects.exists()


def test_only_members_of_that_day_are_named_and_name_others(
    meeting: Meeting, method: IntervisionMethod, group: IntervisionGroup, people: list[Person]
) -> None:
    later = joined(group, "Later", since=meeting.starts_at.date() + dt.timedelta(days=1))
    for named in ([], [people[0], later], [group.facilitator]):
        with pytest.raises(ValidationError) as refused:
            confirm(meeting, people[0], *named)
        assert list(refused.value.error_dict) == ["people"]
    for by in (group.facilitator, later, PersonFactory()):
        with pytest.raises(ValidationError) as refused:
            confirm(meeting, by, people[0])
        assert refused.value.code == "no_member"
    new = joined(group, "Nieuw", accepted=False)
    with pytest.raises(ValidationError) as refused:
        confirm(meeting, new, people[0])
    assert refused.value.code == "agreements"


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (START - dt.timedelta(minutes=31), "too_early"),
        (START - dt.timedelta(minutes=30), None),
        (START + dt.timedelta(minutes=90, days=14, seconds=-1), None),
        (START + dt.timedelta(minutes=90, days=14), "too_late"),
    ],
)
def test_from_half_an_hour_before_until_two_weeks_after(
    meeting: Meeting,
    method: IntervisionMethod,
    people: list[Person],
    clock: time_machine.Coordinates,
    moment: dt.datetime,
    code: str | None,
) -> None:
    clock.move_to(moment)
    if code is None:
        assert confirm(meeting, people[0], people[0])
        return
    with pytest.raises(ValidationError) as refused:
        confirm(meeting, people[0], people[0])
    assert refused.value.code == code


def test_a_meeting_that_was_called_off_was_not_held(
    meeting: Meeting, method: IntervisionMethod, people: list[Person]
) -> None:
    Meeting.objects.update(cancelled_at=NOW)
    with pytest.raises(ValidationError) as refused:
        confirm(meeting, people[0], people[0])
    assert refused.value.code == "cancelled"


# ---- The lesson ----


@pytest.fixture
def kept(meeting: Meeting, method: IntervisionMethod, people: list[Person]) -> Conversation:
    """Anna, Bilal and Carla were there."""
    confirm(meeting, people[0], *people[:3])
    return confirm(meeting, people[1], *people[:3])


def kept_lesson() -> str:
    return Conversation.objects.with_kept_lesson().get().kept_lesson


def test_a_lesson_is_kept_when_all_who_were_there_agree(kept: Conversation, people: list[Person]) -> None:
    anna, bilal, carla, *_others = people
    lesson_propose(conversation=kept, by=anna, text=f"  {LESSON}\n", checked=False)
    lesson_agree(conversation=kept, by=bilal, text=LESSON)
    assert kept_lesson() == ""
    lesson_agree(conversation=kept, by=carla, text=LESSON)
    lesson_agree(conversation=kept, by=carla, text=LESSON)
    assert kept_lesson() == LESSON
    with pytest.raises(ValidationError) as refused:
        lesson_propose(conversation=kept, by=anna, text="Iets anders.", checked=True)
    assert refused.value.code == "agreed"


def test_another_proposal_begins_again(kept: Conversation, people: list[Person]) -> None:
    anna, bilal, carla, *_others = people
    lesson_propose(conversation=kept, by=anna, text=LESSON, checked=False)
    lesson_agree(conversation=kept, by=bilal, text=LESSON)
    lesson_propose(conversation=kept, by=carla, text="Vraag door.", checked=False)
    assert set(LessonAgreed.objects.values_list("person", flat=True)) == {carla.pk}
    with pytest.raises(ValidationError) as refused:
        lesson_agree(conversation=kept, by=bilal, text=LESSON)
    assert refused.value.code == "changed"


@pytest.mark.parametrize("agreed", [False, True])
def test_one_no_deletes_the_text(kept: Conversation, people: list[Person], agreed: bool) -> None:
    lesson_propose(conversation=kept, by=people[0], text=LESSON, checked=False)
    for person in people[1:3] if agreed else []:
        lesson_agree(conversation=kept, by=person, text=LESSON)
    assert Conversation.objects.get().lesson == LESSON
    for _twice in range(2):
        lesson_refuse(conversation=kept, by=people[2])
    assert (Conversation.objects.get().lesson, LessonAgreed.objects.count()) == ("", 0)


def test_a_lesson_is_of_who_was_there(kept: Conversation, group: IntervisionGroup, people: list[Person]) -> None:
    for by in (people[3], group.facilitator):
        for act in (
            lambda by=by: lesson_propose(conversation=kept, by=by, text=LESSON, checked=True),
            lambda by=by: lesson_agree(conversation=kept, by=by, text=""),
            lambda by=by: lesson_refuse(conversation=kept, by=by),
        ):
            with pytest.raises(ValidationError) as refused:
                act()
            assert refused.value.code == "not_there"


def test_who_turns_out_to_have_been_there_has_to_agree_too(
    kept: Conversation, meeting: Meeting, people: list[Person]
) -> None:
    lesson_propose(conversation=kept, by=people[0], text=LESSON, checked=False)
    for person in people[1:3]:
        lesson_agree(conversation=kept, by=person, text=LESSON)
    for person in people[:2]:
        confirm(meeting, person, *people[:4])
    assert kept_lesson() == ""
    lesson_agree(conversation=kept, by=people[3], text=LESSON)
    assert kept_lesson() == LESSON


@pytest.mark.parametrize(("text", "code"), [("  ", "required"), ("a" * 281, "too_long")])
def test_a_lesson_has_280_characters_at_most(kept: Conversation, people: list[Person], text: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        lesson_propose(conversation=kept, by=people[0], text=text, checked=True)
    assert refused.value.code == code
    assert lesson_propose(conversation=kept, by=people[0], text="a" * 280, checked=False).lesson == "a" * 280


def test_a_lesson_with_a_name_is_kept_only_when_somebody_looked(kept: Conversation, people: list[Person]) -> None:
    OrganisationFactory(name="bakkerij de punt")
    PartyFactory(name="kleine partij")
    text = "Bij bakkerij de punt en kleine partij vroeg bilal het, net als noor."
    with pytest.raises(NamesFound) as refused:
        lesson_propose(conversation=kept, by=people[0], text=text, checked=False)
    assert refused.value.found == ["bakkerij de punt", "kleine partij", "bilal", "noor"]
    assert Conversation.objects.get().lesson == ""
    assert lesson_propose(conversation=kept, by=people[0], text=text, checked=True).lesson == text


def test_a_proposal_without_everybody_is_gone_after_two_weeks(
    kept: Conversation, people: list[Person], clock: time_machine.Coordinates
) -> None:
    lesson_propose(conversation=kept, by=people[0], text=LESSON, checked=False)
    end = START + dt.timedelta(minutes=90, days=14)
    assert lessons_forget_due(now=end - dt.timedelta(seconds=1)) == 0
    clock.move_to(end)
    with pytest.raises(ValidationError) as refused:
        lesson_agree(conversation=kept, by=people[1], text=LESSON)
    assert refused.value.code == "too_late"
    assert [lessons_forget_due(now=end), lessons_forget_due(now=end)] == [1, 0]
    assert (Conversation.objects.get().lesson, LessonAgreed.objects.count()) == ("", 0)


def test_a_lesson_that_all_agreed_to_stays(kept: Conversation, people: list[Person]) -> None:
    lesson_propose(conversation=kept, by=people[0], text=LESSON, checked=False)
    for person in people[1:3]:
        lesson_agree(conversation=kept, by=person, text=LESSON)
    assert lessons_forget_due(now=NOW + dt.timedelta(days=400)) == 0
    assert kept_lesson() == LESSON


def test_two_records_of_one_person_become_one(kept: Conversation, meeting: Meeting, people: list[Person]) -> None:
    anna, bilal, carla, *_others = people
    lesson_propose(conversation=kept, by=anna, text=LESSON, checked=False)
    lesson_agree(conversation=kept, by=bilal, text=LESSON)
    conversation_merge(kept=anna, merged=bilal)
    rows = set(PresenceConfirmed.objects.values_list("by", "person"))
    assert rows == {(anna.pk, anna.pk), (anna.pk, carla.pk)}
    assert list(LessonAgreed.objects.values_list("person", flat=True)) == [anna.pk]


# ---- What is read of it ----


def test_past_meetings_show_what_is_kept(
    kept: Conversation, group: IntervisionGroup, people: list[Person], django_assert_num_queries: Callable
) -> None:
    lesson_propose(conversation=kept, by=people[0], text=LESSON, checked=False)
    held = [kept.meeting]
    for number, expected in ((1, [""]), (3, ["", None, None])):
        while len(held) < number:
            held.append(met(group, START - dt.timedelta(days=40 * len(held))))
        with django_assert_num_queries(1):
            found = list(past_meetings(group, NOW + dt.timedelta(days=1)))
            assert [getattr(one, "conversation", None) for one in found] == [kept, *[None] * (number - 1)]
        assert found == held
        assert [one.kept_lesson for one in found] == expected
    for person in people[1:3]:
        lesson_agree(conversation=kept, by=person, text=LESSON)
    assert past_meetings(group, NOW + dt.timedelta(days=1))[0].kept_lesson == LESSON
    assert list(past_meetings(group, NOW)) == held[1:], "the one that goes on is not past"


def test_a_theme_shows_over_five_groups_and_five_people_and_only_of_months_that_are_over(
    method: IntervisionMethod,
) -> None:
    for number in range(5):
        one = IntervisionGroup.objects.create(name=f"Groep {number}", facilitator=PersonFactory())
        present = [joined(one, f"Lid {number} {place}") for place in range(5)]
        meeting = met(one)
        for by in present[:2]:
            confirm(meeting, by, *present, theme="language" if number < 4 else "start")
        if number == 4:
            last, last_people = meeting, present
    month_over = dt.datetime(2027, 2, 1, tzinfo=START.tzinfo)
    assert themes_overview(month_over) == []
    for by in last_people[:2]:
        confirm(last, by, *last_people, theme="language")
    assert themes_overview(month_over) == [(str(Conversation.Theme.LANGUAGE.label), 5)]
    assert themes_overview(month_over - dt.timedelta(minutes=1)) == []
    Attendance.objects.filter(meeting=last).delete()
    assert themes_overview(month_over) == []


# ---- The pages ----


def path(meeting: Meeting, rest: str = "") -> str:
    return f"/intervisie/{meeting.group_id}/gesprek/{meeting.pk}/{rest}"


def fields_of(*present: Person, **fields: object) -> dict:
    return {"people": [person.pk for person in present], "method": "incident", "minutes": 75, "theme": ""} | fields


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
        "facilitator",
        "another group",
        "left",
        "not yet",
    ],
)
def test_for_everybody_else_there_is_no_conversation(kept: Conversation, group: IntervisionGroup, who: str) -> None:
    soon = joined(group, "Straks", since=NOW.date() + dt.timedelta(days=1))
    gone = joined(group, "Weg", until=NOW.date())
    if who == "superuser":
        person = PersonFactory(is_superuser=True, is_staff=True)
    elif who == "another group":
        person = joined(IntervisionGroup.objects.create(name="Groep Zuid", facilitator=PersonFactory()), "Ander")
    elif who in ("left", "not yet"):
        person = gone if who == "left" else soon
    else:
        scope = {"hr": {"organisation": OrganisationFactory()}, "coordinator": {"party": PartyFactory()}}
        person = RoleFactory(kind=who, **scope.get(who, {})).person
    client, meeting = signed_in(person), kept.meeting
    answers = [
        client.get(path(meeting)),
        client.get(path(meeting, "aanwezig/")),
        client.post(path(meeting, "aanwezig/"), fields_of(person)),
        client.post(path(meeting, "les/"), {"wat": "nee"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert not any("Anna" in answer.text for answer in answers)
    assert "Anna" in signed_in(group.facilitator).get(path(meeting)).text


def test_not_signed_in_comes_the_sign_in_page_whether_it_exists_or_not(kept: Conversation, client: Client) -> None:
    for address in (path(kept.meeting), path(kept.meeting, "aanwezig/"), "/intervisie/999/gesprek/999/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/inloggen/?next={address}")
    assert client.post(path(kept.meeting, "les/"), {"wat": "nee"}).status_code == 302
    assert client.post(path(kept.meeting, "aanwezig/"), headers={"HX-Request": "true"}).status_code == 401


def test_a_meeting_of_another_group_or_one_called_off_is_not_there(
    kept: Conversation, group: IntervisionGroup, people: list[Person]
) -> None:
    other = met(IntervisionGroup.objects.create(name="Groep Zuid", facilitator=PersonFactory()))
    off = met(group, START + dt.timedelta(days=50), cancelled_at=NOW)
    client = signed_in(people[0])
    for meeting in (other, off):
        assert client.get(f"/intervisie/{group.pk}/gesprek/{meeting.pk}/").status_code == 404


def test_who_joined_after_the_meeting_does_not_see_who_was_there(kept: Conversation, group: IntervisionGroup) -> None:
    later = joined(group, "Later", since=NOW.date())
    past = met(group, START - dt.timedelta(days=1))
    client = signed_in(later)
    assert client.get(path(past)).status_code == 404
    assert client.get(path(kept.meeting)).status_code == 200


def test_a_member_reads_the_agreements_first(kept: Conversation, group: IntervisionGroup) -> None:
    client = signed_in(joined(group, "Nieuw", accepted=False))
    answer = client.get(path(kept.meeting))
    assert f'href="/intervisie/{group.pk}/afspraken/"' in answer.text
    assert answer.context["may_talk"] is False
    assert not any(word in answer.text for word in ("Anna", "Incident", 'id="notes"'))
    assert client.get(path(kept.meeting, "aanwezig/"), headers={"HX-Request": "true"}).status_code == 404


def test_the_kick_off_has_its_own_steps_and_later_meetings_have_not(
    meeting: Meeting, method: IntervisionMethod, group: IntervisionGroup, people: list[Person]
) -> None:
    second = met(group, START + dt.timedelta(days=49))
    client = signed_in(people[0])
    first = client.get(path(meeting)).context
    later = client.get(path(second)).context
    assert (first["number"], first["total"], len(first["kick_off"])) == (1, 2, 3)
    assert (later["number"], later["total"], later["kick_off"]) == (2, 2, [])
    assert [len(one["steps"]) for one in later["talk"]["methods"].values()] == [3]
    assert later["is_early"]


def test_long_after_a_meeting_only_what_is_kept_is_there(
    kept: Conversation, people: list[Person], clock: time_machine.Coordinates
) -> None:
    client = signed_in(people[0])
    clock.move_to(kept.meeting.ends_at + dt.timedelta(days=14, minutes=-1))
    assert 'data-choose="incident"' in client.get(path(kept.meeting)).text
    clock.move_to(kept.meeting.ends_at + dt.timedelta(days=14))
    page = client.get(path(kept.meeting)).text
    assert 'id="kept"' in page
    for part in ('data-choose="', 'id="notes"', "conversation.js", 'data-post="presence"'):
        assert part not in page


def test_the_facilitator_sees_what_was_said_and_fills_in_nothing(kept: Conversation, group: IntervisionGroup) -> None:
    client = signed_in(group.facilitator)
    page = client.get(path(kept.meeting))
    assert page.context["may_talk"] is True
    assert 'data-post="presence"' not in page.text
    assert 'data-post="lesson"' not in page.text
    refused = client.post(path(kept.meeting, "aanwezig/"), fields_of(group.facilitator))
    assert refused.context["presence_form"].errors
    assert PresenceConfirmed.objects.filter(by=group.facilitator).count() == 0


def test_without_script_the_whole_of_it_goes_by_forms(
    meeting: Meeting, method: IntervisionMethod, people: list[Person]
) -> None:
    anna, bilal, carla, *_others = people
    for person in (anna, bilal):
        answer = signed_in(person).post(path(meeting, "aanwezig/"), fields_of(anna, bilal, carla))
        assert (answer.status_code, answer["Location"]) == (302, f"{path(meeting)}#kept")
    assert list(there(meeting)) == ["Anna", "Bilal", "Carla"]
    refused = signed_in(anna).post(path(meeting, "les/"), {"wat": "voorstel", "text": "Vraag het aan Bilal."})
    assert refused.context["lesson_form"].errors["text"] == [NamesFound(["Bilal"]).messages[0]]
    assert "Vraag het aan Bilal." in refused.text
    assert refused.context["names_found"] is True
    signed_in(anna).post(path(meeting, "les/"), {"wat": "voorstel", "text": LESSON})
    for person in (bilal, carla):
        signed_in(person).post(path(meeting, "les/"), {"wat": "eens", "text": LESSON})
    assert kept_lesson() == LESSON
    signed_in(carla).post(path(meeting, "les/"), {"wat": "nee"})
    assert Conversation.objects.get().lesson == ""


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"people": []}, "people"),
        ({"method": ""}, "method"),
        ({"minutes": "veel"}, "minutes"),
        ({"minutes": "91"}, "minutes"),
        ({"theme": "start"}, "theme"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    meeting: Meeting, method: IntervisionMethod, people: list[Person], wrong: dict, field: str
) -> None:
    answer = signed_in(people[0]).post(path(meeting, "aanwezig/"), fields_of(*people[:2]) | wrong)
    form = answer.context["presence_form"]
    assert list(form.errors) == [field]
    assert answer.status_code == 200
    for name, value in (fields_of(*people[:2]) | wrong).items():
        assert form[name].value() == ([str(one) for one in value] if name == "people" else str(value))
    assert not PresenceConfirmed.objects.exists()


def test_with_script_the_parts_come_back_and_what_is_sent_late_is_of_whose_it_is(
    meeting: Meeting, method: IntervisionMethod, people: list[Person]
) -> None:
    client = signed_in(people[0])
    headers = {"HX-Request": "true"}
    answer = client.post(path(meeting, "aanwezig/"), fields_of(*people[:2]), headers=headers)
    assert [f'data-part="{name}"' in answer.text for name in ("presence", "state", "lesson")] == [True] * 3
    assert "<html" not in answer.text
    other = client.post(path(meeting, "aanwezig/"), fields_of(people[0], wie="somebody else"), headers=headers)
    assert (other.status_code, other["HX-Redirect"]) == (401, f"/inloggen/?next={path(meeting)}")
    assert PresenceConfirmed.objects.count() == 2
    refused = client.post(path(meeting, "les/"), {"wat": "eens", "text": ""}, headers=headers)
    assert refused.context["refused"] == gettext(
        "A lesson is of who was there. First two of you confirm that you were there."
    )


def test_the_second_member_confirms_what_the_first_one_said(
    meeting: Meeting, method: IntervisionMethod, people: list[Person]
) -> None:
    confirm(meeting, people[0], *people[:3])
    harvest = signed_in(people[1]).get(path(meeting)).context["harvest"]
    [said] = harvest.said
    assert (said.by.person, [one.person for one in said.people], said.is_news) == (people[0], people[:3], True)
    confirm(meeting, people[1], *people[:3])
    harvest = signed_in(people[1]).get(path(meeting)).context["harvest"]
    assert [said.is_news for said in harvest.said] == [False]
    assert [(row.sayers, row.is_there) for row in harvest.rows] == [(2, True)] * 3 + [(0, False)] * 2


def test_nobody_reads_who_did_not_agree(kept: Conversation, people: list[Person]) -> None:
    lesson_propose(conversation=kept, by=people[0], text=LESSON, checked=False)
    page = signed_in(people[1]).get(path(kept.meeting), headers={"HX-Request": "true"})
    assert len(page.context["harvest"].waiting_for) == 2
    lesson_part = signed_in(people[1]).get(path(kept.meeting, "aanwezig/"), headers={"HX-Request": "true"}).text
    lesson_part = lesson_part[lesson_part.index('data-part="lesson"') :]
    assert LESSON in lesson_part
    assert not any(person.name in lesson_part for person in people)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_its_length(
    group: IntervisionGroup, count: int, django_assert_num_queries: Callable
) -> None:
    for number in range(count):
        made(["incident", "balint", "vijf"][number])
    present = [joined(group, NAMES[number]) for number in range(count + 1)]
    meetings = [met(group, START - dt.timedelta(days=49 * number)) for number in range(count)]
    for person in present:
        confirm(meetings[0], person, *present)
    lesson_propose(conversation=Conversation.objects.get(), by=present[0], text=LESSON, checked=False)
    client = signed_in(present[0])
    # visit, person, roles; group, meeting, members; presence, attendance, conversation, agreed; methods, number, parties
    with django_assert_num_queries(13):
        context = client.get(path(meetings[0])).context
    assert (len(context["cards"]), len(context["members"]), context["total"]) == (count, count + 1, count)


def test_the_page_carries_no_address_and_no_organisation_of_a_member(
    kept: Conversation, group: IntervisionGroup, people: list[Person]
) -> None:
    organisation = OrganisationFactory(name="Bakkerij De Punt")
    group.members.update(organisation=organisation)
    Person.objects.filter(pk=people[1].pk).update(name="")
    text = signed_in(people[0]).get(path(kept.meeting)).text
    assert not any(person.email in text for person in people[1:])
    assert organisation.name not in text


def test_the_script_gets_no_word_that_a_member_wrote(kept: Conversation, people: list[Person]) -> None:
    lesson_propose(conversation=kept, by=people[0], text=LESSON, checked=False)
    talk = signed_in(people[0]).get(path(kept.meeting)).context["talk"]
    assert set(talk) == {"kickOff", "methods", "people", "names", "organisations"}
    assert LESSON not in str(talk)

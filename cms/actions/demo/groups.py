"""Two intervision groups of the demo with meetings behind them and to come, and people who look for one."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from commitments.actions.ledger import ledger_refresh
from parties.models import Membership, OutboxMessage, Person
from sessions.actions.conversation import lesson_agree, lesson_propose, presence_confirm
from sessions.actions.forming import (
    GroupFacts,
    candidate_invite,
    candidate_say_yes,
    group_create,
    place_ask,
    wish_save,
)
from sessions.actions.groups import agreements_accept
from sessions.actions.trajectory import trajectory_plan
from sessions.agreements import VERSION
from sessions.models import (
    Attendance,
    Conversation,
    GroupMember,
    IntervisionGroup,
    IntervisionMethod,
    IntervisionPlace,
    Meeting,
)
from sessions.plan import MeetingPlan

from .history import at

MEMBERS = 6
#: Name, place (None: online), fixed time and its weekday, and whether others can ask for a place.
GROUPS = (
    ("Groep Laak", "Den Haag Laak", "thu-late", 3, False),
    ("Groep Scheveningen", None, "tue-late", 1, True),
)
#: Days from today, minutes, the method, the theme and the lesson of meetings that were.
HELD = (
    (-70, 120, "incidentmethode", "", "Spreek een opmerking nog dezelfde dag aan, ook als je nog niet weet wat je precies wilt zeggen."),
    (-21, 90, "vijfstappenmethode", "selection", "Vraag bij een afwijzing altijd naar de reden, en zoek het gesprek op voordat je de reden zelf invult."),
)  # fmt: skip
TO_COME = (28, 77)
#: Who looks for a group: where, and when.
LOOKS = (
    (("Den Haag Centrum", "Rijswijk"), ("tue-late", "thu-late")),
    (("Den Haag Centrum",), ("tue-late",)),
    (("Den Haag Centrum", "Delft"), ("tue-late", "fri-morning")),
    ((), ("tue-late", "wed-late")),
    (("Den Haag Centrum",), ("tue-late", "wed-late")),
    ((), ("wed-late",)),
    (("Zoetermeer",), ("mon-morning",)),
)


def groups_load(accounts: dict[str, Person]) -> None:
    named = [person.pk for person in accounts.values()]
    ready = Membership.objects.counted().exclude(person__in=named).exclude(person__email=None)
    both = {
        side: ready.filter(side=side).select_related("person", "organisation").order_by("person", "pk").iterator()
        for side in ("school", "workplace")
    }
    methods = {method.key: method for method in IntervisionMethod.objects.all()}
    for name, place, slot, weekday, is_open in GROUPS:
        facts = GroupFacts(
            name=name,
            reply_to="gespreksleider@demo.example",
            size=8,
            place=IntervisionPlace.objects.get(name=place) if place else None,
            slot=slot,
            is_open=is_open,
        )
        group = group_create(facilitator=accounts["gespreksleider@demo.example"], facts=facts)
        members = [_joined(group, next(both[side])) for side in ("school", "workplace") * (MEMBERS // 2)]
        for member in members[1:]:  # the first still has to
            agreements_accept(member=member, version=VERSION)
        for days, minutes, method, theme, lesson in HELD:
            _held(group, members[1:], _on(weekday, days), minutes, methods[method], theme, lesson)
        trajectory_plan(group=group, meetings=[_plan(group, _on(weekday, days)) for days in TO_COME])
    place_ask(group=group, membership=next(both["workplace"]))
    candidate_invite(group=group, address="collega@demo.example")
    for number, (places, slots) in enumerate(LOOKS):
        _looks(both["school" if number % 2 else "workplace"], places, slots)
    # These mails would have gone out long ago; nothing is sent before this transaction ends.
    OutboxMessage.objects.filter(kind="group-invited").exclude(to_address="collega@demo.example").delete()
    ledger_refresh(sorted(Attendance.objects.filter(meeting__group__isnull=False).values_list("person", flat=True)))


def _joined(group: IntervisionGroup, membership: Membership) -> GroupMember:
    candidate = candidate_invite(group=group, address=membership.person.email or "")
    member = candidate_say_yes(candidate=candidate, membership=membership)
    assert member is not None
    member.since = at(-90, 9).date()
    member.save(update_fields=["since"])
    return member


def _held(
    group: IntervisionGroup,
    members: list[GroupMember],
    starts_at: dt.datetime,
    minutes: int,
    method: IntervisionMethod,
    theme: str,
    lesson: str,
) -> None:
    """What is kept of a meeting can be said until two weeks after it; so it was yesterday, and then its date is set back."""
    ends_at = timezone.now() - dt.timedelta(hours=1)
    meeting = Meeting.objects.create(
        group=group, starts_at=ends_at - dt.timedelta(minutes=minutes), ends_at=ends_at, place=_where(group)
    )
    there = [member.person for member in members]
    for person in there[:2]:
        presence_confirm(
            meeting=meeting, by=person, people=[one.pk for one in there], method=method, minutes=minutes, theme=theme
        )
    talk = Conversation.objects.get(meeting=meeting)
    lesson_propose(conversation=talk, by=there[0], text=lesson, checked=True)
    for person in there[1:]:
        lesson_agree(conversation=talk, by=person, text=lesson)
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts_at, ends_at=ends_at, created_at=starts_at)
    Attendance.objects.filter(meeting=meeting).update(marked_at=ends_at)


def _plan(group: IntervisionGroup, starts_at: dt.datetime) -> MeetingPlan:
    link = "" if group.place else "https://meet.demo.example/intervisie"
    ends_at = starts_at + dt.timedelta(minutes=90)
    return MeetingPlan(starts_at=starts_at, ends_at=ends_at, place=_where(group), link=link)


def _on(weekday: int, days: int) -> dt.datetime:
    """The last such weekday up to about so many days from today."""
    moment = at(days, 15, 30)
    return at((moment.date() - timezone.localdate()).days - (moment.weekday() - weekday) % 7, 15, 30)


def _where(group: IntervisionGroup) -> str:
    return "Buurthuis De Brug" if group.place else ""


def _looks(memberships: Iterator[Membership], places: tuple[str, ...], slots: tuple[str, ...]) -> None:
    wish_save(
        membership=next(memberships),
        online=not places,
        places=IntervisionPlace.objects.filter(name__in=places),
        slots=slots,
        apart=[],
    )

"""How a group forms: looking for one, being invited, proposed and placed; and how it ends.

Whoever changes a group or who is in it locks the group first, then wishes in the order of their keys.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from parties.models import Membership, Person, Role
from parties.periods import today
from sessions.actions.groups import group_locked
from sessions.actions.invitations import meeting_uninvite, members_invite, members_uninvite
from sessions.forming import addresses_of, is_declared, kept_apart, waiting_people, where_and_when
from sessions.forming_mails import FormingNews, candidate_mails, facilitator_mail, member_mails
from sessions.matching import Proposal
from sessions.mixing import ONLINE
from sessions.models import (
    Attendance,
    Candidate,
    GroupMember,
    IntervisionGroup,
    IntervisionPlace,
    IntervisionWish,
    KeptApart,
    WishedSlot,
)

#: So many people at once can have an invitation or a proposal of one group that they have not answered.
MOST_TO_ANSWER = 12


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """What a facilitator fills in of a group; ``place`` is None for one that meets online."""

    name: str
    reply_to: str
    size: int
    place: IntervisionPlace | None
    slot: str
    is_open: bool


# Who waits


@transaction.atomic
def wish_save(
    *,
    membership: Membership,
    online: bool,
    places: Collection[IntervisionPlace],
    slots: Collection[str],
    apart: Collection[tuple[str, str]],
) -> IntervisionWish:
    """Keeps what somebody looks for, instead of what they said before; they keep their place among who waits.

    Args:
        apart: (address, kind of KeptApart), each address once.

    Raises:
        ValidationError: nowhere, or at no time; under ``online`` and ``slots``.
    """
    if not online and not places:
        raise ValidationError({"online": _("Choose online, a place, or both.")})
    if not slots:
        raise ValidationError({"slots": _("Choose at least one time.")})
    person = Person.objects.select_for_update().get(pk=membership.person_id)
    wish, _made = IntervisionWish.objects.update_or_create(
        person=person, defaults={"membership": membership, "online": online}
    )
    wish.places.set(places)
    wish.slots.all().delete()
    WishedSlot.objects.bulk_create(WishedSlot(wish=wish, slot=slot) for slot in slots)
    KeptApart.objects.filter(person=person, other=None).delete()
    KeptApart.objects.bulk_create(
        KeptApart(person=person, address=address.lower(), kind=kind) for address, kind in apart
    )
    return wish


@transaction.atomic
def wish_withdraw(*, person: Person) -> None:
    """They no longer look for a group. What they asked and what was proposed to them goes too. Safe to run twice."""
    IntervisionWish.objects.filter(person=person).delete()
    Candidate.objects.filter(person=person, origin__in=("proposed", "asked")).delete()
    _forget_apart([person.pk])


@transaction.atomic
def place_ask(*, group: IntervisionGroup, membership: Membership) -> Candidate | None:
    """Asks for an open place; the facilitator hears of it once. None for who is in the group already.

    Raises:
        ValidationError: the place is gone.
    """
    group = group_locked(group)
    if group.members.current().filter(person=membership.person_id).exists():
        return None
    if not IntervisionGroup.objects.with_open_place().filter(pk=group.pk).exists():
        raise ValidationError(_("This place is gone."), code="gone")
    candidate, made = Candidate.objects.get_or_create(
        group=group,
        person=membership.person,
        defaults={"membership": membership, "origin": "asked", "state": "to_decide"},
    )
    if made:
        facilitator_mail(group=group, news=FormingNews.ASKED)
    return candidate


# The facilitator


@transaction.atomic
def group_create(*, facilitator: Person, facts: GroupFacts) -> IntervisionGroup:
    group = IntervisionGroup(facilitator=facilitator, **vars(facts))
    group.full_clean()
    group.save()
    return group


@transaction.atomic
def group_change(*, group: IntervisionGroup, facts: GroupFacts) -> IntervisionGroup:
    """
    Raises:
        ValidationError: the group is closed, or has more members than ``size``.
    """
    group = group_locked(group)
    members = group.members.current().count()
    if facts.size < members:
        raise ValidationError({"size": _("The group has %(count)s members already.") % {"count": members}})
    for name, value in vars(facts).items():
        setattr(group, name, value)
    group.full_clean()
    group.save()
    return group


@transaction.atomic
def group_hand_over(*, group: IntervisionGroup, address: str) -> IntervisionGroup:
    """Another facilitator leads it from now on, and gets a mail; who led it no longer finds it.

    Raises:
        ValidationError: nobody who may lead groups has this address; under ``address``.
    """
    group = group_locked(group)
    found = Person.objects.with_address(address).filter(
        pk__in=Role.objects.current().filter(kind="facilitator").values("person")
    )
    person = found.exclude(pk=group.facilitator_id).first()
    if person is None:
        raise ValidationError({"address": _("Nobody else with this address may lead groups.")})
    if group.facilitator is not None and group.reply_to == (group.facilitator.email or ""):
        group.reply_to = person.email or ""
    group.facilitator = person
    group.save(update_fields=["facilitator", "reply_to"])
    facilitator_mail(group=group, news=FormingNews.HANDED_OVER)
    return group


@transaction.atomic
def proposal_take(*, facilitator: Person, proposal: Proposal) -> IntervisionGroup:
    """A new group of people who wait: each gets a mail, and is in it when they say yes.

    Of two facilitators who take the same people at once, the second is refused.

    Raises:
        ValidationError: somebody of them no longer waits for this, or something was declared meanwhile.
    """
    locked = IntervisionWish.objects.select_for_update().filter(person__in=proposal.people).order_by("pk")
    list(locked.values_list("pk", flat=True))
    waiting = {one.key: one for one in waiting_people() if one.key in proposal.people}
    fits = all(proposal.venue in one.venues and proposal.slot in one.slots for one in waiting.values())
    if len(waiting) < len(proposal.people) or not fits or kept_apart(proposal.people):
        raise ValidationError(
            _("Somebody in this proposal has another group now, or no longer looks for one."), code="old"
        )
    place = None if proposal.venue == ONLINE else IntervisionPlace.objects.get(pk=proposal.venue)
    facts = GroupFacts(
        name=capfirst(where_and_when(place, proposal.slot)),
        reply_to=facilitator.email or "",
        size=max(len(proposal.people), IntervisionGroup._meta.get_field("size").default),
        place=place,
        slot=proposal.slot,
        is_open=False,
    )
    group = group_create(facilitator=facilitator, facts=facts)
    wishes = IntervisionWish.objects.filter(person__in=proposal.people).select_related("person", "membership")
    candidates = [
        Candidate(
            group=group,
            person=wish.person,
            membership=wish.membership,
            origin=Candidate.Origin.PROPOSED,
            state=Candidate.State.TO_ANSWER,
        )
        for wish in wishes.order_by("pk")
    ]
    Candidate.objects.bulk_create(candidates)
    candidate_mails(candidates=candidates, news=FormingNews.PROPOSED)
    return group


@transaction.atomic
def candidate_invite(*, group: IntervisionGroup, address: str) -> Candidate:
    """One mail to an address, known or not; nothing about who reads it is looked up before they answer.

    Raises:
        ValidationError: it has an invitation already, or too many wait for an answer; under ``address``.
    """
    group = group_locked(group)
    address = address.lower()
    if group.candidates.filter(address=address).exists():
        raise ValidationError({"address": _("This address has an invitation already.")})
    if group.candidates.filter(state="to_answer").count() >= MOST_TO_ANSWER:
        words = _("%(most)s people have not answered yet. Wait for them, or take an invitation back.")
        raise ValidationError({"address": words % {"most": MOST_TO_ANSWER}})
    candidate = Candidate.objects.create(group=group, address=address, origin="invited", state="to_answer")
    candidate_mails(candidates=[candidate], news=FormingNews.INVITED)
    return candidate


@transaction.atomic
def candidate_take_back(*, candidate: Candidate) -> None:
    """The invitation or proposal no longer holds; who was proposed waits again. Safe to run twice."""
    group = group_locked(candidate.group)
    group.candidates.filter(pk=candidate.pk, state="to_answer").delete()


@transaction.atomic
def candidate_decide(*, candidate: Candidate, accept: bool) -> None:
    """Who asked gets the place or not, and a mail that says which. Safe to run twice.

    Raises:
        ValidationError: the group is closed or full.
    """
    group = group_locked(candidate.group)
    found = group.candidates.select_related("person", "membership").filter(pk=candidate.pk, state="to_decide").first()
    if found is None:
        return
    assert found.person is not None
    assert found.membership is not None
    if accept:
        _join(group, found.membership)
    else:
        found.delete()
        _forget_apart([found.person.pk])
    member_mails(group=group, people=[found.person], news=FormingNews.PLACED if accept else FormingNews.NO_PLACE)


# The candidate


@transaction.atomic
def candidate_say_yes(*, candidate: Candidate, membership: Membership) -> GroupMember | None:
    """Who was invited or proposed takes the place, with this membership. Safe to run twice.

    Returns:
        their place; None where the facilitator decides first, because something was declared (``is_declared``).

    Raises:
        ValidationError: the group is closed or full, or the invitation was taken back.
    """
    group = group_locked(candidate.group)
    person = membership.person
    found = group.candidates.filter(pk=candidate.pk).first()
    if found is None or found.state != Candidate.State.TO_ANSWER:
        if found is None and not group.members.current().filter(person=person).exists():
            raise ValidationError(_("This invitation was taken back."), code="gone")
        return group.members.current().filter(person=person).first()
    if not is_declared(person):
        return _join(group, membership)
    _check_room(group)
    group.candidates.filter(person=person).exclude(pk=found.pk).delete()
    found.person, found.membership, found.state = person, membership, Candidate.State.TO_DECIDE
    found.save(update_fields=["person", "membership", "state"])
    facilitator_mail(group=group, news=FormingNews.SAID_YES)
    return None


@transaction.atomic
def candidate_say_no(*, candidate: Candidate) -> None:
    """The place is not theirs; a wish that they have stays. Safe to run twice."""
    group = group_locked(candidate.group)
    gone, _of_each = group.candidates.filter(pk=candidate.pk, state="to_answer").delete()
    if gone:
        facilitator_mail(group=group, news=FormingNews.SAID_NO)


# Being a member


def _join(group: IntervisionGroup, membership: Membership) -> GroupMember:
    """``group`` is locked. Side and organisation freeze, what was kept to form a group goes, invitations follow."""
    person = membership.person
    member = group.members.current().filter(person=person).first()
    if member is None:
        _check_room(group)
        member = GroupMember.objects.create(
            group=group,
            person=person,
            membership=membership,
            organisation=membership.organisation,
            side=membership.side,
        )
        members_invite(members=[member])
    IntervisionWish.objects.filter(person=person).delete()
    own = Q(person=person) & (Q(group=group) | Q(origin__in=("proposed", "asked")))
    Candidate.objects.filter(own | Q(group=group, person=None, address__in=addresses_of([person.pk]))).delete()
    return member


def _check_room(group: IntervisionGroup) -> None:
    if group.members.current().count() >= group.size:
        raise ValidationError(_("This group is full."), code="full")


@transaction.atomic
def member_leave(*, member: GroupMember) -> None:
    """Of their own will; the facilitator gets a mail without a reason. Safe to run twice."""
    group = group_locked(member.group)
    if _end([member], "own_wish"):
        facilitator_mail(group=group, news=FormingNews.LEFT)


@transaction.atomic
def member_take_out(*, member: GroupMember) -> None:
    """By the facilitator; the member gets a mail without a reason. Safe to run twice."""
    group = group_locked(member.group)
    if _end([member], "taken_off"):
        member_mails(group=group, people=[member.person], news=FormingNews.TAKEN_OUT)


def _end(members: Iterable[GroupMember], reason: str) -> bool:
    """Whether somebody's place ended now. Who joined today leaves no trace, unless they were at a meeting."""
    found = list(GroupMember.objects.current().filter(pk__in=[member.pk for member in members]))
    members_uninvite(members=found, reason=reason)
    people = [member.person_id for member in found]
    for member in found:
        been = Attendance.objects.filter(person=member.person_id, meeting__group=member.group_id)
        if member.since < today() or been.exists():
            member.until = max(today(), member.since + dt.timedelta(days=1))
            member.save(update_fields=["until"])
        else:
            member.delete()
    _forget_apart(people)
    return bool(found)


@transaction.atomic
def group_close(*, group: IntervisionGroup) -> IntervisionGroup:
    """No more meetings: those to come are called off, and each member gets a mail. Safe to run twice.

    Members stay members, so that they can look back; what they declared of each other is forgotten.
    """
    group = IntervisionGroup.objects.select_for_update().get(pk=group.pk)
    if group.closed_at is not None:
        return group
    now = timezone.now()
    for meeting in group.meetings.going_on().filter(starts_at__gt=now):
        meeting_uninvite(meeting=meeting)
        meeting.cancelled_at = meeting.changed_at = now
        meeting.save(update_fields=["cancelled_at", "changed_at"])
    group.closed_at = now
    group.is_open = False
    group.save(update_fields=["closed_at", "is_open"])
    group.candidates.all().delete()
    people = [member.person for member in group.members.current().select_related("person").order_by("pk")]
    member_mails(group=group, people=people, news=FormingNews.CLOSED)
    _forget_apart([person.pk for person in people])
    return group


# Who is kept apart


@transaction.atomic
def apart_declare(*, member: GroupMember, other: GroupMember, kind: str) -> KeptApart:
    """A member says that they and a fellow member do not belong in one group; the facilitator gets a mail once."""
    group = group_locked(member.group)
    declared, made = KeptApart.objects.update_or_create(
        person=member.person, other=other.person, defaults={"kind": KeptApart.Kind(kind)}
    )
    if made:
        facilitator_mail(group=group, news=FormingNews.APART)
    return declared


def apart_take_back(*, declared: KeptApart) -> None:
    KeptApart.objects.filter(pk=declared.pk).delete()


def _forget_apart(people: Collection[int]) -> None:
    """What these people declared, of those who wait for no group and are in none that goes on."""
    waits = IntervisionWish.objects.filter(person__in=people).values("person")
    answers = Candidate.objects.filter(person__in=people).values("person")
    members = GroupMember.objects.current().filter(person__in=people, group__closed_at=None).values("person")
    gone = KeptApart.objects.filter(person__in=people)
    gone.exclude(person__in=waits).exclude(person__in=answers).exclude(person__in=members).delete()


# Two records become one, or a person is erased


def forming_merge(*, kept: Person, merged: Person) -> None:
    """What ``kept`` said stays; what only ``merged`` said moves. A place in a group began when the first of both did."""
    if IntervisionWish.objects.filter(person=kept).exists():
        IntervisionWish.objects.filter(person=merged).delete()
    IntervisionWish.objects.filter(person=merged).update(person=kept)
    Candidate.objects.filter(person=merged, group__candidates__person=kept).delete()
    Candidate.objects.filter(person=merged).update(person=kept)
    for declared in KeptApart.objects.filter(Q(person=merged) | Q(other=merged)):
        _declared_moves(declared, kept, merged)
    for member in GroupMember.objects.filter(person=merged):
        _place_moves(member, kept)


def _declared_moves(declared: KeptApart, kept: Person, merged: Person) -> None:
    person = kept.pk if declared.person_id == merged.pk else declared.person_id
    other = kept.pk if declared.other_id == merged.pk else declared.other_id
    same = KeptApart.objects.filter(person=person, other=other, address=declared.address).exclude(pk=declared.pk)
    if person == other or same.exists():
        declared.delete()
        return
    KeptApart.objects.filter(pk=declared.pk).update(person=person, other=other)


def _place_moves(member: GroupMember, kept: Person) -> None:
    double = GroupMember.objects.filter(person=kept, group=member.group_id, until=None).first()
    if member.until is not None or double is None:
        member.person = kept
        member.save(update_fields=["person"])
        return
    double.since = min(double.since, member.since)
    double.save(update_fields=["since"])
    for accepted in member.accepted.exclude(version__in=double.accepted.values("version")):
        accepted.member = double
        accepted.save(update_fields=["member"])
    member.delete()


def forming_erase(*, person: Person) -> None:
    """What others declared of them goes too; what they declared themselves goes with them.

    Raises:
        ValidationError: they lead a group that goes on.
    """
    if IntervisionGroup.objects.filter(facilitator=person, closed_at=None).exists():
        raise ValidationError(_("Who leads an intervision group first hands it over or closes it."), code="leads")
    KeptApart.objects.filter(address__in=list(addresses_of([person.pk]))).delete()
    Candidate.objects.filter(person=None, address__in=list(addresses_of([person.pk]))).delete()

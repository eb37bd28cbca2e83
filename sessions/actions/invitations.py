"""Invitations that calendars obey: who gets which iTIP message when something happens (RFC 5546, RFC 6047).

Nothing is sent for a draft, for a meeting that is past, or when nothing changed. Callers are inside a transaction and
hold the lock on the training, group or event.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parties.actions.audit import audit_record
from parties.actions.outbox import mail_of, outbox_queue
from parties.models import OutboxMessage, Person
from parties.signals import address_changed
from sessions.emails import InvitationMails, News
from sessions.gatherings import OF_INVITATION, OF_MEETING, Owner, gathering_of, owner_of
from sessions.ics import Method, restamped
from sessions.models import GroupMember, Invitation, Meeting, Registration
from sessions.replies import Reply

CANCEL_NEWS = {
    "training_cancelled": News.TRAINING_CANCELLED,
    "cancelled": News.CANCELLED,
    "taken_off": News.TAKEN_OFF,
    "own_wish": News.OWN_WISH,
}

# A seat that was given at once has both moments from one transaction.
WAITED = dt.timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class MeetingFacts:
    """What an invitation says of a meeting; two that are equal need no message."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    link: str
    summary: str

    @classmethod
    def of(cls, meeting: Meeting) -> MeetingFacts:
        return cls(
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=meeting.place,
            link=meeting.link,
            summary=gathering_of(meeting).title,
        )


@dataclass(frozen=True, kw_only=True)
class _Seat:
    """Whom the meetings of ``owner`` invite; ``until`` is the first day on which they no longer belong to it."""

    owner: Owner
    person: Person
    address: str
    waited: bool = False
    until: dt.date | None = None

    def is_for(self, meeting: Meeting) -> bool:
        return owner_of(meeting) == self.owner and (
            self.until is None or timezone.localdate(meeting.starts_at) < self.until
        )


@transaction.atomic
def invitations_send(*, registrations: Iterable[Registration]) -> None:
    """REQUEST for each coming meeting to who has a confirmed seat and was not invited yet.

    To who waited for the seat, the mail says so.
    """
    seats = (
        Registration.objects.confirmed()
        .filter(
            Q(training__state="published") | Q(event__state="published"),
            pk__in=[registration.pk for registration in registrations],
        )
        .select_related("person", "membership")
        .order_by("pk")
    )
    _invite(
        [
            _Seat(
                owner=owner_of(seat),
                person=seat.person,
                address=_address_of(seat),
                waited=seat.state_at - seat.queued_at > WAITED,
            )
            for seat in seats
        ]
    )


@transaction.atomic
def members_invite(*, members: Iterable[GroupMember]) -> None:
    """REQUEST for each coming meeting of their group to members who were not invited yet."""
    found = (
        GroupMember.objects.filter(pk__in=[member.pk for member in members], group__closed_at=None)
        .select_related("person", "membership")
        .order_by("pk")
    )
    _invite(
        [
            _Seat(owner=owner_of(member), person=member.person, address=_address_of(member), until=member.until)
            for member in found
        ]
    )


def _invite(seats: Sequence[_Seat]) -> None:
    now = timezone.now()
    owners = {seat.owner for seat in seats}
    meetings = list(Meeting.objects.filter(_of(owners), ends_at__gt=now).select_related(*OF_MEETING))
    invited = set(Invitation.objects.active().filter(meeting__in=meetings).values_list("meeting_id", "person_id"))
    found = [
        (
            seat,
            Invitation(person=seat.person, meeting=meeting, address=seat.address, created_at=now, changed_at=now),
        )
        for meeting in meetings
        for seat in seats
        if seat.address and seat.is_for(meeting) and (meeting.pk, seat.person.pk) not in invited
    ]
    for _seat, invitation in found:
        invitation.clean_fields(exclude={"person", "meeting"})
    Invitation.objects.bulk_create([invitation for _seat, invitation in found])
    for news in (News.NEW, News.PROMOTED):
        _queue([one for seat, one in found if seat.waited == (news is News.PROMOTED)], Method.REQUEST, news)


@transaction.atomic
def invitations_change(*, meeting: Meeting, before: MeetingFacts) -> None:
    """REQUEST with what changed since ``before``.

    Another time or place raises SEQUENCE, and another time asks for a new answer; a corrected title does neither
    (RFC 5546, section 2.1.4).
    """
    now = timezone.now()
    meeting = Meeting.objects.select_related(*OF_MEETING).get(pk=meeting.pk)
    after = MeetingFacts.of(meeting)
    if after == before or not gathering_of(meeting).is_running or meeting.ends_at <= now:
        return
    moved = (after.starts_at, after.ends_at) != (before.starts_at, before.ends_at)
    placed = (after.place, after.link) != (before.place, before.link)
    invitations = _locked(Invitation.objects.active().filter(meeting=meeting).values_list("pk", flat=True))
    for invitation in invitations:
        invitation.changed_at = now
        if moved or placed:
            invitation.sequence += 1
        if moved:
            invitation.partstat = Invitation.PartStat.NEEDS_ACTION
            invitation.previous_starts_at = before.starts_at
    Invitation.objects.bulk_update(invitations, ["changed_at", "sequence", "partstat", "previous_starts_at"])
    news = News.MOVED if moved else News.PLACE if placed else News.CORRECTED
    _queue(invitations, Method.REQUEST, news, before)


@transaction.atomic
def invitations_cancel(*, registrations: Iterable[Registration], reason: str) -> None:
    """CANCEL for each coming meeting that these people were invited to; ``reason`` is a key of CANCEL_NEWS."""
    _cancel_of(
        [(owner_of(registration), registration.person_id) for registration in registrations], CANCEL_NEWS[reason]
    )


@transaction.atomic
def members_uninvite(*, members: Iterable[GroupMember], reason: str) -> None:
    """CANCEL for each coming meeting of their group; ``reason`` is a key of CANCEL_NEWS."""
    _cancel_of([(owner_of(member), member.person_id) for member in members], CANCEL_NEWS[reason])


@transaction.atomic
def meeting_uninvite(*, meeting: Meeting) -> None:
    """CANCEL of one meeting, to everybody who was invited to it."""
    invited = Invitation.objects.active().filter(meeting=meeting, meeting__ends_at__gt=timezone.now())
    _cancel(invited.values_list("pk", flat=True), News.CANCELLED)


def _cancel_of(parts: Iterable[tuple[Owner, int]], news: News) -> None:
    seats = set(parts)
    coming = Invitation.objects.active().filter(
        _of({owner for owner, _person in seats}, "meeting__"),
        person__in={person for _owner, person in seats},
        meeting__ends_at__gt=timezone.now(),
    )
    pks = [one.pk for one in coming.select_related("meeting") if (owner_of(one.meeting), one.person_id) in seats]
    _cancel(pks, news)


def _of(owners: Iterable[Owner], meeting: str = "") -> Q:
    """Q for meetings of one of ``owners``."""
    found = Q(pk__in=[])
    keys: dict[str, list[int]] = {}
    for kind, key in owners:
        keys.setdefault(kind, []).append(key)
    for kind, of_kind in sorted(keys.items()):
        found |= Q(**{f"{meeting}{kind}__in": of_kind})
    return found


@transaction.atomic
def invitations_readdress(*, person: Person) -> None:
    """After another mail address: CANCEL to the one that was used, REQUEST to the new one. The answer stays."""
    if not person.email:
        return
    now = timezone.now()
    coming = (
        Invitation.objects.active()
        .filter(
            Q(meeting__training__state="published")
            | Q(meeting__event__state="published")
            | Q(meeting__group__isnull=False, meeting__group__closed_at=None),
            person=person,
            meeting__ends_at__gt=now,
        )
        .exclude(address__iexact=person.email)
    )
    invitations = _locked(coming.values_list("pk", flat=True))
    for invitation in invitations:
        invitation.changed_at = now
        invitation.sequence += 1
    _queue(invitations, Method.CANCEL, News.READDRESSED)
    for invitation in invitations:
        invitation.address = person.email
        invitation.sequence += 1
    Invitation.objects.bulk_update(invitations, ["changed_at", "sequence", "address"])
    _queue(invitations, Method.REQUEST, News.NEW)


@receiver(address_changed)
def _follow_address(person: Person, **others: object) -> None:
    invitations_readdress(person=person)


@transaction.atomic
def invitation_answer(*, invitation: Invitation, partstat: str) -> None:
    """Records ACCEPTED, DECLINED or TENTATIVE; it can change until the meeting starts.

    Raises:
        ValidationError: the invitation was withdrawn, or the meeting started.
    """
    [invitation] = _locked([invitation.pk])
    if invitation.cancelled_at is not None:
        raise ValidationError(_("You are no longer on the list, so there is nothing to answer."))
    if invitation.meeting.starts_at <= timezone.now():
        raise ValidationError(_("The meeting has started. You can no longer change your answer."))
    _answered(invitation, partstat, timezone.now())


@transaction.atomic
def invitation_reply(*, reply: Reply) -> bool:
    """The answer that a calendar sent (RFC 5546, section 3.2.3), matched on UID and the invited address.

    It changes the answer and nothing else. One about an earlier SEQUENCE, or with a DTSTAMP that is not later than the
    answer that counts, changes nothing; neither does one that comes after the start. Hence a repeat does no harm.

    Returns:
        whether the answer is now this one.
    """
    found = Invitation.objects.active().filter(uid=reply.uid, address__iexact=reply.address)
    for invitation in _locked(found.values_list("pk", flat=True)):
        now = timezone.now()
        is_old = reply.sequence < invitation.sequence or (
            invitation.answered_at is not None and reply.stamp <= invitation.answered_at
        )
        if is_old or invitation.cancelled_at is not None or invitation.meeting.starts_at <= now:
            return False
        _answered(invitation, reply.partstat, min(reply.stamp, now))
        return True
    return False


@transaction.atomic
def invitation_send_again(*, message: OutboxMessage, by: Person) -> bool:
    """The last message of a participation once more: the same SEQUENCE, a fresh DTSTAMP.

    What is pressed twice is sent once: after the first, ``message`` is no longer the last one.

    Returns:
        whether it was queued; not when the meeting is past, or when ``message`` waits or is not the last one.
    """
    if not message.calendar_method:
        return False
    locked = _locked(Invitation.objects.filter(uid=message.ordering_key).values_list("pk", flat=True))
    last = OutboxMessage.objects.invitations().filter(ordering_key=message.ordering_key).order_by("pk").last()
    if not locked or last is None or last.pk != message.pk or last.state == OutboxMessage.State.QUEUED:
        return False
    [invitation] = locked
    method = Method(last.calendar_method)
    is_withdrawn = invitation.cancelled_at is not None
    if invitation.meeting.ends_at <= timezone.now() or (method is Method.CANCEL) != is_withdrawn:
        return False
    invitation.changed_at = timezone.now()
    invitation.save(update_fields=["changed_at"])
    if is_withdrawn:
        # With the times that it had: the meeting may have moved since.
        outbox_queue([replace(mail_of(last), calendar=restamped(last.calendar, invitation.changed_at))])
    else:
        _queue([invitation], method, News.AGAIN)
    kind, key = owner_of(invitation.meeting)
    audit_record(by=by, verb="invitation.again", about=invitation.person, target=f"{kind}:{key}")
    return True


def _answered(invitation: Invitation, partstat: str, moment: dt.datetime) -> None:
    invitation.partstat = partstat
    invitation.previous_starts_at = None
    invitation.answered_at = moment
    invitation.clean_fields(exclude={"person", "meeting"})
    invitation.save(update_fields=["partstat", "previous_starts_at", "answered_at"])


def _address_of(seat: Registration | GroupMember) -> str:
    """Somebody who is only on a roster has no address of their own yet."""
    return seat.person.email or (seat.membership.work_address if seat.membership else "")


def _locked(pks: Iterable[int]) -> list[Invitation]:
    """Locked, so that messages of one UID enter the outbox in the order of their SEQUENCE."""
    return list(
        Invitation.objects.filter(pk__in=pks)
        .select_for_update(of=("self",))
        .select_related("person", *OF_INVITATION)
        .order_by("meeting_id", "pk")
    )


def _cancel(pks: Iterable[int], news: News) -> None:
    now = timezone.now()
    invitations = _locked(pks)
    for invitation in invitations:
        invitation.changed_at = invitation.cancelled_at = now
        invitation.sequence += 1
    Invitation.objects.bulk_update(invitations, ["changed_at", "cancelled_at", "sequence"])
    _queue(invitations, Method.CANCEL, news)


def _queue(invitations: Sequence[Invitation], method: Method, news: News, before: MeetingFacts | None = None) -> None:
    mails = InvitationMails(method, news, before)
    outbox_queue([mails.mail(invitation) for invitation in invitations])

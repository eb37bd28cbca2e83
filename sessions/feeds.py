"""A person's own calendar to subscribe to: what they take part in, and what they give."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from parties.models import Person
from sessions.emails import facts_of
from sessions.gatherings import OF_INVITATION, OF_MEETING, gathering_of
from sessions.ics import FeedItem, feed_text
from sessions.models import Invitation, Meeting

BACK = dt.timedelta(days=60)
AHEAD = dt.timedelta(days=549)  # 18 months, however long they are
CANCELLED_STAYS = dt.timedelta(weeks=6)

_signer = Signer(salt="sessions.feeds", sep=".")


def feed_address(person: Person) -> str:
    """The https address; whoever knows it can read the feed until the person takes a new one."""
    token = _signer.sign(f"{person.pk}-{person.feed_generation}")
    return settings.SITE_URL + reverse("feed", args=[token])


def feed_person(token: str) -> Person | None:
    """Whose feed this is; None for a wrong token, and for one of before the last new address."""
    try:
        pk, _dash, generation = _signer.unsign(token).partition("-")
    except BadSignature:
        return None
    return Person.objects.filter(pk=int(pk), feed_generation=int(generation), is_active=True).first()


def feed_of(person: Person, now: dt.datetime) -> tuple[str, dt.datetime]:
    """The feed as RFC 5545 text in the person's language, and when it last changed.

    Days come and go at midnight, so it never counts as older than today.
    """
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    with override(person.language):
        items = sorted(
            [*_taken_part_in(person, now), *_given(person, now)], key=lambda item: (item.starts_at, item.uid)
        )
        text = feed_text(_("Gelijkop: my meetings"), items)
    return text, max([midnight, *(item.stamp for item in items)])


def _taken_part_in(person: Person, now: dt.datetime) -> list[FeedItem]:
    """Withdrawn invitations stay a while as cancelled, unless the person has a new one for the same meeting."""
    invitations = list(
        Invitation.objects.filter(
            _within(now, "meeting__"),
            Q(cancelled_at=None) | Q(cancelled_at__gt=now - CANCELLED_STAYS),
            person=person,
        )
        .select_related(*OF_INVITATION)
        .order_by(F("cancelled_at").desc(nulls_first=True), "pk")
    )
    newest: dict[int, Invitation] = {}
    for invitation in invitations:
        newest.setdefault(invitation.meeting_id, invitation)
    return [
        _item(
            invitation.meeting,
            uid=str(invitation.uid),
            sequence=invitation.sequence,
            stamp=invitation.changed_at,
            created=invitation.created_at,
            is_cancelled=invitation.cancelled_at is not None,
        )
        for invitation in newest.values()
    ]


def _given(person: Person, now: dt.datetime) -> list[FeedItem]:
    """What a trainer gives or a facilitator leads; an own seat in it is in the feed already."""
    running = Q(training__state__in=["published", "closed"]) | Q(
        training__state="cancelled", training__cancelled_at__gt=now - CANCELLED_STAYS
    )
    given = Q(pk__in=Meeting.objects.filter(running, training__trainers=person).values("pk"))
    led = Q(group__facilitator=person) & (Q(group__closed_at=None) | Q(starts_at__lte=F("group__closed_at")))
    meetings = (
        Meeting.objects.filter(_within(now), given | led)
        .exclude(invitations__in=Invitation.objects.active().filter(person=person))
        .select_related(*OF_MEETING)
    )
    return [
        _item(
            meeting,
            uid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.SITE_URL}/meeting/{meeting.pk}")),
            sequence=0,
            stamp=max(meeting.changed_at, _cancelled_at(meeting) or meeting.changed_at),
            created=meeting.created_at,
            is_cancelled=_cancelled_at(meeting) is not None,
        )
        for meeting in meetings
    ]


def _cancelled_at(meeting: Meeting) -> dt.datetime | None:
    return meeting.training.cancelled_at if meeting.training else None


def _within(now: dt.datetime, meeting: str = "") -> Q:
    return Q(**{f"{meeting}ends_at__gt": now - BACK, f"{meeting}starts_at__lt": now + AHEAD})


def _item(meeting: Meeting, **own: object) -> FeedItem:
    gathering = gathering_of(meeting)
    return FeedItem(
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=gathering.title,
        location=meeting.place or meeting.link,
        description="\n".join(facts_of(meeting)),
        url=gathering.url,
        **own,  # type: ignore[arg-type]  # what differs between taking part and giving
    )

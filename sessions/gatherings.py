"""What a meeting belongs to, as invitations, feeds and pages speak of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parties.languages import marked
from sessions.models import Meeting, NetworkEvent, Registration, Training

#: The keys of a meeting, of which exactly one is set; also the words by which templates tell them apart.
KINDS = ("training", "group", "event")
#: What ``gathering_of`` reads, for ``select_related``.
OF_MEETING = KINDS
OF_INVITATION = tuple(f"meeting__{kind}" for kind in KINDS)

Owner = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """``title`` and ``path`` are in the active language. ``is_running``: it is open and goes on, so calendars hear of it.

    Of an intervision group neither name nor number is told: calendars are shared.
    """

    kind: str
    title: str
    path: str
    reply_to: str
    is_running: bool

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.path

    @property
    def heading(self) -> str:
        """The title for a page: what somebody typed says which language it is in."""
        return self.title if self.kind == "group" else marked(self.title)


def gathering_of(meeting: Meeting) -> Gathering:
    """Of a meeting that came with ``OF_MEETING``."""
    if meeting.training is not None:
        return of_training(meeting.training)
    if meeting.event is not None:
        return Gathering(
            kind="event",
            title=meeting.event.title,
            path=reverse("sessions:event", args=[meeting.event.pk]),
            reply_to=meeting.event.reply_to,
            is_running=meeting.event.state == NetworkEvent.State.PUBLISHED,
        )
    assert meeting.group is not None
    return Gathering(
        kind="group",
        title=_("Intervision"),
        path=reverse("sessions:groups"),
        reply_to=meeting.group.reply_to,
        is_running=meeting.group.closed_at is None,
    )


def of_training(training: Training) -> Gathering:
    return Gathering(
        kind="training",
        title=training.title,
        path=reverse("sessions:training", args=[training.pk]),
        reply_to=training.reply_to,
        is_running=training.state == Training.State.PUBLISHED,
    )


def owner_of(part: Any) -> Owner:
    """Which training, group or event a meeting, registration or member belongs to."""
    return next((kind, key) for kind in KINDS if (key := getattr(part, f"{kind}_id", None)))


def training_of(registration: Registration) -> Training:
    """Of a registration that is known to be for a training."""
    assert registration.training is not None
    return registration.training

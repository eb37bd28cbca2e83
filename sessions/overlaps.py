"""Two trainings at the same time: for who takes part, and for who gives them. Reads only; nobody is refused for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from sessions.models import Meeting, Registration, Training
from sessions.querysets import double_bookings

if TYPE_CHECKING:
    from parties.models import Person


def overlaps_of(person: Person, training: Training) -> list[tuple[Meeting, Meeting]]:
    """Meetings of ``training`` (with ``meetings`` loaded), each with a meeting of another one where the person takes part,
    waits, or is the trainer."""
    mine = list(training.meetings.all())
    periods = [(meeting.starts_at, meeting.ends_at) for meeting in mine]
    registered = Registration.objects.active().filter(person=person, training=OuterRef("training"))
    given = Training.trainers.through.objects.filter(person=person, training=OuterRef("training"))
    others = Meeting.objects.overlapping(periods).exclude(training=training)
    found = others.filter(Exists(registered) | Exists(given)).order_by("starts_at", "pk")
    return [
        (meeting, other)
        for other in found
        for meeting in mine
        if meeting.starts_at < other.ends_at and other.starts_at < meeting.ends_at
    ]


def booked_elsewhere(training: Training, viewer: Person) -> list[str]:
    """A sentence for each of its trainers and each meeting that they give elsewhere at the same time."""
    if training.state not in (Training.State.DRAFT, Training.State.PUBLISHED):
        return []
    periods = [(meeting.starts_at, meeting.ends_at) for meeting in training.meetings.all()]
    return sentences_of(double_bookings(list(training.trainers.all()), periods, training), viewer)


def sentences_of(bookings: list[tuple[Person, Meeting]], viewer: Person) -> list[str]:
    """Double bookings in words of the active language; a draft of somebody else keeps its title to itself."""
    if not bookings:
        return []
    trainings = {meeting.training_id for _trainer, meeting in bookings}
    shown = set(Training.objects.visible_to(viewer).filter(pk__in=trainings).values_list("pk", flat=True))
    return [_sentence(trainer, meeting, meeting.training_id in shown) for trainer, meeting in bookings]


def _sentence(trainer: Person, meeting: Meeting, is_shown: bool) -> str:
    start, end = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    words = {
        "name": str(trainer),
        "day": date_format(start, "l j F"),
        "start": time_format(start),
        "end": time_format(end),
        "title": str(meeting.training),
    }
    if is_shown:
        return _("%(name)s also gives “%(title)s” on %(day)s, %(start)s to %(end)s.") % words
    return _("%(name)s also gives another training on %(day)s, %(start)s to %(end)s.") % words

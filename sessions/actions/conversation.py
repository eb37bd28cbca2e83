"""What is kept of a conversation: that it took place, who was there, and perhaps one lesson (product.md, rule 8).

Nobody marks anybody: two members who say the same of somebody make them present. Writes hold the meeting, so that two
phones at once come one after the other.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, TextField, Value
from django.db.models.lookups import IContains
from django.utils import timezone
from django.utils.translation import gettext as _

from parties.models import Organisation, Party, Person
from parties.periods import covers
from sessions.agreements import VERSION
from sessions.check_in import OPENS_BEFORE
from sessions.models import (
    Attendance,
    Conversation,
    GroupMember,
    IntervisionMethod,
    LessonAgreed,
    Meeting,
    PresenceConfirmed,
)
from sessions.models.conversation import LESSON_LENGTH
from sessions.names import names_in
from sessions.querysets import GroupMemberQuerySet
from sessions.signals import presence_settled

#: So long after a meeting people can say who was there, and agree to a lesson.
KEPT_OPEN = dt.timedelta(days=14)
#: A theme is for meetings with at least so many people, so that it tells nobody's story.
THEME_FROM = 5
NEEDED = 2


class NamesFound(ValidationError):
    """The lesson may hold names; ``found`` are these, as they stand in it."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(
            _("This looks like a name: %(found)s. Take it out, or tick that there is no name in it.")
            % {"found": ", ".join(found)},
            code="names",
        )
        self.found = found


def members_of_day(meeting: Meeting) -> GroupMemberQuerySet:
    """Who was a member of the group on the day of the meeting, in The Hague."""
    return GroupMember.objects.filter(covers(timezone.localdate(meeting.starts_at)), group=meeting.group_id)


def is_open(meeting: Meeting, now: dt.datetime) -> bool:
    """Whether presence and a lesson can be filled in: from half an hour before the start until 14 days after the end."""
    return meeting.starts_at - OPENS_BEFORE <= now < meeting.ends_at + KEPT_OPEN


def presence_confirm(
    *,
    meeting: Meeting,
    by: Person,
    people: Collection[int],
    method: IntervisionMethod,
    minutes: int,
    theme: str = "",
) -> Conversation:
    """Member ``by`` says that exactly ``people`` (keys) were there, with which method, for how many net minutes.

    The first of them begins what is kept of the conversation; who comes later may change method, minutes and theme. Safe
    to run twice. Whose presence became certain, changed or was taken back is told to the apps above.

    Raises:
        ValidationError: with the reason in a sentence; under ``people``, ``minutes`` or ``theme`` when it is about these.
    """
    with transaction.atomic():
        meeting = _locked(meeting)
        _check_open(meeting)
        members = set(members_of_day(meeting).values_list("person", flat=True))
        _check_member(meeting, by)
        people = set(people)
        if not people or not people <= members:
            raise ValidationError({"people": _("Tick who was there: at least one member of this group.")})
        if not 0 < minutes <= meeting.net_minutes:
            raise ValidationError(
                {"minutes": _("Fill in a number of minutes from 1 to %(most)s.") % {"most": meeting.net_minutes}}
            )
        if theme and len(people) < THEME_FROM:
            raise ValidationError({"theme": _("Choose no theme: you were with fewer than five.")})
        values = {"method": method, "minutes": minutes, "theme": theme}
        conversation, _created = Conversation.objects.update_or_create(meeting=meeting, defaults=values)
        own = PresenceConfirmed.objects.filter(meeting=meeting, by=by)
        before = set(own.values_list("person", flat=True))
        own.exclude(person__in=people).delete()
        PresenceConfirmed.objects.bulk_create(
            PresenceConfirmed(meeting=meeting, person_id=person, by=by) for person in sorted(people - before)
        )
        changed = _attendance_follow(meeting, minutes, spoken_of=people ^ before)
        if changed:
            presence_settled.send(sender=Meeting, person_ids=sorted(changed))
    return conversation


def lesson_propose(*, conversation: Conversation, by: Person, text: str, checked: bool) -> Conversation:
    """Who was there puts one lesson before the others, and agrees with it; an earlier proposal goes.

    ``checked``: they say that no name is in it.

    Raises:
        NamesFound: something looks like a name, and that was not ``checked``.
        ValidationError: with the reason in a sentence.
    """
    text = " ".join(text.split())
    with transaction.atomic():
        conversation, kept_lesson = _held(conversation)
        _check_open(conversation.meeting)
        _check_there(conversation, by)
        if kept_lesson:
            raise ValidationError(_("You all agreed to a lesson already."), code="agreed")
        if not text:
            raise ValidationError(_("Write one lesson first."), code="required")
        if len(text) > LESSON_LENGTH:
            sizes = {"most": LESSON_LENGTH, "length": len(text)}
            raise ValidationError(_("Write at most %(most)s characters; this is %(length)s.") % sizes, code="too_long")
        if not checked and (found := _names_in(text, conversation.meeting)):
            raise NamesFound(found)
        if text != conversation.lesson:
            conversation.agreed.all().delete()
            conversation.lesson = text
            conversation.save(update_fields=["lesson"])
        LessonAgreed.objects.get_or_create(conversation=conversation, person=by)
    return conversation


def lesson_agree(*, conversation: Conversation, by: Person, text: str) -> None:
    """Somebody who was there agrees to the lesson that they read. Safe to run twice.

    Raises:
        ValidationError: they were not there, or another lesson stands there now than ``text``.
    """
    with transaction.atomic():
        conversation, _kept_lesson = _held(conversation)
        _check_open(conversation.meeting)
        _check_there(conversation, by)
        if not conversation.lesson or conversation.lesson != text:
            raise ValidationError(_("The proposal changed meanwhile. Read it once more."), code="changed")
        LessonAgreed.objects.get_or_create(conversation=conversation, person=by)


def lesson_refuse(*, conversation: Conversation, by: Person) -> None:
    """One no is enough: the text is gone at once, also when all agreed to it before. Safe to run twice.

    Raises:
        ValidationError: they were not there.
    """
    with transaction.atomic():
        conversation, _kept_lesson = _held(conversation)
        _check_there(conversation, by)
        _lesson_forget(conversation)


def lessons_forget_due(*, now: dt.datetime) -> int:
    """Empties proposals that not all agreed to, 14 days after the meeting; how many."""
    due = Conversation.objects.to_forget(now - KEPT_OPEN).values_list("pk", flat=True)
    forgotten = 0
    for key in list(due):
        with transaction.atomic():
            conversation, kept_lesson = _held(Conversation(pk=key))
            if conversation.lesson and not kept_lesson:
                _lesson_forget(conversation)
                forgotten += 1
    return forgotten


def conversation_merge(*, kept: Person, merged: Person) -> None:
    """Two records of one person become one: what was said by and of both moves, each once."""
    for field, other in (("person", "by"), ("by", "person")):
        said = PresenceConfirmed.objects.filter(**{field: kept}).values_list("meeting", other)
        doubles = [
            row.pk
            for row in PresenceConfirmed.objects.filter(**{field: merged})
            if (row.meeting_id, getattr(row, f"{other}_id")) in set(said)
        ]
        PresenceConfirmed.objects.filter(pk__in=doubles).delete()
        PresenceConfirmed.objects.filter(**{field: merged}).update(**{field: kept})
    agreed = LessonAgreed.objects.filter(person=kept).values("conversation")
    LessonAgreed.objects.filter(person=merged, conversation__in=agreed).delete()
    LessonAgreed.objects.filter(person=merged).update(person=kept)


def _attendance_follow(meeting: Meeting, minutes: int, spoken_of: set[int]) -> set[int]:
    """Makes attendance say what members say; the people for whom something changed.

    Taken back is only the presence of who was ``spoken_of`` now: what others said stays, also when one of them was erased.
    """
    said: dict[int, list[int]] = defaultdict(list)
    for person, by in PresenceConfirmed.objects.filter(meeting=meeting).order_by("pk").values_list("person", "by"):
        said[person].append(by)
    changed = set()
    marked = {attendance.person_id: attendance for attendance in Attendance.objects.filter(meeting=meeting)}
    for person, attendance in marked.items():
        if person in spoken_of and len(said[person]) < NEEDED:
            attendance.delete()
            changed.add(person)
        elif attendance.minutes != minutes:
            attendance.minutes, attendance.marked_at = minutes, timezone.now()
            attendance.save(update_fields=["minutes", "marked_at"])
            changed.add(person)
    for person, sayers in said.items():
        if len(sayers) >= NEEDED and person not in marked:
            Attendance.objects.create(
                meeting=meeting,
                person_id=person,
                state=Attendance.State.PRESENT,
                minutes=minutes,
                marked_by_id=sayers[NEEDED - 1],
            )
            changed.add(person)
    return changed


def _lesson_forget(conversation: Conversation) -> None:
    conversation.agreed.all().delete()
    conversation.lesson = ""
    conversation.save(update_fields=["lesson"])


def _locked(meeting: Meeting) -> Meeting:
    """The meeting, held until the transaction ends."""
    return Meeting.objects.select_for_update().get(pk=meeting.pk)


def _held(conversation: Conversation) -> tuple[Conversation, str]:
    """The conversation, of which the meeting is held until the transaction ends, and the lesson to which all agreed."""
    kept = Conversation.objects.select_related("meeting").with_kept_lesson()
    _locked(kept.get(pk=conversation.pk).meeting)
    found = kept.get(pk=conversation.pk)
    return found, found.kept_lesson


def _check_open(meeting: Meeting) -> None:
    if meeting.cancelled_at is not None:
        raise ValidationError(_("This meeting was called off."), code="cancelled")
    if timezone.now() < meeting.starts_at - OPENS_BEFORE:
        raise ValidationError(_("You can fill this in from half an hour before the start."), code="too_early")
    if not is_open(meeting, timezone.now()):
        raise ValidationError(_("This could be filled in until 14 days after the meeting."), code="too_late")


def _check_member(meeting: Meeting, person: Person) -> None:
    member = members_of_day(meeting).filter(person=person).with_agreements(VERSION).first()
    if member is None:
        raise ValidationError(_("Only members of the group fill this in."), code="no_member")
    if not member.agreed:
        raise ValidationError(_("Read and accept the agreements first."), code="agreements")


def _check_there(conversation: Conversation, person: Person) -> None:
    there = Attendance.objects.filter(meeting=conversation.meeting_id, person=person, state__in=Attendance.THERE)
    if not there.exists():
        raise ValidationError(
            _("A lesson is of who was there. First two of you confirm that you were there."), code="not_there"
        )


def _names_in(text: str, meeting: Meeting) -> list[str]:
    written = IContains(Value(text, output_field=TextField()), F("name"))
    organisations = [
        name for model in (Organisation, Party) for name in model.objects.filter(written).values_list("name", flat=True)
    ]
    people = [*members_of_day(meeting).values_list("person__name", flat=True)]
    assert meeting.group is not None
    return names_in(text, people=[*people, meeting.group.facilitator_name], organisations=organisations)

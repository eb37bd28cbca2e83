"""What is kept of one meeting, as its members and facilitator see it: who says that who was there, and the lesson."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sessions.models import Attendance, Conversation, GroupMember, LessonAgreed, Meeting, PresenceConfirmed


@dataclass(frozen=True)
class Row:
    """One member of that day. ``sayers``: how many members say that they were there."""

    member: GroupMember
    sayers: int
    is_there: bool


@dataclass(frozen=True)
class Said:
    """What one member says; ``is_news``: the reader said something else, or nothing yet."""

    by: GroupMember
    people: tuple[GroupMember, ...]
    is_news: bool


@dataclass(frozen=True)
class Harvest:
    """``mine``: keys of whom the reader said that they were there. ``waiting_for``: who did not agree to the lesson yet."""

    rows: Sequence[Row]
    said: Sequence[Said]
    mine: frozenset[int]
    conversation: Conversation | None
    is_there: bool
    agreed: bool
    waiting_for: Sequence[GroupMember]

    @property
    def lesson(self) -> str:
        return self.conversation.lesson if self.conversation else ""

    @property
    def news(self) -> Said | None:
        """What another said first, while the reader said nothing yet."""
        return next(iter(self.said), None) if not self.mine else None

    @property
    def is_lesson_kept(self) -> bool:
        return bool(self.lesson) and any(row.is_there for row in self.rows) and not self.waiting_for


def harvest_of(meeting: Meeting, members: Sequence[GroupMember], reader_pk: int) -> Harvest:
    """``members`` are those of the day of the meeting, with their person. Four queries."""
    said: dict[int, set[int]] = {}
    rows = PresenceConfirmed.objects.filter(meeting=meeting).order_by("pk").values_list("by", "person")
    for by, person in rows:
        said.setdefault(by, set()).add(person)
    there = set(Attendance.objects.filter(meeting=meeting, state__in=Attendance.THERE).values_list("person", flat=True))
    conversation = Conversation.objects.select_related("method").filter(meeting=meeting).first()
    agreed = set(LessonAgreed.objects.filter(conversation=conversation).values_list("person", flat=True))
    mine = said.get(reader_pk, set())
    by_person = {member.person_id: member for member in members}
    return Harvest(
        rows=[
            Row(member, sum(key in people for people in said.values()), key in there)
            for key, member in by_person.items()
        ],
        said=[
            Said(by_person[by], tuple(m for key, m in by_person.items() if key in people), people != mine)
            for by, people in said.items()
            if by in by_person and by != reader_pk
        ],
        mine=frozenset(mine),
        conversation=conversation,
        is_there=reader_pk in there,
        agreed=reader_pk in agreed,
        waiting_for=[member for key, member in by_person.items() if key in there - agreed],
    )


@dataclass(frozen=True)
class Together:
    """What a group did over all its meetings."""

    meetings: int
    minutes: int
    lessons: int

    @property
    def hours(self) -> float:
        return self.minutes / 60

    @classmethod
    def of(cls, past: Iterable[Any]) -> Together:
        """From ``sessions.querysets.past_meetings``: the meetings of which somebody said that they took place."""
        held = [meeting for meeting in past if getattr(meeting, "conversation", None) is not None]
        return cls(
            meetings=len(held),
            minutes=sum(meeting.conversation.minutes for meeting in held),
            lessons=sum(bool(meeting.kept_lesson) for meeting in held),
        )

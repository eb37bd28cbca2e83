"""The list of one meeting as its page shows it: a row for each person with a seat."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from parties.models import Side
from sessions.forms import AttendanceForm
from sessions.models import Attendance, AttendanceChange, Invitation, Meeting, NetworkEvent, Registration, Training


@dataclass
class Row:
    """One person on the list of one meeting.

    ``declined``: they said beforehand that they cannot come. ``mine`` is the mark that was not written, because since the
    page was shown somebody else made the one that now stands in ``attendance``.
    """

    registration: Registration
    attendance: Attendance | None
    declined: bool
    changes: list[AttendanceChange] = field(default_factory=list)
    form: AttendanceForm = field(default_factory=AttendanceForm)
    mine: tuple[str, int | None] | None = None

    @property
    def name(self) -> str:
        """On the list of an event no mail address stands for a name."""
        if self.registration.event_id:
            return self.registration.listed_name or _("Name not filled in")
        return str(self.registration.person)

    @property
    def basis(self) -> str:
        """What a mark on this row is based on: the key of the mark that stands, "" when there is none."""
        return str(self.attendance.key) if self.attendance else ""

    @property
    def value(self) -> tuple[str, str]:
        """State and minutes as the list has them, the minutes only where the page asks for them."""
        if self.attendance is None:
            return (str(Attendance.State.EXCUSED) if self.declined else "", "")
        return _asked(self.attendance.state, self.attendance.minutes)

    def value_at(self, basis: str | None) -> tuple[str, str] | None:
        """State and minutes that a page showed whose marks are based on ``basis``; None when that is not known."""
        if basis is None or basis == self.basis:
            return self.value
        if basis == "":
            return (str(Attendance.State.EXCUSED) if self.declined else "", "")
        return next((_asked(one.state, one.minutes) for one in self.changes if str(one.key) == basis), None)

    @property
    def state(self) -> str:
        if self.form.is_bound and self.mine is None:
            return str(self.form["state"].value() or "")
        return self.value[0]

    @property
    def minutes(self) -> str:
        if self.form.is_bound and self.mine is None:
            return str(self.form["minutes"].value() or "")
        return self.value[1]

    @property
    def is_there(self) -> bool:
        return self.value[0] in Attendance.THERE

    @property
    def by_code(self) -> bool:
        return (
            self.registration.training_id is not None
            and self.attendance is not None
            and self.attendance.marked_by_id == self.attendance.person_id
        )

    @property
    def has_history(self) -> bool:
        """Whether there is more to tell than the one mark that stands."""
        return len(self.changes) > 1 or any(change.state_before for change in self.changes)

    @property
    def errors(self) -> list[str]:
        return [str(error) for errors in self.form.errors.values() for error in errors] if self.form.is_bound else []

    @property
    def mine_in_words(self) -> str:
        return Attendance.in_words(self.mine[0], self.mine[1] or 0) if self.mine else ""


def rows_of(owner: Training | NetworkEvent, meeting: Meeting) -> list[Row]:
    """Everybody with a seat, by name; four queries, however many people."""
    registrations = owner.registrations.confirmed().select_related("person", "organisation", "party")
    marked = {one.person_id: one for one in meeting.attendances.select_related("marked_by")}
    declined = set(Invitation.objects.declined().filter(meeting=meeting).values_list("person_id", flat=True))
    changes: dict[int, list[AttendanceChange]] = defaultdict(list)
    for change in AttendanceChange.objects.filter(attendance__meeting=meeting).select_related("changed_by"):
        changes[change.attendance_id].append(change)
    return [
        Row(
            registration,
            attendance := marked.get(registration.person_id),
            declined=registration.person_id in declined,
            changes=changes[attendance.pk] if attendance else [],
            form=AttendanceForm(prefix=str(registration.person_id)),
        )
        for registration in registrations.order_by("person__name", "pk")
    ]


def counts_of(rows: list[Row]) -> list[tuple[Side, int, int]]:
    """For each side how many are there, of how many."""
    return [
        (
            side,
            sum(row.registration.side == side and row.is_there for row in rows),
            sum(row.registration.side == side for row in rows),
        )
        for side in Side
    ]


def _asked(state: str, minutes: int) -> tuple[str, str]:
    return state, str(minutes) if state in Attendance.PARTLY else ""

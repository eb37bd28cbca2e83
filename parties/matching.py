"""What a roster would change: who joins, leaves, moves, changes. Reads, and writes nothing (product.md, rule 12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parties.models import Membership, Organisation, Person, Side
from parties.roster import Roster, RosterError, RosterRow

WORDS = {
    "name": gettext_lazy("name"),
    "personnel_number": gettext_lazy("personnel number"),
    "job_title": gettext_lazy("job title"),
    "side": gettext_lazy("side"),
    "work_address": gettext_lazy("e-mail"),
    "since": gettext_lazy("from"),
    "until": gettext_lazy("until"),
}
VALUES = ("name", "personnel_number", "job_title", "side")


@dataclass(frozen=True)
class Join:
    """``person_id`` is None for somebody the platform does not know yet."""

    row: RosterRow
    person_id: int | None
    side: str
    since: dt.date
    until: dt.date | None


@dataclass(frozen=True)
class Change:
    """``values`` are new values by field of Membership; ``department`` the new one's name, or None when it stays."""

    row: RosterRow
    membership: Membership
    values: dict[str, Any]
    department: str | None

    def in_words(self) -> list[str]:
        """Each change as 'what: before → after'."""
        return [
            f"{WORDS[name]}: {_shown(getattr(self.membership, name))} → {_shown(value)}"
            for name, value in self.values.items()
        ]


@dataclass(frozen=True)
class Leave:
    membership: Membership
    until: dt.date


@dataclass
class Plan:
    """``registered_themselves``: memberships that no list made, which a complete list names or lacks; they stay as they are."""

    rows: int
    joins: list[Join] = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)
    moves: list[Change] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    registered_themselves: list[Membership] = field(default_factory=list)
    errors: list[RosterError] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """The summary of contract.md."""
        return {
            "rows": self.rows,
            "joins": len(self.joins),
            "leaves": len(self.leaves),
            "moves": len(self.moves),
            "changes": len(self.changes),
            "unchanged": self.unchanged,
            "errors": [{"row": one.row, "column": one.column, "message": one.message} for one in self.errors],
        }


def plan(*, organisation: Organisation, roster: Roster, complete: bool, date: dt.date) -> Plan:
    """What applying ``roster`` on ``date`` would do, in a fixed number of queries.

    A row is somebody by personnel number in the organisation, then by work address in it, then by any verified address.
    """
    return _Planner(organisation, roster, complete, date).plan()


def _shown(value: Any) -> str:
    if isinstance(value, dt.date):
        return f"{value:%d-%m-%Y}"
    return str(dict(Side.choices).get(value, value) or "–")


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


class _Planner:
    def __init__(self, organisation: Organisation, roster: Roster, complete: bool, date: dt.date) -> None:
        self.organisation = organisation
        self.roster = roster
        self.complete = complete
        self.date = date
        self.result = Plan(rows=len(roster.rows), errors=roster.all_errors())
        # What goes on before what ends, and that before what has ended: who leaves gives a shared address to who stays.
        self.memberships = list(
            Membership.objects.filter(organisation=organisation)
            .exclude(state=Membership.State.DECLINED)
            .select_related("person", "department")
            .order_by(F("until").desc(nulls_first=True), "-since", "-pk")
        )
        self.by_number: dict[str, int] = {}
        self.by_address: dict[str, int] = {}
        self.of_person: dict[int, list[Membership]] = {}
        for one in self.memberships:
            self.by_number.setdefault(one.personnel_number, one.person_id)
            self.by_address.setdefault(one.work_address.lower(), one.person_id)
            self.of_person.setdefault(one.person_id, []).append(one)
        self.by_verified = _people_by_address(row.email for row in roster.rows if row.email)

    def plan(self) -> Plan:
        seen: dict[int, RosterRow] = {}
        for row in self.roster.rows:
            person_id = self._person_of(row)
            if person_id is not None and (first := seen.setdefault(person_id, row)) is not row:
                if (row.email, row.personnel_number) != (first.email, first.personnel_number):
                    self.result.errors.append(
                        RosterError(
                            row.row,
                            "",
                            _("This is the same person as in row %(row)d. Take one out.") % {"row": first.row},
                        )
                    )
                continue
            self._place(row, person_id)
        self._the_rest(seen)
        self.result.errors.sort(key=lambda error: error.row)
        return self.result

    def _person_of(self, row: RosterRow) -> int | None:
        found = self.by_number.get(row.personnel_number) if row.personnel_number else None
        if found is None and row.email:
            found = self.by_address.get(row.email) or self.by_verified.get(row.email)
        return found

    def _place(self, row: RosterRow, person_id: int | None) -> None:
        own = self.of_person.get(person_id, []) if person_id is not None else []
        current = next((one for one in own if self._goes_on(one)), None)
        until = _date(row.until)
        if current is None:
            self._join(row, person_id, own, until)
        elif current.origin != Membership.Origin.ROSTER:
            self.result.unchanged += 1
            self.result.registered_themselves.append(current)
        elif until is not None and until <= self.date:
            self._leave(current, until)
        else:
            self._compare(row, current, own, until)

    def _goes_on(self, membership: Membership) -> bool:
        return membership.until is None or membership.until > self.date

    def _join(self, row: RosterRow, person_id: int | None, own: Sequence[Membership], until: dt.date | None) -> None:
        if until is not None and until <= self.date:
            self.result.unchanged += 1  # left already, and nobody here knew them
            return
        since = max([_date(row.since) or self.date, *(one.until for one in own if one.until)])
        if until is not None and until <= since:
            self.result.unchanged += 1
            return
        self.result.joins.append(Join(row, person_id, row.side or self.organisation.default_side, since, until))

    def _leave(self, membership: Membership, wanted: dt.date) -> None:
        """Nobody leaves before they came: a membership holds for a day at least."""
        until = max(wanted, membership.since + dt.timedelta(days=1))
        if membership.until is not None and membership.until <= until:
            self.result.unchanged += 1
        else:
            self.result.leaves.append(Leave(membership, until))

    def _compare(self, row: RosterRow, current: Membership, own: Sequence[Membership], until: dt.date | None) -> None:
        columns = self.roster.columns
        wanted: dict[str, Any] = {key: getattr(row, key) for key in VALUES if key in columns and getattr(row, key)}
        if row.email:
            wanted["work_address"] = row.email
        if "job_title" in columns:
            wanted["job_title"] = row.job_title
        if "until" in columns:
            wanted["until"] = until
        if row.since:
            earlier = [one.until for one in own if one is not current and one.until]
            wanted["since"] = max([dt.date.fromisoformat(row.since), *earlier])
        since, end = wanted.get("since", current.since), wanted.get("until", current.until)
        if end is not None and end <= since:
            self.result.errors.append(
                RosterError(
                    row.row,
                    self.roster.labels.get("until", ""),
                    _("The end must be later than the beginning, %(since)s.") % {"since": f"{since:%d-%m-%Y}"},
                )
            )
            return
        values = {key: value for key, value in wanted.items() if getattr(current, key) != value}
        department = None
        if "department" in columns and row.department != (current.department.name if current.department else ""):
            department = row.department
        change = Change(row, current, values, department)
        if department is not None:
            self.result.moves.append(change)
        elif values:
            self.result.changes.append(change)
        else:
            self.result.unchanged += 1

    def _the_rest(self, seen: Iterable[int]) -> None:
        """A complete list ends what a list began. Who registered themselves is named, not ended."""
        if not self.complete:
            return
        listed = set(seen)
        for one in self.memberships:
            if one.person_id in listed or not self._goes_on(one):
                continue
            if one.origin != Membership.Origin.ROSTER:
                self.result.registered_themselves.append(one)
                continue
            until = max(self.date, one.since + dt.timedelta(days=1))
            if one.until is None or one.until > until:
                self.result.leaves.append(Leave(one, until))


def _people_by_address(addresses: Iterable[str]) -> dict[str, int]:
    """Keys of people by the address they sign in with, lower case."""
    wanted = sorted(set(addresses))
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 5_000):
        part = wanted[start : start + 5_000]
        found.update(Person.objects.filter(email__in=part).values_list("email", "pk"))
        found.update(EmailAddress.objects.filter(email__in=part, verified=True).values_list("email", "user_id"))
    return found

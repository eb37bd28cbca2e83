"""The ledger from the source rows, in its own straight-line way: it shares no arithmetic with what writes it day by day.

For each person it walks over the days on which anything begins or ends and asks where they are trained from that day;
what changed since the day before is a row. 100,000 people go by in blocks of keys, with a few statements a block.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, QuerySet, Sum

from certificates.models import Award, AwardMembership
from commitments.actions.ledger import ledger_lock
from commitments.metrics import Row
from commitments.models import LedgerRow, LedgerTotal
from parties.models import Affiliation, Membership, Person
from sessions.models import Attendance, GroupMember, Meeting, Registration

BLOCK = 5000
Progress = Callable[[int, int], None]
Where = tuple[str, int]
Period = tuple[dt.date, dt.date | None]


@dataclass
class Held:
    """A closed training: its minutes without breaks, its last day, and the sides of which somebody was there."""

    minutes: int = 0
    last: dt.date = dt.date.min
    sides: set[str] = field(default_factory=set)


@dataclass
class World:
    """What is small enough to keep at hand: who belongs to whom, and what every closed training was."""

    parties: dict[int, list[tuple[int, Period]]]
    held: dict[int, Held]


@transaction.atomic
def rebuild(*, progress: Progress) -> int:
    """Throws away every row that is not frozen, writes them again, and returns how many there are.

    ``progress`` is called with how many people are done and how many there are.
    """
    ledger_lock()
    LedgerRow.objects.filter(frozen=False).delete()
    world = _world()
    people_trained = _frozen_changes()
    for _first, _last, expected in _blocks(world, progress):
        rows = [(person, None, None, row) for person, found in expected.items() for row in found.elements()]
        _write(rows)
        _add_changes(people_trained, expected)
    _write([(None, organisation, None, row) for organisation, row in _reach(world, people_trained)])
    _write([(None, None, event, row) for event, row in _events()])
    LedgerTotal.objects.all().delete()
    totals = [LedgerTotal(**key, delta=delta) for key, delta in _totals_of_rows()]
    LedgerTotal.objects.bulk_create(totals, batch_size=2000)
    return LedgerRow.objects.count()


def differences(*, progress: Progress) -> Iterator[str]:
    """What the ledger says wrongly, in words, one a difference. Changes nothing."""
    with transaction.atomic():
        ledger_lock()
        world = _world()
        people_trained = _frozen_changes()
        for first, last, expected in _blocks(world, progress):
            yield from _compare_all("person", expected, LedgerRow.objects.filter(person__gte=first, person__lt=last))
            _add_changes(people_trained, expected)
        wanted: dict[int, Counter[Row]] = defaultdict(Counter)
        for organisation, row in _reach(world, people_trained):
            wanted[organisation][row] += 1
        yield from _compare_all("organisation", wanted, LedgerRow.objects.filter(organisation__isnull=False))
        held: dict[int, Counter[Row]] = defaultdict(Counter)
        for event, row in _events():
            held[event][row] += 1
        yield from _compare_all("event", held, LedgerRow.objects.filter(event__isnull=False, frozen=False))
        nobody = {"person__isnull": True, "organisation__isnull": True, "event__isnull": True}
        for orphan in LedgerRow.objects.filter(**nobody, frozen=False):
            yield f"of nobody, and not frozen: {_words(_row(orphan))}"
        yield from _wrong_totals()


def _compare_all(subject: str, expected: dict[int, Counter[Row]], rows: QuerySet[LedgerRow]) -> Iterator[str]:
    there: dict[int, Counter[Row]] = defaultdict(Counter)
    for row in rows.iterator():
        there[getattr(row, f"{subject}_id")][_row(row)] += 1
    for key in sorted(expected.keys() | there.keys()):
        yield from _compare(f"{subject}:{key}", expected.get(key, Counter()), there[key])


def _compare(subject: str, expected: Counter[Row], there: Counter[Row]) -> Iterator[str]:
    for row in sorted((expected - there).elements()):
        yield f"{subject}: missing {_words(row)}"
    for row in sorted((there - expected).elements()):
        yield f"{subject}: too much {_words(row)}"


def _words(row: Row) -> str:
    cause = f" ({row.cause})" if row.cause else ""
    return f"{row.date} {row.scope}:{row.scope_id} {row.metric} {row.delta:+d}{cause}"


def _row(row: LedgerRow) -> Row:
    return Row(row.scope, row.scope_id, row.metric, row.date, row.delta, row.cause)


def _world() -> World:
    parties: dict[int, list[tuple[int, Period]]] = defaultdict(list)
    for organisation, party, since, until in Affiliation.objects.values_list("organisation", "party", "since", "until"):
        parties[organisation].append((party, (since, until)))
    held: dict[int, Held] = defaultdict(Held)
    zone = ZoneInfo(settings.TIME_ZONE)
    meetings = Meeting.objects.filter(training__state="closed").values_list(
        "training", "starts_at", "ends_at", "break_minutes"
    )
    for training, starts_at, ends_at, pause in meetings.iterator():
        held[training].minutes += max(0, int((ends_at - starts_at).total_seconds()) // 60 - pause)
        held[training].last = max(held[training].last, ends_at.astimezone(zone).date())
    both = Attendance.objects.filter(
        meeting__training__state="closed", state__in=["present", "late", "left_early"], minutes__gt=0
    )
    seats = Registration.objects.filter(state="confirmed", training__state="closed")
    was_there = defaultdict(set)
    for training, person in both.values_list("meeting__training", "person").iterator():
        was_there[training].add(person)
    for training, person, side in seats.values_list("training", "person", "side").iterator():
        if person in was_there[training]:
            held[training].sides.add(side)
    return World(parties, held)


def _blocks(world: World, progress: Progress) -> Iterator[tuple[int, int, dict[int, Counter[Row]]]]:
    """People by blocks of keys ``[first, last)``, each with the rows that their source rows ask for."""
    end = (Person.objects.aggregate(end=Max("pk"))["end"] or 0) + 1
    people = Person.objects.count()
    for first in range(1, end, BLOCK):
        last = min(first + BLOCK, end)
        yield first, last, _block(world, first, last)
        progress(min(last * people // end, people), people)


def _block(world: World, first: int, last: int) -> dict[int, Counter[Row]]:
    within = {"person__gte": first, "person__lt": last}
    stays: dict[int, list[tuple[int, Period]]] = defaultdict(list)
    confirmed = Membership.objects.filter(**within, state="confirmed")
    for person, organisation, since, until in confirmed.values_list("person", "organisation", "since", "until"):
        stays[person].append((organisation, (since, until)))
    awards: dict[int, list[tuple[int, dt.date, dt.date, bool]]] = defaultdict(list)
    fields = ("pk", "person", "valid_from", "known_from", "valid_until", "revoked_on", "programme__counts_as_trained")
    for award, person, day, known, until, revoked_on, counts in Award.objects.filter(**within).values_list(*fields):
        if revoked_on is not None and revoked_on < until:
            until = revoked_on
        awards[person].append((award, day if known is None else known, until, counts))
    frozen: dict[int, list[int]] = defaultdict(list)
    of_awards = AwardMembership.objects.filter(award__person__gte=first, award__person__lt=last)
    for award, organisation in of_awards.values_list("award", "organisation"):
        frozen[award].append(organisation)
    attended: dict[tuple[int, int], int] = defaultdict(int)
    there = Attendance.objects.filter(
        **within, meeting__training__state="closed", state__in=["present", "late", "left_early"]
    )
    for person, training, minutes in there.values_list("person", "meeting__training", "minutes"):
        attended[person, training] += minutes
    seats = Registration.objects.filter(**within, state="confirmed", training__state="closed")
    rows: dict[int, Counter[Row]] = defaultdict(Counter)
    for person, training, organisation in seats.values_list("person", "training", "organisation"):
        held = world.held.get(training)
        minutes = attended.get((person, training), 0)
        if held is None or held.minutes == 0 or minutes * 100 < held.minutes * 80:
            continue
        cause = f"training:{training}"
        for scope, scope_id in _belongs(world, {organisation}, held.last):
            rows[person][Row(scope, scope_id, "participants", held.last, 1, cause)] += 1
            rows[person][Row(scope, scope_id, "net_minutes", held.last, minutes, cause)] += 1
            if held.sides == {"school", "workplace"}:
                rows[person][Row(scope, scope_id, "jointly_trained", held.last, 1, cause)] += 1
    for person, organisation, day, minutes in _met(within):
        counts_on = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
        began = day.year if day >= dt.date(day.year, 8, 1) else day.year - 1
        cause = f"intervision:{began}-{began + 1}"
        for scope, scope_id in _belongs(world, {organisation}, day):
            rows[person][Row(scope, scope_id, "intervision", counts_on, 1, cause)] += 1
            if minutes > 0:
                rows[person][Row(scope, scope_id, "net_minutes", counts_on, minutes, cause)] += 1
    for person, given in awards.items():
        for award, day, _until, _counts in given:
            for scope, scope_id in _belongs(world, set(frozen[award]), day):
                rows[person][Row(scope, scope_id, "certificates", day, 1, f"award:{award}")] += 1
        for row in _walk(world, stays[person], [(day, until) for _award, day, until, counts in given if counts]):
            rows[person][row] += 1
    return rows


def _met(within: dict[str, int]) -> Iterator[tuple[int, int, dt.date, int]]:
    """Meetings of intervision that somebody was at: person, organisation, day, minutes."""
    zone = ZoneInfo(settings.TIME_ZONE)
    places: dict[tuple[int, int], list[tuple[dt.date, int, int | None]]] = defaultdict(list)
    taken = GroupMember.objects.filter(**within)
    for key, person, group, since, organisation in taken.values_list("pk", "person", "group", "since", "organisation"):
        places[person, group].append((since, key, organisation))
    there = Attendance.objects.filter(**within, state__in=["present", "late", "left_early"])
    met = there.filter(meeting__group__isnull=False, meeting__cancelled_at=None)
    for person, group, ends_at, minutes in met.values_list("person", "meeting__group", "meeting__ends_at", "minutes"):
        day = ends_at.astimezone(zone).date()
        begun = [place for place in sorted(places[person, group]) if place[0] <= day]
        if begun and begun[-1][2] is not None:
            yield person, begun[-1][2], day, minutes


def _events() -> Iterator[tuple[int, Row]]:
    """Network events whose list is closed, for each party that somebody came for, and once for the network.

    What is kept of people who were erased is left out.
    """
    kept = {(row.event_id, _row(row)) for row in LedgerRow.objects.filter(event__isnull=False, frozen=True)}
    zone = ZoneInfo(settings.TIME_ZONE)
    last: dict[int, dt.datetime] = {}
    for event, ends_at in Meeting.objects.filter(event__state="closed").values_list("event", "ends_at"):
        last[event] = max(last.get(event, ends_at), ends_at)
    was_there = set(
        Attendance.objects.filter(
            meeting__event__state="closed", state__in=["present", "late", "left_early"], minutes__gt=0
        ).values_list("meeting__event", "person")
    )
    came: dict[int, set[Where]] = defaultdict(set)
    registered = Registration.objects.filter(state="confirmed", event__state="closed")
    for event, person, party in registered.values_list("event", "person", "party"):
        if (event, person) in was_there:
            came[event] |= {("party", party), ("network", 0)}
    for event, places in came.items():
        for scope, scope_id in sorted(places):
            row = Row(scope, scope_id, "events", last[event].astimezone(zone).date(), 1, f"event:{event}")
            if (event, row) not in kept:
                yield event, row


def _walk(world: World, stays: list[tuple[int, Period]], valid: list[tuple[dt.date, dt.date]]) -> Iterator[Row]:
    """Day by day where anything changes: the places where the person is trained, and what is new or over."""
    days = {day for period in valid for day in period}
    days |= {day for _organisation, period in stays for day in period if day}
    days |= {
        day
        for organisation, _ in stays
        for _party, period in world.parties.get(organisation, [])
        for day in period
        if day
    }
    before: set[Where] = set()
    for day in sorted(days):
        now: set[Where] = set()
        if any(since <= day < until for since, until in valid):
            now = _belongs(world, {organisation for organisation, period in stays if _holds(period, day)}, day)
        yield from (Row(scope, scope_id, "trained", day, 1) for scope, scope_id in now - before)
        yield from (Row(scope, scope_id, "trained", day, -1) for scope, scope_id in before - now)
        before = now


def _holds(period: Period, day: dt.date) -> bool:
    return period[0] <= day and (period[1] is None or day < period[1])


def _belongs(world: World, organisations: set[int], day: dt.date) -> set[Where]:
    """The organisations themselves, their parties of that day, and the network when there is any."""
    parties = {party for one in organisations for party, period in world.parties.get(one, []) if _holds(period, day)}
    everybody: set[Where] = {("network", 0)} if parties else set()
    return {("organisation", one) for one in organisations} | {("party", one) for one in parties} | everybody


def _frozen_changes() -> dict[int, Counter[dt.date]]:
    """By organisation and day: trained people of whom only frozen rows are left."""
    changes: dict[int, Counter[dt.date]] = defaultdict(Counter)
    rows = LedgerRow.objects.filter(frozen=True, scope="organisation", metric="trained")
    for organisation, day, delta in rows.values_list("scope_id", "date", "delta"):
        changes[organisation][day] += delta
    return changes


def _add_changes(changes: dict[int, Counter[dt.date]], expected: dict[int, Counter[Row]]) -> None:
    for rows in expected.values():
        for row, times in rows.items():
            if row.scope == "organisation" and row.metric == "trained":
                changes[row.scope_id][row.date] += row.delta * times


def _reach(world: World, people_trained: dict[int, Counter[dt.date]]) -> Iterator[tuple[int, Row]]:
    """The same walk for each organisation: who it is reached for, on the days that anybody there is trained."""
    for organisation, changes in people_trained.items():
        days = set(changes) | {day for _party, period in world.parties.get(organisation, []) for day in period if day}
        before: set[Where] = set()
        count = 0
        for day in sorted(days):
            count += changes.get(day, 0)
            now = _belongs(world, {organisation}, day) - {("organisation", organisation)} if count > 0 else set()
            for sign, places in ((1, now - before), (-1, before - now)):
                for scope, scope_id in places:
                    yield organisation, Row(scope, scope_id, "organisations_reached", day, sign)
            before = now


def _write(rows: Sequence[tuple[int | None, int | None, int | None, Row]]) -> None:
    """Each row with its subject: the person, the organisation or the event."""
    table = connection.ops.quote_name(LedgerRow._meta.db_table)
    adapt = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (scope, scope_id, metric, date, delta, cause, person_id, organisation_id, event_id, frozen) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    row.scope,
                    row.scope_id,
                    row.metric,
                    adapt(row.date),
                    row.delta,
                    row.cause,
                    person,
                    organisation,
                    event,
                    False,
                )
                for person, organisation, event, row in rows
            ],
        )


def _totals_of_rows() -> Iterator[tuple[dict, int]]:
    """The totals that the rows add up to, those of 0 left out: (key, delta)."""
    months: Counter = Counter()
    sums = LedgerRow.objects.values_list("scope", "scope_id", "metric", "date").annotate(delta=Sum("delta"))
    for scope, scope_id, metric, date, delta in sums.iterator():
        months[scope, scope_id, metric, date.replace(day=1)] += delta
        if delta:
            yield {"scope": scope, "scope_id": scope_id, "metric": metric, "span": "day", "date": date}, delta
    for (scope, scope_id, metric, date), delta in months.items():
        if delta:
            yield {"scope": scope, "scope_id": scope_id, "metric": metric, "span": "month", "date": date}, delta


def _wrong_totals() -> Iterator[str]:
    def name(key: dict) -> str:
        return f"total of the {key['span']} {key['date']} {key['scope']}:{key['scope_id']} {key['metric']}"

    right = {name(key): delta for key, delta in _totals_of_rows()}
    fields = ("scope", "scope_id", "metric", "span", "date")
    there = {name(total): total["delta"] for total in LedgerTotal.objects.values(*fields, "delta") if total["delta"]}
    for one in sorted(right.keys() | there.keys()):
        if right.get(one, 0) != there.get(one, 0):
            yield f"{one}: is {there.get(one, 0)}, must be {right.get(one, 0)}"

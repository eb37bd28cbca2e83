"""The ledger follows what happens, in the transaction in which it happens (product.md, rules 2 and 3).

Locks are taken in one order: people by key, then the ledger. Whoever holds the ledger sees everything that was committed
under it before, so what one transaction leaves out (an affiliation that another has not committed) that other adds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Q, Sum

from certificates.intervision import presences
from certificates.models import Award, Programme
from commitments.ledger import History, rows_of_event, rows_of_organisation, rows_of_person
from commitments.metrics import ORGANISATION, STOCK, TRAINED, Row
from commitments.models import LedgerRow, LedgerTotal
from commitments.sources import (
    affiliations_of,
    events_of,
    histories,
    organisations_in,
    parties_at,
    people_beside,
)
from parties.models import Person
from parties.periods import today
from sessions.models import GroupMember, Registration

ADVISORY_LOCK = 7_205_759  # any number that nothing else in this database uses
AT_A_TIME = 500
Thing = TypeVar("Thing")
SUBJECTS = {"person": "person_id", "organisation": "organisation_id", "event": "event_id"}


@transaction.atomic
def ledger_refresh(person_ids: Iterable[int]) -> None:
    """Makes the rows of these people what their source rows say now. Writes differences only."""
    wanted = sorted(set(person_ids))
    people = [key for some in _batches(wanted) for key in _people_locked(some)]
    counting = [key for some in _batches(people) for key in sorted(_who_count(some))]
    if counting:
        ledger_lock()
        _reach_rewrite(_people_rewrite(counting))


@transaction.atomic
def ledger_refresh_organisations(organisation_ids: Collection[int]) -> None:
    """The same for everybody who ever counted for these organisations, and for whether these are reached."""
    ledger_lock()
    there = Q(memberships__organisation__in=organisation_ids) | Q(
        awards__memberships__organisation__in=organisation_ids
    )
    took_part = Registration.objects.confirmed().filter(organisation__in=organisation_ids, training__state="closed")
    in_a_group = GroupMember.objects.filter(organisation__in=organisation_ids)
    people = set(Person.objects.filter(there).values_list("pk", flat=True))
    for rows in (took_part, in_a_group):
        people |= set(rows.values_list("person", flat=True))
    counting = [key for some in _batches(sorted(people)) for key in sorted(_who_count(some))]
    _reach_rewrite(_people_rewrite(counting) | set(organisation_ids))


@transaction.atomic
def ledger_refresh_programme(*, programme: Programme) -> None:
    """After a programme began or ceased to count as trained."""
    ledger_refresh(Award.objects.filter(programme=programme).values_list("person", flat=True).distinct())


@transaction.atomic
def ledger_refresh_events(event_ids: Collection[int]) -> None:
    """The same for network events: which parties somebody came for."""
    if event_ids:
        ledger_lock()
        _rows_write("event", _events_expected(event_ids))


@transaction.atomic
def ledger_freeze(*, person: Person) -> None:
    """Before a person is erased: what they counted for stays, without person or cause; from today they are in no stock.

    A party that only this person came to an event for was there all the same.
    """
    list(_people_locked([person.pk]))
    ledger_lock()
    day = today()
    rows = LedgerRow.objects.filter(person=person)
    stock = rows.filter(metric__in=STOCK)
    left = stock.filter(date__lt=day).values_list("scope", "scope_id", "metric").annotate(balance=Sum("delta"))
    last = [Row(scope, scope_id, metric, day, -balance) for scope, scope_id, metric, balance in left if balance]
    gone = list(stock.filter(date__gte=day))
    stock.filter(date__gte=day).delete()
    organisations = {row.scope_id for row in rows.filter(scope=ORGANISATION, metric=TRAINED)}
    rows.update(person=None, cause="", frozen=True)
    LedgerRow.objects.bulk_create(LedgerRow(**row._asdict(), frozen=True) for row in last)
    _totals_add(_sums([*((row, 1) for row in last), *((_row(row), -1) for row in gone)]))
    organisations |= {row.scope_id for row in gone if row.scope == ORGANISATION}
    _events_freeze(person)
    beside = sorted(people_beside(person))
    _reach_rewrite(organisations | _people_rewrite(beside, without=person))


def ledger_lock() -> None:
    """One transaction at a time writes the ledger, until it ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def _people_locked(person_ids: Iterable[int]) -> Iterator[int]:
    locked = Person.objects.select_for_update(no_key=True).filter(pk__in=list(person_ids)).order_by("pk")
    yield from locked.values_list("pk", flat=True)


def _who_count(person_ids: Collection[int]) -> set[int]:
    """Those with an award, a training, intervision, or rows in the ledger; of most on a new list there is nothing to count."""
    closed = Registration.objects.confirmed().filter(training__state="closed")
    return {
        key
        for rows in (Award.objects.all(), closed, presences(), LedgerRow.objects.all())
        for key in rows.filter(person__in=person_ids).values_list("person", flat=True).distinct()
    }


def _people_rewrite(person_ids: Sequence[int], *, without: Person | None = None) -> set[int]:
    """Returns the organisations of which the number of trained people changed."""
    changed: set[int] = set()
    for some in _batches(person_ids):
        found = histories(some, without=without)
        affiliations = affiliations_of(organisations_in(found))
        expected = {key: rows_of_person(found.get(key, History()), affiliations) for key in some}
        written = _rows_write("person", expected)
        changed |= {row.scope_id for row in written if row.scope == ORGANISATION and row.metric == TRAINED}
    return changed


def _events_expected(event_ids: Collection[int], *, without: Person | None = None) -> dict[int, Counter[Row]]:
    held = parties_at(event_ids, without=without)
    return {key: rows_of_event(key, *held[key]) if key in held else Counter() for key in event_ids}


def _events_freeze(person: Person) -> None:
    for event, remaining in _events_expected(sorted(events_of(person)), without=person).items():
        for row in LedgerRow.objects.filter(event=event, frozen=False):
            if _row(row) not in remaining:
                LedgerRow.objects.filter(pk=row.pk).update(frozen=True)


def _reach_rewrite(organisation_ids: Collection[int]) -> None:
    """Whether organisations are reached follows from their totals by day, frozen people included."""
    for some in _batches(sorted(organisation_ids)):
        changes: dict[int, dict] = defaultdict(dict)
        totals = LedgerTotal.objects.filter(scope=ORGANISATION, scope_id__in=some, span="day", metric=TRAINED)
        for organisation, day, delta in totals.values_list("scope_id", "date", "delta"):
            changes[organisation][day] = delta
        affiliations = affiliations_of(some)
        _rows_write(
            "organisation", {key: rows_of_organisation(changes[key], affiliations.get(key, {})) for key in some}
        )


def _rows_write(subject: str, expected: dict[int, Counter[Row]]) -> list[Row]:
    """Writes what is missing, deletes what is too much, adds both to the totals, and returns these rows.

    A frozen row of an event stays, and is not missing; those of people have no subject any more.
    """
    field = SUBJECTS[subject]
    missing = {key: Counter(rows) for key, rows in expected.items()}
    too_much: list[tuple[int, Row]] = []
    for existing in LedgerRow.objects.filter(**{f"{field}__in": list(expected)}):
        wanted = missing[getattr(existing, field)]
        row = _row(existing)
        if wanted[row] > 0:
            wanted[row] -= 1
        elif not existing.frozen:
            too_much.append((existing.pk, row))
    added = [(key, row) for key, rows in missing.items() for row in rows.elements()]
    LedgerRow.objects.bulk_create([LedgerRow(**row._asdict(), **{field: key}) for key, row in added], batch_size=1000)
    for some in _batches([pk for pk, _row_gone in too_much]):
        LedgerRow.objects.filter(pk__in=some).delete()
    _totals_add(_sums([*((row, 1) for _key, row in added), *((row, -1) for _pk, row in too_much)]))
    return [row for _key, row in [*added, *too_much]]


def _row(row: LedgerRow) -> Row:
    return Row(row.scope, row.scope_id, row.metric, row.date, row.delta, row.cause)


def _sums(rows: Iterable[tuple[Row, int]]) -> Counter:
    """By key of LedgerTotal: the first of the month, and the day."""
    sums: Counter = Counter()
    for row, sign in rows:
        sums[row.scope, row.scope_id, "month", row.metric, row.date.replace(day=1)] += sign * row.delta
        sums[row.scope, row.scope_id, "day", row.metric, row.date] += sign * row.delta
    return sums


def _totals_add(sums: Counter) -> None:
    keys = sorted(key for key, delta in sums.items() if delta)
    table = connection.ops.quote_name(LedgerTotal._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (scope, scope_id, span, metric, date, delta) VALUES (%s, %s, %s, %s, %s, %s) "
            f"ON CONFLICT (scope, scope_id, span, metric, date) DO UPDATE SET delta = {table}.delta + excluded.delta",
            [(*key[:-1], connection.ops.adapt_datefield_value(key[-1]), sums[key]) for key in keys],
        )


def _batches(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """No statement with more parameters than a database takes."""
    for start in range(0, len(things), AT_A_TIME):
        yield things[start : start + AT_A_TIME]

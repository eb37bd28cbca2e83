"""Where promises stand on a day, as this reader may see it (product.md, rules 1 and 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from commitments import metrics
from commitments.models import Commitment, Evidence, LedgerRow
from commitments.numbers import trend_dates, values_on
from commitments.rounding import month_end, percentage
from parties.models import Person
from parties.periods import today
from parties.rules import is_network, roles_of
from parties.small_groups import Shown, shown
from sessions.models import NetworkEvent

Metric = Commitment.Metric

#: What stands in the ledger for what a party can promise; the ledger counts minutes, a promise is in hours.
IN_LEDGER = {
    Metric.TRAINED: metrics.TRAINED,
    Metric.ORGANISATIONS_REACHED: metrics.ORGANISATIONS_REACHED,
    Metric.CERTIFICATES: metrics.CERTIFICATES,
    Metric.PARTICIPANTS: metrics.PARTICIPANTS,
    Metric.JOINTLY_TRAINED: metrics.JOINTLY_TRAINED,
    Metric.INTERVISION: metrics.INTERVISION,
    Metric.NET_HOURS: metrics.NET_MINUTES,
    Metric.EVENTS: metrics.EVENTS,
}

#: Counts of people, and hours, which tell how many people there were.
ROUNDED = frozenset(IN_LEDGER) - {Metric.ORGANISATIONS_REACHED, Metric.EVENTS}


@dataclass(frozen=True)
class Reader:
    """What somebody may see: exact numbers of everything, of some parties, or of nothing."""

    everything: bool = False
    parties: frozenset[int] = frozenset()

    @classmethod
    def of(cls, person: Person) -> Reader:
        own = frozenset(party.pk for party in roles_of(person).coordinator_of)
        return cls(everything=is_network(person), parties=own)

    def sees_exactly(self, party_id: int | None = None) -> bool:
        """``party_id`` None: the joint totals."""
        return self.everything or party_id in self.parties


@dataclass(frozen=True)
class Standing:
    """A promise and its number on a day. ``value`` is rounded when ``is_rounded``, or '<5'."""

    commitment: Commitment
    value: Shown
    is_rounded: bool
    evidence: Sequence[Evidence] = ()

    @property
    def percentage(self) -> int | None:
        """Of the denominator, only where the promise counts people or organisations on a day."""
        if self.commitment.metric not in (Metric.TRAINED, Metric.ORGANISATIONS_REACHED):
            return None
        return percentage(self.value, self.commitment.denominator)


def day_for(chosen: dt.date | None, *, exact: bool) -> dt.date:
    """The day that is shown: today, or what was chosen, which snaps to the end of a month unless numbers are exact."""
    if chosen is None:
        return today()
    return chosen if exact else month_end(chosen)


def standings(commitments: Sequence[Commitment], chosen: dt.date | None, reader: Reader) -> list[Standing]:
    """In the order given. Three queries, however many there are and whatever they count."""
    by_hand = [one.pk for one in commitments if one.metric == Metric.BY_HAND]
    days = {one.pk: day_for(chosen, exact=reader.sees_exactly(one.party_id)) for one in commitments}
    counted = _counted([one for one in commitments if one.metric != Metric.BY_HAND], days)
    shown_by: dict[int, list[Evidence]] = {one.pk: [] for one in commitments}
    for evidence in Evidence.objects.filter(commitment__in=[one.pk for one in commitments]).order_by("-date", "-pk"):
        if evidence.date <= days[evidence.commitment_id]:
            shown_by[evidence.commitment_id].append(evidence)
    found = []
    for one in commitments:
        if one.pk in by_hand:
            value = sum(evidence.amount for evidence in shown_by[one.pk] if evidence.date >= one.since)
        else:
            value = counted[one.pk]
        rounded = one.metric in ROUNDED and not reader.sees_exactly(one.party_id)
        found.append(Standing(one, shown(value) if rounded else value, rounded, shown_by[one.pk]))
    return found


def _counted(commitments: Sequence[Commitment], days: dict[int, dt.date]) -> dict[int, int]:
    """Stock as it is on the day; flow since the promise began."""
    parties = {one.party_id for one in commitments}
    wanted = {IN_LEDGER[Metric(one.metric)] for one in commitments}
    before = {one.pk: min(one.since - dt.timedelta(days=1), days[one.pk]) for one in commitments}
    values = values_on(metrics.PARTY, parties, wanted, {*days.values(), *before.values()})
    found = {}
    for one in commitments:
        metric = IN_LEDGER[Metric(one.metric)]
        value = values[one.party_id, metric, days[one.pk]]
        if metric not in metrics.STOCK:
            value -= values[one.party_id, metric, before[one.pk]]
        found[one.pk] = value // 60 if one.metric == Metric.NET_HOURS else value
    return found


def totals(scope: str, scope_id: int, day: dt.date, *, exact: bool) -> dict[str, Shown]:
    """Everything that the ledger counts of a scope until and on a day, by metric as a promise names it."""
    values = values_on(scope, [scope_id], metrics.METRICS, [day])
    found: dict[str, Shown] = {}
    for name, metric in IN_LEDGER.items():
        value = values[scope_id, metric, day] // (60 if name == Metric.NET_HOURS else 1)
        found[name.value] = value if exact or name not in ROUNDED else shown(value)
    return found


def trend_of(
    scope: str, scope_id: int, metric: Metric, chosen: dt.date | None, *, exact: bool
) -> list[tuple[dt.date, int]]:
    """Values at ends of months, for a chart. Rounded where it must be; what is hidden then is left out."""
    dates = trend_dates(day_for(chosen, exact=exact))
    values = values_on(scope, [scope_id], [IN_LEDGER[metric]], dates)
    found = []
    for date in dates:
        value: Shown = values[scope_id, IN_LEDGER[metric], date]
        if not exact and metric in ROUNDED:
            value = shown(int(value))
        if isinstance(value, int):
            found.append((date, value))
    return found


def events_counted(scope: str, scope_id: int, day: dt.date) -> list[tuple[NetworkEvent, dt.date]]:
    """The network events that a number of them is made of, each with its last day, the last one first."""
    rows = LedgerRow.objects.filter(scope=scope, scope_id=scope_id, metric=metrics.EVENTS, date__lte=day)
    found = rows.select_related("event").order_by("-date", "-event")
    return [(row.event, row.date) for row in found if row.event is not None]


def of_organisations(organisation_ids: Collection[int], metric: Metric, day: dt.date) -> dict[int, Shown]:
    """One number for each organisation, rounded, also for who sees the totals exactly (rule 4)."""
    values = values_on(metrics.ORGANISATION, organisation_ids, [IN_LEDGER[metric]], [day])
    hours = 60 if metric == Metric.NET_HOURS else 1
    return {key: shown(values[key, IN_LEDGER[metric], day] // hours) for key in organisation_ids}

"""From the history of one person, or of one organisation, to its rows in the ledger. Data in, data out.

Rules 1 and 2 of product.md. 'Trained' in the network means: trained in at least one of its parties, so an organisation
that left all parties takes its people with it. Certificates count on the day of the award, also when they are
revoked later: revoking ends the stock, not what happened. A meeting of intervision counts from the first of the next month
and its cause is a school year, so that nobody learns from the ledger when a group met, or which (rule 7).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from certificates.coarse import known_from, school_year
from commitments.intervals import FOREVER, Interval, covers, intersection, union
from commitments.metrics import (
    CERTIFICATES,
    EVENTS,
    EVERYBODY,
    INTERVISION,
    JOINTLY_TRAINED,
    NET_MINUTES,
    NETWORK,
    ORGANISATION,
    ORGANISATIONS_REACHED,
    PARTICIPANTS,
    PARTY,
    TRAINED,
    Row,
)

#: For each organisation and party, when the one belongs to the other.
Affiliations = Mapping[int, Mapping[int, list[Interval]]]


@dataclass(frozen=True)
class Grant:
    """An award. ``valid`` is empty ([d, d)) when it was revoked on its first day; ``organisations`` are frozen."""

    award_id: int
    day: dt.date
    valid: Interval
    counts_as_trained: bool
    organisations: tuple[int, ...]


@dataclass(frozen=True)
class Presence:
    """A closed training that was attended for at least 80%, on its last day, for the organisation frozen then."""

    training_id: int
    day: dt.date
    organisation_id: int
    minutes: int
    jointly: bool


@dataclass(frozen=True)
class GroupMeeting:
    """A meeting of intervision that somebody was at, for the organisation frozen with their place in the group."""

    day: dt.date
    organisation_id: int
    minutes: int


@dataclass
class History:
    """What counts of one person. ``stays`` are the confirmed memberships by organisation."""

    stays: dict[int, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    grants: list[Grant] = field(default_factory=list)
    presences: list[Presence] = field(default_factory=list)
    group_meetings: list[GroupMeeting] = field(default_factory=list)


def rows_of_person(history: History, affiliations: Affiliations) -> Counter[Row]:
    return Counter(
        [
            *_trained(history, affiliations),
            *_certificates(history, affiliations),
            *_presences(history, affiliations),
            *_intervision(history, affiliations),
        ]
    )


def rows_of_organisation(people_trained: Mapping[dt.date, int], parties: Mapping[int, list[Interval]]) -> Counter[Row]:
    """Whether an organisation is reached: while it belongs to a party, on the days that anybody there is trained.

    ``people_trained``: by date, by how many the number of trained people there changes.
    """
    reached = _while_positive(people_trained)
    pieces = {party: intersection(reached, periods) for party, periods in parties.items()}
    return Counter(
        [
            *(row for party, piece in pieces.items() for row in _edges(PARTY, party, ORGANISATIONS_REACHED, piece)),
            *_edges(
                NETWORK, EVERYBODY, ORGANISATIONS_REACHED, union(day for piece in pieces.values() for day in piece)
            ),
        ]
    )


def rows_of_event(event_id: int, day: dt.date, parties: Collection[int]) -> Counter[Row]:
    """A closed network event whose last day was ``day``, and the parties that somebody came for."""
    scopes = [(PARTY, party) for party in sorted(parties)] + ([(NETWORK, EVERYBODY)] if parties else [])
    return Counter(Row(scope, scope_id, EVENTS, day, 1, f"event:{event_id}") for scope, scope_id in scopes)


def _trained(history: History, affiliations: Affiliations) -> Iterable[Row]:
    valid = union(grant.valid for grant in history.grants if grant.counts_as_trained)
    pieces: dict[int, list[Interval]] = defaultdict(list)
    for organisation, stays in history.stays.items():
        trained = intersection(union(stays), valid)
        yield from _edges(ORGANISATION, organisation, TRAINED, trained)
        for party, periods in affiliations.get(organisation, {}).items():
            pieces[party] += intersection(trained, periods)
    for party, piece in pieces.items():
        yield from _edges(PARTY, party, TRAINED, union(piece))
    yield from _edges(NETWORK, EVERYBODY, TRAINED, union(day for piece in pieces.values() for day in piece))


def _certificates(history: History, affiliations: Affiliations) -> Iterable[Row]:
    for grant in history.grants:
        for scope, scope_id in _scopes(grant.organisations, grant.day, affiliations):
            yield Row(scope, scope_id, CERTIFICATES, grant.day, 1, f"award:{grant.award_id}")


def _presences(history: History, affiliations: Affiliations) -> Iterable[Row]:
    for presence in history.presences:
        counts = {PARTICIPANTS: 1, JOINTLY_TRAINED: int(presence.jointly), NET_MINUTES: presence.minutes}
        for scope, scope_id in _scopes([presence.organisation_id], presence.day, affiliations):
            for metric, count in counts.items():
                if count:
                    yield Row(scope, scope_id, metric, presence.day, count, f"training:{presence.training_id}")


def _intervision(history: History, affiliations: Affiliations) -> Iterable[Row]:
    for meeting in history.group_meetings:
        known, cause = known_from(meeting.day), f"intervision:{school_year(meeting.day)}"
        for scope, scope_id in _scopes([meeting.organisation_id], meeting.day, affiliations):
            yield Row(scope, scope_id, INTERVISION, known, 1, cause)
            if meeting.minutes:
                yield Row(scope, scope_id, NET_MINUTES, known, meeting.minutes, cause)


def _scopes(organisations: Iterable[int], day: dt.date, affiliations: Affiliations) -> set[tuple[str, int]]:
    """Where something of that day counts, each scope once."""
    found = set()
    for organisation in organisations:
        found.add((ORGANISATION, organisation))
        for party, periods in affiliations.get(organisation, {}).items():
            if covers(periods, day):
                found |= {(PARTY, party), (NETWORK, EVERYBODY)}
    return found


def _edges(scope: str, scope_id: int, metric: str, intervals: Iterable[Interval]) -> Iterable[Row]:
    """+1 where an interval begins, -1 where it ends."""
    for since, until in intervals:
        yield Row(scope, scope_id, metric, since, 1)
        if until != FOREVER:
            yield Row(scope, scope_id, metric, until, -1)


def _while_positive(changes: Mapping[dt.date, int]) -> list[Interval]:
    found: list[Interval] = []
    count = 0
    since: dt.date | None = None
    for day in sorted(changes):
        count += changes[day]
        if count > 0 and since is None:
            since = day
        elif count <= 0 and since is not None:
            found.append((since, day))
            since = None
    if since is not None:
        found.append((since, FOREVER))
    return found

"""What the ledger must say on a day, counted once more in straight SQL over the source rows."""

import datetime as dt
from collections import Counter

from django.db import connection

from commitments.metrics import METRICS, NETWORK, ORGANISATION, PARTY
from commitments.numbers import values_on
from parties.models import Organisation, Party

TRAINED = """
    FROM parties_membership m
    JOIN certificates_award a ON a.person_id = m.person_id
    JOIN certificates_programme p ON p.id = a.programme_id AND p.counts_as_trained
    {affiliation}
    WHERE m.state = 'confirmed' AND m.since <= %(day)s AND (m.until IS NULL OR m.until > %(day)s)
    AND COALESCE(a.known_from, a.valid_from) <= %(day)s AND a.valid_until > %(day)s AND (a.revoked_on IS NULL OR a.revoked_on > %(day)s)
"""
AFFILIATED_TODAY = """
    JOIN parties_affiliation f ON f.organisation_id = m.organisation_id
    AND f.since <= %(day)s AND (f.until IS NULL OR f.until > %(day)s)
"""
AWARDED = """
    FROM certificates_award a JOIN certificates_awardmembership m ON m.award_id = a.id
    {affiliation} WHERE COALESCE(a.known_from, a.valid_from) <= %(day)s
"""
AFFILIATED_THEN = """
    JOIN parties_affiliation f ON f.organisation_id = m.organisation_id
    AND f.since <= {then} AND (f.until IS NULL OR f.until > {then})
"""
HELD = """
    WITH held AS (
        SELECT t.training_id AS id, SUM({minutes} - t.break_minutes) AS net, MAX({date}) AS day
        FROM meetings_meeting t JOIN meetings_training c ON c.id = t.training_id AND c.state = 'closed' GROUP BY t.training_id
    ), there AS (
        SELECT t.training_id, x.person_id, SUM(x.minutes) AS minutes
        FROM meetings_attendance x JOIN meetings_meeting t ON t.id = x.meeting_id
        WHERE x.state IN ('present', 'late', 'left_early') GROUP BY t.training_id, x.person_id
    ), took_part AS (
        SELECT r.id, r.training_id, r.side, r.organisation_id, there.minutes, held.net, held.day
        FROM meetings_registration r JOIN held ON held.id = r.training_id
        JOIN there ON there.training_id = r.training_id AND there.person_id = r.person_id
        WHERE r.state = 'confirmed' AND there.minutes > 0
    ), attended AS (
        SELECT m.*, (SELECT COUNT(DISTINCT side) FROM took_part o WHERE o.training_id = m.training_id) AS sides
        FROM took_part m WHERE m.minutes * 100 >= m.net * 80 AND m.day <= %(day)s
    ), counted AS (SELECT DISTINCT m.id, m.minutes, m.sides, {scope} AS scope FROM attended m {affiliation})
"""


MET = """
    WITH met AS (
        SELECT x.id, x.person_id, x.minutes, t.group_id, {date} AS day
        FROM meetings_attendance x JOIN meetings_meeting t ON t.id = x.meeting_id
        WHERE t.group_id IS NOT NULL AND t.cancelled_at IS NULL AND x.state IN ('present', 'late', 'left_early')
    ), placed AS (
        SELECT met.*, (
            SELECT g.organisation_id FROM meetings_groupmember g
            WHERE g.group_id = met.group_id AND g.person_id = met.person_id AND g.since <= met.day
            ORDER BY g.since DESC, g.id DESC LIMIT 1
        ) AS organisation_id FROM met
    ), known AS (
        SELECT * FROM placed
        WHERE organisation_id IS NOT NULL AND SUBSTR(CAST(day AS text), 1, 7) < SUBSTR(CAST(%(day)s AS text), 1, 7)
    ), counted AS (SELECT DISTINCT m.id, m.minutes, {scope} AS scope FROM known m {affiliation})
"""
EVENTS = """
    WITH held AS (
        SELECT t.event_id AS id, MAX({date}) AS day
        FROM meetings_meeting t JOIN meetings_networkevent e ON e.id = t.event_id AND e.state = 'closed' GROUP BY t.event_id
    )
    SELECT {scope}, COUNT(DISTINCT held.id)
    FROM held JOIN meetings_registration r ON r.event_id = held.id AND r.state = 'confirmed'
    JOIN meetings_meeting t ON t.event_id = held.id
    JOIN meetings_attendance x ON x.meeting_id = t.id AND x.person_id = r.person_id
    WHERE held.day <= %(day)s AND x.state IN ('present', 'late', 'left_early') AND x.minutes > 0 GROUP BY 1
"""


def third_count(day: dt.date) -> dict[tuple[str, int, str], int]:
    """Values by (scope, scope_id, metric); those of 0 left out."""
    found: Counter[tuple[str, int, str]] = Counter()
    for scope, key, today, then in (
        (ORGANISATION, "m.organisation_id", "", ""),
        (PARTY, "f.party_id", AFFILIATED_TODAY, AFFILIATED_THEN),
        (NETWORK, "0", AFFILIATED_TODAY, AFFILIATED_THEN),
    ):
        trained = TRAINED.format(affiliation=today)
        awarded = AWARDED.format(affiliation=then.format(then="COALESCE(a.known_from, a.valid_from)"))
        counts = [
            ("trained", f"SELECT {key}, COUNT(DISTINCT m.person_id) {trained} GROUP BY 1"),
            ("certificates", f"SELECT {key}, COUNT(DISTINCT a.id) {awarded} GROUP BY 1"),
        ]
        if scope != ORGANISATION:
            reached = f"SELECT {key}, COUNT(DISTINCT m.organisation_id) {trained} GROUP BY 1"
            came = EVENTS.format(date=_moments()["date"], scope="r.party_id" if scope == PARTY else "0")
            counts += [("organisations_reached", reached), ("events", came)]
        held = HELD.format(**_moments(), scope=key, affiliation=then.format(then="m.day"))
        for metric, what in (
            ("participants", "COUNT(*)"),
            ("jointly_trained", "SUM(CASE WHEN sides = 2 THEN 1 ELSE 0 END)"),
            ("net_minutes", "SUM(minutes)"),
        ):
            counts.append((metric, f"{held} SELECT scope, {what} FROM counted GROUP BY 1"))
        met = MET.format(date=_moments()["date"], scope=key, affiliation=then.format(then="m.day"))
        for metric, what in (("intervision", "COUNT(*)"), ("net_minutes", "SUM(minutes)")):
            counts.append((metric, f"{met} SELECT scope, {what} FROM counted GROUP BY 1"))
        for metric, statement in counts:
            with connection.cursor() as cursor:
                cursor.execute(statement, {"day": day.isoformat()})
                found.update({(scope, scope_id, metric): int(value) for scope_id, value in cursor.fetchall() if value})
    return dict(found)


def ledger_says(day: dt.date) -> dict[tuple[str, int, str], int]:
    """The same from the ledger's totals."""
    scopes = {
        ORGANISATION: list(Organisation.objects.values_list("pk", flat=True)),
        PARTY: list(Party.objects.values_list("pk", flat=True)),
        NETWORK: [0],
    }
    return {
        (scope, scope_id, metric): value
        for scope, scope_ids in scopes.items()
        for (scope_id, metric, _date), value in values_on(scope, scope_ids, METRICS, [day]).items()
        if value
    }


def _moments() -> dict[str, str]:
    if connection.vendor == "postgresql":
        return {
            "minutes": "EXTRACT(EPOCH FROM t.ends_at - t.starts_at)::integer / 60",
            "date": "(t.ends_at AT TIME ZONE 'Europe/Amsterdam')::date",
        }
    return {
        "minutes": "(unixepoch(t.ends_at) - unixepoch(t.starts_at)) / 60",
        "date": "django_datetime_cast_date(t.ends_at, 'UTC', 'Europe/Amsterdam')",
    }

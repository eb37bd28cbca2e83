"""Reads the source rows that the ledger is made of, for some people, organisations or events at a time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from certificates.intervision import presences
from certificates.models import Award, AwardMembership
from commitments.intervals import Interval, interval, union
from commitments.ledger import Grant, GroupMeeting, History, Presence
from parties.models import Affiliation, Membership, Person
from sessions.models import Attendance, NetworkEvent, Registration, Training


def histories(person_ids: Collection[int], *, without: Person | None = None) -> dict[int, History]:
    """By person; people without anything that counts are left out. Five queries.

    ``without``: as if this person had never attended anything, for who trained together with them.
    """
    found: dict[int, History] = defaultdict(History)
    stays = Membership.objects.counted().filter(person__in=person_ids)
    for person, organisation, since, until in stays.values_list("person", "organisation", "since", "until"):
        found[person].stays[organisation].append(interval(since, until))
    frozen: dict[int, list[int]] = defaultdict(list)
    of_awards = AwardMembership.objects.filter(award__person__in=person_ids)
    for award_id, organisation in of_awards.values_list("award", "organisation"):
        frozen[award_id].append(organisation)
    for award in Award.objects.filter(person__in=person_ids).select_related("programme"):
        found[award.person_id].grants.append(_grant(award, tuple(frozen[award.pk])))
    registrations = Registration.objects.attended().filter(person__in=person_ids)
    alone = _one_sided(without) if without else frozenset()
    for row in registrations:
        found[row.person_id].presences.append(
            Presence(
                training_id=row.training_id,
                day=timezone.localdate(row.held_until),
                organisation_id=row.organisation_id,
                minutes=row.minutes_attended,
                jointly=row.is_joint_held and row.training_id not in alone,
            )
        )
    met = presences().filter(person__in=person_ids, counts_for__isnull=False)
    for person, day, organisation, minutes in met.values_list("person", "day", "counts_for", "minutes"):
        found[person].group_meetings.append(GroupMeeting(day, organisation, minutes))
    return found


def parties_at(event_ids: Collection[int], *, without: Person | None = None) -> dict[int, tuple[dt.date, set[int]]]:
    """Of closed events: the last day, and the parties for which somebody was there for at least a minute. Two queries.

    ``without``: as if this person had not come.
    """
    there = Attendance.objects.filter(
        meeting__event=OuterRef("event"), person=OuterRef("person"), state__in=Attendance.THERE, minutes__gt=0
    )
    came = Registration.objects.confirmed().filter(Exists(there), event__in=event_ids)
    if without is not None:
        came = came.exclude(person=without)
    parties: dict[int, set[int]] = defaultdict(set)
    for event, party in came.values_list("event", "party").distinct():
        parties[event].add(party)
    held = NetworkEvent.objects.filter(pk__in=event_ids, state=NetworkEvent.State.CLOSED)
    ended = held.annotate(ended=Max("meetings__ends_at")).filter(ended__isnull=False).values_list("pk", "ended")
    return {event: (timezone.localdate(moment), parties[event]) for event, moment in ended}


def events_of(person: Person) -> set[int]:
    """Closed events that this person was at."""
    there = Attendance.objects.filter(person=person, meeting__event__state="closed", state__in=Attendance.THERE)
    return set(there.values_list("meeting__event", flat=True))


def affiliations_of(organisation_ids: Collection[int]) -> dict[int, dict[int, list[Interval]]]:
    """When each organisation belonged to which party: {organisation: {party: intervals}}."""
    periods: dict[int, dict[int, list[Interval]]] = defaultdict(lambda: defaultdict(list))
    rows = Affiliation.objects.filter(organisation__in=organisation_ids)
    for organisation, party, since, until in rows.values_list("organisation", "party", "since", "until"):
        periods[organisation][party].append(interval(since, until))
    return {
        organisation: {party: union(found) for party, found in parties.items()}
        for organisation, parties in periods.items()
    }


def organisations_in(found: dict[int, History]) -> set[int]:
    return {
        organisation
        for history in found.values()
        for organisation in [
            *history.stays,
            *(one for grant in history.grants for one in grant.organisations),
            *(presence.organisation_id for presence in history.presences),
            *(meeting.organisation_id for meeting in history.group_meetings),
        ]
    }


def people_beside(person: Person) -> set[int]:
    """Everybody who was at a closed training together with this person."""
    trainings = Training.objects.filter(state="closed", meetings__attendances__person=person)
    there = Attendance.objects.filter(meeting__training__in=trainings, state__in=Attendance.THERE).exclude(
        person=person
    )
    return set(there.values_list("person", flat=True))


def _one_sided(person: Person) -> frozenset[int]:
    """Trainings where this person was the only one of a side."""
    mine = Registration.objects.confirmed().filter(person=person, training__state="closed")
    sides = dict(mine.values_list("training", "side"))
    others = (
        Attendance.objects.filter(meeting__training__in=sides, state__in=Attendance.THERE, minutes__gt=0)
        .exclude(person=person)
        .values_list("meeting__training", "person")
    )
    there = set(others)
    registered = Registration.objects.confirmed().filter(training__in=sides).exclude(person=person)
    accompanied = {
        training
        for training, other, side in registered.values_list("training", "person", "side")
        if sides[training] == side and (training, other) in there
    }
    return frozenset(set(sides) - accompanied)


def _grant(award: Award, organisations: tuple[int, ...]) -> Grant:
    since, until = award.counts_from, award.valid_until
    if award.revoked_on is not None:
        until = max(since, min(until, award.revoked_on))
    return Grant(
        award_id=award.pk,
        day=since,
        valid=(since, until),
        counts_as_trained=award.programme.counts_as_trained,
        organisations=organisations,
    )

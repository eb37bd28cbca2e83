"""The network events of the demo: a reflection meeting that was held, and a design session to come.

Registering for what is over is impossible, so those registrations are rows; presence and closing the list are the real actions.
"""

import datetime as dt

from parties.models import Affiliation, Membership, Party, Person
from parties.periods import today
from sessions.actions.attendance import attendance_mark
from sessions.actions.event_registrations import Guest, event_register, event_register_guest
from sessions.actions.events import event_close, event_plan, event_publish
from sessions.actions.invitations import invitation_answer
from sessions.event_plan import EventPlan
from sessions.models import Invitation, NetworkEvent, Registration
from sessions.plan import MeetingPlan

from .history import at

HELD_DAYS_AGO, DAYS_TO_COME = 75, 35
REFLECTION = """
<p>Elk jaar kijken de partijen samen terug: wat is er van de toezeggingen gekomen, en wat vraagt om iets anders?</p>
<p>Neem de bladzijde met de voortgang van je eigen partij mee.</p>
"""
DESIGN = """
<p>Hoe weet een stagiair bij wie die terechtkan? In deze sessie ontwerpen scholen, bedrijven en de gemeente samen een
meldroute die op school en op de werkplek hetzelfde is.</p>
<p>Kom met twee mensen: één die met stagiairs werkt, en één die erover beslist.</p>
"""


def events_load(accounts: dict[str, Person]) -> None:
    by, named = accounts["netwerk@demo.example"], [person.pk for person in accounts.values()]
    people = {party: _people(party, named) for party in Party.objects.all()}
    _held(by, people)
    _coming(by, accounts["coordinator@demo.example"], people)


def _people(party: Party, named: list[int]) -> list[Membership]:
    """Three who work for this party, each at another organisation where there are so many."""
    organisations = Affiliation.objects.valid_on(today()).filter(party=party).values("organisation")
    found = Membership.objects.counted().current().filter(organisation__in=organisations).exclude(person__in=named)
    first: dict[int, Membership] = {}
    rest: list[Membership] = []
    for membership in found.select_related("person", "organisation").order_by("pk"):
        if first.setdefault(membership.organisation_id, membership) is not membership:
            rest.append(membership)
    return [*first.values(), *rest][:3]


def _held(by: Person, people: dict[Party, list[Membership]]) -> None:
    """Two of each party were registered; one in five did not come."""
    host = Party.objects.get(slug="gemeente-den-haag")
    event = _open(by, host, kind="reflection", title="Reflectiebijeenkomst: het eerste jaar", days=-HELD_DAYS_AGO)
    registered_at = at(-HELD_DAYS_AGO - 30, 10)
    registrations: dict[int, Registration] = {}
    for party, memberships in people.items():
        for membership in memberships[:2]:
            if membership.person_id not in registrations:
                registrations[membership.person_id] = Registration(
                    event=event,
                    party=party,
                    person=membership.person,
                    membership=membership,
                    organisation=membership.organisation,
                    side=membership.side,
                    state=Registration.State.CONFIRMED,
                    queued_at=registered_at,
                    state_at=registered_at,
                    registered_by=membership.person,
                )
    Registration.objects.bulk_create(registrations.values())
    meeting = event.meetings.get()
    for number, registration in enumerate(registrations.values()):
        state = "absent" if number % 5 == 1 else "present"
        attendance_mark(meeting=meeting, person=registration.person, state=state, by=by)
    event_close(event=event)
    closed_at = meeting.ends_at + dt.timedelta(minutes=20)
    NetworkEvent.objects.filter(pk=event.pk).update(closed_at=closed_at, created_at=at(-HELD_DAYS_AGO - 60, 9))
    meeting.attendances.update(marked_at=meeting.starts_at)


def _coming(by: Person, coordinator: Person, people: dict[Party, list[Membership]]) -> None:
    host = Party.objects.get(slug="de-haagse-hogeschool")
    event = _open(by, host, kind="design_session", title="Ontwerpsessie: één meldroute", days=DAYS_TO_COME)
    for number, (party, memberships) in enumerate(people.items()):
        for membership in memberships[number % 3 :]:
            if event.registrations.filter(person=membership.person).exists():
                continue
            registration = event_register(event=event, party=party, membership=membership)
            invitation = Invitation.objects.active().get(person=registration.person, meeting__event=event)
            if number % 2:
                invitation_answer(invitation=invitation, partstat="ACCEPTED")
    own = Party.objects.get(slug="roc-mondriaan")
    organisation = own.organisations.get(slug="roc-mondriaan")
    guest = Guest(name="Rita Kuipers", address="r.kuipers@mbo.example", organisation=organisation, side="school")
    event_register_guest(event=event, party=own, guest=guest, by=coordinator)


def _open(by: Person, host: Party, *, kind: str, title: str, days: int) -> NetworkEvent:
    starts_at = at(days, 13, 30)
    plan = EventPlan(
        kind=kind,
        title=title,
        description=REFLECTION if kind == "reflection" else DESIGN,
        host=host,
        reply_to=by.email or "",
        seats_a_party=None if kind == "reflection" else 4,
        registration_closes_at=starts_at.replace(hour=17) - dt.timedelta(days=3),
        meetings=(
            MeetingPlan(
                starts_at=starts_at,
                ends_at=starts_at + dt.timedelta(hours=3),
                break_minutes=30,
                place="Stadhuis, Spui 70, Atrium" if kind == "reflection" else "De Haagse Hogeschool, Slinger 2",
            ),
        ),
    )
    return event_publish(event=event_plan(plan=plan, by=by))

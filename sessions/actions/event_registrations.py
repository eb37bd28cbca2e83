"""Who comes to a network event, and for which party.

The event's row is locked for as long as seats are given out (SQLite: the transaction is). There is no waiting list.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parties.actions.audit import audit_record
from parties.actions.people import person_create
from parties.models import Affiliation, Membership, Organisation, Party, Person
from parties.periods import today
from sessions.actions.invitations import invitations_cancel, invitations_send
from sessions.actions.registrations import registration_move
from sessions.models import NetworkEvent, Registration


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Whom a coordinator registers: the name and address as written, and from where they come."""

    name: str
    address: str
    organisation: Organisation
    side: str


def event_register(*, event: NetworkEvent, party: Party, membership: Membership, name: str = "") -> Registration:
    """The person of ``membership`` comes for ``party``, to which their organisation belongs today.

    ``name``: for the list, from who has none yet.

    Raises:
        ValidationError: with the reason in a sentence.
    """
    with transaction.atomic():
        event = NetworkEvent.objects.locked(event.pk)
        event_registration_check(event=event)
        if membership.state == Membership.State.DECLINED or not membership.is_current():
            raise ValidationError(_("You can only register for where you work today."), code="not_current")
        _check_party(party, membership.organisation)
        if event.registrations.active().filter(person=membership.person_id).exists():
            raise ValidationError(_("You are registered already."), code="registered")
        if not has_room(event, party):
            words = _(
                "All seats of %(party)s are taken. Ask the coordinator of your party whether somebody can give a seat up."
            )
            raise ValidationError(words % {"party": party}, code="full")
        return _add(
            Registration(
                event=event,
                party=party,
                person=membership.person,
                membership=membership,
                organisation=membership.organisation,
                side=membership.side,
                name=name,
                registered_by=membership.person,
            )
        )


def event_register_guest(*, event: NetworkEvent, party: Party, guest: Guest, by: Person) -> Registration:
    """A coordinator of ``party`` registers somebody by mail address; an unknown address becomes a Person.

    What is kept of the guest is what was written, so that nobody can tell from it whether the address was known.

    Raises:
        ValidationError: with the reason in a sentence; under ``address`` where it is about the person.
    """
    with transaction.atomic():
        event = NetworkEvent.objects.locked(event.pk)
        event_registration_check(event=event)
        _check_party(party, guest.organisation)
        address = guest.address.strip().lower()
        member = (
            Membership.objects.current()
            .filter(organisation=guest.organisation, work_address__iexact=address)
            .select_related("person")
            .first()
        )
        person = member.person if member else Person.objects.with_address(address).first()
        if person is not None:
            _check_guest(event, party, person)
        if not has_room(event, party):
            words = _("All seats of %(party)s are taken. Take somebody off first.")
            raise ValidationError(words % {"party": party}, code="full")
        person = person or _person(guest.name, address)
        works_here = Membership.objects.current().filter(person=person, organisation=guest.organisation)
        member = member or works_here.first()
        registration = _add(
            Registration(
                event=event,
                party=party,
                person=person,
                membership=member,
                organisation=guest.organisation,
                side=guest.side,
                name=guest.name.strip(),
                registered_by=by,
            )
        )
        audit_record(by=by, verb="registration.create", about=person, target=f"event:{event.pk}")
    return registration


def event_registration_check(*, event: NetworkEvent) -> None:
    """Whether people can register at this moment.

    Raises:
        ValidationError: with the reason in a sentence.
    """
    if event.state == NetworkEvent.State.CANCELLED:
        raise ValidationError(_("This meeting does not go on."), code="cancelled")
    if event.state == NetworkEvent.State.CLOSED:
        raise ValidationError(_("This meeting has been held already."), code="closed")
    if event.state != NetworkEvent.State.PUBLISHED:
        raise ValidationError(_("This meeting is not open for registration yet."), code="draft")
    if event.has_started():
        raise ValidationError(_("This meeting has started already."), code="started")
    closes_at = event.registration_closes_at
    if closes_at and closes_at <= timezone.now():
        raise ValidationError(
            _("Registration closed on %(date)s.") % {"date": date_format(timezone.localtime(closes_at), "j F")},
            code="deadline",
        )


def event_unregister(*, registration: Registration, by: Person) -> Registration:
    """Takes somebody off the list, by their own wish or by a coordinator. The seat is free for their party again.

    Raises:
        ValidationError: with the reason in a sentence.
    """
    with transaction.atomic():
        event = NetworkEvent.objects.locked(registration.event_id)
        registration = Registration.objects.select_related("person").get(pk=registration.pk)
        own_wish = by.pk == registration.person_id
        if registration.state not in Registration.ACTIVE:
            raise ValidationError(_("This registration has ended already."), code="wrong_state")
        if event.state == NetworkEvent.State.CLOSED:
            raise ValidationError(_("The list of this meeting is closed."), code="closed")
        if own_wish and event.has_started():
            raise ValidationError(_("The meeting has started, so you stay on the list."), code="started")
        if registration.person.attendances.filter(meeting__event=event).exists():
            raise ValidationError(
                _("This person has been marked on the attendance list, so the registration stays."),
                code="has_attendance",
            )
        invitations_cancel(registrations=[registration], reason="own_wish" if own_wish else "taken_off")
        registration_move(registration, Registration.State.CANCELLED)
        if not own_wish:
            audit_record(by=by, verb="registration.cancel", about=registration.person, target=f"event:{event.pk}")
    return registration


def has_room(event: NetworkEvent, party: Party) -> bool:
    return event.seats_a_party is None or (
        event.registrations.confirmed().filter(party=party).count() < event.seats_a_party
    )


def _check_party(party: Party, organisation: Organisation) -> None:
    if not Affiliation.objects.valid_on(today()).filter(party=party, organisation=organisation).exists():
        words = _("%(organisation)s does not belong to %(party)s.")
        raise ValidationError(words % {"organisation": organisation, "party": party}, code="not_affiliated")


def _check_guest(event: NetworkEvent, party: Party, person: Person) -> None:
    registered = event.registrations.active().filter(person=person).first()
    if registered and registered.party_id == party.pk:
        raise ValidationError({"address": [_("This person is on your list already.")]}, code="registered")
    if registered or not person.is_active:
        # For which party they come, or what became of them, is theirs to tell.
        raise ValidationError({"address": [_("This person can only register themselves for this meeting.")]})


def _person(name: str, address: str) -> Person:
    try:
        with transaction.atomic():
            return person_create(name=name, email=address)
    except (IntegrityError, ValidationError):  # the same address came in through another window just now
        return Person.objects.with_address(address).get()


def _add(registration: Registration) -> Registration:
    registration.state = Registration.State.CONFIRMED
    registration.queued_at = registration.state_at = timezone.now()
    registration.full_clean()
    registration.save()
    invitations_send(registrations=[registration])
    return registration

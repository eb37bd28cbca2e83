"""Registering, leaving, and who gets the seat that comes free.

The training's row is locked for as long as seats are given out (SQLite: the transaction is), and the unique seat number
stops whoever would come past that.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parties.actions.audit import audit_record
from parties.models import Membership, Person
from parties.periods import today
from sessions.actions.invitations import invitations_cancel, invitations_send
from sessions.emails import waiting_mails
from sessions.models import Registration, Training
from sessions.seating import promotions


def registration_create(*, training: Training, membership: Membership, by: Person) -> Registration:
    """Registers the person of ``membership``: with a seat when one is free for their side, else at the end of the queue.

    A trainer of the training may do it after the deadline and during the training, until the list is closed.

    Raises:
        ValidationError: with the reason in a sentence.
    """
    with transaction.atomic():
        training = Training.objects.locked(training.pk)
        registration_check(training=training, membership=membership, by=by)
        registration = Registration(
            training=training,
            person=membership.person,
            membership=membership,
            organisation=membership.organisation,
            side=membership.side,
            state=Registration.State.WAITLISTED,
            registered_by=by,
        )
        registration.full_clean()
        registration.save()
        if by.pk != membership.person_id:
            audit_record(by=by, verb="registration.create", about=membership.person, target=f"training:{training.pk}")
        _fill(training)
        registration.refresh_from_db()
        if registration.state == Registration.State.WAITLISTED:
            waiting_mails(registrations=[registration])
    return registration


def registration_check(*, training: Training, membership: Membership, by: Person) -> None:
    """Whether ``by`` can register the person of ``membership`` at this moment; a full side is no reason, that waits.

    Raises:
        ValidationError: with the reason in a sentence.
    """
    is_trainer = training.trainers.filter(pk=by.pk).exists()
    if training.state == Training.State.CANCELLED:
        raise ValidationError(_("This training does not go on."), code="cancelled")
    if training.state == Training.State.CLOSED:
        raise ValidationError(_("This training has been given already."), code="closed")
    if training.state != Training.State.PUBLISHED:
        raise ValidationError(_("This training is not open for registration yet."), code="draft")
    if membership.state == Membership.State.DECLINED or not membership.is_current():
        raise ValidationError(_("You can only register for where somebody works today."), code="not_current")
    if training.registrations.active().filter(person=membership.person_id).exists():
        if by.pk == membership.person_id:
            raise ValidationError(_("You are registered already."), code="registered")
        raise ValidationError(_("This person is registered already."), code="registered")
    if training.seats.of(membership.side) == 0 and training.release_on is None:
        raise ValidationError(
            _("This training has no seats for people from school.")
            if membership.side == "school"
            else _("This training has no seats for people from the workplace."),
            code="no_seats",
        )
    if is_trainer:
        return
    now = timezone.now()
    starts_at = min(meeting.starts_at for meeting in training.meetings.all())
    if starts_at <= now:
        raise ValidationError(_("This training has started already."), code="started")
    closes_at = training.registration_closes_at
    if closes_at and closes_at <= now:
        moment = timezone.localtime(closes_at)
        raise ValidationError(
            _("Registration closed on %(date)s.") % {"date": date_format(moment, "j F")},
            code="deadline",
        )


def registration_cancel(*, registration: Registration, by: Person) -> Registration:
    """Takes somebody off the training, by their own wish or by a trainer. The seat goes to whoever is next.

    Raises:
        ValidationError: with the reason in a sentence.
    """
    with transaction.atomic():
        training = Training.objects.locked(registration.training_id)
        registration = Registration.objects.select_related("person").get(pk=registration.pk)
        own_wish = by.pk == registration.person_id
        _check_cancellation(training, registration, own_wish)
        invitations_cancel(registrations=[registration], reason="own_wish" if own_wish else "taken_off")
        registration_move(registration, Registration.State.CANCELLED)
        if not own_wish:
            audit_record(by=by, verb="registration.cancel", about=registration.person, target=f"training:{training.pk}")
        _fill(training)
    return registration


def training_fill(*, training: Training) -> list[Registration]:
    """Gives the free seats to those who wait, in the order of ``sessions.seating``, and invites them.

    Once the last meeting is over nobody moves up any more.

    Returns:
        the registrations that got a seat.
    """
    with transaction.atomic():
        return _fill(Training.objects.locked(training.pk))


def trainings_fill_due() -> list[int]:
    """Moves up who waits where seats became one pool. Safe to run twice and on several workers at once.

    Returns:
        the keys of the registrations that got a seat.
    """
    return [
        registration.pk
        for training in Training.objects.to_fill(today())
        for registration in training_fill(training=training)
    ]


def registration_move(registration: Registration, state: Registration.State) -> None:
    """The one way from state to state; leaving gives the seat back."""
    if state not in Registration.MOVES[Registration.State(registration.state)]:
        raise ValidationError(_("This registration has ended already."), code="wrong_state")
    registration.state = state
    registration.state_at = timezone.now()
    if state not in (Registration.State.CONFIRMED, Registration.State.OFFERED):
        registration.seat = None
    registration.full_clean()
    registration.save()


def _fill(training: Training) -> list[Registration]:
    if training.state != Training.State.PUBLISHED or not training.meetings.upcoming(timezone.now()).exists():
        return []
    chosen = {place.key: seat for place, seat in promotions(training.seats, training.registrations.places(), today())}
    registrations = list(Registration.objects.filter(pk__in=chosen).select_related("person").in_order())
    for registration in registrations:
        registration.seat = chosen[registration.pk]
        registration_move(registration, Registration.State.CONFIRMED)
    invitations_send(registrations=registrations)
    return registrations


def _check_cancellation(training: Training, registration: Registration, own_wish: bool) -> None:
    if registration.state not in Registration.ACTIVE:
        raise ValidationError(_("This registration has ended already."), code="wrong_state")
    if training.state == Training.State.CLOSED:
        raise ValidationError(_("The list of this training is closed."), code="closed")
    if registration.state != Registration.State.CONFIRMED:
        return
    if own_wish and training.has_started():
        raise ValidationError(
            _("The training has started. Tell the trainer that you are not coming any more."), code="started"
        )
    if registration.person.attendances.filter(meeting__training=training).exists():
        raise ValidationError(
            _("This person has been marked on the attendance list, so the registration stays."), code="has_attendance"
        )

"""Registering, leaving, and who gets the seat that comes free.

The training's row is locked for as long as seats are given out (SQLite: the transaction is), and the unique seat number
stops whoever would come past that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parties.actions.audit import audit_record
from parties.models import Membership, Person
from parties.periods import today
from sessions.actions.invitations import invitations_cancel, invitations_send
from sessions.actions.needs import needs_forget, needs_say
from sessions.emails import offer_mails, waiting_mails
from sessions.models import Registration, Training
from sessions.seating import SIDES, offer_ends, settle


def registration_create(*, training: Training, membership: Membership, by: Person, needs: str = "") -> Registration:
    """Registers the person of ``membership``: with a seat when one is free for their side, else at the end of the queue.

    A trainer of the training may do it after the deadline and during the training, until the list is closed. ``needs`` is
    what they need in order to take part, in their own words.

    Raises:
        ValidationError: with the reason in a sentence.
    """
    with transaction.atomic():
        [registration] = registrations_create(training=training, memberships=[membership], by=by)
        needs_say(registration=registration, text=needs)
    return registration


def registrations_create(
    *, training: Training, memberships: Sequence[Membership], by: Person, together: bool = False
) -> list[Registration]:
    """Registers several people at once, all or none of them.

    ``together``: people of one organisation who get seats as a group or wait as a group; else each has a place of their
    own in the queue, in the order of ``memberships``.

    Raises:
        ValidationError: with the reasons in sentences, each with the name before it when there are several people.
    """
    with transaction.atomic():
        training = Training.objects.locked(training.pk)
        _check_all(training, memberships, by)
        is_group = together and len(memberships) > 1
        if is_group:
            _check_group(training, memberships)
        group = uuid4() if is_group else None
        now = timezone.now()
        registrations = [_registration(training, membership, by, group, now) for membership in memberships]
        _fill(training, fresh={registration.pk for registration in registrations})
        registrations = list(
            Registration.objects.filter(pk__in=[registration.pk for registration in registrations])
            .select_related("person", "membership", "training")
            .in_order()
        )
        waiting_mails(registrations=[one for one in registrations if one.state == Registration.State.WAITLISTED])
    return registrations


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
    if not is_trainer and not training.is_for(membership.organisation_id):
        raise ValidationError(_("This training is for other organisations."), code="audience")
    _check_not_registered(training, membership, by, is_trainer)
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


def _check_not_registered(training: Training, membership: Membership, by: Person, is_trainer: bool) -> None:
    mine = training.registrations.active().filter(person=membership.person_id).first()
    if mine is None:
        return
    if by.pk == membership.person_id:
        raise ValidationError(_("You are registered already."), code="registered")
    if is_trainer or mine.organisation_id == membership.organisation_id:
        raise ValidationError(_("This person is registered already."), code="registered")
    # HR learns nothing of what somebody does for another organisation (product.md, rule 7).
    raise ValidationError(_("This person can only register themselves for this training."), code="registered")


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


def registration_drop(*, registration: Registration) -> None:
    """Takes away the registration of who is gone, or is the same person as another, without a mail to them."""
    with transaction.atomic():
        training = Training.objects.locked(registration.training_id) if registration.training_id else None
        registration = Registration.objects.get(pk=registration.pk)
        if registration.state in Registration.ACTIVE:
            registration_move(registration, Registration.State.CANCELLED)
            if training:
                _fill(training)


def registration_move(registration: Registration, state: Registration.State) -> None:
    """The one way from state to state; leaving gives the seat back, and forgets what they needed. The caller holds the lock on the training."""
    if state not in Registration.MOVES[Registration.State(registration.state)]:
        raise ValidationError(_("This registration has ended already."), code="wrong_state")
    registration.state = state
    registration.state_at = timezone.now()
    if state not in (Registration.State.CONFIRMED, Registration.State.OFFERED):
        registration.seat = None
    if state != Registration.State.OFFERED:
        registration.offer_until = None
    registration.full_clean()
    registration.save()
    if state not in Registration.ACTIVE:
        needs_forget(registration=registration)


def _registration(
    training: Training, membership: Membership, by: Person, group: UUID | None, now: dt.datetime
) -> Registration:
    registration = Registration(
        training=training,
        person=membership.person,
        membership=membership,
        organisation=membership.organisation,
        side=membership.side,
        state=Registration.State.WAITLISTED,
        group=group,
        queued_at=now,
        registered_by=by,
    )
    registration.full_clean()
    registration.save()
    if by.pk != membership.person_id:
        audit_record(by=by, verb="registration.create", about=membership.person, target=f"training:{training.pk}")
    return registration


def _check_all(training: Training, memberships: Sequence[Membership], by: Person) -> None:
    refusals: list[str] = []
    for membership in memberships:
        try:
            registration_check(training=training, membership=membership, by=by)
        except ValidationError as refused:
            if len(memberships) == 1:
                raise
            refusals += [f"{membership.name or membership.person}: {sentence}" for sentence in refused.messages]
    if refusals:
        raise ValidationError(refusals)


def _check_group(training: Training, memberships: Sequence[Membership]) -> None:
    if len({membership.organisation_id for membership in memberships}) > 1:
        raise ValidationError(
            _("Only people of one organisation can come as a group. Add the others on their own."), code="organisations"
        )
    seats = training.seats
    sizes = {side: sum(membership.side == side for membership in memberships) for side in SIDES}
    if (seats.release_on is None and any(sizes[side] > seats.of(side) for side in SIDES)) or (
        len(memberships) > seats.total
    ):
        raise ValidationError(
            _("This group is larger than the number of seats for it. Make it smaller, or register each on their own."),
            code="too_large",
        )


def _fill(training: Training, fresh: Collection[int] = ()) -> list[Registration]:
    """Carries out what ``seating.settle`` says; ``fresh`` are the keys of those who register now."""
    if training.state != Training.State.PUBLISHED:
        return []
    now = timezone.now()
    meetings = list(training.meetings.all())
    until = offer_ends(now, training.offer_hours, [meeting.starts_at for meeting in meetings])
    settled = settle(
        replace(training.seats, offers=until is not None),
        training.registrations.places(),
        today(),
        fresh=fresh,
        moves_up=any(meeting.ends_at >= now for meeting in meetings),
    )
    for place, number in settled.renumbered:
        Registration.objects.filter(pk=place.key).update(seat=number)
    given = {one.place.key: one for one in settled.given}
    registrations = list(
        Registration.objects.filter(pk__in=given).select_related("person", "membership", "training").in_order()
    )
    for registration in registrations:
        one = given[registration.pk]
        registration.seat = one.seat
        registration.offer_until = until if one.offered else None
        registration_move(registration, Registration.State.OFFERED if one.offered else Registration.State.CONFIRMED)
    invitations_send(registrations=registrations)
    offer_mails(registrations=[one for one in registrations if one.state == Registration.State.OFFERED])
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
    closes_at = training.cancellation_closes_at
    if own_wish and closes_at and closes_at <= timezone.now():
        raise ValidationError(
            _("You could give up your seat until %(moment)s. Tell the trainer that you are not coming: %(address)s.")
            % {"moment": date_format(timezone.localtime(closes_at), "DATETIME_FORMAT"), "address": training.reply_to},
            code="deadline",
        )
    if registration.person.attendances.filter(meeting__training=training).exists():
        raise ValidationError(
            _("This person has been marked on the attendance list, so the registration stays."), code="has_attendance"
        )

"""An offered seat: saying yes or no to it, and the end of an offer. Each locks the training first."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions.actions.invitations import invitations_send
from sessions.actions.registrations import registration_move, training_fill
from sessions.emails import lapsed_mails
from sessions.models import Registration, Training
from sessions.seating import lapsed


def offer_accept(*, registration: Registration) -> Registration:
    """The offered seat is theirs, and the invitation follows. Saying yes twice is saying yes.

    Raises:
        ValidationError: there is no offer any more, in a sentence.
    """
    with transaction.atomic():
        registration = _locked(registration)
        if registration.state != Registration.State.CONFIRMED:
            _check_offer(registration)
            registration_move(registration, Registration.State.CONFIRMED)
            invitations_send(registrations=[registration])
    return registration


def offer_decline(*, registration: Registration) -> Registration:
    """The seat goes to whoever is next. Saying no twice is saying no.

    Raises:
        ValidationError: there is no offer any more, in a sentence.
    """
    with transaction.atomic():
        registration = _locked(registration)
        if registration.state != Registration.State.DECLINED:
            _check_offer(registration)
            registration_move(registration, Registration.State.DECLINED)
            assert registration.training is not None
            training_fill(training=registration.training)
    return registration


def offers_lapse_due(*, now: dt.datetime) -> list[int]:
    """Ends each offer whose time is over, once, and gives the seat to whoever is next.

    Safe to run twice and on several workers at once.

    Returns:
        the keys of the registrations whose offer lapsed.
    """
    return [pk for training in Training.objects.with_lapsed_offers(now) for pk in _lapse(training, now)]


def _lapse(training: Training, now: dt.datetime) -> list[int]:
    with transaction.atomic():
        training = Training.objects.locked(training.pk)
        if training.state != Training.State.PUBLISHED:
            return []
        over = [place.key for place in lapsed(training.registrations.places(), now)]
        registrations = list(
            Registration.objects.filter(pk__in=over).select_related("person", "membership", "training").in_order()
        )
        for registration in registrations:
            registration_move(registration, Registration.State.LAPSED)
        lapsed_mails(registrations=registrations)
        training_fill(training=training)
    return over


def _locked(registration: Registration) -> Registration:
    Training.objects.locked(registration.training_id)
    return Registration.objects.select_related("person", "training").get(pk=registration.pk)


def _check_offer(registration: Registration) -> None:
    if registration.state != Registration.State.OFFERED or registration.offer_until is None:
        raise ValidationError(_("There is no offer for you any more."), code="no_offer")
    if registration.offer_until <= timezone.now():
        raise ValidationError(_("The time to answer is over, so the seat goes to somebody else."), code="lapsed")

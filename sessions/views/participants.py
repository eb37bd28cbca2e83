"""The trainer's list: who comes, who waits, adding, taking off, and writing to all."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from parties.access import signed_in
from parties.models import Membership, Person, Side
from parties.periods import today
from sessions.actions.messages import message_send
from sessions.actions.registrations import registration_cancel, registration_create
from sessions.forms import AddForm, MessageForm, RegisterForm
from sessions.models import Registration, Training
from sessions.seating import table
from sessions.views.lookup import crumbs, own_training
from sessions.views.questions import Question, ask


@signed_in
@require_safe
def participant_list(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, own_training(request, pk), AddForm())


@signed_in
@require_http_methods(["POST"])
def participant_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds by mail address; who works at several places needs one of them chosen first."""
    training = own_training(request, pk)
    form = AddForm(request.POST)
    if not form.is_valid():
        return _page(request, training, form)
    person = Person.objects.with_address(form.cleaned_data["address"]).filter(is_active=True).first()
    memberships = list(person.memberships.current().select_related("person", "organisation")) if person else []
    if not memberships:
        form.add_error(
            "address",
            _("Nobody with this address has said where they work. Ask them to sign in and to register themselves."),
        )
        return _page(request, training, form)
    membership = memberships[0]
    if len(memberships) > 1:
        choice = RegisterForm(request.POST if "membership" in request.POST else None, person=person)
        if not choice.is_valid():
            form.fields["address"].widget = forms.HiddenInput()
            return _page(request, training, form, choice)
        membership = choice.cleaned_data["membership"]
    return _add(request, training, membership, form)


@signed_in
@require_http_methods(["GET", "POST"])
def participant_remove(request: HttpRequest, pk: int, registration_pk: int) -> HttpResponse:
    training = own_training(request, pk)
    registration = get_object_or_404(training.registrations.active().select_related("person"), pk=registration_pk)
    question = Question(
        title=_("Take %(name)s off this training?") % {"name": registration.person},
        text=[_("They get a mail about it. A seat that comes free goes to the next person.")],
        answer=_("Take them off"),
        back=reverse("sessions:participants", args=[pk]),
        crumbs=crumbs(training, _("Participants")),
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    try:
        registration_cancel(registration=registration, by=request.user)
    except ValidationError as refused:
        return ask(request, question, error=" ".join(refused.messages))
    messages.success(request, _("%(name)s is off the list.") % {"name": registration.person})
    return redirect("sessions:participants", pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def message(request: HttpRequest, pk: int) -> HttpResponse:
    training = own_training(request, pk)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reached = message_send(training=training, by=request.user, **form.cleaned_data)
        words = ngettext("Your message goes to %(count)s person.", "Your message goes to %(count)s people.", reached)
        messages.success(request, words % {"count": reached})
        return redirect("sessions:participants", pk=pk)
    context = {"crumbs": crumbs(training, _("Message to all")), "training": training, "form": form}
    return render(request, "sessions/message_form.html", context)


def _add(request: HttpRequest, training: Training, membership: Membership, form: AddForm) -> HttpResponse:
    try:
        registration = registration_create(training=training, membership=membership, by=request.user)
    except ValidationError as refused:
        form.add_error("address", refused)
        return _page(request, training, form)
    name = {"name": registration.person}
    if registration.state == Registration.State.CONFIRMED:
        messages.success(request, _("%(name)s has a seat.") % name)
    else:
        messages.success(request, _("There is no seat free for this side: %(name)s is on the waiting list.") % name)
    return redirect("sessions:participants", pk=training.pk)


def _page(request: HttpRequest, training: Training, form: AddForm, choice: RegisterForm | None = None) -> HttpResponse:
    registrations = list(training.registrations.active().select_related("person", "organisation").in_order())
    seats = table(training.seats, training.registrations.places(), today())
    groups = [
        {
            "side": side,
            "seated": [row for row in registrations if row.side == side and row.state != Registration.State.WAITLISTED],
            "waiting": [
                row for row in registrations if row.side == side and row.state == Registration.State.WAITLISTED
            ],
        }
        for side in Side
    ]
    context = {
        "crumbs": crumbs(training, _("Participants")),
        "training": training,
        "groups": groups,
        "seats": seats,
        "chairs": seats.chairs(),
        "too_few": [
            side
            for side, minimum in ((Side.SCHOOL, training.minimum_school), (Side.WORKPLACE, training.minimum_workplace))
            if seats.taken[side] < minimum
        ],
        "form": form,
        "choice": choice,
        "is_open": training.state == Training.State.PUBLISHED,
    }
    return render(request, "sessions/participants.html", context)

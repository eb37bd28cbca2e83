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
from sessions.actions.registrations import registration_cancel, registrations_create
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
    """Adds by mail address, one person or several; who works at several places needs one of them chosen first."""
    training = own_training(request, pk)
    form = AddForm(request.POST)
    if not form.is_valid():
        return _page(request, training, form)
    addresses = form.cleaned_data["address"]
    workplaces = _workplaces_of(addresses)
    unknown = [address for address in addresses if not workplaces[address]]
    if unknown:
        form.add_error("address", _unknown(addresses, unknown))
        return _page(request, training, form)
    if len(addresses) == 1:
        [found] = workplaces.values()
        membership = found[0]
        if len(found) > 1:
            choice = RegisterForm(request.POST if "membership" in request.POST else None, person=membership.person)
            if not choice.is_valid():
                form.fields["address"].widget = forms.HiddenInput()
                return _page(request, training, form, choice)
            membership = choice.cleaned_data["membership"]
        return _add(request, training, [membership], form)
    memberships = _one_each(workplaces)
    several = [address for address, membership in memberships.items() if membership is None]
    if several:
        words = _("Of %(address)s we do not know for which workplace they come. Add them on their own.")
        form.add_error("address", words % {"address": ", ".join(several)})
        return _page(request, training, form)
    return _add(request, training, [membership for membership in memberships.values() if membership], form)


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


def _workplaces_of(addresses: list[str]) -> dict[str, list[Membership]]:
    """Where the person of each address works today."""
    people = Person.objects.filter(is_active=True).by_address(addresses)
    current = Membership.objects.current().filter(person__in=people.values()).select_related("person", "organisation")
    by_person: dict[int, list[Membership]] = {}
    for membership in current.order_by("organisation__name", "pk"):
        by_person.setdefault(membership.person_id, []).append(membership)
    return {address: by_person.get(people[address].pk, []) if address in people else [] for address in addresses}


def _one_each(workplaces: dict[str, list[Membership]]) -> dict[str, Membership | None]:
    """The only workplace of each, or the one at the organisation that all of them share; None where that is unclear."""
    shared = set.intersection(*({one.organisation_id for one in found} for found in workplaces.values()))
    chosen = {}
    for address, found in workplaces.items():
        fitting = [one for one in found if one.organisation_id in shared] if len(shared) == 1 else found
        chosen[address] = fitting[0] if len(fitting) == 1 else None
    return chosen


def _unknown(addresses: list[str], unknown: list[str]) -> str:
    if len(addresses) == 1:
        return _("Nobody with this address has said where they work. Ask them to sign in and to register themselves.")
    words = _("Nobody with these addresses has said where they work: %(addresses)s. Ask them to register themselves.")
    return words % {"addresses": ", ".join(unknown)}


def _add(request: HttpRequest, training: Training, memberships: list[Membership], form: AddForm) -> HttpResponse:
    together = form.cleaned_data["together"]
    try:
        added = registrations_create(training=training, memberships=memberships, by=request.user, together=together)
    except ValidationError as refused:
        form.add_error("address", refused)
        return _page(request, training, form)
    waiting = [registration for registration in added if registration.state == Registration.State.WAITLISTED]
    if len(added) == 1:
        name = {"name": added[0].person}
        if waiting:
            messages.success(request, _("There is no seat free for this side: %(name)s is on the waiting list.") % name)
        else:
            messages.success(request, _("%(name)s has a seat.") % name)
    else:
        words = _("Added: %(seated)s with a seat, %(waiting)s on the waiting list.")
        messages.success(request, words % {"seated": len(added) - len(waiting), "waiting": len(waiting)})
    return redirect("sessions:participants", pk=training.pk)


def _page(request: HttpRequest, training: Training, form: AddForm, choice: RegisterForm | None = None) -> HttpResponse:
    registrations = list(training.registrations.active().select_related("person", "organisation", "needs").in_order())
    seats = table(training.seats, training.registrations.tally(), today())
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

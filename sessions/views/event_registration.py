"""Registering for a network event: oneself, for a party to which one's organisation belongs; and leaving it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parties.access import require, signed_in
from parties.models import Affiliation, Membership, Person
from parties.periods import today
from sessions.actions.event_registrations import event_register, event_registration_check, event_unregister
from sessions.forms_events import EventRegisterForm, Origin
from sessions.models import NetworkEvent
from sessions.views.events import crumbs, visible_event
from sessions.views.questions import Question, ask


@signed_in
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, pk: int) -> HttpResponse:
    event = visible_event(request, pk)
    memberships = list(request.user.memberships.current().select_related("organisation"))
    origins = _origins(memberships)
    data = None
    if request.method == "POST":
        data = request.POST.copy()
        if len(origins) == 1:
            party, membership = origins[0]
            data["origin"] = f"{party.pk}-{membership.pk}"
    form = EventRegisterForm(data, origins=origins, named=bool(request.user.name))
    refusal = _refusal(event, request.user)
    if data is not None and origins and not refusal and form.is_valid():
        party, membership = form.cleaned_data["origin"]
        try:
            event_register(
                event=event, party=party, membership=membership, name=form.cleaned_data.get("name", "").strip()
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("You are registered. The invitation for your calendar is on its way."))
            return redirect("sessions:event", pk=pk)
    context = {
        "crumbs": crumbs(event, _("Register")),
        "event": event,
        "form": form,
        "memberships": memberships,
        "origins": origins,
        "refusal": refusal,
    }
    return render(request, "sessions/event_register.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def unregister(request: HttpRequest, pk: int) -> HttpResponse:
    event = visible_event(request, pk)
    registration = event.registrations.active().filter(person=request.user).first()
    require(registration is not None)
    question = Question(
        title=_("Are you not coming?"),
        text=[_("You go off the list, and the appointment goes from your calendar.")],
        answer=_("Take me off the list"),
        back=reverse("sessions:event", args=[pk]),
        crumbs=crumbs(event, _("Unregister")),
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    try:
        event_unregister(registration=registration, by=request.user)
    except ValidationError as refused:
        return ask(request, question, error=" ".join(refused.messages))
    messages.success(request, _("You are off the list. You get a mail about it."))
    return redirect("sessions:event", pk=pk)


def _origins(memberships: list[Membership]) -> list[Origin]:
    """Each party with the workplace that belongs to it today, in the manifest's order."""
    by_organisation: dict[int, list[Membership]] = {}
    for membership in memberships:
        by_organisation.setdefault(membership.organisation_id, []).append(membership)
    affiliations = Affiliation.objects.valid_on(today()).filter(organisation__in=by_organisation)
    return [
        (affiliation.party, membership)
        for affiliation in affiliations.select_related("party").order_by("party__position", "organisation__name", "pk")
        for membership in by_organisation[affiliation.organisation_id]
    ]


def _refusal(event: NetworkEvent, person: Person) -> str:
    """Why nobody can register at this moment, or this person not again; empty when they can."""
    try:
        event_registration_check(event=event)
    except ValidationError as refused:
        return " ".join(refused.messages)
    if event.registrations.active().filter(person=person).exists():
        return _("You are registered already.")
    return ""

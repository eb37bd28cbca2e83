"""Who comes to a network event: all of them for who runs it, those of their party for a coordinator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parties.access import require, signed_in
from parties.models import Affiliation, Party
from parties.periods import today
from parties.rules import roles_of
from sessions.actions.event_registrations import event_register_guest, event_registration_check, event_unregister
from sessions.forms_events import GuestForm, Workplace
from sessions.models import NetworkEvent, Registration
from sessions.rules import is_coordinator, runs_event, sees_list_of_event
from sessions.views.events import crumbs, visible_event
from sessions.views.questions import Question, ask


@dataclass(frozen=True)
class PartyRows:
    party: Party
    rows: Sequence[Registration]
    #: How many seats the party has left; None for as many as want to come.
    free: int | None


@signed_in
@require_safe
def participant_list(request: HttpRequest, pk: int) -> HttpResponse:
    event = _listed_event(request, pk)
    rows = list(_rows(request, event))
    parties = {row.party_id: row.party for row in rows} | {party.pk: party for party in _own_parties(request)}
    context = {
        "crumbs": crumbs(event, _("Participants")),
        "event": event,
        "groups": [_group(event, party, rows) for party in sorted(parties.values(), key=lambda party: party.position)],
        "total": len(rows),
        "runs": runs_event(request.user, event),
        "brings": is_coordinator(request.user) and _refusal(event) == "",
        "is_open": event.state == NetworkEvent.State.PUBLISHED,
    }
    return render(request, "sessions/event_participants.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def participant_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A coordinator registers somebody of their party; what the page says is the same for every address."""
    event = visible_event(request, pk)
    require(is_coordinator(request.user))
    form = GuestForm(request.POST or None, workplaces=_workplaces(request))
    refusal = _refusal(event)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            event_register_guest(event=event, party=form.party, guest=form.guest(), by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            words = _("%(name)s is on the list, and gets an invitation by mail.")
            messages.success(request, words % {"name": form.cleaned_data["name"]})
            return redirect("sessions:event-participants", pk=pk)
    context = {
        "crumbs": crumbs(event, _("Register somebody")),
        "event": event,
        "form": form,
        "refusal": refusal,
        "has_workplaces": bool(form.workplaces),
    }
    return render(request, "sessions/event_participant_add.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def participant_remove(request: HttpRequest, pk: int, registration_pk: int) -> HttpResponse:
    event = _listed_event(request, pk)
    registration = get_object_or_404(_rows(request, event), pk=registration_pk)
    name = registration.listed_name or _("Name not filled in")
    question = Question(
        title=_("Take %(name)s off the list?") % {"name": name},
        text=[_("They get a mail about it, and the appointment goes from their calendar.")],
        answer=_("Take them off"),
        back=reverse("sessions:event-participants", args=[pk]),
        crumbs=crumbs(event, _("Participants")),
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    try:
        event_unregister(registration=registration, by=request.user)
    except ValidationError as refused:
        return ask(request, question, error=" ".join(refused.messages))
    messages.success(request, _("%(name)s is off the list.") % {"name": name})
    return redirect("sessions:event-participants", pk=pk)


def _listed_event(request: HttpRequest, pk: int) -> NetworkEvent:
    """
    Raises:
        Http404: it does not exist, or nobody on its list is this person's to see.
    """
    event = visible_event(request, pk)
    require(sees_list_of_event(request.user, event))
    return event


def _rows(request: HttpRequest, event: NetworkEvent) -> QuerySet[Registration]:
    rows = event.registrations.confirmed().select_related("person", "organisation", "party")
    return rows if runs_event(request.user, event) else rows.filter(party__in=_own_parties(request))


def _own_parties(request: HttpRequest) -> tuple[Party, ...]:
    return roles_of(request.user).coordinator_of


def _group(event: NetworkEvent, party: Party, rows: Sequence[Registration]) -> PartyRows:
    of_party = [row for row in rows if row.party_id == party.pk]
    free = None if event.seats_a_party is None else event.seats_a_party - len(of_party)
    return PartyRows(party, sorted(of_party, key=lambda row: (row.listed_name.casefold(), row.pk)), free)


def _workplaces(request: HttpRequest) -> list[Workplace]:
    affiliations = Affiliation.objects.valid_on(today()).filter(party__in=_own_parties(request))
    found = affiliations.select_related("party", "organisation").order_by("organisation__name", "party__position", "pk")
    return [(affiliation.party, affiliation.organisation) for affiliation in found]


def _refusal(event: NetworkEvent) -> str:
    """Why nobody can register at this moment; empty when they can."""
    try:
        event_registration_check(event=event)
    except ValidationError as refused:
        return " ".join(refused.messages)
    return ""

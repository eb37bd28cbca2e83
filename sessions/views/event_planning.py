"""Who runs a network event plans it, changes it, opens it and calls it off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parties.access import require, signed_in
from parties.models import Party, Person
from parties.rules import is_network, roles_of
from sessions.actions.events import event_cancel, event_change, event_plan, event_publish, plan_of
from sessions.event_plan import EventPlan, event_problems
from sessions.forms import MeetingForm
from sessions.forms_events import EventForm
from sessions.models import NetworkEvent
from sessions.rules import may_plan_events
from sessions.views.events import crumbs, run_event
from sessions.views.meeting_forms import error_lines, kept, meeting_formset, place_refusal, shown
from sessions.views.questions import Question, ask

SPARE_MEETINGS = 1
#: Fields of the plan as the form calls them.
FORM_FIELDS = {"registration_closes_at": "closes_date", "starts_at": "starts", "ends_at": "ends"}


@signed_in
@require_http_methods(["GET", "POST"])
def event_new(request: HttpRequest) -> HttpResponse:
    require(may_plan_events(request.user))
    return _edit(request, None, {"reply_to": request.user.email}, [])


@signed_in
@require_http_methods(["GET", "POST"])
def event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    event = run_event(request, pk)
    require(event.state in (NetworkEvent.State.DRAFT, NetworkEvent.State.PUBLISHED))
    plan = plan_of(event)
    meetings = [MeetingForm.initial_of(meeting) for meeting in plan.meetings]
    return _edit(request, event, EventForm.initial_of(plan), meetings)


@signed_in
@require_http_methods(["GET", "POST"])
def event_open(request: HttpRequest, pk: int) -> HttpResponse:
    event = run_event(request, pk)
    question = Question(
        title=_("Open this meeting for registration?"),
        text=[
            _("From now on everybody sees it on the page with meetings, and people of the parties can register."),
            _("You can still change it. Who takes part then gets the change in their calendar."),
        ],
        answer=_("Open it"),
        back=reverse("sessions:event", args=[pk]),
        crumbs=crumbs(event, _("Open")),
    )
    if request.method == "GET":
        return ask(request, question)
    try:
        event_publish(event=event)
    except ValidationError as refused:
        return ask(request, question, error=" ".join(refused.messages))
    messages.success(request, _("The meeting is open for registration."))
    return redirect("sessions:event", pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def event_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    event = run_event(request, pk)
    question = Question(
        title=_("Cancel this meeting?"),
        text=[
            _("People registered: %(count)s. Each of them gets a mail at once.")
            % {"count": event.registrations.active().count()},
            _("The appointment goes from their calendar. You cannot undo this."),
        ],
        answer=_("Cancel the meeting"),
        back=reverse("sessions:event", args=[pk]),
        crumbs=crumbs(event, _("Cancel the meeting")),
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    try:
        event_cancel(event=event)
    except ValidationError as refused:
        return ask(request, question, error=" ".join(refused.messages))
    messages.success(request, _("The meeting is cancelled, and everybody gets a mail."))
    return redirect("sessions:event", pk=pk)


def _edit(
    request: HttpRequest, event: NetworkEvent | None, initial: dict[str, Any], meetings: list[dict[str, Any]]
) -> HttpResponse:
    """One page for planning and changing; what was typed stays when something is not right yet."""
    can_delete = event is not None and event.state == NetworkEvent.State.DRAFT
    data = request.POST if request.method == "POST" else None
    form = EventForm(data, initial=initial, hosts=_hosts(request.user, event))
    formset = meeting_formset(request, meetings, spare=SPARE_MEETINGS + (not meetings), can_delete=can_delete)
    if data is not None:
        saved = _save(request, event, form, formset)
        if saved is not None:
            return redirect("sessions:event", pk=saved.pk)
    context = {
        "form": form,
        "meetings": shown(formset, len(meetings)),
        "formset": formset,
        "error_lines": [line for one in (form, *formset) for line in error_lines(one)] if data is not None else [],
        "event": event,
        "crumbs": crumbs(event, _("Change") if event else _("Plan a meeting")),
    }
    return render(request, "sessions/event_form.html", context)


def _hosts(person: Person, event: NetworkEvent | None) -> Iterable[Party]:
    """Of which parties this person may plan events; the host that an event has stays possible."""
    if is_network(person):
        return Party.objects.all()
    return {*roles_of(person).coordinator_of, *([event.host] if event else [])}


def _save(
    request: HttpRequest, event: NetworkEvent | None, form: EventForm, formset: BaseFormSet
) -> NetworkEvent | None:
    """The saved event; or nothing, with errors on the forms."""
    if not (form.is_valid() & formset.is_valid()):
        return None
    meetings = kept(formset)
    plan = form.plan(tuple(one.plan() for one in meetings))
    if _place_problems(plan, form, meetings):
        return None
    try:
        if event is None:
            saved = event_plan(plan=plan, by=request.user)
            messages.success(request, _("Saved. Only who runs it sees it until you open it for registration."))
        else:
            saved = event_change(event=event, plan=plan, by=request.user)
            messages.success(request, _saved_words(saved))
    except ValidationError as refused:
        place_refusal(refused, form, FORM_FIELDS)
        return None
    return saved


def _saved_words(event: NetworkEvent) -> str:
    if event.state == NetworkEvent.State.DRAFT:
        return _("Saved.")
    return _("Saved. If a time, a place or the title changed, everybody who takes part gets it in their calendar.")


def _place_problems(plan: EventPlan, form: EventForm, meetings: list[Any]) -> bool:
    found = event_problems(plan)
    for problem in found:
        target = form if problem.meeting is None else meetings[problem.meeting]
        target.add_error(FORM_FIELDS.get(problem.field, problem.field), problem.message)
    return bool(found)

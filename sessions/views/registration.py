"""Registering for a training oneself, and leaving it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parties.access import require, signed_in
from parties.models import Membership
from parties.periods import today
from sessions.actions.needs import needs_say
from sessions.actions.registrations import registration_cancel, registration_check, registration_create
from sessions.forms import NeedsForm, RegisterForm
from sessions.models import AccessNeeds, Registration, Training
from sessions.overlaps import overlaps_of
from sessions.seating import table
from sessions.views.lookup import crumbs, visible_training
from sessions.views.questions import Question, ask


@signed_in
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, pk: int) -> HttpResponse:
    training = visible_training(request, pk)
    memberships = list(
        request.user.memberships.current().select_related("organisation").order_by("organisation__name", "pk")
    )
    data = request.POST if request.method == "POST" else None
    if data is not None and len(memberships) == 1:
        data = {"membership": memberships[0].pk}
    form = RegisterForm(data, person=request.user)
    needs = NeedsForm(request.POST if request.method == "POST" else None)
    refusal = _refusal(training, memberships, request)
    if data is not None and not refusal and memberships and all([form.is_valid(), needs.is_valid()]):
        try:
            registration = registration_create(
                training=training,
                membership=form.cleaned_data["membership"],
                by=request.user,
                needs=needs.cleaned_data["needs"],
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _result(registration))
            return redirect("sessions:training", pk=pk)
    seats = table(training.seats, training.registrations.tally(), today())
    context = {
        "crumbs": crumbs(training, _("Register")),
        "training": training,
        "form": form,
        "needs": needs,
        "memberships": memberships,
        "refusal": refusal,
        "full": [membership for membership in memberships if not seats.free[membership.side]],
        "overlaps": overlaps_of(request.user, training) if memberships and not refusal else [],
    }
    return render(request, "sessions/register.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def unregister(request: HttpRequest, pk: int) -> HttpResponse:
    training = visible_training(request, pk)
    registration = training.registrations.active().filter(person=request.user).first()
    require(registration is not None)
    waits = registration.state in (Registration.State.WAITLISTED, Registration.State.OFFERED)
    question = Question(
        title=_("Leave the waiting list?") if waits else _("Give up your seat?"),
        text=[
            _("If you come back later, you join the end of the queue.")
            if waits
            else _("Your seat goes to the next person, and the appointment goes from your calendar."),
        ],
        answer=_("Take me off the waiting list") if waits else _("Give up my seat"),
        back=reverse("sessions:training", args=[pk]),
        crumbs=crumbs(training, _("Unregister")),
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    try:
        registration_cancel(registration=registration, by=request.user)
    except ValidationError as refused:
        return ask(request, question, error=" ".join(refused.messages))
    messages.success(
        request, _("You are off the waiting list.") if waits else _("You gave up your seat. You get a mail about it.")
    )
    return redirect("sessions:training", pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def own_needs(request: HttpRequest, pk: int) -> HttpResponse:
    """Saying afterwards what one needs, changing it, or taking it back; until the training is over."""
    training = visible_training(request, pk)
    registration = training.registrations.active().filter(person=request.user).first()
    require(registration is not None and not _is_over(training))
    said = AccessNeeds.objects.filter(registration=registration).first()
    form = NeedsForm(request.POST if request.method == "POST" else None, initial={"needs": said.text if said else ""})
    if form.is_bound and form.is_valid():
        needs_say(registration=registration, text=form.cleaned_data["needs"])
        messages.success(request, _("Saved."))
        return redirect("sessions:training", pk=pk)
    context = {"crumbs": crumbs(training, _("What you need")), "training": training, "form": form}
    return render(request, "sessions/needs.html", context)


def _is_over(training: Training) -> bool:
    return max(meeting.ends_at for meeting in training.meetings.all()) <= timezone.now()


def _refusal(training: Training, memberships: list[Membership], request: HttpRequest) -> str:
    """Why nobody with these memberships can register; empty when one of them can, or when there is none to choose."""
    refusals = []
    for membership in memberships:
        try:
            registration_check(training=training, membership=membership, by=request.user)
        except ValidationError as refused:
            refusals.append(" ".join(refused.messages))
    return refusals[0] if memberships and len(refusals) == len(memberships) else ""


def _result(registration: Registration) -> str:
    if registration.state == Registration.State.CONFIRMED:
        return _("You have a seat. The invitation for your calendar is on its way.")
    return _("You are on the waiting list. On this page you read why, and when that changes.")

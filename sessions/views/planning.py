"""A trainer plans a training, changes it, opens it and calls it off."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parties.access import require, signed_in
from parties.rules import is_trainer
from sessions.actions.trainings import (
    plan_of,
    training_cancel,
    training_change,
    training_change_preview,
    training_plan,
    training_publish,
)
from sessions.forms import CopyForm, MeetingForm, TrainingForm
from sessions.models import Meeting, Training
from sessions.overlaps import sentences_of
from sessions.plan import TrainingPlan, problems, weeks_later, weeks_until
from sessions.views.lookup import crumbs, own_training
from sessions.views.meeting_forms import error_lines, kept, meeting_formset, place_refusal, shown
from sessions.views.questions import Question, ask
from sessions.what_if import Consequences, people_of
from sessions.wording import when_and_where

SPARE_MEETINGS = 2
#: Fields of the plan as the form calls them.
FORM_FIELDS = {
    "registration_closes_at": "closes_date",
    "cancellation_closes_at": "cancels_date",
    "starts_at": "starts",
    "ends_at": "ends",
}


@signed_in
@require_http_methods(["GET", "POST"])
def training_new(request: HttpRequest) -> HttpResponse:
    require(is_trainer(request.user))
    initial = {"trainers": [request.user.pk], "reply_to": request.user.email, "seats_school": 12, "seats_workplace": 12}
    return _edit(request, None, initial, [])


@signed_in
@require_http_methods(["GET", "POST"])
def training_edit(request: HttpRequest, pk: int) -> HttpResponse:
    training = own_training(request, pk)
    require(training.state in (Training.State.DRAFT, Training.State.PUBLISHED))
    plan = plan_of(training)
    initial = TrainingForm.initial_of(plan) | {"trainers": [person.pk for person in plan.trainers]}
    return _edit(request, training, initial, [MeetingForm.initial_of(meeting) for meeting in plan.meetings])


@signed_in
@require_http_methods(["GET", "POST"])
def training_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for a day, then shows the plan anew from that day on; what is saved is a new draft without people."""
    training = own_training(request, pk)
    plan = plan_of(training)
    asked = CopyForm(request.GET if "vanaf" in request.GET else None)
    weeks = weeks_until(plan, asked.cleaned_data["vanaf"]) if asked.is_valid() else 0
    if request.method == "GET" and not asked.is_valid():
        soonest = max(plan.meetings[0].starts_at, timezone.now())
        asked.initial = {"vanaf": timezone.localdate(soonest) + dt.timedelta(days=1)}
        context = {"form": asked, "training": training, "crumbs": crumbs(training, _("Copy"))}
        return render(request, "sessions/training_copy.html", context)
    copied = weeks_later(plan, weeks)
    meetings = [MeetingForm.initial_of(meeting) for meeting in copied.meetings]
    return _edit(request, None, TrainingForm.initial_of(copied), meetings, original=training)


@signed_in
@require_http_methods(["GET", "POST"])
def training_open(request: HttpRequest, pk: int) -> HttpResponse:
    training = own_training(request, pk)
    question = Question(
        title=_("Open this training for registration?"),
        text=[
            _("From now on everybody sees it on the page with trainings, and people can register."),
            _("You can still change it. Who takes part then gets the change in their calendar."),
        ],
        answer=_("Open it"),
        back=reverse("sessions:training", args=[pk]),
        crumbs=crumbs(training, _("Open")),
    )
    if request.method == "GET":
        return ask(request, question)
    try:
        training_publish(training=training, by=request.user)
    except ValidationError as refused:
        return ask(request, question, error=" ".join(refused.messages))
    messages.success(request, _("The training is open for registration."))
    return redirect("sessions:training", pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def training_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    training = own_training(request, pk)
    taking_part = training.registrations.active().count()
    question = Question(
        title=_("Cancel this training?"),
        text=[
            _("People registered: %(count)s. Each of them gets a mail at once.") % {"count": taking_part},
            _("For who has a seat, the appointment goes from their calendar. You cannot undo this."),
        ],
        answer=_("Cancel the training"),
        back=reverse("sessions:training", args=[pk]),
        crumbs=crumbs(training, _("Cancel the training")),
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    try:
        training_cancel(training=training, by=request.user)
    except ValidationError as refused:
        return ask(request, question, error=" ".join(refused.messages))
    messages.success(request, _("The training is cancelled, and everybody gets a mail."))
    return redirect("sessions:training", pk=pk)


def _edit(
    request: HttpRequest,
    training: Training | None,
    initial: dict[str, Any],
    meetings: list[dict[str, Any]],
    original: Training | None = None,
) -> HttpResponse:
    """One page for planning, copying and changing; what was typed stays when something is not right yet."""
    can_delete = training is None or training.state == Training.State.DRAFT
    data = request.POST if request.method == "POST" else None
    form = TrainingForm(data, initial=initial)
    formset = meeting_formset(
        request, meetings, spare=SPARE_MEETINGS + (not meetings), can_delete=can_delete and bool(meetings)
    )
    effect = None
    if data is not None:
        saved, effect = _save(request, training, form, formset)
        if saved is not None:
            return redirect("sessions:training", pk=saved.pk)
    context = {
        "form": form,
        "what_if": _what_if(request, effect, form) if effect else None,
        "meetings": shown(formset, len(meetings)),
        "formset": formset,
        "error_lines": [line for one in (form, *formset) for line in error_lines(one)] if data is not None else [],
        "chosen": form["audience"].value() == Training.Audience.CHOSEN,
        "training": training,
        "original": original,
        "gone": _gone(form, original) if original else [],
        "crumbs": crumbs(original or training, _page_name(training, original)),
    }
    return render(request, "sessions/training_form.html", context)


def _page_name(training: Training | None, original: Training | None) -> str:
    if original:
        return _("Copy")
    return _("Change") if training else _("Plan a training")


def _gone(form: TrainingForm, original: Training) -> list[Any]:
    """Trainers of the original who give no trainings any more, so that they are not on the form."""
    choices = set(form.fields["trainers"].queryset.values_list("pk", flat=True))
    return [person for person in original.trainers.all() if person.pk not in choices]


def _save(
    request: HttpRequest, training: Training | None, form: TrainingForm, formset: BaseFormSet
) -> tuple[Training | None, Consequences | None]:
    """The saved training; or what saving would do to whom, which is shown before; or nothing, with errors on the forms."""
    if not (form.is_valid() & formset.is_valid()):
        return None, None
    meetings = kept(formset)
    plan = form.plan(tuple(one.plan() for one in meetings))
    if _place_problems(plan, form, meetings):
        return None, None
    effect, seen = None, request.POST.get("seen", "")
    try:
        effect = training_change_preview(training=training, plan=plan)
        if effect.concern_somebody and effect.fingerprint != seen:
            if seen:
                form.add_error(
                    None, _("Something changed since you looked. Look again at what happens, and save then.")
                )
            return None, effect
        if training is None:
            saved = training_plan(plan=plan, by=request.user)
            messages.success(request, _("Saved. Only the trainers see it until you open it for registration."))
        else:
            saved = training_change(training=training, plan=plan, by=request.user, seen=effect.fingerprint)
            messages.success(request, _saved_words(saved))
    except ValidationError as refused:
        place_refusal(refused, form, FORM_FIELDS)
        return None, training_change_preview(training=training, plan=plan) if _is_meanwhile(refused) else None
    return saved, effect


def _is_meanwhile(refused: ValidationError) -> bool:
    return getattr(refused, "code", "") == "meanwhile"


def _what_if(request: HttpRequest, effect: Consequences, form: TrainingForm) -> dict[str, Any]:
    """What the page says of the consequences; names, because only trainers of the training get here."""
    people = people_of({*effect.confirmed, *effect.offered, *effect.waiting, *effect.calendars})
    trainers = {person.pk: person for person in form.cleaned_data["trainers"]}
    meetings = Meeting.objects.select_related("training").in_bulk(
        {meeting for _trainer, meeting in effect.double_booked}
    )
    booked = [(trainers[trainer], meetings[meeting]) for trainer, meeting in effect.double_booked]
    return {
        "seen": effect.fingerprint,
        "groups": [
            (title, [people[key] for key in keys])
            for title, keys in (
                (_("These people get a seat, and an invitation"), effect.confirmed),
                (_("These people are offered a seat"), effect.offered),
                (_("These people get the change in their calendar"), effect.calendars),
                (_("These people wait on, in this order"), effect.waiting),
            )
            if keys
        ],
        "moved": [(when_and_where(before), when_and_where(after)) for before, after in effect.moved],
        "added": [when_and_where(one) for one in effect.added],
        "double_booked": sentences_of(booked, request.user),
    }


def _saved_words(training: Training) -> str:
    if training.state == Training.State.DRAFT:
        return _("Saved.")
    return _("Saved. If a time, a place or the title changed, everybody who has a seat gets it in their calendar.")


def _place_problems(plan: TrainingPlan, form: TrainingForm, meetings: list[Any]) -> bool:
    found = problems(plan)
    for problem in found:
        target = form if problem.meeting is None else meetings[problem.meeting]
        target.add_error(FORM_FIELDS.get(problem.field, problem.field), problem.message)
    return bool(found)

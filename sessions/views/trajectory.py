"""The facilitator plans the meetings of a group, moves one, and calls one off."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from parties.access import signed_in
from sessions.actions.trajectory import MeetingRefused, group_meeting_call_off, group_meeting_change, trajectory_plan
from sessions.forms import MeetingForm
from sessions.forms_trajectory import RhythmForm
from sessions.models import IntervisionGroup, Meeting, SchoolHoliday
from sessions.plan import MeetingPlan
from sessions.rhythm import meetings_of
from sessions.views.group_lookup import crumbs, led_group
from sessions.views.meeting_forms import error_lines, kept, meeting_formset, place_refusal, shown
from sessions.views.questions import Question, ask
from sessions.wording import when_and_where

FIELDS = {"starts_at": "starts", "ends_at": "ends"}


@signed_in
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A rhythm is read from the address and gives a proposal; what the facilitator makes of that is posted."""
    group = led_group(request, pk)
    asked = RhythmForm(request.GET if "first" in request.GET else None, initial=RhythmForm.initial_of(group))
    proposal = _proposal(asked)
    formset = meeting_formset(request, [MeetingForm.initial_of(one) for one in proposal], spare=1, can_delete=True)
    if request.method == "POST" and formset.is_valid() and _planned(request, group, formset):
        return redirect("sessions:group", pk=pk)
    context = {
        "group": group,
        "asked": asked,
        "formset": formset if proposal or request.method == "POST" else None,
        "meetings": shown(formset, len(proposal)),
        "holidays": SchoolHoliday.objects.filter(until__gt=timezone.localdate()),
        "error_lines": [line for one in (asked, *formset) if one.is_bound for line in error_lines(one)],
        "crumbs": crumbs(group, _("Plan meetings")),
    }
    return render(request, "sessions/group_plan.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    group = led_group(request, pk)
    meeting = _to_come(group, meeting_pk)
    form = MeetingForm(request.POST or None, initial=MeetingForm.initial_of(_plan_of(meeting)))
    if request.method == "POST" and form.is_valid():
        try:
            group_meeting_change(meeting=meeting, planned=form.plan())
        except ValidationError as refused:
            place_refusal(refused, form, FIELDS)
        else:
            messages.success(
                request, _("Saved. If the time or the place changed, each member gets it in their calendar.")
            )
            return redirect("sessions:group", pk=pk)
    context = {
        "group": group,
        "meeting": meeting,
        "form": form,
        "error_lines": error_lines(form) if form.is_bound else [],
        "crumbs": crumbs(group, _("Change the meeting")),
    }
    return render(request, "sessions/group_meeting.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def call_off(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    group = led_group(request, pk)
    meeting = _to_come(group, meeting_pk)
    question = Question(
        title=_("Call this meeting off?"),
        text=[when_and_where(meeting), _("Each member gets a mail at once. The other meetings stay as they are.")],
        answer=_("Call it off"),
        back=reverse("sessions:group", args=[pk]),
        crumbs=crumbs(group, _("Call the meeting off")),
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    try:
        group_meeting_call_off(meeting=meeting)
    except ValidationError as refused:
        return ask(request, question, error=" ".join(refused.messages))
    messages.success(request, _("The meeting is called off, and each member gets a mail."))
    return redirect("sessions:group", pk=pk)


def _to_come(group: IntervisionGroup, pk: int) -> Meeting:
    return get_object_or_404(group.meetings.going_on().select_related("group"), pk=pk, starts_at__gt=timezone.now())


def _proposal(asked: RhythmForm) -> list[MeetingPlan]:
    if not asked.is_valid():
        return []
    holidays = list(SchoolHoliday.objects.values_list("since", "until"))
    try:
        return meetings_of(asked.rhythm(), holidays)
    except ValidationError:
        asked.add_error("starts", _("The clock changes at this hour of that day. Choose another time."))
        return []


def _planned(request: HttpRequest, group: IntervisionGroup, formset: BaseFormSet) -> bool:
    """Whether the meetings on the forms were planned; if not, the forms say why."""
    forms = kept(formset)
    planned = tuple(form.plan() for form in forms)
    if not planned:
        messages.error(request, _("Fill in at least one meeting."))
        return False
    try:
        made = trajectory_plan(group=group, meetings=planned)
    except MeetingRefused as refused:
        place_refusal(refused, forms[refused.number], FIELDS)
        return False
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return False
    count = len(made)
    words = ngettext(
        "%(count)s meeting is planned. Each member gets an invitation for their calendar.",
        "%(count)s meetings are planned. Each member gets an invitation to each of them for their calendar.",
        count,
    )
    messages.success(request, words % {"count": count})
    return True


def _plan_of(meeting: Meeting) -> MeetingPlan:
    names = ("starts_at", "ends_at", "break_minutes", "place", "link")
    return MeetingPlan(key=meeting.pk, **{name: getattr(meeting, name) for name in names})

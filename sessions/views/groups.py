"""An intervision group, for its members and its facilitator; for everybody else it is not there."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parties.access import require, signed_in
from parties.languages import marked
from parties.rules import is_facilitator
from sessions.actions.groups import agreements_accept
from sessions.agreements import AGREEMENTS, VERSION
from sessions.check_in import may_be_marked
from sessions.forming import candidate_token, where_and_when
from sessions.forms import AgreementsForm
from sessions.harvest import Together
from sessions.models import Candidate, GroupMember, IntervisionGroup, IntervisionWish
from sessions.querysets import past_meetings, themes_overview
from sessions.views.group_lookup import crumbs, visible_group


@signed_in
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """The groups of a member; and for a facilitator what asks for attention in each."""
    now = timezone.now()
    visible = IntervisionGroup.objects.with_next_meeting(now).order_by("closed_at", "name", "pk")
    led = list(visible.led_by(request.user))
    missed: dict[int, list[GroupMember]] = {}
    if led:
        for member in GroupMember.objects.filter(group__in=led).out_of_touch().select_related("person"):
            missed.setdefault(member.group_id, []).append(member)
    facilitator = bool(led) or is_facilitator(request.user)
    context = {
        "groups": visible.visible_to(request.user).exclude(pk__in=[group.pk for group in led]),
        "led": [(group, missed.get(group.pk, [])) for group in led],
        "facilitator": facilitator,
        "may_make": is_facilitator(request.user),
        "to_answer": [
            (where_and_when(one.group.place, one.group.slot), candidate_token(one.pk))
            for one in Candidate.objects.to_answer_by(request.user)
        ],
        "asked": [where_and_when(one.group.place, one.group.slot) for one in Candidate.objects.asked_by(request.user)],
        "wish": IntervisionWish.objects.filter(person=request.user).first(),
        "themes": themes_overview(now) if facilitator else [],
    }
    return render(request, "sessions/group_list.html", context)


@signed_in
@require_safe
def group_detail(request: HttpRequest, pk: int) -> HttpResponse:
    group = visible_group(request, pk)
    now = timezone.now()
    members = list(
        group.members.current().with_agreements(VERSION).select_related("person").order_by("person__name", "pk")
    )
    past = list(past_meetings(group, now))
    context = {
        "group": group,
        "members": members,
        "mine": next((member for member in members if member.person_id == request.user.pk), None),
        "facilitates": group.facilitator_id == request.user.pk,
        "meetings": [
            (meeting, may_be_marked(meeting.starts_at, now))
            for meeting in ([] if group.closed_at else group.meetings.upcoming(now))
        ],
        "past": past,
        "harvest": Together.of(past) if group.closed_at else None,
        "crumbs": crumbs(None, marked(group.name)),
    }
    return render(request, "sessions/group_detail.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def agreements(request: HttpRequest, pk: int) -> HttpResponse:
    """To read for the facilitator too; to accept for members."""
    group = visible_group(request, pk)
    own = group.members.current().filter(person=request.user).with_agreements(VERSION).first()
    form = AgreementsForm(request.POST or None)
    if request.method == "POST":
        require(own is not None)
        if form.is_valid():
            try:
                agreements_accept(member=own, version=form.cleaned_data["version"])
            except ValidationError as changed:  # what was ticked was another text, so all begins again
                messages.error(request, changed.messages[0])
                return redirect("sessions:agreements", pk=pk)
            messages.success(request, _("You accepted the agreements."))
            return redirect("sessions:group", pk=pk)
    context = {
        "group": group,
        "mine": own,
        "form": form,
        "sentences": [sentence for _key, sentence in AGREEMENTS],
        "crumbs": crumbs(group, _("Our agreements")),
    }
    return render(request, "sessions/group_agreements.html", context)

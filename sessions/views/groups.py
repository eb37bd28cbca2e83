"""An intervision group, for its members and its facilitator; for everybody else it is not there."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parties.access import require, signed_in
from parties.languages import marked
from sessions.actions.groups import agreements_accept
from sessions.agreements import AGREEMENTS, VERSION
from sessions.forms import AgreementsForm
from sessions.models import IntervisionGroup


@signed_in
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    groups = IntervisionGroup.objects.visible_to(request.user).with_next_meeting(timezone.now()).order_by("name", "pk")
    return render(request, "sessions/group_list.html", {"groups": groups})


@signed_in
@require_safe
def group_detail(request: HttpRequest, pk: int) -> HttpResponse:
    group = _group(request, pk)
    members = list(
        group.members.current().with_agreements(VERSION).select_related("person").order_by("person__name", "pk")
    )
    context = {
        "group": group,
        "members": members,
        "mine": next((member for member in members if member.person_id == request.user.pk), None),
        "facilitates": group.facilitator_id == request.user.pk,
        "meetings": group.meetings.upcoming(timezone.now()),
        "crumbs": [_first_crumb(), (marked(group.name), "")],
    }
    return render(request, "sessions/group_detail.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def agreements(request: HttpRequest, pk: int) -> HttpResponse:
    """To read for the facilitator too; to accept for members."""
    group = _group(request, pk)
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
        "crumbs": [
            _first_crumb(),
            (marked(group.name), reverse("sessions:group", args=[pk])),
            (_("Agreements"), ""),
        ],
    }
    return render(request, "sessions/group_agreements.html", context)


def _group(request: HttpRequest, pk: int) -> IntervisionGroup:
    groups = IntervisionGroup.objects.visible_to(request.user).select_related("facilitator")
    return get_object_or_404(groups, pk=pk)


def _first_crumb() -> tuple[str, str]:
    return (_("Intervision"), reverse("sessions:groups"))

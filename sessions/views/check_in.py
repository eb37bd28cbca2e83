"""Checking in with the code that the trainer's screen shows."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parties.access import signed_in
from sessions.actions.check_in import person_check_in
from sessions.forms import CheckInForm
from sessions.models import Attendance


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    """The QR code brings the code along; only the button checks in. Afterwards ``?binnen=`` names the meeting."""
    form = (
        CheckInForm(request.POST)
        if request.method == "POST"
        else CheckInForm(initial={"code": request.GET.get("code", "")[:12]})
    )
    if form.is_bound and form.is_valid():
        try:
            attendance = person_check_in(person=request.user, code=form.cleaned_data["code"])
        except ValidationError as refused:
            form.add_error("code", refused)
        else:
            return redirect(f"{reverse('sessions:check_in')}?binnen={attendance.meeting_id}")
    done = None
    if request.GET.get("binnen", "").isdecimal():
        mine = Attendance.objects.filter(
            person=request.user, state__in=Attendance.THERE, meeting=int(request.GET["binnen"][:18])
        )
        done = mine.select_related("meeting__training").first()
    return render(request, "sessions/check_in.html", {"form": form, "done": done})

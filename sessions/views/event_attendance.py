"""The list of who is at a network event: saved all at once, and closed at the end."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parties.access import signed_in
from sessions import check_in
from sessions.actions.events import event_close
from sessions.attendance_list import counts_of, rows_of
from sessions.models import Attendance, NetworkEvent
from sessions.views.attendance import row_is_marked, row_save
from sessions.views.events import crumbs, run_event
from sessions.views.lookup import chosen_meeting
from sessions.views.questions import Question, ask

#: Nobody asks for minutes here: an event counts for a party when one of its people was there.
STATES = (Attendance.State.PRESENT, Attendance.State.EXCUSED, Attendance.State.ABSENT)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def attendance_list(request: HttpRequest, pk: int) -> HttpResponse:
    event = run_event(request, pk)
    meeting = chosen_meeting(request, event)
    rows = sorted(
        rows_of(event, meeting),
        key=lambda row: (row.registration.party.position, row.name.casefold(), row.registration.pk),
    )
    failed = False
    if request.method == "POST":
        saved = [row_save(request, event, meeting, row) for row in rows if row_is_marked(request, row)]
        failed = not all(saved)
        if not failed:
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}?bijeenkomst={meeting.pk}")
    now = timezone.now()
    context = {
        "crumbs": crumbs(event, _("Attendance")),
        "event": event,
        "meeting": meeting,
        "meetings": event.meetings.all(),
        "rows": rows,
        "groups": [(party, list(of_party)) for party, of_party in groupby(rows, lambda row: row.registration.party)],
        "counts": counts_of(rows),
        "can_mark": event.state == NetworkEvent.State.CLOSED
        or (event.state == NetworkEvent.State.PUBLISHED and check_in.may_be_marked(meeting.starts_at, now)),
        "opens_at": meeting.starts_at - check_in.OPENS_BEFORE,
        "states": [(state, state.label) for state in STATES],
        "failed": failed,
    }
    return render(request, "sessions/event_attendance.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def attendance_close(request: HttpRequest, pk: int) -> HttpResponse:
    event = run_event(request, pk)
    question = Question(
        title=_("Close the list?"),
        text=[
            _("Now presence counts: the meeting counts for each party of which somebody was there."),
            _(
                "Who is not marked was absent. You can still correct a person afterwards; we keep who did that and when."
            ),
        ],
        answer=_("Close the list"),
        back=reverse("sessions:event-attendance", args=[pk]),
        crumbs=crumbs(event, _("Attendance")),
    )
    if request.method == "GET":
        return ask(request, question)
    try:
        event_close(event=event)
    except ValidationError as refused:
        return ask(request, question, error=" ".join(refused.messages))
    messages.success(request, _("The list is closed, and presence counts."))
    return redirect("sessions:event-attendance", pk=pk)

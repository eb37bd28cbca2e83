"""The list of who is there: marked row by row or all at once, and closed at the end."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from courses.learner import learner_of
from courses.sendings import sending_in
from parties.access import require, signed_in
from parties.models import Person
from sessions import check_in
from sessions.actions.attendance import AttendanceConflict, attendance_correct, attendance_mark
from sessions.actions.trainings import training_close
from sessions.attendance_list import Row, counts_of, rows_of
from sessions.forms import AttendanceForm
from sessions.models import Attendance, Meeting, NetworkEvent, Training
from sessions.views.code import code_context
from sessions.views.lookup import chosen_meeting, crumbs, own_training
from sessions.views.questions import Question, ask


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def attendance_list(request: HttpRequest, pk: int) -> HttpResponse:
    training = own_training(request, pk)
    meeting = chosen_meeting(request, training)
    rows = rows_of(training, meeting)
    failed = False
    if request.method == "POST":
        saved = [row_save(request, training, meeting, row) for row in rows if row_is_marked(request, row)]
        failed = not all(saved)
        if not failed:
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}?bijeenkomst={meeting.pk}")
    context = _context(training, meeting, rows) | {
        "crumbs": crumbs(training, _("Attendance")),
        "meetings": training.meetings.all(),
        "failed": failed,
    }
    return render(request, "sessions/attendance.html", context)


@never_cache
@require_http_methods(["POST"])
def attendance_row(request: HttpRequest, pk: int, meeting_pk: int, person_pk: int) -> HttpResponse:
    """Saves one row and answers with that row: what the page asks for with script, maybe long after it was marked.

    Signed out, or in as somebody else, it is 401, so that the page keeps the mark for whose it is; 409 when somebody else
    marked this person since.
    """
    if not request.user.is_authenticated or request.POST.get("wie") not in (None, learner_of(request).mark):
        response = HttpResponseClientRedirect(redirect_to_login(reverse("sessions:attendance", args=[pk])).url)
        response.status_code = HTTPStatus.UNAUTHORIZED
        return response
    training = own_training(request, pk)
    meeting = get_object_or_404(training.meetings, pk=meeting_pk)
    row = _row(training, meeting, person_pk)
    saved = row_save(request, training, meeting, row)
    rows = rows_of(training, meeting)
    if saved:
        [row] = [fresh for fresh in rows if fresh.registration.person_id == person_pk]
    context = _context(training, meeting, rows) | {"row": row}
    status = HTTPStatus.CONFLICT if row.mine else HTTPStatus.OK
    return render(request, "sessions/attendance_saved.html", context, status=status)


@signed_in
@never_cache
@require_safe
def attendance_now(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """The code and the counts of this moment, and the rows that changed since ``?sinds`` (seconds since 1970)."""
    training = own_training(request, pk)
    meeting = get_object_or_404(training.meetings, pk=meeting_pk)
    rows = rows_of(training, meeting)
    since = _moment(request.GET.get("sinds", ""))
    context = _context(training, meeting, rows)
    context["changed"] = [row for row in rows if row.attendance and row.attendance.marked_at >= since]
    return render(request, "sessions/attendance_now.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def attendance_close(request: HttpRequest, pk: int) -> HttpResponse:
    training = own_training(request, pk)
    question = Question(
        title=_("Close the list?"),
        text=[
            _("Now presence counts: who was there for at least 80% of the time has done this training."),
            _(
                "Who is not marked was absent. You can still correct a person afterwards; we keep who did that and when."
            ),
        ],
        answer=_("Close the list"),
        back=reverse("sessions:attendance", args=[pk]),
        crumbs=crumbs(training, _("Attendance")),
    )
    if request.method == "GET":
        return ask(request, question)
    try:
        training_close(training=training, by=request.user)
    except ValidationError as refused:
        return ask(request, question, error=" ".join(refused.messages))
    messages.success(request, _("The list is closed, and presence counts."))
    return redirect("sessions:attendance", pk=pk)


def _context(training: Training, meeting: Meeting, rows: list[Row]) -> dict[str, object]:
    now = timezone.now()
    return code_context(training, meeting, now) | {
        "training": training,
        "meeting": meeting,
        "rows": rows,
        "counts": counts_of(rows),
        "now": int(now.timestamp()),
        "can_mark": training.state == Training.State.CLOSED
        or (training.state == Training.State.PUBLISHED and check_in.may_be_marked(meeting.starts_at, now)),
        "opens_at": meeting.starts_at - check_in.OPENS_BEFORE,
        "states": Attendance.State.choices,
    }


def _row(training: Training, meeting: Meeting, person_pk: int) -> Row:
    """
    Raises:
        Http404: this person has no seat.
    """
    by_person = {row.registration.person_id: row for row in rows_of(training, meeting)}
    require(person_pk in by_person)
    return by_person[person_pk]


def row_is_marked(request: HttpRequest, row: Row) -> bool:
    """Whether who keeps the list says something else of this person than the page showed them."""
    key = row.registration.person_id
    if request.POST.get(f"{key}-take"):
        return True
    state = request.POST.get(f"{key}-state", "")
    minutes = request.POST.get(f"{key}-minutes", "").strip() if state in Attendance.PARTLY else ""
    return bool(state) and (state, minutes) != row.value_at(request.POST.get(f"{key}-basis"))


def row_save(request: HttpRequest, owner: Training | NetworkEvent, meeting: Meeting, row: Row) -> bool:
    """Marks the person as the row's form says; errors stand on the form, a conflict on the row."""
    key = row.registration.person_id
    data = request.POST.copy()
    if take := data.get(f"{key}-take"):
        data[f"{key}-state"], _space, data[f"{key}-minutes"] = take.partition(" ")
    row.form = AttendanceForm(data, prefix=str(key))
    if not row.form.is_valid():
        return False
    state, minutes = row.form.cleaned_data["state"], row.form.cleaned_data["minutes"]
    minutes = minutes if state in Attendance.PARTLY else None
    action = attendance_correct if owner.state == owner.State.CLOSED else attendance_mark
    person: Person = row.registration.person
    try:
        action(
            meeting=meeting,
            person=person,
            state=state,
            minutes=minutes,
            by=request.user,
            based_on=data.get(f"{key}-basis"),
            key=sending_in(data, timezone.now()).key,
        )
    except AttendanceConflict as conflict:
        row.attendance, row.mine = conflict.attendance, (state, minutes)
        return False
    except ValidationError as refused:
        row.form.add_error("minutes" if hasattr(refused, "error_dict") else None, refused.messages[0])
        return False
    return True


def _moment(seconds: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(seconds) if seconds.isdecimal() and len(seconds) < 12 else 0, dt.UTC)

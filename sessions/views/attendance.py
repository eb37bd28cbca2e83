"""The check-in code on the screen, and the list that is closed at the end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import segno
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from parties.access import require, signed_in
from parties.languages import MAIN
from parties.models import Person, Side
from sessions import check_in
from sessions.actions.attendance import attendance_correct, attendance_mark
from sessions.actions.trainings import training_close
from sessions.forms import AttendanceForm
from sessions.models import Attendance, Meeting, Registration, Training
from sessions.views.lookup import crumbs, own_training
from sessions.views.questions import Question, ask

#: The states for which the page asks how many minutes somebody was there.
PARTLY = (Attendance.State.LATE, Attendance.State.LEFT_EARLY)


@dataclass
class Row:
    """One person on the list of one meeting. ``by_code``: they came in with the code on the screen."""

    registration: Registration
    attendance: Attendance | None
    form: AttendanceForm

    @property
    def state(self) -> str:
        if self.form.is_bound:
            return str(self.form["state"].value() or "")
        return self.attendance.state if self.attendance else ""

    @property
    def minutes(self) -> str:
        if self.form.is_bound:
            return str(self.form["minutes"].value() or "")
        return str(self.attendance.minutes) if self.attendance and self.attendance.state in PARTLY else ""

    @property
    def by_code(self) -> bool:
        return self.attendance is not None and self.attendance.marked_by_id == self.attendance.person_id

    @property
    def errors(self) -> list[str]:
        return [error for errors in self.form.errors.values() for error in errors] if self.form.is_bound else []


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def attendance_list(request: HttpRequest, pk: int) -> HttpResponse:
    training = own_training(request, pk)
    meetings = list(training.meetings.all())
    meeting = _chosen(meetings, request.GET.get("bijeenkomst", ""))
    rows = _rows(training, meeting)
    failed = False
    if request.method == "POST":
        saved = [_save(request, training, meeting, row) for row in rows if _is_marked(request, row)]
        failed = not all(saved)
        if not failed:
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}?bijeenkomst={meeting.pk}")
    context = _context(training, meeting, rows) | {
        "crumbs": crumbs(training, _("Attendance")),
        "meetings": meetings,
        "failed": failed,
    }
    return render(request, "sessions/attendance.html", context)


@signed_in
@require_http_methods(["POST"])
def attendance_row(request: HttpRequest, pk: int, meeting_pk: int, person_pk: int) -> HttpResponse:
    """Saves one row at once and answers with that row: what the page asks for with script."""
    training = own_training(request, pk)
    meeting = get_object_or_404(training.meetings, pk=meeting_pk)
    by_person = {row.registration.person_id: row for row in _rows(training, meeting)}
    require(person_pk in by_person)
    row = by_person[person_pk]
    saved = _save(request, training, meeting, row)
    rows = _rows(training, meeting)
    if saved:
        [row] = [fresh for fresh in rows if fresh.registration.person_id == person_pk]
    return render(
        request, "sessions/attendance_saved.html", _context(training, meeting, rows) | {"row": row, "saved": saved}
    )


@signed_in
@never_cache
@require_safe
def attendance_now(request: HttpRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """The code of this moment, and the rows of who came in with it since ``?sinds`` (seconds since 1970)."""
    training = own_training(request, pk)
    meeting = get_object_or_404(training.meetings, pk=meeting_pk)
    rows = _rows(training, meeting)
    since = _moment(request.GET.get("sinds", ""))
    context = _context(training, meeting, rows)
    context["changed"] = [row for row in rows if row.by_code and row.attendance and row.attendance.marked_at >= since]
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
    is_open = training.state == Training.State.PUBLISHED and check_in.is_open(meeting.starts_at, meeting.ends_at, now)
    context: dict[str, object] = {
        "training": training,
        "meeting": meeting,
        "rows": rows,
        "counts": [
            (side, sum(row.registration.side == side and row.state in Attendance.THERE for row in rows),
             sum(row.registration.side == side for row in rows))
            for side in Side
        ],
        "now": int(now.timestamp()),
        "is_open": is_open,
        "can_mark": training.state == Training.State.CLOSED
        or (training.state == Training.State.PUBLISHED and check_in.may_be_marked(meeting.starts_at, now)),
        "opens_at": meeting.starts_at - check_in.OPENS_BEFORE,
        "states": Attendance.State.choices,
        "check_in_address": _check_in_address().split("://")[1].rstrip("/"),
    }  # fmt: skip
    if is_open:
        code = check_in.code_at(meeting.check_in_secret, now)
        context |= {
            "code": code,
            "qr": _qr(code),
            "seconds_left": check_in.seconds_left(now),
            "seconds": check_in.STEP_SECONDS,
        }
    return context


def _check_in_address() -> str:
    """The same for everybody in the room, whatever language the trainer reads."""
    with override(MAIN):
        return settings.SITE_URL + reverse("sessions:check_in")


def _qr(code: str) -> SafeString:
    address = f"{_check_in_address()}?code={code}"
    drawn = segno.make(address, error="m").svg_inline(
        border=2, dark="#241a22", light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    label = _("QR code that opens the page to check in")
    return mark_safe(drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" shape-rendering="crispEdges" ', 1))


def _chosen(meetings: list[Meeting], key: str) -> Meeting:
    """The one that was asked for, else the one that is going on or was last, else the first."""
    for meeting in meetings:
        if str(meeting.pk) == key:
            return meeting
    begun = [meeting for meeting in meetings if check_in.may_be_marked(meeting.starts_at, timezone.now())]
    return begun[-1] if begun else meetings[0]


def _rows(training: Training, meeting: Meeting) -> list[Row]:
    registrations = training.registrations.confirmed().select_related("person", "organisation")
    marked = {attendance.person_id: attendance for attendance in meeting.attendances.all()}
    return [
        Row(registration, marked.get(registration.person_id), AttendanceForm(prefix=str(registration.person_id)))
        for registration in registrations.order_by("person__name", "pk")
    ]


def _is_marked(request: HttpRequest, row: Row) -> bool:
    """Whether the page says something else of this person than the list does."""
    state = request.POST.get(f"{row.registration.person_id}-state", "")
    minutes = request.POST.get(f"{row.registration.person_id}-minutes", "").strip()
    if not state:
        return False
    return state != row.state or (minutes != row.minutes and state in PARTLY)


def _save(request: HttpRequest, training: Training, meeting: Meeting, row: Row) -> bool:
    """Marks the person as the row's form says; errors stand on the form."""
    row.form = AttendanceForm(request.POST, prefix=str(row.registration.person_id))
    if not row.form.is_valid():
        return False
    state, minutes = row.form.cleaned_data["state"], row.form.cleaned_data["minutes"]
    action = attendance_correct if training.state == Training.State.CLOSED else attendance_mark
    person: Person = row.registration.person
    try:
        action(
            meeting=meeting, person=person, state=state, minutes=minutes if state in PARTLY else None, by=request.user
        )
    except ValidationError as refused:
        row.form.add_error("minutes" if hasattr(refused, "error_dict") else None, refused.messages[0])
        return False
    return True


def _moment(seconds: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(seconds) if seconds.isdecimal() and len(seconds) < 12 else 0, dt.UTC)

"""A training afterwards: all of it on one page, and the list as a file. For its trainers."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parties.access import require, signed_in
from parties.actions.audit import audit_record
from parties.models import OutboxMessage
from parties.spreadsheet import CONTENT_TYPE, CSV_CONTENT_TYPE, csv_file, workbook
from sessions.after import outcomes_of, presence_of, presence_sheet
from sessions.models import Training
from sessions.views.lookup import crumbs, own_training
from sessions.views.outbox import KINDS


@signed_in
@never_cache
@require_safe
def after(request: HttpRequest, pk: int) -> HttpResponse:
    training = _given(request, pk)
    meetings = list(training.meetings.all())
    rows = presence_of(training, meetings)
    sent = OutboxMessage.objects.filter(meeting_id__in=[meeting.pk for meeting in meetings]).order_by()
    numbers = sent.values_list("kind").annotate(number=Count("pk")).order_by("kind")
    context = {
        "crumbs": crumbs(training, _("Afterwards")),
        "training": training,
        "meetings": meetings,
        "rows": rows,
        "needs": [row.registration for row in rows if hasattr(row.registration, "needs")],
        "outcomes": {outcome.survey.kind: outcome for outcome in outcomes_of(training, request.user)},
        "messages_sent": [(KINDS.get(kind, kind), number) for kind, number in numbers],
    }
    return render(request, "sessions/after.html", context)


@signed_in
@never_cache
@require_safe
def export_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    training = _given(request, pk)
    return _file(request, training, workbook([presence_sheet(training)]), CONTENT_TYPE, "xlsx")


@signed_in
@never_cache
@require_safe
def export_csv(request: HttpRequest, pk: int) -> HttpResponse:
    training = _given(request, pk)
    return _file(request, training, csv_file(presence_sheet(training)), CSV_CONTENT_TYPE, "csv")


def _given(request: HttpRequest, pk: int) -> Training:
    """
    Raises:
        Http404: also for a draft and a cancelled training, of which there is nothing to tell.
    """
    training = own_training(request, pk)
    require(training.state in (Training.State.PUBLISHED, Training.State.CLOSED))
    return training


def _file(request: HttpRequest, training: Training, content: bytes, kind: str, ending: str) -> HttpResponse:
    if request.method == "GET":
        audit_record(by=request.user, verb="training.export", target=f"training:{training.pk}")
    name = f"training-{training.pk}-deelnemers.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

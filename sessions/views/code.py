"""The code that the trainer shows in the room, large, without a name on the screen."""

from __future__ import annotations

import datetime as dt

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parties.access import signed_in
from parties.languages import MAIN
from sessions import check_in
from sessions.attendance_list import counts_of, rows_of
from sessions.models import Meeting, Training
from sessions.views.lookup import chosen_meeting, own_training


@signed_in
@never_cache
@require_safe
def code_screen(request: HttpRequest, pk: int) -> HttpResponse:
    """With script the page asks for its panel again: every five seconds, and when the code changes."""
    training = own_training(request, pk)
    meeting = chosen_meeting(request, training)
    context = code_context(training, meeting, timezone.now()) | {
        "training": training,
        "meeting": meeting,
        "meeting_key": str(meeting.pk),
        "counts": counts_of(rows_of(training, meeting)),
        "opens_at": meeting.starts_at - check_in.OPENS_BEFORE,
        "closes_at": meeting.ends_at + check_in.CLOSES_AFTER,
    }
    context["qr"] = _qr(str(context["code"])) if "code" in context else ""
    template = "sessions/attendance_code.html" if request.htmx else "sessions/attendance_screen.html"
    return render(request, template, context)


def code_context(training: Training, meeting: Meeting, now: dt.datetime) -> dict[str, object]:
    """Whether people can check in at this moment, and with which code."""
    is_open = training.state == Training.State.PUBLISHED and check_in.is_open(meeting.starts_at, meeting.ends_at, now)
    context: dict[str, object] = {
        "is_open": is_open,
        "check_in_address": check_in_address().split("://")[1].rstrip("/"),
    }
    if is_open:
        context |= {
            "code": check_in.code_at(meeting.check_in_secret, now),
            "seconds_left": check_in.seconds_left(now),
            "seconds": check_in.STEP_SECONDS,
        }
    return context


def check_in_address() -> str:
    """The same for everybody in the room, whatever language the trainer reads."""
    with override(MAIN):
        return settings.SITE_URL + reverse("sessions:check_in")


def _qr(code: str) -> SafeString:
    drawn = segno.make(f"{check_in_address()}?code={code}", error="m").svg_inline(
        border=2, dark="#241a22", light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    label = _("QR code that opens the page to check in")
    return mark_safe(drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" shape-rendering="crispEdges" ', 1))

"""What was mailed about a training, and what became of it: for its trainers and for administrators."""

from __future__ import annotations

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Count, Max, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from parties.access import require, signed_in
from parties.actions.outbox import outbox_retry
from parties.models import OutboxMessage
from sessions.actions.invitations import invitation_send_again
from sessions.models import Training
from sessions.rules import sees_messages
from sessions.views.lookup import crumbs

PER_PAGE = 50
State = OutboxMessage.State

KINDS: dict[str, str | Promise] = {
    "invitation-new": gettext_lazy("Invitation"),
    "invitation-promoted": gettext_lazy("Invitation, from the waiting list"),
    "invitation-moved": gettext_lazy("Another time"),
    "invitation-place": gettext_lazy("Another place"),
    "invitation-corrected": gettext_lazy("A corrected title"),
    "invitation-training_cancelled": gettext_lazy("The training is cancelled"),
    "invitation-taken_off": gettext_lazy("Taken off the list"),
    "invitation-own_wish": gettext_lazy("Unregistered"),
    "invitation-readdressed": gettext_lazy("Withdrawn at an old mail address"),
    "invitation-again": gettext_lazy("Invitation, sent again"),
    "reminder-week": gettext_lazy("Reminder, a week before"),
    "reminder-day": gettext_lazy("Reminder, a day before"),
    "waiting-list": gettext_lazy("On the waiting list"),
    "seat-offered": gettext_lazy("Seat offered"),
    "offer-lapsed": gettext_lazy("Offer lapsed"),
    "message": gettext_lazy("Message to all"),
    "survey-evaluation": gettext_lazy("Evaluation"),
    "survey-practice": gettext_lazy("Practice question"),
}
TONES = {State.QUEUED: "neutral", State.SENT: "success", State.FAILED: "danger"}
TROUBLE_FIRST = Case(When(state=State.FAILED, then=Value(0)), When(state=State.QUEUED, then=Value(1)), default=Value(2))


@signed_in
@require_safe
def message_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What failed first, then what waits, then what was sent, the latest first."""
    training = _training(request, pk)
    about = _about(training)
    page = Paginator(
        about.annotate(rank=TROUBLE_FIRST)
        .select_related("person")
        .defer("text", "html", "calendar")
        .order_by("rank", "-pk"),
        PER_PAGE,
    ).get_page(request.GET.get("pagina"))
    last = about.invitations().order_by().values("ordering_key").annotate(last=Max("pk"))
    lasts = set(last.filter(ordering_key__in={row.ordering_key for row in page}).values_list("last", flat=True))
    coming = set(training.meetings.upcoming(timezone.now()).values_list("pk", flat=True))
    numbers = dict(about.order_by().values_list("state").annotate(number=Count("pk")))
    context = {
        "crumbs": crumbs(training, _("Mail that was sent")),
        "training": training,
        "page": page,
        "rows": [
            {
                "message": row,
                "kind": KINDS.get(row.kind, row.kind),
                "tone": TONES[State(row.state)],
                "reason": without_addresses(row.last_error),
                "can_send_again": _can_send_again(row, lasts, coming),
            }
            for row in page
        ],
        "sent": numbers.get(State.SENT, 0),
        "waiting": numbers.get(State.QUEUED, 0),
        "failed": numbers.get(State.FAILED, 0),
    }
    return render(request, "sessions/messages.html", context)


@signed_in
@require_POST
def message_again(request: HttpRequest, pk: int, message_pk: int) -> HttpResponse:
    """Pressed twice, it is sent once."""
    training = _training(request, pk)
    message = get_object_or_404(_about(training).select_related("person"), pk=message_pk)
    if message.calendar_method:
        queued = invitation_send_again(message=message, by=request.user)
    else:
        queued = outbox_retry(message=message)
    if queued:
        messages.success(request, _("The message is on its way again."))
    else:
        messages.info(
            request, _("There is nothing to send again: this message is on its way already, or its time is over.")
        )
    return redirect("sessions:messages", pk=pk)


def without_addresses(text: str) -> str:
    """What a mail server said, without the mail addresses in it: a trainer knows people by name."""
    return re.sub(r"<?[^\s<>]+@[^\s<>:;,]+>?", "…", text)


def _training(request: HttpRequest, pk: int) -> Training:
    """
    Raises:
        Http404: it does not exist, or these messages are not this person's to see.
    """
    training = get_object_or_404(Training.objects.prefetch_related("trainers"), pk=pk)
    require(sees_messages(request.user, training))
    return training


def _about(training: Training):
    return OutboxMessage.objects.filter(meeting_id__in=list(training.meetings.values_list("pk", flat=True)))


def _can_send_again(message: OutboxMessage, lasts: set[int], coming: set[int]) -> bool:
    """An invitation when it is the last of its participation and its meeting is not over; other mail when it failed."""
    if message.calendar_method:
        return message.state != State.QUEUED and message.pk in lasts and message.meeting_id in coming
    return message.state == State.FAILED

"""Network events: what is to come and what was, for everybody; and the page of one of them."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parties.access import require
from parties.languages import marked
from parties.periods import school_year
from sessions.materials import files_of
from sessions.models import Invitation, NetworkEvent, Registration
from sessions.rules import is_coordinator, may_plan_events, runs_event


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """Without names of people: what is to come, and what was by school year."""
    now = timezone.now()
    events = NetworkEvent.objects.select_related("host").prefetch_related("meetings")
    known = request.user.is_authenticated
    mine = Registration.objects.confirmed().filter(event__isnull=False)
    past = events.past(now)
    context = {
        "coming": events.coming(now),
        "years": [
            (year, list(of_year))
            for year, of_year in groupby(past, lambda event: school_year(timezone.localdate(event.starts_at)))
        ],
        "run": events.to_run_by(request.user) if known else [],
        "registered": set(mine.filter(person=request.user).values_list("event_id", flat=True)) if known else set(),
        "may_plan": known and may_plan_events(request.user),
    }
    return render(request, "sessions/event_list.html", context)


@require_safe
def event_detail(request: HttpRequest, pk: int) -> HttpResponse:
    event = visible_event(request, pk)
    known = request.user.is_authenticated
    is_own = known and runs_event(request.user, event)
    registration = (
        event.registrations.confirmed().filter(person=request.user).select_related("organisation", "party").first()
        if known
        else None
    )
    invitations = {}
    if registration:
        mine = Invitation.objects.active().filter(person=request.user, meeting__event=event)
        invitations = {invitation.meeting_id: invitation for invitation in mine}
    meetings = list(event.meetings.all())
    is_over = event.is_over()
    context = {
        "crumbs": crumbs(event),
        "event": event,
        "meetings": [(meeting, invitations.get(meeting.pk)) for meeting in meetings],
        "places": list(dict.fromkeys(meeting.place for meeting in meetings if meeting.place)),
        "registration": registration,
        "is_own": is_own,
        "brings": known and is_coordinator(request.user),
        "takes_part": registration is not None or is_own,
        "materials": files_of(event) if registration or is_own else [],
        "is_over": is_over or event.state == NetworkEvent.State.CLOSED,
        "has_started": event.has_started(),
        "closed": event.registration_closes_at is not None and event.registration_closes_at <= timezone.now(),
    }
    return render(request, "sessions/event_detail.html", context)


def visible_event(request: HttpRequest, pk: int) -> NetworkEvent:
    """
    Raises:
        Http404: it does not exist, or is a draft that others run.
    """
    found = NetworkEvent.objects.visible_to(request.user).select_related("host").prefetch_related("meetings")
    return get_object_or_404(found, pk=pk)


def run_event(request: HttpRequest, pk: int) -> NetworkEvent:
    """
    Raises:
        Http404: it does not exist, or the person does not run it.
    """
    event = visible_event(request, pk)
    require(runs_event(request.user, event))
    return event


def crumbs(event: NetworkEvent | None = None, *here: str) -> list[tuple[str, str]]:
    """Breadcrumbs down to the page of the event, or to ``here``; the last one has no address."""
    items = [(_("Meetings of the network"), reverse("sessions:events"))]
    if event is not None:
        items.append((marked(event.title), reverse("sessions:event", args=[event.pk])))
    items += [(label, "") for label in here]
    return [*items[:-1], (items[-1][0], "")]

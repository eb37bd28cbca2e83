"""The trainings that are to come, and the page of one training."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parties.models import Side
from parties.periods import today
from sessions import materials
from sessions.models import Invitation, Meeting, Registration, Training
from sessions.offers import token_of
from sessions.overlaps import booked_elsewhere, overlaps_of
from sessions.rules import gives_training
from sessions.seating import explain, table
from sessions.views.lookup import crumbs, visible_training
from sessions.wording import why_waiting

PER_PAGE = 20


@require_safe
def training_list(request: HttpRequest) -> HttpResponse:
    """Open trainings, without names; ``?kant=school`` or ``werkplek`` keeps those with a free seat for that side."""
    side = {"school": Side.SCHOOL, "werkplek": Side.WORKPLACE}.get(request.GET.get("kant", ""))
    coming = Training.objects.visible_to(request.user).open(timezone.now()).with_seats_taken()
    trainings = coming.with_a_seat_for(side, today()) if side else coming
    page = Paginator(trainings.prefetch_related("meetings"), PER_PAGE).get_page(request.GET.get("pagina"))
    own: dict[int, Registration] = {}
    given: list[Training] = []
    if request.user.is_authenticated:
        mine = Registration.objects.active().filter(
            person=request.user, training__in=[training.pk for training in page]
        )
        own = {registration.training_id: registration for registration in mine}
        given = list(Training.objects.to_run_by(request.user))
    context = {
        "page": page,
        "rows": [(training, own.get(training.pk)) for training in page],
        "given": given,
        "side": request.GET.get("kant") if side else "",
        "sides": [("school", _("with a seat for school")), ("werkplek", _("with a seat for the workplace"))],
    }
    return render(request, "sessions/training_list.html", context)


@require_safe
def training_detail(request: HttpRequest, pk: int) -> HttpResponse:
    training = visible_training(request, pk)
    is_own = request.user.is_authenticated and gives_training(request.user, training)
    registration = _registration(request, training)
    has_seat = registration is not None and registration.state == Registration.State.CONFIRMED
    is_offered = registration is not None and registration.state == Registration.State.OFFERED
    waits = registration is not None and registration.state == Registration.State.WAITLISTED
    wait = (
        explain(registration.pk, training.seats, training.registrations.places(), today())
        if registration and waits
        else None
    )
    meetings = list(training.meetings.all())
    seats = table(training.seats, training.registrations.tally(), today())
    context = {
        "crumbs": crumbs(training),
        "training": training,
        "meetings": _with_invitations(request, meetings),
        "net_minutes": sum(meeting.net_minutes for meeting in meetings),
        "places": list(dict.fromkeys(meeting.place for meeting in meetings if meeting.place)),
        "seats": seats,
        "chairs": seats.chairs(),
        "registration": registration,
        "has_seat": has_seat,
        "wait": wait,
        "why": why_waiting(wait) if wait else [],
        "is_own": is_own,
        "offer_url": reverse("sessions:offer", args=[token_of(registration.pk)]) if registration and is_offered else "",
        "overlaps": overlaps_of(request.user, training) if registration and training.state == "published" else [],
        "double_booked": booked_elsewhere(training, request.user) if is_own else [],
        "sees_contact": is_own or registration is not None,
        "materials": materials.files_of(training) if has_seat or is_own else [],
        "is_over": training.state == Training.State.CLOSED
        or max(meeting.ends_at for meeting in meetings) <= timezone.now(),
        "has_started": training.has_started(),
    }
    return render(request, "sessions/training_detail.html", context)


def _registration(request: HttpRequest, training: Training) -> Registration | None:
    if not request.user.is_authenticated:
        return None
    return training.registrations.active().filter(person=request.user).first()


def _with_invitations(request: HttpRequest, meetings: list[Meeting]) -> list[tuple[Meeting, Invitation | None]]:
    """Each meeting with the reader's own invitation."""
    invitations = {}
    if request.user.is_authenticated:
        mine = Invitation.objects.active().filter(person=request.user, meeting__in=meetings)
        invitations = {invitation.meeting_id: invitation for invitation in mine}
    return [(meeting, invitations.get(meeting.pk)) for meeting in meetings]

"""The trainings that are to come, and the page of one training."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parties.periods import today
from sessions import materials
from sessions.filters import MONTH, TrainingFilter
from sessions.models import Invitation, Meeting, Registration, Training
from sessions.month import Month
from sessions.offers import token_of
from sessions.overlaps import booked_elsewhere, overlaps_of
from sessions.rules import gives_training
from sessions.seating import explain, table
from sessions.views.lookup import crumbs, visible_training
from sessions.wording import why_waiting

PER_PAGE = 20


@require_safe
def training_list(request: HttpRequest) -> HttpResponse:
    """Trainings without names, as a list of what is to come or (``?weergave=maand&maand=2026-12``) as a month.

    The address holds every filter; ``TrainingFilter`` names them.
    """
    chosen = TrainingFilter(request.GET, person=request.user)
    return _month(request, chosen) if chosen.is_month else _list(request, chosen)


def _list(request: HttpRequest, chosen: TrainingFilter) -> HttpResponse:
    coming = Training.objects.visible_to(request.user).open(timezone.now()).with_seats_taken()
    asked = request.GET.get("pagina", "")
    page = Paginator(chosen.keeps(coming).prefetch_related("meetings"), PER_PAGE).get_page(asked)
    own = _own(request, [training.pk for training in page])
    context = _chosen(request, chosen) | {
        "page": page,
        "no_such_page": asked if asked and asked != str(page.number) else "",
        "rows": [(training, own.get(training.pk)) for training in page],
        "given": Training.objects.to_run_by(request.user) if request.user.is_authenticated else [],
    }
    return render(request, "sessions/training_list.html", context)


def _month(request: HttpRequest, chosen: TrainingFilter) -> HttpResponse:
    """Each meeting on its day, also those that are over; what was called off is not there."""
    month = chosen.month
    visible = Training.objects.visible_to(request.user).exclude(state=Training.State.CANCELLED).with_seats_taken()
    meetings = (
        Meeting.objects.filter(training__in=chosen.keeps(visible).values("pk"))
        .on_days(month.first, month.last)
        .on_days(chosen.cleaned_data.get("van"), chosen.cleaned_data.get("tot"))
        .select_related("training")
    )
    own = _own(request, [meeting.training_id for meeting in meetings])
    days: dict[dt.date, list[tuple[Meeting, Registration | None]]] = defaultdict(list)
    for meeting in meetings:
        days[timezone.localdate(meeting.starts_at)].append((meeting, own.get(meeting.training_id)))
    context = _chosen(request, chosen) | {
        "month": month,
        "today": today(),
        "weeks": [[(day, days.get(day, []) if day else []) for day in week] for week in month.weeks()],
        "days": sorted(days.items()),
        "weekdays": [day for day in Month(2024, 1).weeks()[0] if day],  # a month that begins on a Monday
        "previous": _address(request, maand=month.previous) if month.previous else "",
        "following": _address(request, maand=month.following) if month.following else "",
        "this_month": "" if month == Month.of(today()) else _address(request, maand=Month.of(today())),
    }
    return render(request, "sessions/training_month.html", context)


def _chosen(request: HttpRequest, chosen: TrainingFilter) -> dict[str, Any]:
    """What list and month have in common: the filters, and the way to the other one."""
    return {
        "filter": chosen,
        "chips": [(words, _address(request, **{name: None})) for name, words in chosen.in_words()],
        "list_url": _address(request, weergave=None),
        "month_url": _address(request, weergave=MONTH),
        "unfiltered_url": _address(request, **dict.fromkeys(chosen.NARROWS)),
    }


def _address(request: HttpRequest, **changes: object) -> str:
    """This page with other values in its address; None takes one away. The pages of a list begin anew."""
    query = request.GET.copy()
    for name, value in {**changes, "pagina": None}.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _own(request: HttpRequest, trainings: list[int]) -> dict[int, Registration]:
    """By training: where the person takes part or waits."""
    if not request.user.is_authenticated:
        return {}
    mine = Registration.objects.active().filter(person=request.user, training__in=trainings)
    return {registration.training_id: registration for registration in mine}


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
        "audience": [*training.parties.all(), *training.organisations.all()]
        if is_own and training.audience == Training.Audience.CHOSEN
        else [],
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

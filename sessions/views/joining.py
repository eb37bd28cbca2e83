"""Looking for an intervision group, taking a place in one, and leaving it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parties.access import require, signed_in
from parties.models import Membership, Person
from sessions.actions.forming import (
    apart_declare,
    apart_take_back,
    candidate_say_no,
    candidate_say_yes,
    member_leave,
    place_ask,
    wish_save,
    wish_withdraw,
)
from sessions.forming import candidate_of, group_of_place, place_token, where_and_when
from sessions.forms import RegisterForm
from sessions.forms_forming import ApartForm, WishForm
from sessions.models import Candidate, IntervisionGroup, IntervisionWish, KeptApart
from sessions.views.group_lookup import crumbs, own_place
from sessions.views.meeting_forms import error_lines, place_refusal
from sessions.views.questions import Question, ask


@signed_in
@require_http_methods(["GET", "POST"])
def wish(request: HttpRequest) -> HttpResponse:
    """Saying where and when one can; below it the open places."""
    memberships = _memberships(request)
    own = IntervisionWish.objects.filter(person=request.user).prefetch_related("places", "slots").first()
    form = WishForm(_posted(request, memberships), person=request.user, initial=WishForm.initial_of(request.user, own))
    if request.method == "POST" and memberships and form.is_valid():
        names = ("membership", "online", "places", "slots")
        try:
            wish_save(**{name: form.cleaned_data[name] for name in names}, apart=form.apart())
        except ValidationError as refused:
            place_refusal(refused, form, {})
        else:
            messages.success(request, _("Saved. You get a mail as soon as there is a group for you."))
            return redirect("sessions:groups")
    places = (
        IntervisionGroup.objects.with_open_place()
        .exclude(pk__in=Candidate.objects.filter(person=request.user).values("group"))
        .exclude(pk__in=IntervisionGroup.objects.visible_to(request.user))
        .select_related("place")
        .order_by("slot", "pk")
    )
    context = {
        "memberships": memberships,
        "form": form,
        "error_lines": error_lines(form) if form.is_bound else [],
        "wish": own,
        "places": [(where_and_when(group.place, group.slot), place_token(group.pk)) for group in places],
        "crumbs": crumbs(None, _("Look for a group")),
    }
    return render(request, "sessions/wish.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def wish_stop(request: HttpRequest) -> HttpResponse:
    waits = IntervisionWish.objects.filter(person=request.user).exists()
    require(waits or Candidate.objects.asked_by(request.user).exists())
    question = Question(
        title=_("Stop looking for a group?"),
        text=[_("We delete what you filled in, also with whom you do not belong in one group. You can begin again later.")],
        answer=_("Stop looking"),
        back=reverse("sessions:groups"),
        crumbs=crumbs(None, _("Stop looking")),
    )  # fmt: skip
    if request.method == "GET":
        return ask(request, question)
    wish_withdraw(person=request.user)
    messages.success(request, _("You no longer look for a group. What you filled in is deleted."))
    return redirect("sessions:groups")


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def open_place(request: HttpRequest, token: str) -> HttpResponse:
    """Asking for an open place; the facilitator decides."""
    group = get_object_or_404(IntervisionGroup.objects.select_related("place"), pk=group_of_place(token))
    memberships = _memberships(request)
    form = RegisterForm(_posted(request, memberships), person=request.user)
    if request.method == "POST" and memberships and form.is_valid():
        try:
            asked = place_ask(group=group, membership=form.cleaned_data["membership"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("You asked for a place. You get a mail when the facilitator decided."))
            return redirect("sessions:groups" if asked else reverse("sessions:group", args=[group.pk]))
    context = {
        "memberships": memberships,
        "form": form,
        "where": where_and_when(group.place, group.slot),
        "crumbs": crumbs(None, _("Ask for a place")),
    }
    return render(request, "sessions/open_place.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def candidacy(request: HttpRequest, token: str) -> HttpResponse:
    """Answering an invitation or a proposal. Of the group only its facilitator, place, time and dates are told."""
    pk = candidate_of(token)
    require(pk is not None)
    candidate = Candidate.objects.select_related("group__facilitator", "group__place").filter(pk=pk).first()
    context = {"candidate": None, "crumbs": crumbs(None, _("Your invitation"))}
    if candidate is None or candidate.group.closed_at is not None:
        return render(request, "sessions/candidacy.html", context)
    if not _is_for(candidate, request.user):
        return render(request, "sessions/candidacy.html", context | {"is_for_another": True})
    memberships = _memberships(request)
    form = RegisterForm(_posted(request, memberships), person=request.user)
    if request.method == "POST" and request.POST.get("answer") == "no":
        candidate_say_no(candidate=candidate)
        messages.success(request, _("You said no. The facilitator hears that, without a reason."))
        return redirect("sessions:groups")
    if request.method == "POST" and memberships and form.is_valid():
        try:
            place = candidate_say_yes(candidate=candidate, membership=form.cleaned_data["membership"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            if place is None:
                messages.success(request, _("Thank you. You get a mail when the facilitator decided."))
                return redirect("sessions:groups")
            messages.success(request, _("You have a place. Read the agreements first."))
            return redirect("sessions:agreements", pk=place.group_id)
    context |= {
        "candidate": candidate,
        "memberships": memberships,
        "form": form,
        "where": where_and_when(candidate.group.place, candidate.group.slot),
        "meetings": candidate.group.meetings.upcoming(timezone.now()).order_by("starts_at"),
    }
    return render(request, "sessions/candidacy.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    own = own_place(request, pk)
    question = Question(
        title=_("Leave this group?"),
        text=[
            _("Your appointments are withdrawn at once, and the facilitator gets a mail without a reason."),
            _("Meetings that you were at go on counting for you."),
            _("As agreed, throw away the notes that you made for the meetings."),
        ],
        answer=_("Leave the group"),
        back=reverse("sessions:group", args=[pk]),
        crumbs=crumbs(own.group, _("Leave the group")),
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    member_leave(member=own)
    messages.success(request, _("You left the group. Throw away the notes that you made for the meetings."))
    return redirect("sessions:groups")


@signed_in
@require_http_methods(["GET", "POST"])
def apart(request: HttpRequest, pk: int) -> HttpResponse:
    """A member declares that they and a fellow member do not belong in one group, or takes that back."""
    own = own_place(request, pk)
    declared = KeptApart.objects.filter(
        person=request.user, other__in=own.group.members.current().values("person")
    ).select_related("other")
    form = ApartForm(request.POST if request.method == "POST" and "take-back" not in request.POST else None, member=own)
    if request.method == "POST" and "take-back" in request.POST:
        apart_take_back(declared=get_object_or_404(declared, pk=_number(request.POST["take-back"])))
        messages.success(request, _("Taken back."))
        return redirect(request.path)
    if request.method == "POST" and form.is_valid():
        apart_declare(member=own, other=form.cleaned_data["other"], kind=form.cleaned_data["kind"])
        messages.success(request, _("Saved. The facilitator hears it, and talks with you both."))
        return redirect("sessions:group", pk=pk)
    context = {
        "group": own.group,
        "form": form,
        "declared": declared,
        "crumbs": crumbs(own.group, _("Not in one group")),
    }
    return render(request, "sessions/group_apart.html", context)


def _is_for(candidate: Candidate, person: Person) -> bool:
    """Whether it went to this person; who forwards the link gives nobody a place."""
    if candidate.person_id is not None:
        return candidate.person_id == person.pk
    return Person.objects.with_address(candidate.address).filter(pk=person.pk).exists()


def _memberships(request: HttpRequest) -> list[Membership]:
    return list(request.user.memberships.current().select_related("organisation").order_by("organisation__name", "pk"))


def _posted(request: HttpRequest, memberships: list[Membership]) -> dict | None:
    """What was posted; who works at one place was not asked where."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if len(memberships) == 1:
        data["membership"] = str(memberships[0].pk)
    return data


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0

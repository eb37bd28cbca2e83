"""The facilitator makes a group, fills it, and closes it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parties.access import require, signed_in
from parties.models import Organisation
from parties.rules import is_facilitator
from sessions.actions.forming import (
    candidate_decide,
    candidate_invite,
    candidate_take_back,
    group_change,
    group_close,
    group_create,
    group_hand_over,
    member_take_out,
    proposal_take,
)
from sessions.agreements import VERSION
from sessions.forming import proposal_word, proposals_of, waiting_people, warnings_of, where_and_when
from sessions.forms_forming import GroupForm, HandOverForm, InviteForm
from sessions.harvest import Together
from sessions.matching import Proposal
from sessions.mixing import ONLINE, SIDES, Waiting
from sessions.models import SMALLEST, Candidate, IntervisionPlace
from sessions.querysets import past_meetings
from sessions.views.group_lookup import crumbs, led_group
from sessions.views.meeting_forms import error_lines, place_refusal
from sessions.views.questions import Question, ask

#: Where a session keeps the proposals that its facilitator read last.
READ = "proposals"


@signed_in
@require_http_methods(["GET", "POST"])
def group_new(request: HttpRequest) -> HttpResponse:
    require(is_facilitator(request.user))
    form = GroupForm(request.POST or None, initial={"reply_to": request.user.email})
    if request.method == "POST" and form.is_valid():
        group = group_create(facilitator=request.user, facts=form.facts())
        messages.success(request, _("The group is there. Invite its members, or plan the meetings first."))
        return redirect("sessions:group-members", pk=group.pk)
    context = {
        "form": form,
        "error_lines": error_lines(form) if form.is_bound else [],
        "crumbs": crumbs(None, _("Make a group")),
    }
    return render(request, "sessions/group_form.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    group = led_group(request, pk)
    form = GroupForm(request.POST or None, initial=GroupForm.initial_of(group))
    if request.method == "POST" and form.is_valid():
        try:
            group_change(group=group, facts=form.facts())
        except ValidationError as refused:
            place_refusal(refused, form, {})
        else:
            messages.success(request, _("Saved."))
            return redirect("sessions:group", pk=pk)
    context = {
        "group": group,
        "form": form,
        "error_lines": error_lines(form) if form.is_bound else [],
        "crumbs": crumbs(group, _("Change the group")),
    }
    return render(request, "sessions/group_form.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def waiting(request: HttpRequest) -> HttpResponse:
    """Who waits, as numbers; and groups proposed from them, with sides and organisations and without names."""
    require(is_facilitator(request.user))
    if request.method == "POST":
        try:
            group = proposal_take(facilitator=request.user, proposal=_read(request))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("sessions:waiting")
        messages.success(request, _("The group is there, and everybody in the proposal got a mail."))
        return redirect("sessions:group-members", pk=group.pk)
    people = waiting_people()
    proposals = proposals_of(people)
    request.session[READ] = {proposal_word(one): [one.venue, one.slot, one.people] for one in proposals}
    placed = sum(len(proposal.people) for proposal in proposals)
    context = {
        "total": len(people),
        "sides": _by_side(people),
        "proposals": _shown(proposals, people),
        "left": len(people) - placed,
        "crumbs": crumbs(None, _("Who waits for a group")),
    }
    return render(request, "sessions/waiting.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, pk: int) -> HttpResponse:
    group = led_group(request, pk)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            candidate_invite(group=group, address=form.cleaned_data["address"])
        except ValidationError as refused:
            place_refusal(refused, form, {})
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect(request.path)
    found = list(
        group.members.current()
        .with_agreements(VERSION)
        .select_related("person", "organisation")
        .order_by("person__name", "pk")
    )
    candidates = list(
        group.candidates.select_related("person", "membership__organisation").order_by("created_at", "pk")
    )
    known = [one.person for one in (*found, *candidates) if one.person is not None]
    context = {
        "group": group,
        "members": found,
        "to_decide": [one for one in candidates if one.state == Candidate.State.TO_DECIDE],
        "to_answer": [one for one in candidates if one.state == Candidate.State.TO_ANSWER],
        "warnings": warnings_of(known),
        "one_sided": len(found) >= SMALLEST and len({one.side for one in found}) == 1,
        "too_few": len(found) < SMALLEST,
        "free": max(0, group.size - len(found)),
        "form": form,
        "crumbs": crumbs(group, _("Members")),
    }
    return render(request, "sessions/group_members.html", context)


@signed_in
@require_POST
def candidate_place(request: HttpRequest, pk: int, candidate_pk: int) -> HttpResponse:
    """Who asks for a place gets it."""
    group = led_group(request, pk)
    candidate = get_object_or_404(group.candidates, pk=candidate_pk, state=Candidate.State.TO_DECIDE)
    try:
        candidate_decide(candidate=candidate, accept=True)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("They are in the group, and get a mail."))
    return redirect("sessions:group-members", pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def candidate_refuse(request: HttpRequest, pk: int, candidate_pk: int) -> HttpResponse:
    """No place for who asks for one; or an invitation is taken back."""
    group = led_group(request, pk)
    candidate = get_object_or_404(group.candidates.select_related("person", "group"), pk=candidate_pk)
    asks = candidate.state == Candidate.State.TO_DECIDE
    question = Question(
        title=_("No place for this person?") if asks else _("Take the invitation back?"),
        text=[
            _("They get a mail that there is no place for them, without a reason.")
            if asks
            else _("The link in the mail no longer works. They get no mail about it.")
        ],
        answer=_("No place") if asks else _("Take it back"),
        back=reverse("sessions:group-members", args=[pk]),
        crumbs=crumbs(group, _("Members")),
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    if asks:
        candidate_decide(candidate=candidate, accept=False)
    else:
        candidate_take_back(candidate=candidate)
    messages.success(request, _("Done."))
    return redirect("sessions:group-members", pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def member_out(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    group = led_group(request, pk)
    member = get_object_or_404(group.members.current().select_related("person", "group"), pk=member_pk)
    name = member.person.name or _("Name not filled in")
    question = Question(
        title=_("End the membership of %(name)s?") % {"name": name},
        text=[
            _("They get a mail without a reason, and their appointments are withdrawn at once."),
            _("Talk with them first."),
        ],
        answer=_("End the membership"),
        back=reverse("sessions:group-members", args=[pk]),
        crumbs=crumbs(group, _("End the membership")),
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    member_take_out(member=member)
    messages.success(request, _("They are no longer a member, and get a mail."))
    return redirect("sessions:group-members", pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    group = led_group(request, pk)
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            group_hand_over(group=group, address=form.cleaned_data["address"])
        except ValidationError as refused:
            place_refusal(refused, form, {})
        else:
            messages.success(request, _("The other facilitator leads the group now, and gets a mail."))
            return redirect("sessions:groups")
    context = {"group": group, "form": form, "crumbs": crumbs(group, _("Hand the group over"))}
    return render(request, "sessions/group_hand_over.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The harvest of all meetings is read together; then the group closes."""
    group = led_group(request, pk)
    if request.method == "POST":
        group_close(group=group)
        messages.success(request, _("The group is closed. Each member gets a mail and can look back."))
        return redirect("sessions:group", pk=pk)
    now = timezone.now()
    past = list(past_meetings(group, now))
    context = {
        "group": group,
        "past": past,
        "harvest": Together.of(past),
        "coming": group.meetings.upcoming(now).count(),
        "crumbs": crumbs(group, _("Close the group")),
    }
    return render(request, "sessions/group_close.html", context)


def _read(request: HttpRequest) -> Proposal:
    """The proposal that is taken, as the page showed it. Its people stay with us: the page holds a word for it.

    Raises:
        ValidationError: the page did not show it, or showed others since.
    """
    found = request.session.get(READ, {}).get(request.POST.get("proposal", ""))
    if found is None:
        raise ValidationError(_("This proposal is no longer there. Choose one of these."))
    venue, slot, people = found
    return Proposal(venue=venue, slot=slot, people=tuple(people))


def _shown(proposals: list[Proposal], people: list[Waiting]) -> list[dict]:
    """Each proposal with its words, its numbers by side, its organisations and the word that stands for it."""
    by_key = {one.key: one for one in people}
    places = IntervisionPlace.objects.in_bulk({one.venue for one in proposals if one.venue != ONLINE})
    organisations = Organisation.objects.in_bulk({by_key[key].organisation for one in proposals for key in one.people})
    found = []
    for proposal in proposals:
        its = [by_key[key] for key in proposal.people]
        found.append(
            {
                "where": where_and_when(places.get(proposal.venue), proposal.slot),
                "people": len(its),
                "sides": _by_side(its),
                "organisations": sorted({organisations[one.organisation].name for one in its}),
                "word": proposal_word(proposal),
            }
        )
    return found


def _by_side(people: list[Waiting]) -> list[tuple[str, int]]:
    return [(side, sum(one.side == side for one in people)) for side in SIDES]

"""Where coordinators of a party write down its promises and what shows for them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commitments.actions.commitments import commitment_add, commitment_change, evidence_add, evidence_remove
from commitments.forms import EvidenceForm, PromiseForm
from commitments.models import Commitment, Effort, Evidence
from parties.access import require, signed_in
from parties.languages import marked
from parties.models import Party
from parties.periods import today
from parties.rules import is_coordinator_of


@signed_in
@require_http_methods(["GET", "POST"])
def promise_new(request: HttpRequest, slug: str, effort: int) -> HttpResponse:
    party = _own_party(request, slug)
    of_effort = get_object_or_404(Effort, number=effort)
    form = PromiseForm(request.POST or None, initial={"since": today(), "status": Commitment.Status.PLANNED})
    if request.method == "POST" and form.is_valid():
        try:
            commitment_add(party=party, effort=of_effort, promise=form.promise(), by=request.user)
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, _("The promise is on the page of your party now."))
            return redirect("commitments:party", slug)
    context = {"party": party, "effort": of_effort, "form": form, "crumbs": _crumbs(party, _("Add a promise"))}
    return render(request, "commitments/promise.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def promise_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    party = _own_party(request, slug)
    commitment = get_object_or_404(Commitment.objects.select_related("effort"), party=party, pk=pk)
    form = PromiseForm(request.POST or None, instance=commitment)
    if request.method == "POST" and form.is_valid():
        try:
            commitment_change(commitment=commitment, promise=form.promise(), by=request.user)
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, _("The promise was changed."))
            return redirect("commitments:party", slug)
    context = {"party": party, "effort": commitment.effort, "form": form, "commitment": commitment}
    context["crumbs"] = _crumbs(party, commitment.title)
    return render(request, "commitments/promise.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What shows for a promise: the list, and one more."""
    party = _own_party(request, slug)
    commitment = get_object_or_404(Commitment, party=party, pk=pk)
    form = EvidenceForm(request.POST or None, initial={"date": today(), "amount": 1})
    if request.method == "POST" and form.is_valid():
        try:
            evidence_add(commitment=commitment, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, _("The evidence counts from now on."))
            return redirect("commitments:evidence", slug, pk)
    context = {"party": party, "commitment": commitment, "form": form, "crumbs": _crumbs(party, commitment.title)}
    context["evidence"] = commitment.evidence.order_by("-date", "-pk")
    return render(request, "commitments/evidence.html", context)


@signed_in
@require_POST
def evidence_delete(request: HttpRequest, slug: str, pk: int, evidence_pk: int) -> HttpResponse:
    party = _own_party(request, slug)
    found = get_object_or_404(Evidence, commitment__party=party, commitment=pk, pk=evidence_pk)
    evidence_remove(evidence=found, by=request.user)
    messages.success(request, _("The evidence was taken away."))
    return redirect("commitments:evidence", slug, pk)


def _crumbs(party: Party, here: str) -> list[tuple[str, str]]:
    page = reverse("commitments:party", args=[party.slug])
    return [(_("Parties"), reverse("commitments:parties")), (marked(party.name), page), (here, "")]


def _own_party(request: HttpRequest, slug: str) -> Party:
    party = get_object_or_404(Party, slug=slug)
    require(is_coordinator_of(request.user, party))
    return party


def _tell(form: Form, error: ValidationError) -> None:
    """What the action refuses is said at its field."""
    for name, sentences in error.message_dict.items():
        form.add_error(name if name in form.fields else None, sentences)

"""What the parties promised and where they stand: each party, and the network."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.forms import DayForm
from commitments.metrics import EVERYBODY, NETWORK, PARTY
from commitments.models import Commitment, Effort
from commitments.standing import (
    IN_LEDGER,
    ROUNDED,
    Reader,
    Standing,
    day_for,
    events_counted,
    of_organisations,
    standings,
    totals,
    trend_of,
)
from parties.languages import marked
from parties.models import Organisation, Party
from parties.rules import is_coordinator_of

Metric = Commitment.Metric
ORGANISATIONS_A_PAGE = 50


@require_safe
def party_list(request: HttpRequest) -> HttpResponse:
    parties = Party.objects.prefetch_related("commitments")
    return render(request, "commitments/parties.html", {"parties": parties})


@require_safe
def party_page(request: HttpRequest, slug: str) -> HttpResponse:
    party = get_object_or_404(Party, slug=slug)
    reader = Reader.of(request.user)
    exact = reader.sees_exactly(party.pk)
    form, chosen = _chosen(request)
    day = day_for(chosen, exact=exact)
    found = standings(list(party.commitments.select_related("effort", "party")), chosen, reader)
    metric = Metric.TRAINED if party.kind == Party.Kind.EMPLOYER else Metric.ORGANISATIONS_REACHED
    target = next((one.commitment.target for one in found if one.commitment.metric == metric), None)
    context = {
        "crumbs": [(_("Parties"), reverse("commitments:parties")), (marked(party.name), "")],
        "party": party,
        "form": form,
        "day": day,
        "is_chosen": chosen is not None,
        "exact": exact,
        "may_edit": is_coordinator_of(request.user, party) if request.user.is_authenticated else False,
        "efforts": _by_effort(found),
        "examples": any(one.commitment.is_example for one in found),
        "totals": [
            (metric, value, _origin_link(metric, chosen) if exact or metric == Metric.EVENTS else "")
            for metric, value in _named(totals(PARTY, party.pk, day, exact=exact))
        ],
        "trend_target": target,
        **_trend(metric, trend_of(PARTY, party.pk, metric, chosen, exact=exact), exact, target),
    }
    if request.GET.get("herkomst") == Metric.EVENTS:
        context["events"] = events_counted(PARTY, party.pk, day)
    elif exact and request.GET.get("herkomst") in IN_LEDGER:
        context |= _made_of(request, party, Metric(request.GET["herkomst"]), day)
    return render(request, "commitments/party.html", context)


@require_safe
def network_page(request: HttpRequest) -> HttpResponse:
    reader = Reader.of(request.user)
    exact = reader.sees_exactly()
    form, chosen = _chosen(request)
    day = day_for(chosen, exact=exact)
    context = {
        "crumbs": [(_("Parties"), reverse("commitments:parties")), (_("Progress of the network"), "")],
        "form": form,
        "day": day,
        "is_chosen": chosen is not None,
        "exact": exact,
        "parties": _by_party(chosen, reader),
        "totals": [
            (metric, value, _origin_link(metric, chosen) if metric == Metric.EVENTS else "")
            for metric, value in _named(totals(NETWORK, EVERYBODY, day, exact=exact))
        ],
        **_trend(Metric.TRAINED, trend_of(NETWORK, EVERYBODY, Metric.TRAINED, chosen, exact=exact), exact),
    }
    if request.GET.get("herkomst") == Metric.EVENTS:
        context["events"] = events_counted(NETWORK, EVERYBODY, day)
    return render(request, "commitments/network.html", context)


@require_safe
def network_json(request: HttpRequest) -> JsonResponse:
    """Shape: contract.md, 'Addresses'. A date that cannot be shown answers 400 with a sentence."""
    reader = Reader.of(request.user)
    form, chosen = _chosen(request)
    if form.errors:
        return JsonResponse({"error": " ".join(form.errors["datum"])}, status=400)
    day = day_for(chosen, exact=reader.sees_exactly())
    parties = [
        {
            "slug": party.slug,
            "name": party.name,
            "commitments": [
                {
                    "effort": one.commitment.effort_id,
                    "metric": one.commitment.metric,
                    "unit": one.commitment.unit,
                    "baseline": one.commitment.baseline,
                    "target": one.commitment.target,
                    "value": one.value,
                    "status": one.commitment.status,
                    "estimated": one.commitment.denominator_estimated,
                }
                for one in found
            ],
        }
        for party, found in _by_party(chosen, reader)
    ]
    joint = totals(NETWORK, EVERYBODY, day, exact=reader.sees_exactly())
    return JsonResponse({"date": day.isoformat(), "parties": parties, "joint": joint})


def _chosen(request: HttpRequest) -> tuple[DayForm, dt.date | None]:
    form = DayForm(request.GET or None)
    return form, form.cleaned_data["datum"] if form.is_valid() else None


def _by_effort(found: list[Standing]) -> list[tuple[Effort, list[Standing]]]:
    of_effort = {key: list(some) for key, some in groupby(found, key=lambda one: one.commitment.effort_id)}
    return [(effort, of_effort.get(effort.pk, [])) for effort in Effort.objects.all()]


def _by_party(chosen: dt.date | None, reader: Reader) -> list[tuple[Party, list[Standing]]]:
    """All parties in the manifest's order, also those without a promise."""
    commitments = list(Commitment.objects.select_related("effort").order_by("party__position", "effort", "pk"))
    of_party: dict[int, list[Standing]] = {}
    for one in standings(commitments, chosen, reader):
        of_party.setdefault(one.commitment.party_id, []).append(one)
    return [(party, of_party.get(party.pk, [])) for party in Party.objects.all()]


def _named(values: dict[str, Any]) -> list[tuple[Metric, Any]]:
    return [(Metric(metric), value) for metric, value in values.items()]


def _origin_link(metric: Metric, chosen: dt.date | None) -> str:
    """The same page with what a number is made of."""
    query = {"herkomst": metric.value} | ({"datum": chosen.isoformat()} if chosen else {})
    return f"?{urlencode(query)}#herkomst"


def _trend(metric: Metric, points: list[tuple[dt.date, int]], exact: bool, target: int | None = None) -> dict[str, Any]:
    """What the chart says. Without two points there is no line to draw."""
    finding = ""
    if len(points) > 1:
        day, number = points[-1]
        finding = _("On %(day)s: %(number)s.") % {"day": date_format(day, "j F Y"), "number": number}
        if target:
            finding += " " + _("The own target is %(target)s.") % {"target": target}
    note = _("At the end of each month.")
    if not exact and metric in ROUNDED:
        note += " " + _("Rounded; months with fewer than 5 people are left out.")
    return {
        "trend_title": _("%(what)s over time") % {"what": metric.label},
        "trend_lines": [(metric.label, points)] if len(points) > 1 else [],
        "trend_finding": finding,
        "trend_note": note,
    }


def _made_of(request: HttpRequest, party: Party, metric: Metric, day: dt.date) -> dict[str, Any]:
    """The organisations behind a number, by name: rounded, also for who sees the total."""
    if metric == Metric.ORGANISATIONS_REACHED:
        metric = Metric.TRAINED
    organisations = Organisation.objects.affiliated(party, day).order_by("name", "pk")
    page = Paginator(organisations, ORGANISATIONS_A_PAGE).get_page(request.GET.get("pagina"))
    values = of_organisations([one.pk for one in page], metric, day)
    return {"made_of": [(one, values[one.pk]) for one in page], "made_of_page": page, "made_of_title": metric.label}

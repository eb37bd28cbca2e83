"""Who is trained: HR's list of the people of its own organisation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates.models import Programme
from commitments.forms import PeopleFilter
from commitments.metrics import ORGANISATION
from commitments.models import Commitment
from commitments.standing import trend_of
from commitments.trained import (
    TONES,
    TRAINED_TODAY,
    Status,
    Years,
    counts_by_status,
    intervision_by_year,
    people_of,
    statuses_in,
)
from parties.access import require, signed_in
from parties.models import Membership, Organisation
from parties.periods import today
from parties.rules import hr_departments, is_hr_of

PEOPLE_A_PAGE = 50


@signed_in
@require_safe
def organisation_page(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, slug=slug)
    require(is_hr_of(request.user, organisation))
    scope = hr_departments(request.user, organisation)
    day = today()
    departments = organisation.departments.order_by("name")
    if scope is not None:
        departments = departments.filter(pk__in=scope)
    everybody = people_of(organisation, scope, day)
    counts = counts_by_status(everybody)
    form = PeopleFilter(request.GET, departments=departments)
    people = everybody.select_related("department")
    chosen = form.cleaned_data if form.is_valid() else {}
    if chosen.get("zoek"):
        people = people.filter(Q(shown_name__icontains=chosen["zoek"]) | Q(work_address__istartswith=chosen["zoek"]))
    if chosen.get("afdeling"):
        people = people.filter(department=chosen["afdeling"])
    if chosen.get("status"):
        people = people.filter(status__in=statuses_in(chosen["status"]))
    page = Paginator(people.order_by("shown_name", "pk"), PEOPLE_A_PAGE).get_page(request.GET.get("pagina"))
    programme = Programme.objects.filter(counts_as_trained=True).order_by("pk").first()
    intervision = intervision_by_year(organisation, [one.person_id for one in page], day)
    whole = scope is None
    trend = trend_of(ORGANISATION, organisation.pk, Commitment.Metric.TRAINED, None, exact=True) if whole else []
    context = {
        "organisation": organisation,
        "day": day,
        "whole": whole,
        "total": sum(counts.values()),
        "trained": sum(counts[status] for status in TRAINED_TODAY),
        "counts": counts,
        "filter": form,
        "chips": _chips(request.GET, form, chosen),
        "page": page,
        "rows": [_row(one, intervision.get(one.person_id, [])) for one in page],
        "modules": programme.courses.count() if programme else 0,
        "trend_title": _("Trained, over time"),
        "trend_lines": [(_("Trained"), trend)] if any(number for _date, number in trend) else [],
    }
    return render(request, "commitments/organisation.html", context)


def _row(person: Membership, intervision: Years) -> tuple[Membership, Status, str]:
    person.intervision = intervision
    status = Status(person.status)
    person.last_valid_day = person.valid_until - dt.timedelta(days=1) if person.valid_until else None
    return person, status, TONES[status]


def _chips(query: QueryDict, form: PeopleFilter, chosen: dict[str, Any]) -> list[tuple[str, str]]:
    """The filters that are on: words, and the address without them."""
    chips = []
    for name, value in chosen.items():
        if value:
            rest = query.copy()
            for gone in (name, "pagina"):
                rest.pop(gone, None)
            chips.append((_words(form, name, value), f"?{rest.urlencode()}"))
    return chips


def _words(form: PeopleFilter, name: str, value: Any) -> str:
    if name == "zoek":
        return _("Search: %(words)s") % {"words": value}
    return str(dict(form.fields["status"].choices)[value] if name == "status" else value)

"""/partijen/<slug>/organisaties/: which organisations belong to a party, kept by its coordinators."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parties.access import require, signed_in
from parties.actions.affiliations import affiliation_end, affiliation_start
from parties.actions.organisations import hr_contact_add, organisation_add
from parties.forms import AffiliationForm, HrContactForm, NewOrganisationForm
from parties.languages import marked
from parties.models import Affiliation, Organisation, Party
from parties.periods import today
from parties.querysets import has_hr
from parties.rules import is_coordinator_of

PAGE = 50
MOST_FOUND = 10


def _party(request: HttpRequest, slug: str) -> Party:
    party = get_object_or_404(Party, slug=slug)
    require(is_coordinator_of(request.user, party))
    return party


def _crumbs(party: Party, here: str = "") -> list[tuple[str, str]]:
    """Where a page hangs; the last is the page itself."""
    own = [
        (marked(party.name), reverse("commitments:party", args=[party.slug])),
        (_("Organisations"), reverse("parties:organisations", args=[party.slug])),
    ]
    return [*own, (here, "")] if here else own


@signed_in
def organisations(request: HttpRequest, slug: str) -> HttpResponse:
    party = _party(request, slug)
    text = " ".join(request.GET.get("zoek", "").split())[:100]
    rows = (
        Affiliation.objects.filter(party=party)
        .valid_on(today())
        .select_related("organisation")
        .annotate(has_hr=has_hr("organisation"))
        .order_by("organisation__name")
    )
    found = Organisation.objects.not_affiliated(party).named(text)[:MOST_FOUND] if len(text) > 1 else []
    context = {
        "party": party,
        "crumbs": _crumbs(party),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("pagina")),
        "text": text,
        "found": found,
    }
    return render(request, "parties/organisations.html", context)


@signed_in
def organisation_new(request: HttpRequest, slug: str) -> HttpResponse:
    party = _party(request, slug)
    form = NewOrganisationForm(request.POST or None)
    if form.is_valid():
        try:
            organisation = organisation_add(**form.cleaned_data, party=party, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("%(organisation)s belongs to your party now.") % {"organisation": organisation})
            return redirect("parties:hr-contact", slug, organisation.slug)
    return render(
        request,
        "parties/organisation_new.html",
        {"party": party, "form": form, "crumbs": _crumbs(party, _("Add an organisation"))},
    )


@signed_in
@require_POST
def affiliation_new(request: HttpRequest, slug: str) -> HttpResponse:
    party = _party(request, slug)
    form = AffiliationForm(request.POST, party=party)
    if form.is_valid():
        organisation = form.cleaned_data["organisation"]
        affiliation_start(organisation=organisation, party=party, since=today(), by=request.user)
        messages.success(request, _("%(organisation)s belongs to your party now.") % {"organisation": organisation})
    else:
        messages.warning(request, _("This organisation belongs to the party already."))
    return redirect("parties:organisations", slug)


@signed_in
def affiliation_stop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    party = _party(request, slug)
    affiliation = get_object_or_404(
        Affiliation.objects.filter(until=None).select_related("organisation"), party=party, pk=pk
    )
    until = max(today(), affiliation.since + dt.timedelta(days=1))
    if request.method == "POST":
        affiliation_end(affiliation=affiliation, until=until, by=request.user)
        messages.success(
            request,
            _("%(organisation)s does not belong to your party any more.") % {"organisation": affiliation.organisation},
        )
        return redirect("parties:organisations", slug)
    context = {
        "party": party,
        "affiliation": affiliation,
        "until": until,
        "crumbs": _crumbs(party, affiliation.organisation.name),
    }
    return render(request, "parties/affiliation_end.html", context)


@signed_in
def hr_contact(request: HttpRequest, slug: str, organisation: str) -> HttpResponse:
    party = _party(request, slug)
    one = get_object_or_404(Organisation.objects.affiliated(party).exclude(has_hr("pk")), slug=organisation)
    form = HrContactForm(request.POST or None)
    if form.is_valid():
        name, address = form.cleaned_data["name"], form.cleaned_data["email"]
        try:
            hr_contact_add(organisation=one, name=name, address=address, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("%(name)s gets a mail to come in.") % {"name": name})
            return redirect("parties:organisations", slug)
    context = {"party": party, "organisation": one, "form": form, "crumbs": _crumbs(party, _("HR contact"))}
    return render(request, "parties/hr_contact.html", context)

"""HR signs people of its own organisation up for a training: several at once, as a group where they want to come together."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commitments.forms import SignUpForm
from commitments.trained import TRAINED_TODAY, people_of
from parties.access import require, signed_in
from parties.languages import marked
from parties.models import Organisation
from parties.periods import today
from parties.rules import hr_departments, is_hr_of
from sessions.actions.registrations import registrations_create
from sessions.models import Registration, Training
from sessions.seating import table

#: People on one page to choose from; who is not among them is found by name.
MOST_SHOWN = 100


@signed_in
@require_safe
def training_choice(request: HttpRequest, slug: str) -> HttpResponse:
    """Trainings to come for which people of the organisation can register, with the seats that are free."""
    organisation = _organisation_of_hr(request, slug)
    trainings = Training.objects.for_organisation(organisation).open(timezone.now()).with_seats_taken()
    context = {
        "organisation": organisation,
        "trainings": trainings.prefetch_related("meetings"),
        "crumbs": _crumbs(organisation, _("Sign people up")),
    }
    return render(request, "commitments/training_choice.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = _organisation_of_hr(request, slug)
    open_trainings = Training.objects.for_organisation(organisation).open(timezone.now())
    training = get_object_or_404(open_trainings.prefetch_related("meetings"), pk=pk)
    here = training.registrations.active().filter(organisation=organisation)
    everybody = people_of(organisation, hr_departments(request.user, organisation), today())
    people = everybody.exclude(Exists(here.filter(person=OuterRef("person")))).select_related("person", "organisation")
    search = request.GET.get("zoek", "").strip()[:100]
    untrained = people.exclude(status__in=TRAINED_TODAY)
    shown = people.filter(shown_name__icontains=search) if search else untrained
    form = SignUpForm(
        request.POST if request.method == "POST" else None,
        people=people,
        shown=shown.order_by("shown_name", "pk")[:MOST_SHOWN],
    )
    if form.is_bound and form.is_valid():
        try:
            added = registrations_create(
                training=training,
                memberships=form.cleaned_data["people"],
                by=request.user,
                together=form.cleaned_data["together"],
            )
        except ValidationError as refused:
            form.add_error("people", refused)
        else:
            messages.success(request, _result(added))
            return redirect("commitments:sign-up", slug=slug, pk=pk)
    context = {
        "organisation": organisation,
        "training": training,
        "form": form,
        "seats": table(training.seats, training.registrations.tally(), today()),
        "registered": _registered(request, organisation, training),
        "search": search,
        "is_cut": len(form.fields["people"].choices) >= MOST_SHOWN,
        "crumbs": _crumbs(organisation, _("Sign people up"), marked(training.title)),
    }
    return render(request, "commitments/sign_up.html", context)


def _organisation_of_hr(request: HttpRequest, slug: str) -> Organisation:
    organisation = get_object_or_404(Organisation, slug=slug)
    require(is_hr_of(request.user, organisation))
    return organisation


def _registered(request: HttpRequest, organisation: Organisation, training: Training) -> list[Registration]:
    """Those of its own people, within the scope of the role (product.md, rule 7)."""
    rows = training.registrations.active().filter(organisation=organisation).select_related("person", "membership")
    scope = hr_departments(request.user, organisation)
    if scope is not None:
        rows = rows.filter(membership__department__in=scope)
    return list(rows.in_order())


def _result(added: list[Registration]) -> str:
    waiting = sum(registration.state == Registration.State.WAITLISTED for registration in added)
    return _("Signed up: %(seated)s with a seat, %(waiting)s on the waiting list. Each of them gets a mail.") % {
        "seated": len(added) - waiting,
        "waiting": waiting,
    }


def _crumbs(organisation: Organisation, *here: str) -> list[tuple[str, str]]:
    items = [(_("Who is trained?"), reverse("commitments:staff", args=[organisation.slug]))]
    if len(here) > 1:
        items.append((here[0], reverse("commitments:training-choice", args=[organisation.slug])))
    return [*items, (here[-1], "")]

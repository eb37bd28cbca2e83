"""/mijn/gegevens/ and /mijn/werkplek/: name, addresses, password, and where one works."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from parties import codes
from parties.access import signed_in
from parties.actions.addresses import address_add, address_make_primary, address_remove
from parties.actions.memberships import membership_declare, membership_end
from parties.actions.people import password_set, person_change
from parties.forms import AddAddressForm, CodeForm, DetailsForm, PasswordForm, WorkplaceForm
from parties.models import Organisation, Person
from parties.periods import today
from parties.views.sign_in import (
    check_code,
    resend,
    safe_next,
    send_code,
    signed_in_just_now,
    too_many_codes,
    with_next,
)

MOST_FOUND = 20
LEAST_LETTERS = 2


def _show(
    request: HttpRequest, details: DetailsForm | None = None, address: AddAddressForm | None = None
) -> HttpResponse:
    person = request.user
    addresses = list(EmailAddress.objects.filter(user=person).order_by("-primary", "email"))
    memberships = list(
        person.memberships.not_ended()
        .exclude(state="declined")
        .select_related("organisation")
        .order_by("-since", "-pk")
    )
    known = {one.email for one in addresses}
    unconfirmed = {one.work_address.lower() for one in memberships if one.work_address} - known
    return render(
        request,
        "parties/details.html",
        {
            "details": details or DetailsForm(instance=person),
            "address_form": address or AddAddressForm(person=person),
            "addresses": addresses,
            "memberships": memberships,
            "unconfirmed": sorted(unconfirmed),
            "has_password": person.has_usable_password(),
        },
    )


@signed_in
@never_cache
def details(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request)
    form = DetailsForm(request.POST, instance=Person.objects.get(pk=request.user.pk))
    if not form.is_valid():
        return _show(request, details=form)
    person_change(person=request.user, name=form.cleaned_data["name"], language=form.cleaned_data["language"])
    messages.success(request, _("Saved."))
    return redirect("parties:details")


@signed_in
@require_POST
def address_new(request: HttpRequest) -> HttpResponse:
    """Sends a code to the new address; it counts only once that code came back."""
    form = AddAddressForm(request.POST, person=request.user)
    if form.is_valid():
        address = form.cleaned_data["email"]
        if send_code(request, purpose=codes.ADDRESS, address=address, person_id=request.user.pk):
            return redirect("parties:address-code")
        form.add_error("email", too_many_codes())
    return _show(request, address=form)


@signed_in
@never_cache
def address_code(request: HttpRequest) -> HttpResponse:
    challenge = codes.challenge_load(request.session, codes.ADDRESS)
    if challenge is None or challenge.person_id != request.user.pk or not challenge.works():
        codes.challenge_forget(request.session)
        if challenge is not None:
            messages.error(request, _("This code does not work any more. Ask for a new one."))
        return redirect("parties:details")
    if request.POST.get("action") == "resend":
        return resend(request, challenge, back="parties:address-code")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and check_code(request, challenge, form):
        codes.challenge_forget(request.session)
        try:
            address_add(person=request.user, address=challenge.address)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, _("You can sign in with %(address)s now.") % {"address": challenge.address})
        return redirect("parties:details")
    return render(request, "parties/address_code.html", {"form": form, "challenge": challenge})


@signed_in
@require_POST
def address_change(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(EmailAddress, pk=pk, user=request.user)
    try:
        if request.POST.get("action") == "remove":
            address_remove(row=row)
            messages.success(request, _("The address is removed."))
        else:
            address_make_primary(row=row)
            messages.success(request, _("Mail goes to %(address)s from now on.") % {"address": row.email})
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("parties:details")


@signed_in
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    if not signed_in_just_now(request):
        if request.method == "POST" and request.POST.get("action") == "again":
            logout(request)
            return redirect(with_next(reverse("account_login"), reverse("parties:password")))
        return render(request, "parties/password_again.html")
    form = PasswordForm(request.POST or None, person=request.user)
    if form.is_valid():
        update_session_auth_hash(request, password_set(person=request.user, password=form.cleaned_data["password"]))
        messages.success(request, _("Your password is saved. You can still sign in with a code too."))
        return redirect("parties:details")
    return render(request, "parties/password.html", {"form": form, "has_password": request.user.has_usable_password()})


@signed_in
@require_POST
def workplace_end(request: HttpRequest, pk: int) -> HttpResponse:
    """From today on; who came today still worked there for this day."""
    membership = get_object_or_404(request.user.memberships.not_ended().exclude(state="declined"), pk=pk)
    until = max(today(), membership.since + dt.timedelta(days=1))
    try:
        membership_end(membership=membership, until=until, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(
            request,
            _("You no longer work at %(organisation)s. What you did stays yours.")
            % {"organisation": membership.organisation},
        )
    return redirect("parties:details")


@signed_in
def workplace(request: HttpRequest) -> HttpResponse:
    """Searches an organisation by name, and then asks from which side one supervises there."""
    target = safe_next(request)
    slug = request.GET.get("organisatie", "")
    if slug:
        return _declare(request, get_object_or_404(Organisation, slug=slug), target)
    text = " ".join(request.GET.get("zoek", "").split())[:100]
    found = list(Organisation.objects.named(text)[: MOST_FOUND + 1]) if len(text) >= LEAST_LETTERS else []
    return render(
        request,
        "parties/workplace.html",
        {
            "text": text,
            "too_short": 0 < len(text) < LEAST_LETTERS,
            "found": found[:MOST_FOUND],
            "more": len(found) > MOST_FOUND,
            "next": target,
            "has_workplace": request.user.memberships.current().exists(),
        },
    )


def _declare(request: HttpRequest, organisation: Organisation, target: str) -> HttpResponse:
    form = WorkplaceForm(request.POST or None, person=request.user, initial={"side": organisation.default_side})
    if form.is_valid():
        try:
            if "name" in form.cleaned_data:
                person_change(person=request.user, name=form.cleaned_data["name"], language=request.user.language)
            membership_declare(person=request.user, organisation=organisation, side=form.cleaned_data["side"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request,
                _("%(organisation)s hears that you work there. You can start already; it counts once they confirm it.")
                % {"organisation": organisation},
            )
            return redirect(target or settings.LOGIN_REDIRECT_URL)
    return render(request, "parties/workplace_side.html", {"form": form, "organisation": organisation, "next": target})

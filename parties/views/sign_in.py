"""/inloggen/: a code by mail, or a password. Known and unknown addresses get the same answer."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from parties import codes
from parties.actions.sign_in import code_send, person_come_in
from parties.demo import ACCOUNTS
from parties.forms import CodeForm, PasswordSignInForm, SignInForm
from parties.limits import within_limit
from parties.models import Person

SIGNED_IN_AT = "signed_in_at"
JUST_NOW_SECONDS = 30 * 60


def safe_next(request: HttpRequest) -> str:
    """Where to go afterwards, when that is a page of this site; else empty."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours and len(target) <= 500 else ""


def with_next(url: str, target: str) -> str:
    return f"{url}?{urlencode({'next': target})}" if target else url


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    target = safe_next(request)
    if request.user.is_authenticated:
        return redirect(target or settings.LOGIN_REDIRECT_URL)
    if request.method == "POST":
        form = SignInForm(request.POST)
        if form.is_valid():
            address = form.cleaned_data["email"]
            if send_code(request, purpose=codes.SIGN_IN, address=address, next=target):
                return redirect("account_confirm_login_code")
            form.add_error("email", too_many_codes())
    else:
        earlier = codes.challenge_load(request.session, codes.SIGN_IN)
        form = SignInForm(initial={"email": earlier.address if earlier else ""})
    context = {
        "form": form,
        "next": target,
        "password_url": with_next(reverse("parties:sign-in-password"), target),
        "accounts": ACCOUNTS if settings.DEMO else (),
    }
    return render(request, "parties/sign_in.html", context)


def send_code(
    request: HttpRequest, *, purpose: str, address: str, next: str = "", person_id: int | None = None
) -> bool:
    """Sends a code unless that was done too often, and keeps what it is for in the visitor's session."""
    if not within_limit(request, "code_asked", address):
        return False
    challenge, code = codes.challenge_new(purpose=purpose, address=address, next=next, person_id=person_id)
    codes.challenge_store(request.session, challenge)
    code_send(address=address, code=code, purpose=purpose)
    return True


def too_many_codes() -> str:
    return _("A code was asked for too often. Try again in a quarter of an hour, or sign in with a password.")


@never_cache
def sign_in_code(request: HttpRequest) -> HttpResponse:
    challenge = codes.challenge_load(request.session, codes.SIGN_IN)
    if challenge is None or request.user.is_authenticated:
        return redirect("account_login")
    if not challenge.works():
        messages.warning(request, _("This code does not work any more. Ask for a new one."))
        return redirect(with_next(reverse("account_login"), challenge.next))
    form = CodeForm(request.POST if request.POST.get("action") == "verify" else None)
    if request.POST.get("action") == "resend":
        return resend(request, challenge, back="account_confirm_login_code")
    if form.is_valid() and check_code(request, challenge, form):
        person, is_new = person_come_in(address=challenge.address)
        if person.is_active:
            codes.challenge_forget(request.session)
            target = with_next(reverse("parties:workplace"), challenge.next) if is_new else challenge.next
            return come_in(request, person, target)
        form.add_error("code", _("This account is closed. The page Help and contact says whom to ask."))
    challenge = codes.challenge_load(request.session, codes.SIGN_IN) or challenge
    if not challenge.works():
        messages.error(request, _("You filled in a wrong code too often. Ask for a new one."))
        return redirect(with_next(reverse("account_login"), challenge.next))
    password_url = with_next(reverse("parties:sign-in-password"), challenge.next)
    context = {"form": form, "challenge": challenge, "password_url": password_url}
    return render(request, "parties/sign_in_code.html", context)


def check_code(request: HttpRequest, challenge: codes.Challenge, form: CodeForm) -> bool:
    """Whether the code is right; if not, the form says so and one try is used."""
    if not within_limit(request, "code_tried", challenge.address):
        form.add_error("code", _("Codes for this address were tried too often. Try again in an hour."))
        return False
    if challenge.is_right(form.cleaned_data["code"]):
        return True
    challenge = challenge.after_a_wrong_one()
    codes.challenge_store(request.session, challenge)
    left = challenge.tries_left
    form.add_error(
        "code",
        ngettext(
            "This code is not right. You can try once more.",
            "This code is not right. You can try %(left)d more times.",
            left,
        )
        % {"left": left},
    )
    return False


def resend(request: HttpRequest, challenge: codes.Challenge, *, back: str) -> HttpResponse:
    if challenge.resend_in():
        messages.info(
            request, _("You can ask for a new code in %(seconds)d seconds.") % {"seconds": challenge.resend_in()}
        )
    elif send_code(
        request,
        purpose=challenge.purpose,
        address=challenge.address,
        next=challenge.next,
        person_id=challenge.person_id,
    ):
        messages.success(request, _("We sent a new code. The old one does not work any more."))
    else:
        messages.error(request, too_many_codes())
    return redirect(back)


def come_in(request: HttpRequest, person: Person, target: str = "") -> HttpResponse:
    """Signs in; the address was proved before."""
    answer = perform_login(
        request, person, email_verification="none", redirect_url=target or resolve_url(settings.LOGIN_REDIRECT_URL)
    )
    request.session[SIGNED_IN_AT] = time.time()
    return answer


def signed_in_just_now(request: HttpRequest) -> bool:
    """Whether this browser proved who is behind it within half an hour; asked before a password is set."""
    return time.time() - request.session.get(SIGNED_IN_AT, 0) < JUST_NOW_SECONDS


@never_cache
def sign_in_password(request: HttpRequest) -> HttpResponse:
    target = safe_next(request)
    if request.user.is_authenticated:
        return redirect(target or settings.LOGIN_REDIRECT_URL)
    form = PasswordSignInForm(request.POST or None)
    if form.is_valid():
        person = _with_password(request, form)
        if person is not None:
            return come_in(request, person, target)
    return render(
        request,
        "parties/sign_in_password.html",
        {"form": form, "next": target, "code_url": with_next(reverse("account_login"), target)},
    )


def _with_password(request: HttpRequest, form: PasswordSignInForm) -> Person | None:
    address, password = form.cleaned_data["email"], form.cleaned_data["password"]
    if not within_limit(request, "password_tried", address):
        form.add_error(None, _("This was tried too often. Try again in a quarter of an hour, or sign in with a code."))
        return None
    try:
        person = get_adapter().authenticate(request, email=address, password=password)
    except ValidationError:  # allauth's own, narrower limit
        form.add_error(None, _("This was tried too often. Try again in a quarter of an hour, or sign in with a code."))
        return None
    if person is None or not person.is_active:
        form.add_error(
            None,
            _(
                "This address and this password do not belong together. Have you never chosen a password? Sign in with a code."
            ),
        )
        return None
    return person


@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        target = safe_next(request)
        logout(request)
        return redirect(target or settings.LOGOUT_REDIRECT_URL)
    if not request.user.is_authenticated:
        return redirect(settings.LOGOUT_REDIRECT_URL)
    return render(request, "parties/sign_out.html")

"""Saying yes or no to an offered seat, from the mail: the signed token is the only key, no sign-in."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sessions.actions.offers import offer_accept, offer_decline
from sessions.models import Registration
from sessions.offers import registration_of

ANSWERS = {"ja": offer_accept, "nee": offer_decline}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """Shows on GET and HEAD, because link scanners follow links; records on POST."""
    registration = get_object_or_404(
        Registration.objects.select_related("training").prefetch_related("training__meetings"),
        pk=registration_of(token),
        training__isnull=False,
    )
    error = ""
    if request.method == "POST":
        answer = ANSWERS.get(request.POST.get("answer", ""))
        if answer is None:
            error = _("Choose one of the answers.")
        else:
            try:
                answer(registration=registration)
            except ValidationError as refused:
                error = refused.messages[0]
            else:
                return redirect(request.path)
        registration.refresh_from_db()
    is_open = registration.offer_until is not None and registration.offer_until > timezone.now()
    context = {
        "registration": registration,
        "training": registration.training,
        "error": error,
        "is_open": is_open,
        "is_late": registration.offer_until is not None and not is_open,
        "says_no": request.GET.get("kies") == "nee",
    }
    return render(request, "sessions/offer.html", context)

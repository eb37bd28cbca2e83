"""The feed of a calendar, and the page on which a person finds its address."""

from __future__ import annotations

from hashlib import sha256

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parties.access import signed_in
from sessions.actions.feeds import feed_rotate
from sessions.feeds import feed_address, feed_of, feed_person


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """/agenda/<token>.ics: the signature is the only key, so no sign-in and no cookie; a wrong one is 404."""
    person = feed_person(token)
    if person is None:
        raise Http404
    text, changed_at = feed_of(person, timezone.now())
    body = text.encode()
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    changed = int(changed_at.timestamp())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="gelijkop.ics"'
    response = get_conditional_response(request, etag=etag, last_modified=changed, response=response) or response
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(changed)
    response.headers["Cache-Control"] = "private, max-age=900"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def own_feed(request: HttpRequest) -> HttpResponse:
    """/mijn/agenda/: the address to follow; POST gives another one and ends the one that was."""
    if request.method == "POST":
        feed_rotate(person=request.user)
        messages.success(request, _("You have a new address. The old one does not work any more."))
        return redirect("sessions:feed")
    address = feed_address(request.user)
    return render(
        request, "sessions/feed.html", {"address": address, "webcal": f"webcal://{address.partition('://')[2]}"}
    )

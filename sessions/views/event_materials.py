"""Materials of a network event: for who takes part and who runs it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from parties.access import require, signed_in
from sessions.models import NetworkEvent
from sessions.rules import may_have_event_materials
from sessions.views.events import crumbs, run_event, visible_event
from sessions.views.materials import Materials, download, take_away, upload


@signed_in
@require_http_methods(["GET", "POST"])
def material_upload(request: HttpRequest, pk: int) -> HttpResponse:
    return upload(request, _of_event(run_event(request, pk)))


@signed_in
@never_cache
@require_safe
def material_download(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    event = visible_event(request, pk)
    require(may_have_event_materials(request.user, event))
    return download(event, file_pk)


@signed_in
@require_http_methods(["GET", "POST"])
def material_take_away(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    return take_away(request, _of_event(run_event(request, pk)), file_pk)


def _of_event(event: NetworkEvent) -> Materials:
    return Materials(
        owner=event,
        kind="event",
        prefix="event-",
        template="sessions/event_materials.html",
        added=_("Added. Only who is registered, and who runs the meeting, can open it."),
        crumbs=crumbs(event, _("Materials")),
    )

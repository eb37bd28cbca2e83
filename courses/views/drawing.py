"""The drawing beside a story in the editors' form, while it is being written."""

import json

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_POST

from courses.drawing import picture


@require_POST
def story_drawing(request: HttpRequest) -> HttpResponse:
    """The state of the form, as JSON, drawn. Reached through Wagtail's admin addresses only, so by editors only."""
    try:
        state = json.loads(request.body)
    except (ValueError, RecursionError):
        return HttpResponseBadRequest()
    return render(request, "courses/cms/drawing.html", {"picture": picture(state)})

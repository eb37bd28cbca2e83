"""The choice between school and workplace, above a lesson in which they differ."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from courses.actions.lesson_view import lesson_view_choose, visit_lesson_view_choose
from parties.models.party import Side


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    view = request.POST.get("kijk", "")
    if view not in ("", *Side.values):
        raise BadRequest("no such view")
    if request.user.is_authenticated:
        lesson_view_choose(person=request.user, view=view)
    else:
        visit_lesson_view_choose(store=request.session, view=view)
    back = request.POST.get("terug", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(f"{back}#kijk" if safe else reverse("courses:modules"))

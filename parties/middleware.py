"""The gate before Wagtail's and Django's own admin: their answers to strangers are not ours."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from parties.rules import is_administrator, may_enter_cms

GATES = {"/cms/": may_enter_cms, "/beheer/": is_administrator}


class AdminGateMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        for prefix, may in GATES.items():
            if request.path.startswith(prefix):
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                if not may(request.user):
                    raise Http404
        return None

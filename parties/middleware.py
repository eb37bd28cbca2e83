"""The language that an address says, and the gate before Wagtail's and Django's own admin: their answers to strangers are not ours."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language_from_path, override

from parties.languages import MAIN
from parties.rules import is_administrator, may_enter_cms

GATES = {"/cms/": may_enter_cms, "/beheer/": is_administrator}


class LanguageMiddleware:
    """The language that the address says, during the request; nothing else of the request is looked at.

    Django's own decides the same with these addresses, but says that answers vary by what a browser asks for, and
    leaves its language to whatever the thread does next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = get_language_from_path(request.path_info) or MAIN
        with override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        return response


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

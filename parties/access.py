"""Not signed in: the sign-in page, whether the thing exists or not. Signed in without the right: 404."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """The view is for who is signed in; runs before anything is looked up."""

    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return inner


def require(allowed: bool) -> None:
    """What a person may not see is not there.

    Raises:
        Http404: when ``allowed`` is false.
    """
    if not allowed:
        raise Http404

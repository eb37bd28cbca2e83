"""Only with DEMO=1: one click signs in one of the demo accounts."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from parties.access import require
from parties.demo import ACCOUNTS
from parties.models import Person
from parties.views.sign_in import come_in, safe_next


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    address = request.POST.get("email", "").lower()
    require(settings.DEMO and address in {account.email for account in ACCOUNTS})
    person = get_object_or_404(Person, email=address)
    target = safe_next(request)
    if request.user.is_authenticated:
        logout(request)  # what a visitor answered before signing in stays
    return come_in(request, person, target)

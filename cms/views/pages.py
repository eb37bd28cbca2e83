"""The home page and the pages that inform."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cms.models import HomePage, InformationPage
from courses.views.pages import served


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return served(request, HomePage.objects.in_readable_languages().as_read())


@require_safe
def information(request: HttpRequest, slug: str) -> HttpResponse:
    return served(request, InformationPage.objects.in_readable_languages().filter(slug=slug).as_read())

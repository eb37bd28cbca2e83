"""The public addresses of modules and lessons."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.views import serve

from courses.models import CoursePage, LessonPage
from courses.querysets import ModulePageQuerySet


@require_safe
def module(request: HttpRequest, module: str) -> HttpResponse:
    return _served(request, CoursePage.objects.at(module))


@require_safe
def lesson(request: HttpRequest, module: str, lesson: str) -> HttpResponse:
    return _served(request, LessonPage.objects.at(module, lesson))


def _served(request: HttpRequest, found: ModulePageQuerySet) -> HttpResponse:
    """The page in one query. What is not that simple (closed off, under another address) goes Wagtail's own way of seven."""
    pages = list(found.live().unrestricted()[:2])
    if len(pages) == 1:
        return pages[0].serve(request)
    return serve(request, request.path_info.lstrip("/"))

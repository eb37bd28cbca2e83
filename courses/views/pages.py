"""The public addresses of modules and lessons."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.views import serve

from courses.models import CoursePage, LessonPage, ShortRoutePage
from courses.paper import paper_lessons
from courses.querysets import ModulePageQuerySet


@require_safe
def module(request: HttpRequest, module: str) -> HttpResponse:
    """A module, or a short route: they stand beside each other, so no two have one slug."""
    return _served(request, CoursePage.objects.at(module), ShortRoutePage.objects.at(module))


@require_safe
def lesson(request: HttpRequest, module: str, lesson: str) -> HttpResponse:
    return _served(request, LessonPage.objects.at(module, lesson))


@require_safe
def on_paper(request: HttpRequest, module: str) -> HttpResponse:
    """/modules/<module>/afdrukken/: the whole module to print."""
    page = get_object_or_404(CoursePage.objects.at(module).live().unrestricted())
    context = {
        "page": page,
        "lessons": paper_lessons(page),
        "site_url": settings.SITE_URL,
        "crumbs": [(_("Modules"), reverse("courses:modules")), (page.title, page.address), (_("Print"), "")],
    }
    return render(request, "courses/paper.html", context)


def _served(request: HttpRequest, *found: ModulePageQuerySet) -> HttpResponse:
    """The page in one query a kind. What is not that simple (closed off, under another address) goes Wagtail's own way of seven."""
    for kind in found:
        pages = list(kind.live().unrestricted()[:2])
        if len(pages) == 1:
            return pages[0].serve(request)
    return serve(request, request.path_info.lstrip("/"))

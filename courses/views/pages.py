"""The public addresses of modules and lessons, and how the page at an address is found."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.views import serve

from courses.models import CoursePage, LessonPage, ModuleIndexPage, ShortRoutePage
from courses.models.translated import TranslatedPage
from courses.paper import paper_of
from courses.querysets import TranslatedPageQuerySet
from parties.languages import MAIN, active_language, marked


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return served(request, ModuleIndexPage.objects.at())


@require_safe
def module(request: HttpRequest, module: str) -> HttpResponse:
    """A module, or a short route: they stand beside each other, so no two have one slug."""
    return served(request, CoursePage.objects.at(module), ShortRoutePage.objects.at(module))


@require_safe
def lesson(request: HttpRequest, module: str, lesson: str) -> HttpResponse:
    return served(request, LessonPage.objects.at(module, lesson))


@require_safe
def on_paper(request: HttpRequest, module: str) -> HttpResponse:
    """/modules/<module>/afdrukken/: the whole module to print."""
    page = _found(CoursePage.objects.at(module))
    if page is None:
        raise Http404
    paper = paper_of(page)
    if paper.page.pk != page.pk:
        return redirect("courses:paper", paper.page.slug)
    context = {
        "page": page,
        "lessons": paper.lessons,
        "site_url": settings.SITE_URL,
        "crumbs": [
            (_("Modules"), reverse("courses:modules")),
            (marked(page.title, page.language), page.address),
            (_("Print"), ""),
        ],
    }
    return render(request, "courses/paper.html", context)


def served(request: HttpRequest, *found: TranslatedPageQuerySet) -> HttpResponse:
    """The page in one query a kind. What is not that simple (closed off, under another address) goes Wagtail's own way of seven."""
    for kind in found:
        page = _found(kind)
        if page is not None:
            return page.serve(request)
    return serve(request, request.path_info.removeprefix(reverse("home")))


def _found(pages: TranslatedPageQuerySet) -> TranslatedPage | None:
    """The one that is read here, in the active language or else in the main one."""
    online = list(pages.live().unrestricted()[:4])
    for language in (active_language(), MAIN):
        in_language = [page for page in online if page.language == language]
        if len(in_language) == 1:
            return in_language[0]
    return None

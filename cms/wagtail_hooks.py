"""The figures of learning in /cms/: among the reports, and at the pages that they are about."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from cms.views.figures import LessonView, ModulesView, ModuleView
from courses.models import CoursePage, LessonPage
from parties.models import Person
from parties.rules import may_edit_site


class FiguresMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_edit_site(request.user)


@hooks.register("register_admin_urls")
def figures_urls() -> Sequence[URLPattern]:
    return [
        path("cijfers/", ModulesView.as_view(), name="figures"),
        path("cijfers/module/<int:pk>/", ModuleView.as_view(), name="figures_module"),
        path("cijfers/les/<int:pk>/", LessonView.as_view(), name="figures_lesson"),
    ]


@hooks.register("register_reports_menu_item")
def figures_menu_item() -> MenuItem:
    return FiguresMenuItem(_("Figures of modules"), reverse("figures"), name="figures", icon_name="history", order=100)


@hooks.register("register_page_header_buttons")
def figures_button(page: Page, user: Person, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    kinds = {CoursePage: "figures_module", LessonPage: "figures_lesson"}
    name = kinds.get(page.specific_class)
    if name and may_edit_site(user):
        yield Button(_("Figures"), reverse(name, args=[page.pk]), icon_name="history", priority=66)

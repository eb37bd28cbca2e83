"""What editors find in /cms/: the modules as facts, and a no in words where a page has learners."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.forms import CourseForm
from courses.links import KnownPageLinkHandler
from courses.models import Course
from courses.rules import pages_with_learners


class CourseViewSet(SnippetViewSet):
    model = Course
    icon = "openquote"
    menu_label = _("Modules")
    add_to_admin_menu = True
    list_display = ["title", "position", "minutes", "revision"]
    ordering = ["position"]
    inspect_view_enabled = True
    edit_handler = ObjectList(
        [
            MultiFieldPanel([FieldPanel("title"), FieldPanel("slug"), FieldPanel("position")], heading=_("Module")),
            MultiFieldPanel([FieldPanel("minutes"), FieldPanel("goals")], heading=_("On the certificate")),
        ],
        base_form_class=CourseForm,
    )


register_snippet(CourseViewSet)


@hooks.register("register_rich_text_features", order=10)  # after Wagtail's own
def links_known_at_once(features: FeatureRegistry) -> None:
    features.register_link_type(KnownPageLinkHandler)


@hooks.register("before_delete_page")
def keep_pages_with_learners(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refused(request, [page])


@hooks.register("before_bulk_action")
def keep_pages_with_learners_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Page], action: object
) -> HttpResponse | None:
    pages = [item for item in objects if isinstance(item, Page)]
    return _refused(request, pages) if action_type == "delete" else None


def _refused(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    held = [held for page in pages for held in pages_with_learners(page)]
    if not held:
        return None
    names = ", ".join(f"“{page.title}”" for page in held)
    messages.error(
        request,
        gettext(
            "%(pages)s: people began here, so it cannot be deleted. Take it offline instead; what they did is kept."
        )
        % {"pages": names},
    )
    return redirect("wagtailadmin_explore", held[0].get_parent().pk)

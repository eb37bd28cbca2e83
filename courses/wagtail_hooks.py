"""What editors find in /cms/: the modules as facts, and a no in words where a page has learners or law awaits an expert."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.actions.law import lesson_keep_draft
from courses.forms import CourseForm
from courses.law import awaits_expert
from courses.links import KnownPageLinkHandler
from courses.models import Course, LessonPage
from courses.rules import awaiting_expert, pages_with_learners, unfinished_lessons
from courses.views.drawing import story_drawing
from parties.rules import may_approve_law, may_edit_site


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


@hooks.register("register_admin_urls")
def addresses_of_editors() -> list[URLPattern]:
    return [path("verhaal/tekening/", story_drawing, name="story_drawing")]


@hooks.register("before_delete_page")
def keep_pages_with_learners(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _refused(request, [page])


@hooks.register("before_bulk_action")
def keep_pages_with_learners_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Page], action: object
) -> HttpResponse | None:
    pages = [item for item in objects if isinstance(item, Page)]
    return _refused(request, pages) if action_type == "delete" else None


@hooks.register("before_publish_page")
def keep_law_for_experts(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The draft is kept. A page that was made just now stands online already when Wagtail asks this, so it goes offline."""
    if not isinstance(page, LessonPage) or may_approve_law(request.user) or not awaits_expert(page):
        return None
    if page.first_published_at is None:
        lesson_keep_draft(lesson=page)
    _law_awaits(request, [page])
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("after_edit_page")
def back_to_what_waits(request: HttpRequest, page: Page) -> HttpResponse | None:
    """After approving, Wagtail shows the pages around this one, which are closed to who is only an expert."""
    if "action-workflow-action" in request.POST and not may_edit_site(request.user):
        return redirect("wagtailadmin_home")
    return None


@hooks.register("before_bulk_action")
def keep_law_for_experts_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Page], action: BulkAction
) -> HttpResponse | None:
    if action_type != "publish" or may_approve_law(request.user):
        return None
    pages = [item for item in objects if isinstance(item, Page)]
    held = awaiting_expert(pages, with_drafts_below=action.cleaned_form.cleaned_data["include_descendants"])
    if not held:
        return None
    _law_awaits(request, held)
    return redirect("wagtailadmin_explore", held[0].get_parent().pk)


def _law_awaits(request: HttpRequest, lessons: Iterable[LessonPage]) -> None:
    names = ", ".join(f"“{lesson.title}”" for lesson in lessons)
    messages.error(
        request,
        gettext(
            "%(lessons)s: a legal note changed, so an expert has to approve it first. Your draft is saved. Submit the lesson "
            "for approval; it goes online as soon as an expert approves."
        )
        % {"lessons": names},
    )


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


@hooks.register("before_bulk_action")
def keep_unfinished_lessons_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Page], action: BulkAction
) -> HttpResponse | None:
    """A draft may be unfinished. Its own editor says at each field what is missing; Wagtail publishes many without a look."""
    if action_type != "publish":
        return None
    pages = [item for item in objects if isinstance(item, Page)]
    held = unfinished_lessons(pages, with_drafts_below=action.cleaned_form.cleaned_data["include_descendants"])
    if not held:
        return None
    names = ", ".join(f"“{page.title}”" for page in held)
    messages.error(
        request,
        gettext(
            "%(lessons)s: something is not right yet. Open the lesson and publish it there; the editor says what it is."
        )
        % {"lessons": names},
    )
    return redirect("wagtailadmin_explore", held[0].get_parent().pk)

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager

from courses.blocks.routes import RouteBody
from courses.blocks.text import SHORT_FEATURES
from courses.models.translated import TranslatedPage
from courses.panels import DroppedLessonsPanel
from courses.querysets import ShortRoutePageQuerySet

ShortRoutePageManager = PageManager.from_queryset(ShortRoutePageQuerySet)


class ShortRoutePage(TranslatedPage, Page):
    """/modules/<slug>/: lessons out of the modules for who has little time. What one does there counts in the lessons
    themselves, and nowhere else.
    """

    intro = RichTextField(_("introduction"), features=SHORT_FEATURES)
    body = StreamField(RouteBody(), verbose_name=_("lessons in this route"))
    loaded = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Digest of what the fixtures put here."
    )

    objects = ShortRoutePageManager()

    content_panels = [DroppedLessonsPanel(), *Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["courses.ModuleIndexPage"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["loaded"]

    template = "courses/short_route.html"

    class Meta:
        verbose_name = _("short route")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from courses.page_context import route_context  # reads this module

        return {**super().get_context(request, *args, **kwargs), **route_context(self, request)}

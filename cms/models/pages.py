from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.blocks import LessonBody


class HomePage(Page):
    """/: for visitors what this is; for the signed-in one next step."""

    lead = models.TextField(_("lead"), blank=True)
    body = StreamField(LessonBody(), blank=True, verbose_name=_("text"))

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 2


class InformationPage(Page):
    """A page that informs: about the manifest, privacy, accessibility, help, where to go."""

    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = StreamField(LessonBody(), blank=True, verbose_name=_("text"))

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.blocks import LessonBody


class Course(models.Model):
    """An online module as a fact, apart from its pages: what enrolments, programmes and certificates hang on."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveSmallIntegerField(_("place in the row"), default=1)
    minutes = models.PositiveIntegerField(_("fixed net minutes"), help_text=_("What the module counts for on a certificate."))
    goals = models.JSONField(_("learning goals"), default=list, blank=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["position"]
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def __str__(self) -> str:
        return self.title


class ModuleIndexPage(Page):
    """/modules/"""

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["courses.CoursePage"]
    max_count_per_parent = 1


class CoursePage(Page):
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="pages", verbose_name=_("module"))
    summary = models.CharField(_("summary"), max_length=250, blank=True)
    sign = models.CharField(_("drawing"), max_length=60, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("course"), FieldPanel("summary"), FieldPanel("sign")]
    parent_page_types = ["courses.ModuleIndexPage"]
    subpage_types = ["courses.LessonPage"]


class LessonPage(Page):
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(_("about how many minutes"), default=10)
    body = StreamField(LessonBody(), verbose_name=_("lesson"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("minutes"), FieldPanel("body")]
    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PagePermissionTester
from wagtail.search import index

from courses.blocks import LessonBody
from courses.duration import minutes_of
from courses.forms import CoursePageForm
from courses.law import awaits_expert
from courses.models.translated import TranslatedPage
from courses.querysets import CoursePageQuerySet, LessonChangeQuerySet, LessonPageQuerySet, ModuleIndexPageQuerySet
from courses.search import passages_of, search_words
from parties.models import Person

if TYPE_CHECKING:
    from courses.models import LegalApproval

ModuleIndexPageManager = PageManager.from_queryset(ModuleIndexPageQuerySet)
CoursePageManager = PageManager.from_queryset(CoursePageQuerySet)
LessonPageManager = PageManager.from_queryset(LessonPageQuerySet)

PAPER = "afdrukken"  # stands where a lesson's slug does: /modules/<module>/afdrukken/

DRAWINGS = [
    ("module-herkennen", _("Recognise: one among many")),
    ("module-erkennen", _("Acknowledge: two beside each other")),
    ("module-tegengaan", _("Counteract: two at one table")),
]


class Course(models.Model):
    """An online module as a fact, apart from its pages: what enrolments, programmes and certificates hang on."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveSmallIntegerField(
        _("place in the row"), default=1, help_text=_("Number 1 can be done without an account.")
    )
    minutes = models.PositiveIntegerField(
        _("fixed net minutes"), help_text=_("What the module counts for on a certificate.")
    )
    goals = models.JSONField(_("learning goals"), default=list, blank=True)
    revision = models.PositiveIntegerField(
        default=1, editable=False, help_text="Goes up each time a lesson is published; a completion states it."
    )

    class Meta:
        ordering = ["position"]
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def __str__(self) -> str:
        return self.title


class LessonChange(models.Model):
    """An editor changed a lesson in a way that matters, and says so. Who finished it keeps that, and is offered this lesson."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="changes")
    lesson_key = models.UUIDField()
    revision = models.PositiveIntegerField(help_text="The course's revision that brought this change.")
    sentence = models.CharField(_("what changed"), max_length=250)
    made_at = models.DateTimeField(default=timezone.now)

    objects = LessonChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change that matters")
        verbose_name_plural = _("changes that matter")
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint("course", "lesson_key", "revision", name="one_change_a_revision")]

    def __str__(self) -> str:
        return self.sentence


class ModuleIndexPage(TranslatedPage, Page):
    """/modules/"""

    intro = models.TextField(_("introduction"), blank=True)

    objects = ModuleIndexPageManager()

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["courses.CoursePage", "courses.ShortRoutePage"]
    max_count_per_parent = 1

    template = "courses/index.html"

    class Meta:
        verbose_name = _("list of modules")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from courses.page_context import index_context  # reads this module

        return {**super().get_context(request, *args, **kwargs), **index_context(request)}


class CoursePage(TranslatedPage, Page):
    course = models.ForeignKey(
        Course,
        null=True,  # a copied page has none: two pages of one module in one language would count its lessons twice
        blank=True,  # so that a page can be copied; the editors' form asks for it
        on_delete=models.PROTECT,
        related_name="pages",
        verbose_name=_("module"),
    )
    summary = models.CharField(_("summary"), max_length=250, blank=True)
    sign = models.CharField(_("drawing"), max_length=60, blank=True, choices=DRAWINGS)
    loaded = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Digest of what the fixtures put here."
    )

    objects = CoursePageManager()

    content_panels = [*Page.content_panels, FieldPanel("course"), FieldPanel("summary"), FieldPanel("sign")]
    parent_page_types = ["courses.ModuleIndexPage"]
    subpage_types = ["courses.LessonPage"]
    exclude_fields_in_copy = ["course", "loaded"]
    base_form_class = CoursePageForm

    template = "courses/course.html"

    class Meta:
        verbose_name = _("module page")

    def clean(self) -> None:
        super().clean()
        if (
            self.course_id
            and CoursePage.objects.filter(course=self.course_id, locale=self.locale_id).exclude(pk=self.pk).exists()
        ):
            raise ValidationError(
                {"course": _("This module has a page already. Choose another module, or make a new one.")}
            )

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.course_id is None:
            raise Http404
        return super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from courses.page_context import course_context  # reads this module

        return {**super().get_context(request, *args, **kwargs), **course_context(self, request)}

    @property
    def own_course(self) -> Course:
        """The module of a page that is shown.

        Raises:
            Course.DoesNotExist: for a copy that has none yet.
        """
        if self.course is None:
            raise Course.DoesNotExist
        return self.course


class LessonPage(TranslatedPage, Page):
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("about how many minutes"),
        default=1,
        editable=False,
        help_text=_("Counted from the words and the exercises, each time the lesson is saved."),
    )
    body = StreamField(LessonBody(), verbose_name=_("lesson"), blank=True)
    change_matters = models.BooleanField(
        _("this change matters for who already finished the lesson"),
        default=False,
        help_text=_("They keep what they have, and are offered this lesson again with the sentence below."),
    )
    change_sentence = models.CharField(_("what changed, in one sentence for learners"), max_length=250, blank=True)
    loaded = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Digest of what the fixtures put here."
    )

    objects = LessonPageManager()

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("minutes", read_only=True),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("change_matters"), FieldPanel("change_sentence")],
            heading=_("What changed?"),
            help_text=_(
                "Only for a change that matters to who already finished this lesson, such as a new law or a new story. "
                "Not for a typing error."
            ),
        ),
        HelpPanel(template="courses/admin/law_history.html", heading=_("Who approved the legal notes")),
    ]
    search_fields = [*Page.search_fields, index.AutocompleteField("search_words")]
    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["loaded", "change_matters", "change_sentence"]

    template = "courses/lesson.html"

    class Meta:
        verbose_name = _("lesson")

    def clean(self) -> None:
        """Counts the minutes, so that lists of lessons need no bodies. Drafts, publishing and fixtures all come by here."""
        super().clean()
        self.minutes = minutes_of(self.body)
        if self.slug == PAPER:
            raise ValidationError({"slug": _("This address is for printing the module. Choose another one.")})
        self.change_sentence = self.change_sentence.strip()
        if self.change_matters and not self.change_sentence:
            raise ValidationError(
                {"change_sentence": _("Say in one sentence what changed. Who finished this lesson reads it.")}
            )
        if self.change_matters and self.is_translation:
            raise ValidationError(
                {"change_matters": _("This is a translation. Say it in the lesson itself: then it is for everybody.")}
            )
        if self.change_sentence and not self.change_matters:
            raise ValidationError(
                {
                    "change_matters": _(
                        "Tick this box too, or empty the sentence below. Without the tick nobody reads the sentence."
                    )
                }
            )

    def permissions_for_user(self, user: Person) -> PagePermissionTester:
        from courses.rules import LessonPermissions  # reads this module

        return LessonPermissions(user, self)

    @property
    def awaits_expert(self) -> bool:
        return awaits_expert(self)

    @property
    def shown_law_approvals(self) -> QuerySet[LegalApproval]:
        """None where the page is not saved yet."""
        from courses.models.law import LegalApproval  # reads this module

        return LegalApproval.objects.filter(page_id=self.pk).select_related("by")

    @cached_property
    def course_page(self) -> CoursePage:
        """The module that this lesson is part of, with its course, in one query."""
        return CoursePage.objects.parent_of(self).select_related("course", "locale").get()

    @cached_property
    def paths(self) -> dict[str, str]:
        """Where the module is online too."""
        return self.paths_online([self.translation_key, self.course_page.translation_key])

    @property
    def course(self) -> Course:
        return self.course_page.own_course

    def search_words(self) -> str:
        """What the search index holds of this lesson."""
        return search_words(passages_of(self.title, self.summary, self.body))

    @property
    def place(self) -> list[str]:
        """Module and lesson as they stand in the address."""
        return self.url_path.split("/")[-3:-1]

    @property
    def is_online(self) -> bool:
        return self.live and self.course_page.live and self.course_page.course_id is not None

    @property
    def preview_modes(self) -> list[tuple[str, str | Promise]]:
        from courses.previews import MODES  # reads this module

        return MODES

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from courses.previews import preview_begin, preview_end  # reads this module

        preview_begin(request, self, mode_name)
        return preview_end(super().serve_preview(request, mode_name))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        online = self.course_page.live or getattr(request, "is_preview", False)
        if not online or self.course_page.course_id is None:
            raise Http404
        return super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from courses.page_context import lesson_context  # reads this module

        return {**super().get_context(request, *args, **kwargs), **lesson_context(self, request, **kwargs)}

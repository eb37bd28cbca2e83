from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index
from wagtail.url_routing import RouteResult

from certificates.models import Programme
from certificates.progress import outline_of
from cms.next_step import next_step
from cms.overview import facts_of
from commitments.models import Effort
from courses.blocks import InformationBody
from courses.models import ShortRoutePage
from courses.models.translated import TranslatedPage
from courses.progress import course_pages_read
from courses.querysets import TranslatedPageQuerySet
from courses.search import Passage, passages_of, search_words
from parties.desks import places_for
from parties.models import Desk, Party
from sessions.models import Training

TranslatedPageManager = PageManager.from_queryset(TranslatedPageQuerySet)


class HomePage(TranslatedPage, Page):
    """/: for visitors what this is; for the signed-in one next step."""

    lead = models.TextField(_("lead"), blank=True)
    body = StreamField(InformationBody(), blank=True, verbose_name=_("text"))

    objects = TranslatedPageManager()

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """What is not written in another language is read there as it stands in the main one."""
        try:
            return super().route(request, path_components)
        except Http404:
            original = HomePage.objects.in_main_language().filter(translation_key=self.translation_key).first()
            if original is None or original.pk == self.pk:
                raise
            return original.route(request, path_components)

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        """For visitors what there is; for the signed-in also their one next step."""
        context = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        programme = Programme.objects.prefetch_related("courses").main()
        context |= {
            "course_pages": course_pages_read(),
            "trainings": Training.objects.visible_to(request.user).open(now).prefetch_related("meetings")[:3],
            "programme": outline_of(programme) if programme else [],
            "efforts": Effort.objects.all(),
            "parties": Party.objects.all(),
        }
        if request.user.is_authenticated:
            context["step"] = next_step(facts_of(request.user, now))
        else:
            context["short_routes"] = ShortRoutePage.objects.shown()
        return context


class InformationPage(TranslatedPage, Page):
    """A page that informs: about the manifest, privacy, accessibility, help, where to go."""

    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = StreamField(InformationBody(), blank=True, verbose_name=_("text"))

    shows_places = models.BooleanField(
        _("shows where one can turn to"),
        default=False,
        help_text=_("Under the text stand the places for everyone, and those that each party keeps."),
    )

    objects = TranslatedPageManager()

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("shows_places"),
    ]
    search_fields = [*Page.search_fields, index.AutocompleteField("search_words")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        context = super().get_context(request, *args, **kwargs)
        return {**context, "places": places_for(request.user) if self.shows_places else []}

    def places_passages(self) -> list[Passage]:
        """The texts of the places that this page shows."""
        if not self.shows_places:
            return []
        return [
            Passage(f"{desk.name} ({desk.for_whom}). {desk.offer}", f"plek-{desk.pk}")
            for desk in Desk.objects.in_order()
        ]

    def search_words(self) -> str:
        """What the search index holds of this page."""
        return search_words([*passages_of(self.title, self.summary, self.body), *self.places_passages()])

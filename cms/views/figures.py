"""What editors see of learning, in Wagtail's admin: all modules, one module, one lesson. Not there for anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from cms.lesson_reports import LessonReport, lesson_lines, lesson_report, module_lines, revisions_to_choose
from cms.lesson_sheets import lesson_sheets, lines_sheet, minutes_words
from courses.models import Course, CoursePage, LessonPage
from parties.rules import may_edit_site
from parties.small_groups import HIDDEN
from parties.spreadsheet import CONTENT_TYPE, Sheet, workbook


class FiguresView(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "history"
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_edit_site(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": reverse("figures"), "label": _("Figures of modules")}]


class ModulesView(FiguresView):
    template_name = "cms/admin/figures_modules.html"

    def get_page_title(self) -> str:
        return _("Figures of modules")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lines=module_lines(), **kwargs)


class CourseFiguresView(FiguresView):
    """Figures of one module or lesson, of all revisions together or of one (``?revision=3``); as a file with ``?export=xlsx``."""

    page: CoursePage | LessonPage

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.revision is not None and self.revision not in self.revisions:
            raise Http404
        if "export" in request.GET:
            name = f"cijfers-{self.page.slug}.xlsx"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(workbook(self.sheets()), content_type=CONTENT_TYPE, headers=headers)
        return super().get(request, *args, **kwargs)

    def sheets(self) -> Sequence[Sheet]:
        raise NotImplementedError

    @property
    def course(self) -> Course:
        raise NotImplementedError

    @cached_property
    def revisions(self) -> list[int]:
        return revisions_to_choose(self.course)

    @cached_property
    def revision(self) -> int | None:
        asked = self.request.GET.get("revision", "")
        if not asked:
            return None
        if not asked.isdecimal():
            raise Http404
        return int(asked)

    def get_page_title(self) -> str:
        return _("Figures")

    def get_page_subtitle(self) -> str:
        return self.page.title

    @property
    def header_buttons(self) -> list[HeaderButton]:
        query = self.request.GET.copy()
        query["export"] = "xlsx"
        return [HeaderButton(_("Download as Excel file"), url=f"?{query.urlencode()}", icon_name="download")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page=self.page,
            revision=self.revision,
            revisions=[(revision, revision) for revision in self.revisions],
            minutes_words=minutes_words(),
            hidden=HIDDEN,
            **kwargs,
        )


class ModuleView(CourseFiguresView):
    template_name = "cms/admin/figures_module.html"

    @cached_property
    def page(self) -> CoursePage:
        return get_object_or_404(
            CoursePage.objects.filter(course__isnull=False).select_related("course"), pk=self.kwargs["pk"]
        )

    @property
    def course(self) -> Course:
        return self.page.own_course

    def sheets(self) -> Sequence[Sheet]:
        return [lines_sheet(lesson_lines(self.page, revision=self.revision))]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page.title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lines=lesson_lines(self.page, revision=self.revision), **kwargs)


class LessonView(CourseFiguresView):
    """With ``?training=1`` apart for who had and who had not been to a joint training."""

    template_name = "cms/admin/figures_lesson.html"

    @cached_property
    def page(self) -> LessonPage:
        page = get_object_or_404(LessonPage, pk=self.kwargs["pk"])
        if page.course_page.course_id is None:
            raise Http404
        return page

    @property
    def course(self) -> Course:
        return self.page.course

    @cached_property
    def by_training(self) -> bool:
        return self.request.GET.get("training") == "1"

    def report(self) -> LessonReport:
        return lesson_report(self.page, revision=self.revision, by_training=self.by_training)

    def sheets(self) -> Sequence[Sheet]:
        return lesson_sheets(self.report())

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        module = self.page.course_page
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("figures_module", args=[module.pk]), "label": module.title},
            {"url": "", "label": self.page.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = self.report()
        return super().get_context_data(report=report, lines=[report.line], by_training=self.by_training, **kwargs)

"""Numbers from research: as bars and as a table, never without their source, their year and who was asked."""

import re
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.blocks.checked import CheckedBlock
from courses.blocks.text import PREVIEW

_WORD = re.compile(r"[^\W\d_]{2}")


class FigureRowBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("group"), max_length=120)
    value = blocks.DecimalBlock(label=_("value"), min_value=0)

    class Meta:
        icon = "list-ul"


class FigureValue(blocks.StructValue):
    @property
    def bars(self) -> list[tuple[str, Any, str]]:
        """The first group is the one that matters; the others stand beside it, in the order given."""
        return [(row["label"], row["value"], "" if index == 0 else "other") for index, row in enumerate(self["rows"])]

    @property
    def caption(self) -> SafeString:
        """Who was asked, and the source with its year; never left out."""
        source = format_html("{}, {}", self["source"], self["year"])
        if self["url"]:
            source = format_html('<a class="utrecht-link utrecht-link--html-a" href="{}">{}</a>', self["url"], source)
        sentences = [self["population"], format_html("{} {}.", gettext("Source:"), source), self["note"]]
        return format_html("{} {} {}", *sentences)


class FigureBlock(CheckedBlock):
    title = blocks.CharBlock(label=_("heading"), max_length=160)
    rows = blocks.ListBlock(FigureRowBlock(), label=_("groups"), min_num=1, max_num=8)
    unit = blocks.CharBlock(
        label=_("unit"),
        required=False,
        max_length=20,
        default="%",
        help_text=_("Stands right after each number."),
        search_index=False,
    )
    population = blocks.TextBlock(label=_("who was asked, when and what"), rows=2, max_length=400)
    source = blocks.CharBlock(label=_("source"), max_length=120, help_text=_("Who did the research."))
    year = blocks.IntegerBlock(label=_("year"), min_value=1990, max_value=2100)
    url = blocks.URLBlock(label=_("address of the source"), required=False)
    note = blocks.TextBlock(label=_("note"), rows=2, required=False, max_length=400)

    needed = {
        "population": _("Say who was asked, when and what. A number says nothing without the people it is about."),
        "source": _("Say who did the research. A number without a source is not shown."),
        "year": _("Say from which year the research is."),
    }

    class Meta:
        icon = "table"
        label = _("Figure")
        description = _("Numbers as bars and as a table, with the source, the year and who was asked.")
        template = "courses/blocks/figure.html"
        preview_template = PREVIEW
        value_class = FigureValue
        preview_value = {
            "title": "Oud-studenten die stagediscriminatie hebben ervaren",
            "rows": [{"label": "Alle gevraagde oud-studenten", "value": 10}],
            "unit": "%",
            "population": "Oud-studenten van mbo-bol, gevraagd in 2024.",
            "source": "CBS",
            "year": 2025,
            "url": "",
            "note": "",
        }

    def complaints(self, value: blocks.StructValue) -> dict[str, Any]:
        found = {name: self.needed[name] for name in ("population", "source") if not _WORD.search(value[name] or "")}
        if value["year"] and value["year"] > timezone.localdate().year:
            found["year"] = _("This year is still to come. Say from which year the research is.")
        return found

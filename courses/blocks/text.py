"""Blocks to read: text, image, quote, callout, figure."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

PREVIEW = "courses/blocks/preview.html"
TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]
SHORT_FEATURES = ["bold", "italic", "ol", "ul", "link"]


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": TEXT_FEATURES, **kwargs})

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs, headings, lists and links.")
        template = "courses/blocks/text.html"
        preview_template = PREVIEW
        preview_value = "<h2>Ook doorgeven telt</h2><p>Vraagt een klant om “liever een ander”? Dan vraag je door.</p>"


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("image"))
    alt = blocks.CharBlock(
        label=_("what is on it"),
        max_length=300,
        help_text=_("For who does not see the image. Say what it tells, not that it is an image."),
    )
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("A drawing or a photo with words for who does not see it.")
        template = "courses/blocks/image.html"
        preview_template = PREVIEW
        preview_value = {"image": None, "alt": "", "caption": "Zelfde brief, ander antwoord."}


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("words"), rows=3, max_length=600)
    attribution = blocks.CharBlock(label=_("who says it"), required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        description = _("What somebody said. Made up, or with permission.")
        template = "courses/blocks/quote.html"
        preview_template = PREVIEW
        preview_value = {
            "text": "Ik wist niet meer waarom ik dat opschreef.",
            "attribution": "Werkbegeleider (verzonnen)",
        }


class CalloutBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        label=_("kind"),
        choices=[
            ("info", _("Good to know")),
            ("sentence", _("A sentence to practise")),
            ("law", _("What the law says")),
            ("tip", _("Something to do")),
        ],
        default="info",
    )
    title = blocks.CharBlock(label=_("heading"), max_length=120)
    html = blocks.RichTextBlock(label=_("text"), features=SHORT_FEATURES)

    class Meta:
        icon = "warning"
        label = _("Callout")
        description = _(
            "A short text that stands apart: good to know, a sentence to practise, the law, something to do."
        )
        template = "courses/blocks/callout.html"
        preview_template = PREVIEW
        preview_value = {
            "kind": "sentence",
            "title": "Een zin om te oefenen",
            "html": "<p>“Welke vaardigheid mist u bij haar?”</p>",
        }


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
        sentences = [self["population"], format_html("{} {}.", _now("Source:"), source), self["note"]]
        return format_html("{} {} {}", *sentences)


class FigureBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("heading"), max_length=160)
    rows = blocks.ListBlock(FigureRowBlock(), label=_("groups"), min_num=1, max_num=8)
    unit = blocks.CharBlock(
        label=_("unit"), required=False, max_length=20, default="%", help_text=_("Stands right after each number.")
    )
    population = blocks.TextBlock(label=_("who was asked, when and what"), rows=2, max_length=400)
    source = blocks.CharBlock(label=_("source"), max_length=120, help_text=_("Who did the research."))
    year = blocks.IntegerBlock(label=_("year"), min_value=1990, max_value=2100)
    url = blocks.URLBlock(label=_("address of the source"), required=False)
    note = blocks.TextBlock(label=_("note"), rows=2, required=False, max_length=400)

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

"""Blocks to read: text, quote, callout, legal note, accordion, and what differs between school and workplace."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText

from courses.blocks.checked import CheckedBlock
from courses.lesson_view import lesson_view_of
from parties.models.party import Side

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
            ("law", _("What the law says (as it was; use the block “Legal note” for something new)")),
            ("tip", _("Something to do")),
        ],
        default="info",
        search_index=False,
    )
    title = blocks.CharBlock(label=_("heading"), max_length=120)
    html = blocks.RichTextBlock(label=_("text"), features=SHORT_FEATURES)

    class Meta:
        icon = "warning"
        label = _("Callout")
        description = _("A short text that stands apart: good to know, a sentence to practise, something to do.")
        template = "courses/blocks/callout.html"
        preview_template = PREVIEW
        preview_value = {
            "kind": "sentence",
            "title": "Een zin om te oefenen",
            "html": "<p>“Welke vaardigheid mist u bij haar?”</p>",
        }


class LegalNoteBlock(CheckedBlock):
    title = blocks.CharBlock(label=_("heading"), max_length=120)
    html = blocks.RichTextBlock(
        label=_("text"), features=SHORT_FEATURES, help_text=_("In plain words. Explain each legal term once.")
    )
    law = blocks.CharBlock(
        label=_("law and article, or who ruled"),
        max_length=200,
        help_text=_("Such as: Algemene wet gelijke behandeling, artikel 5."),
    )
    url = blocks.URLBlock(label=_("address of the law or the ruling"), required=False)
    checked = blocks.DateBlock(
        label=_("last checked on"), help_text=_("The day on which somebody last read this beside the source.")
    )

    needed = {
        "law": _("Say which law and article, or which ruling, this comes from."),
        "checked": _("Say when somebody last read this beside the source. If nobody did, do that first."),
    }

    class Meta:
        icon = "clipboard-list"
        label = _("Legal note")
        description = _("What the law says in plain words, with the law and the day on which it was checked.")
        template = "courses/blocks/legal_note.html"
        preview_template = PREVIEW
        preview_value = {
            "title": "Ook een opdracht om te discrimineren mag niet",
            "html": "<p>Vraagt een klant om “liever een ander”? Wie dat verzoek uitvoert, maakt zelf onderscheid.</p>",
            "law": "Algemene wet gelijke behandeling, artikel 1",
            "url": "https://wetten.overheid.nl/BWBR0006502/",
            "checked": dt.date(2026, 11, 2),
        }

    def complaints(self, value: blocks.StructValue) -> dict[str, Any]:
        if value["checked"] and value["checked"] > timezone.localdate():
            return {"checked": _("This day is still to come. Fill in the day on which it was read beside the source.")}
        return {}


class AccordionItemBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("heading"), max_length=160)
    html = blocks.RichTextBlock(label=_("text"), features=SHORT_FEATURES)

    class Meta:
        icon = "arrow-down"


class AccordionBlock(blocks.StructBlock):
    items = blocks.ListBlock(AccordionItemBlock(), label=_("parts"), min_num=1, max_num=12)

    class Meta:
        icon = "list-ul"
        label = _("Accordion")
        description = _("Headings that open. For what not everyone needs: never for what everyone should read.")
        template = "courses/blocks/accordion.html"
        preview_template = PREVIEW
        preview_value = {
            "items": [
                {"heading": "Wat als de student geen melding wil?", "html": "<p>Dan doe je die niet.</p>"},
                {"heading": "En als het een collega is?", "html": "<p>Ook dan begin je bij wat de student wil.</p>"},
            ]
        }


@dataclass(frozen=True)
class ShownSide:
    """``side`` as in ``Side``."""

    side: str
    html: RichText


class BySideBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("heading"), required=False, max_length=120)
    school = blocks.RichTextBlock(label=_("for who supervises from school"), features=SHORT_FEATURES)
    workplace = blocks.RichTextBlock(label=_("for who supervises at the workplace"), features=SHORT_FEATURES)

    class Meta:
        icon = "group"
        label = _("School and workplace")
        description = _("What is different for school and for the workplace. Readers choose what they see first.")
        template = "courses/blocks/by_side.html"
        preview_template = PREVIEW
        preview_value = {
            "title": "Wat kun jij doen?",
            "school": "<p>Vraag de student wat er is gezegd, en wat die nu wil.</p>",
            "workplace": "<p>Zeg tegen de klant dat de stagiair het werk doet.</p>",
        }

    def get_context(self, value: blocks.StructValue, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """``shown`` stands open, ``folded`` can be opened: what the reader chose, or both when nothing was chosen."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        request = context.get("request")
        chosen = lesson_view_of(request) if request else ""
        sides = [ShownSide(side, value[side]) for side in Side.values]
        context["shown"] = [side for side in sides if chosen in ("", side.side)]
        context["folded"] = [side for side in sides if chosen not in ("", side.side)]
        return context

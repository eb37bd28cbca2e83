"""What a short route is made of: lessons that exist, in an order of its own."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.blocks.text import PREVIEW


class RouteLessonBlock(blocks.StructBlock):
    lesson = blocks.PageChooserBlock(label=_("lesson"), page_type="courses.LessonPage")
    why = blocks.TextBlock(
        label=_("why this lesson"), rows=2, max_length=250, help_text=_("One sentence, for who follows this route.")
    )

    class Meta:
        icon = "doc-full"
        label = _("Lesson")
        description = _("A lesson of one of the modules, with a sentence that says why it is in this route.")
        template = "courses/blocks/route_lesson.html"
        preview_template = PREVIEW
        preview_value = {"lesson": None, "why": "Een klant zegt iets, en jij staat erbij. Je oefent één zin."}


class RouteBody(blocks.StreamBlock):
    lesson = RouteLessonBlock()

    class Meta:
        min_num = 1
        max_num = 12

    def clean(self, value: blocks.StreamValue) -> blocks.StreamValue:
        cleaned = super().clean(value)
        chosen: set[Any] = set()
        errors: dict[int, Exception] = {}
        for place, child in enumerate(cleaned):
            if child.value["lesson"] in chosen:
                sentence = _("This lesson is in the route already. Choose another one, or take this one away.")
                errors[place] = StructBlockValidationError({"lesson": ValidationError(sentence)})
            chosen.add(child.value["lesson"])
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned

"""Exercises. What an editor made wrong is said in the editor's words, in its place."""

from string import ascii_lowercase
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.blocks.text import PREVIEW

LENSES = [("herkennen", _("Recognise")), ("erkennen", _("Acknowledge")), ("tegengaan", _("Counteract"))]


def keys_filled(choices: Any) -> None:
    """A choice without a sign gets the first free letter. Signs stay what they are: answers hang on them."""
    taken = {choice["key"] for choice in choices}
    free = (letter for letter in ascii_lowercase if letter not in taken)
    for choice in choices:
        if not choice["key"]:
            choice["key"] = next(free)


class KeyBlock(blocks.CharBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 20, **kwargs})


class AnswerBlock(blocks.StructBlock):
    key = KeyBlock(
        label=_("sign"),
        required=False,
        help_text=_("Leave it as it is: the answers of learners hang on it. Empty: the first free letter."),
    )
    text = blocks.TextBlock(label=_("answer"), rows=2, max_length=300)
    correct = blocks.BooleanBlock(label=_("this is right"), required=False)
    feedback = blocks.TextBlock(
        label=_("feedback"), rows=3, max_length=600, help_text=_("Explain. Never score or blame the person.")
    )
    lenses = blocks.MultipleChoiceBlock(label=_("what it is about"), choices=LENSES, required=False)

    class Meta:
        icon = "check"


class SingleChoiceBlock(blocks.StructBlock):
    question = blocks.TextBlock(label=_("question"), rows=2, max_length=400)
    choices = blocks.ListBlock(AnswerBlock(), label=_("answers"), min_num=2, max_num=5)

    class Meta:
        icon = "radio-full"
        label = _("Single choice")
        description = _("A question with two to five answers, feedback with each, and one that is right.")
        template = "courses/blocks/single_choice.html"
        preview_template = PREVIEW
        preview_value = {
            "question": "Een klant wil niet geholpen worden door jouw stagiair. Wat doe je?",
            "choices": [
                {
                    "key": "a",
                    "text": "Je ruilt het rooster om.",
                    "correct": False,
                    "feedback": "Wat ziet de student?",
                    "lenses": [],
                },
                {
                    "key": "b",
                    "text": "Je vraagt door.",
                    "correct": True,
                    "feedback": "Zo breng je het terug naar het werk.",
                    "lenses": [],
                },
            ],
        }

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        choices = cleaned["choices"]
        keys_filled(choices)
        keys = [choice["key"] for choice in choices]
        twice = {
            index: StructBlockValidationError(
                {"key": ValidationError(_("Another answer has this sign. Choose another letter."))}
            )
            for index, key in enumerate(keys)
            if key in keys[:index]
        }
        if twice:
            raise StructBlockValidationError({"choices": ListBlockValidationError(twice)})
        right = sum(choice["correct"] for choice in choices)
        if right == 0:
            raise StructBlockValidationError(
                non_block_errors=[_("No answer is marked as right. Mark the one that is.")]
            )
        if right == len(choices):
            raise StructBlockValidationError(
                non_block_errors=[_("Every answer is marked as right. Then there is nothing to choose: leave one.")]
            )
        if right > 1:
            raise StructBlockValidationError(
                non_block_errors=[_("More than one answer is marked as right. Leave the one that fits best.")]
            )
        return cleaned

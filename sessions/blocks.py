"""The questions of the evaluation form, as editors write them: each in Dutch and in English."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

DUTCH, ENGLISH = _("in Dutch"), _("in English")
MOST_CHOICES = 6


class QuestionBlock(blocks.StructBlock):
    nl = blocks.CharBlock(label=DUTCH, max_length=200)
    en = blocks.CharBlock(label=ENGLISH, max_length=200)


class ScaleBlock(QuestionBlock):
    class Meta:
        icon = "list-ol"
        label = _("Scale of 1 to 5")
        description = _("People choose a number: 1 is not at all, 5 is very much.")


class ChoiceBlock(QuestionBlock):
    choices = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("nl", blocks.CharBlock(label=DUTCH, max_length=100)),
                ("en", blocks.CharBlock(label=ENGLISH, max_length=100)),
            ]
        ),
        label=_("answers"),
        min_num=2,
        max_num=MOST_CHOICES,
    )

    class Meta:
        icon = "tick"
        label = _("Choice")
        description = _("People choose one of the answers that you write.")


class ShortTextBlock(QuestionBlock):
    class Meta:
        icon = "edit"
        label = _("Short text")
        description = _("People write a few sentences. The page asks them to leave out names.")


class QuestionsBlock(blocks.StreamBlock):
    scale = ScaleBlock()
    choice = ChoiceBlock()
    text = ShortTextBlock()

"""What editors write for trainings and intervision: the questions of the evaluation form in two languages, and the steps of
a method."""

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


class MethodStepBlock(blocks.StructBlock):
    """One step of a method: whose turn it is, for how long, what they do, and how a sentence may begin."""

    title = blocks.CharBlock(label=_("title"), max_length=80)
    minutes = blocks.IntegerBlock(label=_("minutes"), min_value=1, max_value=60)
    turn = blocks.ChoiceBlock(
        label=_("whose turn"),
        choices=[
            ("all", _("Everybody")),
            ("bringer", _("Who brings the case in")),
            ("others", _("Everybody else; who brings the case in listens")),
            ("facilitator", _("The facilitator")),
        ],
    )
    text = blocks.TextBlock(label=_("what to do"), max_length=500)
    starters = blocks.ListBlock(
        blocks.CharBlock(label=_("sentence"), max_length=120), label=_("how a sentence may begin"), max_num=5
    )

    class Meta:
        icon = "time"
        label = _("Step")
        description = _("One step of a method, with its minutes.")


class MethodStepsBlock(blocks.StreamBlock):
    step = MethodStepBlock()

    class Meta:
        min_num = 1

"""Exercises in which something is put in its place or into words: ordering, matching, reflection."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.blocks.exercises import (
    FEEDBACK_HELP,
    SIGN_HELP,
    ExerciseBlock,
    KeyBlock,
    LensesBlock,
    doubles,
    keys_filled,
    wrong_rows,
)


class OrderItemBlock(blocks.StructBlock):
    key = KeyBlock(label=_("sign"), required=False, help_text=SIGN_HELP)
    text = blocks.TextBlock(label=_("step"), rows=2, max_length=200)

    class Meta:
        icon = "order"


class OrderingBlock(ExerciseBlock):
    question = blocks.TextBlock(label=_("question"), rows=2, max_length=400)
    items = blocks.ListBlock(
        OrderItemBlock(),
        label=_("steps in the right order"),
        min_num=2,
        max_num=8,
        help_text=_("Learners get them mixed up, everybody in the same way."),
    )
    feedback = blocks.TextBlock(
        label=_("why in this order"), rows=3, max_length=600, help_text=_("Stands under the right order.")
    )
    lenses = LensesBlock()

    class Meta:
        icon = "list-ol"
        label = _("Ordering")
        description = _("Two to eight steps to put in the right order.")
        preview_value = {
            "question": "Een student vertelt je iets. Wat doe je eerst?",
            "items": [
                {"key": "a", "text": "Je luistert."},
                {"key": "b", "text": "Je vraagt wat de student wil."},
                {"key": "c", "text": "Je spreekt af hoe het verdergaat."},
            ],
            "feedback": "Eerst het verhaal, dan de stap.",
            "lenses": [],
        }

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        rows = list(cleaned["items"])
        keys_filled(rows)
        wrong_rows(
            "items",
            {
                "key": (doubles(rows, "key"), _("Another step has this sign. Choose another letter.")),
                "text": (doubles(rows, "text"), _("Another step says the same. Change one, or take it away.")),
            },
        )
        return cleaned


class PairBlock(blocks.StructBlock):
    key = KeyBlock(label=_("sign"), required=False, help_text=SIGN_HELP)
    left = blocks.TextBlock(label=_("left"), rows=2, max_length=200)
    right = blocks.CharBlock(label=_("what fits with it"), max_length=120)

    class Meta:
        icon = "link"


class MatchingBlock(ExerciseBlock):
    question = blocks.TextBlock(label=_("question"), rows=2, max_length=400)
    pairs = blocks.ListBlock(
        PairBlock(),
        label=_("pairs"),
        min_num=2,
        max_num=8,
        help_text=_("Learners get what fits mixed up, everybody in the same way."),
    )
    feedback = blocks.TextBlock(label=_("why these belong together"), rows=3, max_length=600, help_text=FEEDBACK_HELP)
    lenses = LensesBlock()

    class Meta:
        icon = "link"
        label = _("Matching")
        description = _("Two to eight pairs; learners find what fits with what.")
        preview_value = {
            "question": "Wat past bij wat?",
            "pairs": [
                {"key": "a", "left": "“Liever geen hoofddoek.”", "right": "Direct onderscheid"},
                {"key": "b", "left": "“Je moet foutloos Nederlands spreken.”", "right": "Indirect onderscheid"},
            ],
            "feedback": "Het eerste noemt een kenmerk. Het tweede lijkt neutraal en raakt één groep harder.",
            "lenses": ["herkennen"],
        }

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        pairs = cleaned["pairs"]
        keys_filled(pairs)
        wrong_rows(
            "pairs",
            {
                "key": (doubles(pairs, "key"), _("Another pair has this sign. Choose another letter.")),
                "left": (doubles(pairs, "left"), _("Another pair has the same on the left. Change one of them.")),
                "right": (
                    doubles(pairs, "right"),
                    _("Another pair has the same on the right. Then both fit: change one of them."),
                ),
            },
        )
        return cleaned


class ReflectionBlock(ExerciseBlock):
    question = blocks.TextBlock(label=_("question"), rows=2, max_length=400)
    hint = blocks.TextBlock(
        label=_("help to begin"),
        rows=2,
        required=False,
        max_length=300,
        help_text=_("For who does not know what to write."),
    )

    class Meta:
        icon = "edit"
        label = _("Reflection")
        description = _("An open question. Only the learner reads the answer; it is on no list and in no number.")
        preview_value = {
            "question": "Wanneer zei jij niets, terwijl je iets wilde zeggen?",
            "hint": "Denk aan een grap, een mail of een gesprek.",
        }

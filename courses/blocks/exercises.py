"""Exercises with answers to choose from, and what all exercises share. What an editor made wrong is said in its place."""

from collections.abc import Iterable, Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.blocks.text import PREVIEW
from courses.player import draft

LENSES = [("herkennen", _("Recognise")), ("erkennen", _("Acknowledge")), ("tegengaan", _("Counteract"))]
SIGN_HELP = _("Leave it as it is: the answers of learners hang on it. Empty: the first free letter.")
FEEDBACK_HELP = _("Explain. Never score or blame the person.")
Sentence = str | Promise


def keys_filled(choices: Any) -> None:
    """A choice without a sign gets the first free letter. Signs stay what they are: answers hang on them."""
    taken = {choice["key"] for choice in choices}
    free = (letter for letter in ascii_lowercase if letter not in taken)
    for choice in choices:
        if not choice["key"]:
            choice["key"] = next(free)


def doubles(rows: Iterable[Mapping[str, Any]], name: str) -> list[int]:
    """Places of the rows whose ``name`` says the same as that of an earlier row, whatever its capitals and spaces."""
    said = [" ".join(row[name].casefold().split()) for row in rows]
    return [place for place, words in enumerate(said) if words in said[:place]]


def wrong_rows(rows: str, found: Mapping[str, tuple[Iterable[int], Sentence]]) -> None:
    """``found``: a field of the rows, the places where it is not right, and what to do about it.

    Raises:
        StructBlockValidationError: with each sentence at its field, when there is anything to say.
    """
    by_row: dict[int, dict[str, ValidationError]] = {}
    for name, (places, sentence) in found.items():
        for place in places:
            by_row.setdefault(place, {})[name] = ValidationError(sentence)
    if by_row:
        errors = {place: StructBlockValidationError(fields) for place, fields in by_row.items()}
        raise StructBlockValidationError({rows: ListBlockValidationError(errors)})


def wrong_list(rows: str, sentence: Sentence) -> StructBlockValidationError:
    """What is not right with the rows together."""
    return StructBlockValidationError({rows: ListBlockValidationError(non_block_errors=[sentence])})


def wrong_field(name: str, sentence: Sentence) -> StructBlockValidationError:
    return StructBlockValidationError({name: ValidationError(sentence)})


class KeyBlock(blocks.CharBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 20, "search_index": False, **kwargs})


class LensesBlock(blocks.MultipleChoiceBlock):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("what it is about"),
                "choices": LENSES,
                "required": False,
                "search_index": False,
                **kwargs,
            }
        )


class ExerciseBlock(blocks.StructBlock):
    """An exercise. Apart from a lesson it is shown as it begins, and cannot be answered."""

    def get_context(self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return {**super().get_context(value, parent_context), "exercise": draft(self.name, value)}

    class Meta:
        template = "courses/exercises/form.html"
        preview_template = PREVIEW


class AnswerBlock(blocks.StructBlock):
    key = KeyBlock(label=_("sign"), required=False, help_text=SIGN_HELP)
    text = blocks.TextBlock(label=_("answer"), rows=2, max_length=300)
    correct = blocks.BooleanBlock(label=_("this is right"), required=False)
    feedback = blocks.TextBlock(label=_("feedback"), rows=3, max_length=600, help_text=FEEDBACK_HELP)
    lenses = LensesBlock()

    class Meta:
        icon = "check"


def choices_checked(choices: Sequence[blocks.StructValue]) -> None:
    """Fills the signs.

    Raises:
        StructBlockValidationError: when two answers have the same sign or the same words.
    """
    keys_filled(choices)
    wrong_rows(
        "choices",
        {
            "key": (doubles(choices, "key"), _("Another answer has this sign. Choose another letter.")),
            "text": (doubles(choices, "text"), _("Another answer says the same. Change one, or take it away.")),
        },
    )


class SingleChoiceBlock(ExerciseBlock):
    question = blocks.TextBlock(label=_("question"), rows=2, max_length=400)
    choices = blocks.ListBlock(AnswerBlock(), label=_("answers"), min_num=2, max_num=5)

    class Meta:
        icon = "radio-full"
        label = _("Single choice")
        description = _("A question with two to five answers, feedback with each, and one that is right.")
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
        choices_checked(choices)
        right = sum(choice["correct"] for choice in choices)
        if right == 0:
            raise wrong_list("choices", _("No answer is marked as right. Mark the one that is."))
        if right == len(choices):
            raise wrong_list(
                "choices", _("Every answer is marked as right. Then there is nothing to choose: leave one.")
            )
        if right > 1:
            raise wrong_list("choices", _("More than one answer is marked as right. Leave the one that fits best."))
        return cleaned


class MultipleChoiceBlock(ExerciseBlock):
    question = blocks.TextBlock(label=_("question"), rows=2, max_length=400)
    choices = blocks.ListBlock(AnswerBlock(), label=_("answers"), min_num=3, max_num=8)
    feedback = blocks.TextBlock(
        label=_("explanation for everyone"), rows=3, max_length=600, help_text=_("Stands under the feedback.")
    )

    class Meta:
        icon = "tasks"
        label = _("Multiple choice")
        description = _("A question with three to eight answers, of which more than one can be right.")
        preview_value = {
            "question": "Welke eisen gaan over het werk?",
            "choices": [
                {
                    "key": "a",
                    "text": "Je kunt een rooster lezen.",
                    "correct": True,
                    "feedback": "Dat heb je nodig.",
                    "lenses": [],
                },
                {
                    "key": "b",
                    "text": "Je past bij ons.",
                    "correct": False,
                    "feedback": "Bij wie, en waarin?",
                    "lenses": [],
                },
                {
                    "key": "c",
                    "text": "Je kunt om zeven uur beginnen.",
                    "correct": True,
                    "feedback": "Dat kun je uitleggen.",
                    "lenses": [],
                },
            ],
            "feedback": "Een eis over het werk kun je uitleggen aan wie hem niet haalt.",
        }

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        choices = cleaned["choices"]
        choices_checked(choices)
        right = sum(choice["correct"] for choice in choices)
        if right == 0:
            raise wrong_list("choices", _("No answer is marked as right. Mark at least one."))
        if right == len(choices):
            raise wrong_list(
                "choices", _("Every answer is marked as right. Then there is nothing to choose: add one that is not.")
            )
        return cleaned


class StatementValue(blocks.StructValue):
    @property
    def sourced(self) -> SafeString | str:
        """The source with its year, as a link where it has an address; "" without one."""
        if not self.get("source"):
            return ""
        words = format_html("{}, {}", self["source"], self["year"])
        if self.get("url"):
            return format_html('<a class="utrecht-link utrecht-link--html-a" href="{}">{}</a>', self["url"], words)
        return words


class StatementBlock(ExerciseBlock):
    statement = blocks.TextBlock(label=_("statement"), rows=2, max_length=400)
    truth = blocks.ChoiceBlock(
        label=_("is it true?"),
        choices=[("true", pgettext_lazy("statement", "True")), ("false", pgettext_lazy("statement", "Not true"))],
        search_index=False,
    )
    feedback_true = blocks.TextBlock(
        label=_("feedback to who says it is true"), rows=3, max_length=600, help_text=FEEDBACK_HELP
    )
    feedback_false = blocks.TextBlock(
        label=_("feedback to who says it is not true"), rows=3, max_length=600, help_text=FEEDBACK_HELP
    )
    lenses = LensesBlock()
    source = blocks.CharBlock(
        label=_("source"), required=False, max_length=120, help_text=_("Needed when the feedback names a figure.")
    )
    year = blocks.IntegerBlock(label=_("year"), required=False, min_value=1990, max_value=2100)
    url = blocks.URLBlock(label=_("address of the source"), required=False)

    class Meta:
        icon = "help"
        label = _("Statement")
        description = _("A sentence that is true or not, such as something that people often think.")
        value_class = StatementValue
        preview_value = {
            "statement": "Zonder kwade bedoeling is het geen discriminatie.",
            "truth": "false",
            "feedback_true": "Veel mensen denken dit. Maar het gaat om wat het doet, niet om de bedoeling.",
            "feedback_false": "De bedoeling beslist niet. Het gaat om wat het doet.",
            "lenses": ["herkennen"],
            "source": "",
            "year": None,
            "url": "",
        }

    def clean(self, value: StatementValue) -> StatementValue:
        cleaned = super().clean(value)
        if cleaned["source"] and not cleaned["year"]:
            raise wrong_field("year", _("A source has a year. Fill in when it was published."))
        if not cleaned["source"] and (cleaned["year"] or cleaned["url"]):
            raise wrong_field("source", _("Fill in whose year or address this is, or empty both."))
        return cleaned


class PollChoiceBlock(blocks.StructBlock):
    key = KeyBlock(label=_("sign"), required=False, help_text=SIGN_HELP)
    text = blocks.TextBlock(label=_("answer"), rows=2, max_length=200)

    class Meta:
        icon = "radio-empty"


class PollBlock(ExerciseBlock):
    question = blocks.TextBlock(label=_("question"), rows=2, max_length=400)
    choices = blocks.ListBlock(PollChoiceBlock(), label=_("answers"), min_num=2, max_num=6)
    feedback = blocks.TextBlock(
        label=_("text with the spread"),
        rows=3,
        max_length=600,
        required=False,
        help_text=_("What one can see in the answers of others. Nobody's answer is right or wrong."),
    )

    class Meta:
        icon = "group"
        label = _("Poll")
        description = _("A question without a right answer. Who answers sees what others chose, from five people on.")
        preview_value = {
            "question": "Praten jullie op je werk weleens over uitsluiting?",
            "choices": [
                {"key": "a", "text": "Ja, regelmatig."},
                {"key": "b", "text": "Soms."},
                {"key": "c", "text": "Eigenlijk nooit."},
            ],
            "feedback": "",
        }

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        choices_checked(cleaned["choices"])
        return cleaned

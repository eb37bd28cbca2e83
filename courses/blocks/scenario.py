"""The story with choices, as editors write it. What is wrong with one is said in its place."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Media
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockAdapter, StructBlockValidationError

from courses.blocks.exercises import LENSES, KeyBlock
from courses.blocks.text import PREVIEW, SHORT_FEATURES
from courses.scenario import Choice, Fault, Node, faults, signs_of_choices, signs_of_nodes


class StoryChoiceBlock(blocks.StructBlock):
    key = KeyBlock(
        label=_("sign"),
        required=False,
        help_text=_("Leave it as it is: the answers of learners hang on it. Empty: the first free letter."),
    )
    text = blocks.TextBlock(label=_("choice"), rows=2, max_length=300)
    to = KeyBlock(label=_("leads to step"), help_text=_("The sign of the step that follows."))

    class Meta:
        icon = "arrow-right"
        label_format = "{key} {text} → {to}"


class StoryNodeBlock(blocks.StructBlock):
    key = KeyBlock(
        label=_("sign of this step"),
        required=False,
        help_text=_("Short, such as 1, start or b-x. Choices lead here by it. Empty: the first free number."),
    )
    speaker = blocks.CharBlock(
        label=_("who speaks"), required=False, max_length=80, help_text=_("Empty: the story is told.")
    )
    html = blocks.RichTextBlock(label=_("what happens"), features=SHORT_FEATURES)
    feedback = blocks.RichTextBlock(
        label=_("feedback"),
        features=SHORT_FEATURES,
        required=False,
        help_text=_("On the choice that led here. Explain; never score or blame."),
    )
    lenses = blocks.MultipleChoiceBlock(label=_("what it is about"), choices=LENSES, required=False, search_index=False)
    prompt = blocks.CharBlock(label=_("question above the choices"), required=False, max_length=200)
    choices = blocks.ListBlock(
        StoryChoiceBlock(),
        label=_("choices"),
        min_num=0,
        max_num=5,
        default=[],
        help_text=_("Without choices the story ends here."),
    )

    class Meta:
        icon = "arrow-right-full"
        label_format = "{key} {speaker} {html}"


@dataclass(frozen=True)
class Page:
    """A step on paper; ``choices`` are pairs of a choice and the number at which to read on, None when there is none."""

    node: blocks.StructValue
    choices: Sequence[tuple[blocks.StructValue, int | None]]


class ScenarioValue(blocks.StructValue):
    @cached_property
    def story(self) -> list[Node]:
        return [
            Node(
                key=node["key"],
                prompt=node["prompt"],
                choices=tuple(Choice(key=choice["key"], to=choice["to"]) for choice in node["choices"]),
            )
            for node in self["nodes"]
        ]

    @property
    def pages(self) -> list[Page]:
        """The steps as they stand on paper, where each choice says at which number to read on."""
        numbers = {node["key"]: number for number, node in enumerate(self["nodes"], start=1)}
        return [
            Page(node, [(choice, numbers.get(choice["to"])) for choice in node["choices"]]) for node in self["nodes"]
        ]


class ScenarioBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("title"), max_length=120)
    view = blocks.ChoiceBlock(
        label=_("seen from"),
        choices=[("school", _("School")), ("workplace", _("Workplace")), ("both", _("School and workplace"))],
        default="both",
        search_index=False,
    )
    notice = blocks.TextBlock(
        label=_("content notice"),
        rows=2,
        required=False,
        max_length=300,
        help_text=_("What it is about, for who may have lived it."),
    )
    setting = blocks.RichTextBlock(label=_("setting"), features=SHORT_FEATURES)
    nodes = blocks.ListBlock(
        StoryNodeBlock(),
        label=_("steps"),
        help_text=_("The story begins with the first step. A step without choices is an end."),
    )
    sentence = blocks.CharBlock(label=_("a sentence to practise"), required=False, max_length=200)
    question = blocks.CharBlock(label=_("a question to take along"), required=False, max_length=200)

    class Meta:
        icon = "comment"
        label = _("Story with choices")
        description = _("A situation in which you choose, see what happens and choose again. It can be skipped.")
        template = "courses/blocks/scenario.html"
        preview_template = PREVIEW
        value_class = ScenarioValue
        preview_value = {
            "title": "“Aan de balie zoeken we iets neutraals”",
            "view": "school",
            "notice": "Dit verhaal gaat over een hoofddoek en een stageplek.",
            "setting": "<p>Een hotel was enthousiast over Samira. Nu belt de manager jou.</p>",
            "nodes": [
                {
                    "key": "start",
                    "speaker": "Manager van het hotel",
                    "html": "<p>Kan die hoofddoek af aan de balie?</p>",
                    "feedback": "",
                    "lenses": [],
                    "prompt": "Wat doe je?",
                    "choices": [{"key": "a", "text": "Je vraagt door.", "to": "a"}],
                },
                {
                    "key": "a",
                    "speaker": "",
                    "html": "<p>Er blijkt geen regel te zijn.</p>",
                    "feedback": "",
                    "lenses": [],
                    "prompt": "",
                    "choices": [],
                },
            ],
            "sentence": "Welke vaardigheid mist u bij haar?",
            "question": "",
        }

    def clean(self, value: ScenarioValue) -> ScenarioValue:
        """A draft may be unfinished, as in the rest of Wagtail: the drawing says what is missing, publishing refuses it."""
        cleaned = super().clean(value)
        _sign(cleaned["nodes"], signs_of_nodes)
        for node in cleaned["nodes"]:
            _sign(node["choices"], signs_of_choices)
        if not self.is_deferred_validation and (found := faults(cleaned.story)):
            raise StructBlockValidationError({"nodes": _errors(found)})
        return cleaned


def _sign(rows: Sequence[blocks.StructValue], signs: Callable[[list[str]], list[str]]) -> None:
    for row, key in zip(rows, signs([row["key"] for row in rows]), strict=True):
        row["key"] = key


FAULT_WORDS = {
    "too_few": _("A story has at least two steps: one with choices, and one where it ends."),
    "node_twice": _("Another step has this sign. Give each step its own."),
    "no_prompt": _("There are choices here, but no question above them."),
    "no_choices": _("The story begins here and ends at once. Add the choices that somebody has."),
    "choice_twice": _("Another choice of this step has this sign. Choose another letter."),
    "leads_nowhere": _("There is no step with this sign. Choose one that exists, or add the step."),
    "unreachable": _("No choice leads to this step. Let one lead here, or take the step away."),
    "no_way_out": _("From here the story never ends: it goes round. Let a choice lead to a step without choices."),
}
FAULT_FIELDS = {
    "node_twice": "key",
    "unreachable": "key",
    "no_way_out": "key",
    "no_prompt": "prompt",
    "choice_twice": "key",
    "leads_nowhere": "to",
}


def _errors(found: Iterable[Fault]) -> ListBlockValidationError:
    """Each fault at the field where it can be mended."""
    whole: list[ValidationError] = []
    own: dict[int, dict[str, ValidationError]] = {}
    of_choices: dict[int, dict[int, dict[str, ValidationError]]] = {}
    for fault in found:
        error = ValidationError(FAULT_WORDS[fault.code])
        if fault.node is None:
            whole.append(error)
            continue
        fields = own.setdefault(fault.node, {})
        if fault.code == "no_choices":
            fields["choices"] = ListBlockValidationError(non_block_errors=[error])
        elif fault.choice is None:
            fields[FAULT_FIELDS[fault.code]] = error
        else:
            of_choices.setdefault(fault.node, {}).setdefault(fault.choice, {})[FAULT_FIELDS[fault.code]] = error
    for node, choices in of_choices.items():
        errors_of_choices = {number: StructBlockValidationError(errors) for number, errors in choices.items()}
        own[node]["choices"] = ListBlockValidationError(errors_of_choices)
    by_node = {node: StructBlockValidationError(errors) for node, errors in own.items()}
    return ListBlockValidationError(by_node, non_block_errors=whole)


class ScenarioAdapter(StructBlockAdapter):
    """In the editors' form, with its drawing: see static/js/cms-story.js."""

    js_constructor = "courses.blocks.ScenarioBlock"

    def js_args(self, block: ScenarioBlock) -> list[Any]:
        name, children, meta = super().js_args(block)
        words = {
            "heading": _now("The story as a drawing"),
            "failed": _now("The drawing does not follow at the moment. What you write is not lost."),
        }
        return [name, children, {**meta, "drawing": {"url": reverse("story_drawing"), **words}}]

    @cached_property
    def media(self) -> Media:
        return super().media + Media(js=["js/cms-story.js"], css={"all": ["css/cms-story.css"]})


register(ScenarioAdapter(), ScenarioBlock)

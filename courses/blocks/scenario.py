"""The story with choices, as editors write it. What is wrong with one is said in its place."""

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.blocks.exercises import LENSES, KeyBlock, keys_filled
from courses.blocks.text import PREVIEW, SHORT_FEATURES
from courses.scenario import Choice, Fault, Node, faults


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


class StoryNodeBlock(blocks.StructBlock):
    key = KeyBlock(
        label=_("sign of this step"), help_text=_("Short, such as start, b or b-x. Choices lead here by it.")
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
    lenses = blocks.MultipleChoiceBlock(label=_("what it is about"), choices=LENSES, required=False)
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


class ScenarioBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("title"), max_length=120)
    view = blocks.ChoiceBlock(
        label=_("seen from"),
        choices=[("school", _("School")), ("workplace", _("Workplace")), ("both", _("School and workplace"))],
        default="both",
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
        min_num=2,
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
        cleaned = super().clean(value)
        for node in cleaned["nodes"]:
            keys_filled(node["choices"])
        if found := faults(cleaned.story):
            raise StructBlockValidationError({"nodes": ListBlockValidationError(_errors_by_node(found))})
        return cleaned


FAULT_WORDS = {
    "node_twice": _("Another step has this sign. Give each step its own."),
    "no_prompt": _("There are choices here, but no question above them."),
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


def _errors_by_node(found: list[Fault]) -> dict[int, StructBlockValidationError]:
    """Each fault at the field where it can be mended: index of the node to its errors."""
    own: dict[int, dict[str, Exception]] = {}
    of_choices: dict[int, dict[int, StructBlockValidationError]] = {}
    for fault in found:
        error = ValidationError(FAULT_WORDS[fault.code])
        fields = own.setdefault(fault.node, {})
        if fault.choice is None:
            fields[FAULT_FIELDS[fault.code]] = error
        else:
            of_choices.setdefault(fault.node, {})[fault.choice] = StructBlockValidationError(
                {FAULT_FIELDS[fault.code]: error}
            )
    for node, choices in of_choices.items():
        own[node]["choices"] = ListBlockValidationError(choices)
    return {node: StructBlockValidationError(errors) for node, errors in own.items()}

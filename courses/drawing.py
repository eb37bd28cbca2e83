"""What an editor's form says about a story, as a drawing and as a list: the state of a form in, what a template shows out."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.blocks.scenario import FAULT_WORDS
from courses.graph import Arrow, Box, draw
from courses.scenario import Choice, Fault, Node, faults, signs_of_choices, signs_of_nodes

MOST_STEPS = 100  # more than that is not drawn
LONGEST = 200  # letters of a text that are kept
LINE = 24  # letters of 12.5 px that a box holds

SHORT_WORDS = {
    "node_twice": _("sign twice"),
    "no_prompt": _("no question"),
    "no_choices": _("ends at once"),
    "choice_twice": _("letter twice"),
    "leads_nowhere": _("leads nowhere"),
    "unreachable": _("not reached"),
    "no_way_out": _("goes round"),
}


@dataclass(frozen=True)
class ShownChoice:
    """A choice as the list shows it; ``to`` is the step that it leads to, None when there is none."""

    number: int
    key: str
    text: str
    sign: str
    to: "ShownStep | None"
    faults: Sequence[Promise | str]


@dataclass
class ShownStep:
    """A step as the drawing and the list show it. ``faults`` are sentences, ``short`` the words that fit in the box."""

    number: int
    key: str
    speaker: str
    words: str
    faults: Sequence[Promise | str]
    short: Sequence[Promise | str]
    choices: Sequence[ShownChoice] = ()
    box: Box | None = None

    @property
    def ends(self) -> bool:
        return not self.choices

    @property
    def lines(self) -> list[str]:
        """The first words in two lines."""
        said = f"{self.speaker}: {self.words}" if self.speaker else self.words
        return textwrap.wrap(said, LINE, max_lines=2, placeholder=" …")


@dataclass(frozen=True)
class ShownArrow:
    arrow: Arrow
    letter: str
    wrong: bool


@dataclass(frozen=True)
class Picture:
    """``faults`` are sentences about the story as a whole, ``wrong`` how many things are wrong in all."""

    steps: Sequence[ShownStep]
    arrows: Sequence[ShownArrow]
    faults: Sequence[Promise | str]
    wrong: int
    width: int
    height: int

    @property
    def ends(self) -> int:
        return sum(step.ends for step in self.steps)

    @property
    def drawn(self) -> bool:
        return bool(self.width)


@dataclass(frozen=True)
class _Written:
    """A step as somebody wrote it so far, with a sign for each that had none yet."""

    node: Node
    speaker: str
    words: str
    texts: Sequence[str]


def picture(state: object) -> Picture:
    """``state`` as static/js/cms-story.js sends it: ``{"nodes": [{key, speaker, words, prompt, choices: [{key, text, to}]}]}``.

    Whatever has another shape counts as not filled in.
    """
    written = _written(state)
    nodes = [step.node for step in written]
    found = faults(nodes)
    drawing = draw(nodes if len(nodes) <= MOST_STEPS else [])
    steps = [
        ShownStep(
            number=number,
            key=step.node.key,
            speaker=step.speaker,
            words=step.words,
            faults=[FAULT_WORDS[fault.code] for fault in _at(found, number) if fault.choice is None],
            short=list(dict.fromkeys(SHORT_WORDS[fault.code] for fault in _at(found, number))),
            box=drawing.boxes[number] if drawing.boxes else None,
        )
        for number, step in enumerate(written)
    ]
    by_key = {step.key: step for step in reversed(steps)}
    for shown, step in zip(steps, written, strict=True):
        shown.choices = [
            ShownChoice(
                number=number,
                key=choice.key,
                text=text,
                sign=choice.to,
                to=by_key.get(choice.to),
                faults=[FAULT_WORDS[fault.code] for fault in _at(found, shown.number) if fault.choice == number],
            )
            for number, (choice, text) in enumerate(zip(step.node.choices, step.texts, strict=True))
        ]
    wrong = {(fault.node, fault.choice) for fault in found}
    return Picture(
        steps=steps,
        arrows=[
            ShownArrow(arrow, nodes[arrow.node].choices[arrow.choice].key[:2], (arrow.node, arrow.choice) in wrong)
            for arrow in drawing.arrows
        ],
        faults=[FAULT_WORDS[fault.code] for fault in found if fault.node is None],
        wrong=len(found),
        width=drawing.width,
        height=drawing.height,
    )


def _at(found: Iterable[Fault], node: int) -> list[Fault]:
    return [fault for fault in found if fault.node == node]


def _written(state: object) -> list[_Written]:
    rows = _rows(state, "nodes")
    steps = []
    for row, key in zip(rows, signs_of_nodes(_text(row, "key") for row in rows), strict=True):
        choices = _rows(row, "choices")
        signs = signs_of_choices(_text(choice, "key") for choice in choices)
        ways = tuple(Choice(sign, _text(choice, "to")) for sign, choice in zip(signs, choices, strict=True))
        steps.append(
            _Written(
                node=Node(key, _text(row, "prompt"), ways),
                speaker=_text(row, "speaker"),
                words=_text(row, "words"),
                texts=[_text(choice, "text") for choice in choices],
            )
        )
    return steps


def _rows(value: object, name: str) -> list[object]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _text(value: object, name: str) -> str:
    """One line of text, and only what can be written as UTF-8."""
    found = value.get(name) if isinstance(value, dict) else None
    text = found if isinstance(found, str) else ""
    return " ".join(text[:LONGEST].encode("utf-8", "replace").decode().split())

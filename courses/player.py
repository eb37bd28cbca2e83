"""An exercise as the page shows it: the block, what was kept, and so what stands there now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from courses.scenario import PathLost, walk


@dataclass(frozen=True)
class Exercise:
    """``kind`` is the block's type. ``choice`` is the answer chosen in a single choice; ``story`` where a scenario stands."""

    block_id: str
    kind: str
    value: Any
    url: str
    lesson_key: str
    answered: bool
    may_answer: bool
    error: str = ""
    choice: Any = None
    story: Story | None = None


@dataclass(frozen=True)
class Scene:
    """A step of a story that was passed: what happened there, and the choice that was made."""

    node: Any
    chosen: Any


@dataclass(frozen=True)
class Story:
    """``scenes`` were passed; ``here`` is the step where the story stands; ``stages`` are pairs of a word and 'this is now'."""

    here: Any
    scenes: Sequence[Scene] = ()
    stages: Sequence[tuple[str, bool]] = field(default_factory=list)
    skipped: bool = False
    changed: bool = False

    @property
    def ended(self) -> bool:
        return not self.here["choices"]

    @property
    def step(self) -> int:
        return len(self.scenes)


def exercise(
    child: Any,
    kept: Mapping[str, Any] | None,
    *,
    answered: bool,
    may_answer: bool,
    url: str,
    lesson_key: str,
    error: str = "",
) -> Exercise:
    """``child`` is the block in its stream; ``kept`` as in ``Answer.value``, None when nothing was done yet."""
    shown: dict[str, Any] = (
        {"story": story(child.value, kept or {})}
        if child.block_type == "scenario"
        else {"choice": chosen(child.value["choices"], (kept or {}).get("choice"))}
    )
    return Exercise(
        block_id=child.id,
        kind=child.block_type,
        value=child.value,
        url=url,
        lesson_key=lesson_key,
        answered=answered,
        may_answer=may_answer,
        error=error,
        **shown,
    )


def chosen(choices: Sequence[Any], key: str | None) -> Any:
    """The choice with this key; None when nothing was chosen or the choice was taken away."""
    return next((choice for choice in choices if choice["key"] == key), None)


def story(value: Any, kept: Mapping[str, Any]) -> Story:
    """Where the story stands. Choices that an editor changed meanwhile begin it again, with ``changed`` set."""
    nodes = {node["key"]: node for node in value["nodes"]}
    path, changed = list(kept.get("path", [])), False
    try:
        steps = walk(value.story, path)
    except PathLost:
        steps, changed = walk(value.story, []), True
    scenes = [
        Scene(nodes[step.node.key], chosen(nodes[step.node.key]["choices"], step.chosen.key))
        for step in steps
        if step.chosen
    ]
    here = nodes[steps[-1].node.key]
    return Story(
        here=here,
        scenes=scenes,
        stages=stages(len(scenes), ended=not here["choices"]),
        skipped=bool(kept.get("skipped")),
        changed=changed,
    )


def stages(choices_made: int, *, ended: bool) -> list[tuple[str, bool]]:
    """The line above a story: where one is in it."""
    names = [_("Your choice"), _("Second choice"), _("Third choice")]
    count = choices_made if ended else choices_made + 1
    words = [names[index] if index < len(names) else _("Next choice") for index in range(count)]
    line = [_("Beginning"), *words, _("Looking back")]
    now = len(line) - 1 if ended else choices_made + 1
    return [(word, index == now) for index, word in enumerate(line)]

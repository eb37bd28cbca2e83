"""An exercise as the page shows it: the block, what was kept, and so what stands there now. Data in, data out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from courses import states
from courses.scenario import PathLost, walk
from courses.states import Standing, chosen


@dataclass(frozen=True)
class Exercise:
    """``kind`` is the block's type; ``state`` what stands there now, of the class that the kind has below."""

    block_id: str
    kind: str
    value: Any
    url: str
    lesson_key: str
    answered: bool
    may_answer: bool
    state: Any
    error: str = ""

    @property
    def story(self) -> Story | None:
        return self.state if isinstance(self.state, Story) else None

    @property
    def heading(self) -> str:
        """What the exercise is called where it is only named."""
        return next(self.value[name] for name in ("title", "statement", "question") if name in self.value)

    @property
    def action(self) -> str:
        """What its button says."""
        first, again = ACTIONS[self.kind]
        return _(again) if self.state.attempted else _(first)

    @property
    def template(self) -> str:
        return f"courses/exercises/{'scenario' if self.story else 'form'}.html"

    @property
    def fields_template(self) -> str:
        return f"courses/exercises/{self.kind}_fields.html"

    @property
    def feedback_template(self) -> str:
        return f"courses/exercises/{self.kind}_feedback.html"

    @property
    def before_template(self) -> str:
        """What is said when it was done before and nothing of that can be shown."""
        return f"courses/exercises/{'reflection_deleted' if self.kind == 'reflection' else 'changed'}.html"

    @property
    def update_templates(self) -> list[str]:
        """What an answer without a new page shows: the kind's own template, else the one that most kinds share."""
        return [f"courses/exercises/{self.kind}_update.html", "courses/exercises/update.html"]


@dataclass(frozen=True)
class Scene:
    """A step of a story that was passed: what happened there, and the choice that was made."""

    node: Any
    chosen: Any


@dataclass(frozen=True)
class Story:
    """``scenes`` were passed; ``stages`` are pairs of a word and 'this is now'; ``begun`` says that something was done before.

    ``here`` is the step where the story stands, None in a draft that has no steps yet.
    """

    here: Any
    scenes: Sequence[Scene] = ()
    stages: Sequence[tuple[str, bool]] = field(default_factory=list)
    skipped: bool = False
    changed: bool = False
    begun: bool = False

    @property
    def ended(self) -> bool:
        return self.here is not None and not self.here["choices"]

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
    filled: Mapping[str, Any] | None = None,
    spread: Mapping[str, int] | None = None,
) -> Exercise:
    """``child`` is the block in its stream; the others as in ``Standing``."""
    standing = Standing(child.id, child.value, kept or {}, filled, spread)
    return Exercise(
        block_id=child.id,
        kind=child.block_type,
        value=child.value,
        url=url,
        lesson_key=lesson_key,
        answered=answered,
        may_answer=may_answer,
        state=STATES[child.block_type](standing),
        error=error,
    )


def draft(kind: str, value: Any) -> Exercise:
    """The exercise apart from a lesson: as it begins, and not to be answered."""
    state = STATES[kind](Standing("", value, {}))
    return Exercise("", kind, value, url="", lesson_key="", answered=False, may_answer=False, state=state)


def story(value: Any, kept: Mapping[str, Any]) -> Story:
    """Where the story stands. Choices that an editor changed meanwhile begin it again, with ``changed`` set."""
    nodes = {node["key"]: node for node in value["nodes"]}
    if not nodes:
        return Story(here=None)
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
        begun=bool(kept),
    )


def stages(choices_made: int, *, ended: bool) -> list[tuple[str, bool]]:
    """The line above a story: where one is in it."""
    names = [_("Your choice"), _("Second choice"), _("Third choice")]
    count = choices_made if ended else choices_made + 1
    words = [names[index] if index < len(names) else _("Next choice") for index in range(count)]
    line = [_("Beginning"), *words, _("Looking back")]
    now = len(line) - 1 if ended else choices_made + 1
    return [(word, index == now) for index, word in enumerate(line)]


STATES: dict[str, Callable[[Standing], Any]] = {
    "single_choice": states.single_choice,
    "multiple_choice": states.multiple_choice,
    "statement": states.statement,
    "ordering": states.ordering,
    "matching": states.matching,
    "reflection": states.reflection,
    "poll": states.poll,
    "scenario": lambda at: story(at.value, at.kept),
}
CHECKED = (gettext_noop("Check your answer"), gettext_noop("Try again"))
ACTIONS = {
    "single_choice": CHECKED,
    "multiple_choice": CHECKED,
    "statement": CHECKED,
    "ordering": CHECKED,
    "matching": CHECKED,
    "reflection": (gettext_noop("Save what you wrote"), gettext_noop("Save the change")),
    "poll": (gettext_noop("Send your choice"), gettext_noop("Change your choice")),
}

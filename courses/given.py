"""What a form of an exercise sends, as what was given in it: posted fields in, ``Given`` out. Never refuses anything."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from courses.exercises import Given


class Posted(Protocol):
    """What this reads of Django's QueryDict."""

    def __iter__(self) -> Iterator[str]: ...
    def get(self, key: str, default: str, /) -> str: ...
    def getlist(self, key: str, /) -> list[str]: ...


Kept = Mapping[str, Any]


def given_in(kind: str, posted: Posted, kept: Kept | None = None) -> Given:
    """What the form of an exercise of this kind says, as ``outcome`` reads it.

    ``kept``: as in ``Answer.value``, None when nothing was done yet. A story goes on from there.
    """
    return READERS[kind](posted, kept or {})


def _choice(posted: Posted, kept: Kept) -> Given:
    return {"choice": posted.get("keuze", "")}


def _choices(posted: Posted, kept: Kept) -> Given:
    return {"choices": posted.getlist("keuze")}


def _places(posted: Posted, kept: Kept) -> Given:
    return {"places": _after("plek-", posted)}


def _pairs(posted: Posted, kept: Kept) -> Given:
    return {"pairs": _after("paar-", posted)}


def _text(posted: Posted, kept: Kept) -> Given:
    return {"delete": True} if posted.get("doe", "") == "delete" else {"text": posted.get("tekst", "")}


def _path(posted: Posted, kept: Kept) -> Given:
    """The form says after how many choices the story stood, so that a double click changes nothing."""
    do = posted.get("doe", "")
    if do == "skip":
        return {"skipped": True}
    if do == "restart":
        return {"path": []}
    path = list(kept.get("path", []))
    earlier = [str(step) for step in range(len(path))]
    step = posted.get("stap", "")
    here = path[: earlier.index(step)] if step in earlier else path
    if do == "back":
        return {"path": here[:-1]}
    return {"path": [*here, posted.get("keuze", "")]}


def _after(prefix: str, posted: Posted) -> dict[str, str]:
    return {name.removeprefix(prefix): posted.get(name, "") for name in posted if name.startswith(prefix)}


READERS: dict[str, Callable[[Posted, Kept], Given]] = {
    "single_choice": _choice,
    "multiple_choice": _choices,
    "statement": _choice,
    "ordering": _places,
    "matching": _pairs,
    "reflection": _text,
    "poll": _choice,
    "scenario": _path,
}

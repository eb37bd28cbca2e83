"""What pages claim, and from where: every figure, every legal note, and percentages without a source.

Blocks come in as ``{"type", "value"}``, as a fixture holds them or as a StreamField keeps them.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Block = Mapping[str, Any]

ASKED = {"figure": ("source", "year", "population"), "legal_note": ("law", "checked")}
LONGEST_SHOWN = 60

_PERCENTAGE = re.compile(r"\d\s*(%|procent\b)", re.IGNORECASE)
_SOURCE_WITH_YEAR = re.compile(r"\([^()]*[^\W\d_][^()]*,\s*(19|20)\d\d\b[^()]*\)")
_END_OF_PARAGRAPH = re.compile(r"</(?:p|li|h\d|td|th)>|<br\s*/?>\s*<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Claim:
    """One figure or legal note: where it stands, its heading, and what it says about where it comes from."""

    address: str
    kind: str
    title: str
    origin: Mapping[str, str]
    link: str

    @property
    def line(self) -> str:
        said = "; ".join(f"{name}: {value or '–'}" for name, value in self.origin.items())
        return " | ".join([self.kind, self.address, self.title, said, self.link or "–"])


@dataclass(frozen=True)
class Gap:
    """Something that must be there and is not, in a sentence."""

    address: str
    sentence: str

    @property
    def line(self) -> str:
        return f"{self.address}: {self.sentence}"


def claims_of(address: str, blocks: Iterable[Block]) -> list[Claim]:
    """The figures and legal notes of one page, in their order."""
    return [
        Claim(
            address=address,
            kind=block["type"],
            title=block["value"].get("title") or "",
            origin={name: _said(block["value"].get(name)) for name in ASKED[block["type"]]},
            link=block["value"].get("url") or "",
        )
        for block in blocks
        if block["type"] in ASKED
    ]


def gaps_of(address: str, blocks: Iterable[Block], *, today: dt.date) -> list[Gap]:
    """What is missing on one page, in the order of its blocks."""
    return [Gap(address, sentence) for block in blocks for sentence in _faults(block, today)]


def gaps_in_text(address: str, texts: Iterable[str]) -> list[Gap]:
    """Percentages without a source in texts that stand outside blocks, such as a summary."""
    return [Gap(address, sentence) for text in texts for sentence in _unsourced(text)]


def _faults(block: Block, today: dt.date) -> Iterator[str]:
    kind, value = block["type"], block["value"]
    if kind in ASKED:
        for name in ASKED[kind]:
            if not _said(value.get(name)):
                yield f"{kind} “{value.get('title') or ''}” has no {name}"
    if kind == "legal_note" and _said(value.get("checked")) > today.isoformat():
        yield f"legal_note “{value.get('title') or ''}” was checked on a day still to come"
    if kind == "figure" or (isinstance(value, Mapping) and value.get("source") and value.get("year")):
        return  # its source and year are printed with it
    for text in _texts(value):
        yield from _unsourced(text)


def _unsourced(text: str) -> Iterator[str]:
    for paragraph in _paragraphs(text):
        if _PERCENTAGE.search(paragraph) and not _SOURCE_WITH_YEAR.search(paragraph):
            shown = paragraph if len(paragraph) <= LONGEST_SHOWN else f"{paragraph[:LONGEST_SHOWN]}…"
            yield f"a percentage without (source, year) in its paragraph: {shown}"


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a piece of HTML, or of plain text, as plain text."""
    for part in _END_OF_PARAGRAPH.split(text):
        if plain := " ".join(html.unescape(_TAG.sub(" ", part)).split()):
            yield plain


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, Iterable):
        for item in value:
            yield from _texts(item)


def _said(value: Any) -> str:
    return "" if value is None else str(value).strip()

"""Words as search compares them, and the piece of a text around what was found. Data in, data out.

A word is a run of letters and digits. Capitals and accents make no difference: 'Coördinator' is 'coordinator'.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.blocks import StreamValue

WORD = re.compile(r"[^\W_]+")
SHOWN = 220  # characters of a text, around what was found
BEFORE = 70  # of which before it


@dataclass(frozen=True)
class Passage:
    """A text of a page; ``anchor`` is its place on the page, "" for what stands above the blocks."""

    text: str
    anchor: str = ""


def passages_of(title: str, summary: str, children: Iterable[StreamValue.StreamChild]) -> list[Passage]:
    """Every text that a reader of a page can come across, from above to below."""
    return [
        Passage(title),
        Passage(summary),
        *(
            Passage(text, f"blok-{child.id}")
            for child in children
            for text in child.block.get_searchable_content(child.value)
        ),
    ]


def search_words(passages: Iterable[Passage]) -> str:
    """All the words of a page, as the search index holds them."""
    return " ".join(word for passage in passages for word in words_of(passage.text))


def folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    return [
        word for match in WORD.finditer(unicodedata.normalize("NFC", text)) for word in WORD.findall(folded(match[0]))
    ]


def best_passage(passages: Iterable[Passage], words: Sequence[str]) -> Passage | None:
    """The first of those in which most of the words begin a word; None when none of them does anywhere."""
    most, best = 0, None
    for passage in passages:
        found = _different_words(passage.text, words)
        if found > most:
            most, best = found, passage
    return best


def has_words(text: str, words: Sequence[str]) -> bool:
    """Whether each of the words begins a word of the text."""
    return _different_words(text, words) == len(set(words))


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text, with ``<mark>`` around what the words begin."""
    text = _tidy(text)
    return _marked(text, _hits(text, words))


def snippet(text: str, words: Sequence[str]) -> SafeString:
    """The part of the text around the first word that was found, marked; dots where something was left out."""
    text = _tidy(text)
    hits = _hits(text, words)
    first = hits[0].start() if hits else 0
    start = _word_start(text, max(first - BEFORE, 0))
    end = _word_end(text, start + SHOWN)
    part = text[start:end]
    return format_html(
        "{}{}{}", "… " if start else "", _marked(part, _hits(part, words)), " …" if end < len(text) else ""
    )


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _different_words(text: str, words: Sequence[str]) -> int:
    there = words_of(text)
    return sum(any(one.startswith(word) for one in there) for word in set(words))


def _hits(text: str, words: Sequence[str]) -> list[re.Match[str]]:
    return [match for match in WORD.finditer(text) if any(one.startswith(tuple(words)) for one in words_of(match[0]))]


def _marked(text: str, hits: Sequence[re.Match[str]]) -> SafeString:
    parts, here = [], 0
    for hit in hits:
        parts.append((text[here : hit.start()], hit[0]))
        here = hit.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), text[here:])


def _word_start(text: str, place: int) -> int:
    """Where the word at ``place`` begins, or the next one when ``place`` is in the middle of a word."""
    if place == 0:
        return 0
    space = text.find(" ", place - 1)
    return place if space == -1 else space + 1


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", 0, place + 1)
    return place if space == -1 else space

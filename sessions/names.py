"""What looks like a name in a lesson that a group wants to keep: the same rules as static/js/names.js, which warns while
somebody types. tests/sessions/names.json holds both to the same answers.

A warning, not a judgement: who reads it decides. So it warns rather once too often.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MAIL = r"[^\s@]+@[^\s@]+\.[^\s@]+"
PHONE = r"\+?[0-9][0-9\s().-]{6,}[0-9]"
#: A number and letters in one word: 3B, H4a, MBO2. What counts or ranks (3e, 2x, 90min) does not.
CLASS = r"(?<![\w-])(?:[0-9]{1,2}[A-Za-z]{1,3}[0-9]?|[A-Za-z]{1,5}-?[0-9]{1,2}[A-Za-z]?)(?![\w-])"
NO_CLASS = frozenset(["e", "de", "ste", "x", "u", "m", "km", "h", "min", "kg"])
LEVELS = frozenset(["A1", "A2", "B1", "B2", "C1", "C2"])
WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
#: What comes before the first word of a sentence, from its end.
BEGINS = re.compile(r"(?:^|[.!?…\n])[\s\"'“”‘’„«»()\[\]–—-]*$")
#: A point that ends no sentence.
SHORTENED = re.compile(r"(?<!\w)(?:dhr|mevr|mw|dr|drs|ir|ing|mr|prof|bijv|bv)\.\s*$", re.IGNORECASE)
_NOBODY = (
    "AI AVG BBL BOL BPV Den Engels Engelse ELBHO Gelijkop HBO Haag Haagse HR I Intervisie MBO MKB Nederland Nederlands "
    "Nederlandse OK PSA ROC SBB SLB TV UWV VMBO WO"
)
#: Capital letters that name nobody.
ALLOWED = frozenset(_NOBODY.split())
#: Parts of names that are words as well.
PARTICLES = frozenset(["aan", "bij", "den", "der", "het", "ten", "ter", "uit", "van", "von"])
SHORTEST = 3


def names_in(text: str, *, people: Iterable[str] = (), organisations: Iterable[str] = ()) -> list[str]:
    """What looks like a name, as it stands in the text, in its order and each once.

    ``people`` and ``organisations`` are names that are known; those are found without capitals too.
    """
    text = unicodedata.normalize("NFC", text)
    found: list[tuple[int, str]] = []
    rest = text
    for pattern in (MAIL, PHONE, CLASS):
        for match in re.finditer(pattern, rest):
            word = match.group()
            if pattern != CLASS or _is_class(word):
                found.append((match.start(), word))
            rest = rest[: match.start()] + " " * len(word) + rest[match.end() :]
    for name in organisations:
        for match in re.finditer(rf"(?<!\w){re.escape(_folded(name))}(?!\w)", _folded(rest)):
            found.append((match.start(), text[match.start() : match.end()]))
            rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
    known = {part for name in people for part in re.findall(WORD, _folded(name)) if _tells(part)}
    for match in re.finditer(WORD, rest):
        before = text[: match.start()]
        begins = BEGINS.search(before) is not None and SHORTENED.search(before) is None
        if _is_known(_folded(match.group()), known) or _is_capital(match.group(), begins):
            found.append((match.start(), match.group()))
    return list(dict.fromkeys(word for _start, word in sorted(found)))


def _is_class(word: str) -> bool:
    letters = re.sub(r"^[0-9]+", "", word)
    return word.upper() not in LEVELS and letters not in NO_CLASS


def _folded(text: str) -> str:
    """Small letters, one for one, so that places stay where they are."""
    return "".join(
        small if len(small := letter.lower()) == 1 else letter for letter in unicodedata.normalize("NFC", text)
    )


def _tells(part: str) -> bool:
    return len(part) >= SHORTEST and part not in PARTICLES


def _is_known(word: str, known: set[str]) -> bool:
    return not known.isdisjoint({word, word.removesuffix("s"), re.sub(r"['’]s?$", "", word)})


def _is_capital(word: str, begins: bool) -> bool:
    parts = word.split("-")
    for number, part in enumerate(parts):
        if part in ALLOWED or not part[:1].isupper():
            continue
        if number == 0 and begins:
            continue
        return True
    return False

"""What participants are asked after a training, what their link and their own code are, and what is shown of the answers.

A pure module: questions and answers in, results out. What is shown says nothing about fewer than five (decision 0045).
"""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core.signing import BadSignature, Signer

from parties.languages import MAIN
from parties.small_groups import HELD_BACK, STEP, Shown, rounded, tells_too_much

SCALE = range(1, 6)
MOST_TEXT = 1000

Values = Mapping[str, Any]

_signer = Signer(salt="sessions.survey", sep=".")


@dataclass(frozen=True)
class Question:
    """``kind``: scale, choice or text. ``text`` and each of ``choices`` hold the words by language."""

    key: str
    kind: str
    text: Mapping[str, str]
    choices: Sequence[Mapping[str, str]] = ()

    def words(self, language: str) -> str:
        return self.text.get(language) or self.text[MAIN]

    def labels(self, language: str) -> list[str]:
        return [choice.get(language) or choice[MAIN] for choice in self.choices]


@dataclass(frozen=True)
class Result:
    """What is shown of one question. Empty but for the question when fewer than five answered it.

    ``mean`` is rounded to half a point, so that not even a five says that everybody gave one. ``texts`` stand in the order
    of the alphabet.
    """

    question: Question
    count: Shown
    mean: float | None = None
    parts: Sequence[Shown] = ()
    texts: Sequence[str] = ()

    @property
    def is_shown(self) -> bool:
        return isinstance(self.count, int)


def token_of(survey_pk: int, respondent_pk: int) -> str:
    """The word in the link of the mail: signed, so it cannot be guessed."""
    return _signer.sign(f"{survey_pk}-{respondent_pk}")


def keys_of(token: str) -> tuple[int, int] | None:
    """The keys of survey and respondent, or None for a word that we did not make."""
    try:
        survey, respondent = _signer.unsign(token).split("-")
        return int(survey), int(respondent)
    except (BadSignature, ValueError):
        return None


def new_code() -> str:
    """What only the browser of who answers keeps, to find their answers back."""
    return secrets.token_urlsafe(32)


def key_of(respondent_pk: int, code: str) -> str:
    """The key of the answers: without the code, which is kept nowhere here, it leads to nobody."""
    return hashlib.sha256(f"{respondent_pk}:{code}".encode()).hexdigest()


def written(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """As a survey keeps them."""
    return [asdict(question) for question in questions]


def read(questions: Iterable[Mapping[str, Any]]) -> list[Question]:
    return [Question(**question) for question in questions]


def results(questions: Iterable[Question], responses: Sequence[Values]) -> list[Result]:
    return [
        _result(question, [values[question.key] for values in responses if question.key in values])
        for question in questions
    ]


def mean(numbers: Sequence[int]) -> float:
    """To half a point, halves up."""
    return math.floor(sum(numbers) / len(numbers) * 2 + 0.5) / 2


def _result(question: Question, answers: Sequence[Any]) -> Result:
    count = rounded(len(answers))
    if len(answers) < STEP:
        return Result(question, count)
    if question.kind == "scale":
        return Result(question, count, mean=mean(answers))
    if question.kind == "choice":
        parts = [answers.count(place) for place in range(len(question.choices))]
        held_back = tells_too_much(len(answers), parts)
        return Result(question, count, parts=[HELD_BACK if held_back else rounded(part) for part in parts])
    return Result(question, count, texts=sorted(answers, key=str.casefold))

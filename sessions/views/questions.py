"""A question before something that reaches others: the page asks, the button does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True, kw_only=True)
class Question:
    """``answer`` is the word on the button; ``back`` is where who does not want it goes."""

    title: str
    text: Sequence[str]
    answer: str
    back: str
    crumbs: Sequence[tuple[str, str]]
    danger: bool = False


def ask(request: HttpRequest, question: Question, error: str = "") -> HttpResponse:
    return render(request, "sessions/question.html", {"question": question, "error": error})

"""The questions of a survey as a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sessions.survey import MOST_TEXT, SCALE, Question, Values

ENDS = {SCALE[0]: _("1: not at all"), SCALE[-1]: _("5: very much")}
CHOOSE = {"invalid_choice": _("Choose one of the answers.")}


class SurveyForm(forms.Form):
    """A field for each question, none of them required; ``answers`` are those that were given."""

    def __init__(
        self, data: Any = None, *, questions: Iterable[Question], language: str, answers: Values | None = None
    ) -> None:
        self.keys = {f"q{place}": question.key for place, question in enumerate(questions, start=1)}
        given = answers or {}
        super().__init__(data, initial={name: given.get(key) for name, key in self.keys.items()})
        for name, question in zip(self.keys, questions, strict=True):
            self.fields[name] = _field(question, language)

    @property
    def answers(self) -> dict[str, Any]:
        return {
            key: self.cleaned_data[name] for name, key in self.keys.items() if self.cleaned_data[name] not in ("", None)
        }


def _field(question: Question, language: str) -> forms.Field:
    label = question.words(language)
    if question.kind == "text":
        return forms.CharField(
            label=label,
            required=False,
            max_length=MOST_TEXT,
            help_text=_("Write no names of people, schools or companies, and nothing by which they can be recognised."),
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"max_length": _("Keep it to %(limit_value)s characters; you have %(show_value)s.")},
        )
    options = (
        [(number, ENDS.get(number, str(number))) for number in SCALE]
        if question.kind == "scale"
        else list(enumerate(question.labels(language)))
    )
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=options,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

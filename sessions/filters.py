"""Which trainings somebody wants to see, as the address says it: what is no choice gets a sentence and filters nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from parties.models import Side
from parties.periods import today
from parties.rules import is_trainer
from sessions.forms import date_field
from sessions.month import FIRST_DAY, LAST_DAY, Month
from sessions.querysets import TrainingQuerySet

MONTH = "maand"
SIDES = {"school": Side.SCHOOL, "werkplek": Side.WORKPLACE}
NO_CHOICE = {"invalid_choice": _("“%(value)s” is not one of the choices, so it filters nothing.")}
TOO_FAR = _("Choose a date from 2020 to 2099.")
WITHIN = [MinValueValidator(FIRST_DAY, TOO_FAR), MaxValueValidator(LAST_DAY, TOO_FAR)]


def _choice(label: Any, *choices: tuple[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", _("all of them")), *choices], required=False, error_messages=NO_CHOICE
    )


class TrainingFilter(forms.Form):
    """Bound to the address of the page with trainings. Each value that is right counts, whatever is wrong with others."""

    weergave = forms.ChoiceField(
        choices=[(MONTH, MONTH)],
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("Trainings stand in a list or in a month. This is the list.")},
    )
    maand = forms.CharField(
        label=_("Month"), required=False, max_length=20, widget=forms.TextInput(attrs={"type": "month"})
    )
    kant = _choice(
        _("Free seats"), ("school", _("with a seat for school")), ("werkplek", _("with a seat for the workplace"))
    )
    voor = _choice(
        _("For whom"),
        ("mij", _("open to people of my workplace")),
        ("besloten", _("only for my party or organisation")),
    )
    vorm = _choice(_("Where"), ("plaats", _("at a place")), ("online", _("online")))
    geeft = _choice(_("Who gives it"), ("ik", _("given by me")))
    van = date_field(label=_("From this day"), required=False, validators=WITHIN)
    tot = date_field(label=_("Up to and including"), required=False, validators=WITHIN)

    #: Which of the fields keep trainings out.
    NARROWS = ("kant", "voor", "vorm", "geeft", "van", "tot")

    def __init__(self, data: Any, *, person: Any) -> None:
        super().__init__(data)
        self.person = person
        self.refused: list[Any] = []
        if not person.is_authenticated:
            self._take_out("voor", _("Sign in to see which trainings are for you."))
        if not (person.is_authenticated and is_trainer(person)):
            self._take_out("geeft", _("Only trainers can ask which trainings they give."))
        self.full_clean()

    def _take_out(self, name: str, sentence: Any) -> None:
        del self.fields[name]
        if self.data.get(name):
            self.refused.append(sentence)

    def clean_maand(self) -> Month | None:
        text = self.cleaned_data["maand"]
        month = Month.named(text)
        if text and month is None and self.cleaned_data.get("weergave"):
            raise ValidationError(
                _("“%(text)s” is no month that we can show. Choose one from 2020 to 2099, for example 2027-01."),
                params={"text": text},
            )
        return month

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("van") and data.get("tot") and data["tot"] < data["van"]:
            self.add_error("tot", _("This day is before the first one. Choose a later one."))
        for sentence in self.refused:
            self.add_error(None, sentence)
        return data

    @property
    def is_month(self) -> bool:
        return self.cleaned_data.get("weergave") == MONTH

    @property
    def month(self) -> Month:
        """The month to show: the one that was asked, else that of the first day of the period, else this one."""
        data = self.cleaned_data
        return data.get("maand") or Month.of(data.get("van") or today())

    def shown(self) -> list[Any]:
        """The fields to fill in; in the list the month only goes along."""
        return [
            self[name] for name in (MONTH, *self.NARROWS) if name in self.fields and (name != MONTH or self.is_month)
        ]

    def going_along(self) -> list[tuple[str, str]]:
        """(name, value) of what the form keeps without showing it."""
        view = [("weergave", MONTH)] if self.is_month else []
        month = self.cleaned_data.get(MONTH)
        return view if self.is_month or month is None else [(MONTH, str(month))]

    def in_words(self) -> list[tuple[str, str]]:
        """(name, "Free seats: with a seat for school") of each filter that is on."""
        words = []
        for name in self.NARROWS:
            value = self.cleaned_data.get(name)
            if value:
                field = self.fields[name]
                said = dict(field.choices)[value] if hasattr(field, "choices") else date_format(value, "DATE_FORMAT")
                words.append((name, f"{field.label}: {said}"))
        return words

    def keeps(self, trainings: TrainingQuerySet) -> TrainingQuerySet:
        """Those of ``trainings``, which has ``with_seats_taken``, that fit."""
        data = self.cleaned_data
        if data.get("kant"):
            trainings = trainings.with_a_seat_for(SIDES[data["kant"]], today())
        if data.get("voor"):
            trainings = trainings.open_to(self.person)
        if data.get("voor") == "besloten":
            trainings = trainings.filter(audience="chosen")
        if data.get("vorm") == "plaats":
            trainings = trainings.at_a_place()
        elif data.get("vorm"):
            trainings = trainings.online()
        if data.get("geeft"):
            trainings = trainings.given_by(self.person)
        if data.get("van") or data.get("tot"):
            trainings = trainings.with_a_meeting_on(data.get("van"), data.get("tot"))
        return trainings

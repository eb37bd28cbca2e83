from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commitments.actions.commitments import Promise
from commitments.models import Commitment, Evidence
from commitments.trained import NOT_TRAINED, Status
from parties.models import Department, Membership
from parties.periods import today

#: Long before the manifest; a chart has room for the months before it.
EARLIEST = dt.date(2000, 1, 1)

#: As many as HR signs up for one training at once.
MOST_AT_ONCE = 50

#: More people than a party can promise.
MOST = 1_000_000


def date_field(**options: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a date."), "invalid": _("Fill in a date such as 30-06-2026.")},
        **options,
    )


def number_field(*, example: int, **options: Any) -> forms.IntegerField:
    invalid = format_lazy(_("Fill in a whole number, for example {example}."), example=example)
    return forms.IntegerField(
        min_value=0,
        max_value=MOST,
        error_messages={
            "required": invalid,
            "invalid": invalid,
            "min_value": _("Fill in 0 or more."),
            "max_value": _("Fill in at most %(limit_value)s."),
        },
        **options,
    )


class DayForm(forms.Form):
    """Another day than today: ``?datum=2026-06-30``."""

    datum = date_field(label=_("Show another date"), required=False)

    def clean_datum(self) -> dt.date | None:
        day = self.cleaned_data["datum"]
        if day and day > today():
            raise forms.ValidationError(_("Choose a date that is not in the future."))
        if day and day < EARLIEST:
            raise forms.ValidationError(_("Choose a date in this century."))
        return day


class PromiseForm(forms.ModelForm):
    since = date_field(label=_("From when?"))
    due = date_field(label=_("By when?"))
    target = number_field(
        label=_("Own target"),
        help_text=_("You set this yourself; the manifest names no numbers. Leave it empty when there is no number."),
        example=60,
        required=False,
    )
    baseline = number_field(
        label=_("Where you began"),
        help_text=_("The number when you started. Leave it at 0 when there was none."),
        example=0,
        initial=0,
        required=False,
    )
    denominator = number_field(
        label=_("Of how many?"),
        help_text=_("For example: how many people of yours supervise interns."),
        example=400,
        required=False,
    )
    denominator_date = date_field(label=_("Date of that number"), required=False)

    class Meta:
        model = Commitment
        fields = [field.name for field in fields(Promise)]
        labels = {
            "title": _("What do you promise?"),
            "metric": _("What counts?"),
            "unit": _("Word after the number"),
            "owner": _("Who sees to it"),
            "status": _("State"),
            "status_reason": _("Reason for the adjustment"),
            "denominator_source": _("Where does that number come from?"),
            "denominator_estimated": _("This number is an estimate"),
        }
        help_texts = {
            "metric": _("What the platform counts goes by itself. For the rest you add evidence."),
            "unit": _("For example: people, hours, contributions."),
            "status_reason": _("Only when the state is “Adjusted”. Everybody can read it."),
            "owner": _("A function or a team. Everybody can read it."),
        }
        error_messages = {
            "title": {"required": _("Say in one sentence what you promise.")},
            "metric": {"required": _("Choose what counts.")},
            "unit": {"required": _("Fill in a word, for example: people.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        metric = self.fields["metric"]
        metric.choices = [("", _("Choose")), *Commitment.Metric.choices]  # type: ignore[attr-defined]

    def clean_baseline(self) -> int:
        return self.cleaned_data["baseline"] or 0

    def _post_clean(self) -> None:
        """The action checks and writes; here only what was typed is read."""

    def promise(self) -> Promise:
        return Promise(**{field.name: self.cleaned_data[field.name] for field in fields(Promise)})


class EvidenceForm(forms.ModelForm):
    date = date_field(label=_("Date"))
    amount = number_field(label=_("For how many does it count?"), example=1)
    link = forms.URLField(
        label=_("Link"),
        help_text=_("To a page that everybody may open. You can leave it empty."),
        error_messages={"invalid": _("Fill in a full address, such as https://example.nl.")},
        assume_scheme="https",
        max_length=200,
        required=False,
    )

    class Meta:
        model = Evidence
        fields = ["title", "date", "amount"]
        labels = {"title": _("What does it show?")}
        help_texts = {"title": _("Everybody can read this. Name no people.")}
        error_messages = {
            "title": {"required": _("Say what it shows.")},
        }

    def _post_clean(self) -> None:
        """The action checks and writes; here only what was typed is read."""


class PeopleFilter(forms.Form):
    """The filters of HR's list, in the address."""

    zoek = forms.CharField(
        label=_("Search by name"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    afdeling = forms.ModelChoiceField(
        Department.objects.none(), label=_("Department"), required=False, empty_label=_("All departments")
    )
    status = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["afdeling"].queryset = departments  # type: ignore[attr-defined]
        self.fields["status"].choices = [
            ("", _("All states")),
            (NOT_TRAINED, _("Everybody who is not trained")),
            *Status.choices,
        ]  # type: ignore[attr-defined]


class SignUpForm(forms.Form):
    """Whom HR signs up: of ``people``, those ``shown`` on the page."""

    people = forms.MultipleChoiceField(
        label=_("Who comes?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one person."),
            "invalid_choice": _("One of these people is registered already, or no longer works here. Choose again."),
        },
    )
    together = forms.BooleanField(
        label=_("They come as one group: all of them get a seat, or all of them wait"), required=False
    )

    def __init__(self, *args: Any, people: QuerySet[Any], shown: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = people
        self.fields["people"].choices = [(str(one.pk), f"{one.shown_name} ({one.get_side_display()})") for one in shown]

    def clean_people(self) -> list[Membership]:
        chosen = [int(key) for key in self.cleaned_data["people"]]
        if len(chosen) > MOST_AT_ONCE:
            raise forms.ValidationError(_("Choose at most %(most)s people at once.") % {"most": MOST_AT_ONCE})
        return list(self.people.filter(pk__in=chosen).order_by("shown_name", "pk"))

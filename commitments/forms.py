from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.actions.commitments import Promise
from commitments.models import Commitment, Evidence
from commitments.trained import NOT_TRAINED, Status
from parties.models import Department
from parties.periods import today


def date_field(**options: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a date."), "invalid": _("Fill in a date such as 30-06-2026.")},
        **options,
    )


class DayForm(forms.Form):
    """Another day than today: ``?datum=2026-06-30``."""

    datum = date_field(label=_("Show another date"), required=False)

    def clean_datum(self) -> Any:
        day = self.cleaned_data["datum"]
        if day and day > today():
            raise forms.ValidationError(_("Choose a date that is not in the future."))
        return day


class PromiseForm(forms.ModelForm):
    since = date_field(label=_("From when?"))
    due = date_field(label=_("By when?"))
    denominator_date = date_field(label=_("Date of that number"), required=False)

    class Meta:
        model = Commitment
        fields = [field.name for field in fields(Promise)]
        labels = {
            "title": _("What do you promise?"),
            "metric": _("What counts?"),
            "unit": _("Word after the number"),
            "baseline": _("Where you began"),
            "target": _("Own target"),
            "owner": _("Who sees to it"),
            "status": _("State"),
            "status_reason": _("Reason for the adjustment"),
            "denominator": _("Of how many?"),
            "denominator_source": _("Where does that number come from?"),
            "denominator_estimated": _("This number is an estimate"),
        }
        help_texts = {
            "metric": _("What the platform counts goes by itself. For the rest you add evidence."),
            "unit": _("For example: people, hours, contributions."),
            "target": _(
                "You set this yourself; the manifest names no numbers. Leave it empty when there is no number."
            ),
            "baseline": _("The number when you started. Leave it at 0 when there was none."),
            "status_reason": _("Only when the state is “Adjusted”. Everybody can read it."),
            "owner": _("A function or a team. Everybody can read it."),
            "denominator": _("For example: how many people of yours supervise interns."),
        }
        error_messages = {
            "title": {"required": _("Say in one sentence what you promise.")},
            "metric": {"required": _("Choose what counts.")},
            "unit": {"required": _("Fill in a word, for example: people.")},
            "target": {"invalid": _("Fill in a whole number, for example 60.")},
            "baseline": {"invalid": _("Fill in a whole number, for example 0.")},
            "denominator": {"invalid": _("Fill in a whole number, for example 400.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["baseline"].required = False
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
        labels = {"title": _("What does it show?"), "amount": _("For how many does it count?")}
        help_texts = {"title": _("Everybody can read this. Name no people.")}
        error_messages = {
            "title": {"required": _("Say what it shows.")},
            "amount": {
                "required": _("Fill in a whole number, for example 1."),
                "invalid": _("Fill in a whole number, for example 1."),
            },
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

"""What is kept of a conversation, as members fill it in: shapes and sentences, no rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sessions.forms import NUMBER_ERRORS
from sessions.models import Conversation, IntervisionMethod

NO_MINUTES = {
    name: _("Fill in how many minutes you talked, for example 75.") for name in ("required", "invalid", "min_value")
}


class PresenceForm(forms.Form):
    """Who was there and how; every member fills in their own."""

    people = forms.MultipleChoiceField(
        label=_("Who was there?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick who was there: at least one member of this group.")},
    )
    method = forms.ChoiceField(
        label=_("With which method?"), error_messages={"required": _("Choose the method that you used.")}
    )
    minutes = forms.IntegerField(
        label=_("How many minutes, without breaks?"),
        min_value=1,
        error_messages=NUMBER_ERRORS | NO_MINUTES,
    )
    theme = forms.ChoiceField(
        label=_("What was it about? (not required)"),
        required=False,
        help_text=_(
            "Only when you were with five or more. We count it over all groups together, never beside the name of yours."
        ),
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[int, str]],
        methods: Sequence[IntervisionMethod],
        most_minutes: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "presence-%s", **kwargs})
        self.methods = {method.key: method for method in methods}
        field: Any = self.fields["people"]
        field.choices = [(str(key), name) for key, name in people]
        field = self.fields["method"]
        field.choices = [("", _("Choose a method")), *((method.key, method.name) for method in methods)]
        field = self.fields["theme"]
        field.choices = [("", _("No theme")), *Conversation.Theme.choices]
        self.most_minutes = most_minutes
        self.fields["minutes"].help_text = _("From 1 to %(most)s: the meeting without its breaks.") % {
            "most": most_minutes
        }

    def clean_minutes(self) -> int:
        minutes: int = self.cleaned_data["minutes"]
        if minutes > self.most_minutes:
            raise ValidationError(
                _("Fill in a number of minutes from 1 to %(most)s.") % {"most": self.most_minutes}, code="max_value"
            )
        return minutes

    def values(self) -> dict[str, Any]:
        """What ``presence_confirm`` asks for."""
        cleaned = self.cleaned_data
        return {
            "people": [int(key) for key in cleaned["people"]],
            "method": self.methods[cleaned["method"]],
            "minutes": cleaned["minutes"],
            "theme": cleaned["theme"],
        }


class LessonForm(forms.Form):
    text = forms.CharField(
        label=_("One lesson that can travel"),
        help_text=_("At most 280 characters. No names, no company, no school, no class, no day."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": _("Write one lesson first.")},
    )
    checked = forms.BooleanField(label=_("There is no name in it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "lesson-%s", **kwargs})

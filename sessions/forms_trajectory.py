"""What a facilitator fills in to have a series of meetings proposed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parties.periods import today
from sessions.forms import FURTHEST_COPY, date_field, time_field
from sessions.models import IntervisionGroup
from sessions.rhythm import CONVERSATIONS, WEEKS, Rhythm

#: When a part of the day begins where the group chose one.
STARTS = {"morning": dt.time(9, 30), "afternoon": dt.time(13, 0), "late": dt.time(15, 30)}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


class RhythmForm(forms.Form):
    """Read from the address, so that a proposal can be looked at again."""

    first = date_field(label=_("Day of the kick-off"), help_text=_("The other meetings fall on the same weekday."))
    starts = time_field(label=_("From"))
    weeks = forms.TypedChoiceField(
        label=_("Weeks between two meetings"), choices=[(weeks, weeks) for weeks in WEEKS], coerce=int
    )
    conversations = forms.TypedChoiceField(
        label=_("Meetings after the kick-off"), choices=[(count, count) for count in CONVERSATIONS], coerce=int
    )
    harvest = forms.BooleanField(label=_("A closing meeting of 60 minutes, for the harvest"), required=False)
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        required=False,
        help_text=_("Address and room, and how to get in without steps."),
    )
    link = forms.URLField(
        label=_("Link, when it is online"),
        required=False,
        assume_scheme="https",
        help_text=_("Only the members and you get to see it."),
        error_messages={"invalid": _("Fill in a whole address, such as https://meet.example.nl/kamer.")},
    )

    def clean_first(self) -> dt.date:
        day = self.cleaned_data["first"]
        if day <= today():
            raise ValidationError(_("Choose a day after today."))
        if day > today() + FURTHEST_COPY:
            raise ValidationError(_("Choose a day within three years."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data["place"].strip() and not data["link"].strip():
            self.add_error("place", _("Fill in a place, or a link when it is online."))
        return data

    def rhythm(self) -> Rhythm:
        return Rhythm(**self.cleaned_data)

    @staticmethod
    def initial_of(group: IntervisionGroup) -> dict[str, Any]:
        """Two weeks from now, on the weekday and at the hour that the group chose."""
        day = today() + dt.timedelta(weeks=2)
        weekday, _dash, part = group.slot.partition("-")
        if weekday in WEEKDAYS:
            day += dt.timedelta(days=(WEEKDAYS.index(weekday) - day.weekday()) % 7)
        return {
            "first": day,
            "starts": STARTS.get(part, STARTS["late"]),
            "weeks": WEEKS[0],
            "conversations": CONVERSATIONS[0],
            "harvest": True,
            "place": group.place.name if group.place else "",
        }

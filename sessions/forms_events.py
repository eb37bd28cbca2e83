"""What people fill in about network events: shapes and sentences, no rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parties.clean import as_typed
from parties.models import Membership, Organisation, Party, Side
from sessions.actions.event_registrations import Guest
from sessions.event_plan import EventPlan
from sessions.forms import date_field, deadline_of, time_field
from sessions.models import NetworkEvent
from sessions.plan import MOST_SEATS, MeetingPlan

NAME_ERRORS = {"required": _("Fill in a name.")}
ADDRESS_ERRORS = {
    "required": _("Fill in a mail address."),
    "invalid": _("Fill in a mail address such as naam@school.nl."),
}

#: Where somebody comes from: the party, and what of theirs belongs to it.
Origin = tuple[Party, Membership]
Workplace = tuple[Party, Organisation]


class EventForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=NetworkEvent.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is.")},
    )
    title = forms.CharField(label=_("Title"), max_length=150, error_messages={"required": _("Fill in a title.")})
    description = forms.CharField(
        label=_("What is it about, and for whom?"),
        help_text=_(
            "Empty lines make paragraphs. You may use simple HTML: p, h3, ul, li, strong, em and links. Everybody can read it."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        max_length=20000,
    )
    host = forms.ModelChoiceField(
        label=_("Which party is the host?"),
        help_text=_("The coordinators of this party run the meeting, together with the network coordinator."),
        queryset=Party.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose a party.")},
    )
    seats_a_party = forms.IntegerField(
        label=_("Seats for each party"),
        help_text=_("Empty: as many as want to come."),
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        error_messages={
            "invalid": _("Fill in a number, for example 6."),
            "min_value": _("Give each party at least one seat, or leave it empty."),
            "max_value": _("Fill in at most %(limit_value)s."),
        },
    )
    closes_date = date_field(
        label=_("Registration closes on"), help_text=_("Empty: when the first meeting starts."), required=False
    )
    closes_time = time_field(label=_("At what time"), help_text=_("Empty: at the end of the day."), required=False)
    reply_to = forms.EmailField(
        label=_("Mail address for questions"),
        help_text=_("Participants see this address, and their answers go to it."),
        error_messages=ADDRESS_ERRORS,
    )

    def __init__(self, *args: Any, hosts: Iterable[Party], **kwargs: Any) -> None:
        """``hosts``: the parties of which this person may plan a meeting."""
        super().__init__(*args, **kwargs)
        keys = [party.pk for party in hosts]
        host = cast(forms.ModelChoiceField, self.fields["host"])
        host.queryset = Party.objects.filter(pk__in=keys)
        if len(keys) == 1:
            host.initial = keys[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["registration_closes_at"] = deadline_of(self, data, "closes")
        return data

    @staticmethod
    def initial_of(plan: EventPlan) -> dict[str, Any]:
        closes = plan.registration_closes_at and timezone.localtime(plan.registration_closes_at)
        return {
            **{name: value for name, value in vars(plan).items() if name in EventForm.base_fields},
            "description": as_typed(plan.description),
            "host": plan.host.pk,
            "closes_date": closes and closes.date(),
            "closes_time": closes and closes.time(),
        }

    def plan(self, meetings: tuple[MeetingPlan, ...]) -> EventPlan:
        names = [name for name in EventPlan.__dataclass_fields__ if name != "meetings"]
        return EventPlan(meetings=meetings, **{name: self.cleaned_data[name] for name in names})


class EventRegisterForm(forms.Form):
    """For oneself: from where one comes, and a name for the list from who has none yet."""

    origin = forms.TypedChoiceField(
        label=_("For which party do you come?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for which party you come.")},
    )
    name = forms.CharField(label=_("Your name, as it stands on the list"), max_length=150, error_messages=NAME_ERRORS)

    def __init__(self, *args: Any, origins: Sequence[Origin], named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.origins = {f"{party.pk}-{membership.pk}": (party, membership) for party, membership in origins}
        origin = cast(forms.TypedChoiceField, self.fields["origin"])
        origin.choices = [
            (key, f"{party} ({membership.organisation}, {membership.get_side_display()})")
            for key, (party, membership) in self.origins.items()
        ]
        origin.coerce = self.origins.__getitem__
        if named:
            del self.fields["name"]


class GuestForm(forms.Form):
    """Somebody whom the coordinator of a party registers."""

    name = forms.CharField(label=_("Name"), max_length=150, error_messages=NAME_ERRORS)
    address = forms.EmailField(label=_("Mail address"), error_messages=ADDRESS_ERRORS)
    workplace = forms.TypedChoiceField(
        label=_("Where do they work?"), error_messages={"required": _("Choose an organisation.")}
    )
    side = forms.ChoiceField(
        label=_("From which side do they come?"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a side.")},
    )

    def __init__(self, *args: Any, workplaces: Sequence[Workplace], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workplaces = {f"{party.pk}-{organisation.pk}": (party, organisation) for party, organisation in workplaces}
        several = len({party.pk for party, _organisation in workplaces}) > 1
        choices = [
            (key, f"{organisation} ({party})" if several else str(organisation))
            for key, (party, organisation) in self.workplaces.items()
        ]
        workplace = cast(forms.TypedChoiceField, self.fields["workplace"])
        workplace.choices = choices if len(choices) == 1 else [("", _("Choose…")), *choices]
        workplace.coerce = self.workplaces.__getitem__

    @property
    def party(self) -> Party:
        return self.cleaned_data["workplace"][0]

    def guest(self) -> Guest:
        data = self.cleaned_data
        return Guest(name=data["name"], address=data["address"], organisation=data["workplace"][1], side=data["side"])

"""What people fill in about trainings: shapes and sentences, no rules."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parties.clean import as_typed
from parties.models import Membership, Organisation, Party, Person
from parties.periods import covers, today
from sessions.agreements import AGREEMENTS, VERSION
from sessions.models import Attendance, Training
from sessions.plan import MOST_OFFER_HOURS, MOST_SEATS, MeetingPlan, TrainingPlan

MOST_ADDED = 50
FURTHEST_COPY = dt.timedelta(days=3 * 366)
DATE_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]
TIME_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]
DATE_ERRORS = {"required": _("Fill in a date."), "invalid": _("Fill in a date, for example 14-01-2027.")}
TIME_ERRORS = {"required": _("Fill in a time."), "invalid": _("Fill in a time, for example 13.00.")}
NUMBER_ERRORS = {
    "required": _("Fill in a number, for example 6."),
    "invalid": _("Fill in a number, for example 6."),
    "min_value": _("Fill in 0 or more."),
    "max_value": _("Fill in at most %(limit_value)s."),
}


ALL_NEEDED = _("Tick every agreement. Is there one that you cannot keep? Then talk with the facilitator first.")

#: Fields for a date and a time, and the moment of the plan that they make.
DEADLINES = {"closes": "registration_closes_at", "cancels": "cancellation_closes_at"}
CHOICES_OF_ROWS = ("trainers", "parties", "organisations")


def date_field(**options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(input_formats=DATE_FORMATS, widget=widget, error_messages=DATE_ERRORS, **options)


def time_field(**options: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(input_formats=TIME_FORMATS, widget=widget, error_messages=TIME_ERRORS, **options)


def number_field(**options: Any) -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=MOST_SEATS, error_messages=NUMBER_ERRORS, **options)


class TrainingForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=150, error_messages={"required": _("Fill in a title.")})
    description = forms.CharField(
        label=_("What is it about, and what do you learn?"),
        help_text=_(
            "Say also what people bring. Empty lines make paragraphs. You may use simple HTML: p, h3, ul, li, strong, em"
            " and links."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        max_length=20000,
    )
    seats_school = number_field(label=_("Seats for school"))
    seats_workplace = number_field(label=_("Seats for the workplace"))
    minimum_school = number_field(
        label=_("At least from school"), help_text=_("Only a warning for you; nobody is refused for it."), initial=0
    )
    minimum_workplace = number_field(label=_("At least from the workplace"), initial=0)
    release_on = date_field(
        label=_("Empty seats are for everyone from"),
        help_text=_("From this day the seats of both sides are one pool. Leave it empty to keep them apart."),
        required=False,
    )
    closes_date = date_field(
        label=_("Registration closes on"), help_text=_("Empty: when the first meeting starts."), required=False
    )
    closes_time = time_field(label=_("At what time"), help_text=_("Empty: at the end of the day."), required=False)
    cancels_date = date_field(
        label=_("People can give up their seat until"),
        help_text=_("Empty: until the first meeting starts. After that only you take somebody off."),
        required=False,
    )
    cancels_time = time_field(label=_("At what time"), help_text=_("Empty: at the end of the day."), required=False)
    offer_hours = forms.IntegerField(
        label=_("Hours to accept a seat that came free"),
        help_text=_("Empty: who is first on the waiting list has the seat at once, without being asked."),
        required=False,
        min_value=1,
        max_value=MOST_OFFER_HOURS,
        error_messages={
            "invalid": _("Fill in a number of hours, for example 48."),
            "min_value": _("Give people at least 1 hour, or leave it empty."),
            "max_value": _("Give people at most %(limit_value)s hours, which is 14 days."),
        },
    )
    audience = forms.ChoiceField(
        label=_("For whom is it?"),
        choices=Training.Audience.choices,
        initial=Training.Audience.OPEN,
        widget=forms.RadioSelect,
        required=False,
    )
    parties = forms.ModelMultipleChoiceField(
        label=_("Parties"), queryset=Party.objects.all(), widget=forms.CheckboxSelectMultiple, required=False
    )
    organisations = forms.ModelMultipleChoiceField(
        label=_("Organisations"),
        queryset=Organisation.objects.order_by("name", "pk"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    trainers = forms.ModelMultipleChoiceField(
        label=_("Trainers"),
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one trainer.")},
    )
    reply_to = forms.EmailField(
        label=_("Mail address for questions"),
        help_text=_("Participants see this address, and their answers go to it."),
        error_messages={
            "required": _("Fill in a mail address."),
            "invalid": _("Fill in a mail address such as naam@school.nl."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trainers = Person.objects.filter(covers(today(), "roles__"), roles__kind="trainer", is_active=True)
        self.fields["trainers"].queryset = trainers.distinct().order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for prefix, name in DEADLINES.items():
            data[name] = deadline_of(self, data, prefix)
        data["audience"] = data.get("audience") or Training.Audience.OPEN
        return data

    @staticmethod
    def initial_of(plan: TrainingPlan) -> dict[str, Any]:
        initial = {name: value for name, value in vars(plan).items() if name in TrainingForm.base_fields}
        initial["description"] = as_typed(plan.description)
        for name in CHOICES_OF_ROWS:
            initial[name] = [row.pk for row in getattr(plan, name)]
        for prefix, name in DEADLINES.items():
            moment = getattr(plan, name) and timezone.localtime(getattr(plan, name))
            initial |= {f"{prefix}_date": moment and moment.date(), f"{prefix}_time": moment and moment.time()}
        return initial

    def plan(self, meetings: tuple[MeetingPlan, ...]) -> TrainingPlan:
        data = self.cleaned_data
        rows = {name: tuple(data[name]) for name in CHOICES_OF_ROWS}
        if data["audience"] == Training.Audience.OPEN:
            rows |= {"parties": (), "organisations": ()}
        names = [name for name in TrainingPlan.__dataclass_fields__ if name not in ("meetings", *CHOICES_OF_ROWS)]
        return TrainingPlan(meetings=meetings, **rows, **{name: data[name] for name in names})


class MeetingForm(forms.Form):
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    date = date_field(label=_("Date"))
    starts = time_field(label=_("From"))
    ends = time_field(label=_("Until"))
    break_minutes = number_field(label=_("Break, in minutes"), initial=0)
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
        help_text=_("Only who has a seat gets to see it."),
        error_messages={"invalid": _("Fill in a whole address, such as https://meet.example.nl/kamer.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day = data.get("date")
        if day and data.get("starts") and data.get("ends"):
            data["starts_at"] = _moment(self, "starts", day, data["starts"])
            data["ends_at"] = _moment(self, "ends", day, data["ends"])
            is_new_time = not data.get("key") or {"date", "starts"} & set(self.changed_data)
            if data["starts_at"] and data["starts_at"] <= timezone.now() and is_new_time:
                self.add_error("date", _("This moment has passed already. Choose a later one."))
        return data

    @staticmethod
    def initial_of(meeting: MeetingPlan) -> dict[str, Any]:
        starts, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
        return {
            "key": meeting.key,
            "date": starts.date(),
            "starts": starts.time(),
            "ends": ends.time(),
            "break_minutes": meeting.break_minutes,
            "place": meeting.place,
            "link": meeting.link,
        }

    def plan(self) -> MeetingPlan:
        names = ("key", "starts_at", "ends_at", "break_minutes", "place", "link")
        return MeetingPlan(**{name: self.cleaned_data[name] for name in names})


class CopyForm(forms.Form):
    vanaf = date_field(
        label=_("On or after which day does the copy begin?"),
        help_text=_("The first meeting falls on its own weekday: on this day, or on the first such day after it."),
    )

    def clean_vanaf(self) -> dt.date:
        day = self.cleaned_data["vanaf"]
        if day < today():
            raise ValidationError(_("This day has passed already. Choose a later one."))
        if day > today() + FURTHEST_COPY:
            raise ValidationError(_("Choose a day within three years."))
        return day


class RegisterForm(forms.Form):
    """For who works at several places; with one there is nothing to choose."""

    membership = forms.ModelChoiceField(
        label=_("For which workplace do you come?"),
        queryset=Membership.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose for which workplace you come.")},
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["membership"]
        field.queryset = (
            person.memberships.current().select_related("organisation").order_by("organisation__name", "pk")
        )
        field.label_from_instance = lambda membership: f"{membership.organisation} ({membership.get_side_display()})"


class AgreementsForm(forms.Form):
    """Every agreement with a box of its own; all of them are needed."""

    version = forms.IntegerField(initial=VERSION, widget=forms.HiddenInput)
    agreements = forms.MultipleChoiceField(
        label=_("I agree to this"),
        choices=AGREEMENTS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": ALL_NEEDED},
    )

    def clean_agreements(self) -> list[str]:
        ticked = self.cleaned_data["agreements"]
        if set(ticked) != {key for key, _sentence in AGREEMENTS}:
            raise ValidationError(ALL_NEEDED)
        return ticked


class NeedsForm(forms.Form):
    """What somebody needs in order to take part; nobody has to say so."""

    needs = forms.CharField(
        label=_("What do you need to take part? (optional)"),
        help_text=_(
            "For example a place for a wheelchair, an interpreter, or food without nuts. Only the trainers of this training "
            "read it. We delete it four weeks after the last meeting, and at once when you unregister."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=500,
        error_messages={"max_length": _("Keep it to 500 characters; you have %(show_value)s.")},
    )


class AddForm(forms.Form):
    address = forms.CharField(
        label=_("Mail address of who you want to add"),
        help_text=_("Several people? Put each address on a line of its own."),
        widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "none", "spellcheck": "false"}),
        max_length=5000,
        error_messages={"required": _("Fill in a mail address.")},
    )
    together = forms.BooleanField(
        label=_("They come as one group: all of them get a seat, or all of them wait"), required=False
    )

    def clean_address(self) -> list[str]:
        """Each address once, in the order in which they were typed."""
        addresses = list(dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data["address"].strip())))
        if len(addresses) > MOST_ADDED:
            raise ValidationError(_("Add at most %(most)s people at once.") % {"most": MOST_ADDED})
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                if len(addresses) == 1:
                    raise ValidationError(_("Fill in a mail address such as naam@school.nl.")) from None
                raise ValidationError(
                    _("“%(address)s” is no mail address. Fill in one such as naam@school.nl.") % {"address": address}
                ) from None
        return addresses


class MessageForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=150, error_messages={"required": _("Fill in a subject.")})
    body = forms.CharField(
        label=_("Message"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=10000,
        error_messages={"required": _("Write a message.")},
    )
    to_waiting = forms.BooleanField(label=_("Also to people on the waiting list"), required=False)


class AttendanceForm(forms.Form):
    """One person of the list."""

    state = forms.ChoiceField(
        choices=Attendance.State.choices,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the words.")},
    )
    minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=24 * 60,
        error_messages={
            "invalid": _("Fill in a number of minutes, for example 120."),
            "min_value": _("Fill in at least 1 minute."),
            "max_value": _("Fill in at most %(limit_value)s."),
        },
    )


class CheckInForm(forms.Form):
    code = forms.CharField(
        label=_("Code on the screen"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code-input"}),
        error_messages={"required": _("Fill in the six digits that are on the screen.")},
    )


class MaterialForm(forms.Form):
    file = forms.FileField(label=_("File"), error_messages={"required": _("Choose a file.")})
    title = forms.CharField(
        label=_("Name for participants"), max_length=100, required=False, help_text=_("Empty: the name of the file.")
    )


def deadline_of(form: forms.Form, data: dict[str, Any], prefix: str) -> dt.datetime | None:
    """The moment that the fields ``<prefix>_date`` and ``<prefix>_time`` make; without a time the end of that day."""
    day, hour = data.get(f"{prefix}_date"), data.get(f"{prefix}_time")
    if hour and not day and f"{prefix}_date" not in form.errors:
        form.add_error(f"{prefix}_date", _("Fill in a date with this time."))
    if not day or f"{prefix}_time" in form.errors:
        return None
    return _moment(form, f"{prefix}_time", day, hour or dt.time(23, 59))


def _moment(form: forms.Form, field: str, day: dt.date, hour: dt.time) -> dt.datetime | None:
    """In Europe/Amsterdam; an hour that the clock skips or passes twice that day is refused in words."""
    try:
        return from_current_timezone(dt.datetime.combine(day, hour))
    except ValidationError:
        form.add_error(field, _("The clock changes at this hour of that day. Choose another time."))
        return None

"""/stijl/: every component in every state, for who builds pages. Demo only."""

import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.views.style_exercises import exercise_states
from courses.blocks import LessonBody

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
COLOURS = [
    "accent",
    "soft",
    "stage",
    "school",
    "school-soft",
    "werk",
    "werk-soft",
    "ink",
    "muted",
    "edge",
    "line",
    "sunken",
    "ground",
    "surface",
]

TO_READ = ["legal_note", "by_side", "video", "download"]


class StyleForm(forms.Form):
    """One field for every kind of widget."""

    name = forms.CharField(
        label=_("Name"),
        error_messages={"required": _("Fill in your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    job_title = forms.CharField(label=_("Job title"), help_text=_("As on your business card."), required=False)
    email = forms.EmailField(label=_("E-mail address"), disabled=True, initial="sevgi@vanvliet.example")
    seats = forms.IntegerField(
        label=_("Seats for school"),
        help_text=_("At least 1."),
        min_value=1,
        error_messages={"invalid": _("Fill in a number, for example 6.")},
    )
    day = forms.DateField(
        label=_("Date"),
        error_messages={"required": _("Choose a date.")},
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    side = forms.ChoiceField(label=_("Side"), choices=[("school", _("School")), ("workplace", _("Workplace"))])
    answer = forms.ChoiceField(
        label=_("Are you coming?"),
        choices=[("yes", _("Yes, I am coming")), ("maybe", _("Maybe")), ("no", _("No, I cannot"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you are coming.")},
    )
    needs = forms.MultipleChoiceField(
        label=_("What do you need?"),
        choices=[("front", _("A seat in front")), ("interpreter", _("An interpreter"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only the trainer sees this."),
        error_messages={"required": _("Choose at least one.")},
    )
    notes = forms.CharField(label=_("What else?"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    file = forms.FileField(label=_("List"), help_text=_("An Excel file or CSV."), required=False)
    code = forms.CharField(
        label=_("Code of 6 digits"),
        required=False,
        widget=forms.TextInput(attrs={"class": "code-input", "inputmode": "numeric"}),
    )
    agree = forms.BooleanField(
        label=_("I keep to the agreements"), error_messages={"required": _("Tick this to go on.")}
    )


def style_view(request: HttpRequest) -> HttpResponse:
    """The page of components, with made-up people and numbers."""
    typed = {"name": "", "job_title": "Praktijkopleider", "seats": "zes", "day": "", "side": "school"}
    bound = StyleForm({f"wrong-{name}": value for name, value in typed.items()}, prefix="wrong")
    bound.add_error(None, _("Two trainings are on the same day. Choose another date, or another trainer."))
    months = [datetime.date(2026, month, 1) for month in range(1, 12)]
    trained = [38, 44, 57, 61, 70, 84, 86, 86, 97, 121, 142]
    jointly = [12, 15, 22, 24, 31, 40, 41, 41, 48, 66, 83]
    return render(
        request,
        "cms/style.html",
        {
            "colours": COLOURS,
            "choices": [("herkennen", "Herkennen"), ("erkennen", "Erkennen"), ("tegengaan", "Tegengaan")],
            "form": StyleForm(),
            "bound": bound,
            "crumbs": [(_("Trainings"), reverse("sessions:trainings")), (_("An example"), "")],
            "start": datetime.datetime(2027, 1, 14, 13, 0, tzinfo=AMSTERDAM),
            "end": datetime.datetime(2027, 1, 14, 16, 0, tzinfo=AMSTERDAM),
            "steps": [
                {"title": "Herkennen", "state": "done", "note": "Klaar op 3 oktober"},
                {
                    "title": "Erkennen",
                    "state": "now",
                    "note": "Bezig: 2 van 5 lessen",
                    "url": reverse("courses:modules"),
                },
                {"title": "Tegengaan", "state": "todo"},
            ],
            "page": Paginator(range(230), 10).get_page(request.GET.get("pagina", "3")),
            "one_line": [(_("Trained"), list(zip(months, trained, strict=True)))],
            "two_lines": [
                (_("Trained"), list(zip(months, trained, strict=True))),
                (_("Also trained jointly"), list(zip(months, jointly, strict=True))),
            ],
            "bars": [
                ("Alle gevraagde oud-studenten", 10, ""),
                ("Zelf en ouders in Nederland geboren", 5, "other"),
                ("Wortels buiten Europa, hier geboren", 23, "other"),
                ("Wortels buiten Europa, elders geboren", 22, "other"),
            ],
            "to_read": [
                block.bind(block.get_preview_value()) for block in (LessonBody().child_blocks[name] for name in TO_READ)
            ],
            "exercises": exercise_states(),
            "hidden_bars": [("Zorg en Welzijn", 40, "school"), ("Techniek", 15, "workplace"), ("ICT", "<5", "other")],
        },
    )

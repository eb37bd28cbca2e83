from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.mails import newest

MAILS_SHOWN = 50


@dataclass(frozen=True)
class TourStep:
    title: str
    text: str
    account: str
    path: str


def _steps() -> list[TourStep]:
    return [
        TourStep(
            _("HR uploads a list"),
            _("See who is trained, then choose “Upload a list”. Nothing counts before you have seen the differences."),
            "hr@demo.example",
            reverse("commitments:staff", args=["roc-mondriaan"]),
        ),
        TourStep(
            _("A supervisor learns"),
            _("Start the first lesson, answer an exercise, and stop halfway. You go on where you were."),
            "school@demo.example",
            reverse("mine"),
        ),
        TourStep(
            _("A supervisor from a small company signs up"),
            _(
                "Halfway through the programme: choose a training and sign up. The invitation lies in the mailbox of the demo."
            ),
            "werkplek@demo.example",
            reverse("sessions:trainings"),
        ),
        TourStep(
            _("A trainer plans and keeps the list"),
            _("Plan a training, move it by an hour, and look at the list of participants: both sides have seats."),
            "trainer@demo.example",
            reverse("sessions:training-new"),
        ),
        TourStep(
            _("A facilitator keeps a group going"),
            _("Make a group of people who wait, decide who gets a place, move a meeting, and open the conversation."),
            "gespreksleider@demo.example",
            reverse("sessions:groups"),
        ),
        TourStep(
            _("A coordinator keeps the promises of a party"),
            _("See the five efforts with their trend, change a promise, and add a piece of evidence."),
            "coordinator@demo.example",
            reverse("commitments:party", args=["roc-mondriaan"]),
        ),
        TourStep(
            _("The network looks at all eight"),
            _("One page that adds up, without a ranking."),
            "netwerk@demo.example",
            reverse("commitments:network"),
        ),
        TourStep(
            _("An editor writes"),
            _("Open a lesson, change a block and look at the preview."),
            "redactie@demo.example",
            reverse("wagtailadmin_home"),
        ),
        TourStep(
            _("An expert approves the law"),
            _(
                "Change a legal note as the editor and submit the lesson. The expert gets a mail, reads the note and approves it."
            ),
            "deskundige@demo.example",
            "/cms/",
        ),
    ]


def tour(request: HttpRequest) -> HttpResponse:
    """/demo/: ten minutes, account and click for each step."""
    return render(request, "cms/demo_tour.html", {"steps": _steps()})


def mailbox(request: HttpRequest) -> HttpResponse:
    """/demo/postbus/: what was sent, newest first."""
    to = request.GET.get("aan", "").strip()
    mails = list(islice(newest(settings.MAIL_DIR, to=to), MAILS_SHOWN))
    return render(request, "cms/demo_mailbox.html", {"mails": mails, "to": to, "shown": MAILS_SHOWN})


def mail_file(request: HttpRequest, name: str) -> FileResponse:
    """One raw message, as a mail program would get it."""
    path = settings.MAIL_DIR / f"{name}.eml"
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="message/rfc822", filename=path.name, as_attachment=True)

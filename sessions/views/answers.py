"""Answering an invitation from the mail: the random token is the only key, no sign-in."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sessions.actions.invitations import invitation_answer
from sessions.gatherings import OF_INVITATION, gathering_of
from sessions.models import Invitation

PartStat = Invitation.PartStat

# What a link in the mail may bring up front; it only decides which button comes first.
CHOICES = {"ja": PartStat.ACCEPTED, "nee": PartStat.DECLINED, "misschien": PartStat.TENTATIVE}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Shows on GET and HEAD, because link scanners follow links; records on POST."""
    invitation = get_object_or_404(Invitation.objects.select_related(*OF_INVITATION), token=token)
    error = ""
    if request.method == "POST":
        chosen = request.POST.get("answer", "")
        if chosen in CHOICES.values():
            try:
                invitation_answer(invitation=invitation, partstat=chosen)
            except ValidationError as refused:
                error = refused.messages[0]
            else:
                return redirect(request.path)
        else:
            error = _("Choose one of the answers.")
    context = {
        "invitation": invitation,
        "meeting": invitation.meeting,
        "gathering": gathering_of(invitation.meeting),
        "error": error,
        "is_open": invitation.cancelled_at is None and invitation.meeting.starts_at > timezone.now(),
        "buttons": _buttons(CHOICES.get(request.GET.get("kies", ""), PartStat.ACCEPTED)),
    }
    return render(request, "sessions/answer.html", context)


def _buttons(first: PartStat) -> list[tuple[str, str]]:
    """(value, label) of the answers, the one that the link named in front."""
    labels = {
        PartStat.ACCEPTED: _("Yes, I am coming"),
        PartStat.DECLINED: _("No, I cannot come"),
        PartStat.TENTATIVE: _("I do not know yet"),
    }
    return sorted(((str(value), label) for value, label in labels.items()), key=lambda pair: pair[0] != first)

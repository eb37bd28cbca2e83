"""Finding the training that a page is about, for whom it is there."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from parties.access import require
from parties.languages import marked
from sessions import check_in
from sessions.models import Meeting, NetworkEvent, Training
from sessions.rules import gives_training


def visible_training(request: HttpRequest, pk: int) -> Training:
    """
    Raises:
        Http404: it does not exist, or is somebody else's draft.
    """
    found = Training.objects.visible_to(request.user).prefetch_related("trainers", "meetings")
    return get_object_or_404(found, pk=pk)


def own_training(request: HttpRequest, pk: int) -> Training:
    """
    Raises:
        Http404: it does not exist, or the person does not give it.
    """
    training = visible_training(request, pk)
    require(gives_training(request.user, training))
    return training


def chosen_meeting(request: HttpRequest, owner: Training | NetworkEvent) -> Meeting:
    """The meeting that ``?bijeenkomst`` names, else the one that is going on or was last, else the first."""
    meetings = list(owner.meetings.all())
    for meeting in meetings:
        if str(meeting.pk) == request.GET.get("bijeenkomst", ""):
            return meeting
    begun = [meeting for meeting in meetings if check_in.may_be_marked(meeting.starts_at, timezone.now())]
    return begun[-1] if begun else meetings[0]


def crumbs(training: Training | None = None, *here: str) -> list[tuple[str, str]]:
    """Breadcrumbs down to the page of the training, or to ``here``; the last one has no address."""
    items = [(_("Trainings"), reverse("sessions:trainings"))]
    if training is not None:
        items.append((marked(training.title), reverse("sessions:training", args=[training.pk])))
    items += [(label, "") for label in here]
    return [*items[:-1], (items[-1][0], "")]

"""Finding the group that a page is about, for whom it is there."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from parties.access import require
from parties.languages import marked
from sessions.models import GroupMember, IntervisionGroup


def visible_group(request: HttpRequest, pk: int) -> IntervisionGroup:
    """
    Raises:
        Http404: it does not exist, or the person is neither a member today nor its facilitator.
    """
    groups = IntervisionGroup.objects.visible_to(request.user).select_related("facilitator", "place")
    return get_object_or_404(groups, pk=pk)


def led_group(request: HttpRequest, pk: int) -> IntervisionGroup:
    """
    Raises:
        Http404: the person does not lead it, or it is closed.
    """
    group = visible_group(request, pk)
    require(group.facilitator_id == request.user.pk and group.closed_at is None)
    return group


def own_place(request: HttpRequest, pk: int) -> GroupMember:
    """
    Raises:
        Http404: the person is no member today, or the group is closed.
    """
    group = visible_group(request, pk)
    own = group.members.current().filter(person=request.user).select_related("person").first()
    require(own is not None and group.closed_at is None)
    own.group = group
    return own


def crumbs(group: IntervisionGroup | None, here: str) -> list[tuple[str, str]]:
    """Breadcrumbs down to ``here``, the page itself."""
    above = [(_("Intervision"), reverse("sessions:groups"))]
    if group is not None:
        above.append((marked(group.name), reverse("sessions:group", args=[group.pk])))
    return [*above, (here, "")]

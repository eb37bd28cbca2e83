"""Belonging to an intervision group."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sessions.agreements import VERSION
from sessions.models import AgreementsAccepted, GroupMember, IntervisionGroup


def agreements_accept(*, member: GroupMember, version: int) -> AgreementsAccepted:
    """Keeps that a member said yes to all agreements, and when they first did. Safe to run twice.

    Raises:
        ValidationError: the agreements have another wording now than the one that was read.
    """
    if version != VERSION:
        raise ValidationError(_("The agreements changed while you read them. Read them once more."), code="version")
    accepted, _created = AgreementsAccepted.objects.get_or_create(member=member, version=version)
    return accepted


def group_locked(group: IntervisionGroup | None) -> IntervisionGroup:
    """The group as it is now, locked until the transaction ends.

    Raises:
        ValidationError: it is closed.
    """
    assert group is not None
    locked = IntervisionGroup.objects.select_for_update(of=("self",)).select_related("facilitator", "place")
    group = locked.get(pk=group.pk)
    if group.closed_at is not None:
        raise ValidationError(_("This group is closed."), code="closed")
    return group

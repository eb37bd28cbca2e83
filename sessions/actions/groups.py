"""Belonging to an intervision group."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sessions.agreements import VERSION
from sessions.models import AgreementsAccepted, GroupMember


def agreements_accept(*, member: GroupMember, version: int) -> AgreementsAccepted:
    """Keeps that a member said yes to all agreements, and when they first did. Safe to run twice.

    Raises:
        ValidationError: the agreements have another wording now than the one that was read.
    """
    if version != VERSION:
        raise ValidationError(_("The agreements changed while you read them. Read them once more."), code="version")
    accepted, _created = AgreementsAccepted.objects.get_or_create(member=member, version=version)
    return accepted

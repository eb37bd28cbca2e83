"""Reads of meetings and of who takes part."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from parties.models import Person


class TrainingQuerySet(models.QuerySet):
    def published(self) -> TrainingQuerySet:
        return self.filter(state__in=["published", "closed"])

    def given_by(self, person: Person) -> TrainingQuerySet:
        return self.filter(trainers=person)


class RegistrationQuerySet(models.QuerySet):
    def active(self) -> RegistrationQuerySet:
        return self.filter(state__in=["confirmed", "offered", "waitlisted"])

    def confirmed(self) -> RegistrationQuerySet:
        return self.filter(state="confirmed")


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, person: Person | None) -> MeetingQuerySet:
        """Leaves intervision out unless the person is a member or the facilitator (product.md, 'Meeting')."""
        mine = Q(group__isnull=True)
        if person is not None and person.is_authenticated:
            mine |= Q(group__members__person=person) | Q(group__facilitator=person)
        return self.filter(mine).distinct()

    def upcoming(self, now: dt.datetime) -> MeetingQuerySet:
        return self.filter(ends_at__gte=now)


class InvitationQuerySet(models.QuerySet):
    def active(self) -> InvitationQuerySet:
        return self.filter(cancelled_at__isnull=True)

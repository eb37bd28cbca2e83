"""Reads of learning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from parties.models import Person


class EnrolmentQuerySet(models.QuerySet):
    def of(self, person: Person) -> EnrolmentQuerySet:
        return self.filter(person=person)

    def completed(self) -> EnrolmentQuerySet:
        return self.filter(completed_at__isnull=False)

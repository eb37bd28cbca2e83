"""Reads of awards and certificates."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q


class AwardQuerySet(models.QuerySet):
    def valid_on(self, date: dt.date) -> AwardQuerySet:
        return self.filter(valid_from__lte=date, valid_until__gt=date).filter(
            Q(revoked_on__isnull=True) | Q(revoked_on__gt=date)
        )


class CertificateQuerySet(models.QuerySet):
    def current(self) -> CertificateQuerySet:
        return self.filter(replaced_by__isnull=True)

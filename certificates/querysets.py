"""Reads of programmes, awards and certificates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from parties.periods import today

if TYPE_CHECKING:
    from certificates.models import Programme
    from parties.models import Person


class ProgrammeQuerySet(models.QuerySet):
    def active(self) -> ProgrammeQuerySet:
        return self.filter(is_active=True)

    def main(self) -> Programme | None:
        """The programme that people are shown first: open, and if there is one, one that counts as trained."""
        return self.active().order_by("-counts_as_trained", "pk").first()


class AwardQuerySet(models.QuerySet):
    def valid_on(self, date: dt.date) -> AwardQuerySet:
        return self.filter(valid_from__lte=date, valid_until__gt=date).filter(
            Q(revoked_on__isnull=True) | Q(revoked_on__gt=date)
        )

    def known_on(self, date: dt.date) -> AwardQuerySet:
        """Given on or before ``date`` as far as others than the holder know."""
        return self.filter(Q(known_from__isnull=True, valid_from__lte=date) | Q(known_from__lte=date))


class CertificateQuerySet(models.QuerySet):
    def current(self) -> CertificateQuerySet:
        return self.filter(replaced_by__isnull=True)

    def of(self, person: Person) -> CertificateQuerySet:
        return self.filter(award__person=person)

    def known(self) -> CertificateQuerySet:
        """Those of which others than the holder know."""
        return self.filter(_known())

    def without_pdf(self) -> CertificateQuerySet:
        """Leaves the bytes in the database: for lists and for every read that does not send the PDF."""
        return self.defer("pdf")

    def openable_by(self, person: Person) -> CertificateQuerySet:
        """The holder's own, and those with an organisation frozen on it of which ``person`` is HR, in HR's scope.

        HR opens a certificate that gives away when a group met once that month is over.
        """
        from parties.rules import roles_of

        own = Q(award__person=person)
        for organisation_id, department_ids in roles_of(person).hr_departments.items():
            frozen = _known() & Q(award__memberships__organisation_id=organisation_id)
            if department_ids is not None:
                frozen &= Q(award__memberships__department_id__in=department_ids)
            own |= frozen
        return self.filter(own).distinct()


def _known() -> Q:
    return Q(award__known_from__isnull=True) | Q(award__known_from__lte=today())

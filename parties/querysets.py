"""Reads of people and parties, as chainable verbs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

from parties.periods import covers, today

if TYPE_CHECKING:
    from parties.models import Person


class PartyQuerySet(models.QuerySet):
    def coordinated_by(self, person: Person, date: dt.date | None = None) -> PartyQuerySet:
        return self.filter(covers(date or today(), "roles__"), roles__person=person, roles__kind="coordinator").distinct()


class OrganisationQuerySet(models.QuerySet):
    def with_hr(self, person: Person, date: dt.date | None = None) -> OrganisationQuerySet:
        """Organisations of which ``person`` is HR, wholly or for a department."""
        return self.filter(covers(date or today(), "roles__"), roles__person=person, roles__kind="hr").distinct()

    def affiliated(self, party: models.Model, date: dt.date | None = None) -> OrganisationQuerySet:
        return self.filter(covers(date or today(), "affiliations__"), affiliations__party=party).distinct()


class AffiliationQuerySet(models.QuerySet):
    def valid_on(self, date: dt.date) -> AffiliationQuerySet:
        return self.filter(covers(date))


class MembershipQuerySet(models.QuerySet):
    def counted(self) -> MembershipQuerySet:
        """Those that count: from a list, from an own account, or confirmed."""
        return self.filter(state="confirmed")

    def valid_on(self, date: dt.date) -> MembershipQuerySet:
        return self.filter(covers(date))

    def current(self) -> MembershipQuerySet:
        return self.valid_on(today()).exclude(state="declined")


class RoleQuerySet(models.QuerySet):
    def current(self) -> RoleQuerySet:
        return self.filter(covers(today()))


class PersonQuerySet(models.QuerySet):
    def with_address(self, address: str) -> PersonQuerySet:
        """Whoever signs in with this address, whatever its case."""
        return self.filter(Q(email__iexact=address) | Q(emailaddress__email__iexact=address, emailaddress__verified=True)).distinct()


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str | None = None, password: str | None = None, **fields: object) -> Person:
        person = self.model(email=email.lower() if email else None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> Person:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str) -> Person:
        return self.get(email__iexact=username)


class OutboxQuerySet(models.QuerySet):
    def due(self, now: dt.datetime) -> OutboxQuerySet:
        """Waiting messages whose time has come, without those behind an earlier one of the same key."""
        earlier = self.model.objects.filter(
            state="queued", ordering_key=models.OuterRef("ordering_key"), pk__lt=models.OuterRef("pk")
        )
        return (
            self.filter(state="queued", next_attempt_at__lte=now)
            .exclude(~Q(ordering_key="") & models.Exists(earlier))
            .order_by("pk")
        )


class RosterImportQuerySet(models.QuerySet):
    def waiting(self) -> RosterImportQuerySet:
        return self.filter(state="preview")

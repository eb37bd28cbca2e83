"""Reads of people and parties, as chainable verbs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from parties.periods import covers, today

if TYPE_CHECKING:
    from parties.models import Membership, Person


def _model(name: str, app: str = "parties") -> Any:
    """The models of this app import this module."""
    return apps.get_model(app, name)


def _roles(kind: str, **scope: object) -> models.QuerySet:
    """Current roles of a kind, to be used under ``Exists``."""
    return _model("Role").objects.current().filter(kind=kind, **scope)


def within_hr_scope(viewer: Person) -> Q:
    """Q for memberships that the viewer's role of HR reaches: the organisation, or one department of it."""
    own = _roles("hr", person=viewer, organisation=models.OuterRef("organisation"))
    return Q(
        models.Exists(own.filter(Q(department__isnull=True) | Q(department=models.OuterRef("department")))),
    )


def has_hr(organisation: str) -> models.Exists:
    """Whether the organisation has HR that reaches all of it; ``organisation`` is the look-up of its key."""
    return models.Exists(_roles("hr", organisation=models.OuterRef(organisation), department__isnull=True))


def confirmable_by(viewer: Person, organisation: str) -> Q:
    """Q for where the viewer confirms who works there; ``organisation`` is the look-up of the organisation's key.

    HR of the whole organisation does; a coordinator of one of its parties where there is no such HR.
    """
    hr = _roles("hr", organisation=models.OuterRef(organisation), department__isnull=True)
    affiliations = _model("Affiliation").objects.valid_on(today())
    coordinated = affiliations.filter(
        organisation=models.OuterRef(organisation), party__in=_roles("coordinator", person=viewer).values("party")
    )
    return Q(models.Exists(hr.filter(person=viewer))) | (~Q(has_hr(organisation)) & Q(models.Exists(coordinated)))


class PartyQuerySet(models.QuerySet):
    def coordinated_by(self, person: Person, date: dt.date | None = None) -> PartyQuerySet:
        return self.filter(
            covers(date or today(), "roles__"), roles__person=person, roles__kind="coordinator"
        ).distinct()

    def of_workplaces(self, person: Person) -> PartyQuerySet:
        """The parties to which the organisations belong where the person works today."""
        affiliations = _model("Affiliation").objects.valid_on(today())
        workplaces = _model("Membership").objects.current().filter(person=person)
        return self.filter(
            pk__in=affiliations.filter(organisation__in=workplaces.values("organisation")).values("party")
        )


class DeskQuerySet(models.QuerySet):
    def of(self, party: models.Model | None) -> DeskQuerySet:
        """Those of a party, or with None those for everyone, in their order."""
        return self.filter(party=party)

    def in_order(self) -> DeskQuerySet:
        """Of all parties, those for everyone first."""
        return self.order_by(models.F("party__position").asc(nulls_first=True), "position", "pk")


class OrganisationQuerySet(models.QuerySet):
    def with_hr(self, person: Person, date: dt.date | None = None) -> OrganisationQuerySet:
        """Organisations of which ``person`` is HR, wholly or for a department."""
        return self.filter(covers(date or today(), "roles__"), roles__person=person, roles__kind="hr").distinct()

    def confirmable_by(self, viewer: Person) -> OrganisationQuerySet:
        return self.filter(confirmable_by(viewer, "pk"))

    def affiliated(self, party: models.Model, date: dt.date | None = None) -> OrganisationQuerySet:
        return self.filter(covers(date or today(), "affiliations__"), affiliations__party=party).distinct()

    def not_affiliated(self, party: models.Model, date: dt.date | None = None) -> OrganisationQuerySet:
        return self.exclude(pk__in=_model("Organisation").objects.affiliated(party, date).values("pk"))

    def named(self, text: str) -> OrganisationQuerySet:
        """Each word of ``text`` stands in the name or the place; those with all of it in the name come first."""
        found = self
        for word in text.split()[:8]:
            found = found.filter(Q(name__icontains=word) | Q(place__icontains=word))
        return found.order_by(models.Case(models.When(name__icontains=text, then=0), default=1), "name")


class AffiliationQuerySet(models.QuerySet):
    def valid_on(self, date: dt.date) -> AffiliationQuerySet:
        return self.filter(covers(date))


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, viewer: Person) -> MembershipQuerySet:
        """Those of others that the viewer may see: HR within its scope, as long as they have not ended (rule 7)."""
        return self.counted().filter(within_hr_scope(viewer)).not_ended()

    def to_confirm_by(self, viewer: Person) -> MembershipQuerySet:
        return self.filter(confirmable_by(viewer, "organisation"), state="waiting").not_ended()

    def not_ended(self) -> MembershipQuerySet:
        return self.filter(Q(until__isnull=True) | Q(until__gt=today()))

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
        verified = _model("EmailAddress", "account").objects.filter(email__iexact=address, verified=True)
        return self.filter(Q(email__iexact=address) | Q(pk__in=verified.values("user")))

    def by_address(self, addresses: Iterable[str]) -> dict[str, Person]:
        """Who signs in with each of these addresses, whatever its case; an address of nobody is left out."""
        asked = {address.lower(): address for address in addresses}
        lower = Lower("email")
        verified = (
            _model("EmailAddress", "account").objects.annotate(lower=lower).filter(lower__in=asked, verified=True)
        )
        keys = {row.lower: row.user_id for row in verified}
        by_key: dict[int, Any] = (
            self.annotate(lower=lower).filter(Q(lower__in=asked) | Q(pk__in=keys.values())).in_bulk()
        )
        found = {address: by_key[key] for address, key in keys.items() if key in by_key}
        found |= {person.email.lower(): person for person in by_key.values() if person.email}
        return {asked[address]: person for address, person in found.items() if address in asked}

    def visible_to(self, viewer: Person) -> PersonQuerySet:
        """Oneself, and whoever has a membership that the viewer may see."""
        memberships = _model("Membership").objects.visible_to(viewer)
        return self.filter(Q(pk=viewer.pk) | Q(pk__in=memberships.values("person")))

    def may_confirm(self, membership: Membership) -> PersonQuerySet:
        """Who is asked about a membership that waits; the same people whose lists hold it (``confirmable_by``)."""
        hr = _roles("hr", organisation=membership.organisation_id, department__isnull=True)
        if hr.exists():
            return self.filter(pk__in=hr.values("person"))
        parties = membership.organisation.affiliations.valid_on(today()).values("party")
        return self.filter(pk__in=_roles("coordinator", party__in=parties).values("person"))


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
        earlier = self.model._default_manager.filter(
            state="queued", ordering_key=models.OuterRef("ordering_key"), pk__lt=models.OuterRef("pk")
        )
        return (
            self.filter(state="queued", next_attempt_at__lte=now)
            .exclude(~Q(ordering_key="") & models.Exists(earlier))
            .order_by("pk")
        )

    def invitations(self) -> OutboxQuerySet:
        """Those that a calendar reads."""
        return self.exclude(calendar_method="")


class RosterImportQuerySet(models.QuerySet):
    def waiting(self) -> RosterImportQuerySet:
        return self.filter(state="preview")

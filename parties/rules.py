"""Who may do what: predicates over a person's current roles. Lists use the same roles through the querysets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import rules

from parties.models import Organisation, Party, Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


@dataclass(frozen=True)
class Roles:
    """What a person may be asked as today. ``hr_departments`` holds department keys by organisation key, or None for all."""

    kinds: frozenset[str] = frozenset()
    hr_of: tuple[Organisation, ...] = ()
    hr_departments: dict[int, frozenset[int] | None] = field(default_factory=dict)
    coordinator_of: tuple[Party, ...] = ()


def roles_of(person: Person | AnonymousUser) -> Roles:
    """The current roles of a person, in one query, remembered on the object for the rest of the request."""
    if not person.is_authenticated or not person.is_active:
        return Roles()
    if "_roles" not in person.__dict__:
        person.__dict__["_roles"] = _read_roles(person)
    return person.__dict__["_roles"]


def _read_roles(person: Person) -> Roles:
    rows = list(
        person.roles.current().select_related("organisation", "party").order_by("organisation__name", "party__position")
    )
    hr_departments: dict[int, frozenset[int] | None] = {}
    for row in rows:
        if row.kind != "hr":
            continue
        before = hr_departments.get(row.organisation_id, frozenset())
        if row.department_id is None or before is None:
            hr_departments[row.organisation_id] = None
        else:
            hr_departments[row.organisation_id] = before | {row.department_id}
    return Roles(
        kinds=frozenset(row.kind for row in rows),
        hr_of=tuple({row.organisation_id: row.organisation for row in rows if row.kind == "hr"}.values()),
        hr_departments=hr_departments,
        coordinator_of=tuple({row.party_id: row.party for row in rows if row.kind == "coordinator"}.values()),
    )


def _has(kind: str) -> rules.Predicate:
    return rules.predicate(lambda person: kind in roles_of(person).kinds, name=f"is_{kind}")


is_trainer = _has("trainer")
is_facilitator = _has("facilitator")
is_editor = _has("editor")
is_network = _has("network")
is_expert = _has("expert")
is_administrator = _has("administrator")
may_edit_site = is_editor | is_administrator
may_approve_law = is_expert | is_administrator
may_enter_cms = may_edit_site | is_expert


@rules.predicate
def is_hr_of(person: Person, organisation: Organisation) -> bool:
    return organisation.pk in roles_of(person).hr_departments


@rules.predicate
def is_coordinator_of(person: Person, party: Party) -> bool:
    return any(own.pk == party.pk for own in roles_of(person).coordinator_of)


def may_edit_desks(person: Person | AnonymousUser, party: Party | None) -> bool:
    """The places of a party are its coordinators'; those for everyone are the site's editors'."""
    return may_edit_site(person) if party is None else is_coordinator_of(person, party)


def hr_departments(person: Person, organisation: Organisation) -> frozenset[int] | None:
    """Keys of the departments that HR's role reaches in this organisation; None means all of it."""
    return roles_of(person).hr_departments[organisation.pk]


@rules.predicate
def is_hr_of_all(person: Person, organisation: Organisation) -> bool:
    """HR of the whole organisation, not of one department."""
    return roles_of(person).hr_departments.get(organisation.pk, frozenset()) is None


@rules.predicate
def may_confirm_at(person: Person, organisation: Organisation) -> bool:
    """Whether memberships that wait here may be this person's to answer: HR, or a coordinator where there is no HR."""
    return Organisation.objects.filter(pk=organisation.pk).confirmable_by(person).exists()


@rules.predicate
def may_see(viewer: Person, person: Person) -> bool:
    """The same as ``Person.objects.visible_to``, for one person."""
    return Person.objects.visible_to(viewer).filter(pk=person.pk).exists()

"""Authority given and taken, and what follows from it in Wagtail's and Django's own admin."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q

from parties.actions.audit import audit_record
from parties.models import Department, Organisation, Party, Person, Role
from parties.periods import today

EDITORS = "Redactie"
EXPERTS = "Deskundigen"
GROUPS = {Role.Kind.EDITOR: EDITORS, Role.Kind.EXPERT: EXPERTS}
ADMIN_KINDS = (*GROUPS, Role.Kind.ADMINISTRATOR)


@transaction.atomic
def role_grant(
    *,
    person: Person,
    kind: str,
    organisation: Organisation | None = None,
    department: Department | None = None,
    party: Party | None = None,
    since: dt.date | None = None,
    by: Person | None = None,
) -> Role:
    """
    Raises:
        ValidationError: the scope does not fit the kind (HR has an organisation, a coordinator a party, others neither),
            or the department is another organisation's.
    """
    role = Role(
        person=person, kind=kind, organisation=organisation, department=department, party=party, since=since or today()
    )
    _save(role, by=by, verb="role.grant")
    return role


@transaction.atomic
def role_end(*, role: Role, until: dt.date, by: Person | None) -> Role:
    """``until`` is the first day on which it no longer holds.

    Raises:
        ValidationError: ``until`` is not after the beginning.
    """
    role = Role.objects.select_for_update().get(pk=role.pk)
    role.until = until
    _save(role, by=by, verb="role.end")
    return role


def _save(role: Role, *, by: Person | None, verb: str) -> None:
    role.full_clean()
    role.save()
    admin_rights_follow(person=role.person)
    audit_record(by=by, verb=verb, about=role.person, target=f"role:{role.pk}")


@transaction.atomic
def admin_rights_follow(*, person: Person) -> None:
    """Makes superuser, staff and the groups of editors and experts what the roles of today say."""
    kinds = set(person.roles.current().filter(kind__in=ADMIN_KINDS).values_list("kind", flat=True))
    administrator = Role.Kind.ADMINISTRATOR in kinds
    if (person.is_superuser, person.is_staff) != (administrator, administrator):
        person.is_superuser = person.is_staff = administrator
        person.save(update_fields=["is_superuser", "is_staff"])
    for kind, name in GROUPS.items():
        if kind in kinds:
            person.groups.add(Group.objects.get_or_create(name=name)[0])
        else:
            person.groups.remove(*person.groups.filter(name=name))
    person.__dict__.pop("_roles", None)


def admin_rights_follow_all() -> None:
    """The same for everybody whose rights may have begun or ended with the day."""
    people = Person.objects.filter(
        Q(is_staff=True) | Q(is_superuser=True) | Q(groups__name__in=GROUPS.values()) | Q(roles__kind__in=ADMIN_KINDS)
    ).distinct()
    for person in people:
        admin_rights_follow(person=person)

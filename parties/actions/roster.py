"""A list of HR: read, looked at, and applied as a whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import IO

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parties import roster as files
from parties.actions.audit import audit_record
from parties.actions.outbox import outbox_queue
from parties.emails import come_in
from parties.matching import Change, Join, Leave, Plan, plan
from parties.models import Department, Membership, Organisation, Person, RosterImport
from parties.periods import today
from parties.roster import Roster
from parties.signals import memberships_changed

BATCH = 1_000
KEPT_UNUSED = dt.timedelta(days=7)
Progress = Callable[[int], None]


def roster_read(file: IO[bytes], filename: str) -> Roster:
    """
    Raises:
        ValidationError: nothing can be read from this file, with a sentence that says what to do.
    """
    return files.read(file, filename)


def roster_plan(roster_import: RosterImport) -> Plan:
    """What applying this list today would do."""
    return plan(
        organisation=roster_import.organisation,
        roster=Roster.from_json(roster_import.rows),
        complete=roster_import.complete,
        date=today(),
    )


@transaction.atomic
def roster_preview(
    *, organisation: Organisation, rows: Roster, complete: bool, by: Person | None, filename: str = ""
) -> RosterImport:
    """Keeps the list to look at; nothing counts yet. Mistakes in rows are in ``result["errors"]``."""
    roster_import = RosterImport(
        organisation=organisation, uploaded_by=by, file_name=filename[-200:], rows=rows.as_json(), complete=complete
    )
    roster_import.result = roster_plan(roster_import).summary()
    roster_import.full_clean(exclude=["rows", "file_name"])
    roster_import.save()
    audit_record(by=by, verb="roster.upload", target=f"rosterimport:{roster_import.pk}")
    return roster_import


@transaction.atomic
def roster_skip_columns(*, roster_import: RosterImport) -> RosterImport:
    """Leaves the columns that nobody knows for what they are."""
    roster_import = _locked(roster_import, RosterImport.State.PREVIEW)
    roster_import.rows = replace(Roster.from_json(roster_import.rows), unknown=()).as_json()
    roster_import.result = roster_plan(roster_import).summary()
    roster_import.save()
    return roster_import


@transaction.atomic
def roster_discard(*, roster_import: RosterImport) -> RosterImport:
    roster_import = _locked(roster_import, RosterImport.State.PREVIEW)
    roster_import.state = RosterImport.State.DISCARDED
    roster_import.rows = {}
    roster_import.save()
    return roster_import


@transaction.atomic
def rosters_forget(*, now: dt.datetime) -> None:
    """Throws away what nobody applied within a week: it holds names and addresses."""
    stale = RosterImport.objects.waiting().filter(uploaded_at__lt=now - KEPT_UNUSED)
    stale.update(state=RosterImport.State.DISCARDED, rows={})


@transaction.atomic
def roster_start(*, roster_import: RosterImport, by: Person) -> RosterImport:
    """Has the list applied in the background. Starting twice applies once."""
    from parties.roster_tasks import apply_roster  # the task calls this module

    roster_import = _locked(roster_import, RosterImport.State.PREVIEW, RosterImport.State.APPLYING)
    _refuse_errors(roster_plan(roster_import))
    roster_import.state = RosterImport.State.APPLYING
    roster_import.save(update_fields=["state"])
    transaction.on_commit(partial(apply_roster.enqueue, roster_import.pk, by.pk))
    return roster_import


@transaction.atomic
def roster_reopen(*, roster_import: RosterImport) -> None:
    """Back to the preview, with what is not right now; a list that was applied or thrown away stays so."""
    roster_import = RosterImport.objects.select_for_update().select_related("organisation").get(pk=roster_import.pk)
    if roster_import.state != RosterImport.State.APPLYING:
        return
    roster_import.state = RosterImport.State.PREVIEW
    roster_import.result = roster_plan(roster_import).summary()
    roster_import.save()


@transaction.atomic
def roster_apply(*, roster_import: RosterImport, by: Person | None, progress: Progress | None = None) -> RosterImport:
    """Everything on the list at once; a list that was applied before stays as it is.

    ``progress`` is called with the percentage that is done.

    Raises:
        ValidationError: something on the list is not right; then nothing was applied.
    """
    Organisation.objects.select_for_update().get(
        pk=roster_import.organisation_id
    )  # one list of an organisation at a time
    roster_import = RosterImport.objects.select_for_update().select_related("organisation").get(pk=roster_import.pk)
    if roster_import.state == RosterImport.State.APPLIED:
        return roster_import
    roster_import = _locked(roster_import, RosterImport.State.PREVIEW, RosterImport.State.APPLYING)
    planned = roster_plan(roster_import)
    _refuse_errors(planned)
    progress = progress or (lambda percent: None)
    progress(10)
    departments = _departments(roster_import.organisation, planned)
    new = _people_add(planned.joins)
    progress(30)
    joined = _memberships_add(roster_import.organisation, planned.joins, new, departments)
    progress(45)
    _memberships_change([*planned.moves, *planned.changes], departments)
    _memberships_end(planned.leaves)
    _sign_in_addresses_follow([*planned.moves, *planned.changes])
    progress(55)
    touched = {one.person_id for one in joined}
    touched |= {one.membership.person_id for one in [*planned.moves, *planned.changes]}
    touched |= {one.membership.person_id for one in planned.leaves}
    memberships_changed.send(sender=Membership, person_ids=sorted(touched))
    progress(90)
    outbox_queue(come_in(organisation=roster_import.organisation, people=[one for one in new.values() if one.email]))
    roster_import.state = RosterImport.State.APPLIED
    roster_import.applied_at = timezone.now()
    roster_import.result = planned.summary()
    roster_import.rows = {}
    roster_import.save()
    audit_record(by=by, verb="roster.apply", target=f"rosterimport:{roster_import.pk}")
    return roster_import


def _locked(roster_import: RosterImport, *states: str) -> RosterImport:
    roster_import = RosterImport.objects.select_for_update().select_related("organisation").get(pk=roster_import.pk)
    if roster_import.state not in states:
        raise ValidationError(_("This list was applied or thrown away already."))
    return roster_import


def _refuse_errors(planned: Plan) -> None:
    if planned.errors:
        raise ValidationError(
            [_("Row %(row)d: %(message)s") % {"row": one.row, "message": one.message} for one in planned.errors[:100]]
        )


def _departments(organisation: Organisation, planned: Plan) -> dict[str, Department]:
    """Every department that the list names, by name; new ones are made."""
    wanted = {join.row.department for join in planned.joins} | {move.department for move in planned.moves}
    known = {one.name: one for one in organisation.departments.all()}
    missing = sorted(name for name in wanted if name and name not in known)
    made = Department.objects.bulk_create([Department(organisation=organisation, name=name) for name in missing])
    return known | {one.name: one for one in made}


def _people_add(joins: Sequence[Join]) -> dict[int, Person]:
    """People whom the platform did not know yet, by the number of their row. Their address is theirs to sign in with."""
    strangers = [join.row for join in joins if join.person_id is None]
    nobody = make_password(None)
    now = timezone.now()
    people = Person.objects.bulk_create(
        [
            Person(name=row.name, email=row.email or None, password=nobody, invited_at=now if row.email else None)
            for row in strangers
        ],
        batch_size=BATCH,
    )
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in people if one.email],
        batch_size=BATCH,
    )
    return {row.row: person for row, person in zip(strangers, people, strict=True)}


def _memberships_add(
    organisation: Organisation, joins: Sequence[Join], new: dict[int, Person], departments: dict[str, Department]
) -> list[Membership]:
    return Membership.objects.bulk_create(
        [
            Membership(
                person_id=join.person_id or new[join.row.row].pk,
                organisation=organisation,
                department=departments.get(join.row.department),
                side=join.side,
                job_title=join.row.job_title,
                origin=Membership.Origin.ROSTER,
                state=Membership.State.CONFIRMED,
                name=join.row.name,
                work_address=join.row.email,
                personnel_number=join.row.personnel_number,
                since=join.since,
                until=join.until,
            )
            for join in joins
        ],
        batch_size=BATCH,
    )


def _memberships_change(changes: Sequence[Change], departments: dict[str, Department]) -> None:
    for change in changes:
        for name, value in change.values.items():
            setattr(change.membership, name, value)
        if change.department is not None:
            change.membership.department = departments.get(change.department)
    Membership.objects.bulk_update(
        [change.membership for change in changes],
        ["name", "personnel_number", "job_title", "side", "work_address", "since", "until", "department"],
        batch_size=200,
    )


def _memberships_end(leaves: Sequence[Leave]) -> None:
    for leave in leaves:
        leave.membership.until = leave.until
    Membership.objects.bulk_update([leave.membership for leave in leaves], ["until"], batch_size=BATCH)


def _sign_in_addresses_follow(changes: Iterable[Change]) -> None:
    """A new work address becomes the sign-in address of who never came in and works nowhere else (rule 12)."""
    changed = [one for one in changes if "work_address" in one.values]
    candidates = {
        person.pk: person
        for person in Person.objects.filter(
            pk__in=[one.membership.person_id for one in changed], last_login=None, is_active=True
        ).exclude(pk__in=_working_elsewhere(changed))
    }
    for change in changed:
        person, address = candidates.get(change.membership.person_id), change.values["work_address"]
        if person is None or Person.objects.with_address(address).exclude(pk=person.pk).exists():
            continue
        person.emailaddress_set.all().delete()
        EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
        person.email = address
        person.save(update_fields=["email"])


def _working_elsewhere(changes: Sequence[Change]) -> list[int]:
    if not changes:
        return []
    ids = [one.membership.person_id for one in changes]
    here = changes[0].membership.organisation_id
    return list(Membership.objects.filter(person__in=ids).exclude(organisation=here).values_list("person", flat=True))

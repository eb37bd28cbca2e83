"""What a party promises, and what it shows for it. Who may do it is asked by the caller."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.models import Commitment, Effort, Evidence
from parties.actions.audit import audit_record
from parties.models import Party, Person
from parties.periods import today


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A commitment as a coordinator fills it in. ``denominator`` is of how many, with its source and date."""

    title: str
    metric: str
    unit: str
    since: dt.date
    due: dt.date
    target: int | None = None
    baseline: int = 0
    owner: str = ""
    status: str = Commitment.Status.PLANNED
    status_reason: str = ""
    denominator: int | None = None
    denominator_source: str = ""
    denominator_date: dt.date | None = None
    denominator_estimated: bool = False


def commitment_add(*, party: Party, effort: Effort, promise: Promise, by: Person) -> Commitment:
    """
    Raises:
        ValidationError: with a sentence for each field.
    """
    return _write(Commitment(party=party, effort=effort), promise, by, "commitment.add")


def commitment_change(*, commitment: Commitment, promise: Promise, by: Person) -> Commitment:
    """From now on it is a real promise, also when it began as an example.

    Raises:
        ValidationError: with a sentence for each field.
    """
    commitment.is_example = False
    return _write(commitment, promise, by, "commitment.change")


@transaction.atomic
def evidence_add(
    *, commitment: Commitment, title: str, date: dt.date, by: Person, amount: int = 1, link: str = ""
) -> Evidence:
    """
    Raises:
        ValidationError: the date lies in the future, or a field is not right.
    """
    if date > today():
        raise ValidationError({"date": _("Fill in a date that is not in the future.")})
    evidence = Evidence(commitment=commitment, title=title, date=date, amount=amount, link=link, added_by=by)
    evidence.full_clean()
    evidence.save()
    audit_record(by=by, verb="evidence.add", target=f"evidence:{evidence.pk}")
    return evidence


@transaction.atomic
def evidence_remove(*, evidence: Evidence, by: Person) -> None:
    audit_record(by=by, verb="evidence.remove", target=f"evidence:{evidence.pk}")
    evidence.delete()


@transaction.atomic
def _write(commitment: Commitment, promise: Promise, by: Person, verb: str) -> Commitment:
    problems = {}
    if promise.due <= promise.since:
        problems["due"] = _("Choose a date after %(since)s.") % {"since": promise.since.strftime("%d-%m-%Y")}
    if promise.status == Commitment.Status.ADJUSTED and not promise.status_reason:
        problems["status_reason"] = _("Say why the promise was adjusted.")
    if promise.denominator is not None and not (promise.denominator_source and promise.denominator_date):
        problems["denominator_source"] = _("Say where the number comes from, and of which date it is.")
    if problems:
        raise ValidationError(problems)
    for name, value in asdict(promise).items():
        setattr(commitment, name, value)
    commitment.full_clean()
    commitment.save()
    audit_record(by=by, verb=verb, target=f"commitment:{commitment.pk}")
    return commitment

"""The places where one can turn to about discrimination: made, changed, put in order and taken away."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from parties.actions.audit import audit_record
from parties.models import Desk, Party, Person
from parties.querysets import DeskQuerySet
from parties.signals import desks_changed

FIELDS = ("name", "for_whom", "offer", "phone", "email", "url", "hours")


@transaction.atomic
def desk_add(*, party: Party | None, values: Mapping[str, str], by: Person | None, is_example: bool = False) -> Desk:
    """A place at the end of the party's list, or of the list for everyone. ``values`` are by name in ``FIELDS``.

    Raises:
        ValidationError: something is missing, such as every way to reach it, or is not what it should be.
    """
    last = _beside(party).last()
    desk = Desk(party=party, position=last.position + 1 if last else 1, is_example=is_example)
    _save(desk, values)
    audit_record(by=by, verb="desk.add", target=f"desk:{desk.pk}")
    return desk


@transaction.atomic
def desk_change(*, desk: Desk, values: Mapping[str, str], by: Person | None) -> Desk:
    """What somebody changed is no example any more.

    Raises:
        ValidationError: as in ``desk_add``.
    """
    desk = Desk.objects.select_for_update().get(pk=desk.pk)
    desk.is_example = False
    _save(desk, values)
    audit_record(by=by, verb="desk.change", target=f"desk:{desk.pk}")
    return desk


@transaction.atomic
def desk_remove(*, desk: Desk, by: Person | None) -> None:
    audit_record(by=by, verb="desk.remove", target=f"desk:{desk.pk}")
    desk.delete()
    desks_changed.send(sender=Desk)


@transaction.atomic
def desk_move(*, desk: Desk, up: bool, by: Person | None) -> None:
    """One place up or down in its list; the first stays first and the last last."""
    row = list(_beside(desk.party))
    place = row.index(desk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(row):
        return
    row[place], row[other] = row[other], row[place]
    for position, one in enumerate(row, start=1):
        one.position = position
    Desk.objects.bulk_update(row, ["position"])
    audit_record(by=by, verb="desk.move", target=f"desk:{desk.pk}")
    desks_changed.send(sender=Desk)


def _beside(party: Party | None) -> DeskQuerySet:
    return Desk.objects.of(party).select_for_update()


def _save(desk: Desk, values: Mapping[str, str]) -> None:
    for name in FIELDS:
        setattr(desk, name, values.get(name, "").strip())
    desk.full_clean()
    desk.save()
    desks_changed.send(sender=Desk)

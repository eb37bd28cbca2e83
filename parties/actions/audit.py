"""The audit trail: who saw or changed what about whom."""

from __future__ import annotations

from parties.models import AuditEntry, Person


def audit_record(*, by: Person | None, verb: str, about: Person | None = None, target: str = "") -> AuditEntry:
    """Writes one line in the caller's transaction.

    ``verb`` is noun.verb, such as "membership.confirm"; ``target`` is model and key, such as "membership:12".
    ``by`` is None for what the platform did by itself.
    """
    return AuditEntry.objects.create(actor=by, verb=verb, about=about, target=target)

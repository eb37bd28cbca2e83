from .audit import AuditEntry
from .desk import Desk
from .outbox import OutboxMessage
from .party import Affiliation, Department, Organisation, Party, Side
from .person import Membership, Person, Role
from .roster import RosterImport

__all__ = [
    "Affiliation",
    "AuditEntry",
    "Department",
    "Desk",
    "Membership",
    "Organisation",
    "OutboxMessage",
    "Party",
    "Person",
    "Role",
    "RosterImport",
    "Side",
]

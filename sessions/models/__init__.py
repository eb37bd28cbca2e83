from .event import NetworkEvent
from .group import GroupMember, IntervisionGroup
from .mailbox import ReplyMailbox
from .meeting import Attendance, AttendanceChange, Invitation, Meeting
from .training import Registration, Training

__all__ = [
    "Attendance",
    "AttendanceChange",
    "GroupMember",
    "IntervisionGroup",
    "Invitation",
    "Meeting",
    "NetworkEvent",
    "Registration",
    "ReplyMailbox",
    "Training",
]

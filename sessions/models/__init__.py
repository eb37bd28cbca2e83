from .event import NetworkEvent
from .group import GroupMember, IntervisionGroup
from .meeting import Attendance, Invitation, Meeting
from .training import Registration, Training

__all__ = [
    "Attendance",
    "GroupMember",
    "IntervisionGroup",
    "Invitation",
    "Meeting",
    "NetworkEvent",
    "Registration",
    "Training",
]

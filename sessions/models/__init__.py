from .conversation import Conversation, IntervisionMethod, LessonAgreed, PresenceConfirmed
from .event import NetworkEvent
from .forming import Candidate, IntervisionWish, KeptApart, WishedSlot
from .group import (
    LARGEST,
    SMALLEST,
    AgreementsAccepted,
    GroupMember,
    IntervisionGroup,
    IntervisionPlace,
    SchoolHoliday,
    Slot,
)
from .mailbox import ReplyMailbox
from .meeting import Attendance, AttendanceChange, Invitation, Meeting
from .survey import AccessNeeds, EvaluationForm, Respondent, Response, Survey
from .training import Registration, Training

__all__ = [
    "LARGEST",
    "SMALLEST",
    "AccessNeeds",
    "AgreementsAccepted",
    "Attendance",
    "AttendanceChange",
    "Candidate",
    "Conversation",
    "EvaluationForm",
    "GroupMember",
    "IntervisionGroup",
    "IntervisionMethod",
    "IntervisionPlace",
    "IntervisionWish",
    "Invitation",
    "KeptApart",
    "LessonAgreed",
    "Meeting",
    "NetworkEvent",
    "PresenceConfirmed",
    "Registration",
    "ReplyMailbox",
    "Respondent",
    "Response",
    "SchoolHoliday",
    "Slot",
    "Survey",
    "Training",
    "WishedSlot",
]

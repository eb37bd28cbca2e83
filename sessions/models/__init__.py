from .event import NetworkEvent
from .group import AgreementsAccepted, GroupMember, IntervisionGroup
from .mailbox import ReplyMailbox
from .meeting import Attendance, AttendanceChange, Invitation, Meeting
from .survey import AccessNeeds, EvaluationForm, Respondent, Response, Survey
from .training import Registration, Training

__all__ = [
    "AccessNeeds",
    "AgreementsAccepted",
    "Attendance",
    "AttendanceChange",
    "EvaluationForm",
    "GroupMember",
    "IntervisionGroup",
    "Invitation",
    "Meeting",
    "NetworkEvent",
    "Registration",
    "ReplyMailbox",
    "Respondent",
    "Response",
    "Survey",
    "Training",
]

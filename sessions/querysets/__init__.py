"""Reads of meetings and of who takes part."""

from .conversation import ConversationQuerySet, past_meetings, themes_overview
from .events import NetworkEventQuerySet, taken_by_party
from .forming import CandidateQuerySet, IntervisionWishQuerySet
from .groups import GroupMemberQuerySet, IntervisionGroupQuerySet
from .trainings import (
    ATTENDED_PERCENT,
    THERE,
    AccessNeedsQuerySet,
    InvitationQuerySet,
    MeetingQuerySet,
    RegistrationQuerySet,
    SurveyQuerySet,
    TrainingQuerySet,
    WholeMinutes,
    audience_of,
    double_bookings,
)

__all__ = [
    "ATTENDED_PERCENT",
    "THERE",
    "AccessNeedsQuerySet",
    "CandidateQuerySet",
    "ConversationQuerySet",
    "GroupMemberQuerySet",
    "IntervisionGroupQuerySet",
    "IntervisionWishQuerySet",
    "InvitationQuerySet",
    "MeetingQuerySet",
    "NetworkEventQuerySet",
    "RegistrationQuerySet",
    "SurveyQuerySet",
    "TrainingQuerySet",
    "WholeMinutes",
    "audience_of",
    "double_bookings",
    "past_meetings",
    "taken_by_party",
    "themes_overview",
]

"""Models of liaison, one noun a file."""

from liaison.models.activities import (
    Activity,
    ActivityPlan,
    MediaReport,
    Meeting,
    MeetingDecision,
    PublicityEvent,
    Training,
)
from liaison.models.assistance import AssistanceRequest, AssistanceReturn, AssistanceWitness
from liaison.models.duty import DutyFeed, DutyReminder, DutyShift
from liaison.models.points import LiaisonPoint, LiaisonPointQuerySet, Tribunal
from liaison.models.standard import StandardCheck, StandardItem
from liaison.models.systems import WorkingSystem

__all__ = [
    "Activity",
    "ActivityPlan",
    "AssistanceRequest",
    "AssistanceReturn",
    "AssistanceWitness",
    "DutyFeed",
    "DutyReminder",
    "DutyShift",
    "LiaisonPoint",
    "LiaisonPointQuerySet",
    "MediaReport",
    "Meeting",
    "MeetingDecision",
    "PublicityEvent",
    "StandardCheck",
    "StandardItem",
    "Training",
    "Tribunal",
    "WorkingSystem",
]

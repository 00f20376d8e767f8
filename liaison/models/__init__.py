"""Models of liaison, one noun a file."""

from liaison.models.activities import Meeting
from liaison.models.assistance import AssistanceRequest, AssistanceWitness
from liaison.models.duty import DutyFeed, DutyReminder, DutyShift
from liaison.models.points import LiaisonPoint, LiaisonPointQuerySet, Tribunal
from liaison.models.standard import StandardCheck, StandardItem
from liaison.models.systems import WorkingSystem

__all__ = [
    "AssistanceRequest",
    "AssistanceWitness",
    "DutyFeed",
    "DutyReminder",
    "DutyShift",
    "LiaisonPoint",
    "LiaisonPointQuerySet",
    "Meeting",
    "StandardCheck",
    "StandardItem",
    "Tribunal",
    "WorkingSystem",
]

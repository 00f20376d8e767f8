"""Models of liaison, one noun a file."""

from liaison.models.activities import Activity, Meeting, MeetingDecision
from liaison.models.duty import DutyFeed, DutyReminder, DutyShift
from liaison.models.points import LiaisonPoint, LiaisonPointQuerySet, Tribunal
from liaison.models.standard import StandardCheck, StandardItem
from liaison.models.systems import WorkingSystem

__all__ = [
    "Activity",
    "DutyFeed",
    "DutyReminder",
    "DutyShift",
    "LiaisonPoint",
    "LiaisonPointQuerySet",
    "Meeting",
    "MeetingDecision",
    "StandardCheck",
    "StandardItem",
    "Tribunal",
    "WorkingSystem",
]

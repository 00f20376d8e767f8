"""Models of the roster, one noun a file."""

from roster.models.absences import Absence
from roster.models.people import (
    RosterImport,
    Staff,
    StaffQuerySet,
    TeamMembership,
    is_late,
    masked_phone,
)
from roster.models.submissions import RosterSubmission

__all__ = [
    "Absence",
    "RosterImport",
    "RosterSubmission",
    "Staff",
    "StaffQuerySet",
    "TeamMembership",
    "is_late",
    "masked_phone",
]

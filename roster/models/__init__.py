"""Models of the roster, one noun a file."""

from roster.models.absences import Absence
from roster.models.exports import RosterExport
from roster.models.imports import RosterImport, RosterImportRow
from roster.models.people import (
    Staff,
    StaffQuerySet,
    TeamMembership,
    is_late,
    masked_phone,
)
from roster.models.submissions import RosterSubmission
from roster.models.voided import VoidedTerm

__all__ = [
    "Absence",
    "RosterExport",
    "RosterImport",
    "RosterImportRow",
    "RosterSubmission",
    "Staff",
    "StaffQuerySet",
    "TeamMembership",
    "VoidedTerm",
    "is_late",
    "masked_phone",
]

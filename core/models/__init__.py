"""Models of core, one noun a file."""

from core.models.accounts import RecoveryCode, SecondFactor, User, UserScope, UserSession
from core.models.audit import AuditEntry, AuditHead
from core.models.clock import CalendarYear, Deadline, DeadlineRule, DeadlineSuspension, Reminder, RestDay
from core.models.divisions import Division, spoken
from core.models.drafts import FormDraft
from core.models.exports import ExportJob, ExportQuerySet
from core.models.files import StoredFile
from core.models.messages import DirtyBucket, Notification, OutboxEvent, SweepRun
from core.models.uploads import Upload

__all__ = [
    "AuditEntry",
    "AuditHead",
    "CalendarYear",
    "Deadline",
    "DeadlineRule",
    "DeadlineSuspension",
    "DirtyBucket",
    "Division",
    "ExportJob",
    "ExportQuerySet",
    "FormDraft",
    "Notification",
    "OutboxEvent",
    "RecoveryCode",
    "Reminder",
    "RestDay",
    "SecondFactor",
    "StoredFile",
    "SweepRun",
    "Upload",
    "User",
    "UserScope",
    "UserSession",
    "spoken",
]

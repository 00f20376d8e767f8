"""Models of core, one noun a file."""

from core.models.accounts import RecoveryCode, SecondFactor, User, UserScope, UserSession
from core.models.audit import AuditEntry, AuditHead
from core.models.clock import CalendarYear, Deadline, DeadlineRule, DeadlineSuspension, Reminder, RestDay
from core.models.divisions import Division
from core.models.drafts import FormDraft
from core.models.files import StoredFile
from core.models.messages import DirtyBucket, Notification, OutboxEvent, SweepRun

__all__ = [
    "AuditEntry",
    "AuditHead",
    "CalendarYear",
    "Deadline",
    "DeadlineRule",
    "DeadlineSuspension",
    "DirtyBucket",
    "Division",
    "FormDraft",
    "Notification",
    "OutboxEvent",
    "RecoveryCode",
    "Reminder",
    "RestDay",
    "SecondFactor",
    "StoredFile",
    "SweepRun",
    "User",
    "UserScope",
    "UserSession",
]

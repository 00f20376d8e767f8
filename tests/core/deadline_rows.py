"""Days by their text, the reminder of a deadline, a longer one."""

from datetime import date

from core.actions import deadlines
from core.choices import ReminderStage
from core.models import Deadline, Reminder


def on(text: str) -> date:
    return date.fromisoformat(text)


def reminded(deadline: Deadline, recipient, *, sent: bool = False) -> Reminder:
    return Reminder.objects.create(
        deadline=deadline, due_on=deadline.due_on, stage=ReminderStage.SOON, recipient=recipient,
        created_at="2026-09-28T09:00:00Z", sent_at="2026-09-28T09:00:00Z" if sent else None,
    )  # fmt: skip


def extend(deadline: Deadline, days: int, by, approved_by: str = "院长 区某") -> Deadline:
    return deadlines.extend_deadline(deadline_id=deadline.pk, days=days, approved_by=approved_by, by=by)

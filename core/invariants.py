"""What must be true of the data at any time, also after every fault; each check names what breaks it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef
from django.utils import timezone

from core import audit_trail, queries
from core.models import Deadline, OutboxEvent, Reminder, StoredFile
from core.models.files import WIPED

OUTBOX_PATIENCE = timedelta(hours=2)


@dataclass(frozen=True)
class Broken:
    """An invariant that does not hold, with the thing that breaks it."""

    code: str
    message: str


def audit_chain() -> Iterator[Broken]:
    for verdict in audit_trail.verify():
        if verdict.problems:
            yield Broken("audit", f"审计链 {verdict.chain} 有 {len(verdict.problems)} 处不对")


def late_deadlines_are_reminded() -> Iterator[Broken]:
    """Every open deadline past its day has a reminder written for that day."""
    told = Reminder.objects.filter(deadline=OuterRef("pk"), due_on=OuterRef("due_on"))
    late = Deadline.objects.open().filter(due_on__lt=queries.today(), suspended_on=None)
    for deadline in late.filter(~Exists(told)).order_by("pk"):
        yield Broken("reminder", f"期限 #{deadline.pk} 已过最后一日，没有提醒")


def files_are_there() -> Iterator[Broken]:
    for stored in StoredFile.objects.exclude(path__startswith=WIPED).only("id", "path").iterator(1000):
        if not default_storage.exists(stored.path):
            yield Broken("file", f"附件 {stored.pk} 的文件不见了")


def outbox_is_empty() -> Iterator[Broken]:
    """Nothing asked for has been waiting for hours."""
    waiting = OutboxEvent.objects.filter(done_at=None, created_at__lt=timezone.now() - OUTBOX_PATIENCE)
    for event in waiting.order_by("pk"):
        yield Broken("outbox", f"待办任务 #{event.pk} {event.task} 试了 {event.attempts} 次还没有做完")


CHECKS = (audit_chain, late_deadlines_are_reminded, files_are_there, outbox_is_empty)


def broken() -> list[Broken]:
    """Everything that does not hold."""
    return [found for check in CHECKS for found in check()]

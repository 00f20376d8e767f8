"""Work for after the commit. The row is the queue of record; the broker is only rung like a bell.

An act enqueues inside its transaction: if it is rolled back nothing was asked, if the broker is
down or loses the bell the sweep rings again. A task may therefore run twice and must be idempotent.
"""

import logging
import threading
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.models import DirtyBucket, OutboxEvent
from core.statements import insert

logger = logging.getLogger(__name__)

RUN_OUTBOX = "core.run_outbox"
LEASE = timedelta(seconds=60)  # a worker that took an event and died loses it after this long
LONGEST_WAIT = timedelta(hours=1)
KEPT = timedelta(days=30)
_ringing = threading.Lock()


def enqueue(task_name: str, **ids: Any) -> OutboxEvent:
    """Ask for `task_name` (a registered Celery name) to run with `ids` after the commit."""
    event = OutboxEvent(task=task_name, arguments=ids)
    insert(event)
    transaction.on_commit(ring)
    return event


def mark_dirty(*, town_code: str, on: date) -> None:
    """Say that the tallies of the town's month must be counted anew."""
    insert(dirty(town_code=town_code, on=on))


def dirty(*, town_code: str, on: date) -> DirtyBucket:
    """The row that says so, for who writes it with others."""
    return DirtyBucket(town_code=town_code, month=on.replace(day=1))


def ring() -> None:
    """Wake a worker, best effort and without waiting: a broker that is down or silent costs the caller nothing."""
    if _ringing.acquire(blocking=False):
        threading.Thread(target=_publish, name="outbox-bell", daemon=True).start()


def _publish() -> None:
    try:
        from core.queue import app  # noqa: PLC0415 (loaded by the first bell of a process)

        app.send_task(RUN_OUTBOX, ignore_result=True, retry=False)
    except Exception as error:  # the bell must never break what it rings for; the sweep rings again
        logger.warning("outbox: bell not rung (%s)", type(error).__name__)
    finally:
        _ringing.release()


def is_waiting(now: datetime) -> bool:
    """Whether an event waits that somebody may take."""
    return _takeable(now).exists()


def run_waiting() -> int:
    """Run every waiting event, each in turn; returns how many were done. A failed one comes back later."""
    done = 0
    while event := _take(timezone.now()):
        done += _run(event)
    return done


def forget_done(now: datetime) -> int:
    """Delete events done more than thirty days ago."""
    deleted, _ = OutboxEvent.objects.filter(done_at__lt=now - KEPT).delete()
    return deleted


def _takeable(now: datetime) -> Any:
    return OutboxEvent.objects.filter(done_at=None, not_before__lte=now)


@transaction.atomic
def _take(now: datetime) -> OutboxEvent | None:
    """Take the next event for a lease: nobody else gets it before the lease ends."""
    event: OutboxEvent | None = _takeable(now).select_for_update(skip_locked=True).order_by("not_before", "id").first()
    if event is not None:
        event.attempts += 1
        event.not_before = now + max(LEASE, min(LONGEST_WAIT, timedelta(seconds=2**event.attempts)))
        event.save(update_fields=["attempts", "not_before"])
    return event


def _run(event: OutboxEvent) -> bool:
    """Run the task outside any transaction of ours, then mark the event done."""
    from core.queue import app  # noqa: PLC0415 (as above)

    try:
        app.tasks[event.task](**event.arguments)
    except Exception:  # whatever the task raised, the other events must run
        logger.exception("outbox: %s #%s failed, attempt %s", event.task, event.pk, event.attempts)
        return False
    return bool(OutboxEvent.objects.filter(pk=event.pk, done_at=None).update(done_at=timezone.now()))

"""Celery tasks of core: ids in, one action call."""

from celery import shared_task
from django.utils import timezone

from core.actions import anchors, files, outbox, reminders, sessions


@shared_task(name="core.sweep")
def sweep() -> None:
    """Send what is due; ring again for outbox events whose bell was lost."""
    now = timezone.now()
    reminders.sweep(at=now)
    if outbox.is_waiting(now):
        outbox.ring()


@shared_task(name="core.run_outbox")
def run_outbox() -> None:
    """Run what acts asked for after their commit."""
    outbox.run_waiting()


@shared_task(name="core.anchor_audit")
def anchor_audit() -> None:
    """Write the ends of the audit chains outside the database, once a day."""
    anchors.write_anchors(at=timezone.now())


@shared_task(name="core.tidy")
def tidy() -> None:
    """Remove done outbox events, files that no row names, sessions long over."""
    now = timezone.now()
    sessions.forget_expired(now)
    outbox.forget_done(now)
    files.remove_orphans(now)

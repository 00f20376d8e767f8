"""Celery tasks of roster: ids in, one call."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from core.actions.exports import expire
from roster import uploads
from roster.actions import ended_terms, exports, import_work
from roster.models import RosterExport


@shared_task(name="roster.check_upload")
def check_upload(import_id: str) -> None:
    """Check a large list."""
    uploads.run_check(UUID(import_id))


@shared_task(name="roster.apply_upload")
def apply_upload(import_id: str) -> None:
    """Write a large list."""
    uploads.run_apply(UUID(import_id))


@shared_task(name="roster.tidy_uploads")
def tidy_uploads() -> None:
    """Wipe the lists that nobody wrote within seven days."""
    import_work.expire_uploads(timezone.now())


@shared_task(name="roster.make_export")
def make_export(*, export_id: str) -> None:
    """Make the file of a large list."""
    exports.MAKER.make(UUID(export_id))


@shared_task(name="roster.expire_exports")
def expire_exports() -> None:
    """Delete the files of lists taken out more than a day ago."""
    expire(RosterExport, timezone.now())


@shared_task(name="roster.follow_ended_terms")
def follow_ended_terms() -> None:
    """Close the accounts of those whose last day was yesterday."""
    ended_terms.follow_ended_terms()

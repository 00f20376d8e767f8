"""Celery tasks of disputes: ids in, one call."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from core.actions.exports import expire
from disputes import uploads
from disputes.actions import exports, ledger_imports
from disputes.models import LedgerExport


@shared_task(name="disputes.make_export")
def make_export(*, export_id: str) -> None:
    """Make the file of a large export."""
    exports.MAKER.make(UUID(export_id))


@shared_task(name="disputes.expire_exports")
def expire_exports() -> None:
    """Delete the files taken out of the ledger more than a day ago."""
    expire(LedgerExport, timezone.now())


@shared_task(name="disputes.check_ledger")
def check_ledger(*, import_id: str) -> None:
    """Check a large ledger."""
    uploads.run_check(UUID(import_id))


@shared_task(name="disputes.apply_ledger")
def apply_ledger(*, import_id: str) -> None:
    """Write a large ledger."""
    uploads.run_apply(UUID(import_id))


@shared_task(name="disputes.tidy_ledgers")
def tidy_ledgers() -> None:
    """Wipe the ledgers that nobody wrote within seven days."""
    ledger_imports.expire_ledgers(timezone.now())

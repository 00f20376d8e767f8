"""Celery tasks of roster: ids in, one action call."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from roster.actions import exports


@shared_task(name="roster.make_export")
def make_export(*, export_id: str) -> None:
    """Make the file of a large list."""
    exports.make_export(export_id=UUID(export_id))


@shared_task(name="roster.expire_exports")
def expire_exports() -> None:
    """Delete the files of lists taken out more than a day ago."""
    exports.expire_exports(timezone.now())

"""Celery tasks of reports: ids in, one action call."""

from celery import shared_task

from reports.actions import tallies


@shared_task(name="reports.refresh_tallies")
def refresh_tallies() -> None:
    """Count anew the months that acts have marked."""
    tallies.refresh_dirty()

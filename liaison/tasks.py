"""Celery tasks of liaison: ids in, one action call."""

from celery import shared_task
from django.utils import timezone

from liaison.actions import assistance_visits


@shared_task(name="liaison.forget_locations")
def forget_locations() -> None:
    """Wipe where visits were, some days after their result was recorded."""
    assistance_visits.forget_locations(timezone.now())

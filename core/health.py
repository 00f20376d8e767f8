"""Whether what the service stands on is there. Each check answers True or False and never raises."""

import logging
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from core.models import SweepRun

logger = logging.getLogger(__name__)
BROKER_PATIENCE_SECONDS = 1


def database() -> bool:
    """It answers a query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def migrations() -> bool:
    """Every migration of the code is applied."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def broker() -> bool:
    """The queue can be reached; for the file-system broker: its folder can be written."""
    if not settings.REDIS_URL:
        return os.access(Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]), os.W_OK)
    from redis import Redis  # noqa: PLC0415 (only where there is one)

    patience = BROKER_PATIENCE_SECONDS
    with Redis.from_url(settings.REDIS_URL, socket_timeout=patience, socket_connect_timeout=patience) as link:
        return bool(link.ping())


def sweep() -> bool:
    """The sweep ran lately: worker and beat are alive."""
    oldest = timezone.now() - timedelta(seconds=settings.SWEEP_MAX_AGE_SECONDS)
    return SweepRun.objects.filter(finished_at__gte=oldest).exists()


def everything() -> dict[str, bool]:
    """All checks by name."""
    return {check.__name__: _safely(check) for check in (database, migrations, broker, sweep)}


def _safely(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:  # a check that breaks is a check that failed, whatever broke
        logger.warning("health: %s failed (%s)", check.__name__, type(error).__name__)
        return False

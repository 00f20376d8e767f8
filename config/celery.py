"""What workers and beat load (`celery -A config`): the app, the tasks of each app, what beat sends by itself."""

import os

from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from core.queue import app

__all__ = ["app"]

app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep": {"task": "core.sweep", "schedule": 60.0},
    "tallies": {"task": "reports.refresh_tallies", "schedule": 30.0},
    "audit-anchor": {"task": "core.anchor_audit", "schedule": crontab(hour=0, minute=5)},
    "roster-tidy": {"task": "roster.tidy_uploads", "schedule": crontab(minute=40)},
    "follow-ended-terms": {"task": "roster.follow_ended_terms", "schedule": crontab(hour=0, minute=2)},
    "ledger-tidy": {"task": "disputes.tidy_ledgers", "schedule": crontab(minute=41)},
    "tidy": {"task": "core.tidy", "schedule": crontab(hour=3, minute=0)},
    "expire-exports": {"task": "roster.expire_exports", "schedule": crontab(minute=15)},
    "expire-ledger-exports": {"task": "disputes.expire_exports", "schedule": crontab(minute=16)},
}

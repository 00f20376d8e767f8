"""Lists that a worker takes on, and the worker."""

from datetime import timedelta

import time_machine
from django.db.models import Max
from django.utils import timezone

from core.actions import outbox
from core.models import OutboxEvent
from roster import uploads
from roster.models import RosterImport
from tests.conftest import TAIPING
from tests.roster.workbooks import person, roster

LIST = [person(1), person(3), person(5), person(7, 联系电话="1")]
DATA = roster(*LIST)


def take(by, *rows, town=TAIPING):
    data = roster(*rows) if rows else DATA
    return uploads.take_upload(data=data, file_name="名单.xlsx", town=town, since=None, by=by)


def now(kept):
    return RosterImport.objects.get(pk=kept.pk)


def work() -> int:
    """What a worker does when it is rung, a minute after the last sign of life."""
    last = RosterImport.objects.aggregate(last=Max("worked_at"))["last"] or timezone.now()
    OutboxEvent.objects.filter(done_at=None).update(not_before=timezone.now())
    with time_machine.travel(last + timedelta(seconds=61), tick=False):
        return outbox.run_waiting()


def checked(by, *rows):
    kept = take(by, *rows)
    work()
    return now(kept)


def ask(kept, by, *, skip=True):
    assert uploads.apply_upload(import_id=kept.pk, shown=now(kept).fingerprint, skip_invalid=skip, by=by) is None

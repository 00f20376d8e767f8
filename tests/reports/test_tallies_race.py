"""Two workers and a writer at one tally: nothing counted is lost, nothing stale stays. Run on both databases."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connection

from core.actions.outbox import mark_dirty
from core.models import DirtyBucket
from reports.actions.tallies import refresh_dirty
from reports.models import MonthlyTally
from tests.conftest import TAIPING

pytestmark = pytest.mark.django_db(transaction=True)
JUNE = date(2023, 6, 1)
WAIT = 10


@contextmanager
def held_after_counting(counted: threading.Event, go_on: threading.Event) -> Iterator[None]:
    """This worker has counted and pauses before it writes."""

    def hold(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if "UNION ALL" in sql:
            counted.set()
            go_on.wait(WAIT)
        return answer

    with connection.execute_wrapper(hold):
        yield


def in_thread(act: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_slow_worker_never_overwrites_what_a_later_one_counted(ledger):
    ledger.dispute(date(2023, 6, 2))
    mark_dirty(town_code=TAIPING, on=JUNE)
    counted, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with held_after_counting(counted, go_on):
            refresh_dirty()

    slow_worker = in_thread(slow)
    assert counted.wait(WAIT)
    if connection.vendor == "sqlite":  # writers of SQLite wait for the whole transaction: let it go first
        go_on.set()
    ledger.dispute(date(2023, 6, 3))
    mark_dirty(town_code=TAIPING, on=JUNE)
    later_worker = in_thread(refresh_dirty)
    go_on.set()
    for thread in (slow_worker, later_worker):
        thread.join(WAIT)
    refresh_dirty()

    assert (MonthlyTally.objects.get(month=JUNE).registered, DirtyBucket.objects.count()) == (2, 0)


def test_two_workers_at_once_count_once(ledger):
    ledger.dispute(date(2023, 6, 2))
    mark_dirty(town_code=TAIPING, on=JUNE)

    for thread in [in_thread(refresh_dirty), in_thread(refresh_dirty)]:
        thread.join(WAIT)

    assert list(MonthlyTally.objects.values_list("town_code", "month", "registered")) == [(TAIPING, JUNE, 1)]
    assert DirtyBucket.objects.count() == 0

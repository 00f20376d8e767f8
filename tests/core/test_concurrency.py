"""Several at once: the chain has no gap, a reminder goes out once, an event runs once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from celery import shared_task
from django.db import connection

from core import audit_trail
from core.actions import audit, outbox, reminders
from core.choices import RestKind, Role
from core.models import AuditEntry, Deadline, Notification, OutboxEvent, Reminder, RestDay, User

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS, ROUNDS = 4, 8
AT = datetime(2026, 11, 26, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
RAN: list[int] = []


@shared_task(name="tests.count")
def count(number: int) -> None:
    RAN.append(number)


def all_at_once(act: Callable[[], object]) -> None:
    """Run `act` in several threads, each with a connection of its own; the first error comes through."""

    def in_a_thread() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        for future in [pool.submit(in_a_thread) for _ in range(WORKERS)]:
            future.result(timeout=60)


@pytest.fixture
def person(settings) -> User:
    settings.SUPERVISOR_USERNAME = "one"
    return User.objects.create(username="one", role=Role.COMMITTEE)


@pytest.mark.parametrize("with_rows", [False, True])
def test_many_writers_leave_one_chain_without_gap(person, with_rows):
    """Also where new rows of the act are written in the statement that locks the chain."""

    def write() -> None:
        for _ in range(ROUNDS):
            rows = [outbox.dirty(town_code="445381101", on=AT.date())] if with_rows else []
            audit.record("test.act", by=person, beside=rows)

    all_at_once(write)

    assert list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, WORKERS * ROUNDS + 1)
    )
    assert [verdict.problems for verdict in audit_trail.verify()] == [[]]


def test_two_beats_remind_once(person):
    RestDay.objects.create(date="2026-10-01", kind=RestKind.HOLIDAY, source="x")
    for number in range(20):
        Deadline.objects.create(
            kind="any", title="任一", subject_label="x", subject_id=str(number), town_code="445381101",
            base_event_on="2026-11-01", due_on="2026-11-26", raw_due_on="2026-11-26", started_at=AT,
            responsible=person,
        )  # fmt: skip

    all_at_once(lambda: reminders.sweep(at=AT))

    assert (Reminder.objects.count(), Notification.objects.count()) == (20, 20)


def test_two_workers_run_an_event_once():
    RAN.clear()
    for number in range(20):
        OutboxEvent.objects.create(task="tests.count", arguments={"number": number})

    all_at_once(outbox.run_waiting)

    assert sorted(RAN) == list(range(20))

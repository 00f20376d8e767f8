"""The outbox: the row is the queue, the bell is best effort, a lost or failing run comes back."""

import logging
import threading
from datetime import date, timedelta

import pytest
from celery import shared_task
from django.utils import timezone

from config.celery import app as celery
from core import tasks
from core.actions import outbox
from core.models import DirtyBucket, OutboxEvent, SweepRun

RAN: list[int] = []


@shared_task(name="tests.note")
def note(number: int) -> None:
    RAN.append(number)


@shared_task(name="tests.fail")
def fail() -> None:
    raise RuntimeError("the printer is out of paper")


@pytest.fixture(autouse=True)
def nothing_ran() -> None:
    RAN.clear()


@pytest.fixture
def bell(monkeypatch):
    """What is published, in place of a broker (the outside world)."""
    rung: list[str] = []
    monkeypatch.setattr(celery, "send_task", lambda name, **_: rung.append(name))
    return rung


def wait_for_bell() -> None:
    for thread in threading.enumerate():
        if thread.name == "outbox-bell":
            thread.join(5)


@pytest.mark.django_db
def test_nothing_is_published_before_the_commit(bell, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        outbox.enqueue("tests.note", number=7)
        assert bell == []
    wait_for_bell()

    assert bell == ["core.run_outbox"]
    assert OutboxEvent.objects.get().arguments == {"number": 7}


@pytest.mark.django_db
def test_a_waiting_event_runs_once():
    outbox.enqueue("tests.note", number=7)

    assert outbox.run_waiting() == 1
    assert outbox.run_waiting() == 0
    assert RAN == [7]
    assert OutboxEvent.objects.get().done_at is not None


@pytest.mark.django_db
def test_events_run_in_the_order_they_were_asked_for():
    for number in (3, 1, 2):
        outbox.enqueue("tests.note", number=number)

    outbox.run_waiting()

    assert RAN == [3, 1, 2]


@pytest.mark.django_db
def test_a_failing_task_does_not_stop_the_others_and_comes_back_later(caplog):
    caplog.set_level(logging.CRITICAL)
    outbox.enqueue("tests.fail")
    outbox.enqueue("tests.note", number=1)

    assert outbox.run_waiting() == 1

    failed = OutboxEvent.objects.get(task="tests.fail")
    assert (failed.done_at, failed.attempts, RAN) == (None, 1, [1])
    assert failed.not_before > timezone.now() + timedelta(seconds=50)


@pytest.mark.django_db
def test_an_event_whose_worker_died_is_taken_again_after_its_lease():
    event = outbox.enqueue("tests.note", number=1)
    now = timezone.now()
    assert outbox._take(now) == event  # and the worker dies here

    assert outbox._take(now + outbox.LEASE - timedelta(seconds=1)) is None
    assert outbox._take(now + outbox.LEASE) == event


@pytest.mark.django_db
def test_what_is_done_is_not_taken_again_when_its_lease_is_over():
    outbox.enqueue("tests.note", number=1)
    outbox.run_waiting()

    assert outbox._take(timezone.now() + timedelta(days=1)) is None


@pytest.mark.django_db
def test_waiting_grows_with_each_failure_up_to_an_hour():
    outbox.enqueue("tests.note", number=1)
    OutboxEvent.objects.update(attempts=40)
    now = timezone.now()

    outbox._take(now)

    assert OutboxEvent.objects.get().not_before == now + timedelta(hours=1)


@pytest.mark.django_db
def test_done_events_are_forgotten_after_thirty_days():
    now = timezone.now()
    for days in (29, 31):
        OutboxEvent.objects.create(task="tests.note", done_at=now - timedelta(days=days))
    OutboxEvent.objects.create(task="tests.note")

    assert outbox.forget_done(now) == 1
    assert OutboxEvent.objects.count() == 2


def test_a_broker_that_is_down_breaks_nothing(monkeypatch, caplog):
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(celery, "send_task", refuse)

    outbox.ring()
    wait_for_bell()

    assert "bell not rung (ConnectionRefusedError)" in caplog.text
    assert outbox._ringing.locked() is False


def test_a_broker_that_hangs_holds_nobody_up(monkeypatch):
    answered = threading.Event()
    calls: list[str] = []

    def hang(name: str, **_: object) -> None:
        calls.append(name)
        answered.wait(5)

    monkeypatch.setattr(celery, "send_task", hang)

    outbox.ring()
    outbox.ring()  # the first is still waiting: no second thread is made
    answered.set()
    wait_for_bell()

    assert calls == ["core.run_outbox"]


@pytest.mark.django_db
def test_a_month_is_marked_by_its_first_day():
    outbox.mark_dirty(town_code="445381101", on=date(2026, 9, 23))

    assert DirtyBucket.objects.values_list("town_code", "month").get() == ("445381101", date(2026, 9, 1))


# ── tasks ────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_sweep_task_rings_for_an_event_whose_bell_was_lost(bell):
    outbox.enqueue("tests.note", number=1)

    tasks.sweep()
    wait_for_bell()

    assert bell == ["core.run_outbox"]
    assert SweepRun.objects.count() == 1


@pytest.mark.django_db
def test_the_sweep_task_does_not_ring_for_nothing(bell):
    tasks.sweep()
    wait_for_bell()

    assert bell == []


@pytest.mark.django_db
def test_the_outbox_task_runs_what_waits():
    outbox.enqueue("tests.note", number=5)

    tasks.run_outbox()

    assert RAN == [5]


@pytest.mark.django_db
def test_tidying_forgets_old_events():
    OutboxEvent.objects.create(task="tests.note", done_at=timezone.now() - timedelta(days=40))

    tasks.tidy()

    assert OutboxEvent.objects.count() == 0

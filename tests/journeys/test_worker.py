"""A real worker and a real beat on the test database and the configured broker: what was asked is done once."""

import base64
import os
import shelve
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from celery.beat import PersistentScheduler
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from config.celery import app as celery
from core.actions import outbox
from core.choices import Certainty, Unit
from core.models import Deadline, DeadlineRule, DirtyBucket, Notification, OutboxEvent, Reminder, SweepRun, User
from tests.conftest import TAIPING

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parent.parent.parent
CELERY = [sys.executable, "-m", "celery", "-A", "config", "--quiet"]
WORKER = [
    *CELERY,
    "worker",
    "-P",
    "threads",
    "-c",
    "2",
    "--without-gossip",
    "--without-mingle",
    "--loglevel",
    "WARNING",
]
PATIENCE = 60.0
TALLIES = "reports.refresh_tallies"
BELLS = 5
FIRST_REDIS_DB, REDIS_DBS = 8, 8  # of sixteen; a test process each


# ── processes ────────────────────────────────────────────────────────────────
def database_url() -> str:
    """The test database as another process opens it."""
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    who = f"{quote(place['USER'])}:{quote(place['PASSWORD'])}"
    return f"postgres://{who}@{place['HOST']}:{place['PORT']}/{place['NAME']}"


@pytest.fixture
def own_broker(tmp_path) -> Iterator[dict[str, str]]:
    """A broker that no other test process rings; gives the environment that leads another process to it."""
    if settings.REDIS_URL:
        number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        url = f"{settings.REDIS_URL.rpartition('/')[0]}/{FIRST_REDIS_DB + int(number) % REDIS_DBS}"
        found, options = {"REDIS_URL": url}, {}
    else:
        url, found, options = "filesystem://", {"BROKER_DIR": str(tmp_path)}, folders(tmp_path)
    before = {name: celery.conf[name] for name in ("broker_url", "broker_transport_options")}
    lead_celery({"broker_url": url, "broker_transport_options": {**before["broker_transport_options"], **options}})
    celery.control.purge()
    yield found
    lead_celery(before)


def folders(broker: Path) -> dict[str, str]:
    """The file-system broker's folders, as settings lay them out under BROKER_DIR."""
    found = {name: broker / name for name in ("queue", "processed", "control")}
    for folder in found.values():
        folder.mkdir()
    keys = {"data_folder_in": "queue", "data_folder_out": "queue", "processed_folder": "processed"}
    return {key: str(found[name]) for key, name in {**keys, "control_folder": "control"}.items()}


def lead_celery(where: dict[str, Any]) -> None:
    """Point this process's Celery at another broker; open connections are given up as after a fork."""
    celery.conf.update(where)
    celery._after_fork()


def environment(var: Path, broker: dict[str, str]) -> dict[str, str]:
    """What `make run` gives its processes, with the keys of the tests."""
    keys = ",".join(f"{name}:{base64.urlsafe_b64encode(key).decode()}" for name, key in settings.FIELD_KEYS.items())
    own = {"DEMO": "1", "VAR_DIR": str(var), "DATABASE_URL": database_url(), "FIELD_KEYS": keys}
    rest = {"SECRET_KEY": settings.SECRET_KEY, "SUPERVISOR_USERNAME": settings.SUPERVISOR_USERNAME}
    return {**os.environ, **own, **broker, **rest}


@contextmanager
def running(command: list[str], var: Path, broker: dict[str, str]) -> Iterator[None]:
    """A process of ours for as long as the block lasts; what it said is shown when it died early."""
    var.mkdir(exist_ok=True)
    with (var / "said").open("wb") as said:
        env = environment(var, broker)
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=said, stderr=subprocess.STDOUT)
    try:
        yield
        assert process.poll() is None, (var / "said").read_text(errors="replace")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


Start = Callable[..., None]


@pytest.fixture
def start_worker(tmp_path, transactional_db, own_broker) -> Iterator[Start]:
    """start_worker() starts one more worker; all end before the database is emptied."""
    with ExitStack() as processes:
        number = iter(range(9))
        yield lambda: processes.enter_context(running(WORKER, tmp_path / f"worker-{next(number)}", own_broker))


@pytest.fixture
def start_beat(tmp_path, start_worker, own_broker) -> Iterator[Start]:
    """start_beat() starts one more beat that finds every entry overdue, as after an hour of standing still."""
    with ExitStack() as processes:
        number = iter(range(9))

        def start() -> None:
            var = tmp_path / f"beat-{next(number)}"
            var.mkdir()
            schedule = var / "schedule"
            let_an_hour_pass(schedule)
            command = [*CELERY, "beat", "--schedule", str(schedule), "--pidfile", "", "--loglevel", "WARNING"]
            processes.enter_context(running(command, var, own_broker))

        yield start


def let_an_hour_pass(schedule: Path) -> None:
    """Write beat's own file, with every entry last sent an hour ago."""
    beat = PersistentScheduler(celery, schedule_filename=str(schedule), lazy=False)
    beat.close()
    with shelve.open(str(schedule), writeback=True) as kept:
        for entry in kept["entries"].values():
            entry.last_run_at = timezone.now() - timedelta(hours=1)


def wait_until(holds: Callable[[], bool]) -> None:
    """Look again and again; fails when it does not come true."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, f"not within {PATIENCE:.0f} seconds"
        time.sleep(0.1)


def all_done() -> bool:
    return not OutboxEvent.objects.filter(done_at=None).exists()


# ── what is asked ────────────────────────────────────────────────────────────
def ask(times: int = 1) -> None:
    """As an act does: events in one transaction, the bell after the commit."""
    with transaction.atomic():
        outbox.mark_dirty(town_code=TAIPING, on=date(2023, 9, 20))
        for _ in range(times):
            outbox.enqueue(TALLIES)


@pytest.fixture
def late(divisions, mediator_of_taiping, committee_officer) -> list[Deadline]:
    """Three days that have passed: two of the mediator, one that nobody answers for."""
    rule = DeadlineRule.objects.create(
        key="confirm_accept", valid_from=date(2011, 3, 30), title="决定是否受理", length=3, unit=Unit.CALENDAR,
        start_event="收到申请", actor="court", basis="法释〔2011〕5号 4", certainty=Certainty.VERIFIED,
    )  # fmt: skip
    yesterday = timezone.localdate() - timedelta(days=1)
    return [
        Deadline.objects.create(
            kind=rule.key, title=rule.title, subject_label="core.user", subject_id=str(number), town_code=TAIPING,
            rule=rule, base_event_on=yesterday - timedelta(days=3), due_on=yesterday, raw_due_on=yesterday,
            started_at=timezone.now() - timedelta(days=4), responsible=responsible,
        )
        for number, responsible in enumerate((mediator_of_taiping, mediator_of_taiping, None))
    ]  # fmt: skip


# ── what must be so ──────────────────────────────────────────────────────────
@pytest.mark.usefixtures("divisions")
def test_what_an_act_asked_for_is_done_once_however_often_the_bell_rings(start_worker):
    start_worker()
    ask()
    for _ in range(BELLS):
        outbox.ring()

    wait_until(all_done)

    event = OutboxEvent.objects.get()
    assert (event.task, event.attempts, DirtyBucket.objects.count()) == (TALLIES, 1, 0)


@pytest.mark.usefixtures("divisions")
def test_what_was_asked_while_the_bell_was_lost_is_done_by_the_beat(start_worker, start_beat):
    OutboxEvent.objects.create(task=TALLIES, arguments={})
    start_worker()
    start_beat()

    wait_until(all_done)

    assert OutboxEvent.objects.get().attempts == 1


def test_two_beats_remind_each_person_once(start_worker, start_beat, late):
    start_worker()
    start_beat()
    start_beat()

    wait_until(lambda: SweepRun.objects.count() > 1)

    told = Reminder.objects.order_by("deadline").values_list("deadline", "stage", "recipient__username")
    people = ["mediator_of_taiping", "mediator_of_taiping", "committee_officer"]
    assert list(told) == [(deadline.pk, "late", name) for deadline, name in zip(late, people, strict=True)]
    sent = Reminder.objects.exclude(sent_at=None).count()
    assert Notification.objects.count() == sent
    assert User.objects.count() == 2


@pytest.mark.services
@pytest.mark.usefixtures("divisions")
def test_two_workers_on_postgresql_and_redis_share_the_work_and_do_each_piece_once(start_worker):
    if connection.vendor != "postgresql" or not settings.REDIS_URL:
        missing = "needs DATABASE_URL of PostgreSQL and REDIS_URL"
        pytest.fail(missing) if os.environ.get("REQUIRE_SERVICES") else pytest.skip(missing)
    for _ in range(2):
        start_worker()
    for _ in range(BELLS):
        ask(times=4)

    wait_until(all_done)

    assert list(OutboxEvent.objects.values_list("attempts", flat=True)) == [1] * 4 * BELLS

"""What watchers are told: alive, ready, and what is missing."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError
from django.utils import timezone

from core import health
from core.models import SweepRun

READY = {"database": True, "migrations": True, "broker": True, "sweep": True}


@pytest.fixture
def swept(db) -> None:
    SweepRun.objects.create(at=timezone.now(), finished_at=timezone.now())


def test_a_living_process_says_so_without_asking_anybody(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok\n", "text/plain")


def test_a_ready_service_says_so(client, swept):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"ready": True} | READY)


@pytest.mark.parametrize(("seconds", "fresh"), [(299, True), (301, False)])
def test_a_sweep_older_than_five_minutes_is_missed(db, seconds, fresh):
    SweepRun.objects.create(at=timezone.now(), finished_at=timezone.now() - timedelta(seconds=seconds))

    assert health.sweep() is fresh


def test_a_service_whose_sweep_stands_still_is_not_ready(client, db):
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False} | READY | {"sweep": False}


def test_a_check_that_breaks_is_a_check_that_failed(caplog):
    def broken() -> bool:
        raise DatabaseError

    assert health._safely(broken) is False
    assert "health: broken failed (DatabaseError)" in caplog.text


def test_a_queue_folder_that_is_gone_is_a_broker_that_is_down(settings, tmp_path):
    settings.REDIS_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path)}
    assert health.broker() is True

    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path / "gone")}
    assert health.broker() is False


def test_a_redis_that_does_not_answer_is_a_broker_that_is_down(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert health._safely(health.broker) is False


@pytest.mark.skipif(not django_settings.REDIS_URL, reason="runs on the file-system broker")
def test_a_redis_that_answers_is_a_broker_that_is_up():
    assert health.broker() is True


def test_the_database_answers(db):
    assert health.database() is True


def test_the_code_has_no_migration_that_the_database_lacks(db):
    assert health.migrations() is True

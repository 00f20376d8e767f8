"""What make calls: steps skipped when done, ports and processes looked at before anything is started."""

import os
import socket
import subprocess
import sys

import pytest

from bench.__main__ import all_there_are
from tools import checks, environment, processes, serve, stamps, tests
from tools.places import ROOT, StepError


# ── stamps ───────────────────────────────────────────────────────────────────
def test_step_is_done_only_on_exactly_the_same_input(tmp_path):
    stamp, file = tmp_path / "stamps/packages", tmp_path / "requirements.txt"
    file.write_text("Django==5.2.19")
    before = stamps.digest([file], "3.11")
    stamps.mark_done(stamp, before)
    file.write_text("Django==5.2.20")
    assert stamps.is_done(stamp, before) is True
    assert stamps.is_done(stamp, stamps.digest([file], "3.11")) is False
    assert stamps.is_done(stamp, stamps.digest([file], "3.12")) is False


def test_missing_stamp_means_not_done(tmp_path):
    assert stamps.is_done(tmp_path / "nothing", "") is False


# ── port ─────────────────────────────────────────────────────────────────────
@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_port_in_use_is_refused_with_the_next_one_to_try(taken_port):
    with pytest.raises(StepError, match=f"make run PORT={taken_port + 1}"):
        serve.make_room(taken_port)


@pytest.mark.parametrize("text", ["", "abc", "0", "65536", "-1", "80.5"])
def test_words_that_are_no_port_are_refused(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(StepError):
        serve.port_from_environment()


def test_port_is_8000_unless_told(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    assert serve.port_from_environment() == 8000


# ── processes ────────────────────────────────────────────────────────────────
@pytest.fixture
def run_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "FOLDER", tmp_path)
    return tmp_path


@pytest.fixture
def left_behind(run_folder):
    """A process that looks like a worker of this checkout, with its pid file."""
    says = "import time; print('here', flush=True); time.sleep(60)"
    waiting = [sys.executable, "-c", says, f"{ROOT}/.venv/bin/celery"]
    with subprocess.Popen(waiting, stdout=subprocess.PIPE) as worker:
        assert worker.stdout.readline() == b"here\n"  # until then the kernel may not know how it was called
        processes.pid_file("worker").write_text(str(worker.pid))
        yield worker
        worker.kill()


def test_worker_left_behind_is_found_while_it_lives(left_behind):
    assert processes.orphans() == [processes.Process("worker", left_behind.pid)]
    left_behind.terminate()
    left_behind.wait()
    assert processes.orphans() == []


def test_end_stops_what_it_is_given(run_folder, left_behind, monkeypatch):
    monkeypatch.setattr(processes, "PATIENCE", 0.5)
    processes.end(processes.orphans())
    assert left_behind.wait(timeout=5) < 0


def test_number_that_now_belongs_to_another_program_is_not_ours(run_folder):
    processes.pid_file("web").write_text(str(os.getpid()))
    assert processes.orphans() == []


@pytest.mark.parametrize("text", ["", "no number", "999999999"])
def test_unreadable_or_dead_pid_file_means_nobody(run_folder, text):
    processes.pid_file("beat").write_text(text)
    assert processes.alive("beat") is None


@pytest.fixture
def first_start(run_folder):
    """A process that looks like `make run`; it leaves two seconds after it was asked to."""
    says = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: (time.sleep(2), sys.exit()));"
        "print('here', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", says, "tools run"], stdout=subprocess.PIPE) as first:
        assert first.stdout.readline() == b"here\n"
        processes.pid_file(processes.STARTER).write_text(str(first.pid))
        yield first
        first.kill()


@pytest.fixture
def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_second_start_is_refused_while_the_first_runs(first_start, free_port):
    with pytest.raises(StepError, match=f"已经在运行（进程 {first_start.pid}）"):
        serve.make_room(free_port)


def stop(first) -> None:
    """What Ctrl-C does to a start: it notes so, and leaves when it can."""
    processes.pid_file(processes.STOPPING).write_text(str(first.pid))
    first.terminate()


def test_second_start_waits_for_the_first_that_is_stopping(first_start, free_port, capsys):
    stop(first_start)
    serve.make_room(free_port)
    assert (processes.alive(processes.STARTER), first_start.wait(timeout=5)) == (None, 0)
    assert capsys.readouterr().out.count("上次的正在停下，等它停完") == 1


def test_start_that_cannot_stop_is_told_after_a_while(first_start, free_port, monkeypatch):
    monkeypatch.setattr(serve, "GONE_WITHIN", 0.3)
    processes.pid_file(processes.STOPPING).write_text(str(first_start.pid))
    with pytest.raises(StepError, match=f"上次的还没有停完（进程 {first_start.pid}）"):
        serve.make_room(free_port)


def test_note_of_an_earlier_stop_says_nothing_of_a_new_start(first_start, free_port):
    processes.pid_file(processes.STOPPING).write_text(str(first_start.pid + 1))
    with pytest.raises(StepError, match="已经在运行"):
        serve.make_room(free_port)


def test_stop_is_noted_while_it_lasts_and_forgotten_afterwards(run_folder):
    processes.remember_starter()
    me = processes.Process(processes.STARTER, os.getpid())
    before = processes.is_stopping(me)
    processes.note_stopping()
    during = processes.is_stopping(me)
    processes.forget()
    assert (before, during, processes.is_stopping(me)) == (False, True, False)


# ── gates and tests ──────────────────────────────────────────────────────────
def test_gates_are_the_promised_eight():
    assert [gate.name for gate in checks.gates()] == [
        "ruff check",
        "ruff format",
        "import-linter",
        "mypy",
        "migrations",
        "django check",
        "check --deploy",
        "djlint",
    ]


def test_deploy_check_runs_without_demo_and_with_keys_of_its_own():
    first, second = checks.production_environment(), checks.production_environment()
    assert first["DEMO"] == "0"
    assert first["SECRET_KEY"] != second["SECRET_KEY"]
    assert [part.split(":")[0] for part in first["FIELD_KEYS"].split(",")] == ["k1", "lookup", "audit"]


def test_browser_is_the_one_that_was_named(monkeypatch):
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert tests.chromium() == sys.executable


def test_missing_browser_fails_where_it_is_required_and_is_said_loudly_elsewhere(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)
    assert tests.browser_story("pytest") == 0
    assert "浏览器里的故事【没有】跑" in capsys.readouterr().out
    monkeypatch.setenv("REQUIRE_BROWSER", "1")
    assert tests.browser_story("pytest") == 1


def test_first_number_of_npms_version_decides(tmp_path):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 11.6.2\n")
    npm.chmod(0o755)
    assert environment.npm_version(str(npm)) == 11


def test_the_measurement_that_needs_no_database_runs_first():
    assert all_there_are() == ["triage", "disputes", "ledger_export", "network", "roster"]

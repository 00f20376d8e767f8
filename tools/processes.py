"""The processes of `make run` by their pid files: who still runs, and ending what an earlier start left behind."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tools.places import ROOT, VAR

FOLDER = VAR / "run"
STARTER = "starter"
STOPPING = "stopping"  # holds the number of the starter that was asked to stop
PARTS = ("web", "worker", "beat")
MARKS = {STARTER: "tools run", "web": "gunicorn", "worker": "celery", "beat": "celery"}
PATIENCE = 10.0


@dataclass(frozen=True)
class Process:
    """A process of ours that is alive."""

    part: str
    pid: int


def pid_file(part: str) -> Path:
    """Where the process of this part writes its number."""
    return FOLDER / f"{part}.pid"


def _command_of(pid: int) -> str:
    """How the process was called, "" when there is none (any more)."""
    kernel = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        return kernel.read_bytes().replace(b"\0", b" ").decode(errors="replace") if kernel.exists() else ""
    answer = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def alive(part: str) -> Process | None:
    """The process of this part, if it runs and is really ours: numbers are used again by others."""
    try:
        pid = int(pid_file(part).read_text())
    except (OSError, ValueError):
        return None
    command = _command_of(pid)
    ours = MARKS[part] in command and (part == STARTER or str(ROOT) in command)
    return Process(part, pid) if ours else None


def orphans() -> list[Process]:
    """Parts that go on without their starter."""
    return [found for part in PARTS if (found := alive(part))]


def end(processes: list[Process]) -> None:
    """Ask each to stop, and after PATIENCE seconds stop it."""
    _signal(processes, signal.SIGTERM)
    patient_until = time.monotonic() + PATIENCE
    while (left := [process for process in processes if alive(process.part)]) and time.monotonic() < patient_until:
        time.sleep(0.2)
    _signal(left, signal.SIGKILL)


def _signal(processes: list[Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)


def remember_starter() -> None:
    """Write this process's number, so that a second start sees it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    pid_file(STOPPING).unlink(missing_ok=True)
    pid_file(STARTER).write_text(str(os.getpid()))


def note_stopping() -> None:
    """Write that this starter was asked to stop, so that a second start waits instead of refusing."""
    pid_file(STOPPING).write_text(str(os.getpid()))


def is_stopping(starter: Process) -> bool:
    """Whether that starter was asked to stop and is on its way."""
    try:
        return int(pid_file(STOPPING).read_text()) == starter.pid
    except (OSError, ValueError):
        return False


def forget() -> None:
    """Everything has stopped: the pid files go."""
    for part in (*PARTS, STARTER, STOPPING):  # the starter's after its parts: who waits for it then finds nothing left
        pid_file(part).unlink(missing_ok=True)

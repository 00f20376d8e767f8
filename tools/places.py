"""Where things stand in this checkout, and the two ways of telling and running."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
MODULES = ROOT / "node_modules"
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))


class StepError(Exception):
    """A step did not succeed; the text tells the reader what is so and what to do."""


def say(text: str) -> None:
    """One line for the person at the terminal, at once."""
    sys.stdout.write(f"▸ {text}\n")
    sys.stdout.flush()


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The caller's environment with the virtual environment's programs first."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1", **(extra or {})}


def run(command: Sequence[str | Path], *, extra: Mapping[str, str] | None = None) -> int:
    """Run a command in the checkout with its output on this terminal; returns its exit code."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=environment(extra), check=False).returncode


def must(command: Sequence[str | Path], *, extra: Mapping[str, str] | None = None) -> None:
    """Like `run`, and StepError when the exit code is not 0."""
    code = run(command, extra=extra)
    if code:
        raise StepError(f"没有做成（退出码 {code}）：{' '.join(str(part) for part in command)}")

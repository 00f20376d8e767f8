"""What the measurements of large imports and exports share: a scratch database, a process for each step, the figures.

Wall time is what a person waits; processor time, of the process and of its database session where that runs on the
same machine, is blurred less by others' work. Memory is the process's peak, all of it or what the work adds.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

KILOBYTE = 1024
Work = Callable[[], object]
Step = Callable[[Path], Work | None]
Round = dict[str, dict[str, float]]


@contextmanager
def scratch_database() -> Iterator[dict[str, str]]:
    name = str(settings.DATABASES["default"]["NAME"])
    is_file = connection.vendor == "sqlite"
    scratch = f"{name}.bench" if is_file else f"{name}_bench"
    connection.settings_dict["TEST"]["NAME"] = scratch
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    url = os.environ.get("DATABASE_URL", "")
    try:
        yield dict(os.environ, DATABASE_URL=f"sqlite:///{scratch}" if is_file else url.removesuffix(name) + scratch)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def in_fresh_process(script: str, name: str, folder: Path, environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, script, "--step", name, "--folder", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(f"{name}: {done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measured(step: Step, folder: Path) -> None:
    """Seconds of the work that a step hands back, and how far memory rose above what was there before it."""
    connection.ensure_connection()
    work = step(folder)
    before, began, spent, there = _resident(), time.perf_counter(), _cpu(), _database_cpu()
    if work:
        work()
    figures = {
        "seconds": time.perf_counter() - began,
        "cpu": _cpu() - spent,
        "database": _database_cpu() - there,
        "peak": _peak() / KILOBYTE,
        "added": (_peak() - before) / KILOBYTE,
    }
    sys.stdout.write(f"\n{json.dumps(figures)}\n")


def _cpu() -> float:
    """Processor seconds of this process and of children that ended."""
    return sum(os.times()[:4])


def _database_cpu() -> float:
    """Processor seconds of our session's process; 0 where there is none or it runs elsewhere."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        path = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not path.exists():
        return 0.0
    name, _, numbers = path.read_text().rpartition(")")
    ticks = numbers.split()[11:13] if "postgres" in name else ["0"]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _resident() -> int:
    """Kilobytes in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // KILOBYTE


def _peak() -> int:
    """Kilobytes: the most this process ever had, or a child of it."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def report_ratio(rounds: list[Round], name: str, times: float, memory: int, *, in_all: bool = False) -> None:
    """Time, processor time and memory of a step beside those of its bare work."""
    took, bare = (median(rounds, step, "seconds") for step in (name, f"bare {name}"))
    work, base = (median(rounds, step, "cpu") + median(rounds, step, "database") for step in (name, f"bare {name}"))
    peak, added = (max(found[name][figure] for found in rounds) for figure in ("peak", "added"))
    sys.stdout.write(
        f"  {name}: {took:.1f} s, bare {bare:.1f} s, ratio {took / bare:.2f} (budget {times})\n"
        f"    processor {work:.1f} s, of them {median(rounds, name, 'database'):.1f} in the database,"
        f" bare {base:.1f} s, ratio {work / base:.2f}\n"
        f"    peak {peak:.0f} MiB, added by the work {added:.0f}"
        f" (budget {memory} {'in all' if in_all else 'added'})\n"
    )


def median(rounds: list[Round], step: str, figure: str) -> float:
    return statistics.median(found[step][figure] for found in rounds)

"""Measures the ledger, the search, the dispute page and the intake on a county crowded with disputes, beside the floor.

For each size a scratch database beside the configured one is filled by `seed_demo`; two web servers run on it and on
the floor's (`bench/floor`), and every round asks each page once, so that a noisy neighbour meets them all. A ratio is
the median of a page over the median of its floor, from the same rounds. Then four visitors at once, and the memory of
the workers while thousands of pages are asked for. Only figures of PostgreSQL count.

Run: python bench/disputes.py [--sizes N …] [--rounds N] [--requests N] [--keep]
"""

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEMO", "1")

import django

django.setup()

from django.conf import settings
from django.db import connection

from bench.visits import FOUND, Failed, Server, Visitor, serving

SIZES, ROUNDS, REQUESTS = (10_000, 1_000_000), 30, 10_000
FLOOR_PORT, PORT = 8171, 8172
PASSWORD = "demo-2023"  # noqa: S105 (of every demo account)
CLERKS, SECONDS, CLIENTS, WARM = "committee", 5, 4, 3
EVERY = 1_000  # requests between two looks at the memory
RARE, ONCE, ONCE_LONG, COMMON = "古井", "封控", "疫情封控", "调解"
LEDGER = "/disputes/"
FACTS = """
from datetime import date
from django.db import connection
from core.paging import keyset_page
from disputes.models import Dispute, Party
from disputes.queries import NEWEST
deep = keyset_page(Dispute.objects.filter(registered_on__lte=date(2022, 6, 30)), order=NEWEST).next_cursor
party = Party.objects.filter(dispute__registered_on__gte=date(2023, 1, 1)).exclude(id_number="").first()
late = Dispute.objects.filter(handler__username="mediator").order_by("-registered_on", "-id").first()
village = late.division_id
connection.cursor().execute("ANALYZE")
print("FACTS", deep, party.name, party.id_number, party.id_last4, late.code, village, sep="|")
"""


@dataclass(frozen=True)
class Page:
    """A page to be asked for. `ask` gives the seconds it took; `times` is its budget as a multiple of its floor.

    A word that was common once and is absent lately has a budget in milliseconds (`most`).
    """

    label: str
    ask: Callable[[], float]
    times: float
    floor: str = "floor list"
    most: float = 0


def main() -> None:
    """Fill, serve, ask, print; for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument(
        "--keep", action="store_true", help="keep the filled databases, and use what an earlier run kept"
    )
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        sys.stdout.write("  needs PostgreSQL (DATABASE_URL): the floor and a million rows are measured there only\n")
        return
    with _database("floor", keep=options.keep) as floor:
        _run("-m", "bench.floor.site", FLOOR_URL=floor)
        with serving("bench.floor.site", FLOOR_PORT, {"FLOOR_URL": floor}, plain=True) as floor_server:
            medians = {size: _measured(size, floor_server, options) for size in options.sizes}
    _report_growth(medians)


def _measured(size: int, floor: Server, options: argparse.Namespace) -> dict[str, float]:
    with _database(str(size), keep=options.keep) as url:
        began = time.perf_counter()
        _fill(url, size)
        sys.stdout.write(f"{size:,} disputes, filled in {time.perf_counter() - began:.0f} s\n")
        facts = _facts(url)
        with serving("config.wsgi", PORT, {"DATABASE_URL": url, "DEMO": "1"}) as server:
            pages = list(_pages(facts))
            medians = _medians(pages, options.rounds)
            _report(pages, medians)
            _report_throughput()
            if size == max(options.sizes):
                _report_memory(server, floor, facts, options.requests)
    return medians


# ── what is measured ─────────────────────────────────────────────────────────


def _pages(facts: Mapping[str, str]) -> Iterator[Page]:
    floor = Visitor(FLOOR_PORT).signed_in("bench", "bench")
    reader, writer = (Visitor(PORT).signed_in(name, PASSWORD) for name in (CLERKS, "mediator"))
    yield Page("floor list", lambda: floor.get("/list/").seconds, 1)
    yield Page("floor POST", lambda: _floor_post(floor), 1, "floor POST")
    for label, path in (
        ("ledger, first page", LEDGER),
        ("ledger, deep page", f"{LEDGER}?{urlencode({'cursor': facts['deep']})}"),
        ("ledger, a town's open ones", f"{LEDGER}?town=445381101&state=open"),
        ("ledger, one type of 2022", f"{LEDGER}?type=labour&from=2022-01-01&to=2022-12-31"),
        ("dispute page", f"{LEDGER}{facts['code']}/"),
    ):
        visitor = writer if label == "dispute page" else reader
        yield Page(label, lambda path=path, visitor=visitor: visitor.get(path).seconds, 2)  # type: ignore[misc]
    for label, words, times in (
        ("search, a name", facts["name"], 3),
        ("search, a code", facts["code"], 3),
        ("search, four digits", facts["last4"], 3),
        ("search, an identity number", facts["number"], 3),
        (f"search, {RARE} (rare)", RARE, 5),
        (f"search, {COMMON} (common)", COMMON, 5),
    ):
        path = _searched(reader, words)
        yield Page(label, lambda path=path: reader.get(path).seconds, times)  # type: ignore[misc]
    for words in (ONCE, ONCE_LONG):
        path = _searched(reader, words)
        label = f"search, {words} (common once)"
        yield Page(label, lambda path=path: reader.get(path).seconds, 0, most=0.3)  # type: ignore[misc]
    yield Page("intake POST", lambda: _intake(writer, facts["village"]), 3.5, "floor POST")


def _floor_post(floor: Visitor) -> float:
    if not floor.token:
        floor.get("/new/")
    fields = {"town": "445381101", "title": "测", "body": "测", "kind": "1", "amount": "1", "happened": "2023-09-20"}
    answer = floor.post("/new/", fields)
    if answer.status != FOUND:
        raise Failed(f"the floor's form answered {answer.status}")
    return answer.seconds


def _searched(visitor: Visitor, words: str) -> str:
    """The address to which the search box leads."""
    visitor.get(LEDGER)
    return visitor.post(f"{LEDGER}search/", {"q": words}).location


def _intake(visitor: Visitor, village: str) -> float:
    if not visitor.token:
        visitor.get(f"{LEDGER}new/")
    stranger = uuid.uuid4()  # a person who is known already would be asked about; seeded numbers begin with 135 to 139
    fields = {
        "idempotency_key": str(stranger),
        "narrative": f"邻居去年向我借了三万元周转，写了欠条，说好年底还清，一直拖着不还。第{stranger.int % 999}次来。",
        "village": village,
        "source": "visit",
        "registered_on": f"{time.strftime('%Y-%m-%d')}",
        "case_type": "private_loan",
        "amount": "30000",
        "informed": "on",
        "parties-TOTAL_FORMS": "2",
        "parties-INITIAL_FORMS": "0",
        "parties-0-side": "applicant",
        "parties-0-kind": "person",
        "parties-0-name": f"申{stranger.hex[:8]}",
        "parties-0-phone": f"{130 + stranger.int % 5}{stranger.int % 10**9 // 10:08}",
        "parties-1-side": "respondent",
        "parties-1-kind": "person",
        "parties-1-name": f"测{stranger.hex[:8]}",
    }
    answer = visitor.post(f"{LEDGER}new/", fields)
    if answer.status != FOUND:
        raise Failed(f"the intake answered {answer.status}")
    return answer.seconds


def _medians(pages: list[Page], rounds: int) -> dict[str, float]:
    for page in pages:
        for _ in range(WARM):
            page.ask()
    took: dict[str, list[float]] = {page.label: [] for page in pages}
    for _, page in itertools.product(range(rounds), pages):
        took[page.label].append(page.ask())
    return {label: statistics.median(seconds) for label, seconds in took.items()}


# ── the figures ──────────────────────────────────────────────────────────────


def _report(pages: list[Page], medians: Mapping[str, float]) -> None:
    for page in pages:
        median = medians[page.label]
        told = f"{median * 1000:7.1f} ms"
        if page.most:
            told += f"  (budget {page.most * 1000:.0f} ms)" + ("" if median <= page.most else "  OVER")
        elif page.label != page.floor:
            ratio = median / medians[page.floor]
            told += f"  {ratio:5.2f} × floor (budget {page.times})" + ("" if ratio <= page.times else "  OVER")
        sys.stdout.write(f"  {page.label:<36}{told}\n")


def _report_throughput() -> None:
    floor = Visitor(FLOOR_PORT).signed_in("bench", "bench")
    reader = Visitor(PORT).signed_in(CLERKS, PASSWORD)
    least, ours = _throughput(floor, "/list/"), _throughput(reader, LEDGER)
    sys.stdout.write(
        f"  {CLIENTS} visitors at once: floor {least:.0f}/s, ledger {ours:.0f}/s, {ours / least:.2f} × (budget 0.5)\n"
    )


def _throughput(visitor: Visitor, path: str) -> float:
    """Pages a second that several visitors get together."""
    counts, until = [0] * CLIENTS, time.monotonic() + SECONDS

    def ask(place: int) -> None:
        mine = Visitor(visitor.port, dict(visitor.cookies))
        while time.monotonic() < until:
            mine.get(path)
            counts[place] += 1

    began, threads = time.monotonic(), [threading.Thread(target=ask, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - began)


def _report_memory(server: Server, floor: Server, facts: Mapping[str, str], requests: int) -> None:
    """Proportional memory of both workers while pages of many kinds are asked for."""
    reader, writer = (Visitor(PORT).signed_in(name, PASSWORD) for name in (CLERKS, "mediator"))
    asks: list[Callable[[], object]] = [
        lambda: reader.get(LEDGER),
        lambda: reader.get(_searched(reader, RARE)),
        lambda: reader.get("/"),
        lambda: reader.get("/dashboard/"),
        lambda: reader.get("/points/"),
        lambda: writer.get(f"{LEDGER}{facts['code']}/"),
        lambda: writer.get(f"{LEDGER}new/"),
        lambda: _intake(writer, facts["village"]),
    ]
    seen = [server.memory()]
    for number, ask in zip(range(1, requests + 1), itertools.cycle(asks)):
        ask()
        if number % min(EVERY, requests) == 0:
            seen.append(server.memory())
    told = " ".join(f"{mebibytes:.0f}" for mebibytes in seen)
    sys.stdout.write(
        f"  memory of two workers over {requests:,} requests, MiB: {told}; floor {floor.memory():.0f} (budget 2 ×)\n"
    )


def _report_growth(medians: Mapping[int, Mapping[str, float]]) -> None:
    if len(medians) < 2:  # noqa: PLR2004 - nothing to compare
        return
    small, large = min(medians), max(medians)
    sys.stdout.write(f"{large:,} against {small:,} disputes, each over its floor (budget 1.2 for the ledger)\n")
    for label in medians[large]:
        floor = "floor POST" if label.endswith("POST") else "floor list"
        if label != floor:
            here, there = (medians[size][label] / medians[size][floor] for size in (large, small))
            sys.stdout.write(f"  {label:<36}{here / there:5.2f}\n")


# ── databases ────────────────────────────────────────────────────────────────


@contextmanager
def _database(suffix: str, *, keep: bool) -> Iterator[str]:
    """The address of a database of our own beside the configured one."""
    own = settings.DATABASES["default"]
    name = f"{own['NAME']}_bench_{suffix}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        there = bool(cursor.fetchone())
        if there and not keep:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        if not (there and keep):
            cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield os.environ["DATABASE_URL"].removesuffix(str(own["NAME"])) + name
    finally:
        if not keep:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _fill(url: str, size: int) -> None:
    _run("manage.py", "migrate", "-v0", DATABASE_URL=url)
    _run("manage.py", "load_reference", DATABASE_URL=url)
    _run("manage.py", "seed_demo", "--disputes", str(size), DATABASE_URL=url)


def _facts(url: str) -> dict[str, str]:
    told = _run("manage.py", "shell", "-v0", "-c", FACTS, DATABASE_URL=url)
    line = next(line for line in told.splitlines() if line.startswith("FACTS|"))
    return dict(zip(("deep", "name", "number", "last4", "code", "village"), line.split("|")[1:], strict=True))


def _run(*arguments: str, **environment: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(  # noqa: S603 (our own commands)
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: {done.stderr or done.stdout}")
    return done.stdout


if __name__ == "__main__":
    main()

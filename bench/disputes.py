"""Measures the ledger, the search, the dispute page and the intake on a county crowded with disputes, beside the floor.

For each size a scratch database beside the configured one is filled by `seed_demo`; a web server runs on each and on
the floor's (`bench/floor`), and every round asks each page of each once, so that a noisy neighbour meets them all, the
small county as much as the large one. A ratio is the median of a page over the median of its floor, growth the median
on the large county over that on the small one, all from the same rounds. Then four visitors at once, and the memory of
the workers while thousands of pages are asked for. Only figures of PostgreSQL count.

Run: python bench/disputes.py [--sizes N …] [--rounds N] [--requests N] [--keep]
"""

import argparse
import itertools
import os
import statistics
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEMO", "1")

import django

django.setup()

from django.db import connection

from bench.filled import database, facts_of, fill, run
from bench.visits import FOUND, Failed, Server, Visitor, serving

SIZES, ROUNDS, REQUESTS = (10_000, 1_000_000), 30, 10_000
FLOOR_PORT, PORT = 8171, 8172
PASSWORD = "demo-2023"  # noqa: S105 (of every demo account)
CLERKS, SECONDS, CLIENTS, WARM = "committee", 5, 4, 3
EVERY = 1_000  # requests between two looks at the memory
RARE, ONCE, ONCE_LONG, COMMON = "古井", "封控", "疫情封控", "调解"
LEDGER = "/disputes/"


@dataclass(frozen=True)
class County:
    """A filled database and the server on it; `facts`: what there is to ask for."""

    size: int
    facts: Mapping[str, str]
    server: Server


@dataclass(frozen=True)
class Page:
    """A page to be asked for. `ask` gives the seconds it took; `times` is its budget as a multiple of its floor.

    A word that was common once and is absent lately has a budget in milliseconds (`most`). `size`: how many disputes
    its county has; 0 for the floor.
    """

    label: str
    ask: Callable[[], float]
    times: float = 0
    floor: str = "floor list"
    most: float = 0
    size: int = 0


Medians = dict[int, dict[str, float]]  # seconds by size and label


def main() -> None:
    """Fill, serve, ask, print."""
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
    with database("floor", keep=options.keep) as url, ExitStack() as at_the_end:
        run("-m", "bench.floor.site", FLOOR_URL=url)
        floor = at_the_end.enter_context(serving("bench.floor.site", FLOOR_PORT, {"FLOOR_URL": url}, plain=True))
        *smaller, largest = sorted(options.sizes)
        large = at_the_end.enter_context(_county(largest, PORT, keep=options.keep))
        with ExitStack() as meanwhile:  # what follows is asked of the large one alone: memory is shared among all
            small = [
                meanwhile.enter_context(_county(size, PORT + place, keep=options.keep))
                for place, size in enumerate(smaller, 1)
            ]
            _report_pages([*small, large], options.rounds)
        _report_throughput(large)
        _report_memory(large, floor, options.requests)


def _report_pages(counties: Sequence[County], rounds: int) -> None:
    pages = [*_floor_pages(), *(page for county in counties for page in _pages(county))]
    medians = _medians(pages, rounds)
    for county in counties:
        _report(county.size, pages, medians)
    _report_growth(medians)


@contextmanager
def _county(size: int, port: int, *, keep: bool) -> Iterator[County]:
    with database(str(size), keep=keep) as url:
        began = time.perf_counter()
        fill(url, size)
        sys.stdout.write(f"{size:,} disputes, filled in {time.perf_counter() - began:.0f} s\n")
        with serving("config.wsgi", port, {"DATABASE_URL": url, "DEMO": "1"}) as server:
            yield County(size, facts_of(url), server)


# ── what is measured ─────────────────────────────────────────────────────────


def _floor_pages() -> Iterator[Page]:
    floor = Visitor(FLOOR_PORT).signed_in("bench", "bench")
    yield Page("floor list", lambda: floor.get("/list/").seconds)
    yield Page("floor POST", lambda: _floor_post(floor))


def _pages(county: County) -> Iterator[Page]:
    facts, size = county.facts, county.size
    reader, writer = (Visitor(county.server.port).signed_in(name, PASSWORD) for name in (CLERKS, "mediator"))
    for label, path in (
        ("ledger, first page", LEDGER),
        ("ledger, deep page", f"{LEDGER}?{urlencode({'cursor': facts['deep']})}"),
        ("ledger, a town's open ones", f"{LEDGER}?town=445381101&state=open"),
        ("ledger, one type of 2022", f"{LEDGER}?type=labour&from=2022-01-01&to=2022-12-31"),
        ("dispute page", f"{LEDGER}{facts['code']}/"),
    ):
        visitor = writer if label == "dispute page" else reader
        yield Page(label, lambda path=path, visitor=visitor: visitor.get(path).seconds, 2, size=size)  # type: ignore[misc]
    for label, words, times in (
        ("search, a name", facts["name"], 3),
        ("search, a code", facts["code"], 3),
        ("search, four digits", facts["last4"], 3),
        ("search, an identity number", facts["number"], 3),
        (f"search, {RARE} (rare)", RARE, 5),
        (f"search, {COMMON} (common)", COMMON, 5),
    ):
        path = _searched(reader, words)
        yield Page(label, lambda path=path: reader.get(path).seconds, times, size=size)  # type: ignore[misc]
    for words in (ONCE, ONCE_LONG):
        path = _searched(reader, words)
        label = f"search, {words} (common once)"
        yield Page(label, lambda path=path: reader.get(path).seconds, most=0.3, size=size)  # type: ignore[misc]
    yield Page("intake POST", lambda: _intake(writer, facts["village"]), 3.5, "floor POST", size=size)


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


def _medians(pages: list[Page], rounds: int) -> Medians:
    for page in pages:
        for _ in range(WARM):
            page.ask()
    took: dict[int, dict[str, list[float]]] = {}
    for _, page in itertools.product(range(rounds), pages):
        took.setdefault(page.size, {}).setdefault(page.label, []).append(page.ask())
    return {size: {label: statistics.median(all_) for label, all_ in found.items()} for size, found in took.items()}


# ── the figures ──────────────────────────────────────────────────────────────


def _report(size: int, pages: list[Page], medians: Medians) -> None:
    told = ", ".join(f"{label} {seconds * 1000:.1f} ms" for label, seconds in medians[0].items())
    sys.stdout.write(f"{size:,} disputes; {told}\n")
    for page in pages:
        if page.size == size:
            sys.stdout.write(f"  {page.label:<36}{_beside_its_budget(page, medians)}\n")


def _beside_its_budget(page: Page, medians: Medians) -> str:
    median = medians[page.size][page.label]
    told = f"{median * 1000:7.1f} ms"
    if page.most:
        return f"{told}  (budget {page.most * 1000:.0f} ms)" + ("" if median <= page.most else "  OVER")
    ratio = median / medians[0][page.floor]
    return f"{told}  {ratio:5.2f} × floor (budget {page.times})" + ("" if ratio <= page.times else "  OVER")


def _report_throughput(county: County) -> None:
    floor = Visitor(FLOOR_PORT).signed_in("bench", "bench")
    reader = Visitor(county.server.port).signed_in(CLERKS, PASSWORD)
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


def _report_memory(county: County, floor: Server, requests: int) -> None:
    """Proportional memory of both workers while pages of many kinds are asked for."""
    server, facts = county.server, county.facts
    reader, writer = (Visitor(server.port).signed_in(name, PASSWORD) for name in (CLERKS, "mediator"))
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


def _report_growth(medians: Medians) -> None:
    sizes = sorted(set(medians) - {0})
    if len(sizes) < 2:  # noqa: PLR2004 - nothing to compare
        return
    small, large = sizes[0], sizes[-1]
    sys.stdout.write(f"{large:,} against {small:,} disputes, in the same rounds (budget 1.2 for the ledger)\n")
    for label, seconds in medians[large].items():
        sys.stdout.write(f"  {label:<36}{seconds / medians[small][label]:5.2f}\n")


if __name__ == "__main__":
    main()

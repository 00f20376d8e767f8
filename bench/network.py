"""Measures the network page and 配置体检 for a county and for a nation of 41,000 towns: queries and time.

The towns are written straight to a scratch database beside the configured one, each with a built point and a team of
nine; every page is asked for some times in a warm process, against the signed-in page with the same frame and no
towns. Only figures of PostgreSQL count.

Run: python bench/network.py [--counties N] [--rounds N]
"""

import argparse
import io
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEMO", "1")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.nation import PROVINCE, TEAM, seed_nation
from core.choices import Role
from core.models import User, UserScope

COUNTIES, TOWNS = 1953, 21  # 41,013 towns; every county has as many as 罗定
OK, LIST, CHECK = 200, "liaison:list", "reports:config-check"


def main() -> None:
    """Seed, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=COUNTIES)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    settings.DEBUG = False  # as in service: no query is written down
    with _scratch_database():
        call_command("load_reference", stdout=io.StringIO())
        county, nation = _officer("county"), _officer("nation")
        began = time.perf_counter()
        towns = seed_nation(counties=options.counties, towns=TOWNS, by=nation, seats=len(TEAM))
        for user, codes in ((county, (f"{PROVINCE}0000",)), (nation, ("44", PROVINCE))):
            UserScope.objects.bulk_create(UserScope(user=user, division_id=code) for code in codes)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        sys.stdout.write(f"{connection.vendor}, {towns:,} towns seeded in {time.perf_counter() - began:.0f} s\n")
        for label, user, name, asked in (
            ("floor: own account", county, "account", {}),
            ("network, county", county, LIST, {}),
            ("network, nation", nation, LIST, {}),
            ("network, nation, by code", nation, LIST, {"area": f"{PROVINCE}1107"}),
            ("network, nation, by name", nation, LIST, {"area": "新1157县"}),
            ("network, nation, as of", nation, LIST, {"on": "2023-06-30"}),
            ("配置体检, county", county, CHECK, {}),
            ("配置体检, nation", nation, CHECK, {}),
        ):
            _measure(label, user, reverse(name), asked, options.rounds)


@contextmanager
def _scratch_database() -> Iterator[None]:
    name = str(settings.DATABASES["default"]["NAME"])
    connection.settings_dict["TEST"]["NAME"] = f"{name}.bench" if connection.vendor == "sqlite" else f"{name}_bench"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _officer(name: str) -> User:
    return User.objects.create_user(f"bench-{name}", password=None, role=Role.COMMITTEE, name="测量")


def _measure(label: str, user: User, url: str, asked: dict[str, str], rounds: int) -> None:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    client.get(url, asked)
    reset_queries()
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url, asked)
    asks = len(queries)  # the log is emptied by the next request
    took = [_seconds(client, url, asked) for _ in range(rounds)]
    sys.stdout.write(
        f"  {label}: {asks} queries, median {statistics.median(took) * 1000:.0f} ms, {len(page.content) // 1024} KiB\n"
    )


def _seconds(client: Client, url: str, asked: dict[str, str]) -> float:
    began = time.perf_counter()
    if client.get(url, asked).status_code != OK:
        raise SystemExit(f"{url} did not answer")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()

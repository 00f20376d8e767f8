"""Scratch databases beside the configured one, filled with a county, and what there is in one to ask for."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from bench.visits import ROOT

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


@contextmanager
def database(suffix: str, *, keep: bool) -> Iterator[str]:
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


def fill(url: str, size: int) -> None:
    """`size` disputes, or as many as are missing to it. Exits with what a command complained of."""
    run("manage.py", "migrate", "-v0", DATABASE_URL=url)
    run("manage.py", "load_reference", DATABASE_URL=url)
    run("manage.py", "seed_demo", "--disputes", str(size), DATABASE_URL=url)


def facts_of(url: str) -> dict[str, str]:
    """A cursor deep in the ledger, a party's name, number and last digits, a code and a village; analyses as well."""
    told = run("manage.py", "shell", "-v0", "-c", FACTS, DATABASE_URL=url)
    line = next(line for line in told.splitlines() if line.startswith("FACTS|"))
    return dict(zip(("deep", "name", "number", "last4", "code", "village"), line.split("|")[1:], strict=True))


def run(*arguments: str, **environment: str) -> str:
    """What a Python command printed. Exits with its complaint when it fails."""
    command = [sys.executable, *arguments]
    done = subprocess.run(  # noqa: S603 (our own commands)
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: {done.stderr or done.stdout}")
    return done.stdout

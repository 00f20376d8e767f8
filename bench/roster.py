"""Measures the roster's import and export of 50,000 people, each in a process of its own, against the bare work.

Import: `import_roster` (read, every check, written through the actions) against reading with calamine and COPY of
the same rows, from a file as LibreOffice saves it (`--inline`: as we export it). Export: the annex as the worker
makes it against openpyxl write-only of the same cells and the bare SELECT. Preview: ten people uploaded and their page
shown, in a server that is warm.

Memory: all of it for the import, what the work adds for the export. Runs in a scratch database beside the configured
one; only figures of PostgreSQL count.

Run: python bench/roster.py [--rows N] [--rounds N] [--inline]
"""

import argparse
import io
import os
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEMO", "1")

import django

django.setup()

from django.core.management import call_command, load_command_class
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook
from python_calamine import CalamineWorkbook
from stdnum.cn import ric

from bench.harness import Step, Work, in_fresh_process, measured, median, report_ratio, scratch_database
from core.choices import Role
from core.models import User
from core.spreadsheets import write_workbook
from roster import documents, queries
from roster.actions import exports
from roster.annex.sheets import annex_sheet
from roster.choices import ExportList

ROWS, SEED = 50_000, 20230330
BUDGET = {"import": (5.0, 250), "export": (1.3, 80)}  # × the bare work, MiB: all of it, what the work adds
WHOLE_PEAK = {"import"}
FEW, PREVIEW_BUDGET = 10, 0.3  # people, seconds
SURNAMES, GIVEN = "陈李张黄梁林罗何彭欧谭范邓苏温赖叶区沈练", [chr(code) for code in range(0x6000, 0x60C8)]
POSTS = (
    "{town}人民调解委员会 专职人民调解员", "{town}大南村网格员", "{town}党委委员、政法委员", "{town}综治中心 联络人员",
    "罗定市司法局{town}司法所 所长", "{town}石牌村村民委员会 副主任", "广东某律师事务所 律师（{town}驻村律师）",
)  # fmt: skip


def main() -> None:
    """Prepare a scratch database, run every step in a fresh process, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--inline", action="store_true", help="a list as we export it: its texts stand in the cells")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        measured(STEPS[options.step], options.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        if options.inline:
            (Path(folder) / "inline").touch()
        found = [_round(Path(folder), options.rows) for _ in range(options.rounds)]
    _report(found, options.rows)


def _round(folder: Path, rows: int) -> dict[str, dict[str, float]]:
    with scratch_database() as environment:
        (folder / "rows").write_text(str(rows))
        return {name: in_fresh_process(__file__, name, folder, environment) for name in STEPS}


# ── steps ────────────────────────────────────────────────────────────────────


def prepare(folder: Path) -> None:
    """The reference data, an admin, and the workbook: a sheet for each town."""
    call_command("load_reference", stdout=io.StringIO())
    admin = User.objects.create_user("bench", password=None, role=Role.ADMIN, name="测量")
    towns = queries.towns_for(admin)
    chance, wanted = random.Random(SEED), int((folder / "rows").read_text())
    people = [_person(number, chance) for number in range(wanted)]
    shares = {town.name: people[place :: len(towns)] for place, town in enumerate(towns)}
    whole = _workbook(shares)
    if (folder / "inline").exists():
        (folder / "list.xlsx").write_bytes(whole)
    else:
        _save_with_office(folder, whole)
    for number, name in enumerate(("warm.xlsx", "few.xlsx"), start=1):
        few = [_person(wanted + FEW * number + place, chance) for place in range(FEW)]
        (folder / name).write_bytes(_workbook({towns[0].name: few}))


def _workbook(people: dict[str, list[list[str]]]) -> bytes:
    today = timezone.localdate()
    return write_workbook(
        annex_sheet(town, _rows(share, town), unit=town, on=today, mark="") for town, share in people.items()
    )


def _save_with_office(folder: Path, whole: bytes) -> None:
    """An office program writes every text once into a table, and its number into the cells."""
    written = folder / "written"
    written.mkdir(exist_ok=True)
    (written / "list.xlsx").write_bytes(whole)
    command = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(folder), str(written / "list.xlsx")]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (our own)
    with zipfile.ZipFile(folder / "list.xlsx") as saved:
        if "xl/sharedStrings.xml" not in saved.namelist():
            raise SystemExit("the office program has put no text into a table")


def _person(number: int, chance: random.Random) -> list[str]:
    thousand, serial = divmod(number, 1000)
    born = date(1955, 1, 1) + timedelta(days=thousand * 321 + serial % 321)  # no number twice
    body = f"445381{born:%Y%m%d}{serial:03}"
    id_number = body + ric.calc_check_digit(f"{body}0")
    name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
    sex = "男" if number % 2 else "女"
    place = f"广东省罗定市某镇某村{number % 300}号"
    return [name, f"{born:%Y.%m}", sex, POSTS[number % len(POSTS)], place, place, id_number, f"138{number:08}", ""]


def _rows(people: list[list[str]], town: str) -> Iterator[list[Any]]:
    for number, person in enumerate(people, start=1):
        yield [number, *(cell.format(town=town) if "{" in cell else cell for cell in person)]


def bare_import(folder: Path) -> Work:
    """Read with calamine, COPY the cells into a table of text."""
    return lambda: _read_and_copy(folder)


def _read_and_copy(folder: Path) -> None:
    columns = ", ".join(f"c{number} text" for number in range(10))
    book = CalamineWorkbook.from_path(str(folder / "list.xlsx"))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare ({columns})")
        for name in book.sheet_names:
            rows: list[Any] = book.get_sheet_by_name(name).to_python()
            if connection.vendor == "postgresql":
                lines = "".join("\t".join(str(cell) for cell in row) + "\n" for row in rows)
                cursor.copy_expert("COPY bare FROM STDIN", io.StringIO(lines))
            else:
                cursor.executemany(f"INSERT INTO bare VALUES ({', '.join(['%s'] * 10)})", rows)  # noqa: S608


def whole_import(folder: Path) -> Work:
    """Validated and applied, as an admin does it on the command line; its modules are there, as the bare work's are."""
    command = load_command_class("roster", "import_roster")
    return lambda: call_command(command, folder / "list.xlsx", by="bench", stdout=io.StringIO())


def settle(_: Path) -> None:
    """What autovacuum does within a minute of an import: without it the database plans as for empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def preview(folder: Path) -> Work:
    """Ten people: sent, checked, and the page that shows them."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username="bench"))
    _send(client, folder / "warm.xlsx")
    return lambda: _send(client, folder / "few.xlsx")


def _send(client: Client, path: Path) -> None:
    with path.open("rb") as file:
        page = client.post(reverse("roster:import"), {"file": file, "town": ""}, follow=True)
    if page.resolver_match.view_name != "roster:import-preview":
        raise SystemExit(f"no preview of {path.name}: {page.status_code}")


def bare_export(folder: Path) -> Work:
    """openpyxl write-only of the same cells, and the SELECT of the rows they come from."""
    source = CalamineWorkbook.from_path(str(folder / "list.xlsx"))
    sheets = {name: source.get_sheet_by_name(name).to_python() for name in source.sheet_names}
    return lambda: _select_and_write(sheets)


def _select_and_write(sheets: dict[str, list[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM roster_staff")
        cursor.fetchall()
        cursor.execute("SELECT * FROM roster_teammembership")
        cursor.fetchall()
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(io.BytesIO())


def whole_export(folder: Path) -> Work:
    """The county's list in clear, asked for, made as the worker makes it, and fetched."""
    return lambda: _take_out(folder)


def _take_out(folder: Path) -> None:
    admin = User.objects.get(username="bench")
    export = exports.start_export(what=ExportList.COUNTY, town=None, is_clear=True, reason="测量", by=admin)
    if export.is_under_way:
        exports.MAKER.make(export.pk)
        data = exports.hand_over(export_id=export.pk, by=admin)
    else:
        data = documents.workbook_of(export)
    (folder / "export.xlsx").write_bytes(data)


STEPS: dict[str, Step] = {
    "prepare": prepare,
    "bare import": bare_import,
    "import": whole_import,
    "settle": settle,
    "preview": preview,
    "bare export": bare_export,
    "export": whole_export,
}


# ── the figures ──────────────────────────────────────────────────────────────


def _report(rounds: list[dict[str, dict[str, float]]], rows: int) -> None:
    sys.stdout.write(f"{rows:,} people, {connection.vendor}, {len(rounds)} round(s), medians\n")
    for name, budget in BUDGET.items():
        report_ratio(rounds, name, *budget, in_all=name in WHOLE_PEAK)
    shown = median(rounds, "preview", "seconds")
    sys.stdout.write(f"  preview of {FEW} people: {shown * 1000:.0f} ms (budget {PREVIEW_BUDGET * 1000:.0f})\n")


if __name__ == "__main__":
    main()

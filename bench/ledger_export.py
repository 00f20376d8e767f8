"""Measures the ledger's export of 50,000 disputes in a process of its own, against the bare work.

Bare: openpyxl write-only of the same cells, and the SELECT of the rows they come from. Both kinds are made as the
worker makes them: masked, and with every number in clear. Memory is what the work adds. Runs in a scratch database
beside the configured one; only figures of PostgreSQL count.

Run: python bench/ledger_export.py [--rows N] [--rounds N]
"""

import argparse
import io
import os
import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEMO", "1")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from bench.harness import Step, Work, in_fresh_process, measured, report_ratio, scratch_database
from core.bulk import insert_all, new_keys
from core.choices import ExportState, Level, Role
from core.models import Division, User, UserScope
from core.scope import within
from disputes.actions import exports
from disputes.choices import Side, Source
from disputes.models import Dispute, LedgerExport, Party

ROWS, SEED = 50_000, 20230330
BUDGET = (1.3, 80)  # × the bare work, MiB added
KINDS = {"masked export": False, "clear export": True}
SURNAMES, GIVEN = "陈李张黄梁林罗何彭欧谭范邓苏温赖叶区沈练", [chr(code) for code in range(0x6000, 0x60C8)]
TYPES = ("private_loan", "neighbour", "labour", "traffic", "tenancy")
STORY = "双方因欠款发生争执，村干部已经上门劝过两次。"


def main() -> None:
    """Prepare a scratch database, run every step in a fresh process, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        measured(STEPS[options.step], options.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        found = [_round(Path(folder), options.rows) for _ in range(options.rounds)]
    sys.stdout.write(f"{options.rows:,} disputes, {connection.vendor}, {options.rounds} round(s), medians\n")
    for name in KINDS:
        report_ratio(found, name, *BUDGET)
        took, added = (max(one[f"{name} fetched"][figure] for one in found) for figure in ("seconds", "added"))
        sys.stdout.write(f"    fetched in {took:.1f} s, which adds {added:.0f} MiB to a web process\n")


def _round(folder: Path, rows: int) -> dict[str, dict[str, float]]:
    with scratch_database() as environment:
        (folder / "rows").write_text(str(rows))
        return {name: in_fresh_process(__file__, name, folder, environment) for name in STEPS}


# ── steps ────────────────────────────────────────────────────────────────────
def prepare(folder: Path) -> None:
    """The reference data, an officer of all towns (so that one person may take out clear rows), and the disputes."""
    call_command("load_reference", stdout=io.StringIO())
    officer = User.objects.create_user("bench", password=None, role=Role.OFFICER, name="测量")
    UserScope.objects.create(user=officer, division_id=settings.COUNTY_CODE)
    chance, wanted = random.Random(SEED), int((folder / "rows").read_text())
    villages = list(Division.objects.filter(within("code", settings.COUNTY_CODE), level=Level.VILLAGE))
    disputes = [_dispute(number, chance, villages, officer) for number in range(wanted)]
    for start in range(0, wanted, 2_000):
        made = Dispute.objects.bulk_create(disputes[start : start + 2_000])
        insert_all(Party, _parties([one.pk for one in made], chance))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _dispute(number: int, chance: random.Random, villages: list[Division], officer: User) -> Dispute:
    village = chance.choice(villages)
    day = date(2022, 1, 1) + timedelta(days=chance.randrange(1_400))
    return Dispute(
        code=f"XX{day:%y%m}-{number:06}", division=village, town_code=village.town_code,
        case_type_id=chance.choice(TYPES), source=Source.VISIT, title=f"{_name(chance)}与{_name(chance)}民间借贷纠纷",
        narrative=STORY, amount=chance.randrange(1_000, 90_000), registered_on=day, state_on=day,
        recorded_at=timezone.now(), registered_by=officer, handler=officer,
    )  # fmt: skip


def _name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))


def _parties(disputes: list[int], chance: random.Random) -> Any:
    keys = iter(new_keys(2 * len(disputes)))
    for dispute_id in disputes:
        for side in Side:
            number, phone = f"445381{chance.randrange(10**11, 10**12)}", f"138{chance.randrange(10**7, 10**8)}"
            yield {
                "id": next(keys), "dispute_id": dispute_id, "side": side.value, "name": _name(chance),
                "id_number": number, "id_last4": number[-4:], "phone": phone, "phone_last4": phone[-4:],
            }  # fmt: skip


def whole(name: str) -> Step:
    """Asked for, and made as the worker makes it."""

    def step(_: Path) -> Work:
        return lambda: _make(is_clear=KINDS[name])

    return step


def _make(*, is_clear: bool) -> None:
    officer = User.objects.get(username="bench")
    export = exports.start_export(params={}, is_clear=is_clear, reason="测量", by=officer)
    exports.MAKER.make(export.pk)


def fetched(name: str) -> Step:
    """Handed over, as a web process does it."""

    def step(folder: Path) -> Work:
        return lambda: _fetch(folder / name)

    return step


def _fetch(path: Path) -> None:
    export = LedgerExport.objects.defer("content").get(state=ExportState.READY)
    path.write_bytes(exports.hand_over(export_id=export.pk, by=export.asked_by))
    LedgerExport.objects.all().delete()


def bare(name: str) -> Step:
    """openpyxl write-only of the same cells, and the SELECT of the rows they come from."""

    def step(folder: Path) -> Work:
        rows = CalamineWorkbook.from_path(str(folder / name)).get_sheet_by_index(0).to_python()
        return lambda: _select_and_write(rows)

    return step


def _select_and_write(rows: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM disputes_dispute")
        cursor.fetchall()
        cursor.execute("SELECT * FROM disputes_party")
        cursor.fetchall()
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for row in rows:
        page.append(row)
    book.save(io.BytesIO())


STEPS: dict[str, Step] = {"prepare": prepare}
for _kind in KINDS:  # the bare work writes the cells of the file that the whole work made
    STEPS |= {_kind: whole(_kind), f"{_kind} fetched": fetched(_kind), f"bare {_kind}": bare(_kind)}


if __name__ == "__main__":
    main()

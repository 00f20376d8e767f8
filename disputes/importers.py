"""From a town's own ledger to disputes: read, check every row, see which are there already."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from core import privacy
from core.errors import Refused
from core.models import Division
from core.spreadsheets import CellValue, Workbook, read_workbook
from disputes import queries
from disputes.choices import Side
from disputes.importing import cells, columns
from disputes.importing.checking import check_rows
from disputes.importing.facts import CheckedRow, Frame, RowIssue
from disputes.importing.reading import LedgerFile, read_ledger
from roster.annex.mending import NOTHING_MENDED, Mends
from roster.choices import RowResult

ROWS_MAX = 20_000
KEY_LENGTH = 60
SAMPLES, SAMPLE_LENGTH, SAMPLED_ROWS = 3, 24, 40
Tell = Callable[[int, int], None]


class PlannedRow(NamedTuple):
    """A checked row and what writing does with it; `code` is the dispute that it stands for already."""

    checked: CheckedRow
    result: str
    key: str
    issues: tuple[RowIssue, ...]
    code: str = ""


@dataclass(frozen=True)
class LedgerPlan:
    """What writing a file would do."""

    rows: tuple[PlannedRow, ...]
    notes: tuple[str, ...]

    @property
    def new(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.result == RowResult.CREATED]

    def count(self, result: str) -> int:
        return sum(row.result == result for row in self.rows)

    @property
    def fingerprint(self) -> str:
        """Changes when anything of what would be written does."""
        said = "\n".join(f"{row.result} {row.key}" for row in self.rows)
        return sha256(said.encode()).hexdigest()[:32]

    def report(self) -> dict[str, int]:
        looks = sum(bool(row.issues) and row.result != RowResult.REJECTED for row in self.rows)
        counts = {name: self.count(name) for name in (RowResult.CREATED, RowResult.UNCHANGED, RowResult.REJECTED)}
        if left_out := self.count(RowResult.LEFT_OUT):
            counts[RowResult.LEFT_OUT] = left_out
        return {"rows": len(self.rows), "look": looks} | {str(name): number for name, number in counts.items()}


# ── read ─────────────────────────────────────────────────────────────────────
def read_file(data: bytes, file_name: str) -> tuple[Workbook, LedgerFile]:
    """The ledger in a workbook. Raises Unreadable, and Refused when there is none or too much of it."""
    workbook = read_workbook(data, file_name)
    file = read_ledger(workbook)
    if not file.sheets:
        raise Refused(
            "没有找到台账的表头。",
            hint="表头至少要有日期、申请人（或当事人）、经过这几列，放在前 30 行里。",
            field="file",
        )
    if not file.rows:
        raise Refused("表头下面一件也没有填。", hint="请一件一行填好，再上传。", field="file")
    if file.rows > ROWS_MAX:
        raise Refused(f"台账超过 {ROWS_MAX:,} 行。", hint="请按年份分成几个文件，分几次导入。", field="file")
    return workbook, file


def proposed_columns(file: LedgerFile, town: str) -> dict[str, str]:
    """Header → field: as the town said last time, else by the header's own words; each field once a sheet."""
    remembered = queries.remembered_columns(town)
    proposed = {header: remembered.get(header, columns.guess(header)) for header in file.headers()}
    for headers in sheets_of(file):
        taken: set[str] = set()
        for header in headers:
            field = proposed[header]
            if field == columns.SERIAL or (field in taken and field not in columns.JOINED):
                proposed[header] = columns.LEAVE_OUT
            taken.add(field)
    return proposed


def sheets_of(file: LedgerFile) -> list[list[str]]:
    """The headers of each sheet: another year's may be in other words, so what one sheet calls 日期 is no rival."""
    return [list(dict.fromkeys(header for header in sheet.headers if header)) for sheet in file.sheets]


def samples(file: LedgerFile) -> dict[str, list[str]]:
    """What stands below each header, a few cells of it, masked."""
    found: dict[str, list[str]] = {header: [] for header in file.headers()}
    for sheet in file.sheets:
        for row in sheet.rows[:SAMPLED_ROWS]:
            for place, header in enumerate(sheet.headers):
                _sample(found.get(header), row.at(place))
    return found


def _sample(held: list[str] | None, value: CellValue) -> None:
    text = privacy.mask_text(" ".join(cells.text_of(value).split()))
    if held is None or not text or len(held) >= SAMPLES:
        return
    short = text if len(text) <= SAMPLE_LENGTH else f"{text[:SAMPLE_LENGTH]}…"
    if short not in held:
        held.append(short)


# ── checked and planned ──────────────────────────────────────────────────────
def plan_import(
    file: LedgerFile,
    *,
    town: Division,
    mapping: Mapping[str, str],
    village: str,
    source: str,
    tell: Tell | None = None,
    mends: Mends = NOTHING_MENDED,
) -> LedgerPlan:
    """What writing would do, against the ledger as it is now: a handful of queries whatever the number of rows.

    A row is known by a keyed hash of its town, day, people, story and own number, as they are understood: the same
    row in another order of columns, another format or another file is the same dispute. `tell` hears how far it is;
    `mends` are cells that were retyped and rows left out.
    """
    frame = queries.frame_for(town, village=village, source=source)
    checked = list(_told(check_rows(file, mapping, frame, mends), file.rows, tell))
    keys = ["" if row.key in mends.left_out else _key(row, frame) for row in checked]
    there = queries.codes_of_rows(key for key in keys if key)
    near = queries.alike(town.pk, _days(checked))
    return LedgerPlan(tuple(_planned(checked, keys, there, near, mends)), file.notes)


def _told(rows: Iterable[CheckedRow], total: int, tell: Tell | None, every: int = 500) -> Iterator[CheckedRow]:
    for done, row in enumerate(rows):
        if tell and done % every == 0:
            tell(done, total)
        yield row


def _key(row: CheckedRow, frame: Frame) -> str:
    if row.dispute is None:
        return ""
    return "row-" + privacy.lookup_hash("ledger_row", f"{frame.town}|{row.dispute.identity}")[:KEY_LENGTH]


def _days(rows: Iterable[CheckedRow]) -> Iterator[date]:
    return (row.dispute.registered_on for row in rows if row.dispute)


def _planned(
    rows: list[CheckedRow],
    keys: list[str],
    there: Mapping[str, str],
    near: Mapping[tuple[date, str], str],
    mends: Mends,
) -> Iterator[PlannedRow]:
    first: dict[str, int] = {}
    for row, key in zip(rows, keys, strict=True):
        if row.key in mends.left_out:
            yield PlannedRow(row, RowResult.LEFT_OUT, "", ())
        elif row.dispute is None:
            yield PlannedRow(row, RowResult.REJECTED, "", row.issues)
        elif code := there.get(key, ""):
            yield PlannedRow(row, RowResult.UNCHANGED, key, (), code)
        elif key in first:
            words = f"和第 {first[key]} 行是同一件，只写一次。"
            yield PlannedRow(row, RowResult.UNCHANGED, key, (RowIssue("", "duplicate_in_file", words, False),))
        else:
            first[key] = row.number
            yield PlannedRow(row, RowResult.CREATED, key, (*row.issues, *_may_be_there(row, near)))


def _may_be_there(row: CheckedRow, near: Mapping[tuple[date, str], str]) -> Iterator[RowIssue]:
    """A dispute of that day and applicant that was registered by hand, or that another file told differently."""
    assert row.dispute is not None
    names = [one.name for one in row.dispute.people if one.side == Side.APPLICANT]
    if code := near.get((row.dispute.registered_on, names[0])) if names else None:
        words = f"台账里同一天、同一申请人已有 {code}，请看是不是同一件。"
        yield RowIssue("applicant", "may_be_there", words, False)


# ── for scripts ──────────────────────────────────────────────────────────────
def as_json(plan: LedgerPlan, *, applied: bool) -> dict[str, object]:
    """The object of the command line."""
    return {
        "applied": applied,
        **plan.report(),
        "notes": list(plan.notes),
        "issues": [
            {
                "sheet": row.checked.sheet + 1,
                "row": row.checked.number,
                "column": columns.FIELDS.get(issue.field),
                "severity": "error" if issue.is_error else "warning",
                "code": issue.code,
                "message": issue.message,
            }
            for row in plan.rows
            for issue in row.issues
        ],
    }

"""What is kept of an upload between two requests, as JSON: rows as they were read, their sheets, what people mended."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from core.spreadsheets import CellValue
from roster.annex.facts import Issue
from roster.annex.mending import NOTHING_SETTLED, Mends, RowKey, Settlement
from roster.annex.reading import AnnexFile, AnnexSheet
from roster.annex.rows import RawRow
from roster.choices import ErrorCode, WarningCode

MOMENTS: dict[str, tuple[type, Any]] = {  # a datetime is also a date, so it comes first
    "moment": (datetime, datetime.fromisoformat),
    "date": (date, date.fromisoformat),
    "time": (time, time.fromisoformat),
}
SECONDS = "seconds"
Kept = dict[str, Any]


def packed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# ── rows ─────────────────────────────────────────────────────────────────────


def row_as_json(sheet: int, row: RawRow) -> str:
    """`sheet`: the place of the row's sheet among the file's."""
    cells = {name: [_cell_as_json(value) for value in values] for name, values in row.by_field().items()}
    return packed([sheet, row.number, cells, sorted(row.formulas)])


def row_from_json(text: str) -> tuple[int, RawRow]:
    sheet, number, cells, formulas = json.loads(text)
    read = {name: [_cell_from_json(value) for value in values] for name, values in cells.items()}
    return sheet, RawRow.of_cells(number, read, formulas)


def _cell_as_json(value: CellValue) -> Any:
    if isinstance(value, timedelta):
        return {SECONDS: value.total_seconds()}
    for name, (kind, _) in MOMENTS.items():
        if isinstance(value, kind):
            return {name: value.isoformat()}  # type: ignore[union-attr]
    return value


def _cell_from_json(value: Any) -> CellValue:
    if not isinstance(value, dict):
        return value
    ((name, text),) = value.items()
    return timedelta(seconds=text) if name == SECONDS else MOMENTS[name][1](text)


# ── the file around them ─────────────────────────────────────────────────────


def sheets_as_json(sheets: Iterable[AnnexSheet]) -> list[Kept]:
    return [
        {
            "name": sheet.name,
            "header_row": sheet.header_row,
            "fields": sorted(sheet.fields),
            "title": sheet.title,
            "submitted_by": sheet.submitted_by,
            "skipped": sheet.skipped,
            "headings": dict(sheet.headings),
            "hidden": sorted(sheet.hidden),
        }
        for sheet in sheets
    ]


def sheets_from_json(kept: Iterable[Kept]) -> list[AnnexSheet]:
    """The sheets without their rows."""
    return [AnnexSheet(**sheet | _with_types(sheet), rows=[]) for sheet in kept]


def _with_types(sheet: Kept) -> Kept:
    """What JSON has no form for: sets, numbers as keys."""
    headings = {int(row): text for row, text in sheet["headings"].items()}
    hidden = frozenset(sheet.get("hidden", ()))  # not there in what was kept before it was looked for
    return {"fields": frozenset(sheet["fields"]), "headings": headings, "hidden": hidden}


def with_rows(sheets: list[AnnexSheet], rows: Iterable[tuple[int, RawRow]]) -> AnnexFile:
    """A file of these rows alone, as if the others were not there."""
    chosen: list[list[RawRow]] = [[] for _ in sheets]
    for place, row in rows:
        chosen[place].append(row)
    return AnnexFile([replace(sheet, rows=here) for sheet, here in zip(sheets, chosen, strict=True)], [])


def issues_as_json(issues: Iterable[Issue]) -> list[list[str | None]]:
    """Issues of the file as a whole."""
    return [[issue.code.value, issue.message, issue.sheet] for issue in issues]


def issues_from_json(kept: Iterable[list[str]]) -> list[Issue]:
    return [Issue(_code(code), message, sheet) for code, message, sheet in kept]


def _code(value: str) -> ErrorCode | WarningCode:
    return ErrorCode(value) if value in ErrorCode.values else WarningCode(value)


# ── what people mended ───────────────────────────────────────────────────────


def mends_as_json(mends: Mends) -> str:
    return packed(
        {
            "edits": [[*key, dict(cells)] for key, cells in mends.edits.items() if cells],
            "settled": [[*key, one.role, one.kind, list(one.towns)] for key, one in mends.settlements.items()],
            "left_out": sorted(mends.left_out),
        }
    )


def mends_from_json(text: str) -> Mends:
    if not text:
        return Mends()
    kept = json.loads(text)
    return Mends(
        {(sheet, row): cells for sheet, row, cells in kept["edits"]},
        {(sheet, row): Settlement(role, kind, tuple(towns)) for sheet, row, role, kind, towns in kept["settled"]},
        frozenset((sheet, row) for sheet, row in kept["left_out"]),
    )


def with_mend(
    mends: Mends, key: RowKey, *, cells: Mapping[str, str | None], left_out: bool, settled: Settlement = NOTHING_SETTLED
) -> Mends:
    """The mends with what was said about one row. A cell of None goes back to what the file says."""
    typed = {**mends.edits.get(key, {}), **cells}
    edits = {**mends.edits, key: {name: text for name, text in typed.items() if text is not None}}
    settlements = {**mends.settlements, key: settled}
    others = mends.left_out - {key}
    return Mends(
        {place: words for place, words in edits.items() if words},
        {place: one for place, one in settlements.items() if one != Settlement()},
        frozenset(others | {key} if left_out else others),
    )

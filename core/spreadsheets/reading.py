"""Reads a workbook into rows of plain values: finds out what the file really is, guards, parses with calamine."""

import csv
import io
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import PurePath

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from core.spreadsheets.contents import (
    MAX_CELL_LENGTH,
    MAX_FILE_BYTES,
    MEGABYTE,
    SAVE_AS_XLSX,
    CellValue,
    Sheet,
    SheetRow,
    Unreadable,
    Workbook,
    check_cell_length,
    check_reach,
    damaged,
    locked,
)
from core.spreadsheets.guards import GuardedZip, RepeatedText
from core.spreadsheets.kinds import CSV, ODS, XLS, XLSX, kind_of
from core.spreadsheets.old_format import beside_values
from core.spreadsheets.scans import OdsScan, SheetFacts, TagScan, XlsxScan

SHEETS_AHEAD = 3  # parsed or waiting for it, while one is worked on: one alone is often not ready when it is asked for
HEAD_LINES = 20
PICTURES = ("xl/media/", "Pictures/")
CSV_LITERAL = re.compile(r'="([^"]*)"\Z')
Scanned = Callable[[str], SheetFacts | None]


def check_kind(data: bytes, name: str) -> str:
    """As `doors.check_kind` tells."""
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable(f"文件超过 {MAX_FILE_BYTES // MEGABYTE} MB，没有读取。", hint="请只留名单内容再上传。")
    if not data.strip():
        raise Unreadable("文件是空的。", hint="请检查选的是不是这个文件。")
    suffix = PurePath(name).suffix.lower()
    kind = kind_of(data, suffix)
    if kind != suffix:
        raise Unreadable(
            f"文件名以「{suffix or '（无）'}」结尾，内容却是 {kind} 表格。",
            hint=f"请把文件名改成以 {kind} 结尾再上传。",
        )
    return kind


def read_workbook(data: bytes, name: str) -> Workbook:
    """As `doors.read_workbook` tells."""
    kind = check_kind(data, name)
    try:
        return {XLSX: _read_xlsx, XLS: _read_xls, ODS: _read_ods, CSV: _read_csv}[kind](data)
    except PasswordError as error:
        raise locked() from error
    except (CalamineError, zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as error:
        raise damaged() from error


# ── xlsx ─────────────────────────────────────────────────────────────────────


def _read_xlsx(data: bytes) -> Workbook:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        package = GuardedZip(archive)
        _refuse_active_content(package)
        parts = _worksheet_parts(package)
        small = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
        package.measure([name for name in package.names if name not in {*parts.values(), *small}])
        guard = RepeatedText(package)

        def scanned(title: str) -> SheetFacts | None:
            part = parts.get(title)
            if part is None:
                return None
            facts = _scan_worksheet(package, part)
            guard.pass_on(part, facts.cells)
            return facts

        return _from_calamine(data, scanned, has_pictures=_has_pictures(package))


def _has_pictures(package: GuardedZip) -> bool:
    return any(name.startswith(PICTURES) for name in package.names)


def _refuse_active_content(package: GuardedZip) -> None:
    if "[Content_Types].xml" not in package.names:
        raise damaged()
    if b"macroenabled" in package.read("[Content_Types].xml").lower():
        raise Unreadable("这是带宏的表格（.xlsm），不能上传。", hint="请另存为 .xlsx 再上传。")
    if any(name.startswith("xl/externalLinks/") for name in package.names):
        raise Unreadable("表里引用了别的文件，没有读取。", hint="请把引用的格子「选择性粘贴」为数值，另存后再上传。")


def _worksheet_parts(package: GuardedZip) -> dict[str, str]:
    """Sheet name → path of its part inside the package."""
    if "xl/_rels/workbook.xml.rels" not in package.names:
        raise damaged()
    sheets, relations = TagScan("sheet"), TagScan("Relationship")
    package.scan("xl/workbook.xml", sheets)
    package.scan("xl/_rels/workbook.xml.rels", relations)
    targets = {row.get("Id"): row.get("Target", "") for row in relations.found}
    if len({sheet.get("name") for sheet in sheets.found}) != len(sheets.found):
        raise damaged()
    paths = {sheet.get("name", ""): targets.get(sheet.get("id"), "") for sheet in sheets.found}
    inside = {name: path.lstrip("/") if path.startswith("/") else f"xl/{path}" for name, path in paths.items()}
    return {name: path for name, path in inside.items() if path in package.names}


def _scan_worksheet(package: GuardedZip, part: str) -> SheetFacts:
    scan = XlsxScan()
    package.scan(part, scan)
    return scan.facts


# ── ods, xls ─────────────────────────────────────────────────────────────────


def _read_ods(data: bytes) -> Workbook:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        package = GuardedZip(archive)
        if "content.xml" not in package.names:
            raise damaged()
        if "META-INF/manifest.xml" in package.names and b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise locked()
        scan = OdsScan()
        package.scan("content.xml", scan)
        package.measure([name for name in package.names if name != "content.xml"])
        tables = {facts.name: facts for facts in scan.tables}
        return _from_calamine(data, tables.get, has_pictures=_has_pictures(package))


def _read_xls(data: bytes) -> Workbook:
    """The old format was looked at when its kind was found out."""
    seen = beside_values(data)

    def told(name: str) -> SheetFacts:
        return SheetFacts(formulas=seen.formulas.get(name, set()), hidden=seen.hidden.get(name, set()))

    return _from_calamine(data, told, has_pictures=seen.has_pictures)


# ── what the three share ─────────────────────────────────────────────────────


def _from_calamine(data: bytes, scanned: Scanned, *, has_pictures: bool = False) -> Workbook:
    """The visible sheets. `scanned` gives the facts of a sheet by its name, None for a sheet that was not scanned."""
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        about = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        hidden = [one.name for one in about if one.visible != SheetVisibleEnum.Visible]
        names = [one.name for one in about if one.visible == SheetVisibleEnum.Visible]
        sheets = [_sheet(*parsed) for parsed in _parsed(book, names, scanned)]
    return Workbook(sheets, hidden, has_pictures)


def _parsed(
    book: CalamineWorkbook, names: Sequence[str], scanned: Scanned
) -> Iterator[tuple[str, SheetFacts, CalamineSheet]]:
    """The sheets one after the other, none of them parsed before it was scanned.

    While one is worked on, the next ones are parsed beside it: the parser needs no interpreter, so that of a list with
    a sheet for each town most of the parsing costs no waiting.
    """
    waiting: deque[tuple[str, SheetFacts, Future[CalamineSheet]]] = deque()
    with ThreadPoolExecutor(max_workers=1) as beside:
        for name in names:
            facts = scanned(name)
            if facts is None:  # a sheet that was not scanned is not read: its formulas would pass as values
                raise damaged()
            waiting.append((name, facts, beside.submit(book.get_sheet_by_name, name)))
            if len(waiting) > SHEETS_AHEAD:
                yield _ready(*waiting.popleft())
        for last in waiting:
            yield _ready(*last)


def _ready(name: str, facts: SheetFacts, parsing: Future[CalamineSheet]) -> tuple[str, SheetFacts, CalamineSheet]:
    return name, facts, parsing.result()


def _sheet(name: str, facts: SheetFacts, sheet: CalamineSheet) -> Sheet:
    check_reach(sheet.total_height, sheet.total_width)
    merged = [((top + 1, left), bottom - top + 1) for (top, left), (bottom, _) in _merges(sheet)]
    rows = sheet.to_python(skip_empty_area=False)
    return Sheet(name, _rows(rows, facts.formulas, merged + facts.spans), frozenset(facts.hidden))


def _merges(sheet: object) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return getattr(sheet, "merged_cell_ranges", None) or []


def _rows(
    raw: Iterable[list[CellValue]], formulas: set[tuple[int, int]], spans: list[tuple[tuple[int, int], int]]
) -> list[SheetRow]:
    """Number the rows, check every cell's length, put formulas and downward merges where they belong."""
    formulas_by_row: dict[int, set[int]] = {}
    for row, column in formulas:
        formulas_by_row.setdefault(row, set()).add(column)
    rows: list[SheetRow] = []
    for number, values in enumerate(raw, start=1):
        _check_lengths(values, number)
        here = formulas_by_row.get(number)
        rows.append(SheetRow(number, values, frozenset(here)) if here else SheetRow(number, values))
    for (top, column), height in spans:
        _fill_down(rows, top, column, height)
    return rows


def _check_lengths(values: list[CellValue], number: int) -> None:
    for value in values:
        if type(value) is str and len(value) > MAX_CELL_LENGTH:
            check_cell_length(len(value), number)


def _fill_down(rows: list[SheetRow], top: int, column: int, height: int) -> None:
    if top > len(rows):
        return
    source = rows[top - 1]
    value, is_formula = source.at(column), column in source.formulas
    if value == "" and not is_formula:
        return
    for place in range(top, min(top + height - 1, len(rows))):
        row = rows[place]
        row.values.extend([""] * (column + 1 - len(row.values)))
        row.values[column] = value
        formulas = row.formulas | {column} if is_formula else row.formulas
        rows[place] = SheetRow(row.number, row.values, formulas, row.filled_down | {column})


# ── csv ──────────────────────────────────────────────────────────────────────


def _read_csv(data: bytes) -> Workbook:
    text = _decoded(data)
    head = "\n".join(text.split("\n", HEAD_LINES)[:HEAD_LINES])  # a title above the header has no delimiter
    delimiter = max(",\t;，", key=head.count)
    rows: list[SheetRow] = []
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            check_reach(number, len(record))
            _check_lengths(list(record), number)
            rows.append(_csv_row(number, record))
    except csv.Error as error:
        raise damaged() from error
    return Workbook([Sheet("", rows)])


def _decoded(data: bytes) -> str:
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("文字编码认不出来，读出来会是乱码。", hint=SAVE_AS_XLSX)


def _encodings(data: bytes) -> tuple[str, ...]:
    """What the bytes can be. Commas and line ends of UTF-16 leave zero bytes on one side of each pair."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    start = data[:4096]
    if b"\0" in start:
        return ("utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be",)
    return ("utf-8-sig", "gb18030")


def _csv_row(number: int, record: list[str]) -> SheetRow:
    """A leading `=` is a formula; only `="text"` is how systems keep long numbers as text."""
    values: list[CellValue] = []
    formulas: set[int] = set()
    for column, cell in enumerate(record):
        literal = CSV_LITERAL.match(cell.strip())
        if not literal and cell.lstrip().startswith("="):
            formulas.add(column)
        values.append(literal.group(1) if literal else cell)
    return SheetRow(number, values, frozenset(formulas))

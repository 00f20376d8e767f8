"""Finds the ledger in a workbook: header rows (of one line or two), data rows, the year a title speaks of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.spreadsheets import Sheet, SheetRow, Workbook
from disputes.importing.columns import beside_their_party, guesses, header_words
from roster.annex.cells import line
from roster.annex.reading import EXAMPLE, FOOTNOTE

HEADER_WITHIN_ROWS = 30
ENOUGH = 3  # fields, for a header row; else cells of text, for one in words that nobody knows
YEAR = re.compile(r"(?<!\d)(20\d\d)(?=\s*年|\D|\d{4}(?!\d)|\d{2}(?!\d)|$)")
SERIAL_ONLY = re.compile(r"[\d.、\s]*")
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """One sheet with a ledger on it. `place`: its place among the workbook's; `year` for days written without one."""

    place: int
    name: str
    header_row: int
    headers: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    year: int | None


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """`notes`: sentences about sheets that were not read."""

    sheets: tuple[LedgerSheet, ...]
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        return sum(len(sheet.rows) for sheet in self.sheets)

    def headers(self) -> list[str]:
        """Every header of the file once, in order."""
        return list(dict.fromkeys(header for sheet in self.sheets for header in sheet.headers if header))


def read_ledger(workbook: Workbook) -> LedgerFile:
    """Every sheet that has a header row and something below it."""
    sheets: list[LedgerSheet] = []
    notes = [f"工作表「{name}」是隐藏的，没有读。" for name in workbook.hidden_sheets]
    for place, sheet in enumerate(workbook.sheets):
        if EXAMPLE.fullmatch(sheet.name.strip()):
            notes.append(f"工作表「{sheet.name}」是示例，没有读。")
        elif found := _read_sheet(place, sheet):
            sheets.append(found)
        elif any(value != "" for row in sheet.rows for value in row.values):
            notes.append(f"工作表「{sheet.name}」里没有找到台账的表头，没有读。")
    return LedgerFile(tuple(sheets), tuple(notes))


def _read_sheet(place: int, sheet: Sheet) -> LedgerSheet | None:
    found = _find_header(sheet.rows)
    if found is None:
        return None
    first, headers = found
    last = first + 1 if _second_line(sheet.rows, first) else first
    above = " ".join(line(value) for row in sheet.rows[: first + 1] for value in row.values[:1])
    year = _year_in(sheet.name) or _year_in(above)
    rows = tuple(row for row in sheet.rows[last + 1 :] if _is_data(row, headers))
    return LedgerSheet(place, sheet.name, sheet.rows[last].number, headers, rows, year)


def _year_in(text: str) -> int | None:
    """The one year that a name or title speaks of; none where it speaks of several."""
    years = {int(year) for year in YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None


# ── the header ───────────────────────────────────────────────────────────────
def _find_header(rows: Sequence[SheetRow]) -> tuple[int, tuple[str, ...]] | None:
    """Place and headers of the row that names most fields; without any known word, of the first row of words."""
    near = range(min(len(rows), HEADER_WITHIN_ROWS))
    headers = {place: _headers_at(rows, place) for place in near}
    best = max(near, key=lambda place: guesses(headers[place]), default=None)
    if best is None:
        return None
    if guesses(headers[best]) < ENOUGH:
        best = next((place for place in near if _is_words(rows[place])), None)
    return None if best is None else (best, headers[best])


def _is_words(row: SheetRow) -> bool:
    return sum(bool(header_words(value)) for value in row.values) >= ENOUGH


def _headers_at(rows: Sequence[SheetRow], place: int) -> tuple[str, ...]:
    """The headers of a row; under 申请人 merged over three cells, with 姓名 of the next row as 申请人姓名."""
    top = [header_words(value) for value in rows[place].values]
    if not _second_line(rows, place):
        return tuple(beside_their_party(top))
    row, joined, group = rows[place + 1], [], ""
    below = ["" if at in row.filled_down else header_words(value) for at, value in enumerate(row.values)]
    for at in range(max(len(top), len(below))):
        over = top[at] if at < len(top) else ""
        under = below[at] if at < len(below) else ""
        group = over or group
        joined.append(f"{group}{under}" if under and under != over else over)
    return tuple(beside_their_party(joined))


def _second_line(rows: Sequence[SheetRow], place: int) -> bool:
    """Whether the header goes on in the next row: words stand there under cells that the first leaves empty."""
    if place + 1 >= len(rows):
        return False
    top, row = rows[place].values, rows[place + 1]
    own = [at for at, value in enumerate(row.values) if value != "" and at not in row.filled_down]
    under_nothing = [at for at in own if at >= len(top) or top[at] == ""]
    attributes = ("姓名", "电话", "身份证", "住址", "地址", "名称", "手机", "性别")
    named = [at for at in own if any(word in line(row.values[at]) for word in attributes)]
    return bool(under_nothing) and len(named) >= 2 and len(named) * 2 >= len(own)  # noqa: PLR2004 (more than one)


# ── the rows ─────────────────────────────────────────────────────────────────
def _is_data(row: SheetRow, headers: tuple[str, ...]) -> bool:
    """Not blank, not the header once more, not a total, a signature or a heading."""
    own = [value for at, value in enumerate(row.values) if value != "" and at not in row.filled_down]
    said = [line(value) for value in own]
    if not any(text and not SERIAL_ONLY.fullmatch(text) for text in said):
        return False
    if sum(text in headers for text in said) >= ENOUGH:
        return False
    return len(said) > 2 or not _is_aside(said)  # noqa: PLR2004 (a line of its own has a cell or two)


def _is_aside(said: list[str]) -> bool:
    return len(said) == 1 or bool(FOOTNOTE.match(BLANKS.sub("", said[0])))


def cases(sheet: LedgerSheet, narrative: Sequence[int]) -> Iterator[list[SheetRow]]:
    """The rows of each dispute: several where the story is one merged cell over the rows of many people."""
    held: list[SheetRow] = []
    for row in sheet.rows:
        if held and any(place in row.filled_down for place in narrative):
            held.append(row)
            continue
        if held:
            yield held
        held = [row]
    if held:
        yield held

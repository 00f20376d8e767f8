"""Finds the annex in a workbook: header rows, data rows, titles and signature lines of every sheet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.spreadsheets import CellValue, Sheet, SheetRow, Workbook
from roster.annex import columns
from roster.annex.cells import line
from roster.annex.facts import Issue
from roster.choices import ErrorCode, WarningCode

HEADER_WITHIN_ROWS = 40
FOOTNOTE = re.compile(
    r"(?:填报|填表|上报|报送|制表|审核|审批|经办|签发|复核|统计)(?:单位|人|日期|时间|员)?(?:[（(].{0,8}[）)])?\s*[:：]"
    r"|填报单位|(?:单位)?负责人(?:签[字名])?(?:[（(].{0,8}[）)])?\s*[:：]|联系人\s*[:：]"
    r"|(?:说明|注|备注|附注|填表说明)\s*[:：]|注\s*\d?\s*[.、]|(?:合计|总计|小计|共计)|共\s*\d+\s*人"
)
SUBMITTED_BY = re.compile(r"(?:填报|上报|报送)单位")
LOOKS_LIKE_ID = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True)
class RawRow:
    """A data row: its cells by field (several where columns are joined), and the fields that hold formulas."""

    number: int
    cells: Mapping[str, list[CellValue]]
    formulas: frozenset[str]

    def first(self, name: str) -> CellValue:
        """The field's cell, "" when there is none or it holds a formula."""
        values = self.cells.get(name)
        return values[0] if values and name not in self.formulas else ""

    def text(self, name: str) -> str:
        """The field's cell or cells as clean text."""
        column = columns.BY_FIELD[name]
        if name in self.formulas:
            return ""
        words = [column.clean(value) for value in self.cells.get(name, ())]
        return column.joined_by.join(word for word in words if word)


@dataclass(frozen=True, slots=True)
class AnnexSheet:
    """One sheet with the annex on it. `title` is the text above the header, `submitted_by` the 填报单位 line."""

    name: str
    header_row: int
    fields: frozenset[str]
    title: str
    submitted_by: str
    rows: list[RawRow]
    skipped: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AnnexFile:
    sheets: list[AnnexSheet]
    issues: list[Issue]

    @property
    def is_usable(self) -> bool:
        return bool(self.sheets)


def read_annex(workbook: Workbook) -> AnnexFile:
    """Every sheet that has the annex's header row. Sheets without one are errors only when there is no good sheet."""
    sheets: list[AnnexSheet] = []
    problems: list[tuple[str, str]] = []
    for sheet in workbook.sheets:
        found = _read_sheet(sheet)
        if isinstance(found, AnnexSheet):
            sheets.append(found)
        else:
            problems.append((sheet.name, found))
    issues = [_header_issue(name, why, fatal=not sheets) for name, why in problems]
    if not workbook.sheets:
        issues.append(Issue(ErrorCode.HEADER_MISSING, "文件里没有可以读的工作表。"))
    issues += [
        Issue(WarningCode.SHEET_HIDDEN, f"工作表「{name}」是隐藏的，没有读。", sheet=name)
        for name in workbook.hidden_sheets
    ]
    if not workbook.formulas_seen:
        issues.append(
            Issue(WarningCode.FORMULAS_NOT_SEEN, "旧的 .xls 格式看不出哪些格子是公式。有公式的请另存为 .xlsx 再传。")
        )
    return AnnexFile(sheets, issues + [issue for sheet in sheets for issue in _missing_columns(sheet)])


def _header_issue(name: str, why: str, *, fatal: bool) -> Issue:
    code = ErrorCode.HEADER_MISSING if fatal else WarningCode.SHEET_WITHOUT_HEADER
    where = f"工作表「{name}」" if name else "文件里"
    return Issue(code, f"{where}{why}", sheet=name or None)


def _missing_columns(sheet: AnnexSheet) -> list[Issue]:
    return [
        Issue(WarningCode.COLUMN_MISSING, f"没有「{title}」这一列，已有人员的这一项不动。", sheet=sheet.name or None)
        for title in columns.missing_titles(dict.fromkeys(sheet.fields), required=False)
    ]


def _read_sheet(sheet: Sheet) -> AnnexSheet | str:
    """The annex on a sheet, or the sentence that says why there is none."""
    header, matched = _find_header(sheet.rows)
    if header is None:
        return "没有找到表头（姓名、所在单位及职务、身份证号码……）。"
    if missing := columns.missing_titles(matched, required=True):
        return f"第 {header.number} 行是表头，但没有「{'」「'.join(missing)}」这一列。"
    above = [_row_text(row) for row in sheet.rows[: header.number - 1]]
    rows: list[RawRow] = []
    skipped: list[SheetRow] = []
    for row in sheet.rows[header.number :]:
        if _is_repeated_header(row, matched) or _is_footnote(row, matched):
            skipped.append(row)
        elif not _is_blank(row, matched):
            rows.append(_raw_row(row, matched))
    lines = above + [_row_text(row) for row in skipped]
    submitted_by = next((text for text in lines if SUBMITTED_BY.search(text)), "")
    numbers = [row.number for row in skipped]
    return AnnexSheet(
        sheet.name, header.number, frozenset(matched), " ".join(filter(None, above)), submitted_by, rows, numbers
    )


def _find_header(rows: list[SheetRow]) -> tuple[SheetRow | None, dict[str, list[int]]]:
    """The row with the most known headers among the first ones."""
    best: tuple[SheetRow | None, dict[str, list[int]]] = (None, {})
    for row in rows[:HEADER_WITHIN_ROWS]:
        matched = columns.match_headers(row.values)
        if columns.is_header(matched) and len(matched) > len(best[1]):
            best = (row, matched)
    return best


def _row_text(row: SheetRow) -> str:
    return " ".join(filter(None, (line(value) for value in row.values)))


def _own_text(row: SheetRow, place: int) -> str:
    """The cell's text unless a merged cell above put it there."""
    return "" if place in row.filled_down else line(row.at(place))


def _is_blank(row: SheetRow, matched: Mapping[str, list[int]]) -> bool:
    """Nothing but a pre-printed 序号."""
    return not any(
        _own_text(row, place) or (place in row.formulas and place not in row.filled_down)
        for name, places in matched.items()
        if name != columns.SERIAL
        for place in places
    )


def _is_repeated_header(row: SheetRow, matched: Mapping[str, list[int]]) -> bool:
    return columns.field_of(row.at(matched["name"][0])) == "name"


def _is_footnote(row: SheetRow, matched: Mapping[str, list[int]]) -> bool:
    """A signature or explanation line: the row's first words are such words, and it holds no identity number."""
    if any(LOOKS_LIKE_ID.search(_own_text(row, place)) for place in matched["id_number"]):
        return False
    first = next((value for value in row.values if isinstance(value, str) and value.strip()), "")
    return bool(FOOTNOTE.match(line(first)))


def _raw_row(row: SheetRow, matched: Mapping[str, list[int]]) -> RawRow:
    cells = {name: [row.at(place) for place in places] for name, places in matched.items()}
    formulas = frozenset(
        name for name, places in matched.items() if row.formulas and any(place in row.formulas for place in places)
    )
    return RawRow(row.number, cells, formulas)

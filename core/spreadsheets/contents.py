"""What a workbook holds once it was read, and the limits it was read under."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from core.errors import Refused

CellValue = str | float | int | bool | date | datetime | time | timedelta

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 20 * MEGABYTE
MAX_UNZIPPED_BYTES = 150 * MEGABYTE
MAX_ENTRIES = 1_000
MAX_RATIO = 100
RATIO_COUNTS_FROM_BYTES = MEGABYTE
MAX_ROWS = 60_000
MAX_COLUMNS = 256
MAX_CELLS = 2_000_000
MAX_CELL_LENGTH = 2_000
MAX_TEXT_LENGTH = 40_000_000  # characters of all cells; a plain 50,000-row list has seven million

SAVE_AS_XLSX = "请用 Excel 或 WPS 打开它，另存为 .xlsx 再上传。"


class Unreadable(Refused):
    """The file as a whole cannot be taken: damaged, locked, too large, or no workbook at all."""


class SheetRow(NamedTuple):
    """One row. `number` is the row number people see; empty cells are "".

    A named tuple, as there are very many: made in a third of the time of a frozen dataclass.
    """

    number: int
    values: list[CellValue]
    formulas: frozenset[int] = frozenset()
    filled_down: frozenset[int] = frozenset()

    def at(self, column: int) -> CellValue:
        """The value in a column (from 0); "" beyond the row's end."""
        return self.values[column] if column < len(self.values) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows from row 1 on; merged cells are filled down within their first column.

    `hidden` are the numbers of rows that its reader does not see (hidden by hand, or by a filter).
    """

    name: str
    rows: list[SheetRow]
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets that are shown, and what there is besides."""

    sheets: list[Sheet]
    hidden_sheets: list[str] = field(default_factory=list)
    has_pictures: bool = False


def damaged() -> Unreadable:
    return Unreadable("文件损坏或没有传完整，打不开。", hint=f"请重新上传；还不行，{SAVE_AS_XLSX}")


def locked() -> Unreadable:
    return Unreadable("文件有密码，打不开。", hint="请去掉密码后另存，再上传。")


def too_large() -> Unreadable:
    return Unreadable("文件解开后太大，读不了。", hint="请新建一张表，只把名单内容复制进去再上传。")


def check_cell_length(length: int, row: int) -> None:
    if length > MAX_CELL_LENGTH:
        raise Unreadable(f"第 {row} 行有一格超过 {MAX_CELL_LENGTH:,} 个字，没有读取。", hint="请把它缩短再上传。")


def check_reach(rows: int, columns: int) -> None:
    """Refuse a sheet whose values reach beyond the limits (counted from A1)."""
    if rows > MAX_ROWS:
        raise Unreadable(f"表格超过 {MAX_ROWS:,} 行，读不了。", hint="请分成几个文件，或删掉表格下方多余的行再上传。")
    if columns > MAX_COLUMNS:
        raise Unreadable(f"表格超过 {MAX_COLUMNS} 列，读不了。", hint="请删掉右边多余的列再上传。")
    if rows * columns > MAX_CELLS:
        raise Unreadable("表格太大，读不了。", hint="请删掉多余的行和列，或分成几个文件再上传。")

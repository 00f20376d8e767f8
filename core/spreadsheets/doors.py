"""Workbooks in and out. What parses and makes them is loaded by the first one, not by every process.

openpyxl takes six megabytes, calamine and the guards two: most web processes are never handed a workbook.
"""

from collections.abc import Iterable
from typing import IO

from core.spreadsheets.contents import Workbook
from core.spreadsheets.layout import Mark, SheetToWrite


def check_kind(data: bytes, name: str) -> str:
    """What the file is, found out without reading its rows; raises Unreadable for what cannot be taken at all."""
    from core.spreadsheets import reading  # noqa: PLC0415 (see above)

    return reading.check_kind(data, name)


def read_workbook(data: bytes, name: str) -> Workbook:
    """All visible sheets of a file. `name` is its file name. Raises Unreadable with one Chinese sentence."""
    from core.spreadsheets import reading  # noqa: PLC0415 (see above)

    return reading.read_workbook(data, name)


def write_workbook(sheets: Iterable[SheetToWrite]) -> bytes:
    """An .xlsx with a header row that stays in view and on every page, ready to print on A4 across."""
    from core.spreadsheets import writing  # noqa: PLC0415 (see above)

    return writing.write_workbook(sheets)


def write_workbook_to(out: IO[bytes], sheets: Iterable[SheetToWrite]) -> None:
    """The same into a file; the rows of each sheet are asked for one after the other."""
    from core.spreadsheets import writing  # noqa: PLC0415 (see above)

    writing.write_workbook_to(out, sheets)


def marked_workbook(data: bytes, workbook: Workbook, marks: Iterable[Mark], *, is_xlsx: bool) -> bytes:
    """The file that was read as `workbook`, marked: itself where it is an .xlsx, else a new one of the same cells."""
    from core.spreadsheets import marking  # noqa: PLC0415 (see above)

    return marking.marked_workbook(data, workbook, marks, is_xlsx=is_xlsx)

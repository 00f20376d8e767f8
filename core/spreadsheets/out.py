"""Workbooks out. What makes them (openpyxl, six megabytes) is loaded by the first one, not by every process."""

from collections.abc import Iterable
from typing import IO

from core.spreadsheets.contents import Workbook
from core.spreadsheets.layout import Mark, SheetToWrite


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

"""The same workbook with some cells coloured and commented: what is wrong, at the place where it is wrong."""

import io
import logging
import zipfile
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from core.spreadsheets.contents import MEGABYTE, CellValue, Workbook
from core.spreadsheets.layout import Mark
from core.spreadsheets.shell import NOT_IN_SHEET_NAME, SHEET_NAME_LENGTH
from core.spreadsheets.writing import NOT_IN_XML

logger = logging.getLogger(__name__)

MAX_SHEETS_BYTES = 30 * MEGABYTE  # of a larger file only the cells are taken over, not its looks
RED, OCHRE = PatternFill("solid", fgColor="F6C9C5"), PatternFill("solid", fgColor="FBE3B3")
AUTHOR = "核对"
LINE, LINE_HEIGHT, WIDTH = 16, 22, 260  # characters a line of a comment, its height and width in pixels


def marked_workbook(data: bytes, workbook: Workbook, marks: Iterable[Mark], *, is_xlsx: bool) -> bytes:
    """The file that was read as `workbook`, marked: itself where it is an .xlsx, else a new one of the same cells."""
    book = (_itself(data) if is_xlsx else None) or _same_cells(workbook)
    pages = {place: _page(book, place, sheet.name) for place, sheet in enumerate(workbook.sheets)}
    for mark in marks:
        _mark(pages[mark.sheet], mark)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _itself(data: bytes) -> Any:
    """The workbook with all that openpyxl keeps; None when that is too much or it stumbles."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sizes = [entry.file_size for entry in package.infolist() if entry.filename.startswith("xl/")]
    if sum(sizes) > MAX_SHEETS_BYTES:
        return None
    try:
        return load_workbook(io.BytesIO(data), rich_text=True)
    except Exception as error:  # it raises anything for styles and drawings that other programs wrote
        logger.info("spreadsheets: not opened for marking (%s)", type(error).__name__)
        return None


def _page(book: Any, place: int, name: str) -> Any:
    return book[name] if name in book.sheetnames else book.worksheets[place]


def _same_cells(workbook: Workbook) -> Any:
    book = OpenpyxlWorkbook()
    book.remove(book.active)
    for place, sheet in enumerate(workbook.sheets, 1):
        page = book.create_sheet(NOT_IN_SHEET_NAME.sub(" ", sheet.name)[:SHEET_NAME_LENGTH] or f"名单{place}")
        for row in sheet.rows:
            for column, value in enumerate(row.values, 1):
                if value != "":
                    _put(page.cell(row.number, column), value)
    return book


def _put(cell: Any, value: CellValue) -> None:
    """Text stays text: an `=` begins no formula, a long number keeps its digits."""
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = NOT_IN_XML.sub("", value)
    cell.data_type, cell.number_format = "s", "@"


def _mark(page: Any, mark: Mark) -> None:
    cell = page.cell(mark.row, mark.column + 1)
    if isinstance(cell, MergedCell):
        cell = _first_of_merge(page, cell)
    if mark.is_error or cell.fill != RED:
        cell.fill = RED if mark.is_error else OCHRE
    before = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = _comment(f"{before}{NOT_IN_XML.sub('', mark.text)}")


def _first_of_merge(page: Any, cell: Any) -> Any:
    area = next(area for area in page.merged_cells.ranges if cell.coordinate in area)
    return page.cell(area.min_row, area.min_col)


def _comment(text: str) -> Comment:
    lines = sum(len(line) // LINE + 1 for line in text.splitlines())
    return Comment(text, AUTHOR, height=LINE_HEIGHT * (lines + 1), width=WIDTH)

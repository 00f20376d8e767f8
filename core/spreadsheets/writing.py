"""Writes workbooks with openpyxl's write-only mode: text stays text, and no cell becomes a formula."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

OutValue = str | int | float | date | None
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_IN_SHEET_NAME = re.compile(r"[\\/*?:\[\]]")
SHEET_NAME_LENGTH = 31
A4 = 9  # the number of the paper size in the file format


@dataclass(frozen=True)
class SheetToWrite:
    """One sheet. `widths` in characters; `text_columns` (from 0) keep the text format when edited later."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[OutValue]]
    title: str = ""
    widths: Sequence[int] = ()
    text_columns: frozenset[int] = frozenset()


def write_workbook(sheets: Iterable[SheetToWrite]) -> bytes:
    """An .xlsx with a bold header row that stays in view, ready to print on A4 across."""
    book = OpenpyxlWorkbook(write_only=True)
    for sheet in sheets:
        _write_sheet(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_sheet(book: Any, sheet: SheetToWrite) -> None:
    page = book.create_sheet(NOT_IN_SHEET_NAME.sub(" ", sheet.name)[:SHEET_NAME_LENGTH])
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
    page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage = 0, True
    header_row = 2 if sheet.title else 1
    page.freeze_panes, page.print_title_rows = f"A{header_row + 1}", f"{header_row}:{header_row}"
    for place, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    if sheet.title:
        page.append([_styled(page, sheet.title, Font(bold=True, size=14))])
    page.append([_styled(page, word, Font(bold=True)) for word in sheet.header])
    for row in sheet.rows:
        page.append([_cell(page, value, as_text=place in sheet.text_columns) for place, value in enumerate(row)])


def _styled(page: Any, text: str, font: Font) -> Any:
    cell = _text_cell(page, text)
    cell.font, cell.alignment = font, Alignment(vertical="center", wrap_text=True)
    return cell


def _cell(page: Any, value: OutValue, *, as_text: bool) -> Any:
    """The plain value where that is safe (fast); a cell object where text must be kept from becoming something else."""
    if not isinstance(value, str):
        return value
    value = NOT_IN_XML.sub("", value)
    if not as_text and not value.startswith("="):
        return value
    cell = _text_cell(page, value)
    if as_text:
        cell.number_format = "@"
    return cell


def _text_cell(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, value="")
    cell.value = NOT_IN_XML.sub("", text)
    cell.data_type = "s"
    return cell

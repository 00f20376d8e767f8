"""Everything of a workbook but its rows, made by openpyxl: styles, print set-up, what to say at a cell."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins

from core.spreadsheets.contents import MAX_ROWS
from core.spreadsheets.layout import Hint, Line, Look, SheetToWrite

NOT_IN_SHEET_NAME = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
SHEET_NAME_LENGTH = 31
A4 = 9  # the number of the paper size in the file format
PROMPT_TITLE_LENGTH, PROMPT_LENGTH, FOOTER_LENGTH = 32, 255, 200
THIN = Side(style="thin", color="000000")
PAGE_NUMBER = "第 &P 页，共 &N 页"


@dataclass(frozen=True)
class Shell:
    """The package without rows, and the number under which it knows each look."""

    package: bytes
    numbers: Mapping[Look, int]


def make_shell(sheets: Sequence[SheetToWrite], looks: Sequence[Look]) -> Shell:
    """A workbook whose sheets are set up and empty, with every look registered."""
    book = OpenpyxlWorkbook(write_only=True)
    pages = [_page(book, sheet) for sheet in sheets]
    numbers = {look: _style_number(pages[0], look) for look in looks}
    out = io.BytesIO()
    book.save(out)
    return Shell(out.getvalue(), numbers)


def _page(book: Any, sheet: SheetToWrite) -> Any:
    page = book.create_sheet(NOT_IN_SHEET_NAME.sub(" ", sheet.name)[:SHEET_NAME_LENGTH])
    header_row = sheet.header_row
    page.freeze_panes, page.print_title_rows = f"A{header_row + 1}", f"{header_row}:{header_row}"
    for place, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    for number, line in enumerate(sheet.top_lines, start=1):
        _merge(page, number, line)
    for hint in sheet.hints:
        page.data_validations.append(_validation(hint, header_row + 1))
    _set_up_print(page, sheet)
    return page


def _merge(page: Any, row: int, line: Line) -> None:
    if line.across > 1:
        first, last = get_column_letter(line.column + 1), get_column_letter(line.column + line.across)
        page.merged_cells.add(f"{first}{row}:{last}{row}")


def _set_up_print(page: Any, sheet: SheetToWrite) -> None:
    """A4 across, as wide as the paper, the header on every page."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    if sheet.margins:
        left, right, top, bottom = sheet.margins
        page.page_margins = PageMargins(left=left, right=right, top=top, bottom=bottom, header=0.3, footer=0.3)
    page.HeaderFooter.oddFooter.right.text = PAGE_NUMBER
    if sheet.footer:
        page.HeaderFooter.oddFooter.left.text = sheet.footer.replace("&", "&&")[:FOOTER_LENGTH]


def _validation(hint: Hint, first_row: int) -> DataValidation:
    offered = f'"{",".join(hint.offered)}"' if hint.offered else None
    rule = DataValidation(type="list", formula1=offered) if offered else DataValidation()
    if hint.length:
        rule = DataValidation(type="textLength", operator="equal", formula1=str(hint.length), errorStyle="warning")
    rule.allow_blank = True
    rule.showInputMessage, rule.promptTitle = True, hint.title[:PROMPT_TITLE_LENGTH]
    rule.prompt = hint.words[:PROMPT_LENGTH]
    rule.showErrorMessage = hint.only_offered or hint.length is not None
    rule.errorTitle, rule.error = rule.promptTitle, rule.prompt
    letter = get_column_letter(hint.column + 1)
    rule.add(f"{letter}{first_row}:{letter}{MAX_ROWS}")
    return rule


def _style_number(page: Any, look: Look) -> int:
    cell = WriteOnlyCell(page)
    cell.font = Font(name=look.font, bold=look.bold, size=look.size)
    cell.alignment = Alignment(horizontal=look.align, vertical="center", wrap_text=look.wrap)
    if look.border:
        cell.border = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
    if look.text:
        cell.number_format = "@"
    if look.day:
        cell.number_format = "yyyy-mm-dd"
    return int(cell.style_id)

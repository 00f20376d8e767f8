"""Workbooks in and out: read with guards (xlsx, xls, ods, csv), written so that text stays text."""

from core.spreadsheets.contents import SAVE_AS_XLSX, CellValue, Sheet, SheetRow, Unreadable, Workbook
from core.spreadsheets.doors import check_kind, marked_workbook, read_workbook, write_workbook, write_workbook_to
from core.spreadsheets.kinds import XLSX
from core.spreadsheets.layout import Hint, Line, Look, Mark, OutValue, SheetToWrite

__all__ = [
    "SAVE_AS_XLSX",
    "XLSX",
    "CellValue",
    "Hint",
    "Line",
    "Look",
    "Mark",
    "OutValue",
    "Sheet",
    "SheetRow",
    "SheetToWrite",
    "Unreadable",
    "Workbook",
    "check_kind",
    "marked_workbook",
    "read_workbook",
    "write_workbook",
    "write_workbook_to",
]

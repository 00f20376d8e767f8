"""Workbooks in and out: read with guards (xlsx, xls, ods, csv), written so that text stays text."""

from core.spreadsheets.contents import SAVE_AS_XLSX, CellValue, Sheet, SheetRow, Unreadable, Workbook
from core.spreadsheets.layout import Hint, Line, Look, OutValue, SheetToWrite
from core.spreadsheets.reading import read_workbook
from core.spreadsheets.writing import write_workbook, write_workbook_to

__all__ = [
    "SAVE_AS_XLSX",
    "CellValue",
    "Hint",
    "Line",
    "Look",
    "OutValue",
    "Sheet",
    "SheetRow",
    "SheetToWrite",
    "Unreadable",
    "Workbook",
    "read_workbook",
    "write_workbook",
    "write_workbook_to",
]

"""What to write into the uploader's own workbook: each issue at its cell, and what was mended in the page."""

from collections.abc import Iterable, Iterator

from core.spreadsheets import CellValue, Mark, Workbook
from roster.annex import columns
from roster.annex.checking import FIELDS, TITLES
from roster.annex.mending import Mends
from roster.annex.plan import PlannedRow
from roster.annex.reading import AnnexFile

LEFT_OUT = "核对时定了：这一行留下不写。"
Places = dict[str, tuple[int, dict[str, int]]]  # by sheet name: the sheet's place, and each field's column


def marks_of(workbook: Workbook, annex: AnnexFile, rows: Iterable[PlannedRow], mends: Mends) -> Iterator[Mark]:
    """Errors and warnings of every row, also of one left out (its town has to mend it); what retyped cells became."""
    places = _places(workbook, annex)
    for row in rows:
        sheet, field_columns = places[row.checked.sheet]
        for field, text, is_error in _sayings(row, mends):
            column = field_columns.get(field, field_columns["name"])
            yield Mark(sheet, row.checked.number, column, text, is_error)


def _sayings(row: PlannedRow, mends: Mends) -> Iterator[tuple[str, str, bool]]:
    """Field, sentence, whether it is an error."""
    if row.checked.left_out:
        yield "name", LEFT_OUT, False
    if row.blocked:
        yield "name", row.blocked, True
    for issue in row.checked.issues:
        yield FIELDS[issue.column or ""], issue.message, issue.is_error
    edits = {} if row.checked.left_out else mends.edits.get(row.checked.key, {})
    for field, text in edits.items():
        yield field, turned_into(TITLES[field], text), False


def turned_into(title: str, text: str) -> str:
    """What the marked copy says of a retyped cell."""
    return f"核对时把{title}改成了「{text or '（空）'}」。"


def _places(workbook: Workbook, annex: AnnexFile) -> Places:
    headers = {sheet.name: sheet.header_row for sheet in annex.sheets}
    return {
        sheet.name: (place, _first_columns(sheet.rows[headers[sheet.name] - 1].values))
        for place, sheet in enumerate(workbook.sheets)
        if sheet.name in headers
    }


def _first_columns(header: Iterable[CellValue]) -> dict[str, int]:
    return {field: found[0] for field, found in columns.match_headers(header).items()}

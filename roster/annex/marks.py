"""What to write into the uploader's own workbook: each issue at its cell, and what was mended in the page."""

from collections.abc import Iterable, Iterator

from core.spreadsheets import Mark, Workbook
from roster.annex.checking import FIELDS, TITLES
from roster.annex.mending import Mends
from roster.annex.plan import PlannedRow
from roster.annex.reading import AnnexFile

LEFT_OUT = "核对时定了：这一行留下不写。"


def marks_of(workbook: Workbook, annex: AnnexFile, rows: Iterable[PlannedRow], mends: Mends) -> Iterator[Mark]:
    """Errors and warnings of every row, also of one left out (its town has to mend it); what retyped cells became."""
    sheets = {sheet.name: place for place, sheet in enumerate(workbook.sheets)}
    layouts = {(sheet.name, raw.number): raw.layout for sheet in annex.sheets for raw in sheet.rows}
    for row in rows:
        fields = layouts[row.checked.key].places
        for field, text, is_error in _sayings(row, mends):
            column = fields.get(field, fields["name"])[0]
            yield Mark(sheets[row.checked.sheet], row.checked.number, column, text, is_error)


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

"""Where in a workbook something is wrong, and what to say there."""

from collections.abc import Iterable, Iterator, Mapping

from core.spreadsheets import Mark
from disputes.importing import columns
from disputes.importing.facts import CheckedRow, RowIssue
from disputes.importing.reading import LedgerFile
from roster.annex.marks import LEFT_OUT, turned_into
from roster.annex.mending import Mends


def marks_of(
    file: LedgerFile, mapping: Mapping[str, str], found: Iterable[tuple[CheckedRow, Iterable[RowIssue]]], mends: Mends
) -> Iterator[Mark]:
    """A mark at the cell of each issue; at the row's first cell where the file has no such column.

    Rows left out say only that, retyped cells what they were turned into.
    """
    places = {sheet.place: columns.places(sheet.headers, mapping) for sheet in file.sheets}
    for row, issues in found:
        for issue in [RowIssue("", "left_out", LEFT_OUT, False)] if row.key in mends.left_out else issues:
            column = places[row.sheet].get(issue.field, [0])[0]
            yield Mark(row.sheet, row.number, column, issue.message, issue.is_error)
        for field, text in mends.typed_in(*row.key).items():
            column = places[row.sheet].get(field, [0])[0]
            yield Mark(row.sheet, row.number, column, turned_into(columns.FIELDS[field], text), False)

"""Where in a workbook something is wrong, and what to say there."""

from collections.abc import Iterable, Iterator, Mapping

from core.spreadsheets import Mark
from disputes.importing import columns
from disputes.importing.facts import RowIssue
from disputes.importing.reading import LedgerFile

Place = tuple[int, int]  # sheet, row


def marks_of(
    file: LedgerFile, mapping: Mapping[str, str], found: Iterable[tuple[Place, Iterable[RowIssue]]]
) -> Iterator[Mark]:
    """A mark at the cell of each issue; at the row's first cell where the file has no such column."""
    places = {sheet.place: columns.places(sheet.headers, mapping) for sheet in file.sheets}
    for (sheet, row), issues in found:
        for issue in issues:
            column = places[sheet].get(issue.field, [0])[0]
            yield Mark(sheet, row, column, issue.message, issue.is_error)

"""Writes workbooks row by row: text stays text, no cell becomes a formula, memory does not grow with the rows.

openpyxl makes everything but the rows (see shell); the rows go straight into the sheet's part, as inline text.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import IO

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from core.spreadsheets.contents import MAX_COLUMNS
from core.spreadsheets.layout import Line, Look, OutValue, SheetToWrite, fixed_height
from core.spreadsheets.shell import Shell, make_shell

LETTERS = tuple(get_column_letter(number) for number in range(1, MAX_COLUMNS + 1))
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_PLAIN = re.compile("[&<>\r\n\t\x00-\x1f\ud800-\udfff\ufffe\uffff]|^ | $|  |_x[0-9A-Fa-f]{4}_")
ESCAPED_NUMBER = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # programs read _x0041_ in a cell as A
SHEET_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
ROWS_AT_ONCE = 500
DAY = Look(day=True)

Styles = Sequence[str]


def write_workbook(sheets: Iterable[SheetToWrite]) -> bytes:
    """An .xlsx with a header row that stays in view and on every page, ready to print on A4 across."""
    out = io.BytesIO()
    write_workbook_to(out, sheets)
    return out.getvalue()


def write_workbook_to(out: IO[bytes], sheets: Iterable[SheetToWrite]) -> None:
    """The same into a file; the rows of each sheet are asked for one after the other."""
    listed = list(sheets)
    shell = make_shell(listed, list(dict.fromkeys(look for sheet in listed for look in _looks(sheet))))
    with (
        zipfile.ZipFile(io.BytesIO(shell.package)) as empty,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        waiting = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(listed, start=1)}
        for name in empty.namelist():
            if name in waiting:
                _fill_sheet(package, name, empty.read(name), waiting[name], shell)
            else:
                package.writestr(name, empty.read(name))


def _looks(sheet: SheetToWrite) -> Iterator[Look]:
    yield from (line.look for line in (*sheet.top_lines, *sheet.below))
    yield from (look for place in range(len(sheet.header)) if (look := sheet.look_of(place)))
    yield from (sheet.header_look, DAY)


def _fill_sheet(package: zipfile.ZipFile, name: str, empty: bytes, sheet: SheetToWrite, shell: Shell) -> None:
    before, after = SHEET_DATA.split(empty, maxsplit=1)
    with package.open(name, "w") as part:
        part.write(before + b"<sheetData>")
        for chunk in _chunks(_sheet_rows(sheet, shell)):
            part.write(chunk.encode())
        part.write(b"</sheetData>" + after)


def _chunks(rows: Iterator[str]) -> Iterator[str]:
    held: list[str] = []
    for row in rows:
        held.append(row)
        if len(held) == ROWS_AT_ONCE:
            yield "".join(held)
            held.clear()
    yield "".join(held)


def _sheet_rows(sheet: SheetToWrite, shell: Shell) -> Iterator[str]:
    number = 0
    for number, line in enumerate(sheet.top_lines, start=1):
        yield _line_row(number, line, shell)
    number += 1
    styles = [f' s="{shell.numbers[sheet.header_look]}"'] * len(sheet.header)
    yield _row(number, sheet.header, styles, styles, fixed_height(sheet.header_height))
    styles = [_style(sheet.look_of(place), shell) for place in range(len(sheet.header))]
    days = [f' s="{shell.numbers[DAY]}"'] * len(sheet.header)
    for values in sheet.rows:
        number += 1
        yield _row(number, values, styles, days, sheet.size_of(values))
    for line in sheet.below:
        number += 1
        yield _line_row(number, line, shell)


def _style(look: Look | None, shell: Shell) -> str:
    return f' s="{shell.numbers[look]}"' if look else ""


def _line_row(number: int, line: Line, shell: Shell) -> str:
    style = _style(line.look, shell)
    styles = [style if line.column <= place < line.column + line.across else "" for place in range(MAX_COLUMNS)]
    values = [""] * line.column + [line.words] + [""] * (line.across - 1)
    return _row(number, values, styles, styles, fixed_height(line.height))


def _row(number: int, values: Sequence[OutValue], styles: Styles, days: Styles, size: str) -> str:
    cells = "".join(
        [
            _text(LETTERS[place], number, value, styles[place] if place < len(styles) else "")
            if isinstance(value, str)
            else _other(LETTERS[place], number, value, place, styles, days)
            for place, value in enumerate(values)
        ]
    )
    return f'<row r="{number}"{size}>{cells}</row>'


def _text(letter: str, number: int, text: str, style: str) -> str:
    if not text:
        return f'<c r="{letter}{number}"{style}/>' if style else ""
    space = ""
    if NOT_PLAIN.search(text):
        text, space = _escaped(text), ' xml:space="preserve"'
    return f'<c r="{letter}{number}"{style} t="inlineStr"><is><t{space}>{text}</t></is></c>'


def _escaped(text: str) -> str:
    text = ESCAPED_NUMBER.sub("_x005F_", NOT_IN_XML.sub("", text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "_x000D_")


def _other(letter: str, number: int, value: int | float | date | None, place: int, styles: Styles, days: Styles) -> str:
    style = styles[place] if place < len(styles) else ""
    if value is None:
        return f'<c r="{letter}{number}"{style}/>' if style else ""
    if isinstance(value, date):
        value, style = to_excel(value), days[place] if place < len(days) else style
    return f'<c r="{letter}{number}"{style}><v>{value!r}</v></c>'

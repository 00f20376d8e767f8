"""What tags tell of a worksheet that a parser of values does not: formulas, merges, reach, text repeated."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from xml.parsers import expat

from core.spreadsheets.contents import (
    MAX_ROWS,
    MAX_TEXT_LENGTH,
    SAVE_AS_XLSX,
    Unreadable,
    check_reach,
    damaged,
    too_large,
)

CHUNK = 256 * 1024
CELL_NAME = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
LETTERS = 26
# Tags whose attributes decide what is read and how far it reaches: none may be said twice, with a prefix and without.
SAID_ONCE = frozenset({"c", "row", "sheet", "Relationship", "mergeCell", "f"})
TRUE = frozenset({"1", "true"})
NOT_SHOWN = frozenset({"collapse", "filter"})  # rows of an OpenDocument sheet: hidden by hand, by a filter
LONGEST_NUMBER = 4_000  # digits; a little more and Python refuses to read them

Cell = tuple[int, int]  # (row from 1, column from 0)


@dataclass
class SheetFacts:
    """What a parser of values does not tell about one sheet. `cells` is how many there are at most."""

    name: str = ""
    cells: int = 0
    formulas: set[Cell] = field(default_factory=set)
    spans: list[tuple[Cell, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    rows: int = 0
    columns: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note that a value stands at (row, column); refuse at once what reaches too far."""
        if row > self.rows or column >= self.columns:
            self.rows, self.columns = max(self.rows, row), max(self.columns, column + 1)
            check_reach(self.rows, self.columns)


def cell_position(name: str) -> Cell:
    """(row, column from 0) of a name such as `B12`."""
    found = CELL_NAME.match(name)
    if not found:
        raise damaged()
    column = 0
    for letter in found.group(1):
        column = column * LETTERS + ord(letter) - ord("A") + 1
    return int(found.group(2)), column - 1


def _area(reference: str) -> Iterator[Cell]:
    first, _, last = reference.replace("$", "").partition(":")
    (top, left), (bottom, right) = cell_position(first), cell_position(last or first)
    check_reach(min(bottom, MAX_ROWS), right + 1)
    return ((row, column) for row in range(top, min(bottom, MAX_ROWS) + 1) for column in range(left, right + 1))


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Scan:
    """Something that is told of every tag, without namespace prefixes; `hears_text` asks for what stands between."""

    hears_text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def text(self, data: str) -> None:
        """A piece of text, in order."""

    def end(self, tag: str) -> None:
        """A closing tag; only told to a scan that hears text."""


class TagScan(Scan):
    """Collects the attributes of every element with the given tag, in order."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.found: list[dict[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self.tag:
            self.found.append(attributes)


class XlsxScan(Scan):
    """Reads one worksheet part as a stream of tags."""

    def __init__(self) -> None:
        self.facts = SheetFacts()
        self.row, self.column = 0, -1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._cell(attributes.get("r"))
        elif tag in ("v", "is"):
            self.facts.reach(self.row, self.column)
        elif tag == "row":
            place = _number(attributes.get("r", ""))
            self.row = self.row + 1 if place is None else place
            self.column = -1
            if attributes.get("hidden") in TRUE and self.row <= MAX_ROWS:
                self.facts.hidden.add(self.row)
        elif tag == "f":
            self._formula(attributes)

    def _cell(self, name: str | None) -> None:
        self.facts.cells += 1
        if name is None:
            self.column += 1
        else:
            self.row, self.column = cell_position(name)

    def _formula(self, attributes: dict[str, str]) -> None:
        """The cell itself; for an array formula also every cell it spills into."""
        self.facts.formulas.add((self.row, self.column))
        if attributes.get("t") in ("array", "dataTable") and "ref" in attributes:
            self.facts.formulas.update(_area(attributes["ref"]))


class OdsScan(Scan):
    """Reads content.xml of an OpenDocument workbook; repeated cells and rows are counted, not expanded.

    Text is counted as often as it is repeated: a parser of values would copy it that often.
    """

    hears_text = True

    def __init__(self) -> None:
        self.length = self.row_length = self.total_length = self.rows_now = 0
        self.tables: list[SheetFacts] = []
        self.row = self.next_row = 1
        self.column = self.next_column = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            self.tables.append(SheetFacts(name=attributes.get("name", "")))
            self.next_row = 1
        elif tag == "table-row":
            self.rows_now = _repeat(attributes, "number-rows-repeated")
            self.row, self.next_row = self.next_row, self.next_row + self.rows_now
            self.next_column = self.row_length = 0
            if attributes.get("visibility") in NOT_SHOWN and self.tables:
                self.tables[-1].hidden.update(range(self.row, min(self.next_row, MAX_ROWS + 1)))
        elif tag in ("table-cell", "covered-table-cell") and self.tables:
            self._cell(attributes)

    def text(self, data: str) -> None:
        self.length += len(data)

    def end(self, tag: str) -> None:
        if tag == "table-cell":
            self.row_length += self.length * (self.next_column - self.column)
            self.length = 0
        elif tag == "table-row":
            self.total_length += self.row_length * self.rows_now
            if self.total_length > MAX_TEXT_LENGTH:
                raise too_large()

    def _cell(self, attributes: dict[str, str]) -> None:
        facts = self.tables[-1]
        self.length = 0
        self.column = self.next_column
        self.next_column += _repeat(attributes, "number-columns-repeated")
        if "value-type" not in attributes and "formula" not in attributes:
            return
        facts.reach(self.next_row - 1, self.next_column - 1)
        if "formula" in attributes:
            height = _repeat(attributes, "number-matrix-rows-spanned")
            width = max(self.next_column - self.column, _repeat(attributes, "number-matrix-columns-spanned"))
            facts.reach(self.row + height - 1, self.column + width - 1)
            for row in range(self.row, max(self.next_row, self.row + height)):
                facts.formulas.update((row, column) for column in range(self.column, self.column + width))
        if (spanned := _repeat(attributes, "number-rows-spanned")) > 1:
            facts.spans.append(((self.row, self.column), min(spanned, MAX_ROWS)))


class SharedTextScan(Scan):
    """Reads the shared strings of an .xlsx: how long each of them is.

    A string within a string, or a tag within a text, is read otherwise by the parser of values, and no program writes
    it: raises Unreadable.
    """

    hears_text = True

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.is_open = self.is_text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - every scan is told the same
        if self.is_text or (self.is_open and tag == "si"):
            raise damaged()
        self.is_text = tag == "t"
        if tag == "si":
            self.is_open = True
            self.lengths.append(0)

    def end(self, tag: str) -> None:
        if tag == "t":
            self.is_text = False
        elif tag == "si":
            self.is_open = False

    def text(self, data: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(data)


class RepeatedTextScan(Scan):
    """Adds up how much text the cells of a worksheet show: one long string can stand in a million cells."""

    hears_text = True

    def __init__(self, lengths: Sequence[int]) -> None:
        self.lengths, self.total = lengths, 0
        self.is_shared, self.index = False, ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self.is_shared = attributes.get("t") == "s"
        elif tag == "v":
            self.index = ""

    def text(self, data: str) -> None:
        self.index += data

    def end(self, tag: str) -> None:
        if tag == "v" and self.is_shared:
            place = _number(self.index.strip()) or 0
            # What is no plain number is the first place to the parser of values.
            self.total += max([self.lengths[at] for at in (0, place) if at < len(self.lengths)], default=0)
            if self.total > MAX_TEXT_LENGTH:
                raise too_large()


def _repeat(attributes: dict[str, str], name: str) -> int:
    number = _number(attributes.get(name, "1"))
    return 1 if number is None else number


def _number(text: str) -> int | None:
    """A whole number of a tag; None for anything else. One that nobody can read refuses the file."""
    if len(text) > LONGEST_NUMBER:
        raise damaged()
    return int(text) if text.isdecimal() else None


class _LocalNames(dict[str, str]):
    """Names without their prefix. Two prefixes are read otherwise by the parser of values: raises Unreadable."""

    def __missing__(self, name: str) -> str:
        if name.count(":") > 1:
            raise damaged()
        self[name] = local = name.rpartition(":")[2]
        return local


def scan_xml(stream: Readable, scan: Scan) -> None:
    """Feed a part to a scan, in chunks. Raises Unreadable for broken XML and for any document type."""
    parser = expat.ParserCreate()
    local = _LocalNames().__getitem__

    def start(name: str, attributes: dict[str, str]) -> None:
        tag, prefixed = local(name), any(":" in key for key in attributes)
        plain = {local(key): value for key, value in attributes.items()} if prefixed else attributes
        if len(plain) != len(attributes) and tag in SAID_ONCE:
            raise damaged()
        scan.start(tag, plain)

    parser.StartElementHandler = start
    if scan.hears_text:
        parser.CharacterDataHandler = scan.text
        parser.EndElementHandler = lambda name: scan.end(local(name))
        parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged() from error


def refuse_doctype(*_: object) -> None:
    raise Unreadable("文件里夹带了不该有的内容（XML 实体），没有读取。", hint=SAVE_AS_XLSX)

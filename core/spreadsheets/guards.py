"""What must be known of a zipped workbook before it is parsed: size, macros, formulas, how far its values reach."""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Protocol
from xml.parsers import expat

from core.spreadsheets.contents import (
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_ROWS,
    MAX_UNZIPPED_BYTES,
    RATIO_COUNTS_FROM_BYTES,
    SAVE_AS_XLSX,
    Unreadable,
    check_reach,
)

CHUNK = 256 * 1024
# Anything in a worksheet that the quick look cannot vouch for: formulas, cells outside A1:AF59999 or without
# a place, prefixed tags, declarations, comments. 32 columns × 59,999 rows stay under MAX_CELLS.
OUT_OF_THE_ORDINARY = re.compile(
    rb"""<f[\s>/]|<c(?!\sr="(?:[A-Z]|A[A-F])(?:\d{1,4}|[1-5]\d{4})"[\s>/])[\s>/]|<[\w.-]+:(?:c|f|row|v|is)[\s>/]|<!"""
)
UTF8_HEAD = re.compile(rb"""\A(?:\xef\xbb\xbf)?\s*<(?:\?xml(?![^>]*encoding\s*=\s*["'](?!utf-8))|\w)""", re.I)
CELL_NAME = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
LETTERS = 26

Cell = tuple[int, int]  # (row from 1, column from 0)


def damaged() -> Unreadable:
    return Unreadable("文件损坏或没有传完整，打不开。", hint=f"请重新上传；还不行，{SAVE_AS_XLSX}")


def locked() -> Unreadable:
    return Unreadable("文件有密码，打不开。", hint="请去掉密码后另存，再上传。")


def too_large() -> Unreadable:
    return Unreadable("文件解开后太大，读不了。", hint="请新建一张表，只把名单内容复制进去再上传。")


@dataclass
class SheetFacts:
    """What a parser of values does not tell about one sheet."""

    name: str = ""
    formulas: set[Cell] = field(default_factory=set)
    spans: list[tuple[Cell, int]] = field(default_factory=list)
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


class Scan(Protocol):
    """Something that is told of every opening tag, without namespace prefixes."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...


class TagScan:
    """Collects the attributes of every element with the given tag, in order."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.found: list[dict[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self.tag:
            self.found.append(attributes)


class XlsxScan:
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
            self.row = int(attributes["r"]) if attributes.get("r", "").isdigit() else self.row + 1
            self.column = -1
        elif tag == "f":
            self._formula(attributes)

    def _cell(self, name: str | None) -> None:
        if name is None:
            self.column += 1
        else:
            self.row, self.column = cell_position(name)

    def _formula(self, attributes: dict[str, str]) -> None:
        """The cell itself; for an array formula also every cell it spills into."""
        self.facts.formulas.add((self.row, self.column))
        if attributes.get("t") in ("array", "dataTable") and "ref" in attributes:
            self.facts.formulas.update(_area(attributes["ref"]))


class OdsScan:
    """Reads content.xml of an OpenDocument workbook; repeated cells and rows are counted, not expanded."""

    def __init__(self) -> None:
        self.tables: list[SheetFacts] = []
        self.row = self.next_row = 1
        self.column = self.next_column = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            self.tables.append(SheetFacts(name=attributes.get("name", "")))
            self.next_row = 1
        elif tag == "table-row":
            self.row, self.next_row = self.next_row, self.next_row + _repeat(attributes, "number-rows-repeated")
            self.next_column = 0
        elif tag in ("table-cell", "covered-table-cell") and self.tables:
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        facts = self.tables[-1]
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


def _repeat(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isdigit() else 1


def scan_xml(stream: Readable, scan: Scan) -> None:
    """Feed a part to a scan, in chunks. Raises Unreadable for broken XML and for any document type."""
    parser = expat.ParserCreate()
    known: dict[str, str] = {}

    def local(name: str) -> str:
        return known.get(name) or known.setdefault(name, name.rpartition(":")[2])

    def start(name: str, attributes: dict[str, str]) -> None:
        prefixed = any(":" in key for key in attributes)
        plain = {local(key): value for key, value in attributes.items()} if prefixed else attributes
        scan.start(local(name), plain)

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged() from error


def _refuse_doctype(*_: object) -> None:
    raise Unreadable("文件里夹带了不该有的内容（XML 实体），没有读取。", hint=SAVE_AS_XLSX)


class Counted:
    """A stream that counts what it unzips: sizes in a zip's directory can lie."""

    def __init__(self, stream: IO[bytes], entry: zipfile.ZipInfo, spent: Callable[[int], None]) -> None:
        self.stream, self.entry, self.spent, self.bytes = stream, entry, spent, 0

    def read(self, size: int, /) -> bytes:
        chunk = self.stream.read(size)
        self.bytes += len(chunk)
        self.spent(len(chunk))
        if self.bytes > RATIO_COUNTS_FROM_BYTES and self.bytes > MAX_RATIO * max(self.entry.compress_size, 1):
            raise too_large()
        return chunk


def is_ordinary(stream: Readable) -> bool:
    """Whether a worksheet part plainly holds nothing that a scan would find: four times as fast as scanning it."""
    rest, is_start = b"", True
    while chunk := stream.read(CHUNK):
        text = rest + chunk
        if is_start and not UTF8_HEAD.match(text):
            return False
        whole = text.rfind(b"<")  # a tag is judged when all of it is there
        if whole > 0 and OUT_OF_THE_ORDINARY.search(text, 0, whole):
            return False
        rest, is_start = text[max(whole, 0) :], False
    return not OUT_OF_THE_ORDINARY.search(rest)


class GuardedZip:
    """A zip whose entries are counted as they are read; together they may not exceed the limit."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.total = archive, 0
        self.names = [entry.filename for entry in archive.infolist()]
        if len(self.names) > MAX_ENTRIES:
            raise too_large()
        if len(set(self.names)) != len(self.names):
            raise damaged()
        if any(entry.flag_bits & 1 for entry in archive.infolist()):
            raise locked()

    def _spend(self, size: int) -> None:
        self.total += size
        if self.total > MAX_UNZIPPED_BYTES:
            raise too_large()

    def scan(self, name: str, scan: Scan) -> None:
        """Run a scan over one entry, unless a quick look shows that there is nothing to find."""
        before = self.total
        if isinstance(scan, XlsxScan):
            with self._opened(name) as stream:
                if is_ordinary(stream):
                    return
        self.total = before
        with self._opened(name) as stream:
            scan_xml(stream, scan)

    def read(self, name: str) -> bytes:
        """One small entry whole."""
        with self._opened(name) as stream:
            return b"".join(iter(lambda: stream.read(CHUNK), b""))

    def measure(self, names: list[str]) -> None:
        """Unzip entries only to count them; a wrong check sum is found here too."""
        for name in names:
            with self._opened(name) as stream:
                while stream.read(CHUNK):
                    pass

    @contextmanager
    def _opened(self, name: str) -> Iterator[Counted]:
        entry = self.archive.getinfo(name)
        with self.archive.open(entry) as stream:
            yield Counted(stream, entry, self._spend)

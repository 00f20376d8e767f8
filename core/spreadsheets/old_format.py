"""What must be known of an old .xls before it is parsed: password, macros, its reach, how much text it repeats.

An .xls is a compound file (OLE) with a stream of records (BIFF8). Only lengths and places are looked at here.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from struct import unpack_from

from core.spreadsheets.contents import (
    MAX_CELL_LENGTH,
    MAX_TEXT_LENGTH,
    SAVE_AS_XLSX,
    Unreadable,
    check_cell_length,
    check_reach,
    damaged,
    locked,
    too_large,
)

SECTOR_SHIFT, MINI_SHIFT = 30, 32  # places in the header
FIRST_DIRECTORY_SECTOR, MINI_CUTOFF, FIRST_MINI_FAT = 48, 56, 60
FIRST_DIFAT, HEADER_DIFAT, HEADER_BYTES = 68, 76, 512
ENTRY_BYTES, ROOT, FREE_FROM = 128, 5, 0xFFFFFFFA
ENCRYPTED, WORD, MACROS, BOOKS = "EncryptedPackage", "WordDocument", "_VBA_PROJECT_CUR", ("Workbook", "Book")

FILEPASS, SHARED, CONTINUE, SHARED_CELL = 0x2F, 0xFC, 0x3C, 0xFD
DRAWINGS, PICTURE_STORE = 0xEB, b"\x01\xf0"
BIFF8 = 0x0600
SHEET_NAMED, SHEET_BEGINS, ROW, ROW_FLAGS, ROW_HIDDEN = 0x85, 0x0809, 0x0208, 12, 0x20
# Records of one cell begin with its row and column; these say how far values reach.
FORMULA = 0x0006  # in each cell that has one, also where several share it
ONE_CELL = frozenset({SHARED_CELL, FORMULA, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6})
MANY_CELLS = 0x00BD  # … and the last column at its end
WIDE, EXTENDED, RICH = 1, 4, 8


@dataclass(frozen=True)
class BesideValues:
    """What a parser of values does not tell: whether pictures are kept, and of each sheet the hidden rows (from 1) and
    the cells with a formula (row from 1, column from 0)."""

    has_pictures: bool = False
    hidden: dict[str, set[int]] = field(default_factory=dict)
    formulas: dict[str, set[tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """The streams of a compound file, by name. Raises Unreadable for what is none."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self.sector = 1 << unpack_from("<H", data, SECTOR_SHIFT)[0]
            self.fat = self._fat()
            directory = self._joined(unpack_from("<I", data, FIRST_DIRECTORY_SECTOR)[0])
            self.entries = {entry.name: entry for entry in _entries(directory)}
            self.root = next((one for one in self.entries.values() if one.kind == ROOT), None)
        except (struct.error, IndexError, MemoryError) as error:
            raise damaged() from error

    def stream(self, entry: Entry) -> bytes:
        """A stream whole; small ones stand in the mini stream."""
        cutoff, first = unpack_from("<I", self.data, MINI_CUTOFF)[0], unpack_from("<I", self.data, FIRST_MINI_FAT)[0]
        if entry.size >= cutoff:
            return self._joined(entry.start)[: entry.size]
        if self.root is None:
            raise damaged()
        mini, size = self._joined(self.root.start), 1 << unpack_from("<H", self.data, MINI_SHIFT)[0]
        table = _numbers(self._joined(first))
        return b"".join(mini[place * size : (place + 1) * size] for place in _chain(table, entry.start))[: entry.size]

    def _at(self, place: int) -> bytes:
        return self.data[HEADER_BYTES + place * self.sector :][: self.sector]

    def _joined(self, start: int) -> bytes:
        offset, size = HEADER_BYTES, self.sector
        return b"".join(
            self.data[offset + place * size : offset + (place + 1) * size] for place in _chain(self.fat, start)
        )

    def _fat(self) -> list[int]:
        """The table of which sector follows which, from its own list of sectors."""
        places = list(unpack_from("<109I", self.data, HEADER_DIFAT))
        further, seen = unpack_from("<I", self.data, FIRST_DIFAT)[0], 0
        while further < FREE_FROM and seen <= len(self.data) // self.sector:
            *more, further = unpack_from(f"<{self.sector // 4}I", self._at(further))
            places += more
            seen += 1
        table: list[int] = []
        for place in places:
            if place < FREE_FROM:
                table += _numbers(self._at(place))
        return table


def _numbers(data: bytes) -> tuple[int, ...]:
    return unpack_from(f"<{len(data) // 4}I", data)


def _chain(table: Sequence[int], start: int) -> Iterator[int]:
    for _ in range(len(table)):
        if start >= FREE_FROM:
            return
        yield start
        start = table[start]


def _entries(directory: bytes) -> Iterator[Entry]:
    for offset in range(0, len(directory) - ENTRY_BYTES + 1, ENTRY_BYTES):
        length, kind = unpack_from("<HB", directory, offset + 64)
        if kind:
            name = directory[offset : offset + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            yield Entry(name, kind, *unpack_from("<II", directory, offset + 116))


def check_old_workbook(data: bytes) -> None:
    """Raises Unreadable for a compound file that may not or cannot be parsed as a workbook."""
    file = CompoundFile(data)
    if file.root is None:
        raise damaged()
    if ENCRYPTED in file.entries:
        raise locked()
    if WORD in file.entries:
        raise Unreadable("这是 Word 文档，不是表格。", hint="请把名单做成 Excel 或 WPS 表格，存为 .xlsx 再上传。")
    if MACROS in file.entries:
        raise Unreadable("文件里有宏，不能上传。", hint="请另存为不带宏的 .xlsx（不是 .xlsm）再上传。")
    book = next((file.entries[name] for name in BOOKS if name in file.entries), None)
    if book is None:
        raise Unreadable("这个文件不是表格。", hint=SAVE_AS_XLSX)
    try:
        records = file.stream(book)
        _check_version(records)
        _check_records(records)
    except (struct.error, IndexError) as error:
        raise damaged() from error


def _check_version(book: bytes) -> None:
    """Excel 5.0 and 95 keep text in the code page of their machine: the parser of values makes it unreadable."""
    kind, _, version = unpack_from("<HHH", book)
    if kind == SHEET_BEGINS and version != BIFF8:
        raise Unreadable("这是 Excel 5.0/95 格式的旧表格，里面的中文读不出来。", hint=SAVE_AS_XLSX)


def beside_values(data: bytes) -> BesideValues:
    """Of a workbook that `check_old_workbook` let pass. Raises Unreadable."""
    try:
        return _beside_values(data)
    except (struct.error, IndexError) as error:
        raise damaged() from error


def _beside_values(data: bytes) -> BesideValues:
    file = CompoundFile(data)
    book = file.stream(next(file.entries[name] for name in BOOKS if name in file.entries))
    has_pictures, names, name = False, {}, ""
    hidden: dict[str, set[int]] = {}
    formulas: dict[str, set[tuple[int, int]]] = {}
    for kind, offset, size in _records(book):
        if kind == DRAWINGS:
            has_pictures = has_pictures or PICTURE_STORE in book[offset : offset + size]
        elif kind == SHEET_NAMED:
            names[unpack_from("<I", book, offset)[0]] = _sheet_name(book[offset : offset + size])
        elif kind == SHEET_BEGINS:
            name = names.get(offset - 4, "")
        elif kind == ROW and unpack_from("<H", book, offset + ROW_FLAGS)[0] & ROW_HIDDEN:
            hidden.setdefault(name, set()).add(unpack_from("<H", book, offset)[0] + 1)
        elif kind == FORMULA:
            row, column = unpack_from("<HH", book, offset)
            formulas.setdefault(name, set()).add((row + 1, column))
    return BesideValues(has_pictures, hidden, formulas)


def _sheet_name(told: bytes) -> str:
    """The name in a record that tells where a sheet begins; it says how long it is and how wide its characters are."""
    length, flags = told[6], told[7]
    text = told[8 : 8 + length * (2 if flags & WIDE else 1)]
    return text.decode("utf-16-le" if flags & WIDE else "latin-1", "replace")


def _check_records(book: bytes) -> None:
    lengths: list[int] = []
    total = rows = columns = 0
    for kind, offset, size in _records(book):
        if kind == FILEPASS:
            raise locked()
        if kind == SHARED:
            lengths = _shared_lengths(book, offset - 4)
        elif kind in ONE_CELL or kind == MANY_CELLS:
            row, column = unpack_from("<HH", book, offset)
            if kind == MANY_CELLS:
                column = unpack_from("<H", book, offset + size - 2)[0]
            elif kind == SHARED_CELL:
                total += _shared_length(lengths, unpack_from("<I", book, offset + 6)[0], row)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
    check_reach(rows, columns)
    if total > MAX_TEXT_LENGTH:
        raise too_large()


def _shared_length(lengths: list[int], place: int, row: int) -> int:
    length = lengths[place] if place < len(lengths) else 0
    if length > MAX_CELL_LENGTH:
        check_cell_length(length, row + 1)
    return length


def _records(book: bytes) -> Iterator[tuple[int, int, int]]:
    """(kind, offset of the body, its size) of every record."""
    offset, end = 0, len(book) - 4
    while offset <= end:
        kind, size = unpack_from("<HH", book, offset)
        if not kind and not size:
            return
        yield kind, offset + 4, size
        offset += 4 + size


def _shared_lengths(book: bytes, offset: int) -> list[int]:
    """How many characters each shared string has. The table goes on in CONTINUE records."""
    parts: list[bytes] = []
    for kind, start, size in _records(book[offset:]):
        if parts and kind != CONTINUE:
            break
        parts.append(book[offset + start : offset + start + size])
    reader = _SharedReader(parts)
    count = unpack_from("<I", parts[0], 4)[0]
    return [reader.next_length() for _ in range(count) if not reader.at_end]


class _SharedReader:
    """Steps over the strings of the table; a string cut by the end of a record goes on with a new flag byte."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts, self.part, self.offset = parts, 0, 8

    @property
    def at_end(self) -> bool:
        self._settle()
        return self.part >= len(self.parts)

    def next_length(self) -> int:
        length, flags = unpack_from("<HB", self._take(3))
        runs = unpack_from("<H", self._take(2))[0] if flags & RICH else 0
        extension = unpack_from("<I", self._take(4))[0] if flags & EXTENDED else 0
        self._skip_characters(length, flags)
        self._skip(4 * runs + extension)
        return length

    def _settle(self) -> None:
        while self.part < len(self.parts) and self.offset >= len(self.parts[self.part]):
            self.part, self.offset = self.part + 1, 0

    def _left(self) -> int:
        return len(self.parts[self.part]) - self.offset

    def _take(self, size: int) -> bytes:
        self._settle()
        taken = self.parts[self.part][self.offset : self.offset + size]
        self.offset += size
        return taken

    def _skip(self, size: int) -> None:
        while size > 0:
            self._settle()
            step = min(size, self._left())
            self.offset, size = self.offset + step, size - step

    def _skip_characters(self, length: int, flags: int) -> None:
        while length > 0:
            width = 2 if flags & WIDE else 1
            step = min(length, self._left() // width)
            self.offset, length = self.offset + step * width, length - step
            if length:
                self.part, self.offset = self.part + 1, 1
                flags = self.parts[self.part][0]

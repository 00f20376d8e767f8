"""What must be known of a zipped workbook before it is parsed: size, macros, formulas, how far its values reach."""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import IO

from core.spreadsheets.contents import (
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_TEXT_LENGTH,
    MAX_UNZIPPED_BYTES,
    MEGABYTE,
    RATIO_COUNTS_FROM_BYTES,
    damaged,
    locked,
    too_large,
)
from core.spreadsheets.scans import (
    CHUNK,
    Readable,
    RepeatedTextScan,
    Scan,
    SharedTextScan,
    XlsxScan,
    refuse_doctype,
    scan_xml,
)

# Anything in a worksheet that the quick look cannot vouch for: formulas, cells outside A1:AF59999 or without
# a place, prefixed tags, declarations, comments, what is hidden. 32 columns × 59,999 rows stay under MAX_CELLS.
# Two patterns, each with one letter to begin with, are looked for faster than one with a choice.
OUT_OF_THE_ORDINARY = re.compile(rb"""<(?:f[\s>/]|c(?! r="(?:[A-Z]|A[A-F])(?:\d{1,4}|[1-5]\d{4})"[\s>/])[\s>/]|!)""")
PREFIXED = re.compile(rb":(?:c|f|row|v|is)[\s>/]")
UTF8_HEAD = re.compile(rb"""\A(?:\xef\xbb\xbf)?\s*<(?:\?xml(?![^>]*encoding\s*=\s*["'](?!utf-8))|\w)""", re.I)
DOCTYPE = re.compile(rb"<\x00?!\x00?D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|<\x00?!\x00?E\x00?N\x00?T\x00?I\x00?T\x00?Y")
HIDES = (b'hidden="1"', b'hidden="true"')  # LibreOffice writes hidden="false" at every row
CELL_OPENS = b"<c "
PREFIXED_TAG = re.compile(rb"""</?[^\s<>/="']*:""")
STRING_OPENS = re.compile(rb"<si[\s>/]")
STRING_ENDS = b"</si>"
XML_HEADS = (b"<?xml", b"\xef\xbb\xbf<?xml")
# A text that holds tags, or stands under a prefix: the parser of values passes over the tags, and reads on.
STRANGE_TEXT = re.compile(rb"<t(?!/>|>[^<]*</t>)")
PREFIXED_TEXT = re.compile(rb":t[\s/>]")
TAG = re.compile("<[^>]*>")
# What is a tag to every reader alike: a parser lets `<` and `>` stand in a quoted value, where they look like tags.
PLAIN_TAG = re.compile(rb"""<[/?]?[\w:.-]+(?:\s+[\w:.-]+=(?:"[^"<>]*"|'[^'<>]*'))*\s*[/?]?>""")
# An office program writes nearly every string of a list as one text, with nothing between them.
TEXT, KEEPING_BLANKS, BETWEEN_TEXTS = b"<t>", b'<t xml:space="preserve">', b"</t></si><si><t>"
WHOLE_TEXT = re.compile(rb"<t>([^<]*)</t>")
VALUE = re.compile(rb"<v>([0-9.eE+-]{0,40})</v>")  # a longer number is counted exactly
LOOKED_AT_WHOLE = 16 * MEGABYTE  # the strings of 50,000 people take half of it
LONGEST_TAG = 4 * CHUNK  # with the text behind it; beyond that joining the chunks would get slow


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


def cells_of_ordinary(stream: Readable) -> int | None:
    """How many cells a worksheet part has, if it plainly holds nothing that a scan would find; else None.

    Four times as fast as scanning it.
    """
    rest, is_start, cells = b"", True, 0
    while chunk := stream.read(CHUNK):
        text = rest + chunk
        if is_start and not UTF8_HEAD.match(text):
            return None
        whole = text.rfind(b"<")  # a tag is judged when all of it is there
        if whole > 0 and _is_unusual(text, whole):
            return None
        cells += text.count(CELL_OPENS, 0, max(whole, 0))
        rest, is_start = text[max(whole, 0) :], False
        if len(rest) > LONGEST_TAG:
            return None
    return None if _is_unusual(rest, len(rest)) else cells + rest.count(CELL_OPENS)


def _is_unusual(text: bytes, end: int) -> bool:
    if OUT_OF_THE_ORDINARY.search(text, 0, end) or PREFIXED.search(text, 0, end):
        return True
    return any(text.find(words, 0, end) >= 0 for words in HIDES)


def _places_in(text: bytes) -> list[int] | None:
    """The places of strings that values of cells may mean; None when a value is not plainly readable."""
    found = VALUE.findall(text)
    if not len(found) == text.count(b"<v") == text.count(b"</v"):
        return None
    return [int(value) if value.isdigit() else 0 for value in found]


class GuardedZip:
    """A zip whose entries are counted as they are read; together they may not exceed the limit."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.total = archive, 0
        self.ordinary: set[str] = set()  # worksheets at which a quick look was enough
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
                cells = cells_of_ordinary(stream)
            if cells is not None:
                scan.facts.cells = cells
                self.ordinary.add(name)
                return
        self.total = before
        with self._opened(name) as stream:
            scan_xml(stream, scan)

    def read(self, name: str) -> bytes:
        """One small entry whole."""
        with self._opened(name) as stream:
            return b"".join(iter(lambda: stream.read(CHUNK), b""))

    def measure(self, names: list[str]) -> None:
        """Unzip entries only to count them. A wrong check sum and a document type are found here too."""
        for name in names:
            rest, is_xml = b"", name.lower().endswith((".xml", ".rels", ".vml"))
            with self._opened(name) as stream:
                while chunk := stream.read(CHUNK):
                    if is_xml and (b"<!" in chunk or b"\0" in chunk) and DOCTYPE.search(rest + chunk):
                        refuse_doctype()
                    rest = chunk[-32:]

    def longest_text(self, name: str) -> int | None:
        """At most how many characters the longest shared string of an ordinary entry has; None for any other entry."""
        lengths = self._text_between_ends(self._whole(name))
        return None if lengths is None else max(lengths)

    def text_lengths(self, name: str) -> list[int] | None:
        """The same of each shared string, in their order; asks more of an entry, and takes twice as long."""
        text = self._whole(name)
        if text is None or PREFIXED_TAG.search(text):
            return None
        *strings, after = text.split(STRING_ENDS)
        if STRING_OPENS.search(after) or any(len(STRING_OPENS.findall(string)) != 1 for string in strings):
            return None
        lengths = self._text_between_ends(text)
        return None if lengths is None else lengths[:-1]

    def _text_between_ends(self, text: bytes | None) -> list[int] | None:
        """How much text there is up to each end of a string, and behind the last one; None where a string could seem
        to end inside a comment, an instruction or a text. Strings under a prefix do not end here, and are counted
        together.
        """
        if text is None or b"\0" in text or b"<!" in text or text.count(b"<?") != text.startswith(XML_HEADS):
            return None
        joined = text.replace(KEEPING_BLANKS, TEXT).replace(BETWEEN_TEXTS, b"\0")  # few tags are left to be looked at
        if sum(inside.count(b"\0") for inside in WHOLE_TEXT.findall(joined)) != joined.count(b"\0"):
            return None
        if STRANGE_TEXT.search(joined) or PREFIXED_TEXT.search(joined):
            return None
        if len(PLAIN_TAG.findall(joined)) != joined.count(b"<"):
            return None
        try:
            return list(map(len, TAG.sub("", joined.replace(STRING_ENDS, b"\0").decode()).split("\0")))
        except UnicodeDecodeError:
            return None

    def shared_text(self, name: str, lengths: Sequence[int]) -> int | None:
        """At most how many characters of shared strings the cells of an ordinary worksheet show; None for any other.

        Whole numbers are taken for places in the list of strings, whatever they are; all else for the first place, as
        the parser of values does.
        """
        if name not in self.ordinary:
            return None
        total, rest = 0, b""
        with self._again(), self._opened(name) as stream:
            while chunk := stream.read(CHUNK):
                text = rest + chunk
                whole = max(text.rfind(b"<c "), 0)  # a cell is looked at when all of it is there
                found = _places_in(text[:whole])
                if found is None or len(text) - whole > LONGEST_TAG:
                    return None
                total += sum([lengths[place] for place in found if place < len(lengths)])
                rest = text[whole:]
        last = _places_in(rest)
        return None if last is None else total + sum([lengths[place] for place in last if place < len(lengths)])

    def _whole(self, name: str) -> bytes | None:
        """An entry that was counted before, when it is not too long to be held and plainly UTF-8."""
        if self.archive.getinfo(name).file_size > LOOKED_AT_WHOLE:
            return None
        with self._again():
            text = self.read(name)
        return text if UTF8_HEAD.match(text) else None

    @contextmanager
    def _again(self) -> Iterator[None]:
        """What is unzipped once more counts once."""
        before = self.total
        yield
        self.total = before

    @contextmanager
    def _opened(self, name: str) -> Iterator[Counted]:
        entry = self.archive.getinfo(name)
        with self.archive.open(entry) as stream:
            yield Counted(stream, entry, self._spend)


class RepeatedText:
    """Refuses a workbook before the sheet is parsed whose cells show too much text together: one long shared string
    in a million cells is small in the file and gigabytes in memory.
    """

    def __init__(self, package: GuardedZip) -> None:
        self.package, self.cells, self.total = package, 0, 0
        self.shared = [name for name in package.names if name.lower().endswith("sharedstrings.xml")]
        if len(self.shared) > 1:  # one is read, and it need not be the one that was looked at
            raise damaged()
        self.is_ordinary = True
        self.longest = package.longest_text(self.shared[0]) if self.shared else 0
        self.parts: list[str] = []
        self.waiting: list[str] = []  # parts not counted yet, as there was no need

    def pass_on(self, part: str, cells: int) -> None:
        """Let a worksheet with so many cells pass. Raises Unreadable.

        Counted roughly, then string by string, as far as that is enough to see that it is not too much.
        """
        self.cells += cells
        self.parts.append(part)
        self.waiting.append(part)
        if self.is_ordinary and (self._fits(self.longest) or self._is_little()):
            return
        for one in self.waiting if "_exact" in vars(self) else self.parts:
            self.package.scan(one, self._exact)
        self.waiting.clear()

    def _fits(self, longest: int | None) -> bool:
        """Whether it is not too much even if the longest string stood in every cell."""
        return longest is not None and self.cells * longest <= MAX_TEXT_LENGTH

    def _is_little(self) -> bool:
        if self._lengths is None:
            self.is_ordinary = False
            return False
        while self.waiting:
            found = self.package.shared_text(self.waiting[-1], self._lengths)
            if found is None or self.total + found > MAX_TEXT_LENGTH:
                self.is_ordinary = False
                return False
            self.total += found
            self.waiting.pop()
        return True

    @cached_property
    def _lengths(self) -> list[int] | None:
        """Of every shared string, without its tags."""
        return self.package.text_lengths(self.shared[0]) if self.shared else []

    @cached_property
    def _exact(self) -> RepeatedTextScan:
        lengths = SharedTextScan()
        for name in self.shared:
            self.package.scan(name, lengths)
        return RepeatedTextScan(lengths.lengths)

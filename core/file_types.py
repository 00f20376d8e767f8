"""The kinds of files that may be kept: what they are called and how they begin. What checks them: `file_cleaning`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})  # still pictures, no sequences
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class FileType:
    """A kind of file that may be kept.

    `content_type` is that of the stored bytes; `stored_as` their ending when it is not that of what was handed over.
    """

    suffixes: tuple[str, ...]
    content_type: str
    begins: Callable[[bytes], bool]
    stored_as: str = ""

    def name_of(self, name: str) -> str:
        """The file's name with the ending of what is stored."""
        return str(PurePath(name).with_suffix(self.stored_as)) if self.stored_as else name


def _starts(head: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(head)


def _is_heif(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS


JPEG = FileType((".jpg", ".jpeg"), "image/jpeg", _starts(b"\xff\xd8\xff"))
HEIC = FileType((".heic", ".heif", ".hif"), "image/jpeg", _is_heif, stored_as=".jpg")
PNG = FileType((".png",), "image/png", _starts(b"\x89PNG\r\n\x1a\n"))
PDF = FileType((".pdf",), "application/pdf", _starts(b"%PDF-"))
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_ZIP = _starts(b"PK")
DOCX = FileType((".docx",), f"{_OPEN_XML}.wordprocessingml.document", _ZIP)
XLSX = FileType((".xlsx",), f"{_OPEN_XML}.spreadsheetml.sheet", _ZIP)
XLS = FileType((".xls",), "application/vnd.ms-excel", _starts(OLE_HEAD))
ODS = FileType((".ods",), "application/vnd.oasis.opendocument.spreadsheet", _ZIP)
CSV = FileType((".csv",), "text/csv", _starts(b""))
CASE_FILES = (JPEG, PNG, HEIC, PDF, DOCX, XLSX)
PICTURES = (JPEG, PNG, HEIC)
WORKBOOKS = (XLSX, XLS, ODS, CSV)
OF_PHONES = (JPEG, HEIC)  # phones and chat programs rename these two without turning one into the other

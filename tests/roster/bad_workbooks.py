"""Files that no list can be read from, by what is wrong with them: (content, name, error code)."""

import io
from collections.abc import Callable
from struct import pack

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from PIL import Image as Picture

from tests.roster.workbooks import (
    CSV,
    ODS,
    XLS,
    XLSX,
    _biff,
    _record,
    compound,
    ods,
    part,
    person,
    roster,
    saved,
    table,
    with_parts,
    xls,
    xls_of_excel_95,
    xlsx,
    zipped,
)

UNREADABLE, NO_HEADER = "file_unreadable", "header_missing"
SHEET = "xl/worksheets/sheet1.xml"
GOOD = roster(person(1))
TEXTS = [[str(value) for value in row] for row in table(person(1))]
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


def with_rows(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return with_parts(GOOD, {SHEET: f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'})


def locked_xls() -> bytes:
    records = _biff(TEXTS, "名单")
    return compound({"Workbook": records[:20] + _record(0x2F, pack("<HHH", 0, 1, 2)) + records[20:]})


def with_a_picture() -> bytes:
    picture = io.BytesIO()
    Picture.new("RGB", (20, 20)).save(picture, "PNG")
    book = Workbook()
    book.active.add_image(Image(picture), "A1")
    return saved(book)


def charts_only() -> bytes:
    book = Workbook()
    book.remove(book.active)
    book.create_chartsheet("图")
    return saved(book)


def macro_type() -> bytes:
    types = part(GOOD, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    return with_parts(GOOD, {"[Content_Types].xml": types})


BAD: dict[str, Callable[[], tuple[bytes, str, str]]] = {
    "an empty file": lambda: (b"", XLSX, UNREADABLE),
    "a truncated zip": lambda: (GOOD[: len(GOOD) // 2], XLSX, UNREADABLE),
    "a truncated xls": lambda: (xls(TEXTS)[:900], XLS, UNREADABLE),
    "a password on .xlsx": lambda: (compound({"EncryptedPackage": b"x"}), XLSX, UNREADABLE),
    "a password on .xls": lambda: (locked_xls(), XLS, UNREADABLE),
    "a password on .ods": lambda: (
        with_parts(ods(TEXTS), {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), ODS, UNREADABLE,
    ),
    "macros": lambda: (with_parts(GOOD, {"xl/vbaProject.bin": b"x"}), "名单.xlsm", UNREADABLE),
    "macros renamed": lambda: (with_parts(GOOD, {"xl/vbaProject.bin": b"x"}), XLSX, UNREADABLE),
    "a macro type without macros": lambda: (macro_type(), XLSX, UNREADABLE),
    "macros in .xls": lambda: (
        compound({"Workbook": _biff(TEXTS, "名单"), "_VBA_PROJECT_CUR": b"x"}), XLS, UNREADABLE,
    ),
    "a workbook of Excel 95": lambda: (xls_of_excel_95(TEXTS), XLS, UNREADABLE),
    "a web page": lambda: (b"<html><table><tr><td>1</td></tr></table></html>", XLS, UNREADABLE),
    "a bomb by ratio": lambda: (with_parts(GOOD, {"xl/media/a.png": bytes(30_000_000)}), XLSX, UNREADABLE),
    "a bomb by parts": lambda: (
        with_parts(GOOD, {f"xl/media/{number}.png": b"" for number in range(1_000)}), XLSX, UNREADABLE,
    ),
    "a million rows": lambda: (with_rows("<row><c><v>1</v></c></row>" * 1_000_000), XLSX, UNREADABLE),
    "sixteen thousand columns": lambda: (with_rows(f"<row>{'<c><v>1</v></c>' * 16_384}</row>"), XLSX, UNREADABLE),
    "entities in the sheet": lambda: (with_parts(GOOD, {SHEET: DOCTYPE}), XLSX, UNREADABLE),
    "entities elsewhere": lambda: (with_parts(GOOD, {"xl/styles.xml": DOCTYPE}), XLSX, UNREADABLE),
    "entities in .ods": lambda: (with_parts(ods(TEXTS), {"content.xml": DOCTYPE}), ODS, UNREADABLE),
    "bytes in no encoding": lambda: (b"\xff\x80\x80\x00\x00", CSV, UNREADABLE),
    "another encoding": lambda: ("姓名,身份證號碼,所在單位".encode("big5"), CSV, NO_HEADER),
    "a picture in the sheet": lambda: (with_a_picture(), XLSX, NO_HEADER),
    "charts only": lambda: (charts_only(), XLSX, NO_HEADER),
    "an empty workbook": lambda: (saved(Workbook()), XLSX, NO_HEADER),
    "text named .xlsx": lambda: ("姓名,身份证号码".encode(), XLSX, UNREADABLE),
    "a Word document named .xlsx": lambda: (zipped({"word/document.xml": "<a/>"}), XLSX, UNREADABLE),
    "an old Word document named .xls": lambda: (compound({"WordDocument": b"x"}), XLS, UNREADABLE),
    "a photograph named .xlsx": lambda: (b"\xff\xd8\xff\xe0" + bytes(99), XLSX, UNREADABLE),
    "a link to another file": lambda: (
        with_parts(GOOD, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}), XLSX, UNREADABLE,
    ),
    "a sheet without the number's column": lambda: (
        xlsx([["姓名", "电话", "职务"], ["测一", "1", "x"]]), XLSX, NO_HEADER,
    ),
}  # fmt: skip

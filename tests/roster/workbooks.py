"""Workbooks as town offices send them, made for the tests."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from struct import pack
from typing import Any

from hypothesis import HealthCheck, settings
from openpyxl import Workbook
from stdnum.cn import ric

# Property tests say nothing about speed: these machines are shared.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)

DATA = Path(__file__).parent / "data"
HEADER = (
    "序号",
    "姓名",
    "出生年月",
    "性别",
    "所在单位及职务",
    "户籍地址",
    "通讯地址",
    "身份证号码",
    "联系电话",
    "备注",
)
TITLE = "“法官联络点”人员名单"
XLSX, ODS, CSV, XLS = "名单.xlsx", "名单.ods", "名单.csv", "名单.xls"


def id_number(birth: str, serial: int, province: str = "445381") -> str:
    """A valid identity number: `birth` as YYYYMMDD; an odd `serial` is a man's."""
    body = f"{province}{birth}{serial:03}"
    return body + ric.calc_check_digit(body + "0")


def wide(text: str) -> str:
    """The same in full-width characters."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def person(number: int, **changes: Any) -> dict[str, Any]:
    """A mediator's row that nothing is wrong with, by header; women have even numbers."""
    birth = f"19{70 + number % 20}0{1 + number % 9}1{number % 10}"
    row = dict(zip(HEADER, [""] * len(HEADER), strict=True)) | {
        "序号": number,
        "姓名": f"测{'零一二三四五六七八九'[number % 10]}",
        "出生年月": f"{birth[:4]}.{birth[4:6]}",
        "性别": "男" if number % 2 else "女",
        "所在单位及职务": "太平镇人民调解委员会 专职人民调解员",
        "户籍地址": "广东省罗定市太平镇",
        "通讯地址": "罗定市太平镇政府",
        "身份证号码": id_number(birth, number),
        "联系电话": f"138{number:08}",
    }
    return row | changes


def table(*rows: dict[str, Any], header: Sequence[str] = HEADER, title: str = TITLE) -> list[list[Any]]:
    """Title, blank row, header row, data rows: the first person stands in row 4."""
    return [[title], [], list(header), *[[row.get(name, "") for name in header] for row in rows]]


def xlsx(*sheets: list[list[Any]], names: Sequence[str] = ("名单",)) -> bytes:
    """A workbook of sheets given as lists of rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in zip(names, sheets, strict=True):
        page = book.create_sheet(name)
        for row in rows:
            page.append([None if value == "" else value for value in row])
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def roster(*rows: dict[str, Any], **options: Any) -> bytes:
    """A workbook of one sheet with these people."""
    return xlsx(table(*rows, **options))


def csv(rows: list[list[Any]], encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(",".join(f'"{value}"' for value in row) for row in rows).encode(encoding)


# ── formats nothing here can write ───────────────────────────────────────────


def ods(rows: list[list[Any]], *, name: str = "名单", formulas: Sequence[tuple[int, int]] = ()) -> bytes:
    """An OpenDocument workbook. `formulas`: (row, column) from 1; trailing empty rows as LibreOffice writes them."""
    body = "".join(
        f"<table:table-row>{''.join(_ods_cell(value, (r, c) in formulas) for c, value in enumerate(row, 1))}"
        "</table:table-row>"
        for r, row in enumerate(rows, 1)
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{name}">{body}<table:table-row '
        'table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": content,
        }
    )


def _ods_cell(value: Any, is_formula: bool) -> str:
    if value == "" and not is_formula:
        return "<table:table-cell/>"
    formula = ' table:formula="of:=1+1"' if is_formula else ""
    return f'<table:table-cell{formula} office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def zipped(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_parts(data: bytes, changes: Mapping[str, str | bytes]) -> bytes:
    """The same zip with some parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, **changes})


def without(data: bytes, gone: str) -> bytes:
    """The same zip without one part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist() if name != gone})


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def xls(rows: list[list[Any]], name: str = "名单") -> bytes:
    """An old BIFF8 workbook in its compound file: just the records that a reader needs."""
    return compound({"Workbook": _biff(rows, name)})


def _record(kind: int, body: bytes) -> bytes:
    return pack("<HH", kind, len(body)) + body


def _biff(rows: list[list[Any]], name: str) -> bytes:
    cells = b"".join(
        _record(0x0204, pack("<HHHHB", r, c, 0, len(str(value)), 1) + str(value).encode("utf-16-le"))
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value != ""
    )
    end = _record(0x000A, b"")
    sheet = _record(0x0809, pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + end
    start = _record(0x0809, pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    titled = pack("<BB", len(name), 1) + name.encode("utf-16-le")
    offset = len(start) + 4 + 6 + len(titled) + len(end)
    return start + _record(0x0085, pack("<IBB", offset, 0, 0) + titled) + end + sheet


def xls_of_excel_95(rows: list[list[Any]], name: str = "名单", page: int = 936) -> bytes:
    """A BIFF5 workbook as Excel 5.0 and 95 wrote it: text in the code page of a Chinese machine."""

    def text(value: Any) -> bytes:
        return str(value).encode("gbk")

    cells = b"".join(
        _record(0x0204, pack("<HHHH", r, c, 0, len(text(value))) + text(value))
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value != ""
    )
    end = _record(0x000A, b"")
    sheet = _record(0x0809, pack("<HHHH", 0x0500, 0x0010, 0x0DBB, 0x07CC)) + cells + end
    start = _record(0x0809, pack("<HHHH", 0x0500, 0x0005, 0x0DBB, 0x07CC)) + _record(0x0042, pack("<H", page))
    titled = pack("<B", len(text(name))) + text(name)
    offset = len(start) + 4 + 6 + len(titled) + len(end)
    return compound({"Book": start + _record(0x0085, pack("<IH", offset, 0) + titled) + end + sheet})


SECTOR, FREE, LAST, FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (OLE) with some streams, each padded over the limit under which other rules hold."""
    blocks = {name: data.ljust(-(-max(len(data), 4096) // SECTOR) * SECTOR, b"\0") for name, data in streams.items()}
    fat = [FAT, LAST]  # sector 0: this table, sector 1: the directory
    entries = [_entry("Root Entry", 5, LAST, 0, child=1)]
    for place, (name, block) in enumerate(blocks.items(), 1):
        first, count = len(fat), len(block) // SECTOR
        fat += [*range(first + 1, first + count), LAST]
        entries.append(_entry(name, 2, first, len(block), right=place + 1 if place < len(blocks) else FREE))
    table = b"".join(pack("<I", sector) for sector in fat).ljust(SECTOR, b"\xff")
    directory = b"".join(entries).ljust(SECTOR, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += pack("<IIIIIIIII", 0, 1, 1, 0, 4096, LAST, 0, LAST, 0) + pack("<I", 0) + b"\xff" * (108 * 4)
    return head + table + directory + b"".join(blocks.values())


def _entry(name: str, kind: int, first: int, size: int, *, child: int = FREE, right: int = FREE) -> bytes:
    written = name.encode("utf-16-le")
    return (
        written.ljust(64, b"\0")
        + pack("<HBB", len(written) + 2, kind, 1)
        + pack("<III", FREE, right, child)
        + bytes(36)
        + pack("<IQ", first, size)
    )

"""What a file really is, whatever its name says; what is no workbook is refused by its own name, with the way out."""

import io
import re
import zipfile

from core.spreadsheets.contents import SAVE_AS_XLSX, Unreadable, damaged
from core.spreadsheets.old_format import check_old_workbook

XLSX, XLS, ODS, CSV = ".xlsx", ".xls", ".ods", ".csv"
ACCEPTED = (XLSX, XLS, ODS, CSV)
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_HEAD = b"PK"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
HTML = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|table|meta|div|style)\b",
    re.I | re.S,
)
OTHER_HEADS = (
    (b"%PDF", " PDF 文件"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
)
OTHER_PARTS = (
    ("word/document.xml", "这是 Word 文档，不是表格"),
    ("ppt/presentation.xml", "这是演示文稿，不是表格"),
    ("xl/workbook.bin", "这是二进制的 .xlsb 表格，读不了"),
)


def kind_of(data: bytes, suffix: str) -> str:
    """What the bytes are, whatever the name says; files of other kinds are refused with the way out."""
    if data.startswith(ZIP_HEAD):
        return _kind_of_zip(data)
    if data.startswith(OLE_HEAD):
        check_old_workbook(data)
        return XLS
    if HTML.match(data.lstrip(b"\xef\xbb\xbf").replace(b"\0", b"")[:4096].lstrip(b"\xff\xfe")):
        raise Unreadable("这是网页，不是表格（有的系统导出的 .xls 其实是网页）。", hint=SAVE_AS_XLSX)
    if suffix == CSV:
        return CSV
    raise _no_workbook(data)


def _no_workbook(data: bytes) -> Unreadable:
    """What to say of a file that is no workbook, by what it is."""
    said = next((said for head, said in OTHER_HEADS if data.startswith(head)), "")
    if said:
        return Unreadable(
            f"这是{said}，不是表格。", hint="请把名单录入表格，存为 .xlsx 再上传；图片和 PDF 里的字读不出来。"
        )
    if b"\0" not in data[:4096]:
        return Unreadable(
            "这是文字文件，不是表格。",
            hint=f"用逗号分开的名单，请把文件名改成以 .csv 结尾再上传；其他的，{SAVE_AS_XLSX}",
        )
    return Unreadable(f"这不是能读的表格。只收 {'、'.join(ACCEPTED)}。", hint=SAVE_AS_XLSX)


def _kind_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {entry.lower() for entry in archive.namelist()}
            mime = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise damaged() from error
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable("文件里有宏，不能上传。", hint="请另存为不带宏的 .xlsx（不是 .xlsm）再上传。")
    if "xl/workbook.xml" in names:
        return XLSX
    if mime.strip() == ODS_TYPE:
        return ODS
    said = next((said for part, said in OTHER_PARTS if part in names), "这个文件不是表格")
    raise Unreadable(f"{said}。只收 {'、'.join(ACCEPTED)}。", hint=SAVE_AS_XLSX)

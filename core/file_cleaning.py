"""What an uploaded file really is: extension, first bytes and a parse must agree. Pure: bytes in, clean bytes out.

Loaded by who is handed a file (the picture library and the guards take four megabytes).
"""

import io
import warnings
import zipfile
from collections.abc import Callable
from pathlib import PurePath

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import Refused
from core.file_types import CSV, DOCX, HEIC, JPEG, ODS, OF_PHONES, PDF, PNG, XLS, XLSX, FileType
from core.spreadsheets import Unreadable
from core.spreadsheets.guards import GuardedZip
from core.spreadsheets.scans import TagScan

MAX_PIXELS = 60_000_000
HEIF_PIXELS = 50_000_000  # the largest phones take 48.8 million; unpacking holds twice what a JPEG of that size does
PDF_TAIL_BYTES = 2048
UPRIGHT = 1
THUMBNAIL_SIDE = 320  # pixels
ORIENTATION_TAG = 0x0112


BROKEN = "图片损坏或没有传完整，打不开。"


def _refused(why: str, todo: str = "请检查文件能否打开，再重新上传。") -> Refused:
    return Refused(why, hint=todo, field="file")


def clean_picture(data: bytes) -> bytes:
    """The picture without its metadata (place, time, device), turned upright; refuses broken and huge ones."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is ours
            return _without_metadata(Image.open(io.BytesIO(data), formats=("JPEG", "PNG")))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refused(BROKEN) from error


def _refuse_too_large(size: tuple[int, int], limit: int) -> None:
    if size[0] * size[1] > limit:
        raise _refused("图片的像素太大。", f"请缩小到 {limit // 10_000} 万像素以内再上传。")


def _without_metadata(picture: Image.Image) -> bytes:
    _refuse_too_large(picture.size, MAX_PIXELS)
    kind, upright = picture.format, picture.getexif().get(ORIENTATION_TAG, UPRIGHT) == UPRIGHT
    picture.load()
    turned = picture if upright else ImageOps.exif_transpose(picture)
    for name in ("exif", "comment", "xmp", "XML:com.adobe.xmp"):
        turned.info.pop(name, None)
    out = io.BytesIO()
    if kind == "PNG":
        turned.save(out, "PNG")
    else:
        turned.save(out, "JPEG", quality="keep" if upright and kind == "JPEG" else 92)
    return out.getvalue()


def clean_heif(data: bytes) -> bytes:
    """The picture of an iPhone as an upright JPEG: pixels and their colours, nothing else that stood in the file.

    A picture that unpacks to more than it says of itself is refused by the decoder.
    """
    from pi_heif import open_heif  # noqa: PLC0415  here alone: a worker that is handed none stays 7 MB smaller

    try:
        shot = open_heif(io.BytesIO(data))
        _refuse_too_large(shot.size, HEIF_PIXELS)
        picture = shot.to_pillow()
    except (OSError, SyntaxError, ValueError, EOFError, RuntimeError) as error:
        raise _refused(BROKEN) from error
    del shot  # it holds the pixels a second time
    colours = picture.info.get("icc_profile")
    picture.info.clear()
    out = io.BytesIO()
    _on_white(picture).save(out, "JPEG", quality=92, icc_profile=colours)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture without transparency."""
    if picture.mode == "RGB":
        return picture
    solid = Image.new("RGB", picture.size, "white")
    solid.paste(picture.convert("RGB"), mask=picture.convert("RGBA").getchannel("A"))
    return solid


def thumbnail(data: bytes) -> bytes:
    """A small JPEG of a picture that `clean_picture` has let through, 320 pixels on its longer side."""
    picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))  # first: a large picture is never held in a second copy
    out = io.BytesIO()
    _on_white(picture).save(out, "JPEG", quality=80)
    return out.getvalue()


def clean_pdf(data: bytes) -> bytes:
    """The PDF as it is; one that was cut off on the way has no end mark."""
    if b"%%EOF" not in data[-PDF_TAIL_BYTES:]:
        raise _refused("PDF 没有传完整，缺结尾。")
    return data


def _office(main_part: str) -> Callable[[bytes], bytes]:
    def clean(data: bytes) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                _check_office(GuardedZip(archive), main_part)
        except (Unreadable, zipfile.BadZipFile, EOFError, NotImplementedError, OSError, KeyError) as error:
            raise _refused("文件损坏、有密码，或不是它的名字所说的那种文件。") from error
        return data

    return clean


def _check_office(office: GuardedZip, main_part: str) -> None:
    """Only the document itself: no macros, no embedded objects, nothing fetched from elsewhere, links excepted."""
    if not {"[Content_Types].xml", main_part} <= set(office.names):
        raise Unreadable(main_part)
    if any("vbaproject" in name.lower() or "/embeddings/" in name.lower() for name in office.names):
        raise _refused("文件里有宏或嵌入的对象，不能接收。", "请另存为不带宏、不带嵌入对象的文件再上传。")
    for name in office.names:
        if name.endswith((".xml", ".rels")):
            scan = TagScan("Relationship")
            office.scan(name, scan)
            if any(_reaches_out(link) for link in scan.found):
                raise _refused("文件引用了外部的模板或数据，不能接收。", "请断开外部引用后另存，再上传。")
        else:
            office.measure([name])


def _reaches_out(link: dict[str, str]) -> bool:
    return link.get("TargetMode") == "External" and not link.get("Type", "").endswith("/hyperlink")


def clean_text(data: bytes) -> bytes:
    """A text file: no NUL bytes."""
    if b"\0" in data:
        raise _refused("文件不是文本。")
    return data


def as_it_is(data: bytes) -> bytes:
    """Checked by whoever reads it (old workbooks are parsed by the importer)."""
    return data


CLEANED: dict[FileType, Callable[[bytes], bytes]] = {
    JPEG: clean_picture,
    PNG: clean_picture,
    HEIC: clean_heif,
    PDF: clean_pdf,
    DOCX: _office("word/document.xml"),
    XLSX: _office("xl/workbook.xml"),
    XLS: as_it_is,
    ODS: _office("content.xml"),
    CSV: clean_text,
}


def checked(data: bytes, name: str, accept: tuple[FileType, ...]) -> tuple[FileType, bytes]:
    """The type of a file and the bytes to keep. Raises Refused with field `file` for anything not accepted."""
    suffix = PurePath(name).suffix.lower()
    found = next((kind for kind in accept if suffix in kind.suffixes), None)
    if found is None:
        known = "、".join(kind.suffixes[0].lstrip(".") for kind in accept)
        raise _refused(f"不能接收「{suffix or '没有扩展名'}」这种文件。", f"可以上传 {known}。")
    if not data:
        raise _refused("文件是空的。")
    kinds = [kind for kind in accept if kind == found or {kind, found} <= set(OF_PHONES)]
    really = next((kind for kind in kinds if kind.begins(data)), None)
    if really is None:
        raise _refused(f"文件名以「{suffix}」结尾，内容却不是。", "请用原来的软件另存一份再上传。")
    return really, CLEANED[really](data)

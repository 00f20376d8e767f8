"""Pictures of iPhones: taken, turned into JPEG without what the phone wrote into them; broken ones refused."""

import io
import subprocess
import sys

import pillow_heif
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.actions import files
from core.errors import Refused
from core.file_cleaning import checked
from core.file_types import CASE_FILES, JPEG, PICTURES, PNG
from core.models import StoredFile
from tests.core.test_files import GPS, ORIENTATION, SOFTWARE, picture

LATITUDE = 2


def heif(*, size=(40, 20), mode: str = "RGB", turned: bool = False) -> bytes:
    """What a phone writes: the place, its own name, a description in XMP, perhaps lying on its side."""
    exif = Image.Exif()
    exif[SOFTWARE] = "secret phone"
    exif.get_ifd(GPS)[LATITUDE] = (22.0, 46.0, 12.0)
    if turned:
        exif[ORIENTATION] = 6
    out = io.BytesIO()
    shot = pillow_heif.from_pillow(Image.new(mode, size, "red"))
    shot.save(out, quality=90, exif=exif.tobytes(), xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>secret</x:xmpmeta>")
    return out.getvalue()


def saying(data: bytes, width: int, height: int) -> bytes:
    """The same picture that says another size of itself."""
    place = data.index(b"ispe") + 8
    return data[:place] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + data[place + 8 :]


def is_red(kept: bytes) -> bool:
    red, green, blue = Image.open(io.BytesIO(kept)).convert("RGB").getpixel((5, 5))
    return red > 240 and green < 15 and blue < 15


# ── taken ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "现场.heif", "现场.jpg", "现场.jpeg"])
def test_it_is_told_by_its_bytes_and_kept_as_a_jpeg(name):
    kind, kept = checked(heif(), name, CASE_FILES)

    left = Image.open(io.BytesIO(kept))
    assert (kind.content_type, left.format, left.size) == ("image/jpeg", "JPEG", (40, 20))
    assert is_red(kept)


def test_a_jpeg_that_a_phone_named_heic_is_the_jpeg_it_is():
    assert checked(picture(), "IMG_0001.HEIC", PICTURES)[0] == JPEG


@pytest.mark.parametrize(("turned", "size"), [(False, (40, 20)), (True, (20, 40))])
def test_place_time_and_device_are_taken_out_and_it_stands_upright(turned, size):
    data = heif(turned=turned)
    assert b"secret phone" in data  # it was there

    _, kept = checked(data, "a.heic", PICTURES)

    left = Image.open(io.BytesIO(kept))
    assert (dict(left.getexif()), left.info.get("xmp"), b"secret" in kept) == ({}, None, False)
    assert left.size == size


def test_what_is_transparent_becomes_white():
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGBA", (40, 20), (0, 0, 0, 0))).save(out, quality=90)

    _, kept = checked(out.getvalue(), "a.heic", PICTURES)

    assert min(Image.open(io.BytesIO(kept)).getpixel((5, 5))) > 240


@pytest.mark.django_db
def test_its_name_says_what_is_stored_and_a_page_can_show_it_small(mediator_of_taiping):
    upload = SimpleUploadedFile("欠条.HEIC", heif())

    stored = files.store_file(upload=upload, by=mediator_of_taiping, shown_small=True)

    row = StoredFile.objects.get()
    assert (row.name, row.content_type) == ("欠条.jpg", "image/jpeg")
    with default_storage.open(stored.path) as kept, default_storage.open(stored.thumbnail_path) as small:
        assert (row.size, Image.open(kept).format, Image.open(small).format) == (kept.size, "JPEG", "JPEG")


def test_the_decoder_is_not_loaded_until_a_picture_needs_it():
    look = "import sys, core.file_cleaning; print('pi_heif' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"


# ── refused ──────────────────────────────────────────────────────────────────
WHOLE = heif()
VIDEO = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 400
REFUSED = {
    "cut off in its pixels": ("a.heic", WHOLE[:-40], "图片损坏"),
    "cut off in its head": ("a.heic", WHOLE[:60], "图片损坏"),
    "its first bytes alone": ("a.heic", WHOLE[:12], "图片损坏"),
    "more pixels than it says": ("a.heic", saying(heif(size=(400, 300)), 64, 64), "图片损坏"),
    "a video": ("a.heic", VIDEO, "内容却不是"),
    "a pdf": ("a.heic", b"%PDF-1.4", "内容却不是"),
    "named png": ("a.png", WHOLE, "内容却不是"),
    "a png named heic": ("a.heic", picture("PNG"), "内容却不是"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "why"), REFUSED.values(), ids=REFUSED)
def test_broken_and_lying_ones_are_refused_with_a_reason(name, data, why):
    with pytest.raises(Refused, match=why) as refusal:
        checked(data, name, CASE_FILES)

    assert (refusal.value.field, refusal.value.hint != "") == ("file", True)


def test_one_of_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("core.file_cleaning.HEIF_PIXELS", 799)

    with pytest.raises(Refused, match="像素太大"):
        checked(WHOLE, "a.heic", CASE_FILES)


def test_one_that_says_it_has_a_thousand_million_pixels_is_refused():
    with pytest.raises(Refused):
        checked(saying(WHOLE, 32_000, 32_000), "a.heic", CASE_FILES)


def test_where_it_is_not_accepted_its_content_is_no_way_in():
    with pytest.raises(Refused, match="内容却不是"):
        checked(WHOLE, "a.jpg", (JPEG, PNG))

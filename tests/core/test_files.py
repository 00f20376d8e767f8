"""Uploads: what is taken, what is cleaned, what is refused; downloads: to whom."""

import hashlib
import io
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import rules
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import Workbook
from PIL import Image

from core import tasks
from core.actions import files
from core.choices import Role, Sealed
from core.errors import Refused
from core.file_cleaning import checked
from core.file_types import CASE_FILES, CSV, DOCX, JPEG, ODS, PICTURES, PNG, WORKBOOKS, XLS, XLSX
from core.models import AuditEntry, StoredFile
from tests.conftest import COUNTY, SHUANGDONG, TAIPING

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GPS, ORIENTATION, SOFTWARE = 0x8825, 0x0112, 0x0131
PLAIN_NAME_LENGTH = 120


def picture(kind: str = "JPEG", *, size=(40, 20), turned: bool = False) -> bytes:
    exif = Image.Exif()
    exif[SOFTWARE] = "secret phone"
    exif.get_ifd(GPS)[1] = "N"
    if turned:
        exif[ORIENTATION] = 6
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, exif=exif, comment=b"secret") if kind == "JPEG" else Image.new(
        "RGB", size, "red"
    ).save(out, kind, exif=exif)
    return out.getvalue()


def office(kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "docx":
        letter = Document()
        letter.add_paragraph("调解协议")
        letter.save(out)
    else:
        Workbook().save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The zip with a part added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def relationship(kind: str) -> bytes:
    base = "http://schemas.openxmlformats.org"
    return (
        f'<?xml version="1.0"?><Relationships xmlns="{base}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{base}/officeDocument/2006/relationships/{kind}" Target="http://example.org/x" TargetMode="External"/>'
        "</Relationships>"
    ).encode()


# ── what is taken ────────────────────────────────────────────────────────────
TAKEN = [
    pytest.param("现场.jpg", picture(), "image/jpeg", id="jpg"),
    pytest.param("现场.JPEG", picture(), "image/jpeg", id="upper-case ending"),
    pytest.param("图.png", picture("PNG"), "image/png", id="png"),
    pytest.param("判决.pdf", PDF, "application/pdf", id="pdf"),
    pytest.param("协议.docx", office("docx"), DOCX.content_type, id="docx"),
    pytest.param("清单.xlsx", office("xlsx"), XLSX.content_type, id="xlsx"),
    pytest.param(
        "协议.docx", with_part(office("docx"), "word/_rels/footnotes.xml.rels", relationship("hyperlink")),
        DOCX.content_type, id="a docx with a link",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "content_type"), TAKEN)
def test_the_kinds_of_a_case_are_taken(name, data, content_type):
    found, kept = checked(data, name, CASE_FILES)

    assert found.content_type == content_type
    assert kept


def test_the_name_the_hash_and_the_size_are_those_of_what_is_stored(mediator_of_taiping, taiping):
    upload = SimpleUploadedFile("..\\照片/现场.jpg", picture())

    stored = files.store_file(
        upload=upload, by=mediator_of_taiping, subject=taiping, town_code=TAIPING, kind="evidence"
    )

    with default_storage.open(stored.path) as file:
        on_disk = file.read()
    row = StoredFile.objects.get()
    assert (row.name, row.size, row.sha256) == ("现场.jpg", len(on_disk), hashlib.sha256(on_disk).hexdigest())
    assert (row.subject_label, row.subject_id, row.kind, row.town_code) == (
        "core.division",
        TAIPING,
        "evidence",
        TAIPING,
    )
    assert row.path == f"{row.id.hex[:2]}/{row.id.hex}"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("turned", [True, False])
def test_place_time_and_device_are_taken_out_of_pictures(kind, turned):
    suffix = "jpg" if kind == "JPEG" else "png"
    _, kept = checked(picture(kind, turned=turned), f"a.{suffix}", PICTURES)

    left = Image.open(io.BytesIO(kept))
    assert (dict(left.getexif()), b"secret" in kept) == ({}, False)
    assert left.size == ((20, 40) if turned else (40, 20))


# ── what is refused ──────────────────────────────────────────────────────────
DOCX_BYTES, XLSX_BYTES = office("docx"), office("xlsx")
REFUSED = [
    pytest.param("a.exe", b"MZ", "不能接收「.exe」", id="another kind"),
    pytest.param("a", b"x", "不能接收「没有扩展名」", id="no ending"),
    pytest.param("a.svg", b"<svg/>", "不能接收「.svg」", id="svg"),
    pytest.param("a.pdf", b"", "文件是空的", id="empty"),
    pytest.param("a.pdf", picture(), "内容却不是", id="a picture that says pdf"),
    pytest.param("a.jpg", PDF, "内容却不是", id="a pdf that says jpg"),
    pytest.param("a.pdf", PDF[:20], "没有传完整", id="truncated pdf"),
    pytest.param("a.jpg", picture()[:-40], "图片损坏", id="truncated jpg"),
    pytest.param("a.png", picture("PNG")[:40], "图片损坏", id="truncated png"),
    pytest.param("a.docx", DOCX_BYTES[:-200], "文件损坏", id="truncated docx"),
    pytest.param("a.docx", XLSX_BYTES, "文件损坏、有密码，或不是", id="a workbook that says docx"),
    pytest.param("a.xlsx", DOCX_BYTES, "文件损坏、有密码，或不是", id="a document that says xlsx"),
    pytest.param("a.docx", with_part(DOCX_BYTES, "word/vbaProject.bin", b"x"), "有宏", id="macros"),
    pytest.param("a.docx", with_part(DOCX_BYTES, "word/embeddings/ole.bin", b"x"), "嵌入的对象", id="embedded object"),
    pytest.param(
        "a.docx", with_part(DOCX_BYTES, "word/_rels/settings.xml.rels", relationship("attachedTemplate")),
        "引用了外部的模板", id="a template from elsewhere",
    ),
    pytest.param(
        "a.docx", with_part(DOCX_BYTES, "word/document.xml", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"),
        "文件损坏", id="XML entities",
    ),
    pytest.param("a.docx", with_part(DOCX_BYTES, "word/media/a.bin", b"\0" * 5_000_000), "文件损坏", id="zip bomb"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "why"), REFUSED)
def test_everything_else_is_refused_with_a_reason(name, data, why):
    with pytest.raises(Refused, match=why) as refusal:
        checked(data, name, CASE_FILES)

    assert (refusal.value.field, refusal.value.hint != "") == ("file", True)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("core.file_cleaning.MAX_PIXELS", 799)

    with pytest.raises(Refused, match="像素太大"):
        checked(picture(), "a.jpg", CASE_FILES)


@pytest.mark.parametrize(("extra", "refused"), [(0, False), (1, True)])
def test_an_upload_over_the_limit_is_refused(mediator_of_taiping, settings, extra, refused):
    settings.UPLOAD_LIMIT = 1024 * 1024
    data = PDF[:-6] + b"x" * (1024 * 1024 - len(PDF) + extra) + b"%%EOF\n"
    upload = SimpleUploadedFile("a.pdf", data)

    if refused:
        with pytest.raises(Refused, match="超过 1 MB"):
            files.store_file(upload=upload, by=mediator_of_taiping)
    else:
        assert files.store_file(upload=upload, by=mediator_of_taiping).size == 1024 * 1024


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("名册.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", XLS),
        ("名册.csv", "姓名,性别\n甲,男\n".encode(), CSV),
        ("名册.ods", with_part(with_part(XLSX_BYTES, "content.xml", b"<a/>"), "mimetype", b"x"), ODS),
    ],
)
def test_rosters_may_also_be_old_workbooks_and_csv(name, data, kind):
    assert checked(data, name, WORKBOOKS) == (kind, data)
    with pytest.raises(Refused):
        checked(data, name, CASE_FILES)


def test_a_csv_with_nul_bytes_is_no_text():
    with pytest.raises(Refused, match="不是文本"):
        checked(b"a\0b", "a.csv", WORKBOOKS)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/etc/passwd", "passwd"),
        ("C:\\照片\\现场.jpg", "现场.jpg"),
        ("a\nb\u202egpj.exe", "abgpj.exe"),
        ("", "file"),
        ("长" * 200 + ".docx", "长" * 115 + ".docx"),
    ],
)
def test_a_name_is_only_a_name(given, kept):
    assert files.plain_name(given) == kept


# ── on the disk ──────────────────────────────────────────────────────────────
def test_a_full_disk_leaves_nothing_and_says_so(mediator_of_taiping, monkeypatch, settings):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(Refused, match="磁盘写不进去"):
        files.store_file(upload=SimpleUploadedFile("a.pdf", PDF), by=mediator_of_taiping)
    assert StoredFile.objects.count() == 0
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_files_without_a_row_go_after_a_day_and_no_earlier(mediator_of_taiping):
    kept = files.store_bytes(data=b"x", name="a.txt", content_type="text/plain", by=mediator_of_taiping)
    lost = files.store_bytes(data=b"x", name="b.txt", content_type="text/plain", by=mediator_of_taiping)
    StoredFile.objects.filter(pk=lost.pk).delete()

    assert files.remove_orphans(timezone.now() + timedelta(hours=23)) == 0
    assert files.remove_orphans(timezone.now() + timedelta(hours=25)) == 1
    assert (default_storage.exists(kept.path), default_storage.exists(lost.path)) == (True, False)


def test_tidying_an_empty_store_is_nothing():
    tasks.tidy()

    assert files.remove_orphans(timezone.now()) == 0


def test_a_file_is_told_what_it_belongs_to_later(mediator_of_taiping, taiping):
    stored = files.store_bytes(data=b"x", name="a.txt", content_type="text/plain", by=mediator_of_taiping)

    files.attach_file(stored=stored, subject=taiping)

    stored.refresh_from_db()
    assert (stored.subject_label, stored.subject_id) == ("core.division", TAIPING)


# ── downloads ────────────────────────────────────────────────────────────────
@pytest.fixture
def kept(mediator_of_taiping):
    def keep(**facts) -> StoredFile:
        facts = {"town_code": TAIPING, "by": mediator_of_taiping} | facts
        return files.store_bytes(data=PDF, name="协议书 第1稿.pdf", content_type="application/pdf", **facts)

    return keep


def status(client, stored: StoredFile) -> int:
    answer = client.get(address(stored))
    list(answer)  # reading a stream to its end closes it
    return answer.status_code


def address(stored: StoredFile) -> str:
    return reverse("file-download", args=[stored.pk])


def test_a_file_comes_as_a_download_that_no_browser_runs(kept, client_of, reviewing_judge):
    stored = kept()

    answer = client_of(reviewing_judge).get(address(stored))

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%8D%8F%E8%AE%AE%E4%B9%A6%20%E7%AC%AC1%E7%A8%BF.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.get(action="file.download")
    assert (entry.actor, entry.subject_id, entry.division_code) == (reviewing_judge, str(stored.pk), TAIPING)


SEES = {
    Sealed.OPEN: "mediator_of_taiping officer_of_taiping reviewing_judge judges_assistant court_clerk justice_officer "
    "committee_officer",
    Sealed.COURT: "reviewing_judge judges_assistant court_clerk",
    Sealed.MEDIATOR: "mediator_of_taiping",
}


@pytest.mark.parametrize("sealed", list(SEES))
def test_who_may_have_a_file_follows_scope_and_seal(kept, cast, client_of, sealed):
    stored = kept(sealed=sealed)

    seen = {name for name, user in cast.items() if status(client_of(user), stored) == 200}

    assert seen == set(SEES[sealed].split())


def test_a_file_of_another_town_looks_like_one_that_is_not_there(kept, client_of, mediator_of_shuangdong):
    browser = client_of(mediator_of_shuangdong)

    elsewhere = browser.get(address(kept()))
    nowhere = browser.get(reverse("file-download", args=[uuid.uuid4()]))

    assert (elsewhere.status_code, nowhere.status_code) == (404, 404)
    assert elsewhere.content == nowhere.content
    assert AuditEntry.objects.filter(action="file.download").count() == 0


def test_a_file_in_no_town_is_its_uploaders_alone(kept, cast, client_of, admin):
    stored = kept(town_code="", by=admin)

    assert {name for name, user in cast.items() if status(client_of(user), stored) == 200} == {"admin"}


def test_a_county_file_is_seen_by_the_county_not_by_its_towns(kept, cast, client_of):
    stored = kept(town_code=COUNTY)

    seen = {name for name, user in cast.items() if status(client_of(user), stored) == 200}

    assert seen == {"court_clerk", "justice_officer", "committee_officer"}


def test_who_left_the_town_no_longer_has_the_file_they_uploaded(kept, client_of, mediator_of_taiping):
    stored = kept(sealed=Sealed.MEDIATOR)
    mediator_of_taiping.scopes.update(division_id=SHUANGDONG)

    assert client_of(mediator_of_taiping).get(address(stored)).status_code == 404


def test_a_kind_of_file_may_ask_for_more(kept, client_of, taiping, reviewing_judge, committee_officer):
    stored = kept(subject=taiping)
    rules.add_perm("core.division.download", rules.predicate(lambda user, file: user.role == Role.JUDGE))
    try:
        statuses = [status(client_of(user), stored) for user in (reviewing_judge, committee_officer)]
    finally:
        rules.remove_perm("core.division.download")

    assert statuses == [200, 403]


def test_a_row_whose_file_is_gone_is_404(kept, client_of, reviewing_judge):
    stored = kept()
    default_storage.delete(stored.path)

    assert client_of(reviewing_judge).get(address(stored)).status_code == 404


def test_a_stranger_sees_no_file_at_all(kept, anonymous):
    kept()

    assert list(StoredFile.objects.visible_to(anonymous)) == []


def test_a_stranger_is_sent_to_the_door(kept, client):
    assert client.get(address(kept())).url.startswith("/login/")


def test_the_accepted_kinds_are_named_when_one_is_refused():
    with pytest.raises(Refused) as refusal:
        checked(b"x", "a.gif", (JPEG, PNG))

    assert refusal.value.hint == "可以上传 jpg、png。"


def test_a_number_in_the_name_of_a_refused_file_is_not_shown(mediator_of_taiping):
    upload = SimpleUploadedFile("沈水旺445381199001011234.exe", b"MZ")
    with pytest.raises(Refused) as refused:
        files.store_shown(uploads=[upload], by=mediator_of_taiping, subject=mediator_of_taiping, town_code="", kind="")
    assert (refused.value.message.startswith("沈水旺"), "445381199001011234" in refused.value.message) == (True, False)

"""Small pictures of files that a page shows."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.actions import files
from core.models import AuditEntry, StoredFile
from tests.conftest import TAIPING
from tests.core.test_files import PDF, picture

pytestmark = pytest.mark.django_db


def keep_picture(by, data: bytes, **facts) -> StoredFile:
    facts = {"town_code": TAIPING, "shown_small": True} | facts
    return files.store_file(upload=SimpleUploadedFile("办公室.jpg", data), by=by, **facts)


@pytest.mark.parametrize(
    ("size", "small"), [((1600, 1200), (320, 240)), ((600, 1200), (160, 320)), ((40, 20), (40, 20))]
)
def test_a_picture_gets_a_thumbnail_that_fits(size, small, mediator_of_taiping):
    stored = keep_picture(mediator_of_taiping, picture(size=size))

    with default_storage.open(stored.thumbnail_path) as file:
        thumbnail = Image.open(file)
        assert (thumbnail.format, thumbnail.size, dict(thumbnail.getexif())) == ("JPEG", small, {})


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "I;16", "1"])
def test_every_kind_of_png_gets_one(mode, mediator_of_taiping):
    out = io.BytesIO()
    Image.new(mode, (900, 600)).save(out, "PNG")

    upload = SimpleUploadedFile("办公室.png", out.getvalue())
    stored = files.store_file(upload=upload, by=mediator_of_taiping, shown_small=True)

    assert default_storage.exists(stored.thumbnail_path)


def test_what_is_not_shown_small_has_none(mediator_of_taiping):
    unasked = keep_picture(mediator_of_taiping, picture(), shown_small=False)
    paper = files.store_file(upload=SimpleUploadedFile("a.pdf", PDF), by=mediator_of_taiping, shown_small=True)

    assert (unasked.thumbnail_path, paper.thumbnail_path) == ("", "")


def test_a_thumbnail_is_shown_in_the_page_to_whom_the_file_is_visible(
    mediator_of_taiping, mediator_of_shuangdong, reviewing_judge, client_of
):
    stored = keep_picture(mediator_of_taiping, picture())
    small = reverse("file-thumbnail", args=[stored.pk])

    shown = client_of(reviewing_judge).get(small)

    assert b"".join(shown.streaming_content)[:3] == b"\xff\xd8\xff"
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "attachment" not in shown.get("Content-Disposition", "")
    assert client_of(mediator_of_shuangdong).get(small).status_code == 404
    assert AuditEntry.objects.filter(action="file.download").count() == 0


def test_a_file_without_a_thumbnail_answers_404(mediator_of_taiping, client_of):
    stored = keep_picture(mediator_of_taiping, picture(), shown_small=False)

    assert client_of(mediator_of_taiping).get(reverse("file-thumbnail", args=[stored.pk])).status_code == 404


def test_a_thumbnail_is_no_orphan(mediator_of_taiping):
    stored = keep_picture(mediator_of_taiping, picture())

    assert files.remove_orphans(timezone.now() + timedelta(days=2)) == 0
    assert default_storage.exists(stored.thumbnail_path)

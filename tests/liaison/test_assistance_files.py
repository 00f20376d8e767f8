"""The files of a visit and its place: cleaned, refused, forgotten in time."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from core import tasks as core_tasks
from core.errors import Refused
from core.models import AuditEntry, StoredFile
from liaison.actions import assistance_visits as visits
from liaison.actions.assistance_visits import Whereabouts
from liaison.choices import AssistanceFile
from liaison.models import AssistanceRequest
from tests.conftest import TAIPING
from tests.liaison import assistance_kit as kit
from tests.liaison.assistance_kit import HERE, done
from tests.liaison.conftest import VISIT_DAY, picture


def sweep_at(moment: datetime) -> None:
    call_command("sweep", "--at", moment.isoformat(), stdout=io.StringIO())


def photo_with_place() -> SimpleUploadedFile:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("门口.jpg", out.getvalue(), "image/jpeg")


def test_the_place_is_taken_off_a_photo(going, mediator_of_taiping):
    given = photo_with_place()
    assert dict(Image.open(io.BytesIO(given.read())).getexif()) != {}
    given.seek(0)

    stored = visits.attach_files(request_id=going.pk, by=mediator_of_taiping, photos=[given])[0]

    with default_storage.open(stored.path) as kept:
        assert dict(Image.open(kept).getexif()) == {}
    assert (stored.kind, stored.town_code) == (AssistanceFile.PHOTO, TAIPING)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"photos": [SimpleUploadedFile("说明.pdf", b"%PDF-1.4 %%EOF")]}, "photos"),
        ({"receipts": [SimpleUploadedFile("回证.exe", b"MZ")]}, "receipts"),
        ({}, "photos"),
    ],
    ids=["a paper is no photo", "a program is no paper", "nothing chosen"],
)
def test_a_file_of_the_wrong_kind_is_refused_at_its_field(given, field, going, mediator_of_taiping):
    with pytest.raises(Refused) as refused:
        visits.attach_files(request_id=going.pk, by=mediator_of_taiping, **given)

    assert (refused.value.field, StoredFile.objects.count()) == (field, 0)


def test_a_request_keeps_so_many_files_and_no_more(going, mediator_of_taiping, monkeypatch):
    monkeypatch.setattr(visits, "FILES_MAX", 1)

    with pytest.raises(Refused, match="最多存 1 份文件"):
        visits.attach_files(request_id=going.pk, by=mediator_of_taiping, photos=[picture(), picture()])


# ── where it was ─────────────────────────────────────────────────────────────


def test_where_the_visit_was_is_wiped_in_time_and_the_trail_says_so(going, mediator_of_taiping, settings):
    request = done(going, mediator_of_taiping, where=HERE)
    assert request.location == "纬度 22.765400，经度 111.567800　村委会东 200 米"
    settings.ASSISTANCE_LOCATION_DAYS = 30

    sweep_at(VISIT_DAY + timedelta(days=30, minutes=-1))
    before = AssistanceRequest.objects.get().location
    for _ in range(2):
        sweep_at(VISIT_DAY + timedelta(days=30, hours=12))  # at night: what must go waits for no working time
    after = AssistanceRequest.objects.get()

    assert (before, after.location, after.location_wiped_on) == (request.location, "", date(2023, 10, 9))
    assert list(AuditEntry.objects.filter(action="assistance.forget_location").values_list("actor", "detail")) == [
        (None, {"number": kit.NUMBER, "state": "done", "on": "2023-10-09", "days": 30})
    ]


def test_the_beat_wipes_it_just_as_the_command_does(going, mediator_of_taiping):
    done(going, mediator_of_taiping, where=HERE)

    with time_machine.travel(VISIT_DAY + timedelta(days=31), tick=False):
        core_tasks.sweep()

    assert AssistanceRequest.objects.get().location == ""
    assert AuditEntry.objects.filter(action="assistance.forget_location").count() == 1


@pytest.mark.parametrize(
    ("where", "field"),
    [
        (Whereabouts(latitude=Decimal(22)), "longitude"),
        (Whereabouts(longitude=Decimal(111)), "latitude"),
        (Whereabouts(Decimal(111), Decimal(22)), "latitude"),
        (Whereabouts(Decimal(22), Decimal(22)), "longitude"),
    ],
    ids=["half", "the other half", "the wrong way round", "outside the country"],
)
def test_an_impossible_place_is_refused_at_its_field(where, field, going, mediator_of_taiping):
    with pytest.raises(Refused) as refused:
        done(going, mediator_of_taiping, where=where)

    assert refused.value.field == field

"""An upload as such: kept once, seven days long, without its file where lists are listed."""

import socket
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from roster import tasks
from roster.actions import imports
from roster.choices import ImportState
from roster.models import RosterImport, RosterImportRow
from tests.conftest import TAIPING
from tests.roster.large_lists import LIST, ask, checked, now, take, work
from tests.roster.workbooks import csv, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock", "_all_lists_are_large")]


# ── after seven days ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("later", "state"),
    [(timedelta(days=7), "previewed"), (timedelta(days=7, seconds=1), "expired")],
    ids=["the seventh day", "past it"],
)
def test_what_nobody_wrote_in_seven_days_is_wiped(admin, client_of, later, state):
    kept = checked(admin)
    with time_machine.travel(timezone.now() + later, tick=False):
        tasks.tidy_uploads()
        found = now(kept)
        assert (found.state, bool(found.content), RosterImportRow.objects.count()) == (
            state,
            state == "previewed",
            4 if state == "previewed" else 0,
        )


def test_what_is_past_its_days_says_so_and_is_written_down(admin, client_of):
    kept = checked(admin)
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        tasks.tidy_uploads()
        page = client_of(admin).get(reverse("roster:import-preview", args=[kept.pk])).content.decode()
    assert "上传后 7 天没有写入，文件已经按规定删除" in page
    assert AuditEntry.objects.latest("seq").action == "roster.expire_upload"


def test_what_is_being_written_is_not_wiped(admin):
    kept = checked(admin)
    ask(kept, admin)
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        tasks.tidy_uploads()
    assert now(kept).state == ImportState.APPLYING


@pytest.mark.parametrize("end", ["apply", "discard"])
def test_the_file_and_its_rows_go_when_it_is_written_or_given_up(admin, end):
    kept = checked(admin)
    if end == "apply":
        ask(kept, admin)
        work()
    else:
        imports.discard_upload(import_id=kept.pk, by=admin)
    found = now(kept)
    assert (found.content, found.mends, found.outlook, RosterImportRow.objects.count()) == ("", "", "", 0)


# ── the upload itself ────────────────────────────────────────────────────────


def test_the_same_file_sent_twice_is_one_upload_and_keeps_what_was_mended(admin, client_of):
    kept = checked(admin)
    client_of(admin).post(reverse("roster:import-row", args=[kept.pk, 4]), {"cell-phone": "13800000009"})
    again = take(admin)
    assert (again.pk, RosterImport.objects.count(), now(kept).report["created"]) == (kept.pk, 1, 4)


def test_the_same_file_sent_by_another_is_another_upload(admin, officer_of_taiping):
    assert take(admin).pk != take(officer_of_taiping).pk


def test_the_list_of_uploads_loads_no_files(admin, client_of):
    checked(admin)
    with connection.execute_wrapper(no_content):
        assert client_of(admin).get(reverse("roster:import")).status_code == 200


def no_content(execute, sql, params, many, context):
    assert '"content"' not in sql or "roster_rosterimport" not in sql
    return execute(sql, params, many, context)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_was_cut_off_on_its_way_is_refused_with_a_sentence(admin, client_of, live_server):
    """Over a real socket: more is announced than comes."""
    body = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("名单.csv", csv(table(*LIST * 20))), "town": TAIPING})
    client = client_of(admin)
    client.get(reverse("roster:import"))
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    head = (
        f"POST {reverse('roster:import')} HTTP/1.0\r\nHost: localhost\r\nCookie: {cookies}\r\n"
        f"X-CSRFToken: {client.cookies['csrftoken'].value}\r\nContent-Type: {MULTIPART_CONTENT}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((live_server.thread.host, live_server.thread.port)) as line:
        line.sendall(head.encode() + body[: len(body) // 2])
        line.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: line.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 422") or answer.startswith("HTTP/1.0 422")
    assert "文件没有传完就断了，没有保存。请再传一次" in answer
    assert RosterImport.objects.count() == 0

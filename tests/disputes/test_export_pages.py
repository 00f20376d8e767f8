"""Rows taken out of the ledger: what stands in the file, who may take what, how a large one is made."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from core.actions import exports as jobs
from core.actions import outbox
from core.choices import ExportState, Role
from core.errors import NotAllowed, Refused
from core.models import AuditEntry, Notification, OutboxEvent
from core.paging import batches
from disputes import documents, queries, tasks
from disputes.actions import exports
from disputes.actions.parties import PartyData
from disputes.choices import Side
from disputes.models import Dispute, LedgerExport
from tests.disputes.conftest import APPLICANT, ID_OF_LIANG, ID_OF_SHEN, NOW, RESPONDENT

URL = "/disputes/export/"
REASON = {"shown": "clear", "reason": "报送市委政法委"}


@pytest.fixture
def page(client_of, committee_officer, tables):
    return client_of(committee_officer)


@pytest.fixture
def office(client_of, officer_of_taiping, tables):
    return client_of(officer_of_taiping)


def sheet(data: bytes) -> list[tuple]:
    return list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))


def rows(response) -> list[tuple]:
    return sheet(response.content)[1:-1]  # without the header and the line that says who took them out


# ── the file ─────────────────────────────────────────────────────────────────
def test_the_export_holds_the_filtered_rows_and_no_number_of_a_person(page, register, mediator_of_taiping):
    register(mediator_of_taiping)
    register(mediator_of_taiping, case_type="labour")
    response = page.post(f"{URL}?type=labour")
    header, *_ = sheet(response.content)
    assert header == documents.HEADER
    assert [row[:3] for row in rows(response)] == [("TP2309-0002", "沈水旺与梁伯坚劳动争议", "太平镇")]
    assert rows(response)[0][14:] == ("沈水旺", "********1235", "*******6072", "梁伯坚", None, None)
    assert response["Content-Disposition"] == 'attachment; filename="disputes-20230920-masked.xlsx"'
    assert (ID_OF_SHEN.encode() in response.content, response["Cache-Control"]) == (False, "private, no-store")


def test_the_officer_takes_the_numbers_of_the_town_along_for_a_reason(office, register, mediator_of_taiping):
    liang = PartyData(side=Side.RESPONDENT, name="梁伯坚", id_number=ID_OF_LIANG)
    second = PartyData(side=Side.APPLICANT, name="沈水兴", phone="13800006073")
    register(mediator_of_taiping, parties=(APPLICANT, second, liang))
    response = office.post(URL, REASON)
    assert rows(response)[0][14:] == (
        "沈水旺、沈水兴", f"{ID_OF_SHEN}、", "13800006072、13800006073", "梁伯坚", ID_OF_LIANG, None,
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="dispute.export")
    assert entry.detail == {"rows": 1, "filters": {}, "masked": False, "reason": "报送市委政法委"}


def test_a_range_turned_round_is_refused_and_nothing_is_made(office, register, mediator_of_taiping):
    register(mediator_of_taiping)
    response = office.post(f"{URL}?from=2023-09-20&to=2023-09-01", REASON)
    assert (response.status_code, LedgerExport.objects.count()) == (422, 0)
    assert "晚于" in response.content.decode()


def test_clear_numbers_without_a_reason_are_refused_at_the_field(office, register, mediator_of_taiping):
    register(mediator_of_taiping)
    response = office.post(URL, {"shown": "clear", "reason": " "})
    assert (response.status_code, LedgerExport.objects.count()) == (422, 0)
    assert "请写用途，例如：报送市委政法委。" in response.content.decode()


@pytest.mark.parametrize("who", ["mediator_of_taiping", "justice_officer", "court_clerk", "committee_officer"])
def test_others_get_masks_whatever_they_send(who, cast, client_of, register):
    register(cast["mediator_of_taiping"])
    response = client_of(cast[who]).post(URL, REASON)
    assert rows(response)[0][15] == "********1235"
    with pytest.raises(NotAllowed):
        exports.start_export(params={}, is_clear=True, reason="看看", by=cast[who])


def test_the_export_has_as_many_rows_as_the_list_counts(page, register, mediator_of_taiping, committee_officer):
    for _ in range(3):
        register(mediator_of_taiping)
    params = {"state": "open", "town": "445381101"}
    found = rows(page.post(f"{URL}?state=open&town=445381101"))
    assert len(found) == queries.filtered(committee_officer, params).count() == 3


def test_a_town_takes_out_its_own_rows_alone(office, register, mediator_of_taiping, mediator_of_shuangdong):
    register(mediator_of_taiping)
    register(mediator_of_shuangdong)
    assert [row[0] for row in rows(office.post(URL))] == ["TP2309-0001"]


@pytest.mark.parametrize(("order", "codes"), [("", [3, 2, 1]), ("?sort=old", [1, 2, 3])])
def test_batches_leave_nothing_out_and_keep_the_order_of_the_list(
    order, codes, page, register, mediator_of_taiping, monkeypatch
):
    monkeypatch.setattr(documents, "ROWS_AT_ONCE", 2)
    for day in (1, 2, 2):
        register(mediator_of_taiping, on=date(2023, 9, day))
    assert [row[0] for row in rows(page.post(f"{URL}{order}"))] == [f"TP2309-000{number}" for number in codes]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_batch_ends_where_the_next_begins(size, register, mediator_of_taiping):
    for day in (1, 2, 2):
        register(mediator_of_taiping, on=date(2023, 9, day))
    found = list(batches(Dispute.objects.values("id", "registered_on"), order=queries.OLDEST, size=size))
    assert [row["id"] for batch in found for row in batch] == list(
        Dispute.objects.order_by(*queries.OLDEST).values_list("id", flat=True)
    )
    assert max(map(len, found)) == min(size, 3)


def test_queries_do_not_grow_with_the_rows(
    office, register, mediator_of_taiping, officer_of_taiping, django_assert_num_queries
):
    register(mediator_of_taiping)
    export = exports.start_export(params={}, by=officer_of_taiping)
    with django_assert_num_queries(2):
        documents.workbook_of(export)
    for _ in range(3):
        register(mediator_of_taiping)
    with django_assert_num_queries(2):
        documents.workbook_of(export)


@pytest.mark.parametrize("name", ["=1+1", "+86", "-2", "@A1"])
def test_what_looks_like_a_formula_stays_text(name, page, register, mediator_of_taiping):
    nasty = PartyData(side=Side.APPLICANT, name=name, phone=APPLICANT.phone)
    register(mediator_of_taiping, parties=(nasty, RESPONDENT))
    book = load_workbook(io.BytesIO(page.post(URL).content)).active
    title, party = book.cell(row=2, column=2), book.cell(row=2, column=15)
    assert (title.value, title.data_type, party.value, party.data_type) == (
        f"{name}与梁伯坚民间借贷纠纷",
        "s",
        name,
        "s",
    )


# ── what is written down, and refused ────────────────────────────────────────
def test_an_export_is_written_down_without_what_was_searched(page, register, mediator_of_taiping, committee_officer):
    register(mediator_of_taiping)
    sealed = queries.sealed_search(committee_officer, "沈水旺")
    assert len(rows(page.post(f"{URL}?town=445381101&s={sealed}"))) == 1
    entry = AuditEntry.objects.get(action="dispute.export")
    assert entry.detail == {"rows": 1, "filters": {"town": "445381101"}, "masked": True, "reason": ""}
    with connection.cursor() as cursor:
        cursor.execute("SELECT filters FROM disputes_ledgerexport")
        assert cursor.fetchone()[0].startswith("v1:k1:aes-256-gcm:")


def test_too_many_rows_are_refused_with_a_way_out(page, register, mediator_of_taiping, monkeypatch):
    monkeypatch.setattr(exports, "EXPORT_LIMIT", 1)
    for _ in range(2):
        register(mediator_of_taiping)
    response = page.post(URL)
    assert response.status_code == 422
    assert "请按镇（街）或登记日缩小范围" in response.content.decode()


def test_nothing_to_take_out_is_said(page):
    response = page.post(f"{URL}?type=labour")
    assert (response.status_code, "没有符合条件的纠纷，导不出来。" in response.content.decode()) == (422, True)


def test_the_form_says_how_many_and_what_for(office, page, register, mediator_of_taiping):
    register(mediator_of_taiping)
    assert "符合条件的 1 件" in page.get(f"{URL}?type=private_loan").content.decode()
    assert ('name="reason"' in office.get(URL).content.decode(), 'name="reason"' in page.get(URL).content.decode()) == (
        True,
        False,
    )


# ── a large one ──────────────────────────────────────────────────────────────
@pytest.fixture
def large(page, register, mediator_of_taiping, monkeypatch) -> LedgerExport:
    """An export that counts as large, waiting in the outbox."""
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    for _ in range(3):
        register(mediator_of_taiping)
    OutboxEvent.objects.all().delete()
    response = page.post(URL)
    export = LedgerExport.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{URL}{export.pk}/")
    return export


def test_a_large_one_is_made_in_the_worker_and_fetched_with_a_trace(large, page, committee_officer):
    assert "正在生成台账 0 / 3 件。" in page.get(f"{URL}{large.pk}/").content.decode()
    outbox.run_waiting()
    large.refresh_from_db()
    assert (large.state, large.done_rows) == (ExportState.READY, 3)
    told = Notification.objects.get(recipient=committee_officer)
    assert (told.text, told.url) == ("台账导出做好了，3 件。24 小时内可以下载。", f"{URL}{large.pk}/")
    assert len(rows(page.get(f"{URL}{large.pk}/file/"))) == 3
    detail = {"what": "ledger", "masked": True}
    assert AuditEntry.objects.get(action="file.download").detail == detail


def test_nobody_else_fetches_it(large, office):
    outbox.run_waiting()
    assert [office.get(f"{URL}{large.pk}/{path}").status_code for path in ("", "file/")] == [404, 404]


def test_its_bytes_lie_encrypted_and_go_after_a_day(large, page):
    outbox.run_waiting()
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM disputes_ledgerexport")
        assert cursor.fetchone()[0].startswith("v1:k1:aes-256-gcm:")
    with time_machine.travel(NOW + timedelta(hours=24, minutes=1), tick=False):
        tasks.expire_exports()
        large.refresh_from_db()
    assert (large.state, large.content) == (ExportState.EXPIRED, "")
    response = page.get(f"{URL}{large.pk}/file/")
    assert (response.status_code, "已经删除" in response.content.decode()) == (422, True)


def test_who_lost_the_right_meanwhile_gets_nothing(large, committee_officer):
    committee_officer.role = Role.AUDITOR
    committee_officer.save()
    exports.MAKER.make(large.pk)
    large.refresh_from_db()
    assert (large.state, large.content) == (ExportState.FAILED, "")


def test_before_it_is_ready_there_is_no_file(large, committee_officer):
    with pytest.raises(Refused):
        exports.hand_over(export_id=large.pk, by=committee_officer)
    LedgerExport.objects.update(state="making", attempt=1, moved_at=timezone.now())
    with pytest.raises(jobs.StillMaking):
        exports.MAKER.make(large.pk)

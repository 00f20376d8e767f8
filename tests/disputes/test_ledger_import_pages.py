"""The pages of a ledger's import, as an officer goes through them."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from core.actions import outbox
from core.models import AuditEntry
from disputes import tasks  # noqa: F401 (the worker knows them)
from disputes.models import Dispute, LedgerImport
from tests.conftest import SHUANGDONG, TAIPING
from tests.disputes.ledgers import BAD, GOOD, ID_NUMBER, xlsx, xlsx_of_two_years

URL = "/disputes/import/"
pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def office(client_of, officer_of_taiping):
    return client_of(officer_of_taiping)


def send(office, data: bytes, name: str = "2022年台账.xlsx", town: str = TAIPING):
    return office.post(URL, {"file": SimpleUploadedFile(name, data), "town": town})


def columns_of(office, url: str) -> dict[str, str]:
    """What the form proposes, as a browser would send it."""
    html = office.get(url).content.decode()
    sent = {}
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


@pytest.fixture
def previewed(office) -> str:
    """The address of an upload whose columns were taken as proposed."""
    where = send(office, xlsx(*GOOD, *BAD))["Location"]
    where = office.get(where)["Location"]  # not mapped yet
    return office.post(where, columns_of(office, where))["Location"]


def test_from_the_file_to_the_ledger(office):
    where = office.get(send(office, xlsx(*GOOD))["Location"])["Location"]
    page = office.get(where).content.decode()
    assert ("每一列是什么" in page, "2022.3.5" in page, ID_NUMBER in page) == (True, True, False)
    sent = columns_of(office, where)
    assert (sent["source"], sent["village"], "registered_on" in sent.values()) == ("visit", "", True)
    preview = office.post(where, sent)["Location"]
    html = office.get(preview).content.decode()
    shown = re.search(r'name="shown" value="(\w+)"', html)[1]
    assert "写入 5 件" in html
    done = office.post(f"{preview}apply/", {"shown": shown}, follow=True)
    assert ("已写入 5 件。" in done.content.decode(), Dispute.objects.count()) == (True, 5)
    again = office.post(f"{preview}apply/", {"shown": shown})
    assert (again.status_code, "已经写入，没有再写一遍" in again.content.decode()) == (422, True)


def test_the_preview_says_at_the_cell_what_is_wrong_and_shows_no_number(office, previewed):
    html = office.get(f"{previewed}?show=rejected").content.decode()
    assert html.count('class="cell-bad"') == 3  # the day; name and number of the applicant; the outcome
    assert "看不出是哪一天，请写成 2022-03-15" in html
    assert "2 件还不能写入" in html
    assert (ID_NUMBER in office.get(previewed).content.decode(), "disabled" in html) == (False, False)
    looked = office.get(f"{previewed}?show=look").content.decode()
    assert "没有办结日期，按登记日计。" in looked


def test_a_ledger_of_bad_rows_alone_is_not_said_to_be_in_the_ledger(office):
    where = office.get(send(office, xlsx(*BAD))["Location"])["Location"]
    html = office.get(office.post(where, columns_of(office, where))["Location"]).content.decode()

    assert "<b>2 件还不能写入</b>，没有别的可以写入。" in html
    assert "其余都已经在台账里" not in html


def test_bad_rows_may_be_left(office, previewed):
    shown = LedgerImport.objects.get().fingerprint
    refused = office.post(f"{previewed}apply/", {"shown": shown})
    assert (refused.status_code, Dispute.objects.count()) == (422, 0)
    assert office.post(f"{previewed}apply/", {"shown": shown, "skip": "1"}).status_code == 302
    assert Dispute.objects.count() == 5


def test_two_columns_cannot_be_the_same_thing(office):
    where = office.get(send(office, xlsx(*GOOD))["Location"])["Location"]
    sent = columns_of(office, where)
    sent["column-16"] = "respondent"
    response = office.post(where, sent)
    assert (response.status_code, "只能有一列" in response.content.decode()) == (422, True)


def test_years_on_sheets_of_their_own_may_head_their_columns_otherwise(office):
    where = office.get(send(office, xlsx_of_two_years())["Location"])["Location"]

    preview = office.post(where, columns_of(office, where))["Location"]

    assert "写入 2 件" in office.get(preview).content.decode()


def test_what_cannot_be_registered_without_is_asked_for(office):
    where = office.get(send(office, xlsx(*GOOD))["Location"])["Location"]
    sent = {name: "" if value == "registered_on" else value for name, value in columns_of(office, where).items()}
    response = office.post(where, sent)
    assert response.status_code == 422
    assert "还没有指明哪一列是登记（受理）日期" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("台账.xlsx", b"", "文件是空的"),
        ("台账.xlsx", b"%PDF-1.4", "这是 PDF 文件，不是表格"),
        ("台账.xlsx", xlsx(), "表头下面一件也没有填"),
        ("台账.csv", "通知\n请于周五前报送\n".encode(), "没有找到台账的表头"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_out(office, name, data, says):
    response = send(office, data, name)
    assert (response.status_code, says in response.content.decode()) == (422, True)
    assert LedgerImport.objects.count() == 0


def test_the_marked_copy_is_the_same_workbook_with_what_is_wrong_coloured(office, previewed):
    response = office.post(f"{previewed}marked/")
    page = load_workbook(io.BytesIO(response.content)).active
    assert page["C8"].comment.text.startswith("看不出是哪一天")
    assert (page["C8"].fill.fgColor.rgb, page["G4"].value) == ("00F6C9C5", "示例丙、示例丁")
    assert AuditEntry.objects.filter(action="dispute.marked_copy").count() == 1


def test_the_last_step_is_ticked_when_it_is_written_and_not_while_it_is(office, monkeypatch):
    def last_step() -> str:
        page = office.get(preview, follow=True).content.decode()
        return page.partition('<ol class="steps">')[2].partition("</ol>")[0].rpartition("<li")[2]

    where = office.get(send(office, xlsx(*GOOD))["Location"])["Location"]
    preview = office.post(where, columns_of(office, where))["Location"]
    shown = re.search(r'name="shown" value="(\w+)"', office.get(preview).content.decode())[1]
    monkeypatch.setattr("disputes.uploads.SMALL_ROWS", 2)
    office.post(f"{preview}apply/", {"shown": shown})
    assert ('class="here"' in last_step(), "<svg" in last_step()) == (True, False)
    outbox.run_waiting()
    assert ('class="done"' in last_step(), "<svg" in last_step()) == (True, True)


def test_the_wait_for_the_worker_begins_when_writing_is_asked_for(office, monkeypatch):
    """The check of a ledger that was left on its preview is long past, and no sign of a worker that is gone."""
    where = office.get(send(office, xlsx(*GOOD))["Location"])["Location"]
    preview = office.post(where, columns_of(office, where))["Location"]
    shown = re.search(r'name="shown" value="(\w+)"', office.get(preview).content.decode())[1]
    LedgerImport.objects.update(worked_at=timezone.now() - timedelta(hours=2))
    monkeypatch.setattr("disputes.uploads.SMALL_ROWS", 2)
    office.post(f"{preview}apply/", {"shown": shown})
    assert "正在写入台账" in (page := office.get(preview, follow=True).content.decode())
    assert "等了好一会儿" not in page
    LedgerImport.objects.update(asked_at=timezone.now() - timedelta(seconds=40))
    assert "等了好一会儿" in office.get(preview, follow=True).content.decode()


def test_of_a_long_ledger_no_marked_copy_is_made(office, previewed, monkeypatch):
    monkeypatch.setattr("disputes.actions.ledger_imports.MARKED_ROWS", 6)
    response = office.post(f"{previewed}marked/")
    assert (response.status_code, "做不了标注后的原表" in response.content.decode()) == (422, True)


def test_the_empty_ledger_offers_the_words_that_are_understood(office):
    book = load_workbook(io.BytesIO(office.get(f"{URL}template/").content))
    assert book.sheetnames[0] == "台账"
    assert "示例" in book.sheetnames
    where = office.get(send(office, xlsx(*GOOD))["Location"])["Location"]
    assert where.endswith("/columns/")


def test_the_filled_template_is_read_without_a_choice(office, divisions):
    book = load_workbook(io.BytesIO(office.get(f"{URL}template/").content))
    for place, cell in enumerate(next(book["示例"].iter_rows(min_row=2, max_row=2, values_only=True)), start=1):
        book["台账"].cell(2, place).value = cell
    out = io.BytesIO()
    book.save(out)
    where = office.get(send(office, out.getvalue())["Location"])["Location"]
    office.post(where, columns_of(office, where))
    assert LedgerImport.objects.get().report == {"rows": 1, "look": 0, "created": 1, "unchanged": 0, "rejected": 0}


def test_given_up_the_file_is_gone(office, previewed):
    office.post(f"{previewed}discard/")
    kept = LedgerImport.objects.get()
    assert (kept.state, kept.content) == ("discarded", "")
    assert "这份文件已经删除" in office.get(previewed).content.decode()


def test_another_town_is_not_offered(office):
    assert send(office, xlsx(*GOOD), town=SHUANGDONG).status_code == 422


def test_nobody_else_sees_an_upload(previewed, client_of, make_user):
    colleague = client_of(make_user("second_officer", "officer", TAIPING))
    assert [colleague.get(f"{previewed}{path}").status_code for path in ("", "columns/", "progress/")] == [404] * 3


def test_the_preview_costs_the_same_at_two_and_seven_rows(office, previewed, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        office.get(previewed)


def test_the_same_file_sent_again_says_that_it_goes_on_with_the_first(office):
    data = xlsx(*GOOD)
    first = send(office, data, name="甲.xlsx")
    assert "传过" not in office.get(first["Location"], follow=True).content.decode()
    again = send(office, data, name="甲.xlsx")

    assert again["Location"] == first["Location"]
    assert "这份文件传过，还没有写入，接着上次的做。" in office.get(again["Location"], follow=True).content.decode()

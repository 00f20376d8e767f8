"""A ledger's wrong cells mended in the page: checked anew at once, rows left out knowingly, written whole or not."""

import io
import re

import pytest
from openpyxl import load_workbook

from core.models import AuditEntry
from disputes import uploads
from disputes.actions import ledger_mends
from disputes.importing import columns
from disputes.models import Dispute, LedgerImport, Party
from roster.annex.kept import mends_from_json
from tests.disputes.ledgers import BAD, GOOD, xlsx
from tests.disputes.test_ledger_import_pages import columns_of, send

pytestmark = pytest.mark.usefixtures("tables")
DAY_WRONG, PEOPLE_WRONG, GOOD_ROW = 8, 9, 3  # the sheet's row numbers
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def office(client_of, officer_of_taiping):
    return client_of(officer_of_taiping)


@pytest.fixture
def previewed(office) -> str:
    """Five rows in order, one without a day, one of two people with half a telephone number and without an outcome."""
    people = [*BAD[1][:6], "示例子\n示例丑", "", "1380", *BAD[1][9:]]
    where = office.get(send(office, xlsx(*GOOD, BAD[0], people))["Location"])["Location"]
    return office.post(where, columns_of(office, where))["Location"]


def mend(office, previewed, row: int, show: str = "", *, sheet: int = 0, htmx: bool = False, **said: str):
    """Retype cells (`field="text"`), or say `left_out="1"`, `undo="field"`."""
    form = {name if name in ("left_out", "undo") else f"cell-{name}": text for name, text in said.items()}
    return office.post(f"{previewed}rows/{sheet}/{row}/{show}", form, **(HTMX if htmx else {}))


def upload() -> LedgerImport:
    return LedgerImport.objects.get()


def row_of(html: str, number: int) -> str:
    found = re.search(rf'<tr id="row-0-{number}".*?</tr>', html, re.S)
    assert found
    return found[0]


# ── retyped ──────────────────────────────────────────────────────────────────
def test_a_wrong_cell_can_be_retyped_and_no_other(office, previewed):
    html = office.get(previewed).content.decode()

    named = {number: re.findall(r'name="cell-(\w+)"', row_of(html, number)) for number in (3, 8, 9)}
    assert named == {3: [], 8: ["registered_on"], 9: ["applicant_phone", "outcome"]}
    assert 'value="去年春天"' in row_of(html, DAY_WRONG)
    assert 'value="1380"' in row_of(html, PEOPLE_WRONG)  # in clear: it has to be mended, and by its uploader


def test_a_retyped_cell_is_checked_anew_at_once_and_the_row_stays_in_sight(office, previewed):
    answer = mend(office, previewed, DAY_WRONG, "?show=rejected", registered_on="2022-04-05")

    assert answer["Location"] == f"{previewed}?show=rejected&row=0-8#row-0-8"
    html = office.get(answer["Location"]).content.decode()
    assert upload().report == {"rows": 7, "look": 3, "created": 6, "unchanged": 0, "rejected": 1}
    assert "2022-04-05" in row_of(html, DAY_WRONG)
    assert "您改过登记（受理）日期" in row_of(html, DAY_WRONG)
    assert "<b>1 件还不能写入</b>" in html


def test_several_cells_of_a_row_are_mended_one_after_the_other(office, previewed):
    mend(office, previewed, PEOPLE_WRONG, applicant_phone="13800000011、13800000012", outcome="已办结")
    assert upload().report["rejected"] == 2  # the outcome is still what the file says
    mend(office, previewed, PEOPLE_WRONG, outcome="调解成功")
    assert upload().report["rejected"] == 1

    office.post(f"{previewed}apply/", {"shown": upload().fingerprint, "skip": "1"})

    phones = {one.name: one.phone for one in Party.objects.filter(name__in=["示例子", "示例丑"])}
    assert phones == {"示例子": "13800000011", "示例丑": "13800000012"}


def test_what_is_retyped_wrongly_says_so_at_the_cell(office, previewed):
    mend(office, previewed, DAY_WRONG, registered_on="2021-13-40")

    html = office.get(previewed).content.decode()
    assert 'value="2021-13-40"' in row_of(html, DAY_WRONG)
    assert "看不出是哪一天" in row_of(html, DAY_WRONG)


def test_a_cell_sent_as_it_was_shown_is_no_edit(office, previewed):
    mend(office, previewed, PEOPLE_WRONG, applicant_phone="1380", outcome="已办结", left_out="1")

    mends = mends_from_json(upload().mends)
    assert (dict(mends.edits), mends.left_out) == ({}, {("Sheet", PEOPLE_WRONG)})


def test_it_goes_back_to_what_the_file_says(office, previewed):
    mend(office, previewed, DAY_WRONG, registered_on="2022-04-05")
    mend(office, previewed, DAY_WRONG, undo="registered_on")

    assert (upload().report["rejected"], upload().mends != "") == (2, True)
    assert dict(mends_from_json(upload().mends).edits) == {}


def test_a_row_mended_into_another_is_written_once(office):
    doubled = ["9", "太调2022-1", "?", *GOOD[0][3:]]
    where = office.get(send(office, xlsx(GOOD[0], doubled))["Location"])["Location"]
    second = office.post(where, columns_of(office, where))["Location"]

    mend(office, second, 4, registered_on="2022.3.5")

    assert (upload().report["created"], upload().report["unchanged"]) == (1, 1)


# ── left out ─────────────────────────────────────────────────────────────────
def test_rows_are_left_out_knowingly_and_the_others_written_with_one_press(office, previewed):
    mend(office, previewed, DAY_WRONG, left_out="1")
    mend(office, previewed, PEOPLE_WRONG, left_out="1")
    html = office.get(previewed).content.decode()
    assert "写入 5 件，<b>留下 2 件不写</b>" in html
    assert "去年春天" in row_of(html, DAY_WRONG)
    assert 'name="cell-' not in row_of(html, DAY_WRONG)

    done = office.post(f"{previewed}apply/", {"shown": upload().fingerprint}, follow=True)

    assert (Dispute.objects.count(), "已写入 5 件" in done.content.decode()) == (5, True)
    facts = AuditEntry.objects.get(action="dispute.import").detail
    assert (facts["written"], facts["rejected"], facts["left_out"], facts["retyped"]) == (5, 0, 2, 0)


def test_a_row_left_out_can_be_taken_in_again(office, previewed):
    mend(office, previewed, DAY_WRONG, left_out="1")
    mend(office, previewed, DAY_WRONG)

    assert upload().report["rejected"] == 2


# ── written ──────────────────────────────────────────────────────────────────
def test_mended_rows_are_written_and_nothing_of_the_mends_stays(office, previewed):
    mend(office, previewed, DAY_WRONG, registered_on="2022-04-05")
    mend(office, previewed, PEOPLE_WRONG, left_out="1")

    office.post(f"{previewed}apply/", {"shown": upload().fingerprint})

    assert Dispute.objects.filter(registered_on="2022-04-05", narrative="吵架。").count() == 1
    assert (upload().state, upload().mends, upload().content) == ("applied", "", "")


def test_with_a_row_that_is_still_wrong_nothing_is_written(office, previewed):
    mend(office, previewed, DAY_WRONG, registered_on="2022-04-05")

    refused = office.post(f"{previewed}apply/", {"shown": upload().fingerprint})

    assert (refused.status_code, Dispute.objects.count()) == (422, 0)


def test_who_looked_before_the_mend_does_not_write_what_they_did_not_see(office, previewed):
    seen = upload().fingerprint
    mend(office, previewed, DAY_WRONG, registered_on="2022-04-05")

    conflict = office.post(f"{previewed}apply/", {"shown": seen, "skip": "1"})

    assert (conflict.status_code, Dispute.objects.count()) == (409, 0)


def test_every_mend_is_in_the_trail_without_what_was_typed(office, previewed):
    mend(office, previewed, DAY_WRONG, registered_on="2022-04-05")

    entry = AuditEntry.objects.get(action="dispute.mend_upload")
    assert entry.detail == {"row": 8, "fields": ["registered_on"], "left_out": False}


def test_the_marked_copy_says_what_was_turned_into_what_and_what_is_left(office, previewed):
    mend(office, previewed, DAY_WRONG, registered_on="2022-04-05")
    mend(office, previewed, PEOPLE_WRONG, left_out="1")

    page = load_workbook(io.BytesIO(office.post(f"{previewed}marked/").content)).active

    assert page["C8"].comment.text == "核对时把登记（受理）日期改成了「2022-04-05」。"
    assert (page["A9"].comment.text, page["G9"].comment) == ("核对时定了：这一行留下不写。", None)


# ── who, when, where ─────────────────────────────────────────────────────────
def test_written_or_given_up_it_is_no_longer_mended(office, previewed):
    office.post(f"{previewed}discard/")

    answer = mend(office, previewed, DAY_WRONG, registered_on="2022-04-05")

    assert answer.status_code == 422
    assert "文件不再保存" in answer.content.decode()


@pytest.mark.parametrize(("sheet", "row"), [(0, 99), (3, DAY_WRONG)])
def test_a_row_that_is_not_there_is_not_found(office, previewed, sheet, row):
    assert mend(office, previewed, row, sheet=sheet, registered_on="2022-04-05").status_code == 404


def test_a_cell_of_two_thousand_characters_is_too_long(office, previewed):
    answer = mend(office, previewed, DAY_WRONG, registered_on="二" * 2001)

    assert (answer.status_code, upload().mends) == (422, "")
    assert "登记（受理）日期太长" in answer.content.decode()


def test_htmx_is_led_to_the_row_or_to_the_whole_page_when_others_changed(office, previewed):
    alone = mend(office, previewed, DAY_WRONG, htmx=True, registered_on="2022-04-05")
    refused = mend(office, previewed, DAY_WRONG, htmx=True, registered_on="二" * 2001)
    same = mend(office, previewed, DAY_WRONG, htmx=True, registered_on="2022-04-05")
    assert ("row-0-8" in alone["Location"], refused["HX-Refresh"], same.status_code) == (True, "true", 302)


def test_of_a_very_large_ledger_a_worker_checks_everything(office, previewed, monkeypatch):
    monkeypatch.setattr(uploads, "MENDED_ROWS", 6)

    answer = mend(office, previewed, DAY_WRONG, htmx=True, registered_on="2022-04-05")

    assert (upload().state, answer["HX-Refresh"]) == ("checking", "true")
    uploads.run_check(upload().pk)
    assert upload().report["rejected"] == 1


def test_columns_said_anew_lose_no_mend(office, previewed):
    mend(office, previewed, DAY_WRONG, registered_on="2022-04-05")

    office.post(f"{previewed}recheck/")

    assert upload().report["rejected"] == 1


def test_two_windows_on_one_upload_lose_nothing_to_each_other(previewed, officer_of_taiping):
    for field, text in (("applicant_phone", "13800000011"), ("outcome", "调解成功")):
        said = {"key": ("Sheet", PEOPLE_WRONG), "cells": {field: text}, "left_out": False}
        uploads.mend_row(import_id=upload().pk, by=officer_of_taiping, **said)

    typed = mends_from_json(upload().mends).typed_in("Sheet", PEOPLE_WRONG)
    assert dict(typed) == {"applicant_phone": "13800000011", "outcome": "调解成功"}


def test_the_preview_costs_the_same_with_mended_rows(office, previewed, django_assert_max_num_queries):
    mend(office, previewed, DAY_WRONG, registered_on="2022-04-05")

    with django_assert_max_num_queries(6):
        office.get(previewed)


def test_the_words_of_a_story_are_mended_in_several_lines(office):
    row = [*GOOD[0][:11], "", *GOOD[0][12:]]
    where = office.get(send(office, xlsx(row))["Location"])["Location"]
    page = office.post(where, columns_of(office, where))["Location"]
    assert "<textarea" in row_of(office.get(page).content.decode(), 3)

    mend(office, page, 3, narrative="第一天吵架。\r\n第二天又吵。")
    office.post(f"{page}apply/", {"shown": upload().fingerprint})

    assert Dispute.objects.get().narrative == "第一天吵架。\n第二天又吵。"


def test_only_known_columns_are_mended(previewed, officer_of_taiping):
    assert "state" not in columns.FIELDS
    with pytest.raises(ledger_mends.Refused, match="没有「state」这一栏"):
        ledger_mends.mend_row(
            import_id=upload().pk, key=("Sheet", 8), cells={"state": "agreed"}, left_out=False, by=officer_of_taiping
        )

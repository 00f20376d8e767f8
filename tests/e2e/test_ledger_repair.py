"""A town's old ledger mended in the page, at a desk and on a phone, and without JavaScript."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from disputes.models import Dispute, LedgerImport
from tests.disputes.ledgers import BAD, GOOD, xlsx
from tests.e2e.conftest import DESKTOP, PHONE, Office

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]


@pytest.fixture
def file(tmp_path) -> Path:
    """Five rows in order, one without a day, one with half a telephone number and without an outcome."""
    path = tmp_path / "2022年台账.xlsx"
    path.write_bytes(xlsx(*GOOD, BAD[0], [*BAD[1][:6], "示例子", "", "1380", *BAD[1][9:]]))
    return path


def bring(page, file: Path) -> None:
    page.goto("/disputes/import/")
    page.get_by_label("台账文件").set_input_files(file)
    page.get_by_role("button", name="上传").click()
    page.get_by_role("button", name=re.compile("核对")).click()
    expect(page.get_by_role("heading", name="核对：太平镇的台账")).to_be_visible()


def retype(page, label: str, text: str) -> None:
    """Type over a cell and leave it; wait for its row and the figures around it."""
    with page.expect_response(re.compile(r"/rows/0/\d+/")):
        page.get_by_label(label, exact=True).fill(text)
        page.keyboard.press("Tab")


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_ledger_is_mended_in_the_page_and_written_whole(open_desk: Office, file, window):
    desk = open_desk(window).sit("officer")
    page, before = desk.page, Dispute.objects.count()
    bring(page, file)
    expect(page.locator("#import-dock")).to_contain_text("2 件还不能写入")
    page.get_by_role("link", name=re.compile("不能写入")).click()
    expect(page.locator("tbody tr")).to_have_count(2)
    desk.look(f"ledger-repair-{window['width']}-before")

    retype(page, "第 8 行登记（受理）日期", "2022-04-05")
    expect(page.locator("#row-0-8 .cell-bad")).to_have_count(0)  # it stays in sight
    expect(page.locator("#row-0-8")).to_contain_text("您改过登记（受理）日期")
    expect(page.locator("#import-dock")).to_contain_text("1 件还不能写入")
    retype(page, "第 9 行申请人电话", "13800000011")
    expect(page.locator("#row-0-9 .cell-bad")).to_have_count(1)
    with page.expect_response(re.compile(r"/rows/0/9/")):
        page.locator("#row-0-9").get_by_label("留下不写").check()
    expect(page.locator("#import-dock")).to_contain_text("写入 6 件，留下 1 件不写")
    desk.look(f"ledger-repair-{window['width']}-after")

    page.get_by_role("button", name="写入 6 件").click()
    expect(page.get_by_text("已写入 6 件。")).to_be_visible()
    assert Dispute.objects.count() == before + 6
    assert Dispute.objects.filter(registered_on="2022-04-05", narrative="吵架。").exists()


def test_without_javascript_the_row_is_saved_by_its_button(open_desk: Office, file, browser, live_server):
    desk = open_desk().sit("officer")
    bring(desk.page, file)
    cookies, where = desk.context.cookies(), desk.page.url
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto(where)
    page.get_by_label("第 8 行登记（受理）日期").fill("2022-04-05")
    page.locator("#row-0-8").get_by_role("button", name="保存这一行").click()
    expect(page.locator("#row-0-8 .cell-bad")).to_have_count(0)
    page.locator("#row-0-8").get_by_role("button", name="改回原样").click()
    expect(page.get_by_label("第 8 行登记（受理）日期")).to_have_value("去年春天")
    page.locator("#row-0-9").get_by_label("留下不写").check()
    page.locator("#row-0-9").get_by_role("button", name="保存这一行").click()
    expect(page.locator("#import-dock")).to_contain_text("已留下 1 件")
    assert LedgerImport.objects.get(file_name="2022年台账.xlsx").report["left_out"] == 1
    plain.close()

"""A messy list mended in the page, at a desk, on a phone, without JavaScript; a large one while its uploader waits."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from config.celery import app as celery
from core.actions import outbox
from roster import uploads
from roster.models import RosterImport, Staff, TeamMembership
from tests.conftest import FENJIE
from tests.e2e.conftest import DESKTOP, PHONE, Desk, Office
from tests.e2e.lists import RIGHT_ID, WRONG_ID, messy_list, retype, upload

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "分界镇名单.xlsx"
    path.write_bytes(messy_list())
    return path


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_a_messy_list_is_mended_in_the_page_and_the_team_is_complete(open_desk: Office, file, tmp_path, window):
    desk = open_desk(window).sit("admin")
    page = desk.page
    upload(page, file)
    expect(page.get_by_role("button", name="写入 12 行")).to_be_disabled()
    expect(page.locator(".cell-bad")).to_have_count(4)
    desk.look(f"import-repair-{window['width']}-before")
    take_the_marked_copy_home(desk, tmp_path)

    page.get_by_label("第 4 行电话", exact=True).fill("1390")
    page.keyboard.press("Escape")
    expect(page.get_by_label("第 4 行电话")).to_have_value("13800")
    retype(page, "第 4 行电话", "13800000041")
    expect(page.locator("#row-1 .cell-bad")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('tr')?.id") in ("row-1", "row-2")
    retype(page, "第 6 行姓名", "甲三")
    retype(page, "第 8 行身份证", RIGHT_ID)
    expect(page.locator("#row-5")).to_contain_text("您改过")
    expect(page.locator("#row-5")).not_to_contain_text(RIGHT_ID)
    with page.expect_response(re.compile(r"/rows/6/")):
        page.get_by_label("第 9 行岗位").select_option(label="驻村律师")
    expect(page.locator("#row-6")).to_contain_text("由您选定")
    with page.expect_response(re.compile(r"/rows/12/")):
        page.locator("#row-12").get_by_label("留下不写").check()
    expect(page.locator("#import-dock")).to_contain_text("写入 11 行，留下 1 行不写")

    page.goto("/roster/import/")  # the window is closed, nothing is lost
    page.get_by_role("link", name="分界镇名单.xlsx").click()
    expect(page.locator("#import-teams")).to_contain_text("达到标准")
    desk.look(f"import-repair-{window['width']}-after")
    page.get_by_role("button", name="写入 11 行").click()
    expect(page.get_by_text("分界镇的队伍达到标准")).to_be_visible()
    assert TeamMembership.objects.filter(town_code=FENJIE).count() == 11
    assert Staff.objects.get(name="乙十一").id_number == RIGHT_ID


def take_the_marked_copy_home(desk: Desk, folder: Path) -> None:
    copy = desk.download(desk.page.get_by_role("button", name="下载标注后的原表"), folder)
    page = load_workbook(copy)["名单"]
    assert page["H8"].comment.text.startswith("最后一位校验不对")
    assert (page["H8"].value, page["H8"].fill.fgColor.rgb) == (WRONG_ID, "00F6C9C5")


def test_without_javascript_the_row_is_saved_by_its_button(open_desk: Office, file, browser, live_server):
    desk = open_desk().sit("admin")
    upload(desk.page, file)
    cookies, where = desk.context.cookies(), desk.page.url
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto(where)
    page.get_by_label("第 4 行电话").fill("13800000041")
    page.locator("#row-1").get_by_role("button", name="保存这一行").click()
    expect(page.locator("#row-1 .cell-bad")).to_have_count(0)
    page.locator("#row-1").get_by_role("button", name="改回原样").click()
    expect(page.get_by_label("第 4 行电话")).to_have_value("13800")
    page.locator("#row-12").get_by_label("留下不写").check()
    page.locator("#row-12").get_by_role("button", name="保存这一行").click()
    expect(page.locator("#import-dock")).to_contain_text("已留下 1 行")
    plain.close()


def test_a_large_list_is_checked_and_written_while_its_uploader_waits(open_desk: Office, file, monkeypatch):
    monkeypatch.setattr(uploads, "SMALL_ROWS", 3)
    monkeypatch.setattr(outbox, "ring", lambda: None)  # no worker hears it: this test is the worker
    celery.loader.import_default_modules()
    desk = open_desk().sit("admin")
    page = desk.page
    upload(page, file)
    expect(page.get_by_text("排队等待核对")).to_be_visible()
    desk.look("import-waiting")
    outbox.run_waiting()
    expect(page.get_by_role("button", name="写入 12 行")).to_be_visible()  # by itself
    retype(page, "第 4 行电话", "13800000041")
    page.get_by_role("button", name=re.compile("留下 3 行，写入其余 9 行")).click()
    expect(page.get_by_text("排队等待写入")).to_be_visible()
    outbox.run_waiting()
    expect(page.get_by_role("heading", name="已写入名册")).to_be_visible()
    desk.look("import-written")
    assert RosterImport.objects.get().report["created"] == 9
    page.goto(reverse("notifications"))
    expect(page.get_by_text("已写入名册，9 行")).to_be_visible()

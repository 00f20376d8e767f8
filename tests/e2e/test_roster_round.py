"""A town's list the whole way: messy as it comes, mended in the page, written, the team complete, out again."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from roster.annex.sheets import PLACE
from roster.models import Staff
from tests.conftest import FENJIE
from tests.e2e.conftest import Desk, Office
from tests.e2e.lists import RIGHT_ID, mend_all, messy_list, upload
from tests.office import need_office, saved_as

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]
REASON = "报送市委政法委"
IN_ORDER = ["乙六", "乙十一", "丙八", "丙七", "丁十", "甲1", "甲2", "甲4", "甲5", "甲三", "丙九"]


def test_a_messy_list_is_mended_written_taken_out_and_opened_in_libreoffice(open_desk: Office, tmp_path: Path):
    desk = open_desk().sit("admin")
    bring_in(desk, tmp_path)
    see_the_team(desk)
    see_a_person(desk)
    masked, clear = take_out(desk, tmp_path)
    bring_back_unchanged(desk, clear)
    open_in_libreoffice(masked, clear)


def bring_in(desk: Desk, folder: Path) -> None:
    page = desk.page
    page.goto("/roster/import/")
    desk.look("round-10-upload")
    file = folder / "分界镇名单.xlsx"
    file.write_bytes(messy_list())
    upload(page, file)
    expect(page.locator(".cell-bad")).to_have_count(4)
    desk.look("round-11-found")
    mend_all(page)
    expect(page.locator("#import-dock")).to_contain_text("写入 11 行，留下 1 行不写")
    desk.look("round-12-mended")
    page.get_by_role("button", name="写入 11 行").click()
    expect(page.get_by_text("分界镇的队伍达到标准")).to_be_visible()
    desk.look("round-13-written")


def see_the_team(desk: Desk) -> None:
    """The town stands as complete, in its own page and among all towns."""
    desk.go(f"/roster/teams/{FENJIE}/")
    expect(desk.page.get_by_role("heading", name="分界镇的队伍")).to_be_visible()
    expect(desk.page.get_by_text("达到标准", exact=True).first).to_be_visible()
    desk.look("round-20-team")
    desk.go("/roster/teams/")
    row = desk.page.get_by_role("row").filter(has_text="分界镇")
    expect(row).to_contain_text("达到标准")
    desk.look("round-21-teams")


def see_a_person(desk: Desk) -> None:
    """The list of the town by pinyin, numbers masked; the mended number belongs to the person."""
    page = desk.page
    desk.go(f"/roster/?town={FENJIE}")
    expect(page.get_by_text("乙十一")).to_be_visible()
    expect(page.get_by_text(RIGHT_ID)).to_have_count(0)
    desk.look("round-30-list")
    page.get_by_role("link", name="乙十一").click()
    expect(page.get_by_role("heading", name="乙十一")).to_be_visible()
    desk.look("round-31-person")
    assert Staff.objects.get(name="乙十一").id_number == RIGHT_ID


def take_out(desk: Desk, folder: Path) -> list[Path]:
    """The town's list, masked and in clear, each as the annex."""
    page = desk.page
    taken: list[Path] = []
    for shown in ("遮盖", "完整"):
        page.goto("/roster/export/")
        page.get_by_label("名单").select_option(label="分界镇")
        page.get_by_label(shown).check()
        if shown == "完整":
            page.get_by_role("textbox", name="用途").fill(REASON)
        desk.look(f"round-40-export-{len(taken)}")
        kept = desk.download(page.get_by_role("button", name="导出"), folder)
        taken.append(kept.rename(folder / f"{shown}.xlsx"))
    for file, is_clear in zip(taken, (False, True), strict=True):
        lines = load_workbook(file).worksheets[0].iter_rows(values_only=True)
        rows = [line for line in lines if isinstance(line[0], int)]
        assert [row[PLACE["name"]] for row in rows] == IN_ORDER
        assert (rows[1][PLACE["id_number"]] == RIGHT_ID) is is_clear
    return taken


def bring_back_unchanged(desk: Desk, file: Path) -> None:
    """The clear list brought in again changes nothing."""
    upload(desk.page, file)
    expect(desk.page.get_by_text("11 行都没有变化，不用再写")).to_be_visible()
    desk.look("round-50-unchanged")


def open_in_libreoffice(*files: Path) -> None:
    """It reads every row as text, and prints."""
    need_office()
    for file, table in zip(files, saved_as("csv", *files), strict=True):
        shown = table.read_text(encoding="utf-8")
        assert [name for name in IN_ORDER if f'"{name}"' not in shown] == []
        assert (f'"{RIGHT_ID}"' in shown) is (file.stem == "完整")
    for printed in saved_as("pdf", *files):
        assert printed.read_bytes()[:5] == b"%PDF-"

"""The ledger in a real browser: a town's own workbook brought in, filters kept on a phone, rows taken out."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from core.models import Division
from disputes import tasks
from disputes.actions import exports
from disputes.models import Dispute, LedgerExport, SavedFilter
from tests.conftest import TAIPING
from tests.disputes.ledgers import BAD, GOOD, HEADER, xlsx
from tests.e2e.conftest import PHONE, Office

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]


def ledger_of_taiping(folder: Path) -> Path:
    """A ledger as it comes: a title, other headers, other words, two rows that cannot be read."""
    village = Division.objects.filter(parent_id=TAIPING)[0].short_name
    header = ["申请人（甲方）" if name == "申请人姓名" else name for name in HEADER]
    rows = [[*row[:3], village, *row[4:]] for row in (*GOOD, *BAD)]
    path = folder / "2022年台账.xlsx"
    path.write_bytes(xlsx(*rows, header=header))
    return path


def test_a_messy_ledger_is_brought_in_and_the_same_file_changes_nothing(open_desk: Office, tmp_path: Path) -> None:
    path, before = ledger_of_taiping(tmp_path), Dispute.objects.count()
    desk = open_desk().sit("officer")
    page = desk.page
    page.goto("/disputes/")
    page.get_by_role("link", name="导入").click()
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传，下一步对列").click()
    page.get_by_role("heading", name="每一列是什么").wait_for()
    assert page.get_by_label("「申请人（甲方）」是").input_value() == "applicant"
    desk.look("ledger-columns")
    page.get_by_role("button", name="就这样，去核对").click()
    page.get_by_text("2 件还不能写入").wait_for()
    desk.look("ledger-preview")
    page.get_by_role("link", name="不能写入").click()
    assert page.locator(".cell-bad").count() == 3
    marked = load_workbook(desk.download(page.get_by_role("button", name="下载标注后的原表"), tmp_path)).active
    assert marked["C8"].comment.text.startswith("看不出是哪一天")
    page.get_by_role("button", name="留下 2 件，写入其余 5 件").click()
    page.get_by_role("heading", name="已写入台账").wait_for()
    assert Dispute.objects.count() == before + 5
    page.get_by_role("link", name="看补录的纠纷").click()
    page.get_by_text("示例甲与示例乙").first.wait_for()
    desk.look("ledger-late")
    page.get_by_text("示例甲与示例乙").first.click()
    page.get_by_role("heading", name="示例甲与示例乙").wait_for()
    desk.look("ledger-past-dispute")
    page.get_by_role("link", name="登记表").click()
    desk.look("register-sheet")
    page.goto("/disputes/import/")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="上传，下一步对列").click()
    page.get_by_role("button", name="就这样，去核对").click()
    page.get_by_text("其余都已经在台账里").wait_for()
    assert Dispute.objects.count() == before + 5


def test_on_a_phone_filters_fold_away_and_are_kept_under_a_name(open_desk: Office) -> None:
    desk = open_desk(PHONE).sit("mediator")
    page = desk.page
    page.goto("/disputes/")
    assert not page.get_by_label("状态").is_visible()
    page.locator(".fold-label").click()
    page.get_by_label("状态").select_option("open")
    page.get_by_role("button", name="查找").click()
    page.get_by_text("存为常用筛选").click()
    page.get_by_label("名称").fill("没办完的")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已存为常用筛选「没办完的」。").wait_for()
    assert page.locator(".saved-list [aria-current]").inner_text() == "没办完的"
    desk.look("ledger-saved")
    page.goto("/disputes/")
    page.get_by_role("link", name="没办完的").click()
    assert "state=open" in page.url
    page.get_by_text("改名、删除").click()
    page.get_by_role("button", name="删除「没办完的」").click()
    page.get_by_text("已删除常用筛选「没办完的」。").wait_for()
    assert SavedFilter.objects.count() == 0


def test_a_large_export_is_made_while_one_waits(open_desk: Office, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    desk = open_desk().sit("committee")
    page = desk.page
    page.goto("/disputes/?state=open")
    page.get_by_role("link", name="导出").click()
    desk.look("ledger-export")
    page.get_by_role("button", name="导出").click()
    page.get_by_text("正在生成台账").wait_for()
    tasks.make_export(export_id=str(LedgerExport.objects.get().pk))
    page.get_by_role("link", name="下载台账").wait_for()
    book = load_workbook(desk.download(page.get_by_role("link", name="下载台账"), tmp_path)).active
    assert book.max_row == Dispute.objects.open().count() + 2  # with the header, and who took them out

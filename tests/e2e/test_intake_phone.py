"""Registering on a phone: what is typed survives a reload, a double press makes one dispute."""

import re

import pytest
from playwright.sync_api import expect

from disputes.models import Dispute
from tests.e2e.conftest import PHONE, Office

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]
OFFLINE = re.compile(r"ERR_INTERNET_DISCONNECTED|htmx:(?:afterRequest|sendError)")  # what the console says of no line
STORY = "二〇二四年三月，温日初向谢水生借了三万元，写了借条，说年底还清，到现在一分没还。"


def test_a_half_filled_form_is_there_after_a_reload_and_a_double_press_registers_once(open_desk: Office) -> None:
    desk = open_desk(PHONE).sit("mediator")
    page = desk.page
    desk.go("/disputes/new/")
    page.fill("#id_narrative", STORY)
    village = page.locator("#id_village option").nth(1)
    code, name = village.get_attribute("value") or "", village.inner_text()
    page.get_by_label("打两个字找村（社区）").fill(name[:-1])
    expect(page.locator("#id_village option")).to_have_count(2)  # 请选择, and the one that fits: it is chosen
    expect(page.locator("#id_village")).to_have_value(code)
    page.fill("#id_parties-0-name", "谢水生")
    page.fill("#id_parties-0-phone", "13800001111")
    expect(page.locator(".draft-said")).to_contain_text("已自动存")

    page.reload()

    expect(page.get_by_text("接着上次没登记完的填")).to_be_visible()
    expect(page.locator("#id_narrative")).to_have_value(STORY)
    expect(page.locator("#id_parties-0-name")).to_have_value("谢水生")
    desk.look("80-intake-draft")
    before = Dispute.objects.count()
    page.get_by_role("button", name="登记", exact=True).dblclick()
    page.wait_for_url(re.compile(r"/disputes/TP\d{4}-\d{4}/"))
    assert Dispute.objects.count() == before + 1
    assert Dispute.objects.latest("pk").division_id == code
    desk.go("/disputes/new/")
    expect(page.locator("#id_narrative")).to_have_value("")


def test_what_could_not_be_kept_is_said_and_kept_when_the_line_is_back(open_desk: Office) -> None:
    desk = open_desk(PHONE).sit("mediator")
    page, said = desk.page, desk.page.locator(".draft-said")
    desk.go("/disputes/new/")
    page.fill("#id_narrative", STORY)
    expect(said).to_contain_text("已自动存")

    page.context.set_offline(True)
    page.fill("#id_narrative", f"{STORY}还说要再缓一年。")

    expect(said).to_contain_text("没有存上：连不上网")
    expect(said).not_to_contain_text("已自动存")
    desk.look("81-intake-not-kept")
    page.context.set_offline(False)
    expect(said).to_contain_text("已自动存")
    page.reload()
    expect(page.locator("#id_narrative")).to_have_value(f"{STORY}还说要再缓一年。")
    desk.problems = [problem for problem in desk.problems if not OFFLINE.search(problem)]

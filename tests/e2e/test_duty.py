"""The rota in a browser: a month planned and saved, two people swapped, a shift held, each page looked at."""

import re

import pytest
from playwright.sync_api import expect

from core.calendar import add_months
from core.queries import today
from liaison.models import DutyShift
from tests.conftest import TAIPING
from tests.e2e.conftest import Office

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]
ROTA = f"/points/{TAIPING}/duty/"


def test_a_month_is_planned_swapped_and_held(open_desk: Office) -> None:
    desk = open_desk().sit("officer")
    page = desk.page
    first = add_months(today().replace(day=1), 2)
    month = f"{ROTA}?month={first:%Y-%m}"

    desk.go(month)
    page.get_by_role("link", name="整月排班…").click()
    expect(page.get_by_role("heading", name=f"太平镇{first.year}年{first.month}月排班")).to_be_visible()
    assert DutyShift.objects.filter(on__gte=first).count() == 0
    desk.look("duty-plan")
    page.get_by_role("button", name=re.compile(r"排上 \d+ 班")).click()
    expect(page.get_by_text(re.compile(r"月排了 \d+ 班"))).to_be_visible()
    desk.look("duty-month")

    one, other = DutyShift.objects.filter(on__gte=first, point__town_code=TAIPING).order_by("on")[:2]
    page.locator(f"#shift-{one.pk}").get_by_role("link").click()
    desk.look("duty-shift")
    page.get_by_label("和哪一班换").select_option(str(other.pk))
    page.get_by_role("button", name="换班").click()
    expect(page.locator(f"#shift-{one.pk}")).to_contain_text(other.staff.name)
    expect(page.locator(f"#shift-{other.pk}")).to_contain_text(one.staff.name)

    desk.go(ROTA)
    page.get_by_label("日期").fill(today().isoformat())
    page.get_by_text("上午", exact=True).last.click()
    page.get_by_label("值班人").select_option(label="苏明远（法官）")
    page.get_by_role("button", name="排上").click()
    judges = DutyShift.objects.get(on=today(), staff__name="苏明远")
    cell = page.locator(f"#shift-{judges.pk}")
    cell.get_by_role("button", name="登记到岗").click()
    expect(cell).to_contain_text("已到岗")
    judges.refresh_from_db()
    assert judges.held_by is not None
    desk.look("duty-held")


def test_a_calendar_address_is_made_shown_once_and_withdrawn(open_desk: Office) -> None:
    desk = open_desk().sit("officer")
    desk.go("/account/")
    desk.page.get_by_role("link", name="我的值班日历").click()
    desk.page.get_by_role("button", name="开通").click()
    address = desk.page.locator(".feed-address").inner_text()
    desk.look("duty-feed")

    assert desk.context.request.get(address).text().startswith("BEGIN:VCALENDAR")
    desk.page.get_by_role("button", name="停用").click()
    expect(desk.page.get_by_text("没有开通")).to_be_visible()
    assert desk.context.request.get(address).status == 404

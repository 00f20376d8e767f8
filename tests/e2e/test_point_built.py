"""A point from nothing to 已建成 with its photographs, and what its officer's resignation changes and what not."""

import io
import re
from datetime import date, timedelta

import pytest
from django.conf import settings as project
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Locator, expect

from core.choices import Role
from core.models import User
from core.queries import today
from liaison.choices import StandardKey, SystemKind
from liaison.models import LiaisonPoint, StandardItem
from roster.actions.membership import start_term
from roster.choices import TeamRole
from roster.models import Staff, TeamMembership
from tests.conftest import FENJIE
from tests.e2e.conftest import Desk, Office

pytestmark = pytest.mark.e2e
POINT, NETWORK = f"/points/{FENJIE}/", "/points/"
LOADED = "picture => picture.complete && picture.naturalWidth > 0"
ADDRESS = "分界镇综治中心一楼 102 室"


@pytest.mark.usefixtures("county")
def test_a_point_is_built_from_nothing_and_a_resignation_leaves_the_day_before_as_it_was(open_desk: Office) -> None:
    term = appoint_the_officer(since=today() - timedelta(days=4))
    officer = open_desk().sit("officer_of_fenjie")
    open_the_point(officer)
    report(officer, StandardKey.OFFICE, "办公室.jpg", "接待处.jpg")
    report(officer, StandardKey.PLAQUE, "牌子.jpg")
    adopt_the_six_texts(officer)
    see_it_waits_for_the_county(officer)
    justice, committee = open_desk().sit("justice"), open_desk().sit("committee")
    check(justice, StandardKey.OFFICE)
    check(justice, StandardKey.PLAQUE)
    check(committee, StandardKey.RULES)
    see_it_is_built(officer)
    resign(open_desk().sit("admin"), term, until=today() - timedelta(days=1))
    see_the_day_before_and_the_gap(committee)


def appoint_the_officer(since: date) -> TeamMembership:
    """分界镇 has nothing in the demo but an address: that goes too, and somebody comes who will build the point."""
    LiaisonPoint.objects.filter(town_id=FENJIE).delete()
    user = User.objects.create_user(
        "officer_of_fenjie", password=project.DEMO_PASSWORD, role=Role.OFFICER, name="温国华"
    )
    staff = Staff.objects.create(name="温国华", user=user)
    admin = User.objects.get(username="admin")
    return start_term(staff_id=staff.pk, town_code=FENJIE, role=TeamRole.LIAISON_OFFICER, since=since, by=admin)


def tile(desk: Desk) -> Locator:
    return desk.page.locator(".points li").filter(has_text="分界镇")


def open_the_point(desk: Desk) -> None:
    page = desk.page
    desk.go(POINT)
    page.get_by_role("link", name="登记联络点").click()
    page.get_by_text("综治中心", exact=True).click()
    page.get_by_label("地址").fill(ADDRESS)
    page.get_by_label("值班电话").fill("0766-0000102")
    page.get_by_label("启用日").fill((today() - timedelta(days=3)).isoformat())
    page.get_by_role("button", name="记下联络点信息").click()
    expect(page.get_by_text(ADDRESS)).to_be_visible()
    expect(page.get_by_text("还差 3 项，没有算作已建成。")).to_be_visible()
    desk.look("80-point-opened")


def report(desk: Desk, item: StandardKey, *names: str) -> None:
    """The photographs are seen on the point's page as thumbnails, not only as names."""
    page = desk.page
    desk.go(POINT)
    box = page.locator(".four > div").filter(has=page.get_by_role("heading", name=item.label))
    box.get_by_role("link", name="报证据").click()
    page.get_by_label("达标日").fill((today() - timedelta(days=3)).isoformat())
    page.get_by_label("证据").set_input_files(
        [{"name": name, "mimeType": "image/jpeg", "buffer": _photo(place)} for place, name in enumerate(names)]
    )
    page.get_by_label("说明").fill("综治中心一楼，门口可见。")
    desk.look(f"81-report-{item}")
    page.get_by_role("button", name="报上这一项").click()
    expect(box.get_by_text("自报，还没有核验")).to_be_visible()
    for name in names:
        picture = box.get_by_role("img", name=name)
        picture.scroll_into_view_if_needed()
        page.wait_for_function(LOADED, arg=picture.element_handle())


def adopt_the_six_texts(desk: Desk) -> None:
    page = desk.page
    for kind in SystemKind:
        desk.go(reverse("liaison:system-adopt", args=[FENJIE, kind]))
        page.get_by_label("通过日").fill((today() - timedelta(days=3)).isoformat())
        page.get_by_label("正文").fill(f"{kind.label}：分界镇法官联络点每个工作日有人值班，来访当场登记。")
        page.get_by_role("button", name="录入文本").click()
        expect(page.get_by_text(f"{kind.label}的文本已记下。")).to_be_visible()


def see_it_waits_for_the_county(desk: Desk) -> None:
    """The town's own word is shown apart and counts for nothing yet; nobody checks themselves."""
    page = desk.page
    desk.go(POINT)
    expect(page.get_by_text("四个一自报齐全，还差县级核验，没有算作已建成。")).to_be_visible()
    expect(page.get_by_role("link", name="核验", exact=True)).to_have_count(0)
    desk.look("82-point-reported")
    desk.go(NETWORK)
    expect(tile(desk)).to_contain_text("待核验")


def check(desk: Desk, item: StandardKey) -> None:
    page = desk.page
    desk.go(POINT)
    box = page.locator(".four > div").filter(has=page.get_by_role("heading", name=item.label))
    box.get_by_role("link", name="核验").click()
    page.get_by_label("核验日").fill((today() - timedelta(days=2)).isoformat())
    desk.look(f"83-check-{item}")
    page.get_by_role("button", name="看过，记为达到").click()
    expect(box.get_by_text(re.compile("县级核验：.*日"))).to_be_visible()


def see_it_is_built(desk: Desk) -> None:
    page = desk.page
    desk.go(POINT)
    expect(page.get_by_text(re.compile("^已建成，.*起四个一全部达到$"))).to_be_visible()
    expect(page.get_by_text("没有算作已建成")).to_have_count(0)
    desk.look("84-point-built")
    desk.go(NETWORK)
    expect(tile(desk)).to_contain_text("已建成")
    assert StandardItem.objects.filter(point__town_id=FENJIE, evidence__isnull=False).distinct().count() == 2


def resign(desk: Desk, term: TeamMembership, until: date) -> None:
    page = desk.page
    desk.go(reverse("roster:term-end", args=[term.staff_id, term.pk]))
    page.get_by_label("离任日").fill(until.isoformat())
    page.get_by_role("button", name="登记离任").click()
    expect(page.get_by_text("离任").first).to_be_visible()
    term.refresh_from_db()
    assert term.until == until


def see_the_day_before_and_the_gap(desk: Desk) -> None:
    """Yesterday stays built, on both pages; today names what is missing."""
    page, yesterday = desk.page, today() - timedelta(days=1)
    desk.go(f"{POINT}?on={yesterday.isoformat()}")
    expect(page.get_by_text(re.compile("^已建成，.*起四个一全部达到$"))).to_be_visible()
    desk.go(f"{NETWORK}?on={yesterday.isoformat()}")
    expect(tile(desk)).to_contain_text("已建成")
    desk.go(NETWORK)
    expect(tile(desk)).to_contain_text("3 / 4")
    expect(page.locator("tbody tr").filter(has_text="分界镇")).to_contain_text(StandardKey.OFFICER.label)
    tile(desk).get_by_role("link").click()
    expect(page.get_by_text("还差 1 项，没有算作已建成。")).to_be_visible()
    expect(page.get_by_text("一名联络人员：先在名册里写明联络人员的任职。")).to_be_visible()
    desk.look("85-point-gap")


def _photo(place: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1280, 960), ("#8f6b3f", "#1b5a96")[place % 2]).save(out, "JPEG")
    return out.getvalue()

"""The frame of every page in a real browser: door, search, menus, deadlines, light and dark, phone and desk."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.models import Notification
from tests.conftest import PASSWORD
from tests.e2e.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.e2e
BOTH = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])


@pytest.fixture
def desk_of_mediator(open_desk, mediator_of_taiping):
    """A signed-in window of the mediator, on the account page."""

    def sit_down(viewport: dict[str, int] = DESKTOP):
        desk = open_desk(viewport)
        desk.sign_in(mediator_of_taiping.username, PASSWORD)
        desk.page.goto("/account/")
        return desk

    return sit_down


@pytest.fixture
def desk_of_admin(open_desk, admin):
    def sit_down(viewport: dict[str, int] = DESKTOP):
        desk = open_desk(viewport)
        desk.sign_in(admin.username, PASSWORD)
        return desk

    return sit_down


@BOTH
def test_door_refuses_a_wrong_pair_and_keeps_the_name(open_desk, mediator_of_taiping, viewport):
    desk = open_desk(viewport)
    desk.sign_in(mediator_of_taiping.username, "wrong")
    expect(desk.page.get_by_role("alert")).to_contain_text("账号或密码不对")
    expect(desk.page.get_by_label("账号")).to_have_value(mediator_of_taiping.username)
    assert desk.width_overflow() == 0


def test_demo_account_fills_the_form_with_one_press(open_desk, db, settings):
    settings.DEMO = True
    desk = open_desk()
    desk.page.goto("/login/")
    desk.page.get_by_role("button", name="committee").click()
    expect(desk.page.get_by_label("账号")).to_have_value("committee")
    expect(desk.page.get_by_label("密码")).to_have_value(settings.DEMO_PASSWORD)


@BOTH
def test_pages_of_the_frame_fit_the_window(desk_of_mediator, viewport):
    desk = desk_of_mediator(viewport)
    for path in ("/account/", "/account/password/", "/messages/", "/manage/style/", "/nowhere/"):
        desk.page.goto(path)
        assert (path, desk.width_overflow()) == (path, 0)


def test_ctrl_k_opens_the_search_and_escape_closes_it(desk_of_mediator):
    page = desk_of_mediator().page
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_dark_is_kept_on_the_next_page(desk_of_mediator):
    page = desk_of_mediator().page
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.get_by_role("button", name="切换深浅色").click()
    page.goto("/messages/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_menu_under_the_name_leads_out(desk_of_mediator):
    page = desk_of_mediator().page
    page.locator("details.menu > summary").click()
    page.locator(".menu-list").get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_deadline_opens_its_count_and_escape_returns_to_it(desk_of_admin):
    page = desk_of_admin().page
    page.goto("/manage/style/")
    chip = page.locator("details.due").first
    chip.locator("summary").click()
    expect(chip.get_by_text("人民调解法第三十三条")).to_be_visible()
    page.keyboard.press("Escape")
    expect(chip.locator(".due-card")).to_be_hidden()
    expect(chip.locator("summary")).to_be_focused()


def test_message_is_opened_and_the_count_in_the_header_falls(desk_of_mediator, mediator_of_taiping):
    for hours in (1, 2):
        at = timezone.now() - timedelta(hours=hours)
        Notification.objects.create(recipient=mediator_of_taiping, text="期限快到", url="/account/", created_at=at)
    page = desk_of_mediator().page
    expect(page.get_by_role("link", name="消息，2 条未读")).to_be_visible()
    page.goto("/messages/")
    page.get_by_role("button", name="打开").first.click()
    expect(page.get_by_role("link", name="消息，1 条未读")).to_be_visible()


def test_result_is_told_in_a_toast_that_can_be_closed(desk_of_mediator, mediator_of_taiping):
    Notification.objects.create(recipient=mediator_of_taiping, text="期限快到", created_at=timezone.now())
    page = desk_of_mediator().page
    page.goto("/messages/")
    page.get_by_role("button", name="全部标为已读").click()
    toast = page.locator(".toasts .toast-item")
    expect(toast).to_contain_text("1 条消息已标为已读。")
    toast.get_by_role("button", name="关掉").click()
    expect(toast).to_have_count(0)

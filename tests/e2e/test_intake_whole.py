"""The whole intake on a phone: duplicates, numbers in the story, questions of the type, files."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from core.models import StoredFile
from disputes.models import Dispute
from tests.core.test_files import picture
from tests.e2e.conftest import PHONE, Desk, Office

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]
STORY = "二〇二四年三月，温日初借了我三万元，写了借条，说年底还清，到现在一分没还。"
SAVED = re.compile(r"/disputes/TP\d{4}-\d{4}/")


def begin(open_desk: Office, story: str = STORY, name: str = "谢水生", phone: str = "13800001111") -> tuple[Desk, Page]:
    desk = open_desk(PHONE).sit("mediator")
    desk.go("/disputes/new/")
    page = desk.page
    page.fill("#id_narrative", story)
    page.select_option("#id_village", index=1)
    page.fill("#id_parties-0-name", name)
    page.fill("#id_parties-0-phone", phone)
    page.locator("#id_parties-0-phone").blur()
    expect(page.locator("#suggestion")).to_contain_text("民间借贷")
    return desk, page


def send(page: Page, name: str = "登记") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_dispute_known_already_is_said_while_typing_and_asked_once(open_desk: Office) -> None:
    _, page = begin(open_desk)
    send(page)
    page.wait_for_url(SAVED)
    before = Dispute.objects.count()

    desk, page = begin(open_desk)
    expect(page.locator("#known")).to_contain_text("可能已经登记过")
    send(page)
    page.wait_for_load_state("networkidle")  # nothing the page loads by itself takes the question away
    expect(page.locator("#known [data-asks]")).to_contain_text("还没有登记：可能已经登记过")
    expect(page.locator("#known [data-asks]")).to_be_focused()
    desk.look("81-intake-known")
    assert Dispute.objects.count() == before
    send(page, "知道了，仍然登记")
    page.wait_for_url(SAVED)
    assert Dispute.objects.count() == before + 1


def test_gone_back_to_after_registering_the_page_says_so_and_leads_there(open_desk: Office) -> None:
    _, page = begin(open_desk)
    send(page)
    page.wait_for_url(SAVED)
    desk, page = begin(open_desk)
    send(page)
    send(page, "知道了，仍然登记")
    page.wait_for_url(SAVED)
    code = page.url.rstrip("/").rsplit("/", 1)[1]

    page.go_back()

    expect(page.locator("#sent")).to_contain_text(f"已经登记，编号 {code}")
    expect(page.locator("#sent")).to_be_focused()
    expect(page.locator("#sent")).to_be_in_viewport()
    # an animated scroll of the browser's own, back to where the page stood, would run on over it
    assert page.evaluate("() => getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    expect(page.locator("#known")).not_to_contain_text("可能已经登记过")
    desk.look("81b-intake-gone-back-to")


def test_a_page_that_the_browser_kept_whole_says_that_it_was_registered(open_desk: Office) -> None:
    """The browser shows it again as it stood, without asking for it: it hears so, and asks."""
    _, page = begin(open_desk)
    send(page)
    page.wait_for_url(SAVED)
    address, code = page.url, page.url.rstrip("/").rsplit("/", 1)[1]
    _, page = begin(open_desk)
    key = str(Dispute.objects.get(code=code).idempotency_key).partition("-")[2]
    page.evaluate("key => { document.getElementById('id_idempotency_key').value = key; }", key)

    page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(page.locator("#sent")).to_contain_text(f"这一份已经登记，编号 {code}")
    expect(page.locator("#sent")).to_be_focused()
    page.get_by_role("link", name="打开已登记的这一件").click()
    page.wait_for_url(address)


def registered_elsewhere(open_desk: Office) -> tuple[str, Page]:
    """The code of a dispute, and a page with a form of its key that has not heard of it: it asks for a change first."""
    _, page = begin(open_desk)
    send(page)
    page.wait_for_url(SAVED)
    code = page.url.rstrip("/").rsplit("/", 1)[1]
    key = str(Dispute.objects.get(code=code).idempotency_key).partition("-")[2]
    page.goto("/disputes/new/")
    page.wait_for_load_state("networkidle")
    page.evaluate("key => { document.getElementById('id_idempotency_key').value = key; }", key)
    return code, page


SHOWN_AGAIN = "() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"


def test_gone_back_to_while_a_look_up_is_under_way_it_still_takes_its_warnings_off(open_desk: Office) -> None:
    code, page = registered_elsewhere(open_desk)
    page.evaluate(
        "() => document.querySelector('#sent').insertAdjacentHTML('afterend', '<p data-unsent>还没有登记</p>')"
    )
    go_on = hold_back(page, "**/disputes/known/")
    page.evaluate("() => document.getElementById('id_village').dispatchEvent(new Event('change', { bubbles: true }))")
    page.wait_for_timeout(500)

    page.evaluate(SHOWN_AGAIN)
    page.wait_for_timeout(200)
    go_on()

    expect(page.locator("#sent")).to_contain_text(f"这一份已经登记，编号 {code}")
    expect(page.locator("[data-unsent]")).to_have_count(0)
    expect(page.locator("#sent")).to_be_focused()


def test_what_was_said_of_another_form_is_no_answer_for_this_one(open_desk: Office) -> None:
    code, page = registered_elsewhere(open_desk)
    page.evaluate("() => Object.assign(document.getElementById('sent'), { hidden: false, textContent: '另一份的' })")

    page.evaluate(SHOWN_AGAIN)

    expect(page.locator("#sent")).to_contain_text(f"这一份已经登记，编号 {code}")


def test_a_number_in_the_story_moves_with_one_tap(open_desk: Office) -> None:
    desk, page = begin(open_desk, f"{STORY}他的电话13900002222。", phone="13700003333")
    page.get_by_role("button", name="移到被申请人").first.click()

    expect(page.locator("#id_parties-1-phone")).to_have_value("13900002222")
    expect(page.locator("#id_narrative")).to_have_value(re.compile(r"他的电话139\*{4}2222。"))
    expect(page.locator("#moved")).to_contain_text("已移到被申请人")
    expect(page.locator("#id_parties-0-name")).to_have_value("谢水生")
    expect(page.locator("#suggestion")).not_to_contain_text("证件号码或电话号码")
    desk.look("82-intake-moved")
    page.locator("#id_narrative").press_sequentially("后来又说还一半。")  # the panel still follows the story
    expect(page.locator(".draft-said")).to_contain_text("已自动存")


def hold_back(page: Page, address: str) -> Callable[[], None]:
    """Requests to the address wait until what is returned is called."""
    waiting: list[Route] = []
    free = False

    def handle(route: Route) -> None:
        if free:
            route.continue_()
        else:
            waiting.append(route)

    def let_go() -> None:
        nonlocal free
        free = True
        for route in waiting:
            route.continue_()

    page.route(address, handle)
    return let_go


def test_nothing_is_typed_into_what_an_answer_on_its_way_will_replace(open_desk: Office) -> None:
    _, page = begin(open_desk, f"{STORY}他的电话13900003333。", phone="13700005555")
    let_go = hold_back(page, "**/disputes/new/")
    page.get_by_role("button", name="移到被申请人").first.click()

    expect(page.locator("#parties")).to_have_attribute("inert", "")
    expect(page.locator("#id_narrative")).to_have_attribute("inert", "")
    let_go()
    expect(page.locator("#id_parties-1-phone")).to_have_value("13900003333")
    page.fill("#id_parties-1-name", "温日初")
    expect(page.locator("#parties[inert], #id_narrative[inert]")).to_have_count(0)


def test_files_still_on_their_way_hold_the_form_once(open_desk: Office, tmp_path: Path) -> None:
    _, page = begin(open_desk, phone="13700006666")
    before = Dispute.objects.count()
    let_go = hold_back(page, "**/disputes/attachments/")
    for name in ("借条.jpg", "转账.jpg"):
        (tmp_path / name).write_bytes(picture())
    page.set_input_files("#id_files", [tmp_path / "借条.jpg", tmp_path / "转账.jpg"])
    expect(page.locator("#attachments progress")).to_have_count(2)  # the one that waits for its turn shows too

    send(page)
    expect(page.locator("#attachments")).to_contain_text("还有 2 份没有传完")
    assert Dispute.objects.count() == before
    let_go()
    expect(page.locator("#attachments img")).to_have_count(2)
    expect(page.locator("#attachments")).not_to_contain_text("没有传完")
    send(page)
    page.wait_for_url(SAVED)
    assert Dispute.objects.count() == before + 1


def test_the_questions_follow_the_type_and_come_back_with_their_answers(open_desk: Office) -> None:
    desk, page = begin(open_desk, phone="13700004444")
    page.fill("#id_answers-private_loan_principal", "三万元")
    page.get_by_text("其他类型").click()
    page.locator("label[for=case-type-labour]").click()
    expect(page.locator("#id_answers-labour_employer")).to_be_visible()
    desk.look("83-intake-questions")
    page.locator("label[for=case-type-private_loan]").click()
    expect(page.locator("#id_answers-private_loan_principal")).to_have_value("三万元")
    send(page)
    page.wait_for_url(SAVED)
    expect(page.get_by_text("借款金额")).to_be_visible()
    assert Dispute.objects.latest("pk").amount == 30_000


def test_photographs_go_up_one_by_one_and_a_refused_form_does_not_lose_them(open_desk: Office, tmp_path: Path) -> None:
    photograph, sound = tmp_path / "欠条.jpg", tmp_path / "录音.amr"
    photograph.write_bytes(picture(size=(800, 600)))
    sound.write_bytes(b"#!AMR")
    huge = tmp_path / "大照片.jpg"
    with huge.open("wb") as file:
        file.truncate(100 * 2**20)
    desk, page = begin(open_desk, name="", phone="13700005555")
    with page.expect_file_chooser() as chooser:
        page.locator("#id_files").click()
    chooser.value.set_files([photograph, sound, huge])
    expect(page.locator("#attachments img")).to_be_visible()
    expect(page.locator("#attachments")).to_contain_text("录音.amr：不能接收")
    expect(page.locator("#attachments")).to_contain_text("大照片.jpg：超过 20 MB，没有传。")
    send(page)
    expect(page.get_by_role("heading", name="还没有登记，先改这几处")).to_be_visible()
    expect(page.locator("#attachments img")).to_be_visible()
    desk.look("84-intake-files")
    page.fill("#id_parties-0-name", "谢水生")
    send(page)
    page.wait_for_url(SAVED)
    expect(page.locator("#papers")).to_contain_text("证据材料")
    assert StoredFile.objects.get(name="欠条.jpg").subject_label == "disputes.dispute"

    page.locator("#papers").get_by_role("link", name="补充").click()
    page.set_input_files("#id_file", [photograph])
    expect(page.locator("#uploaded")).to_contain_text("欠条.jpg　已收进卷宗")
    desk.look("85-paper-new")

"""What is typed at the counter while the server stumbles or the session ends: said at once, tried again, not lost."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from core.actions.drafts import MOST
from core.models import FormDraft, StoredFile, User
from core.signing_in import SEEN_AT
from disputes.queries.attachments import STAGED
from tests.core.test_files import picture
from tests.e2e.conftest import PHONE, Desk, Office

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]
STORY = "二〇二四年三月，温日初向谢水生借了三万元，写了借条，说年底还清，到现在一分没还。"
KEEP = "**/disputes/draft/"
MEANT = re.compile(r"draft/|htmx:(?:afterRequest|sendError|responseError|timeout)|Response Status Error Code")


def sit(open_desk: Office) -> tuple[Desk, Page]:
    desk = open_desk(PHONE).sit("mediator")
    desk.go("/disputes/new/")
    return desk, desk.page


def answers(page: Page, *statuses: int) -> list[int]:
    """The next saves are answered so, the ones after them by the server; returns those that were asked for."""
    left, asked = list(statuses), []

    def handle(route: Route) -> None:
        asked.append(left[0] if left else 200)
        route.fulfill(status=left.pop(0), body="") if left else route.continue_()

    page.route(KEEP, handle)
    return asked


def done(desk: Desk) -> None:
    desk.problems = [problem for problem in desk.problems if not MEANT.search(problem)]


def test_a_server_out_of_breath_is_asked_again_and_the_page_says_so_meanwhile(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    said = page.locator(".draft-said")
    asked = answers(page, 503, 502)

    page.fill("#id_narrative", STORY)

    expect(said).to_contain_text("没有存上：服务器没有办成")
    expect(said).to_contain_text("已自动存", timeout=15_000)
    expect(said).not_to_contain_text("没有存上")
    assert asked == [503, 502, 200]
    done(desk)


def test_what_was_refused_is_said_and_not_asked_again(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    asked = answers(page, 413)

    page.fill("#id_narrative", STORY)

    expect(page.locator(".draft-said")).to_contain_text("没有存上，先别关这一页")
    page.wait_for_timeout(6_000)
    assert asked == [413]
    done(desk)


ASKS = """() => {
  const leaving = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(leaving);
  return leaving.defaultPrevented;
}"""


def test_a_form_too_many_is_left_to_the_browser_to_remember_and_not_left_unasked(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    writer = User.objects.get(username="mediator")
    for number in range(MOST):
        told = {"content": f'[["narrative", "第 {number} 件"]]', "saved_at": timezone.now()}
        FormDraft.objects.create(user=writer, form="disputes.intake", key=f"kept {number}", **told)

    page.fill("#id_narrative", STORY)

    expect(page.locator(".draft-said")).to_contain_text(f"没有自动存：没写完的已有 {MOST} 份")
    expect(page.locator("#intake")).to_have_attribute("autocomplete", "on")
    assert page.evaluate(ASKS)
    page.evaluate("() => document.getElementById('drop-draft').dispatchEvent(new Event('submit', { bubbles: true }))")
    assert not page.evaluate(ASKS)
    page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert page.evaluate(ASKS)
    FormDraft.objects.get(key="kept 0").delete()
    page.fill("#id_narrative", f"{STORY}又补一句。")
    expect(page.locator(".draft-said")).to_contain_text("已自动存")
    expect(page.locator("#intake")).to_have_attribute("autocomplete", "off")
    assert not page.evaluate(ASKS)
    done(desk)


def test_after_the_session_ended_the_page_keeps_the_words_and_saves_them_when_one_is_back(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    said = page.locator(".draft-said")
    for session in Session.objects.order_by("pk"):
        store = SessionStore(session.session_key)
        store[SEEN_AT] = (timezone.now() - timedelta(hours=1)).timestamp()
        store.save()

    page.fill("#id_narrative", STORY)

    expect(said).to_contain_text("登录已经结束")
    assert page.evaluate("() => [localStorage, sessionStorage].map(kept => JSON.stringify(kept))").count(STORY) == 0
    desk.look("83-intake-signed-out")
    with desk.context.expect_page() as opened:
        said.get_by_role("link", name="在新窗口登录").click()
    door = opened.value
    door.fill("input[name=username]", "mediator")
    door.fill("input[name=password]", project.DEMO_PASSWORD)
    door.locator("main form button[type=submit]").first.click()
    door.wait_for_url("**/held/")
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")

    expect(said).to_contain_text("已自动存")
    assert FormDraft.objects.count() == 1
    page.fill("#id_narrative", f"{STORY}又补一句。")
    expect(said).to_contain_text("已自动存")
    done(desk)


def test_two_windows_write_side_by_side_and_both_are_offered(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    other = desk.context.new_page()
    other.goto("/disputes/new/")
    for window, story in (
        (page, STORY),
        (other, "墙倒了，压坏邻居的菜地，谈了两回没有谈拢，想请人来看。"),
        (page, f"{STORY}又补。"),
    ):
        window.fill("#id_narrative", story)
        expect(window.locator(".draft-said")).to_contain_text("已自动存")

    other.goto("/disputes/new/")
    expect(other.get_by_text("您还有 2 份没登记完的。")).to_be_visible()
    desk.go("/disputes/new/")
    desk.look("84-intake-several")
    page.get_by_role("link", name="接着写").last.click()
    expect(page.locator("#id_narrative")).not_to_have_value("")
    desk.go("/")
    expect(page.get_by_text("有一份没写完的登记")).to_have_count(2)
    desk.look("85-today-begun")


def another_signs_in(desk: Desk, username: str) -> None:
    """In a second window of the same browser."""
    window = desk.context.new_page()
    window.goto("/login/")
    window.context.clear_cookies()
    window.goto("/login/")
    window.fill("input[name=username]", username)
    window.fill("input[name=password]", project.DEMO_PASSWORD)
    window.locator("main form button[type=submit]").first.click()
    window.wait_for_url(lambda url: "/login/" not in url)
    window.close()


def test_where_another_person_signed_in_nothing_is_saved_for_them_and_the_page_says_so(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    said = page.locator(".draft-said")
    another_signs_in(desk, "officer")
    asked = answers(page)

    page.fill("#id_narrative", STORY)

    expect(said).to_contain_text("没有存上：现在登录的是另一个人。请用您自己的账号登录，再回到这一页。")
    expect(page.locator("#id_narrative")).to_have_value(STORY)
    assert (len(asked), FormDraft.objects.count()) == (1, 0)
    desk.look("86-intake-another-person")
    another_signs_in(desk, "mediator")
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(said).to_contain_text("已自动存")
    assert [draft.user.username for draft in FormDraft.objects.all()] == ["mediator"]
    done(desk)


def test_a_save_that_is_never_answered_is_given_up_and_asked_again(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    said, asked = page.locator(".draft-said"), []
    expect(said).to_have_attribute("hx-request", '{"timeout": 20000}')
    page.evaluate("() => document.querySelector('.draft-said').setAttribute('hx-request', '{\"timeout\": 500}')")

    def handle(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    page.route(KEEP, handle)
    page.fill("#id_narrative", STORY)

    expect(said).to_contain_text("没有存上：服务器没有回应")
    expect(said).to_contain_text("已自动存", timeout=15_000)
    assert (len(asked), FormDraft.objects.count()) == (2, 1)
    done(desk)


def test_what_was_typed_just_before_a_refusal_is_kept_without_another_word(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    page.fill("#id_narrative", STORY)
    page.fill("#id_parties-0-name", "谢水生")
    page.locator(".dock button[type=submit]").click()

    expect(page.get_by_role("heading", name="还没有登记，先改这几处")).to_be_visible()
    expect(page.locator(".draft-said")).to_contain_text("已自动存")
    desk.go("/disputes/new/")
    expect(page.locator("#id_parties-0-name")).to_have_value("谢水生")
    assert FormDraft.objects.count() == 1
    done(desk)


def test_a_window_set_apart_goes_on_with_files_of_its_own(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    files, said = page.locator("#attachments"), page.locator(".draft-said")
    note = {"name": "欠条.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.set_input_files("#id_files", note)
    expect(files.locator("img")).to_have_count(1)
    other = left_behind(desk, page)

    page.fill("#id_narrative", f"{STORY}在这里补。")

    expect(said).to_contain_text("这里的另存成一份，材料也带了过来")
    expect(files.locator("img")).to_have_count(1)
    assert StoredFile.objects.filter(subject_label=STAGED).count() == 2
    desk.look("87-intake-apart")
    files.get_by_role("button", name="删去").click()
    expect(files.locator("img")).to_have_count(0)
    assert StoredFile.objects.filter(subject_label=STAGED).count() == 1
    other.reload()
    expect(other.locator("#attachments img")).to_have_count(1)
    done(desk)


def left_behind(desk: Desk, page: Page) -> Page:
    """The page's draft is gone on with in another window, which is returned."""
    page.fill("#id_narrative", STORY)
    expect(page.locator(".draft-said")).to_contain_text("已自动存")
    other = desk.context.new_page()
    other.goto("/disputes/new/")
    with other.expect_response(KEEP):  # it says from the first that it is kept
        other.fill("#id_narrative", f"{STORY}在另一个窗口补。")
    return other


def own_files(page: Page) -> list[str]:
    """How the files that wait end: the form each belongs to, the page's own said as such."""
    own = page.locator("#id_idempotency_key").input_value()
    found = StoredFile.objects.filter(subject_label=STAGED)
    return ["own" if one.subject_id.endswith(own) else one.subject_id for one in found]


NOTE = {"name": "欠条.jpg", "mimeType": "image/jpeg", "buffer": picture()}
FILES = "**/disputes/attachments/"


def first_held(page: Page, address: str) -> list[Route]:
    """The next request to the address waits for the test, which finds it here; those after it go on."""
    held: list[Route] = []
    page.route(address, lambda route: route.continue_() if held else held.append(route))
    return held


def until(page: Page, held: list[Route]) -> Route:
    """The request that is held, as soon as it was made."""
    for _ in range(200):
        if held:
            return held[0]
        page.wait_for_timeout(50)
    raise AssertionError("it was never sent")


def test_a_file_on_its_way_while_its_window_is_set_apart_goes_to_the_windows_own_form(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    said = page.locator(".draft-said")
    left_behind(desk, page)
    held = first_held(page, FILES)
    page.set_input_files("#id_files", NOTE)
    page.fill("#id_narrative", f"{STORY}在这里补。")
    expect(said).to_contain_text("这里的另存成一份")

    until(page, held).continue_()

    expect(page.locator("#attachments img")).to_have_count(1)
    assert own_files(page) == ["own"]
    done(desk)


def kept_while_set_apart(desk: Desk, page: Page) -> Route:
    """A file was kept with the other window's form; the save that sets this window apart is returned, still held."""
    left_behind(desk, page)
    saves, uploads = first_held(page, KEEP), first_held(page, FILES)
    page.set_input_files("#id_files", NOTE)
    save = until(page, saves)
    with page.expect_response(FILES) as answered:
        until(page, uploads).continue_()
    answered.value.finished()
    return save


def test_a_file_kept_while_the_save_that_sets_its_window_apart_is_under_way_goes_along(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    save, key = kept_while_set_apart(desk, page), page.locator("#id_idempotency_key")
    before = key.input_value()

    save.continue_()

    expect(key).not_to_have_value(before)
    expect(page.locator("#attachments img")).to_have_count(1)
    assert own_files(page) == ["own"]
    done(desk)


def test_a_file_that_the_other_window_registered_meanwhile_is_said_to_be_there(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    save = kept_while_set_apart(desk, page)
    StoredFile.objects.filter(subject_label=STAGED).update(subject_label="disputes.dispute")

    save.continue_()

    files = page.locator("#attachments")
    expect(files).to_contain_text("欠条.jpg：没有删去，另一个窗口登记时已经带走")
    expect(files.locator("img")).to_have_count(1)
    assert own_files(page) == ["own"]
    done(desk)


def with_a_file(page: Page) -> None:
    page.set_input_files("#id_files", NOTE)
    expect(page.locator("#attachments img")).to_have_count(1)
    page.fill("#id_narrative", STORY)
    expect(page.locator(".draft-said")).to_contain_text("已自动存")


def test_a_file_taken_away_while_a_save_lists_it_is_not_said_to_be_lost(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    with_a_file(page)
    saves = first_held(page, KEEP)
    page.fill("#id_narrative", f"{STORY}又补。")
    save = until(page, saves)
    page.get_by_role("button", name="删去").click()

    with page.expect_response(KEEP) as answered:
        save.continue_()

    expect(page.locator("#attachments li")).to_have_count(0)
    assert ("已自动存" in answered.value.text(), "不在了" in answered.value.text()) == (True, False)
    assert not StoredFile.objects.filter(subject_label=STAGED).exists()
    done(desk)


def test_a_file_on_its_way_out_is_listed_by_no_save_and_again_when_it_stayed(open_desk: Office) -> None:
    desk, page = sit(open_desk)
    with_a_file(page)
    drops, listed = first_held(page, FILES), []
    page.get_by_role("button", name="删去").click()
    drop = until(page, drops)

    for story, after in ((f"{STORY}又补。", drop.abort), (f"{STORY}再补。", lambda: None)):
        with page.expect_response(KEEP) as answered:
            page.fill("#id_narrative", story)
        listed.append("attached=" in (answered.value.request.post_data or ""))
        after()

    assert listed == [False, True]
    expect(page.locator("#attachments img")).to_have_count(1)
    done(desk)

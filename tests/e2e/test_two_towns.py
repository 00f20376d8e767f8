"""Two towns in a real browser: handled together, moved; a file reopened, a paper that comes late. Both widths."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from playwright.sync_api import expect

from core.models import User
from core.queries import today
from disputes.models import Dispute, LatePaper
from mediation.actions.endings import fail_mediation
from tests.conftest import SHUANGDONG, TAIPING
from tests.e2e.conftest import PHONE, Desk, Office

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]
SEND = ".dock button[type=submit]"


@pytest.fixture
def of_shuangdong(county: None, open_desk: Office) -> Desk:
    """The liaison officer of 双东街道, on a phone; the demo lists no account for her."""
    officer = User.objects.get(username="officer-sd")
    officer.set_password(project.DEMO_PASSWORD)
    officer.save()
    return open_desk(PHONE).sit("officer-sd")


def code_of(state: str) -> str:
    return Dispute.objects.filter(town_code=TAIPING, state=state).order_by("pk")[0].code


def ask(desk: Desk, code: str, kind: str) -> None:
    desk.go(f"/disputes/{code}/")
    desk.page.locator("details.menu", has_text="更多").locator("summary").click()
    desk.page.get_by_role("link", name="请外镇联办、移送他镇").click()
    desk.page.get_by_text(kind, exact=True).click()
    desk.page.select_option("select[name=town]", SHUANGDONG)
    desk.page.fill("textarea[name=reason]", "对方住在双东街道，争议的铺面也在那边。")
    desk.look(f"town-ask-{kind[:2]}")
    desk.page.click(SEND)
    expect(desk.page.get_by_text("等双东街道答复").first).to_be_visible()


def test_two_towns_handle_one_dispute_together(open_desk: Office, of_shuangdong: Desk) -> None:
    code = code_of("routed")
    lead = open_desk().sit("officer")
    ask(lead, code, "联办，一起调")

    theirs = of_shuangdong
    theirs.go("/")
    theirs.page.get_by_text("答复太平镇：联办一件纠纷").click()
    theirs.look("town-asked")
    theirs.page.get_by_role("link", name="答复", exact=True).click()
    theirs.page.get_by_text("同意联办", exact=True).click()
    theirs.page.select_option("select[name=mediator]", index=1)
    theirs.look("town-answer")
    theirs.page.click(SEND)
    expect(theirs.page.locator(".state", has_text="联办").first).to_be_visible()
    expect(theirs.page.locator("#notes")).to_be_visible()
    theirs.page.fill("#notes textarea", "本街道这边下周三带人过去。")
    theirs.page.locator("#notes").get_by_role("button", name="记下").click()
    expect(theirs.page.locator("#notes")).to_contain_text("下周三带人过去")
    theirs.look("joint-other-town")

    lead.go(f"/disputes/{code}/")
    expect(lead.page.locator("#notes")).to_contain_text("下周三带人过去")
    expect(lead.page.locator("#ties")).to_contain_text("参加")
    lead.look("joint-lead-town")
    assert Dispute.objects.get(code=code).joint_towns == (SHUANGDONG,)


def test_a_dispute_moves_when_the_other_town_accepts(open_desk: Office, of_shuangdong: Desk) -> None:
    code = code_of("registered")
    lead = open_desk().sit("officer")
    ask(lead, code, "移送，对方接办")

    theirs = of_shuangdong
    theirs.go(f"/mediation/{code}/towns/answer/")
    theirs.page.get_by_text("接收本件", exact=True).click()
    theirs.page.click(SEND)
    expect(theirs.page.get_by_text("请选择村（社区）。").first).to_be_visible()
    theirs.look("move-refused")
    theirs.page.select_option("select[name=village]", index=1)
    theirs.page.click(SEND)

    expect(theirs.page.locator("#log")).to_contain_text("太平镇移送，双东街道接收")
    theirs.look("moved")
    assert Dispute.objects.get(code=code).town_code == SHUANGDONG
    lead.go(f"/disputes/{code}/")
    expect(lead.page.locator("#shut-off")).to_contain_text("移送双东街道，现在由双东街道办")
    lead.look("moved-away")


def test_a_failed_case_is_reopened_and_an_archived_one_takes_a_late_paper(open_desk: Office, tmp_path: Path) -> None:
    mediator = User.objects.get(username="mediator")
    running = Dispute.objects.filter(handler=mediator, state="mediating", mediations__agreement=None)[0]
    fail_mediation(dispute_id=running.pk, by=mediator, on=today(), reason="差距太大", ways_told=True)
    desk = open_desk(PHONE).sit("mediator")

    receipt = tmp_path / "收条.pdf"
    receipt.write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    desk.go(f"/mediation/{running.code}/papers/new/")
    desk.page.select_option("select[name=kind]", "receipt")
    desk.page.fill("input[name=handed_in_by]", "当事人家属")
    desk.page.set_input_files("#id_file", receipt)  # each file goes by itself, what stands above goes along
    expect(desk.page.locator("#uploaded")).to_contain_text("收条")
    desk.look("late-paper")
    desk.page.get_by_role("link", name="好了").click()
    expect(desk.page.locator("#papers")).to_contain_text("当事人家属交来")
    assert LatePaper.objects.get().dispute == running

    desk.go(f"/mediation/{running.code}/reopen/")
    desk.page.fill("textarea[name=reason]", "双方愿意再谈一次")
    desk.look("reopen")
    desk.page.click(SEND)
    expect(desk.page.locator("#log")).to_contain_text("重新调解")
    desk.look("reopened")
    assert state_of(running) == ("mediating", None)


def state_of(dispute: Any) -> tuple[str, Any]:
    dispute.refresh_from_db()
    return dispute.state, dispute.closed_on

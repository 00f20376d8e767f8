"""The whole chain as people walk it: roster, intake, mediation, agreement, confirmation, dashboard, reminder."""

import io
import json
import re
import shutil
import subprocess
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from docx import Document
from playwright.sync_api import Locator, Page, expect

from core.models import Deadline, Notification, Reminder, User
from core.queries import next_working_day, today
from disputes.models import Dispute
from mediation.models import ConfirmationRequest, PerformanceItem
from roster.models import Staff, TeamMembership
from tests.conftest import FENJIE, HUASHI
from tests.e2e.conftest import PHONE, Desk, Office

pytestmark = pytest.mark.e2e
ROSTERS = Path(__file__).parent.parent / "roster" / "data"
STORY = (
    "2021年5月，梁伯坚向沈水旺借款50000元，写了借条，约定一年内还清，没有约定利息。到期后只还了2000元，"
    "尚欠48000元。沈水旺多次催讨，梁伯坚说做生意亏了，一时还不上。沈水旺要求还钱，愿意分期。"
)
RIGHT_ID, WRONG_ID = "445381196803121235", "445381196803121236"
SECOND_ID = "44538119740302561X"


@pytest.mark.usefixtures("county")
def test_from_an_imported_roster_to_a_confirmed_agreement_on_the_dashboard(open_desk: Office, tmp_path: Path) -> None:
    import_the_roster(open_desk().sit("admin"))
    mediator = open_desk(PHONE).sit("mediator")
    dispute = log_a_dispute(mediator)
    choose_the_route(mediator, dispute)
    mediate(mediator, dispute)
    write_the_agreement(mediator, dispute)
    papers = [print_the_agreement(mediator, dispute, tmp_path)]
    sign_the_agreement(mediator, dispute)
    file_the_request(mediator, dispute)
    clerk = open_desk().sit("clerk")
    accept_the_request(clerk, dispute)
    judge = open_desk().sit("judge")
    papers.append(rule(judge, dispute, tmp_path))
    serve(clerk, dispute)
    see_the_result(mediator, dispute)
    read_by_libreoffice(papers, tmp_path)
    stay_outside(open_desk().sit("mediator2"), dispute)
    look_at_the_dashboard(open_desk().sit("committee"))
    remind_once(dispute)
    see_the_reminder(mediator, dispute)


# ── the roster ───────────────────────────────────────────────────────────────
def import_the_roster(desk: Desk) -> None:
    """分界镇 is understood, confirmed and complete; 华石镇 shows its errors and saves nothing."""
    page = desk.page
    desk.look("01-admin-today")
    page.get_by_role("link", name="名册导入").first.click()
    desk.look("02-import")
    _upload(desk, "roster_fenjie.xlsx")
    expect(page.get_by_text("先按分界镇核对")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(10)
    for words in ("法官", "法官助理", "联络人员", "人民调解员", "网格员", "驻村律师"):
        expect(page.locator("tbody").get_by_text(words).first).to_be_visible()
    desk.look("03-import-preview")
    page.get_by_role("button", name="写入 10 行").click()
    expect(page.get_by_text("分界镇的队伍达到标准")).to_be_visible()
    desk.look("04-import-result")
    page.get_by_role("link", name="看分界镇的队伍").click()
    expect(page.get_by_text("达到标准")).to_be_visible()
    expect(page.get_by_text("法官 1 名、法官助理 2 名、联络人员 1 名")).to_be_visible()
    expect(page.get_by_text("调解人员 6 名，在任 6 名")).to_be_visible()
    desk.look("05-team")
    before = (Staff.objects.count(), TeamMembership.objects.count())
    desk.go("/roster/import/")
    _upload(desk, "roster_huashi_messy.xlsx")
    expect(page.locator("td.cell-bad, th.cell-bad")).to_have_count(3)
    expect(page.locator(".cell-bad .cell-why").first).to_be_visible()
    expect(page.get_by_role("button", name="写入 8 行")).to_be_disabled()
    desk.look("06-import-errors")
    assert (Staff.objects.count(), TeamMembership.objects.count()) == before
    assert TeamMembership.objects.filter(town_code=HUASHI).count() == 0
    assert TeamMembership.objects.filter(town_code=FENJIE).count() == 10


def _upload(desk: Desk, name: str) -> None:
    desk.page.get_by_label("名单文件").set_input_files(ROSTERS / name)
    desk.page.get_by_role("button", name="上传并核对").click()
    expect(desk.page.get_by_role("heading", name="核对")).to_be_visible()


# ── intake ───────────────────────────────────────────────────────────────────
def log_a_dispute(desk: Desk) -> Dispute:
    """A walk-in on the phone: a wrong number is named at its field and nothing typed is lost."""
    page = desk.page
    desk.look("10-mediator-today")
    page.get_by_role("link", name="登记").first.click()
    desk.look("11-intake-empty")
    page.get_by_label("经过", exact=False).first.fill(STORY)
    page.get_by_label("纠纷在哪个村（社区）", exact=True).select_option(label="潭白村")
    page.get_by_label("标的额（元）").fill("4.8万")
    panel = page.locator("#suggestion")
    expect(panel.locator("mark").first).to_be_visible()
    expect(panel.get_by_text("适合调解，没有发现不予受理的情形。")).to_be_visible()
    expect(panel.get_by_text("建议去向")).to_be_visible()
    first, second = page.locator("#parties fieldset").filter(has=page.get_by_label("姓名或单位")).all()
    _fill(first, {"姓名或单位": "沈水旺", "手机或电话": "13800006072", "证件号码": WRONG_ID})
    expect(first.get_by_label("本人同意调解")).not_to_be_checked()
    first.get_by_label("本人同意调解").check()
    second.locator("details.more > summary").first.click()
    _fill(second, {"姓名或单位": "梁伯坚", "手机或电话": "13700002290", "证件号码": SECOND_ID})
    second.get_by_label("本人同意调解").check()
    _fill(second, {"住址": "罗定市太平镇镇安村3号"})
    page.get_by_label("已告知").check()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(first.get_by_text("最后一位校验不对，请对照证件再看一遍。")).to_be_visible()
    desk.look("12-intake-refused")
    expect(page.get_by_label("经过", exact=False).first).to_have_value(STORY)
    expect(first.get_by_label("证件号码")).to_have_value(WRONG_ID)
    expect(second.get_by_label("姓名或单位")).to_have_value("梁伯坚")
    expect(page.get_by_label("标的额（元）")).to_have_value("4.8万")
    assert not Dispute.objects.filter(parties__name="沈水旺").exists()
    _fill(first, {"证件号码": RIGHT_ID})
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已登记，编号").first).to_be_visible()
    dispute = Dispute.objects.get(parties__name="沈水旺")
    expect(page.get_by_text("445381********1235").first).to_be_visible()
    assert RIGHT_ID not in page.content()
    desk.look("13-dispute-registered")
    assert (dispute.case_type_id, dispute.town_code) == ("private_loan", "445381101")
    return dispute


def _fill(place: Any, values: dict[str, str]) -> None:
    for label, value in values.items():
        place.get_by_label(label, exact=False).first.fill(value)


def choose_the_route(desk: Desk, dispute: Dispute) -> None:
    """The route is proposed with its reason; one press takes it."""
    page = desk.page
    expect(page.get_by_text("建议去向：").first).to_be_visible()
    page.get_by_role("link", name="去分流").click()
    desk.look("14-route")
    page.locator("main form").get_by_role("button").last.click()
    expect(page.locator("#next").get_by_text("下一步：开始调解")).to_be_visible()
    desk.look("15-dispute-routed")


# ── mediation ────────────────────────────────────────────────────────────────
def mediate(desk: Desk, dispute: Dispute) -> None:
    """Started, and one session recorded."""
    page = desk.page
    page.locator("#next").get_by_role("link", name="开始调解").click()
    desk.look("20-start")
    page.get_by_role("button", name="开始调解").click()
    page.locator("#next").get_by_role("link", name="记一次调解").click()
    for name in ("沈水旺（申请人）", "梁伯坚（被申请人）"):
        page.get_by_label(name).check()
    page.get_by_label("已告知双方权利义务").check()
    page.get_by_label("地点").fill("太平镇综治中心调解室")
    page.get_by_label("调解记录", exact=False).first.fill(
        "双方各自陈述。梁伯坚承认欠款48000元，请求分两期。沈水旺同意。"
    )
    desk.look("21-session")
    page.get_by_role("button", name="保存记录").click()
    expect(page.locator("#next").get_by_role("link", name="起草协议")).to_be_visible()
    desk.look("22-dispute-mediating")


def write_the_agreement(desk: Desk, dispute: Dispute) -> None:
    """Two clauses, two instalments; a row is added without losing what was typed."""
    page = desk.page
    page.locator("#next").get_by_role("link", name="起草协议").click()
    page.get_by_label("主要事实、争议事项和各方责任").fill(
        "2021年5月，梁伯坚向沈水旺借款50000元，已还2000元，尚欠48000元，双方没有争议。"
    )
    clauses = page.locator("#clauses textarea")
    clauses.nth(0).fill("梁伯坚分两期还清借款48000元。")
    clauses.nth(1).fill("沈水旺放弃利息。")
    _instalment(page.locator("#items fieldset").nth(0), "还第一期借款", "24000", _first_due())
    page.get_by_role("button", name="再加一期").click()
    expect(page.locator("#items fieldset")).to_have_count(2)
    expect(clauses.nth(1)).to_have_value("沈水旺放弃利息。")
    _instalment(page.locator("#items fieldset").nth(1), "还第二期借款", "24000", _first_due() + timedelta(days=30))
    page.get_by_label("履行方式、地点").fill("银行转账")
    desk.look("23-agreement")
    page.get_by_role("button", name="保存协议").click()
    expect(page.get_by_text("可以打印出来签名").first).to_be_visible()
    desk.look("24-dispute-drafted")


def _first_due() -> Any:
    """A working day in a month, so that its reminder may go out."""
    return next_working_day(today() + timedelta(days=30))


def _instalment(row: Locator, text: str, amount: str, due_on: Any) -> None:
    row.get_by_label("做什么").fill(text)
    row.get_by_label("金额（元）").fill(amount)
    row.get_by_label("最迟哪天").fill(due_on.isoformat())


def print_the_agreement(desk: Desk, dispute: Dispute, folder: Path) -> Path:
    """The agreement as a Word file that holds what was agreed, with whole numbers for the parties' own copies."""
    paper = desk.download(desk.page.locator("#next").get_by_role("button", name="下载协议"), folder)
    text = words_of(paper)
    for words in ("沈水旺", "梁伯坚", "梁伯坚分两期还清借款48000元。", "沈水旺放弃利息。", "还第二期借款"):
        assert words in text
    assert RIGHT_ID not in paper.name
    return paper


def words_of(paper: Path) -> str:
    """All text of a Word file, tables too."""
    document = Document(str(paper))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*[paragraph.text for paragraph in document.paragraphs], *cells])


def sign_the_agreement(desk: Desk, dispute: Dispute) -> None:
    """Each signs at its own time, the seal last: then it is in effect."""
    page = desk.page
    page.locator("#next").get_by_role("link", name="登记签名盖章").click()
    rows = page.locator("fieldset.sign-row")
    expect(rows).to_have_count(4)
    for place, moment in enumerate(_minutes_ago(40, 30, 20, 10)):
        rows.nth(place).get_by_label("时间").fill(f"{moment:%Y-%m-%dT%H:%M}")
    desk.look("25-sign")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("生效。").first).to_be_visible()
    desk.look("26-dispute-agreed")
    signed = list(dispute_agreement(dispute).signatures.order_by("signed_at").values_list("kind", flat=True))
    assert signed == ["party", "party", "mediator", "seal"]


def _minutes_ago(*minutes: int) -> list[datetime]:
    """Moments before now, all of today: an agreement of today cannot be signed yesterday."""
    now = timezone.localtime()
    midnight = datetime.combine(now.date(), time.min, tzinfo=now.tzinfo)
    return [max(now - timedelta(minutes=ago), midnight) for ago in minutes]


def dispute_agreement(dispute: Dispute) -> Any:
    return dispute.mediations.get().agreement


def file_the_request(desk: Desk, dispute: Dispute) -> None:
    """The pre-check refuses while something is missing, and says what; then both parties' request is filed."""
    page = desk.page
    page.locator("#confirmation").get_by_role("link", name=re.compile("准备申请")).click()
    precheck = page.locator("#precheck")
    file_it = page.get_by_role("button", name="协助双方提交")
    expect(precheck.get_by_text("缺沈水旺的住址")).to_be_visible()
    expect(precheck.get_by_text("还差 5 样材料")).to_be_visible()
    expect(file_it).to_be_disabled()
    desk.look("27-confirmation-empty")
    add_the_address(desk, dispute)
    page.locator("#confirmation").get_by_role("link", name=re.compile("准备申请")).click()
    for box in page.locator("#application input[type=checkbox]").all():
        box.check()
    expect(file_it).to_be_enabled()
    desk.look("28-confirmation-ready")
    file_it.click()
    expect(page.get_by_text("已协助双方提交。").first).to_be_visible()
    desk.look("29-dispute-filed")
    assert request_of(dispute).state == "submitted"


def add_the_address(desk: Desk, dispute: Dispute) -> None:
    """What the pre-check asked for is entered at the party; the numbers on file stay."""
    page = desk.page
    page.locator("#precheck").get_by_role("link", name="去当事人").first.click()
    page.locator("#parties .party", has_text="沈水旺").get_by_role("link", name="修改").click()
    page.get_by_label("住址").fill("罗定市太平镇潭白村12号")
    desk.look("27b-party")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#parties .party", has_text="沈水旺").get_by_text("罗定市太平镇")).to_be_visible()


def request_of(dispute: Dispute) -> ConfirmationRequest:
    return ConfirmationRequest.objects.get(agreement__mediation__dispute=dispute)


# ── the court ────────────────────────────────────────────────────────────────
def accept_the_request(desk: Desk, dispute: Dispute) -> None:
    """The queue stands in the order of the legal days; the request is opened and accepted."""
    page = desk.page
    desk.look("30-clerk-today")
    desk.go("/court/confirmations/")
    desk.look("31-queue")
    assert requests_shown(page) == requests_by_day()
    page.get_by_role("link", name="沈水旺与梁伯坚").click()
    desk.look("32-review")
    page.get_by_role("link", name="受理…").click()
    page.locator("#ask-accept").get_by_role("button", name="受理").click()
    expect(page.get_by_text("已受理。").first).to_be_visible()
    desk.look("33-review-accepted")
    request = request_of(dispute)
    assert (request.state, request.accepted_on, request.judge and request.judge.username) == (
        "accepted",
        today(),
        "judge",
    )
    assert f"（{today().year}）粤5381诉前调确" in request.number


def requests_shown(page: Page) -> list[int]:
    """The requests of the queue, from top to bottom."""
    links = page.locator("[data-queue-row] [data-queue-open]").all()
    return [int(str(link.get_attribute("href")).rstrip("/").rsplit("/", 1)[-1]) for link in links]


def requests_by_day() -> list[int]:
    """The same by the open periods of the court, the earliest last day first."""
    label = ConfirmationRequest._meta.label_lower
    periods = Deadline.objects.open().filter(subject_label=label).order_by("due_on", "pk")
    return list(dict.fromkeys(int(period.subject_id) for period in periods))


def rule(desk: Desk, dispute: Dispute, folder: Path) -> Path:
    """The judge finds the agreement valid; the ruling is drafted as a Word file."""
    page = desk.page
    desk.look("34-judge-today")
    desk.go(f"/court/confirmations/{request_of(dispute).pk}/")
    page.get_by_role("link", name="裁定协议有效…").click()
    ask = page.locator("#ask-confirm")
    ask.get_by_label("双方共同到场核实的日子").fill(today().isoformat())
    desk.look("35-ruling-dialog")
    ask.get_by_role("button", name="裁定协议有效").click()
    expect(page.get_by_text("已裁定协议有效。").first).to_be_visible()
    desk.look("36-review-ruled")
    paper = desk.download(page.locator("#h-ruling").locator("xpath=../..").get_by_role("link"), folder)
    text = words_of(paper)
    for words in ("民事裁定书", request_of(dispute).number, "沈水旺", "梁伯坚", "有效"):
        assert words in text
    return paper


def serve(desk: Desk, dispute: Dispute) -> None:
    """The ruling is served on both parties, one after the other."""
    page = desk.page
    for _ in range(2):
        desk.go(f"/court/confirmations/{request_of(dispute).pk}/")
        page.get_by_role("link", name="送达…").click()
        page.locator("#ask-serve").get_by_role("button", name="送达").click()
        expect(page.get_by_text("已登记送达。").first).to_be_visible()
    desk.look("37-review-served")
    assert request_of(dispute).served_on == today()


def see_the_result(desk: Desk, dispute: Dispute) -> None:
    """The mediator hears of it and sees the ruling on the one dispute page; what is left is performance."""
    page = desk.page
    desk.go("/messages/")
    expect(page.get_by_text("裁定").first).to_be_visible()
    desk.look("40-messages")
    desk.go(dispute.get_absolute_url())
    expect(page.locator("#confirmation").get_by_text("裁定有效").first).to_be_visible()
    expect(page.locator("#confirmation").get_by_text(request_of(dispute).number)).to_be_visible()
    expect(page.locator("#next").get_by_text("督促履行第 1 期")).to_be_visible()
    desk.look("41-dispute-confirmed")


def read_by_libreoffice(papers: list[Path], folder: Path) -> None:
    """Every paper opens in another office suite and becomes pages."""
    office = shutil.which("soffice")
    if office is None:
        return
    profile = f"-env:UserInstallation=file://{folder}/office"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, papers)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert [paper.with_suffix(".pdf").read_bytes()[:5] for paper in papers] == [b"%PDF-"] * len(papers)


def stay_outside(desk: Desk, dispute: Dispute) -> None:
    """Another town's mediator is told the same as for a code that does not exist."""
    assert desk.go(dispute.get_absolute_url()) == 404
    desk.look("50-not-there")
    assert desk.go(f"/mediation/{dispute.code}/agreement/sign/") == 404


# ── the county ───────────────────────────────────────────────────────────────
def look_at_the_dashboard(desk: Desk) -> None:
    """Figures open their lists, the September target stands with its definition, the day can be changed."""
    page = desk.page
    desk.look("60-committee-today")
    desk.go("/dashboard/")
    desk.look("61-dashboard")
    figures = page.locator("ol.funnel a.n, .card-fig a.plain")
    counted = {str(figure.get_attribute("href")): number_in(figure.inner_text()) for figure in figures.all()}
    assert len(counted) > len(page.locator("ol.funnel a.n").all())
    for address, number in counted.items():
        desk.go(address)
        assert (address, page.locator("main tbody tr").count()) == (address, number)
    desk.look("62-figure-list")
    desk.go("/dashboard/")
    page.get_by_label("截至").fill("2023-09-30")
    page.get_by_role("button", name="看这一天").click()
    target = page.locator(".goal", has_text="2023年9月前：运行机制全面建立")
    target.get_by_text("口径").click()
    expect(target.get_by_text("运行机制建立：这一天六项工作制度都有文本")).to_be_visible()
    expect(page.get_by_text("截至 2023年9月30日")).to_be_visible()
    desk.look("63-dashboard-september")
    built = page.locator(".goal", has_text="联络点 100% 建成")
    expect(built.locator(".big-n")).to_have_text("19 / 21")
    built.locator("a.fig").click()
    desk.look("64-points")


def number_in(text: str) -> int:
    """The last number of a label: 达成协议 1,204 → 1204."""
    return int(re.findall(r"[\d,]+", text)[-1].replace(",", ""))


# ── the reminder ─────────────────────────────────────────────────────────────
def remind_once(dispute: Dispute) -> None:
    """On the day of the first instalment the sweep reminds the mediator, and its second run does nothing."""
    item = PerformanceItem.objects.filter(agreement__mediation__dispute=dispute).order_by("serial")[0]
    at = datetime.combine(item.due_on, time(9, 0)).isoformat()
    first, second = sweep(at), sweep(at)
    assert first["sent"] > 0
    assert (second["created"], second["sent"]) == (0, 0)
    deadline = Deadline.objects.about(item).get()
    mine = Reminder.objects.filter(deadline=deadline, recipient=User.objects.get(username="mediator"))
    assert list(mine.values_list("stage", "due_on")) == [("due", item.due_on)]
    told = Notification.objects.filter(recipient__username="mediator", text__contains="今天")
    assert told.filter(text__contains=dispute.title).count() == 1  # the demo's own cases may fall due on that day too


def sweep(at: str) -> dict[str, Any]:
    """What `manage.py sweep --at … --json` says."""
    told = io.StringIO()
    call_command("sweep", "--at", at, "--json", stdout=told)
    return dict(json.loads(told.getvalue()))


def see_the_reminder(desk: Desk, dispute: Dispute) -> None:
    """The reminder is among the mediator's messages, once."""
    desk.go("/messages/")
    expect(desk.page.get_by_text(re.compile(f"{dispute.title}.*是最后一日。"))).to_have_count(1)
    desk.look("70-reminder")

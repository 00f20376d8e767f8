"""Early warning in a browser: the four taps on a phone, a danger passed on to the next, a cluster that forms."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from core.models import Division, Notification, User
from core.queries import today
from disputes.actions.alarm_chain import pass_on_flags
from disputes.actions.clusters import compare_marked
from disputes.actions.intake import Intake, register_dispute
from disputes.actions.parties import PartyData
from disputes.choices import PartyKind, Side, Source
from disputes.models import ClusterWarning, Dispute, FlagStep, HiddenDanger
from tests.conftest import TAIPING
from tests.e2e.conftest import PHONE, Office

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]
THREAT = "相邻的排水沟改道，谢水生扬言今晚就拿刀砍死对方全家，村干部已经去劝。"
FACTORY = PartyData(side=Side.RESPONDENT, kind=PartyKind.ORGANISATION, name="泷州五金制品厂")


def told(narrative: str, *parties: PartyData) -> Intake:
    village = Division.objects.select_related("parent").filter(parent_id=TAIPING)[0]
    return Intake(source=Source.GRID, narrative=narrative, village=village, parties=parties)


def test_four_taps_on_a_phone_report_a_hidden_danger_and_the_officer_registers_it(open_desk: Office) -> None:
    desk = open_desk(PHONE).sit("mediator")
    desk.go("/disputes/dangers/new/")
    assert desk.width_overflow() <= 0
    desk.look("85-danger-new")
    taps = 0

    def tap(target: Locator) -> None:
        nonlocal taps
        target.tap() if desk.page.evaluate("() => 'ontouchstart' in window") else target.click()
        taps += 1

    tap(desk.page.get_by_text("讨薪、工伤", exact=True))
    tap(desk.page.locator(".tiles").nth(1).locator("label").first)
    tap(desk.page.get_by_text("这两天", exact=True))
    tap(desk.page.get_by_role("button", name="报出"))
    desk.page.wait_for_url(re.compile(r"/disputes/dangers/\d+/"))
    assert (taps, HiddenDanger.objects.count()) == (4, 1)

    officer = open_desk(PHONE).sit("officer")
    officer.go(HiddenDanger.objects.get().get_absolute_url())
    officer.look("86-danger")
    officer.page.get_by_role("link", name="登记为纠纷").click()
    expect(officer.page.locator("#id_narrative")).to_have_value(re.compile("讨薪、工伤"))
    officer.page.fill("#id_parties-0-name", "谢水生")
    officer.page.fill("#id_parties-0-phone", "13800001111")
    officer.page.get_by_role("button", name="登记", exact=True).click()
    officer.page.wait_for_url(re.compile(r"/disputes/TP\d{4}-\d{4}/"))
    assert HiddenDanger.objects.get().dispute is not None


def test_an_unsigned_danger_goes_to_the_next_and_ends_with_a_signature(open_desk: Office) -> None:
    mediator = User.objects.get(username="mediator")
    applicant = PartyData(side=Side.APPLICANT, name="温日初", phone="13800002222")
    dispute = register_dispute(data=told(THREAT, applicant), by=mediator, registered_on=today())
    for minutes in (31, 62, 93):
        pass_on_flags(timezone.now() + timedelta(minutes=minutes))
    kinds = list(FlagStep.objects.values_list("kind", flat=True))
    assert (kinds[0], kinds[-1], kinds.count("county")) == ("officer", "county", 1)
    assert Notification.objects.filter(recipient__username="committee", urgent=True).count() == 1

    desk = open_desk(PHONE).sit("committee")
    desk.go("/")
    expect(desk.page.get_by_text("签收有激化危险的提示，先报 110")).to_be_visible()
    desk.go(dispute.get_absolute_url())
    expect(desk.page.locator(".note.is-stop").first).to_contain_text("先打 110")
    desk.look("87-alarm")
    desk.page.get_by_role("link", name="签收并写明措施").click()
    desk.page.fill("#id_measures", "已报派出所，双方已隔开")
    desk.page.get_by_role("button", name="签收", exact=True).click()
    expect(desk.page.locator(".note.is-stop").first).to_contain_text("已报派出所，双方已隔开")
    assert pass_on_flags(timezone.now() + timedelta(hours=30)) == 0


def test_a_third_worker_makes_a_cluster_that_the_county_signs_for_and_closes(open_desk: Office) -> None:
    mediator = User.objects.get(username="mediator")
    for number in range(3):
        worker = PartyData(side=Side.APPLICANT, name=f"工友{number}", phone=f"1380000666{number}")
        register_dispute(data=told("厂里拖欠三个月工资。", worker, FACTORY), by=mediator, registered_on=today())
        compare_marked(timezone.now())
    desk = open_desk().sit("committee")
    desk.go("/disputes/clusters/")
    desk.look("88-clusters")
    desk.page.get_by_role("link", name="泷州五金制品厂").click()
    expect(desk.page.get_by_text("共 3 件")).to_be_visible()
    desk.look("89-cluster")
    desk.page.get_by_role("button", name="签收", exact=True).click()
    desk.page.fill("#id_reason", "厂里已付清工资")
    desk.page.get_by_role("button", name="了结", exact=True).click()
    expect(desk.page.get_by_text("没有聚集预警")).to_be_visible()
    assert ClusterWarning.objects.open().count() == 0
    dispute = Dispute.objects.filter(narrative="厂里拖欠三个月工资。")[0]
    desk.go(dispute.get_absolute_url())
    expect(desk.page.get_by_text("本件列入聚集预警")).to_have_count(0)

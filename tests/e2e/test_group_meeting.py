"""Three workers and one factory on a phone: linked from what is offered, one meeting written down once for both."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import expect

from core.models import Division, User
from core.queries import today
from disputes.actions.intake import Intake, register_dispute
from disputes.actions.parties import PartyData
from disputes.actions.routing import route_dispute
from disputes.choices import PartyKind, Side, Source
from disputes.models import Dispute
from mediation.actions.mediations import start_mediation
from mediation.models import Session
from tests.conftest import TAIPING
from tests.e2e.conftest import PHONE, Desk, Office

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]
FACTORY = PartyData(side=Side.RESPONDENT, kind=PartyKind.ORGANISATION, name="泷州五金制品厂")
SAVE = ".dock button[type=submit]"
SAID = "公司承认拖欠，答应月底付清。"


@pytest.fixture
def mediator(county: None) -> User:
    return User.objects.get(username="mediator")


@pytest.fixture
def workers(mediator: User) -> Sequence[Dispute]:
    """Three disputes with one factory; the first two are being mediated."""
    village = Division.objects.select_related("parent").filter(parent_id=TAIPING)[0]
    made = []
    for number in range(3):
        worker = PartyData(side=Side.APPLICANT, name=f"工友{number}", phone=f"1380000555{number}")
        told = Intake(source=Source.GRID, narrative="厂里拖欠工资。", village=village, parties=[worker, FACTORY])
        made.append(register_dispute(data=told, by=mediator, registered_on=today()))
    for one in made[:2]:
        route_dispute(dispute_id=one.pk, by=mediator, on=today())
        willing = [party.pk for party in one.parties.all()]
        start_mediation(dispute_id=one.pk, by=mediator, on=today(), agreed_by=willing)
    return made


def put_under(desk: Desk, child: Dispute, parent: Dispute) -> None:
    """Link a dispute through the menu; the other one is among those offered."""
    desk.go(child.get_absolute_url())
    desk.page.locator("details.menu", has_text="更多").locator("summary").click()
    desk.page.get_by_role("link", name="关联他件").click()
    desk.page.get_by_text(parent.code).click()
    desk.page.click(SAVE)
    expect(desk.page.locator("#ties")).to_contain_text(f"主件 {parent.code}")


def test_one_meeting_of_a_group_is_written_down_once(open_desk: Office, workers: Sequence[Dispute]) -> None:
    parent, second, third = workers
    desk = open_desk(PHONE).sit("mediator")
    page = desk.page
    for child in (second, third):
        put_under(desk, child, parent)
    desk.look("group-child")

    page.locator("#ties").get_by_role("link", name="一起看").click()
    expect(page.locator("main")).to_contain_text("下面 2 件，2 件未办结")
    desk.look("group")
    page.get_by_role("link", name="一起记一次调解").click()
    expect(page.locator("main")).to_contain_text(f"没有在进行的调解，不能一起记：{third.code}")
    page.click(SAVE)
    expect(page.get_by_role("heading", name="有 2 处要改")).to_be_visible()
    desk.look("group-session-refused")

    page.get_by_label("工友0（申请人）").check()
    page.get_by_label("泷州五金制品厂（被申请人，2 件）").check()
    page.get_by_label("已告知双方权利义务").check()
    page.get_by_label("调解记录").fill(SAID)
    page.locator(SAVE).dblclick()
    expect(page.get_by_text("已记下，2 件里都有这一次。")).to_be_visible()
    for one, there in ((parent, "双方到场"), (second, "泷州五金制品厂到场")):
        desk.go(one.get_absolute_url())
        expect(page.locator("#log")).to_contain_text(f"第 1 次调解（现场），{there}，与另 1 件一起")
        expect(page.get_by_text(SAID)).to_be_visible()
    held = Session.objects.filter(record=SAID).values_list("mediation__dispute", flat=True)
    assert sorted(held) == sorted([parent.pk, second.pk])

"""What warns early, through pages and sweep: a factory in three quarrels, a threat nobody signs for, a report."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from core.choices import Role
from core.models import Deadline, Division, Notification, User
from disputes.models import ClusterWarning, Dispute, FlagStep, HiddenDanger, JudicialSuggestion, RiskFlag
from tests.audit_rows import unsaid
from tests.conftest import TAIPING
from tests.journeys.conftest import answer_of

pytestmark = pytest.mark.django_db
OWED = "在厂里做了四个月，最近两个月的工资一直没有发，老板说货款没有收回来。"
THREAT = "为了排水沟吵了几天，谢水生刚才扬言今晚就拿刀砍死对方全家，村干部已经去劝。"
Open = Callable[[User, str], Any]


@pytest.fixture
def open_at(divisions, client_of, time_machine) -> Open:
    """open_at(user, "2023-06-05 09:00") → the browser of somebody who has just signed in at that moment."""
    call_command("load_reference", verbosity=0)

    def make(user: User, when: str) -> Any:
        time_machine.move_to(moment(when), tick=False)
        return client_of(user)

    return make


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def told(story: str, applicant: str, respondent: str, day: str, **more: str) -> dict[str, str]:
    """A form of the intake as a browser sends it."""
    village = Division.objects.get(name="潭白村民委员会", parent_id=TAIPING)
    people = {"name": (applicant, respondent), "side": ("applicant", "respondent"), "kind": ("person", "person")}
    rows = {f"parties-{n}-{name}": values[n] for name, values in people.items() for n in (0, 1)}
    return {
        "idempotency_key": str(uuid4()), "narrative": story, "village": village.pk, "source": "visit",
        "registered_on": day, "case_type": "", "parties-TOTAL_FORMS": "2", "parties-INITIAL_FORMS": "0",
        "parties-0-phone": f"1390000{Dispute.objects.count():04d}",
    } | rows | more  # fmt: skip


def register(browser: Any, sent: dict[str, str]) -> Dispute:
    """Saved; the question whether it may be known already is answered with yes, it is another one."""
    answer = browser.post("/disputes/new/", sent)
    if answer.status_code == 422:
        answer = browser.post("/disputes/new/", sent | {"known": answer.context["likely"].mark})
    assert answer.status_code == 302, answer.context["form"].errors
    return Dispute.objects.get(code=answer["Location"].split("/")[2])


def owed(browser: Any, worker: int, day: str) -> Dispute:
    sent = told(OWED, f"工友{worker}", "泷州五金制品厂", day, case_type="labour")
    return register(browser, sent | {"parties-1-kind": "organisation", "parties-0-phone": f"1380001000{worker}"})


def step(browser: Any, paper: JudicialSuggestion, verb: str, **sent: str) -> None:
    answer = browser.post(f"/disputes/suggestions/{paper.pk}/{verb}/", sent)
    assert answer.status_code == 302, verb


def test_a_factory_is_warned_of_written_about_answered_and_counted_again_after_three_months(
    open_at, mediator_of_taiping, officer_of_taiping, judges_assistant, reviewing_judge, committee_officer
):
    for worker, day in enumerate(("2023-06-05", "2023-06-06", "2023-06-07")):
        owed(open_at(mediator_of_taiping, f"{day} 09:00"), worker, day)
    answer_of("sweep")
    cluster = ClusterWarning.objects.get()
    assert Notification.objects.filter(recipient=officer_of_taiping, text__startswith="聚集预警").count() == 1
    office = open_at(officer_of_taiping, "2023-06-07 11:00")
    assert "共 3 件" in office.get(cluster.get_absolute_url()).content.decode()
    assert office.post(f"{cluster.get_absolute_url()}acknowledge/").status_code == 302

    court = open_at(judges_assistant, "2023-06-09 10:00")
    proposed = court.get(f"/disputes/suggestions/new/?cluster={cluster.pk}").context["form"].initial
    sent = proposed | {"addressee": "罗定市人力资源和社会保障局"}
    assert court.post(f"/disputes/suggestions/new/?cluster={cluster.pk}", sent).status_code == 302
    paper = JudicialSuggestion.objects.get()
    assert "登记以泷州五金制品厂为一方的劳动争议纠纷 3 件" in paper.body
    judge = open_at(reviewing_judge, "2023-06-12 10:00")
    step(judge, paper, "sign", number="罗法建〔2023〕3号", on="2023-06-12")
    step(judge, paper, "send", on="2023-06-12", reply_due_on="2023-08-11")
    assert Deadline.objects.about(paper).open().get().due_on.isoformat() == "2023-08-11"

    step(
        open_at(reviewing_judge, "2023-07-03 10:00"),
        paper,
        "reply",
        on="2023-07-03",
        reply="已约谈",
        measures="按月公布",
    )
    assert not Deadline.objects.about(paper).open().exists()
    owed(open_at(mediator_of_taiping, "2023-07-20 09:00"), 4, "2023-07-20")
    answer_of("sweep")
    assert cluster.members.count() == 4  # the next case joins the warning that stands
    around = open_at(committee_officer, "2023-09-13 09:00").get(paper.get_absolute_url()).context["around"]
    assert (around.before, around.after, around.is_over) == (3, 1, True)

    office = open_at(officer_of_taiping, "2023-09-13 10:00")
    assert office.post(f"{cluster.get_absolute_url()}close/", {"reason": "厂里已付清"}).status_code == 302
    everything_holds()


def everything_holds() -> None:
    assert answer_of("verify_audit")["ok"] is True
    assert answer_of("check_invariants") == {"ok": True, "broken": []}
    assert unsaid() == set()


def test_a_threat_nobody_signs_for_goes_from_stop_to_stop_and_to_the_county_once(
    open_at, make_user, mediator_of_taiping, officer_of_taiping, committee_officer
):
    make_user("second_officer", Role.OFFICER, TAIPING, name="罗永昌")
    browser = open_at(mediator_of_taiping, "2023-09-23 23:10")  # a Saturday night
    dispute = register(browser, told(THREAT, "温日初", "谢水生", "2023-09-23"))
    page = browser.get(dispute.get_absolute_url()).content.decode()
    assert ("110" in page, "谭少芬" in page) == (True, True)

    for when in ("23:39", "23:41", "23:55"):
        answer_of("sweep", "--at", f"2023-09-23T{when}")
    assert people_told() == ["谭少芬", "罗永昌"]
    for when in ("00:12", "00:13", "01:00", "06:00"):
        answer_of("sweep", "--at", f"2023-09-24T{when}")
    assert people_told() == ["谭少芬", "罗永昌", "区国栋"]

    county = open_at(committee_officer, "2023-09-24 06:10")
    assert "罗永昌" in county.get(dispute.get_absolute_url()).content.decode()
    flag = RiskFlag.objects.get()
    signed = county.post(
        f"/disputes/{dispute.code}/risk/{flag.pk}/acknowledge/", {"measures": "派出所已到场，双方隔开。"}
    )
    assert signed.status_code == 302
    answer_of("sweep", "--at", "2023-09-24T23:30")  # a day later nobody is called any more
    assert len(people_told()) == 3
    office = open_at(officer_of_taiping, "2023-09-26 09:00")
    lowered = f"/disputes/{dispute.code}/risk/{flag.pk}/lower/"
    assert office.post(lowered, {"reason": ""}).status_code == 422
    assert office.post(lowered, {"reason": "双方已和好"}).status_code == 302
    assert Dispute.objects.get().risk == "medium"
    everything_holds()


def people_told() -> list[str]:
    return [str(step.recipient) for step in FlagStep.objects.select_related("recipient").order_by("told_at", "pk")]


def test_what_was_seen_in_a_village_becomes_a_dispute_or_is_closed_with_a_reason(
    open_at, mediator_of_taiping, officer_of_taiping
):
    ground = open_at(mediator_of_taiping, "2023-09-18 16:00")
    village = Division.objects.get(name="潭白村民委员会", parent_id=TAIPING).pk
    for note in ("亲戚为借款在圩上吵", "田埂被犁掉一截"):
        seen = {"kind": "debt", "village": village, "urgency": "soon", "note": note, "idempotency_key": str(uuid4())}
        assert ground.post("/disputes/dangers/new/", seen).status_code == 302
        assert ground.post("/disputes/dangers/new/", seen).status_code == 302  # tapped twice
    debt, field = HiddenDanger.objects.order_by("pk")
    assert Notification.objects.filter(recipient=officer_of_taiping, text__contains="请核实").count() == 2

    office = open_at(officer_of_taiping, "2023-09-19 09:00")
    form = office.get(f"/disputes/new/?danger={debt.pk}").context["form"]
    story = "表弟借款八千元一直没有还，昨天在圩上碰面吵了起来，希望说清楚怎么还。"
    dispute = register(office, told(story, "沈水旺", "梁伯坚", "2023-09-19", danger=str(form["danger"].value())))
    closed = office.post(f"/disputes/dangers/{field.pk}/close/", {"reason": "村干部当场拉线恢复"})

    debt.refresh_from_db()
    assert (debt.dispute, closed.status_code, HiddenDanger.objects.open().count()) == (dispute, 302, 0)
    assert "黎桂生 9月18日报来：借钱、欠债。" in office.get(dispute.get_absolute_url()).content.decode()
    assert not Deadline.objects.filter(kind="danger_handle").open().exists()
    again = office.post("/disputes/new/", told(story, "谭乙", "欧甲", "2023-09-19", danger=str(debt.pk)))
    assert (again.status_code, Dispute.objects.count()) != (302, 2)
    everything_holds()

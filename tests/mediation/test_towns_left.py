"""Whom a message led to a dispute of another town reads, once their town sees it no more, why; nothing of the file."""

from datetime import date

import pytest
from django.urls import reverse

from core.choices import Role
from core.models import Notification
from disputes.actions import towns
from disputes.choices import TownRequestKind
from disputes.models import Dispute, TownRequest
from mediation.actions.guidance import ask_guidance
from mediation.actions.moves import accept_move, decide_lead
from mediation.models import GuidanceRequest
from tests.conftest import SHUANGDONG, TAIPING

pytestmark = pytest.mark.django_db
DAY, LATER = date(2023, 9, 18), date(2023, 9, 20)


@pytest.fixture
def officer_of_shuangdong(make_user):
    return make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG, name="罗永昌")


def ask(dispute, by, kind=TownRequestKind.JOINT) -> TownRequest:
    return towns.ask_town(dispute_id=dispute.pk, kind=kind, town_code=SHUANGDONG, reason="在双东", by=by, on=DAY)


def decline(request, there, here) -> None:
    towns.decline_request(request_id=request.pk, by=there, on=LATER, reason="人手不够")


def withdraw(request, there, here) -> None:
    towns.withdraw_request(request_id=request.pk, by=here, on=LATER)


def join_and_end(request, there, here) -> None:
    towns.accept_joint(request_id=request.pk, by=there, on=DAY)
    towns.end_joint(request_id=request.pk, by=here, on=LATER, reason="已经问清楚")


@pytest.mark.parametrize(
    ("kind", "close", "heading", "words"),
    [
        (
            TownRequestKind.JOINT,
            decline,
            "双东街道没有同意联办",
            "太平镇请双东街道联办，9月20日答复不同意。现在由太平镇办，双东街道不能再打开。",
        ),
        (
            TownRequestKind.MOVE,
            decline,
            "双东街道没有同意接收本件",
            "太平镇请双东街道接收本件，9月20日答复不同意。现在由太平镇办，双东街道不能再打开。",
        ),
        (
            TownRequestKind.JOINT,
            withdraw,
            "太平镇已经收回请求，不用答复",
            "太平镇请双东街道联办，9月20日收回了。现在由太平镇办，双东街道不能再打开。",
        ),
        (
            TownRequestKind.JOINT,
            join_and_end,
            "双东街道的联办已经结束",
            "9月20日结束联办。现在由太平镇办，双东街道不能再打开。",
        ),
    ],
    ids=["declined", "declined to take it", "withdrawn", "joint handling ended"],
)
def test_every_message_of_the_asked_town_leads_to_what_became_of_it(
    dispute, officer_of_taiping, officer_of_shuangdong, client_of, kind, close, heading, words
):
    close(ask(dispute, officer_of_taiping, kind), officer_of_shuangdong, officer_of_taiping)
    browser = client_of(officer_of_shuangdong)
    told = Notification.objects.filter(recipient=officer_of_shuangdong)

    answers = [browser.post(reverse("notification-open", args=[one.pk]), follow=True) for one in told]

    assert {answer.status_code for answer in answers} == {200}
    page = answers[0].content.decode()
    assert (heading in page, words in page) == (True, True)
    people = [party.name for party in dispute.parties.all()]
    assert [said for said in (*people, dispute.narrative[:6], "人手不够") if said in page] == []
    assert browser.get(reverse("mediation:register-sheet", args=[dispute.code])).status_code == 404


def test_a_town_asked_again_reads_the_file_and_then_its_last_answer(
    dispute, officer_of_taiping, officer_of_shuangdong, client_of
):
    withdraw(ask(dispute, officer_of_taiping), officer_of_shuangdong, officer_of_taiping)
    again = towns.ask_town(
        dispute_id=dispute.pk,
        kind=TownRequestKind.MOVE,
        town_code=SHUANGDONG,
        reason="都在双东",
        by=officer_of_taiping,
        on=LATER,
    )
    browser = client_of(officer_of_shuangdong)

    assert "不能再打开" not in browser.get(dispute.get_absolute_url()).content.decode()

    decline(again, officer_of_shuangdong, officer_of_taiping)

    assert "双东街道没有同意接收本件" in browser.get(dispute.get_absolute_url()).content.decode()


def test_a_town_that_moves_a_file_asks_the_other_to_take_it(
    dispute, officer_of_taiping, officer_of_shuangdong, client_of
):
    decline(ask(dispute, officer_of_taiping, TownRequestKind.MOVE), officer_of_shuangdong, officer_of_taiping)
    withdraw(ask(dispute, officer_of_taiping, TownRequestKind.MOVE), officer_of_shuangdong, officer_of_taiping)

    events = list(dispute.events.values_list("text", flat=True))
    page = client_of(officer_of_taiping).get(reverse("mediation:together", args=[dispute.code])).content.decode()

    assert [said for said in ("双东街道不同意接收本件", "收回请双东街道接收本件的请求") if said not in events] == []
    assert ("太平镇请双东街道接收本件" in page, "请双东街道移送" in page) == (True, False)


def test_a_file_that_is_closed_is_not_said_to_be_worked_on(
    dispute, officer_of_taiping, officer_of_shuangdong, client_of
):
    decline(ask(dispute, officer_of_taiping), officer_of_shuangdong, officer_of_taiping)
    Dispute.objects.filter(pk=dispute.pk).update(state="failed", outcome="failed", closed_on=LATER)

    page = client_of(officer_of_shuangdong).get(dispute.get_absolute_url()).content.decode()

    assert ("答复不同意。双东街道不能再打开" in page, "现在由" in page) == (True, False)


def test_a_colleague_whom_nobody_told_finds_nothing(
    dispute, officer_of_taiping, officer_of_shuangdong, mediator_of_shuangdong, client_of
):
    decline(ask(dispute, officer_of_taiping), officer_of_shuangdong, officer_of_taiping)

    assert client_of(mediator_of_shuangdong).get(dispute.get_absolute_url()).status_code == 404


# ── the judge who was asked about it ─────────────────────────────────────────
VILLAGE_THERE = "445381004001"


@pytest.fixture
def judge(make_user):
    return make_user("judge_of_taiping_alone", Role.JUDGE, TAIPING, name="梁伟")


@pytest.fixture
def told(dispute, judge, cast):
    """What the judge was told of a question about the dispute."""
    ask_guidance(dispute_id=dispute.pk, question="能写吗？", by=cast["mediator_of_taiping"], on=DAY)
    return Notification.objects.get(recipient=judge)


def test_a_judge_who_was_asked_reads_that_the_file_went_to_a_town_of_another(
    dispute, officer_of_taiping, officer_of_shuangdong, judge, told, make_user, client_of
):
    request = ask(dispute, officer_of_taiping, TownRequestKind.MOVE)
    accept_move(request_id=request.pk, by=officer_of_shuangdong, on=LATER, village_code=VILLAGE_THERE)

    page = client_of(judge).post(reverse("notification-open", args=[told.pk]), follow=True).content.decode()

    assert "本件已经转到双东街道" in page
    assert "9月20日由太平镇转到双东街道，现在由双东街道办。双东街道不是您负责的镇（街）" in page
    people = [party.name for party in dispute.parties.all()]
    assert [said for said in (*people, dispute.narrative[:6], "能写吗") if said in page] == []
    untold = make_user("judge_whom_nobody_told", Role.JUDGE, TAIPING, name="谭立")
    assert client_of(untold).get(told.url).status_code == 404


def test_where_the_county_gave_the_lead_away_the_judge_is_not_told_that_the_first_town_is_shut_out(
    dispute, officer_of_taiping, officer_of_shuangdong, judge, told, committee_officer, client_of
):
    request = ask(dispute, officer_of_taiping)
    decline(request, officer_of_shuangdong, officer_of_taiping)
    towns.ask_county(request_id=request.pk, by=officer_of_taiping, on=LATER)
    decide_lead(
        request_id=request.pk,
        lead_code=SHUANGDONG,
        reason="人在双东",
        by=committee_officer,
        on=LATER,
        village_code=VILLAGE_THERE,
    )
    assert Dispute.objects.visible_to(officer_of_taiping).filter(pk=dispute.pk).exists()

    page = client_of(judge).get(told.url).content.decode()

    assert ("本件已经转到双东街道" in page, "太平镇不能再打开" in page) == (True, False)


def test_an_answer_that_comes_too_late_is_shown_and_not_saved(
    dispute, officer_of_taiping, officer_of_shuangdong, judge, told, client_of
):
    request = ask(dispute, officer_of_taiping, TownRequestKind.MOVE)
    accept_move(request_id=request.pk, by=officer_of_shuangdong, on=LATER, village_code=VILLAGE_THERE)

    answer = client_of(judge).post(told.url, {"answer": "可以<b>写</b>，写清日期。"})

    assert answer.status_code == 409
    assert "您写的答复没有保存" in answer.content.decode()
    assert "可以&lt;b&gt;写&lt;/b&gt;，写清日期。" in answer.content.decode()
    assert GuidanceRequest.objects.get().answer == ""

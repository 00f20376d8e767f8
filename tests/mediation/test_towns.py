"""Two towns and one dispute: asked, answered, handled together, decided by the county; who sees it when."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.access import allowed
from core.choices import Role
from core.errors import NotAllowed, Refused
from core.models import AuditEntry, Notification, User
from core.queries import today
from disputes.actions import towns
from disputes.choices import EventKind, TownRequestKind, TownRequestState
from disputes.models import Dispute, TownRequest
from mediation.actions.moves import decide_lead
from roster.actions.scopes import sync_scopes
from roster.models import Staff, TeamMembership
from tests.conftest import FENJIE, SHUANGDONG, TAIPING

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 18)
WHY = "对方住在双东街道，宅基地也在那边。"


@pytest.fixture
def officer_of_shuangdong(make_user):
    return make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG, name="罗永昌")


@pytest.fixture
def asked(dispute, officer_of_taiping, officer_of_shuangdong) -> TownRequest:
    """太平镇 has asked 双东街道 to handle it together."""
    return ask(dispute, officer_of_taiping)


@pytest.fixture
def joint(asked, officer_of_shuangdong, mediator_of_shuangdong) -> Dispute:
    towns.accept_joint(request_id=asked.pk, by=officer_of_shuangdong, on=DAY, mediator_id=mediator_of_shuangdong.pk)
    return Dispute.objects.get(pk=asked.dispute_id)


def ask(dispute, by, kind=TownRequestKind.JOINT, town=SHUANGDONG) -> TownRequest:
    return towns.ask_town(dispute_id=dispute.pk, kind=kind, town_code=town, reason=WHY, by=by, on=DAY)


def sees(user, dispute) -> tuple[bool, bool]:
    """By the queryset, and by the predicate."""
    fresh = Dispute.objects.get(pk=dispute.pk)
    return Dispute.objects.visible_to(user).filter(pk=dispute.pk).exists(), allowed(user, "disputes.view", fresh)


# ── who is told ──────────────────────────────────────────────────────────────
def told(user) -> list[str]:
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("text", flat=True))


def test_whom_the_other_town_sends_is_told_so_and_told_when_it_is_over(
    joint, officer_of_taiping, mediator_of_shuangdong
):
    assert told(mediator_of_shuangdong) == ["太平镇请双东街道联办 TP2308-0146，派您参加。"]

    towns.end_joint(request_id=joint.town_requests.get().pk, by=officer_of_taiping, on=DAY, reason="已经问清楚")

    assert told(mediator_of_shuangdong)[1:] == ["TP2308-0146：双东街道联办结束。"]


def test_whom_nobody_sends_is_told_nothing(asked, officer_of_shuangdong, mediator_of_shuangdong):
    towns.accept_joint(request_id=asked.pk, by=officer_of_shuangdong, on=DAY)

    assert told(mediator_of_shuangdong) == []


# ── who sees it ──────────────────────────────────────────────────────────────
def test_the_other_town_sees_nothing_until_it_is_asked(dispute, officer_of_shuangdong, mediator_of_shuangdong):
    assert sees(officer_of_shuangdong, dispute) == (False, False)
    assert sees(mediator_of_shuangdong, dispute) == (False, False)


def test_while_asked_it_reads_and_does_nothing_but_answer(asked, officer_of_shuangdong, mediator_of_shuangdong):
    dispute = Dispute.objects.get(pk=asked.dispute_id)

    assert sees(officer_of_shuangdong, dispute) == sees(mediator_of_shuangdong, dispute) == (True, True)
    verbs = ("answer_town", "note", "edit", "route", "reveal", "merge", "link", "ask_town")
    assert [verb for verb in verbs if allowed(officer_of_shuangdong, f"disputes.{verb}", dispute)] == ["answer_town"]
    assert not allowed(mediator_of_shuangdong, "mediation.add_paper", dispute)


def test_a_joint_town_takes_part_and_the_lead_town_does_the_rest(joint, officer_of_shuangdong, mediator_of_shuangdong):
    may = {
        who: [verb for verb in VERBS if allowed(user, verb, joint)]
        for who, user in (("officer", officer_of_shuangdong), ("sent", mediator_of_shuangdong))
    }

    assert sees(officer_of_shuangdong, joint) == sees(mediator_of_shuangdong, joint) == (True, True)
    assert may == {
        "officer": ["disputes.note", "disputes.end_joint", "mediation.add_paper"],
        "sent": ["disputes.note", "disputes.reveal", "mediation.add_paper", "mediation.record_session"],
    }


VERBS = (
    "disputes.note", "disputes.reveal", "disputes.edit", "disputes.route", "disputes.end", "disputes.end_joint",
    "mediation.add_paper", "mediation.record_session", "mediation.start_mediation", "mediation.draft_agreement",
    "mediation.fail_mediation", "mediation.archive_dispute",
)  # fmt: skip


def test_a_colleague_of_the_joint_town_who_was_not_sent_reveals_no_number(joint, make_user):
    colleague = make_user("colleague", Role.MEDIATOR, SHUANGDONG)

    assert (allowed(colleague, "disputes.view", joint), allowed(colleague, "disputes.reveal", joint)) == (True, False)


def test_after_a_refusal_or_the_end_it_sees_it_no_more(joint, dispute, officer_of_taiping, officer_of_shuangdong):
    request = joint.town_requests.get()

    towns.end_joint(request_id=request.pk, by=officer_of_taiping, on=DAY, reason="已调成")
    assert sees(officer_of_shuangdong, joint) == (False, False)

    again = ask(dispute, officer_of_taiping)
    towns.decline_request(request_id=again.pk, by=officer_of_shuangdong, on=DAY, reason="与本街道无关")
    assert sees(officer_of_shuangdong, joint) == (False, False)


def test_a_third_town_and_the_roles_without_cases_never_see_it(joint, make_user, admin, auditor):
    third = make_user("third", Role.OFFICER, "445381102")

    assert [sees(user, joint) for user in (third, admin, auditor)] == [(False, False)] * 3


def test_the_ledger_counts_it_for_the_lead_town_only(joint, officer_of_taiping, officer_of_shuangdong):
    assert list(Dispute.objects.led_by(officer_of_taiping)) == [joint]
    assert list(Dispute.objects.led_by(officer_of_shuangdong)) == []


# ── asking and answering ─────────────────────────────────────────────────────
def test_asking_tells_the_other_towns_officers_and_the_timeline(asked, officer_of_shuangdong):
    dispute = Dispute.objects.get(pk=asked.dispute_id)

    assert dispute.asked_code == SHUANGDONG
    said = Notification.objects.get(recipient=officer_of_shuangdong).text
    assert said == "太平镇请双东街道联办：TP2308-0146，请答复。"
    assert dispute.events.get(kind=EventKind.TOWN_ASKED).detail == WHY
    row = AuditEntry.objects.get(action="dispute.town_ask")
    assert (row.detail["from"], row.detail["town"], WHY in str(row.detail)) == (TAIPING, SHUANGDONG, False)


@pytest.mark.parametrize(
    ("town", "field", "message"),
    [
        (TAIPING, "town", "这就是本件所在的镇（街）。"),
        ("445381101200", "town", "请选择对方镇（街）。"),
        ("", "town", "请选择对方镇（街）。"),
    ],
)
def test_only_another_town_of_the_county_is_asked(dispute, officer_of_taiping, town, field, message):
    with pytest.raises(Refused) as refusal:
        ask(dispute, officer_of_taiping, town=town)

    assert (refusal.value.field, refusal.value.message) == (field, message)


def test_one_town_is_asked_at_a_time(asked, dispute, officer_of_taiping):
    with pytest.raises(Refused) as refusal:
        ask(dispute, officer_of_taiping, town="445381102")

    assert refusal.value.message == "本件正在等双东街道答复联办的请求。"
    with pytest.raises(IntegrityError), transaction.atomic():
        TownRequest.objects.create(
            dispute=dispute, kind="move", from_town_id=TAIPING, to_town_id="445381102", reason="x",
            asked_by=officer_of_taiping, asked_on=DAY, recorded_at=asked.recorded_at,
        )  # fmt: skip


def test_a_request_can_be_taken_back_before_the_answer_and_not_after(asked, officer_of_taiping, officer_of_shuangdong):
    towns.withdraw_request(request_id=asked.pk, by=officer_of_taiping, on=DAY)

    dispute = Dispute.objects.get(pk=asked.dispute_id)
    assert (dispute.asked_code, sees(officer_of_shuangdong, dispute)) == ("", (False, False))
    with pytest.raises(Refused, match="已经有结果：已收回"):
        towns.withdraw_request(request_id=asked.pk, by=officer_of_taiping, on=DAY)


def test_only_the_asked_towns_officer_answers(asked, officer_of_taiping, mediator_of_shuangdong):
    for somebody in (officer_of_taiping, mediator_of_shuangdong):
        with pytest.raises(NotAllowed):
            towns.accept_joint(request_id=asked.pk, by=somebody, on=DAY)


def test_a_refusal_needs_its_reason(asked, officer_of_shuangdong):
    with pytest.raises(Refused) as refusal:
        towns.decline_request(request_id=asked.pk, by=officer_of_shuangdong, on=DAY, reason="  ")

    assert (refusal.value.field, TownRequest.objects.get().state) == ("reason", TownRequestState.ASKED)


def test_a_closed_dispute_is_asked_of_nobody(failed, officer_of_taiping):
    with pytest.raises(NotAllowed):
        ask(failed, officer_of_taiping)


@pytest.fixture
def failed(dispute) -> Dispute:
    Dispute.objects.filter(pk=dispute.pk).update(state="failed", outcome="failed", closed_on=DAY)
    return dispute


# ── the county decides ───────────────────────────────────────────────────────
@pytest.fixture
def disputed(asked, officer_of_taiping, officer_of_shuangdong, justice_officer) -> TownRequest:
    towns.decline_request(request_id=asked.pk, by=officer_of_shuangdong, on=DAY, reason="请太平镇自己办")
    return towns.ask_county(request_id=asked.pk, by=officer_of_taiping, on=DAY)


def decide(request, by, lead, **facts):
    values = {"reason": "当事人多数在那边", "on": DAY} | facts
    return decide_lead(request_id=request.pk, lead_code=lead, by=by, **values)


def test_the_county_hears_of_it_and_nobody_else_decides(disputed, justice_officer, officer_of_taiping):
    assert "请县级决定由太平镇还是双东街道牵头" in Notification.objects.get(recipient=justice_officer).text
    with pytest.raises(NotAllowed):
        decide(disputed, officer_of_taiping, TAIPING)


def test_the_lead_stays_and_the_unwilling_town_joins(disputed, justice_officer, officer_of_shuangdong):
    decide(disputed, justice_officer, TAIPING)

    dispute = Dispute.objects.get(pk=disputed.dispute_id)
    assert (dispute.town_code, dispute.joint_towns) == (TAIPING, (SHUANGDONG,))
    assert sees(officer_of_shuangdong, dispute) == (True, True)
    assert dispute.town_requests.get(by_county=True).kind == TownRequestKind.JOINT


def test_the_lead_passes_and_the_first_town_joins(disputed, justice_officer, officer_of_taiping, divisions):
    village = next(code for code, one in divisions.items() if one.parent_id == SHUANGDONG)

    decide(disputed, justice_officer, SHUANGDONG, village_code=village)

    dispute = Dispute.objects.get(pk=disputed.dispute_id)
    assert (dispute.code, dispute.town_code, dispute.joint_towns) == ("TP2308-0146", SHUANGDONG, (TAIPING,))
    assert sees(officer_of_taiping, dispute) == (True, True)
    assert list(Dispute.objects.led_by(officer_of_taiping)) == []


def test_the_county_decides_once(disputed, justice_officer):
    decide(disputed, justice_officer, TAIPING)

    with pytest.raises(Refused, match="这一件没有在等县级决定"):
        decide(disputed, justice_officer, TAIPING)


def end(request_id: int, by) -> None:
    towns.end_joint(request_id=request_id, by=by, on=DAY, reason="谈好了")


def test_what_the_county_decided_is_not_asked_again_after_the_joint_handling(
    disputed, justice_officer, officer_of_taiping, client_of
):
    end(decide(disputed, justice_officer, TAIPING).pk, officer_of_taiping)
    ours, dispute = client_of(officer_of_taiping), Dispute.objects.get(pk=disputed.dispute_id)

    slot_at = reverse("mediation:together", args=[dispute.code])

    page, slot = (ours.get(url).content.decode() for url in (dispute.get_absolute_url(), slot_at))

    assert ["请县级决定由谁牵头" in html for html in (page, slot)] == [False, False]
    assert "县级决定" in slot
    with pytest.raises(Refused, match="这次分歧后来已经定下"):
        towns.ask_county(request_id=disputed.pk, by=officer_of_taiping, on=DAY)


def test_a_town_that_joins_already_goes_on_by_the_countys_word_with_its_mediator(
    joint, officer_of_taiping, officer_of_shuangdong, mediator_of_shuangdong, justice_officer, client_of
):
    before, move = joint.town_requests.get(), ask(joint, officer_of_taiping, TownRequestKind.MOVE)
    towns.decline_request(request_id=move.pk, by=officer_of_shuangdong, on=DAY, reason="请太平镇自己办")
    towns.ask_county(request_id=move.pk, by=officer_of_taiping, on=DAY)

    decided = decide(move, justice_officer, TAIPING)

    before.refresh_from_db()
    assert (before.state, before.ended_on, decided.by_county) == (TownRequestState.ENDED, DAY, True)
    assert Dispute.objects.get(pk=joint.pk).joint_mediators == {mediator_of_shuangdong.pk}
    end(decided.pk, officer_of_taiping)
    assert "请县级决定由谁牵头" not in client_of(officer_of_taiping).get(joint.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("until", "account", "goes_on"),
    [(0, {}, True), (0, {"is_active": False}, False), (0, {"role": Role.OFFICER}, False), (-1, {}, False)],
    ids=["last day", "stopped work", "an officer now", "left the town"],
)
def test_by_the_countys_word_the_mediator_sent_goes_on_while_in_office(
    joint, officer_of_taiping, officer_of_shuangdong, mediator_of_shuangdong, justice_officer, until, account, goes_on
):
    staff = Staff.objects.create(name="潘志华", user=mediator_of_shuangdong)
    for town, last in ((SHUANGDONG, today() + timedelta(days=until)), (FENJIE, None)):
        term = {"town_id": town, "town_code": town, "since": date(2023, 3, 30), "until": last}
        TeamMembership.objects.create(staff=staff, role="mediator", recorded_at="2023-03-30T09:00+08:00", **term)
    sync_scopes([staff.pk])
    User.objects.filter(pk=mediator_of_shuangdong.pk).update(**account)
    move = ask(joint, officer_of_taiping, TownRequestKind.MOVE)
    towns.decline_request(request_id=move.pk, by=officer_of_shuangdong, on=DAY, reason="请太平镇自己办")
    towns.ask_county(request_id=move.pk, by=officer_of_taiping, on=DAY)

    decided = decide(move, justice_officer, TAIPING)

    assert decided.mediator == (mediator_of_shuangdong if goes_on else None)


def test_what_another_town_declined_is_still_the_countys_to_decide(
    disputed, officer_of_taiping, justice_officer, make_user, client_of
):
    officer_of_fenjie = make_user("officer_of_fenjie", Role.OFFICER, FENJIE, name="谭永康")
    other = ask(Dispute.objects.get(pk=disputed.dispute_id), officer_of_taiping, town=FENJIE)
    towns.decline_request(request_id=other.pk, by=officer_of_fenjie, on=DAY, reason="不在本镇")
    end(decide(disputed, justice_officer, TAIPING).pk, officer_of_taiping)

    dispute = Dispute.objects.get(pk=disputed.dispute_id)
    page = client_of(officer_of_taiping).get(dispute.get_absolute_url()).content.decode()

    assert reverse("mediation:county-ask", args=[dispute.code, other.pk]) in page


def test_in_the_ledger_a_dispute_of_another_town_stands_with_its_town(joint, officer_of_shuangdong, client_of):
    browser = client_of(officer_of_shuangdong)

    listed = browser.get("/disputes/", {"joint": "1"}).content.decode()
    found = browser.get("/disputes/", {"q": joint.code}).content.decode()

    assert all("太平镇" in page and joint.code in page for page in (listed, found))
    assert "太平镇" not in browser.get("/disputes/").content.decode()

"""The legal path: the one next step in every state, what is missing for it, the stops of the stepper."""

from dataclasses import replace
from datetime import date

import pytest

from mediation.acts import CONFIRMED, UNDER_CONFIRMATION, other_acts, with_others
from mediation.choices import AgreementForm, Basis, ConfirmationState, EntrustmentState
from mediation.path import Facts, ItemFacts, next_step
from mediation.readiness import PartyFacts
from mediation.stepper import stops

TODAY = date(2023, 9, 20)
BOTH = (PartyFacts("a", "沈水旺", True, True), PartyFacts("b", "梁伯坚", True, True))
BASE = Facts(state="routed", both_sides=True, parties=BOTH, today=TODAY)
ITEM = ItemFacts(1, "还款", date(2023, 9, 30))
AGREED = replace(
    BASE,
    state="agreed",
    outcome="agreed",
    sessions=2,
    concluded_on=date(2023, 9, 1),
    effective_on=date(2023, 9, 1),
    last_day=date(2023, 10, 7),
    items=3,
    next_item=ITEM,
)


@pytest.mark.parametrize(
    ("facts", "key", "label"),
    [
        pytest.param(replace(BASE, state="registered"), "route", "去分流", id="registered"),
        pytest.param(replace(BASE, state="registered", suitable=False), "refer", "写明转给谁", id="unsuitable"),
        pytest.param(BASE, "start", "开始调解", id="routed"),
        pytest.param(replace(BASE, suitable=False), "refer", "写明转给谁", id="routed, unsuitable"),
        pytest.param(replace(BASE, suitable=False, overruled_because="要求先谈"), "start", "开始调解", id="overruled"),
        pytest.param(replace(BASE, entrustment=EntrustmentState.SENT), "entrust", "去接收", id="the court waits"),
        pytest.param(
            replace(BASE, entrustment=EntrustmentState.ACCEPTED), "start", "开始调解", id="the court's case accepted"
        ),
        pytest.param(replace(BASE, state="mediating"), "session", "记一次调解", id="no meeting yet"),
        pytest.param(replace(BASE, state="mediating", sessions=1), "draft", "起草协议", id="met"),
        pytest.param(
            replace(BASE, state="mediating", sessions=1, concluded_on=date(2023, 9, 1)),
            "sign",
            "登记签名盖章",
            id="drafted",
        ),
        pytest.param(AGREED, "confirmation", "", id="agreed, days to apply run"),
        pytest.param(replace(AGREED, today=date(2023, 10, 7)), "confirmation", "", id="the last day"),
        pytest.param(replace(AGREED, today=date(2023, 10, 8)), "perform", "登记履行", id="the day after the last"),
        pytest.param(replace(AGREED, last_day=None), "perform", "登记履行", id="confirmation waived"),
        pytest.param(replace(AGREED, form=AgreementForm.ORAL), "perform", "登记履行", id="oral"),
        pytest.param(
            replace(AGREED, last_day=None, confirmation=ConfirmationState.ACCEPTED), "confirmation", "", id="accepted"
        ),
        pytest.param(
            replace(AGREED, last_day=None, confirmation=ConfirmationState.CONFIRMED),
            "perform",
            "登记履行",
            id="confirmed",
        ),
        pytest.param(
            replace(AGREED, last_day=None, confirmation=ConfirmationState.REJECTED), "reopen", "重新调解", id="rejected"
        ),
        pytest.param(
            replace(AGREED, confirmation=ConfirmationState.WITHDRAWN), "confirmation", "", id="withdrawn, days left"
        ),
        pytest.param(replace(AGREED, basis=Basis.POST_FILING), "court_paper", "上传法院文书", id="filed case"),
        pytest.param(
            replace(AGREED, basis=Basis.POST_FILING, court_paper=True), "perform", "登记履行", id="filed case, paper in"
        ),
        pytest.param(replace(AGREED, last_day=None, next_item=None), "archive", "归档", id="all performed"),
        pytest.param(replace(BASE, state="failed", outcome="failed"), "archive", "归档", id="failed"),
        pytest.param(replace(BASE, state="ended", outcome="ended"), "archive", "归档", id="ended"),
        pytest.param(
            replace(BASE, state="failed", outcome="failed", entrustment=EntrustmentState.FAILED),
            "return",
            "反馈法院",
            id="the court waits for the result",
        ),
        pytest.param(
            replace(BASE, state="failed", outcome="failed", entrustment=EntrustmentState.RETURNED),
            "archive",
            "归档",
            id="the court has the result",
        ),
        pytest.param(
            replace(BASE, state="referred_out", outcome="referred_out", referred_to="太平派出所"),
            "none",
            "",
            id="referred out",
        ),
        pytest.param(replace(AGREED, state="archived"), "none", "", id="archived"),
        pytest.param(replace(AGREED, state="archived", next_item=None), "none", "", id="archived, all performed"),
    ],
)
def test_every_state_has_one_next_step(facts, key, label):
    step = next_step(facts)

    assert (step.key, step.label) == (key, label)


def missing(facts):
    return [(one.text, one.blocks) for one in next_step(facts).missing]


def test_starting_says_who_has_not_been_asked_without_standing_in_the_way():
    silent = (BOTH[0], replace(BOTH[1], consents=False))

    assert missing(replace(BASE, parties=silent)) == [("还没有问过梁伯坚是否同意调解，开始时一并记下", False)]


@pytest.mark.parametrize(
    ("facts", "key", "second", "advice"),
    [
        pytest.param({}, "start", None, [], id="nothing said"),
        pytest.param({"destination": "town"}, "start", None, [], id="town"),
        pytest.param(
            {"destination": "village", "village": "潭白村"},
            "start",
            None,
            ["分流定的是先由潭白村的人民调解委员会调解员就近调解"],
            id="village",
        ),
        pytest.param(
            {"destination": "judge_guidance", "route_reason": "标的额在二十万元以上"},
            "ask_judge",
            "开始调解",
            ["分流定的是先请包点法官指导。理由：标的额在二十万元以上"],
            id="judge",
        ),
        pytest.param({"destination": "judge_guidance", "asked_judge": True}, "start", None, [], id="judge, asked"),
        pytest.param(
            {"destination": "judge_guidance", "handled": False},
            "start",
            None,
            ["分流定的是先请包点法官指导（定下承办的调解员以后，由其提出）"],
            id="judge, nobody who could ask",
        ),
        pytest.param(
            {"destination": "court_entrustment"},
            "ask_judge",
            "开始调解",
            ["分流定的是由法院委派、委托，还没有收到法院的委派、委托"],
            id="court",
        ),
        pytest.param(
            {"destination": "court_entrustment", "asked_judge": True},
            "start",
            None,
            ["分流定的是由法院委派、委托，还没有收到法院的委派、委托"],
            id="court, asked",
        ),
        pytest.param(
            {"destination": "court_entrustment", "entrustment": EntrustmentState.ACCEPTED},
            "start",
            None,
            [],
            id="the court's own case",
        ),
    ],
)
def test_where_it_was_routed_decides_what_comes_first_and_never_stands_in_the_way(facts, key, second, advice):
    routed = replace(BASE, **facts)
    step = next_step(routed)

    assert (step.key, step.second and step.second.label) == (key, second)
    assert (missing(routed), step.blocked) == ([(text, False) for text in advice], False)
    assert "mediation:start" not in [act.url_name for act in other_acts(routed)]


def test_a_mediator_is_told_that_only_the_court_entrusts():
    why = next_step(replace(BASE, destination="court_entrustment")).why

    assert why.startswith("镇里不能替法院委派、委托：请当事人到法院立案窗口")


def test_an_agreement_waits_for_the_other_side_numbers_and_consent():
    facts = replace(
        BASE, state="mediating", sessions=1, both_sides=False, parties=(PartyFacts("a", "沈水旺", False, False),)
    )

    assert missing(facts) == [("缺对方当事人", True), ("缺沈水旺的证件号码", True), ("还没有记下沈水旺同意调解", True)]
    assert next_step(facts).blocked is True


def test_an_agreement_waits_for_a_guardian_and_for_what_the_county_wants_asked():
    child = replace(BOTH[0], lacks_guardian=True)
    facts = replace(
        BASE, state="mediating", sessions=1, both_sides=True, parties=(child, BOTH[1]), unanswered=("用人单位",)
    )

    assert missing(facts) == [
        ("沈水旺没有完全民事行为能力，缺监护人（民法典第二十三条）", True),
        ("还没有问：用人单位", True),
    ]


def test_what_is_not_noted_of_a_helper_is_said_before_an_agreement_and_blocks_nothing():
    helped = replace(BOTH[0], helper_lacks="已读给本人听")
    facts = replace(BASE, state="mediating", sessions=1, parties=(helped, BOTH[1]))

    assert missing(facts) == [("沈水旺有人协助，还没有记下已读给本人听", False)]
    assert next_step(facts).blocked is False


def test_signing_names_who_has_not_signed():
    facts = replace(BASE, state="mediating", sessions=1, concluded_on=date(2023, 9, 1), unsigned=("梁伯坚签名", "盖章"))

    assert missing(facts) == [("还没有梁伯坚签名", False), ("还没有盖章", False)]


def test_after_a_confirmation_the_reminder_names_enforcement():
    step = next_step(replace(AGREED, last_day=None, confirmation=ConfirmationState.CONFIRMED))

    assert step.title == "督促履行第 1 期：还款"
    assert step.why.endswith("法院已裁定有效，一方不履行的，对方可以申请执行。")


# ── what else ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("facts", "labels"),
    [
        pytest.param(BASE, ["转其他部门", "终止本件"], id="routed"),
        pytest.param(replace(BASE, state="mediating"), ["调解不成", "终止调解"], id="no meeting yet"),
        pytest.param(
            replace(BASE, state="mediating", sessions=1), ["记一次调解", "调解不成", "终止调解"], id="mediating"
        ),
        pytest.param(AGREED, ["双方不申请司法确认", "重新调解", "归档"], id="days to apply run"),
        pytest.param(replace(AGREED, last_day=None), ["申请、补录司法确认", "重新调解", "归档"], id="waived"),
        pytest.param(
            replace(AGREED, last_day=None, confirmation=ConfirmationState.SUBMITTED), ["重新调解"], id="with the court"
        ),
        pytest.param(replace(BASE, state="failed", outcome="failed"), ["重新调解"], id="failed"),
        pytest.param(
            replace(BASE, state="referred_out", outcome="referred_out"), ["对方退回，重新办理"], id="sent away"
        ),
        pytest.param(replace(AGREED, state="archived"), [], id="archived"),
        pytest.param(replace(BASE, state="merged", outcome="merged"), [], id="merged"),
    ],
)
def test_what_else_may_be_done_follows_the_state(facts, labels):
    assert [act.label for act in other_acts(facts)] == labels


@pytest.mark.parametrize(
    ("confirmation", "why_not"),
    [
        ("", ""),
        (ConfirmationState.DRAFT, UNDER_CONFIRMATION),
        (ConfirmationState.ACCEPTED, UNDER_CONFIRMATION),
        (ConfirmationState.CONFIRMED, CONFIRMED),
        (ConfirmationState.WITHDRAWN, ""),
    ],
)
def test_reopening_an_agreement_before_the_court_says_why_not(confirmation, why_not):
    facts = replace(AGREED, last_day=None, confirmation=confirmation)

    assert [act.why_not for act in other_acts(facts) if act.label == "重新调解"] == [why_not]


@pytest.mark.parametrize(
    ("state", "labels"),
    [
        ("registered", ["请外镇联办、移送他镇", "关联他件", "重复登记，并入他件"]),
        ("mediating", ["请外镇联办、移送他镇", "关联他件", "重复登记，并入他件"]),
        ("archived", ["关联他件", "到期也不清除个人信息"]),
        ("merged", []),
    ],
)
def test_other_towns_and_other_disputes_are_open_to_what_is_open(state, labels):
    assert [act.label for act in with_others(replace(BASE, state=state))] == labels


# ── the stepper ──────────────────────────────────────────────────────────────
def drawn(facts):
    marks = {"done": "✓", "here": "●", "ahead": "○", "skipped": "–"}
    return " ".join(f"{marks[stop.state]}{stop.label}" for stop in stops(facts))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(
            replace(BASE, state="registered"), "✓登记 ●分流 ○调解 ○达成协议 ○司法确认 ○履行 ○回访归档", id="registered"
        ),
        pytest.param(BASE, "✓登记 ✓分流 ●调解 ○达成协议 ○司法确认 ○履行 ○回访归档", id="routed"),
        pytest.param(
            replace(BASE, state="mediating", concluded_on=date(2023, 9, 1)),
            "✓登记 ✓分流 ✓调解 ●达成协议 ○司法确认 ○履行 ○回访归档",
            id="drafted",
        ),
        pytest.param(AGREED, "✓登记 ✓分流 ✓调解 ✓达成协议 ●司法确认 ○履行 ○回访归档", id="agreed"),
        pytest.param(
            replace(AGREED, last_day=None), "✓登记 ✓分流 ✓调解 ✓达成协议 –司法确认 ●履行 ○回访归档", id="waived"
        ),
        pytest.param(
            replace(AGREED, last_day=None, confirmation="confirmed"),
            "✓登记 ✓分流 ✓调解 ✓达成协议 ✓司法确认 ●履行 ○回访归档",
            id="confirmed",
        ),
        pytest.param(
            replace(AGREED, basis=Basis.POST_FILING),
            "✓登记 ✓分流 ✓调解 ✓达成协议 ●出具调解书 ○履行 ○回访归档",
            id="filed case",
        ),
        pytest.param(
            replace(AGREED, state="archived", last_day=None, confirmation="confirmed", next_item=None),
            "✓登记 ✓分流 ✓调解 ✓达成协议 ✓司法确认 ✓履行 ✓回访归档",
            id="archived",
        ),
        pytest.param(replace(BASE, state="failed", outcome="failed"), "✓登记 ✓分流 ✓调解 ✓调解不成 ●归档", id="failed"),
        pytest.param(replace(BASE, state="ended", outcome="ended"), "✓登记 ✓分流 ✓终止 ●归档", id="ended"),
        pytest.param(
            replace(BASE, state="referred_out", outcome="referred_out", referred_to="派出所"),
            "✓登记 ✓转派出所",
            id="referred out",
        ),
    ],
)
def test_the_stops_show_what_is_done_where_it_stands_and_what_was_passed_by(facts, expected):
    assert drawn(facts) == expected


def test_a_stop_carries_its_day():
    days = {"登记": "8月28日", "调解": "8月30日、9月1日"}

    assert [stop.small for stop in stops(replace(AGREED, days=days))][:3] == ["8月28日", "", "8月30日、9月1日"]


def test_an_overruled_verdict_is_still_told_with_the_reason():
    step = next_step(replace(BASE, suitable=False, overruled_because="双方都要求先谈"))

    assert [(missing.text, missing.blocks) for missing in step.missing] == [
        ("系统提示过可能不宜调解，分流时写明了理由：双方都要求先谈", False)
    ]


def test_where_the_office_that_decides_is_the_next_step_mediation_may_still_be_begun():
    acts = other_acts(replace(BASE, suitable=False))

    assert [act.url_name for act in acts] == ["mediation:start", "disputes:end"]


@pytest.mark.parametrize(
    ("facts", "offered"),
    [
        pytest.param(AGREED, False, id="it is the next step"),
        pytest.param(replace(AGREED, today=date(2023, 10, 8)), True, id="the window has closed"),
        pytest.param(replace(AGREED, last_day=None), True, id="waived"),
        pytest.param(replace(AGREED, last_day=None, confirmation=ConfirmationState.CONFIRMED), False, id="confirmed"),
        pytest.param(replace(AGREED, last_day=None, form=AgreementForm.ORAL), False, id="oral"),
        pytest.param(replace(AGREED, last_day=None, basis=Basis.POST_FILING), False, id="entrusted after filing"),
    ],
)
def test_a_request_that_reached_the_court_in_time_may_be_entered_later(facts, offered):
    assert ("mediation:confirmation-new" in [act.url_name for act in other_acts(facts)]) == offered

"""The five rulings and their service: what they settle, what they start, who is first; days worked out by hand."""

from datetime import date

import pytest
import time_machine

from core.actions.deadlines import settle_deadline, start_deadline
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, StoredFile
from disputes.choices import EventKind, Side
from mediation.actions import court_review, rulings
from mediation.choices import ServiceMethod
from mediation.models import RulingService
from tests.mediation.confirmation_kit import accept, agreement_of, confirm, days, moment, settled, submit


@pytest.fixture
def submitted(agreed, cast):
    """Filed on 2023-09-11."""
    return submit(agreed, cast["mediator_of_taiping"])


@pytest.fixture
def accepted(submitted, court_clerk):
    """Accepted on 2023-09-12."""
    return accept(submitted, court_clerk)


RULINGS = {
    "refuse": lambda request, by, **facts: rulings.refuse_request(
        request_id=request.pk, by=by, **({"ground_key": "title", "grounds": "涉及确权。"} | facts)
    ),
    "confirm": lambda request, by, **facts: rulings.confirm_agreement(
        request_id=request.pk, by=by, **({"heard_on": facts["on"]} | facts)
    ),
    "reject": lambda request, by, **facts: rulings.reject_request(
        request_id=request.pk, by=by, **({"ground_key": "unclear", "grounds": "余款没有日子。"} | facts)
    ),
    "permit_withdrawal": lambda request, by, **facts: rulings.permit_withdrawal(
        request_id=request.pk, by=by, **({"grounds": "双方自愿撤回。"} | facts)
    ),
    "deem_withdrawn": lambda request, by, **facts: rulings.deem_withdrawn(
        request_id=request.pk, by=by, **({"grounds": "无正当理由未补充。"} | facts)
    ),
}
ON = date(2023, 9, 20)


# what each ruling does


@pytest.mark.parametrize(
    ("verb", "state", "kind"),
    [
        ("confirm", "confirmed", EventKind.CONFIRMATION_DECIDED),
        ("reject", "rejected", EventKind.CONFIRMATION_DECIDED),
        ("permit_withdrawal", "withdrawn", EventKind.CONFIRMATION_WITHDRAWN),
        ("deem_withdrawn", "deemed_withdrawn", EventKind.CONFIRMATION_WITHDRAWN),
    ],
)
def test_a_ruling_decides_settles_both_clocks_and_drafts_its_paper(accepted, reviewing_judge, verb, state, kind):
    request = RULINGS[verb](accepted, reviewing_judge, on=ON)

    event = request.agreement.mediation.dispute.events.latest("recorded_at", "id")
    last = AuditEntry.objects.latest("seq")
    assert (request.state, request.decided_on, request.decided_by) == (state, ON, reviewing_judge)
    assert days(request) == {}
    assert settled(request)["confirm_decide"] == settled(request)["confirm_decide_max"] == ("2023-09-20", "done")
    assert (event.kind, event.by_court, last.action) == (kind, True, f"confirmation.{verb}")
    assert request.instrument == StoredFile.objects.get(kind="confirmation_ruling")


def test_refusing_to_accept_settles_the_three_days(submitted, reviewing_judge):
    request = RULINGS["refuse"](submitted, reviewing_judge, on=ON)

    assert (request.state, days(request)) == ("not_accepted", {})
    assert settled(request)["confirm_accept"] == ("2023-09-20", "done")
    assert request.judge == reviewing_judge


def test_an_open_notice_is_void_once_the_judge_has_ruled(accepted, reviewing_judge):
    court_review.ask_supplement(
        request_id=accepted.pk, by=reviewing_judge, on=date(2023, 9, 13), what="补凭证。", due_on=date(2023, 9, 18)
    )

    request = RULINGS["deem_withdrawn"](accepted, reviewing_judge, on=ON)

    assert settled(request)["confirm_supplement"] == ("2023-09-20", "void")


# the window of the parties: effective 2023-09-01, last day 2023-10-07


@pytest.mark.parametrize("verb", ["permit_withdrawal", "deem_withdrawn"])
def test_withdrawal_opens_the_window_again_with_its_old_day(accepted, reviewing_judge, verb):
    request = RULINGS[verb](accepted, reviewing_judge, on=ON)

    assert days(request.agreement) == {"confirm_apply": ("2023-09-01", "2023-10-01", "2023-10-07")}


def test_refusal_opens_the_window_again_with_its_old_day(submitted, reviewing_judge):
    request = RULINGS["refuse"](submitted, reviewing_judge, on=ON)

    assert days(request.agreement) == {"confirm_apply": ("2023-09-01", "2023-10-01", "2023-10-07")}


@pytest.mark.parametrize(
    ("on", "opened"),
    [
        pytest.param("2023-10-07", {"confirm_apply": ("2023-09-01", "2023-10-01", "2023-10-07")}, id="the last day"),
        pytest.param("2023-10-08", {}, id="the day after"),
    ],
)
def test_the_window_opens_only_while_its_day_has_not_passed(submitted, reviewing_judge, on, opened):
    with time_machine.travel(moment(f"{on} 10:00"), tick=False):
        request = RULINGS["refuse"](submitted, reviewing_judge, on=date.fromisoformat(on))

    assert days(request.agreement) == opened


@pytest.mark.parametrize("verb", ["confirm", "reject"])
def test_a_ruling_on_the_merits_leaves_the_window_shut(accepted, reviewing_judge, verb):
    request = RULINGS[verb](accepted, reviewing_judge, on=ON)

    assert days(request.agreement) == {}


def test_after_a_withdrawal_both_may_apply_once_more(accepted, reviewing_judge, cast):
    first = RULINGS["permit_withdrawal"](accepted, reviewing_judge, on=ON)

    second = submit(first.agreement.mediation.dispute, cast["mediator_of_taiping"], on=ON)

    assert (second.pk == first.pk, second.state) == (False, "submitted")


# what a ruling needs


@pytest.mark.parametrize(
    ("verb", "facts", "field", "message"),
    [
        ("reject", {"ground_key": ""}, "ground_key", "请选择法定情形。"),
        ("reject", {"ground_key": "nonsense"}, "ground_key", "请选择法定情形。"),
        ("reject", {"grounds": " "}, "grounds", "请写裁定理由。"),
        ("reject", {"grounds": "字" * 1001}, "grounds", "裁定理由最多 1000 个字。"),
        ("permit_withdrawal", {"grounds": ""}, "grounds", "请写裁定理由。"),
        ("confirm", {"heard_on": None}, "heard_on", "请写双方共同到场核实的日子（解释第三百五十六条）。"),
        (
            "confirm",
            {"heard_on": date(2023, 9, 10)},
            "heard_on",
            "双方到场核实要在法院收到申请之后、裁定之前。",
        ),
        ("confirm", {"on": date(2023, 9, 11)}, "on", "不能早于2023年9月12日，那一天才办到上一步。"),
        ("confirm", {"on": date(2023, 9, 21)}, "on", "不能晚于今天（2023年9月20日）。"),
    ],
)
def test_a_ruling_says_what_it_lacks(accepted, reviewing_judge, verb, facts, field, message):
    with pytest.raises(Refused) as refused:
        RULINGS[verb](accepted, reviewing_judge, **({"on": ON} | facts))

    assert (refused.value.field, refused.value.message) == (field, message)


def test_a_ground_of_refusal_found_after_acceptance_rejects(accepted, reviewing_judge):
    request = RULINGS["reject"](accepted, reviewing_judge, on=ON, ground_key="identity")

    assert (request.state, request.ground_key) == ("rejected", "identity")


def test_what_the_court_found_wanting_stands_in_the_way_of_confirming(accepted, reviewing_judge, judges_assistant):
    request = court_review.weigh_check(
        request_id=accepted.pk, key="content", ok=False, text="余款没有日子。", by=judges_assistant, on=ON
    )

    with pytest.raises(Refused) as refused:
        confirm(request, reviewing_judge)

    assert refused.value.message == "还有 1 项不通过未处理（内容明确，每一期有日子有内容），暂不能裁定有效。"


@pytest.mark.parametrize("who", ["court_clerk", "judges_assistant", "mediator_of_taiping", "committee_officer"])
@pytest.mark.parametrize("verb", ["confirm", "reject"])
def test_nobody_but_a_judge_rules(accepted, cast, verb, who):
    with pytest.raises(NotAllowed):
        RULINGS[verb](accepted, cast[who], on=ON)

    assert StoredFile.objects.count() == 0


# the first ruling stands


@pytest.mark.parametrize("second", ["confirm", "reject", "permit_withdrawal", "deem_withdrawn"])
def test_a_decided_request_is_not_decided_again(accepted, reviewing_judge, second):
    confirm(accepted, reviewing_judge)

    with pytest.raises(Conflict) as conflict:
        RULINGS[second](accepted, reviewing_judge, on=ON)

    accepted.refresh_from_db()
    assert conflict.value.message == "没有保存：沈明轩 10:05 先办了「裁定协议有效」，这一件现在是「裁定有效」。"
    assert (accepted.state, StoredFile.objects.count()) == ("confirmed", 1)


def test_a_ruling_from_a_stale_page_is_refused_though_the_state_would_allow_it(
    accepted, reviewing_judge, judges_assistant
):
    seen = accepted.version
    court_review.weigh_check(request_id=accepted.pk, key="content", ok=True, text="", by=judges_assistant, on=ON)

    with pytest.raises(Conflict) as conflict:
        confirm(accepted, reviewing_judge, version=seen)

    assert conflict.value.message == "没有保存：邓佳宁 10:05 先办了「写意见」，这一件现在是「已受理」。"


# service


@pytest.fixture
def confirmed(accepted, reviewing_judge):
    """Confirmed on 2023-09-15."""
    return confirm(accepted, reviewing_judge, on=date(2023, 9, 15))


def serve(request, by, side: str, on: date, **facts) -> RulingService:
    party = request.agreement.mediation.dispute.parties.get(side=side)
    return rulings.serve_ruling(
        request_id=request.pk, party=party, by=by, on=on, **({"method": ServiceMethod.IN_PERSON} | facts)
    )


def test_each_party_has_fifteen_days_from_their_own_service(confirmed, court_clerk):
    first = serve(confirmed, court_clerk, Side.APPLICANT, date(2023, 9, 15))
    second = serve(confirmed, court_clerk, Side.RESPONDENT, date(2023, 9, 20))

    # 9月15日 + 15 = 9月30日（国庆第二天），顺延到 10月7日；9月20日 + 15 = 10月5日，同样顺延
    assert days(first) == {"confirm_objection_party": ("2023-09-15", "2023-09-30", "2023-10-07")}
    assert days(second) == {"confirm_objection_party": ("2023-09-20", "2023-10-05", "2023-10-07")}


def test_enforcement_runs_from_the_last_instalment_once_all_are_served(confirmed, court_clerk):
    serve(confirmed, court_clerk, Side.APPLICANT, date(2023, 9, 18))
    before = days(confirmed)

    serve(confirmed, court_clerk, Side.RESPONDENT, date(2023, 9, 20))

    confirmed.refresh_from_db()
    # 最后一期 2023-11-30，二年：2025-11-30 是星期日，顺延到 12月1日
    assert (before, confirmed.served_on) == ({}, date(2023, 9, 20))
    assert days(confirmed) == {"enforce_apply": ("2023-11-30", "2025-11-30", "2025-12-01")}


def test_without_agreed_days_enforcement_runs_from_the_service(confirmed, court_clerk):
    confirmed.agreement.performance_items.all().delete()

    for side in (Side.APPLICANT, Side.RESPONDENT):
        serve(confirmed, court_clerk, side, date(2023, 9, 18))

    assert days(confirmed) == {"enforce_apply": ("2023-09-18", "2025-09-18", "2025-09-18")}


def test_nothing_is_to_be_enforced_when_all_was_performed(confirmed, court_clerk):
    confirmed.agreement.performance_items.update(done_on=date(2023, 9, 16), done_recorded_at=moment("2023-09-16 10:00"))

    for side in (Side.APPLICANT, Side.RESPONDENT):
        serve(confirmed, court_clerk, side, date(2023, 9, 18))

    assert days(confirmed) == {}


def test_what_was_performed_to_the_last_needs_no_enforcement(confirmed, court_clerk):
    for side in (Side.APPLICANT, Side.RESPONDENT):
        serve(confirmed, court_clerk, side, date(2023, 9, 18))
    items = confirmed.agreement.performance_items.order_by("serial")
    done = {"done_on": date(2023, 9, 19), "done_recorded_at": moment("2023-09-19 10:00")}

    items.filter(serial__lt=3).update(**done)
    rulings.note_performed(confirmed.agreement, on=date(2023, 9, 19))
    still = days(confirmed)
    items.update(**done)
    rulings.note_performed(confirmed.agreement, on=date(2023, 9, 20))

    assert (sorted(still), days(confirmed)) == (["enforce_apply"], {})
    assert settled(confirmed)["enforce_apply"] == ("2023-09-20", "done")


def test_a_ruling_that_does_not_confirm_opens_no_period_of_objection(accepted, reviewing_judge, court_clerk):
    request = RULINGS["reject"](accepted, reviewing_judge, on=date(2023, 9, 15))

    service = serve(request, court_clerk, Side.APPLICANT, date(2023, 9, 18))
    serve(request, court_clerk, Side.RESPONDENT, date(2023, 9, 18))

    assert (days(service), days(request)) == ({}, {})


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"on": date(2023, 9, 14)}, "on"),
        ({"on": date(2023, 9, 21)}, "on"),
        ({"on": date(2023, 9, 18), "method": "pigeon"}, "method"),
    ],
)
def test_a_service_has_its_day_and_way(confirmed, court_clerk, facts, field):
    with pytest.raises(Refused) as refused:
        serve(confirmed, court_clerk, Side.APPLICANT, **facts)

    assert refused.value.field == field


def test_a_party_is_served_once(confirmed, court_clerk):
    serve(confirmed, court_clerk, Side.APPLICANT, date(2023, 9, 18))

    with pytest.raises(Refused) as refused:
        serve(confirmed, court_clerk, Side.APPLICANT, date(2023, 9, 19))

    assert refused.value.message == "已经送达沈水旺。"


def test_a_stranger_to_the_dispute_is_not_served(confirmed, court_clerk, make_dispute, cast):
    other = make_dispute(cast["mediator_of_taiping"], code="TP2308-0999").parties.first()

    with pytest.raises(Refused) as refused:
        rulings.serve_ruling(
            request_id=confirmed.pk, party=other, method=ServiceMethod.POST, by=court_clerk, on=date(2023, 9, 18)
        )

    assert refused.value.field == "party"


def test_rulings_of_2024_carry_the_calendar_of_2024(agreed, cast):
    """Effective 2023-12-20, filed 12-29, accepted 2024-01-02, ruled 01-16: 元旦 and 春节 of both years."""
    agreement = agreement_of(agreed)
    with time_machine.travel(moment("2024-01-16 10:00"), tick=False):
        settle_deadline(kind="confirm_apply", subject=agreement, on=date(2023, 12, 20), settled_as="void")
        agreement.effective_on = date(2023, 12, 20)
        agreement.save(update_fields=["effective_on"])
        window = start_deadline(
            kind="confirm_apply", subject=agreement, town_code=agreed.town_code, base_on=date(2023, 12, 20)
        )
        request = submit(agreed, cast["mediator_of_taiping"], on=date(2023, 12, 29))
        three_days = days(request)
        request = accept(request, cast["court_clerk"], on=date(2024, 1, 2))

    assert window.rule is not None
    assert (str(window.due_on), window.rule.basis) == (
        "2024-01-19",
        "人民调解法第33条；民事诉讼法（2021年修正）第201条",
    )
    assert three_days == {"confirm_accept": ("2023-12-29", "2024-01-01", "2024-01-02")}
    assert days(request) == {
        "confirm_decide": ("2024-01-02", "2024-01-17", "2024-01-17"),
        "confirm_decide_max": ("2024-01-02", "2024-02-01", "2024-02-01"),
    }

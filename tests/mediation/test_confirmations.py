"""The town's side: drafting, the joint submission, both refusals of the pre-check, double submission, delivery."""

from datetime import date
from typing import Any

import pytest
import time_machine

from core.errors import NotAllowed, Refused
from core.models import AuditEntry, DirtyBucket, Notification
from disputes.choices import EventKind
from mediation.actions import confirmations, court_review
from mediation.choices import ConfirmationState, MaterialKind
from mediation.models import ConfirmationRequest
from tests.mediation.confirmation_kit import (
    PAPERS,
    SUBMITTED,
    accept,
    agreement_of,
    confirm,
    days,
    moment,
    settled,
    submit,
)


@pytest.fixture
def people(mediator_of_taiping, officer_of_taiping, reviewing_judge, judges_assistant, court_clerk, committee_officer):
    """Everybody a request meets, all at work."""
    return {"mediator": mediator_of_taiping, "clerk": court_clerk, "judge": reviewing_judge}


# the draft


def test_a_draft_keeps_what_is_ready_and_runs_the_pre_check(agreed, mediator_of_taiping):
    request = confirmations.save_draft(
        agreement_id=agreement_of(agreed).pk,
        by=mediator_of_taiping,
        joint=True,
        materials=[MaterialKind.AGREEMENT],
        answers={"sham": " 有借条和转账。 ", "content": "  "},
    )

    ticked = set(request.materials.filter(present=True).values_list("kind", flat=True))
    failed = [row["key"] for row in request.precheck if row["result"] == "fail"]
    assert (request.state, ticked, request.answers) == ("draft", {"agreement"}, {"sham": "有借条和转账。"})
    assert failed == [
        "promise",
        "material_application",
        "material_mediation_proof",
        "material_identity",
        "material_service_address",
    ]


def test_saving_again_changes_the_same_draft(agreed, mediator_of_taiping):
    first = confirmations.save_draft(agreement_id=agreement_of(agreed).pk, by=mediator_of_taiping, joint=True)

    second = confirmations.save_draft(agreement_id=agreement_of(agreed).pk, by=mediator_of_taiping, promise=True)

    assert (second.pk, second.joint_application, second.promise_made) == (first.pk, False, True)


def test_a_draft_thrown_away_leaves_only_its_audit_row(agreed, mediator_of_taiping):
    request = confirmations.save_draft(agreement_id=agreement_of(agreed).pk, by=mediator_of_taiping)

    confirmations.discard_draft(request_id=request.pk, by=mediator_of_taiping)

    last = AuditEntry.objects.latest("seq")
    assert (ConfirmationRequest.objects.count(), last and last.action) == (0, "confirmation.discard")


# the submission


def test_submission_hands_the_request_to_the_court_and_turns_the_clocks(agreed, people):
    request = submit(agreed, people["mediator"])

    assert (request.state, request.received_on, request.clerk) == ("submitted", SUBMITTED, people["clerk"])
    assert settled(agreement_of(agreed))["confirm_apply"] == ("2023-09-11", "done")
    assert days(request) == {"confirm_accept": ("2023-09-11", "2023-09-14", "2023-09-14")}


def test_submission_is_told_audited_and_counted_anew(agreed, people):
    submit(agreed, people["mediator"])

    event = agreed.events.latest("recorded_at", "id")
    last = AuditEntry.objects.latest("seq")
    notice = Notification.objects.get(recipient=people["clerk"])
    assert (event.kind, event.on, event.by_court) == (EventKind.CONFIRMATION_SUBMITTED, SUBMITTED, False)
    assert (last.action, last.detail["state"], last.detail["on"]) == ("confirmation.submit", "submitted", "2023-09-11")
    assert notice.text == "沈水旺与梁伯坚民间借贷纠纷：双方申请司法确认，请决定是否受理。"
    assert DirtyBucket.objects.filter(town_code=agreed.town_code, month=date(2023, 9, 1)).exists()


def test_with_several_clerks_the_request_waits_to_be_claimed(agreed, people, make_user):
    other = make_user("second_clerk", "clerk", "445381", name="莫婉芬")

    request = submit(agreed, people["mediator"])
    claimed = court_review.claim_request(request_id=request.pk, by=other)

    assert (request.clerk, claimed.clerk) == (None, other)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        pytest.param({"joint": False}, "还有 1 项不通过，暂不能报法院。", id="only one party applies"),
        pytest.param({"promise": False}, "还有 1 项不通过，暂不能报法院。", id="no promise"),
        pytest.param({"joint": False, "promise": False}, "还有 2 项不通过，暂不能报法院。", id="neither"),
        pytest.param({"materials": PAPERS - {MaterialKind.IDENTITY}}, "还有 1 项不通过，暂不能报法院。", id="a paper"),
    ],
)
def test_what_fails_the_pre_check_is_not_submitted(agreed, mediator_of_taiping, facts, message):
    with pytest.raises(Refused) as refused:
        submit(agreed, mediator_of_taiping, **facts)

    assert (refused.value.message, ConfirmationRequest.objects.count()) == (message, 0)


def test_an_item_to_be_judged_needs_its_sentence(agreed, mediator_of_taiping):
    agreement = agreement_of(agreed)
    agreement.clauses = ["余款年底结清。"]
    agreement.save(update_fields=["clauses"])

    with pytest.raises(Refused) as refused:
        submit(agreed, mediator_of_taiping)
    request = submit(agreed, mediator_of_taiping, answers={"content": "双方说定是2023年12月31日。"})

    assert refused.value.message == "还有 1 项要写一句说明，暂不能报法院。"
    assert (request.state, request.answers) == ("submitted", {"content": "双方说定是2023年12月31日。"})


def test_the_last_lawful_day_is_in_time_and_the_day_after_is_not(agreed, mediator_of_taiping):
    with time_machine.travel(moment("2023-10-08 09:00"), tick=False):
        with pytest.raises(Refused) as refused:
            submit(agreed, mediator_of_taiping, on=date(2023, 10, 8))
        request = submit(agreed, mediator_of_taiping, on=date(2023, 10, 7))

    assert refused.value.message == "还有 1 项不通过，暂不能报法院。"
    assert days(request) == {"confirm_accept": ("2023-10-07", "2023-10-10", "2023-10-10")}


def test_a_day_to_come_is_refused(agreed, mediator_of_taiping):
    with pytest.raises(Refused) as refused:
        submit(agreed, mediator_of_taiping, on=date(2023, 9, 21))

    assert (refused.value.message, refused.value.field) == ("不能晚于今天（2023年9月20日）。", "on")


def test_the_same_submission_sent_twice_is_one(agreed, mediator_of_taiping):
    first = submit(agreed, mediator_of_taiping)

    second = submit(agreed, mediator_of_taiping)

    told = agreed.events.filter(kind=EventKind.CONFIRMATION_SUBMITTED).count()
    assert (second.pk, second.version, told) == (first.pk, first.version, 1)


@pytest.mark.parametrize("who", ["officer_of_taiping", "mediator_of_shuangdong", "court_clerk", "reviewing_judge"])
def test_only_the_mediator_in_charge_files(agreed, cast, who):
    with pytest.raises(NotAllowed) as denied:
        submit(agreed, cast[who])

    assert str(denied.value) == "协助双方申请司法确认由承办的调解员黎桂生办。"


def test_another_mediator_of_the_town_does_not_file(agreed, make_user):
    colleague = make_user("colleague", "mediator", "445381101", name="罗木生")

    with pytest.raises(NotAllowed):
        submit(agreed, colleague)


def test_a_request_confirmed_once_is_not_filed_again(agreed, people):
    confirm(accept(submit(agreed, people["mediator"]), people["clerk"]), people["judge"])

    with pytest.raises(Refused) as refused:
        submit(agreed, people["mediator"])

    assert refused.value.message == "还有 1 项不通过，暂不能报法院。"


# what the court asked for


def ask(request, by, **facts):
    values: dict[str, Any] = {
        "on": date(2023, 9, 12),
        "what": "缺送达地址确认书的签名。",
        "due_on": date(2023, 9, 18),
    } | facts
    return court_review.ask_correction(request_id=request.pk, by=by, **values)


def test_delivery_before_acceptance_starts_the_three_days_anew(agreed, people):
    request = ask(submit(agreed, people["mediator"]), people["clerk"])

    request = confirmations.deliver_correction(
        request_id=request.pk, by=people["mediator"], on=date(2023, 9, 15), answer="已补签。"
    )

    notice = request.supplements.get()
    assert (request.state, notice.delivered_on, notice.answer) == ("submitted", date(2023, 9, 15), "已补签。")
    assert days(request) == {"confirm_accept": ("2023-09-15", "2023-09-18", "2023-09-18")}
    assert settled(request)["confirm_supplement"] == ("2023-09-15", "done")


def test_delivery_after_acceptance_leaves_the_days_of_the_ruling_alone(agreed, people):
    request = accept(submit(agreed, people["mediator"]), people["clerk"])
    before = days(request)
    court_review.ask_supplement(
        request_id=request.pk, by=people["judge"], on=date(2023, 9, 13), what="补交付款凭证。", due_on=date(2023, 9, 20)
    )

    request = confirmations.deliver_supplement(
        request_id=request.pk, by=people["mediator"], on=date(2023, 9, 18), answer="凭证两张。"
    )

    assert (request.state, days(request)) == ("accepted", before)
    assert sorted(before) == ["confirm_decide", "confirm_decide_max"]


def test_what_the_court_found_wanting_is_open_again_after_delivery(agreed, people):
    request = submit(agreed, people["mediator"])
    for key, ok in (("joint", True), ("addresses", False)):
        court_review.weigh_check(
            request_id=request.pk, key=key, ok=ok, text="看过。", by=people["clerk"], on=date(2023, 9, 12)
        )
    ask(request, people["clerk"])

    request = confirmations.deliver_correction(
        request_id=request.pk, by=people["mediator"], on=date(2023, 9, 15), answer="已补签。"
    )

    assert sorted(request.opinions) == ["joint"]


@pytest.mark.parametrize(
    ("facts", "field", "message"),
    [
        ({"answer": " "}, "answer", "请写补了什么。"),
        ({"answer": "补" * 501}, "answer", "最多 500 个字。"),
        ({"on": date(2023, 9, 11)}, "on", "不能早于2023年9月12日，那一天才办到上一步。"),
        ({"on": date(2023, 9, 21)}, "on", "不能晚于今天（2023年9月20日）。"),
    ],
)
def test_a_delivery_says_what_and_when(agreed, people, facts, field, message):
    request = ask(submit(agreed, people["mediator"]), people["clerk"])
    values = {"on": date(2023, 9, 15), "answer": "已补签。"} | facts

    with pytest.raises(Refused) as refused:
        confirmations.deliver_correction(request_id=request.pk, by=people["mediator"], **values)

    assert (refused.value.field, refused.value.message) == (field, message)


def test_a_notice_answered_by_nobody_in_charge_is_refused(agreed, people, officer_of_taiping):
    request = ask(submit(agreed, people["mediator"]), people["clerk"])

    with pytest.raises(NotAllowed) as denied:
        confirmations.deliver_correction(
            request_id=request.pk, by=officer_of_taiping, on=date(2023, 9, 15), answer="已补签。"
        )

    assert str(denied.value) == "您能看这一件，但交补正材料由承办的调解员办。"
    assert ConfirmationRequest.objects.get().state == ConfirmationState.CORRECTING


def test_a_late_entry_keeps_both_times(agreed, people):
    request = submit(agreed, people["mediator"], recorded_at=moment("2023-09-11 15:00"))

    assert request.submitted_recorded_at == moment("2023-09-11 15:00")
    assert request.recorded_at == moment("2023-09-11 15:00")

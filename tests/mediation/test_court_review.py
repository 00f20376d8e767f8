"""The court before the ruling: claim, completion, acceptance with number and judge, opinions, drafts, more time."""

from datetime import date

import pytest

from core.actions.deadlines import settle_deadline
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, Notification
from disputes.choices import EventKind
from mediation.actions import court_review
from mediation.models import ConfirmationRequest, ConfirmationSerial
from roster.choices import TeamRole
from roster.models import Staff, TeamMembership
from tests.conftest import TAIPING
from tests.mediation.confirmation_kit import accept, days, moment, settled, submit


@pytest.fixture
def submitted(agreed, cast):
    """Filed on 2023-09-11 by the mediator of 太平镇."""
    return submit(agreed, cast["mediator_of_taiping"])


@pytest.fixture
def accepted(submitted, court_clerk):
    """Accepted on 2023-09-12."""
    return accept(submitted, court_clerk)


# acceptance


def test_acceptance_gives_number_and_judge_and_starts_both_clocks(submitted, court_clerk, reviewing_judge):
    request = accept(submitted, court_clerk)

    assert (request.state, request.number, request.judge) == (
        "accepted",
        "（2023）粤5381诉前调确1号",
        reviewing_judge,
    )
    assert settled(request)["confirm_accept"] == ("2023-09-12", "done")
    assert days(request) == {
        "confirm_decide": ("2023-09-12", "2023-09-27", "2023-09-27"),
        "confirm_decide_max": ("2023-09-12", "2023-10-12", "2023-10-12"),
    }


def test_the_days_of_the_ruling_are_the_judges(accepted, reviewing_judge):
    owners = set(Deadline.objects.about(accepted).open().values_list("responsible", flat=True))

    assert owners == {reviewing_judge.pk}


def test_acceptance_is_told_to_town_and_judge_and_audited(accepted, cast):
    told = {
        name: list(Notification.objects.filter(recipient=cast[name]).order_by("-id").values_list("text", flat=True))[:1]
        for name in ("mediator_of_taiping", "officer_of_taiping", "reviewing_judge")
    }
    event = accepted.agreement.mediation.dispute.events.latest("recorded_at", "id")
    last = AuditEntry.objects.latest("seq")

    title = "沈水旺与梁伯坚民间借贷纠纷"
    assert told == {
        "mediator_of_taiping": [f"{title}：法院受理，（2023）粤5381诉前调确1号。"],
        "officer_of_taiping": [f"{title}：法院受理，（2023）粤5381诉前调确1号。"],
        "reviewing_judge": [f"{title}：已受理，请审查裁定。"],
    }
    assert (event.kind, event.by_court) == (EventKind.CONFIRMATION_ACCEPTED, True)
    assert (last.action, last.detail["judge"]) == ("confirmation.accept", "沈明轩")


@pytest.mark.parametrize(
    ("typed", "number", "last"),
    [
        pytest.param("", "（2023）粤5381诉前调确8号", 8, id="the next one"),
        pytest.param("(2023)粤5381诉前调确 126 号", "（2023）粤5381诉前调确126号", 126, id="further on"),
        pytest.param("（2023）粤5381诉前调确3号", "（2023）粤5381诉前调确3号", 7, id="one left free before"),
        pytest.param("（2023）粤5381民特9号", "（2023）粤5381民特9号", 7, id="another code"),
    ],
)
def test_a_number_is_proposed_typed_or_moves_the_serial_on(submitted, court_clerk, typed, number, last):
    ConfirmationSerial.objects.create(year=2023, last=7)

    request = accept(submitted, court_clerk, number=typed)

    assert (request.number, ConfirmationSerial.objects.get(year=2023).last) == (number, last)


def test_a_number_is_used_once(submitted, court_clerk):
    ConfirmationRequest.objects.filter(pk=submitted.pk).update(number="（2023）粤5381诉前调确5号")

    with pytest.raises(Refused) as refused:
        accept(submitted, court_clerk, number="（2023）粤5381诉前调确5号")

    assert (refused.value.field, refused.value.message) == ("number", "案号（2023）粤5381诉前调确5号已经用过。")


def test_a_number_has_its_length(submitted, court_clerk):
    with pytest.raises(Refused) as refused:
        accept(submitted, court_clerk, number="号" * 61)

    assert (refused.value.field, refused.value.message) == ("number", "案号最多 60 个字。")


def test_the_judge_the_roster_names_comes_before_others(submitted, court_clerk, make_user):
    named = make_user("named_judge", "judge", TAIPING, name="梁伟")
    staff = Staff.objects.create(user=named, name="梁伟")
    TeamMembership.objects.create(
        staff=staff,
        town_id=TAIPING,
        town_code=TAIPING,
        role=TeamRole.JUDGE,
        since=date(2023, 3, 1),
        recorded_at=moment("2023-03-01 09:00"),
    )

    assert accept(submitted, court_clerk).judge == named


def test_with_several_judges_and_no_roster_the_clerk_has_to_choose(submitted, court_clerk, make_user):
    other = make_user("other_judge", "judge", TAIPING, name="梁伟")

    with pytest.raises(Refused) as refused:
        accept(submitted, court_clerk)
    request = accept(submitted, court_clerk, judge=other)

    assert (refused.value.field, refused.value.message) == ("judge", "这个镇（街）还没有包点法官，请选择由谁承办。")
    assert request.judge == other


@pytest.mark.parametrize("who", ["judges_assistant", "judge_elsewhere"])
def test_who_is_no_judge_of_the_town_cannot_be_assigned(submitted, court_clerk, cast, make_user, who):
    people = {**cast, "judge_elsewhere": make_user("judge_elsewhere", "judge", "445381102", name="邱文")}

    with pytest.raises(Refused) as refused:
        accept(submitted, court_clerk, judge=people[who])

    assert refused.value.field == "judge"


@pytest.mark.parametrize(
    ("on", "message"),
    [
        (date(2023, 9, 10), "不能早于2023年9月11日，那一天才办到上一步。"),
        (date(2023, 9, 21), "不能晚于今天（2023年9月20日）。"),
    ],
)
def test_the_day_of_acceptance_lies_between_receipt_and_today(submitted, court_clerk, on, message):
    with pytest.raises(Refused) as refused:
        accept(submitted, court_clerk, on=on)

    assert refused.value.message == message


def test_an_assigned_file_can_go_to_another_judge_of_the_town(accepted, court_clerk, make_user):
    other = make_user("other_judge", "judge", TAIPING, name="梁伟")

    request = court_review.assign_judge(request_id=accepted.pk, by=court_clerk, on=date(2023, 9, 13), judge=other)

    owners = set(Deadline.objects.about(accepted).open().values_list("responsible", flat=True))
    assert (request.judge, owners) == (other, {other.pk})


# several at once


def test_several_are_accepted_together_with_numbers_in_a_row(submitted, court_clerk):
    accepted = court_review.accept_several(
        versions={submitted.pk: submitted.version}, by=court_clerk, on=date(2023, 9, 12)
    )

    assert [request.number for request in accepted] == ["（2023）粤5381诉前调确1号"]


def test_what_did_not_pass_entirely_is_not_accepted_in_a_batch(submitted, court_clerk):
    request = court_review.weigh_check(
        request_id=submitted.pk, key="joint", ok=False, text="签名不像本人。", by=court_clerk, on=date(2023, 9, 12)
    )

    with pytest.raises(Refused) as refused:
        court_review.accept_several(versions={request.pk: request.version}, by=court_clerk, on=date(2023, 9, 12))

    assert refused.value.message == "所选的有 1 件预审没有全部通过，不能一并受理。"


def test_a_batch_with_one_stale_row_changes_nothing(submitted, court_clerk):
    with pytest.raises(Conflict):
        court_review.accept_several(
            versions={submitted.pk: submitted.version - 1}, by=court_clerk, on=date(2023, 9, 12)
        )

    submitted.refresh_from_db()
    assert (submitted.state, ConfirmationSerial.objects.count()) == ("submitted", 0)


def test_an_empty_batch_is_refused(court_clerk):
    with pytest.raises(Refused) as refused:
        court_review.accept_several(versions={}, by=court_clerk, on=date(2023, 9, 12))

    assert refused.value.message == "还没有勾选要受理的。"


# completion


def test_asking_for_correction_stops_the_three_days_and_sets_the_towns_day(submitted, court_clerk, cast):
    request = court_review.ask_correction(
        request_id=submitted.pk,
        by=court_clerk,
        on=date(2023, 9, 12),
        what="送达地址确认书缺签名。",
        due_on=date(2023, 9, 30),
    )

    deadline = Deadline.objects.about(request).open().get()
    assert (request.state, settled(request)["confirm_accept"]) == ("correcting", ("2023-09-12", "restarts"))
    assert days(request) == {"confirm_supplement": ("2023-09-12", "2023-09-30", "2023-10-07")}
    assert deadline.responsible == cast["mediator_of_taiping"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"what": " "}, "what"),
        ({"what": "补" * 501}, "what"),
        ({"due_on": date(2023, 9, 12)}, "due_on"),
        ({"on": date(2023, 9, 21)}, "on"),
    ],
)
def test_a_notice_says_what_and_by_when(submitted, court_clerk, facts, field):
    values = {"on": date(2023, 9, 12), "what": "缺签名。", "due_on": date(2023, 9, 18)} | facts

    with pytest.raises(Refused) as refused:
        court_review.ask_correction(request_id=submitted.pk, by=court_clerk, **values)

    assert refused.value.field == field


def test_a_supplement_asked_after_acceptance_leaves_the_clocks_running(accepted, reviewing_judge):
    before = days(accepted)

    request = court_review.ask_supplement(
        request_id=accepted.pk,
        by=reviewing_judge,
        on=date(2023, 9, 14),
        what="补交付款凭证。",
        due_on=date(2023, 9, 20),
    )

    assert request.state == "supplementing"
    assert days(request) == {**before, "confirm_supplement": ("2023-09-14", "2023-09-20", "2023-09-20")}


# opinions, drafts, more time


def test_an_opinion_is_kept_with_who_and_when(submitted, judges_assistant):
    request = court_review.weigh_check(
        request_id=submitted.pk,
        key="content",
        ok=True,
        text=" 已当面核实。 ",
        by=judges_assistant,
        on=date(2023, 9, 12),
    )

    assert request.opinions == {"content": {"ok": True, "text": "已当面核实。", "by": "邓佳宁", "on": "2023-09-12"}}


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"key": "nothing"}, "预审里没有这一项。"),
        ({"ok": False, "text": ""}, "认为不行的，请写一句为什么。"),
    ],
)
def test_an_opinion_belongs_to_an_item_and_no_needs_a_reason(submitted, judges_assistant, facts, message):
    values = {"key": "content", "ok": True, "text": ""} | facts

    with pytest.raises(Refused) as refused:
        court_review.weigh_check(request_id=submitted.pk, by=judges_assistant, on=date(2023, 9, 12), **values)

    assert refused.value.message == message


def test_the_assistant_drafts_and_the_judge_is_told(accepted, judges_assistant, reviewing_judge):
    request = court_review.draft_ruling(
        request_id=accepted.pk,
        verb="reject",
        by=judges_assistant,
        on=date(2023, 9, 14),
        grounds="余款没有写明日子。",
        ground_key="unclear",
    )

    told = Notification.objects.filter(recipient=reviewing_judge).latest("id")
    assert request.ruling_draft == {
        "verb": "reject",
        "ground_key": "unclear",
        "grounds": "余款没有写明日子。",
        "by": "邓佳宁",
        "on": "2023-09-14",
    }
    assert (request.state, told.text) == ("accepted", "沈水旺与梁伯坚民间借贷纠纷：邓佳宁起草了「裁定驳回申请」。")


def test_a_judge_who_drafts_is_not_told_of_it(accepted, reviewing_judge):
    before = Notification.objects.filter(recipient=reviewing_judge).count()

    court_review.draft_ruling(
        request_id=accepted.pk, verb="confirm", by=reviewing_judge, on=date(2023, 9, 14), grounds="自愿、明确。"
    )

    assert Notification.objects.filter(recipient=reviewing_judge).count() == before


def test_a_draft_must_be_of_a_ruling_that_is_possible_now(accepted, judges_assistant):
    with pytest.raises(Refused) as refused:
        court_review.draft_ruling(
            request_id=accepted.pk, verb="refuse", by=judges_assistant, on=date(2023, 9, 14), grounds="不属于本院管辖。"
        )

    assert refused.value.field == "verb"


def test_ten_more_days_with_the_presidents_name_leave_the_limit_alone(accepted, court_clerk):
    request = court_review.extend_decision(
        request_id=accepted.pk, by=court_clerk, on=date(2023, 9, 20), president="容国华"
    )

    # 9月12日 + 25 = 10月7日（星期六，调休上班）
    assert request.extension_approved_by == "容国华"
    assert days(request) == {
        "confirm_decide": ("2023-09-12", "2023-10-07", "2023-10-07"),
        "confirm_decide_max": ("2023-09-12", "2023-10-12", "2023-10-12"),
    }


def test_the_extension_is_given_once(accepted, court_clerk):
    court_review.extend_decision(request_id=accepted.pk, by=court_clerk, on=date(2023, 9, 20), president="容国华")

    with pytest.raises(Refused) as refused:
        court_review.extend_decision(request_id=accepted.pk, by=court_clerk, on=date(2023, 9, 20), president="容国华")

    assert refused.value.message == "「作出司法确认裁定」最多可延长 10 日，还可延长 0 日。"


def test_a_period_that_does_not_run_is_not_extended(accepted, court_clerk):
    settle_deadline(kind="confirm_decide", subject=accepted, on=date(2023, 9, 20), settled_as="void")

    with pytest.raises(Refused) as refused:
        court_review.extend_decision(request_id=accepted.pk, by=court_clerk, on=date(2023, 9, 20), president="容国华")

    assert refused.value.message == "审查期限没有在走，不能延长。"


def test_nobody_extends_without_a_name(accepted, court_clerk):
    with pytest.raises(Refused) as refused:
        court_review.extend_decision(request_id=accepted.pk, by=court_clerk, on=date(2023, 9, 20), president=" ")

    assert refused.value.field == "president"


# stale pages and strangers


def test_a_stale_page_is_told_who_was_first(submitted, court_clerk, make_user):
    seen = submitted.version
    accept(submitted, court_clerk)
    second = make_user("second_clerk", "clerk", "445381", name="莫婉芬")

    with pytest.raises(Conflict) as conflict:
        accept(submitted, second, version=seen)

    assert conflict.value.message == "没有保存：何雨桐 10:05 先办了「受理」，这一件现在是「已受理」。"


def test_claiming_twice_is_claiming_once(submitted, court_clerk):
    request = court_review.claim_request(request_id=submitted.pk, by=court_clerk)

    assert (request.clerk, request.version) == (court_clerk, submitted.version)


def test_the_clerk_of_another_county_may_nothing(submitted, make_user, divisions):
    stranger = make_user("stranger", "clerk", "445381102")

    with pytest.raises(NotAllowed):
        accept(submitted, stranger)

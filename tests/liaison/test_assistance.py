"""Requests for assistance: the grid of states and steps, who may, what is refused where, what the trail says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, Notification
from liaison.actions import assistance as acts
from liaison.actions import assistance_visits as visits
from liaison.choices import AssistanceKind, AssistanceState
from liaison.models import AssistanceRequest, AssistanceWitness
from liaison.proofs import Witness
from liaison.workflow import ASSISTANCE
from tests.conftest import SHUANGDONG, TAIPING
from tests.liaison import assistance_kit as kit
from tests.liaison.assistance_kit import (
    ACCEPTED,
    HERE,
    NAME,
    SENT,
    VISITED,
    accepted,
    ask,
    ask_for,
    deadline,
    done,
    failed,
    told,
)
from tests.liaison.conftest import picture

K, S = AssistanceKind, AssistanceState
pytestmark = pytest.mark.usefixtures("visit_day")


# ── who may ──────────────────────────────────────────────────────────────────
ASKS = {"reviewing_judge", "judges_assistant", "court_clerk"}
MAY = {
    "accept": {"officer_of_taiping"},
    "decline": {"officer_of_taiping"},
    "assign": {"officer_of_taiping"},
    "attach": {"officer_of_taiping", "mediator_of_taiping"},
    "complete": {"officer_of_taiping", "mediator_of_taiping"},
    "fail": {"officer_of_taiping", "mediator_of_taiping"},
    "receive": {"court_clerk"},
    "send_back": {"court_clerk"},
    "withdraw": {"court_clerk"},
}


def test_the_court_asks_and_nobody_else(point, cast):
    may = set()
    for name, user in cast.items():
        try:
            ask(point, user)
            may.add(name)
        except NotAllowed:
            continue

    assert may == ASKS


def take(verb: str, request: AssistanceRequest, by: Any, goer: Any) -> None:
    """Take a step in the plainest way."""
    given: dict[str, Any] = {"request_id": request.pk, "by": by}
    ways: dict[str, Callable[[], object]] = {
        "accept": lambda: acts.accept_assistance(**given, on=ACCEPTED, handler_id=goer.pk),
        "decline": lambda: acts.decline_assistance(**given, on=ACCEPTED, reason="人已迁出"),
        "assign": lambda: acts.assign_assistance(**given, handler_id=goer.pk),
        "attach": lambda: visits.attach_files(**given, photos=[picture("门口.png")]),
        "complete": lambda: done(request, by),
        "fail": lambda: failed(request, by),
        "receive": lambda: kit.received(request, by),
        "send_back": lambda: kit.sent_back(request, by),
        "withdraw": lambda: kit.withdrawn(request, by),
    }
    ways[verb]()


def in_state(state: str, request: AssistanceRequest, cast) -> AssistanceRequest:
    """The request of the clerk, on its way to `state`; the mediator goes."""
    officer, mediator, clerk = (cast[name] for name in ("officer_of_taiping", "mediator_of_taiping", "court_clerk"))
    if state == S.DECLINED:
        return acts.decline_assistance(request_id=request.pk, by=officer, on=ACCEPTED, reason="人已迁出")
    if state == S.WITHDRAWN:
        return kit.withdrawn(request, clerk)
    if state != S.SENT:
        request = accepted(request, officer, mediator)
    if state in (S.DONE, S.RECEIVED):
        request = done(request, mediator)
    if state == S.FAILED:
        request = failed(request, mediator)
    return kit.received(request, clerk) if state == S.RECEIVED else request


@pytest.mark.parametrize("verb", ASSISTANCE)
def test_each_step_is_taken_by_its_people(verb, asked, cast):
    request = in_state(next(iter(ASSISTANCE[verb].sources - {S.FAILED})), asked, cast)
    may = set()
    for name, user in cast.items():
        try:
            with transaction.atomic():
                take(verb, request, user, cast["officer_of_taiping"])
                may.add(name)
                raise Refused("undone")
        except NotAllowed:
            continue
        except Refused:
            may.add(name)

    assert may == MAY[verb]


def test_who_asked_receives_what_they_asked_for(point, officer_of_taiping, judges_assistant):
    request = done(accepted(ask(point, judges_assistant), officer_of_taiping), officer_of_taiping)

    assert kit.received(request, judges_assistant).state == S.RECEIVED


GRID = {
    S.SENT: {"accept", "decline", "withdraw"},
    S.ACCEPTED: {"assign", "attach", "complete", "fail", "withdraw"},
    S.DECLINED: set(),
    S.DONE: {"receive", "send_back"},
    S.FAILED: {"receive", "send_back"},
    S.RECEIVED: set(),
    S.WITHDRAWN: set(),
}


@pytest.mark.parametrize("state", S.values)
def test_each_state_allows_its_steps_and_no_other(state, asked, cast):
    request = in_state(state, asked, cast)
    takes = dict.fromkeys(("receive", "send_back", "withdraw"), cast["court_clerk"])
    allowed, refused = set(), set()
    for verb in ASSISTANCE:
        try:
            with transaction.atomic():
                take(verb, request, takes.get(verb, cast["officer_of_taiping"]), cast["officer_of_taiping"])
                allowed.add(verb)
                raise IntegrityError("undone")
        except IntegrityError:
            continue
        except Refused:
            refused.add(verb)

    assert (allowed, refused) == (GRID[S(state)], set(ASSISTANCE) - GRID[S(state)])


# ── accepted, handed on, declined ────────────────────────────────────────────
def test_who_is_sent_answers_for_the_day_and_is_told(going, mediator_of_taiping, court_clerk):
    assert (going.state, going.handler, deadline(going)[1]) == (S.ACCEPTED, mediator_of_taiping, mediator_of_taiping)
    assert told(mediator_of_taiping) == [f"{kit.NUMBER}：请去办：直接送达。"]
    assert told(court_clerk) == [f"{kit.NUMBER}：太平镇法官联络点已接收，由黎桂生去办。"]


def test_somebody_of_another_town_cannot_be_sent(asked, officer_of_taiping, mediator_of_shuangdong):
    with pytest.raises(Refused) as refused:
        accepted(asked, officer_of_taiping, mediator_of_shuangdong)

    assert (refused.value.field, str(refused.value)) == (
        "handler_id",
        "这个人不是本镇（街）的调解员或联络人员。请在名单里选。",
    )


def test_another_goes_and_answers_for_the_day(going, officer_of_taiping, mediator_of_taiping):
    acts.assign_assistance(request_id=going.pk, by=officer_of_taiping, handler_id=officer_of_taiping.pk)

    assert deadline(going)[1] == officer_of_taiping
    with pytest.raises(Refused):
        acts.assign_assistance(request_id=going.pk, by=officer_of_taiping, handler_id=officer_of_taiping.pk)


@pytest.mark.parametrize("reason", ["", "  ", "长" * 301])
def test_declining_needs_a_reason_that_fits(reason, asked, officer_of_taiping):
    with pytest.raises(Refused) as refused:
        acts.decline_assistance(request_id=asked.pk, by=officer_of_taiping, on=ACCEPTED, reason=reason)

    assert refused.value.field == "reason"


def test_declining_settles_the_day_and_tells_the_court(asked, officer_of_taiping, court_clerk):
    acts.decline_assistance(request_id=asked.pk, by=officer_of_taiping, on=ACCEPTED, reason="人已迁出本镇")

    assert deadline(asked)[2:] == (ACCEPTED, "declined")
    assert told(court_clerk) == [f"{kit.NUMBER}：太平镇法官联络点退回：人已迁出本镇"]


def test_a_day_before_the_step_before_is_refused(going, mediator_of_taiping):
    with pytest.raises(Refused) as refused:
        visits.complete_assistance(
            request_id=going.pk, record=kit.WHOLE[K.SERVE_DIRECT], by=mediator_of_taiping, on=SENT
        )

    assert (refused.value.field, str(refused.value)) == ("on", "不能早于2023年9月5日，那一天才办到上一步。")


# ── the first wins ───────────────────────────────────────────────────────────
def test_the_second_sees_what_the_first_did(asked, officer_of_taiping, mediator_of_taiping, make_user):
    colleague = make_user("second_officer", "officer", TAIPING, name="罗永昌")
    seen = asked.version
    accepted(asked, officer_of_taiping, mediator_of_taiping)

    with pytest.raises(Conflict) as conflict:
        acts.decline_assistance(request_id=asked.pk, by=colleague, on=ACCEPTED, reason="没有人手", version=seen)

    assert str(conflict.value) == (
        "没有保存：谭少芬已经先办了（9月5日），这一件现在是「已接收」，由黎桂生去办。请看过再决定。"
    )
    assert AssistanceRequest.objects.get().state == S.ACCEPTED


# ── done ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", K.values)
def test_every_kind_can_be_done(kind, point, court_clerk, officer_of_taiping):
    request = accepted(ask_for(point, court_clerk, kind), officer_of_taiping)

    request = done(request, officer_of_taiping, photos=[picture()] if kind == K.SERVE_POST else [])

    assert (request.state, request.outcome, request.way) == (S.DONE, "done", kind)
    assert deadline(request)[2:] == (VISITED, "done")


def test_the_first_condition_that_is_not_met_is_refused_with_its_article(going, mediator_of_taiping):
    unsigned = replace(kit.WHOLE[K.SERVE_DIRECT], receipt_signed=False)

    with pytest.raises(Refused) as refused:
        visits.complete_assistance(request_id=going.pk, record=unsigned, by=mediator_of_taiping, on=VISITED)

    assert (refused.value.field, str(refused.value)) == (
        "receipt_signed",
        "送达回证还没有签。请签收人在送达回证上记明收到日期，签名或者盖章；拒绝签的，改办留置送达。（民事诉讼法第八十七条）",
    )
    assert AssistanceRequest.objects.get().state == S.ACCEPTED


def test_a_paper_refused_at_the_door_is_left_before_witnesses(going, mediator_of_taiping):
    request = done(going, mediator_of_taiping, K.SERVE_LEAVE)

    assert (request.kind, request.way) == (K.SERVE_DIRECT, K.SERVE_LEAVE)
    assert [str(witness) for witness in AssistanceWitness.objects.all()] == ["潭白村民委员会主任 谭伯年"]


def test_photos_kept_before_count_and_claimed_ones_do_not(going, mediator_of_taiping):
    alone = replace(kit.WHOLE[K.SERVE_LEAVE], witnesses=(), photos=9)
    with pytest.raises(Refused) as refused:
        visits.complete_assistance(request_id=going.pk, record=alone, by=mediator_of_taiping, on=VISITED)
    visits.attach_files(request_id=going.pk, by=mediator_of_taiping, photos=[picture("门口.png")])

    request = visits.complete_assistance(request_id=going.pk, record=alone, by=mediator_of_taiping, on=VISITED)

    assert (refused.value.field, request.state) == ("photos", S.DONE)


def test_a_way_the_court_did_not_ask_for_is_refused(going, mediator_of_taiping):
    with pytest.raises(Refused) as refused:
        done(going, mediator_of_taiping, K.SERVE_POST)

    assert refused.value.field == "way"


def test_half_a_witness_is_refused_at_its_field(going, mediator_of_taiping):
    half = replace(kit.WHOLE[K.SERVE_LEAVE], witnesses=(kit.WITNESS, Witness("谭二", "")))

    with pytest.raises(Refused) as refused:
        visits.complete_assistance(request_id=going.pk, record=half, by=mediator_of_taiping, on=VISITED)

    assert refused.value.field == "witness2_name"


def test_what_could_not_be_done_says_why_and_goes_to_the_court(going, mediator_of_taiping, court_clerk):
    with pytest.raises(Refused) as refused:
        visits.fail_assistance(request_id=going.pk, by=mediator_of_taiping, on=VISITED, reason=" ")

    request = failed(going, mediator_of_taiping)

    assert (refused.value.field, request.state, deadline(request)[3]) == ("reason", S.FAILED, "failed")
    assert told(court_clerk)[-1] == f"{kit.NUMBER}：太平镇法官联络点未能完成，请看原因。"


# ── what is kept of people ───────────────────────────────────────────────────
def test_nothing_of_the_person_stands_in_trail_message_or_deadline(going, mediator_of_taiping, court_clerk):
    done(going, mediator_of_taiping, where=HERE)
    written = [*AuditEntry.objects.values_list("detail", flat=True), *Notification.objects.values_list("text", "url")]
    written += [*Deadline.objects.values_list("subject_text", "title", "url")]

    assert [row for row in written if any(word in str(row) for word in (NAME, kit.PHONE, "12号", "22.76"))] == []


def test_the_database_holds_no_name_number_or_address_in_clear(going, mediator_of_taiping):
    done(going, mediator_of_taiping, where=HERE)
    raw = AssistanceRequest.objects.values().get()

    tokens = {name: str(raw[name]) for name in ("person_name", "phone", "address", "place", "signer_name", "location")}

    assert [name for name, token in tokens.items() if "已加密" not in token] == []


# ── what must never be false ─────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"commissioner": "post"}, "liaison_post_is_named_exactly_when_it_asks"),
        ({"postal_office": "邮政"}, "liaison_post_is_named_exactly_when_it_asks"),
        ({"instrument": ""}, "liaison_service_names_its_paper"),
        ({"kind": "outreach"}, "liaison_service_names_its_paper"),
        ({"due_on": SENT}, "liaison_assistance_is_due_after_it_is_sent"),
        ({"state": "accepted"}, "liaison_accepted_assistance_has_somebody_to_go"),
        ({"state": "declined"}, "liaison_declined_assistance_says_why"),
        ({"declined_because": "没空"}, "liaison_declined_assistance_says_why"),
        ({"done_on": VISITED}, "liaison_reported_assistance_has_day_and_outcome"),
        ({"state": "withdrawn"}, "liaison_assistance_withdrawn_exactly_with_day_and_reason"),
        ({"withdrawn_because": "已领取"}, "liaison_assistance_withdrawn_exactly_with_day_and_reason"),
        ({"received_on": VISITED}, "liaison_assistance_received_exactly_when_it_has_a_day"),
    ],
)
def test_the_database_keeps_what_must_hold(changed, constraint, asked):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AssistanceRequest.objects.filter(pk=asked.pk).update(**changed)


def test_another_towns_officer_accepts_nothing_here(asked, make_user):
    stranger = make_user("officer_of_shuangdong", "officer", SHUANGDONG)

    with pytest.raises(NotAllowed):
        accepted(asked, stranger)

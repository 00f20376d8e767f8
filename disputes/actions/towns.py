"""What one town asks of another: to handle a dispute together, or to take it over; asked, answered, taken back, ended.

Taking a dispute over, and the county's word on who leads, move more than the dispute: `mediation/actions/moves.py`.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.notifications import notify
from core.choices import COUNTY_ROLES, Level, Role
from core.errors import Refused
from core.models import Division, User
from core.queries import said, today
from core.scope import covers
from disputes import limits
from disputes.actions.events import record_event
from disputes.actions.states import lock_dispute
from disputes.choices import EventKind, TownRequestKind, TownRequestState
from disputes.models import Dispute, TownRequest
from disputes.queries import officers_of
from disputes.queries.towns import why_not_asked
from roster.queries import stays_in

REASON_LENGTH = 300
COUNTY_LENGTH = 6
LENGTHS_ABOVE = (2, 4, COUNTY_LENGTH)  # province, city, county
SHARED_FIELDS = ("joint_codes", "asked_code", "version")


@transaction.atomic
def ask_town(
    *, dispute_id: int, kind: str, town_code: str, reason: str, by: User, on: date, recorded_at: datetime | None = None
) -> TownRequest:
    """Ask another town of the county to handle an open dispute together (`joint`) or to take it over (`move`).

    From now on the asked town's people see the file, masked. Effects: request, event, messages to its officers, audit.
    """
    dispute = lock_dispute(dispute_id)
    require(
        by,
        "disputes.ask_town",
        dispute,
        message="请外镇联办或接收，由本件的承办人或本镇（街）联络人员提出，且本件没有办结。",
    )
    if kind not in TownRequestKind.values:
        raise Refused("请选择是联办还是移送。", field="kind")
    check_words(reason, what="理由")
    town = _other_town(dispute, town_code)
    if refusal := why_not_asked(dispute):
        raise Refused(refusal[0], hint=refusal[1])
    if kind == TownRequestKind.JOINT and town.pk in dispute.joint_towns:
        raise Refused(f"{town}已经在联办本件。", field="town")
    limits.check_day(on, today=today(), after=dispute.registered_on)
    recorded_at = recorded_at or timezone.now()
    request = TownRequest.objects.create(
        dispute=dispute,
        kind=kind,
        from_town_id=dispute.town_code,
        to_town=town,
        reason=reason.strip(),
        asked_by=by,
        asked_on=on,
        recorded_at=recorded_at,
    )
    share(dispute)
    words = "联办" if kind == TownRequestKind.JOINT else "接收本件"
    text = f"请{town}{words}"
    record_event(dispute, EventKind.TOWN_ASKED, on=on, by=by, text=text, detail=reason.strip(), recorded_at=recorded_at)
    message = f"{dispute.division.parent}请{town}{words}：{dispute.code}，请答复。"
    tell(officers_of(town.pk), message, dispute, recorded_at)
    record_town(dispute, "town_ask", by=by, request=request, on=on)
    return request


@transaction.atomic
def withdraw_request(*, request_id: int, by: User, on: date, recorded_at: datetime | None = None) -> TownRequest:
    """Take a request back that has not been answered. Effects: request, event, messages, audit."""
    dispute, request = locked_request(request_id)
    require(by, "disputes.withdraw_town", dispute, message="收回请求，由提出的镇（街）办。")
    _check_waiting(request)
    answer(request, TownRequestState.WITHDRAWN, by=by, on=on, recorded_at=recorded_at)
    share(dispute)
    text = f"收回请{request.to_town}{request.asks_for}的请求"
    record_event(dispute, EventKind.TOWN_ASKED, on=on, by=by, text=text, recorded_at=recorded_at)
    tell(officers_of(request.to_town_id), f"{dispute.code}：{text}。", dispute, recorded_at)
    record_town(dispute, "town_withdraw", by=by, request=request, on=on)
    return request


@transaction.atomic
def accept_joint(
    *, request_id: int, by: User, on: date, mediator_id: int | None = None, recorded_at: datetime | None = None
) -> TownRequest:
    """The asked town joins; the lead stays where it is. It may send one of its mediators.

    Effects: request, the town sees the file until the joint handling ends, event, messages, audit.
    """
    dispute, request = locked_request(request_id)
    require(by, "disputes.answer_town", dispute, message="答复由被请的镇（街）联络人员办。")
    _check_waiting(request)
    if request.is_move:
        raise Refused("对方请的是接收本件，不是联办。", hint="请答复「接收」或者「不接收」。")
    request.mediator = mediator_of(request.to_town, mediator_id) if mediator_id else None
    answer(request, TownRequestState.ACCEPTED, by=by, on=on, recorded_at=recorded_at)
    join(dispute, request, by=by, on=on, recorded_at=recorded_at)
    tell(_lead_people(dispute), f"{request.to_town}同意联办 {dispute.code}。", dispute, recorded_at)
    to_sent = f"{request.from_town}请{request.to_town}联办 {dispute.code}，派您参加。"
    tell([one for one in sent_people(request) if one != by], to_sent, dispute, recorded_at)
    record_town(dispute, "town_accept", by=by, request=request, on=on)
    return request


@transaction.atomic
def decline_request(
    *, request_id: int, by: User, on: date, reason: str, recorded_at: datetime | None = None
) -> TownRequest:
    """The asked town says no, and why. It no longer sees the file. Effects: request, event, messages, audit."""
    dispute, request = locked_request(request_id)
    require(by, "disputes.answer_town", dispute, message="答复由被请的镇（街）联络人员办。")
    _check_waiting(request)
    check_words(reason, what="不同意的理由")
    answer(request, TownRequestState.DECLINED, by=by, on=on, words=reason, recorded_at=recorded_at)
    share(dispute)
    text = f"{request.to_town}不同意{request.asks_for}"
    record_event(dispute, EventKind.TOWN_ANSWERED, on=on, by=by, text=text, detail=reason, recorded_at=recorded_at)
    message = f"{dispute.code}：{text}。仍有分歧的，可以请县级决定由谁牵头。"
    tell(_lead_people(dispute), message, dispute, recorded_at)
    record_town(dispute, "town_decline", by=by, request=request, on=on)
    return request


@transaction.atomic
def ask_county(*, request_id: int, by: User, on: date, recorded_at: datetime | None = None) -> TownRequest:
    """After a refusal: let the county decide who leads. Effects: request, event, messages to the county, audit."""
    dispute, request = locked_request(request_id)
    require(by, "disputes.ask_county", dispute, message="请县级决定，由本镇（街）联络人员提出。")
    if request.state != TownRequestState.DECLINED:
        raise Refused("对方没有拒绝，用不着请县级决定。", hint="请先等对方答复。")
    if request.is_settled_in(dispute.town_requests.all()):
        raise Refused("这次分歧后来已经定下。", hint="又有分歧的，请再提一次联办或移送。")
    if request.county_asked_on:
        raise Refused(f"{said(request.county_asked_on)}已经请过县级决定。", hint="请等县级决定。")
    if not dispute.is_open:
        raise Refused("本件已经办结，用不着再定由谁牵头。")
    request.county_asked_on = on
    request.save(update_fields=["county_asked_on"])
    text = f"请县级决定由{dispute.division.parent}还是{request.to_town}牵头"
    record_event(dispute, EventKind.TOWN_ASKED, on=on, by=by, text=text, recorded_at=recorded_at)
    tell(_county(dispute), f"{dispute.code}：{text}。", dispute, recorded_at)
    record_town(dispute, "town_ask_county", by=by, request=request, on=on)
    return request


@transaction.atomic
def end_joint(*, request_id: int, by: User, on: date, reason: str, recorded_at: datetime | None = None) -> TownRequest:
    """The joint town's part is over; it no longer sees the file. Effects: request, event, messages, audit."""
    dispute, request = locked_request(request_id)
    require(by, "disputes.end_joint", dispute, message="结束联办，由牵头或联办的镇（街）联络人员办。")
    if request.is_move or request.state != TownRequestState.ACCEPTED:
        raise Refused("这次联办没有在进行。", hint="请刷新页面，看看现在的情况。")
    check_words(reason, what="结束的理由")
    close_joint(dispute, request, by=by, on=on, reason=reason, recorded_at=recorded_at)
    share(dispute)
    people = [*_lead_people(dispute), *officers_of(request.to_town_id), *sent_people(request)]
    tell([one for one in people if one != by], f"{dispute.code}：{request.to_town}联办结束。", dispute, recorded_at)
    record_town(dispute, "joint_end", by=by, request=request, on=on)
    return request


# ── shared with the verbs of mediation ───────────────────────────────────────
def locked_request(request_id: int) -> tuple[Dispute, TownRequest]:
    """The request and its dispute, locked: the dispute first, as every verb does."""
    dispute_id = TownRequest.objects.values_list("dispute_id", flat=True).get(pk=request_id)
    dispute = lock_dispute(dispute_id)
    rows = TownRequest.objects.select_for_update(of=("self",)).select_related("to_town", "from_town")
    request = rows.get(pk=request_id)
    request.dispute = dispute
    return dispute, request


def answer(
    request: TownRequest, state: str, *, by: User, on: date, words: str = "", recorded_at: datetime | None = None
) -> None:
    """Write the answer down. Refused for a day before the town was asked."""
    limits.check_day(on, today=today(), after=request.asked_on)
    request.state, request.answer = state, words.strip()
    request.answered_by, request.answered_on, request.answered_recorded_at = by, on, recorded_at or timezone.now()
    request.save(
        update_fields=["state", "answer", "answered_by", "answered_on", "answered_recorded_at", "mediator", "by_county"]
    )


def share(dispute: Dispute) -> None:
    """Copy from the requests to the locked dispute which towns see it, so that asking who may see it asks no table."""
    opening = list(dispute.town_requests.opening().order_by("answered_on", "id"))
    joint = [one.to_town_id for one in opening if one.state == TownRequestState.ACCEPTED]
    dispute.joint_codes = " ".join(dict.fromkeys(joint))
    dispute.asked_code = next((one.to_town_id for one in opening if one.state == TownRequestState.ASKED), "")
    dispute.version += 1
    dispute.save(update_fields=SHARED_FIELDS)
    dispute.__dict__.pop("joint_mediators", None)


def join(
    dispute: Dispute, request: TownRequest, *, by: User, on: date, words: str = "", recorded_at: datetime | None
) -> None:
    """What follows when a town joins: it sees the file, and the timeline says so."""
    share(dispute)
    sent = f"，派{request.mediator}参加" if request.mediator else ""
    text = f"{request.to_town}同意联办{sent}" if not request.by_county else f"县级决定：{request.to_town}联办"
    record_event(dispute, EventKind.TOWN_ANSWERED, on=on, by=by, text=text, detail=words, recorded_at=recorded_at)


def close_joint(
    dispute: Dispute, request: TownRequest, *, by: User, on: date, reason: str, recorded_at: datetime | None
) -> None:
    """Write down that a joint handling is over, and why. Refused for a day before it began. The audit row is left."""
    limits.check_day(on, today=today(), after=request.answered_on)
    request.state, request.ended_on, request.end_reason = TownRequestState.ENDED, on, reason.strip()
    request.save(update_fields=["state", "ended_on", "end_reason"])
    text = f"{request.to_town}联办结束"
    record_event(dispute, EventKind.JOINT_ENDED, on=on, by=by, text=text, detail=reason, recorded_at=recorded_at)


def mediator_of(town: Division, mediator_id: int) -> User:
    """An active mediator of the town, not on their last day there. Raises Refused at the field."""
    named = User.objects.filter(pk=mediator_id, role=Role.MEDIATOR, is_active=True)
    found = named.annotate(stays=stays_in(town.pk)).first()
    if found is None or not covers(found.scope_codes, town.pk):
        raise Refused(f"请从{town}的调解员里选。", field="mediator")
    if not found.stays:
        raise Refused(f"今天是{found}在{town}的最后一天，不能再接新的。", hint="请另选一名调解员。", field="mediator")
    return found


def sent_people(request: TownRequest) -> list[User]:
    """The mediator whom the joint town sent, if it sent one."""
    return [request.mediator] if request.mediator else []


def check_words(words: str, *, what: str, field: str = "reason") -> None:
    if not words.strip():
        raise Refused(f"请写明{what}。", field=field)
    if len(words) > REASON_LENGTH:
        raise Refused(f"{what}最多 {REASON_LENGTH} 字，现在有 {len(words)} 字。", field=field)


def tell(people: list[User], text: str, dispute: Dispute, recorded_at: datetime | None) -> None:
    """One message each, nobody twice."""
    for person in dict.fromkeys(people):
        notify(recipient=person, text=text, url=dispute.get_absolute_url(), recorded_at=recorded_at)


def record_town(dispute: Dispute, verb: str, *, by: User, request: TownRequest, on: date, **facts: Any) -> None:
    """The audit row; call it last."""
    detail = {"code": dispute.code, "kind": request.kind, "from": request.from_town_id, "town": request.to_town_id}
    detail |= {"on": on.isoformat(), **facts}
    audit.record(f"dispute.{verb}", by=by, subject=dispute, division_code=dispute.town_code, detail=detail)


def _check_waiting(request: TownRequest) -> None:
    if request.state != TownRequestState.ASKED:
        who = f"{request.answered_by} {said(request.answered_on)}" if request.answered_on else ""
        raise Refused(
            f"这次请求已经有结果：{request.get_state_display()}（{who}）。", hint="请刷新页面，看看现在的情况。"
        )


def _other_town(dispute: Dispute, town_code: str) -> Division:
    town = Division.objects.filter(pk=town_code, level=Level.TOWN).first()
    if town is None:
        raise Refused("请选择对方镇（街）。", field="town")
    if town.pk == dispute.town_code:
        raise Refused("这就是本件所在的镇（街）。", hint="请选另一个镇（街）。", field="town")
    if town.pk[:COUNTY_LENGTH] != dispute.town_code[:COUNTY_LENGTH]:
        raise Refused("只能请本县（市）的镇（街）联办或接收。", hint="外县的请按转其他部门办理。", field="town")
    return town


def _lead_people(dispute: Dispute) -> list[User]:
    return [*officers_of(dispute.town_code), *([dispute.handler] if dispute.handler else [])]


def _county(dispute: Dispute) -> list[User]:
    """Who decides between towns: the county's people whose divisions contain the dispute."""
    above = [dispute.town_code[:length] for length in LENGTHS_ABOVE]
    people = User.objects.filter(role__in=COUNTY_ROLES, is_active=True, scopes__division__in=above)
    return list(people.distinct().order_by("pk"))

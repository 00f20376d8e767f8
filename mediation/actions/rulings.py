"""The rulings on a request, and their service. Only a judge rules (民诉法 185); the first ruling wins."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.actions.deadlines import reopen_deadline, settle_all, settle_deadline, start_deadline
from core.actions.files import store_bytes
from core.actions.outbox import mark_dirty
from core.documents import DOCX_TYPE
from core.errors import Refused
from core.models import StoredFile, User
from disputes.choices import EventKind
from disputes.models import Party
from mediation.actions.confirmation_steps import (
    RELATED,
    check,
    check_on,
    dispute_of,
    notify_town,
    save,
    take,
    tell,
    write_audit,
)
from mediation.checklist import from_json, weighed
from mediation.choices import (
    REOPENS_THE_WINDOW,
    ConfirmationState,
    RefusalGround,
    RejectionGround,
    ServiceMethod,
)
from mediation.documents.confirmation import Ruling, ruling_docx
from mediation.models import Agreement, ConfirmationRequest, RulingService
from mediation.workflow import CONFIRMATION

GROUNDS_LENGTH = 1000
DECISION_PERIODS = ("confirm_accept", "confirm_decide", "confirm_decide_max")
GROUND_CHOICES = {
    "refuse": RefusalGround.choices,
    "reject": [*RejectionGround.choices, *RefusalGround.choices],  # 解释 355 末款: found after acceptance
}
EVENTS = {
    "refuse": EventKind.CONFIRMATION_REFUSED,
    "permit_withdrawal": EventKind.CONFIRMATION_WITHDRAWN,
    "deem_withdrawn": EventKind.CONFIRMATION_WITHDRAWN,
}
DECIDED_FIELDS = (
    "state",
    "decided_on",
    "decided_by",
    "decided_recorded_at",
    "grounds",
    "ground_key",
    "heard_on",
    "judge",
    "instrument",
)


@dataclass(frozen=True)
class _Order:
    """What a judge orders: which ruling, when, why."""

    verb: str
    by: User
    on: date
    grounds: str = ""
    ground_key: str = ""
    heard_on: date | None = None
    recorded_at: datetime | None = None


def confirm_agreement(
    *,
    request_id: int,
    by: User,
    on: date,
    heard_on: date,
    grounds: str = "",
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """裁定调解协议有效 (民诉法 206/202). `heard_on`: the day both parties were heard together (解释 356).

    Raises Refused while the court itself holds an item of the pre-check against it.
    Effects: state, ruling drafted; event; both clocks settled; messages; the town's month; audit.
    """
    return _rule(request_id, _Order("confirm", by, on, grounds, "", heard_on, recorded_at), version)


def reject_request(
    *,
    request_id: int,
    by: User,
    on: date,
    ground_key: str,
    grounds: str,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """裁定驳回申请 on a ground of 解释 358, or of 355 found after acceptance. Effects as of every ruling."""
    return _rule(request_id, _Order("reject", by, on, grounds, ground_key, None, recorded_at), version)


def refuse_request(
    *,
    request_id: int,
    by: User,
    on: date,
    ground_key: str,
    grounds: str,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """裁定不予受理 on a ground of 解释 355; the parties' window opens again while its day has not passed."""
    return _rule(request_id, _Order("refuse", by, on, grounds, ground_key, None, recorded_at), version)


def permit_withdrawal(
    *,
    request_id: int,
    by: User,
    on: date,
    grounds: str,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """裁定准许撤回 (解释 357 前段); the window opens again while its day has not passed."""
    return _rule(request_id, _Order("permit_withdrawal", by, on, grounds, "", None, recorded_at), version)


def deem_withdrawn(
    *,
    request_id: int,
    by: User,
    on: date,
    grounds: str,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """裁定按撤回处理 (解释 357 后段): nothing supplemented, or questions refused, without good reason."""
    return _rule(request_id, _Order("deem_withdrawn", by, on, grounds, "", None, recorded_at), version)


def _rule(request_id: int, order: _Order, version: int | None) -> ConfirmationRequest:
    """Draft the paper first, then decide: the locked row must still be the one the paper was drafted from."""
    seen = ConfirmationRequest.objects.select_related(*RELATED).get(pk=request_id)
    check(seen, verb=order.verb, by=order.by, version=version)
    _check_order(seen, order)
    paper = ruling_docx(seen, _as_ruling(order))
    with transaction.atomic():
        request = take(request_id, verb=order.verb, by=order.by, version=seen.version)
        request.instrument = _store(request, paper, order)
        _decide(request, order)
        _after_ruling(request, order)
    return request


def _check_order(request: ConfirmationRequest, order: _Order) -> None:
    check_on(order.on, after=request.accepted_on or request.received_on)
    if order.verb == "confirm":
        _check_confirmable(request, order)
        return
    if (choices := GROUND_CHOICES.get(order.verb)) and order.ground_key not in dict(choices):
        raise Refused("请选择法定情形。", field="ground_key")
    if not order.grounds.strip():
        raise Refused("请写裁定理由。", field="grounds")
    if len(order.grounds) > GROUNDS_LENGTH:
        raise Refused(f"裁定理由最多 {GROUNDS_LENGTH} 个字。", field="grounds")


def _check_confirmable(request: ConfirmationRequest, order: _Order) -> None:
    failed = [item for item in weighed(from_json(request.precheck), request.opinions) if item.failed]
    if failed:
        raise Refused(
            f"还有 {len(failed)} 项不通过未处理（{failed[0].title}），暂不能裁定有效。",
            hint="可以先通知补充，或通知双方共同到庭核实后改写意见。",
        )
    if order.heard_on is None:
        raise Refused("请写双方共同到场核实的日子（解释第三百五十六条）。", field="heard_on")
    if not (request.received_on or order.heard_on) <= order.heard_on <= order.on:
        raise Refused("双方到场核实要在法院收到申请之后、裁定之前。", field="heard_on")


def _as_ruling(order: _Order) -> Ruling:
    choices = dict(GROUND_CHOICES.get(order.verb, []))
    return Ruling(
        verb=order.verb,
        on=order.on,
        judge=str(order.by),
        grounds=order.grounds.strip(),
        ground=choices.get(order.ground_key, ""),
    )


def _store(request: ConfirmationRequest, paper: bytes, order: _Order) -> StoredFile:
    name = f"民事裁定书（{CONFIRMATION[order.verb].label}）{dispute_of(request).code}.docx"
    return store_bytes(
        data=paper,
        name=name,
        content_type=DOCX_TYPE,
        by=order.by,
        subject=request,
        town_code=request.town_code,
        kind="confirmation_ruling",
        recorded_at=order.recorded_at,
    )


def _decide(request: ConfirmationRequest, order: _Order) -> None:
    request.state = CONFIRMATION[order.verb].target
    request.decided_on, request.decided_by = order.on, order.by
    request.decided_recorded_at = order.recorded_at or timezone.now()
    request.grounds, request.ground_key = order.grounds.strip(), order.ground_key
    request.heard_on = order.heard_on
    request.judge = request.judge or order.by
    save(request, *DECIDED_FIELDS)


def _after_ruling(request: ConfirmationRequest, order: _Order) -> None:
    dispute, label = dispute_of(request), CONFIRMATION[order.verb].label
    kind = EVENTS.get(order.verb, EventKind.CONFIRMATION_DECIDED)
    tell(request, kind, on=order.on, by=order.by, text=label, detail=order.grounds, recorded_at=order.recorded_at)
    for period in DECISION_PERIODS:
        settle_deadline(kind=period, subject=request, on=order.on)
    settle_all(subject=request, on=order.on, settled_as="void")
    if request.state in REOPENS_THE_WINDOW:
        reopen_deadline(kind="confirm_apply", subject=request.agreement, on=order.on)
    notify_town(request, f"{dispute.title}：法院{label}。", recorded_at=order.recorded_at)
    mark_dirty(town_code=request.town_code, on=order.on)
    write_audit(request, order.verb, by=order.by, on=order.on, ground=order.ground_key)


# ── service ──────────────────────────────────────────────────────────────────
@transaction.atomic
def serve_ruling(
    *,
    request_id: int,
    party: Party,
    method: str,
    by: User,
    on: date,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> RulingService:
    """Note the service of the ruling on one party.

    Only a ruling that confirms opens the fifteen days of objection (解释 372), for each party from its own
    day; once all are served the period of enforcement is noted from the last day of performance (民诉法 250).
    Effects: service; event; deadlines; audit.
    """
    request = take(request_id, verb="serve", by=by, version=version)
    check_on(on, after=request.decided_on)
    if method not in ServiceMethod.values:
        raise Refused("请选择送达方式。", field="method")
    parties = list(dispute_of(request).parties.all())
    if party not in parties:
        raise Refused("这个人不是本件当事人。", field="party")
    if request.services.filter(party=party).exists():
        raise Refused(f"已经送达{party}。", hint="请刷新页面，看看还有谁没有送达。", field="party")
    service = RulingService.objects.create(
        request=request, party=party, served_on=on, method=method, recorded_at=recorded_at or timezone.now()
    )
    text = f"裁定书送达{party}（{ServiceMethod(method).label}）"
    tell(request, EventKind.RULING_SERVED, on=on, by=by, text=text, recorded_at=recorded_at)
    _note_all_served(request, len(parties))
    if request.state == ConfirmationState.CONFIRMED:
        _start_after_service(request, service, recorded_at=recorded_at)
    write_audit(request, "serve", by=by, on=on, method=method, all_served=request.served_on is not None)
    return service


def _note_all_served(request: ConfirmationRequest, parties: int) -> None:
    days = list(request.services.values_list("served_on", flat=True))
    request.served_on = max(days) if len(days) == parties else None
    save(request, "served_on")


def _start_after_service(request: ConfirmationRequest, service: RulingService, *, recorded_at: datetime | None) -> None:
    _start(request, "confirm_objection_party", service, base_on=service.served_on, recorded_at=recorded_at)
    if request.served_on and (last := _last_performance_day(request)):
        _start(request, "enforce_apply", request, base_on=last, recorded_at=recorded_at)


def _last_performance_day(request: ConfirmationRequest) -> date | None:
    """The day from which enforcement may be asked for: the last instalment's, the ruling's where no day was
    agreed; None when all has been performed."""
    items = list(request.agreement.performance_items.all())
    if not items:
        return request.served_on
    return max(item.due_on for item in items) if any(item.done_on is None for item in items) else None


def _start(
    request: ConfirmationRequest,
    kind: str,
    subject: ConfirmationRequest | RulingService,
    *,
    base_on: date,
    recorded_at: datetime | None,
) -> None:
    """A period of the parties; the mediator who handles the dispute answers for telling them."""
    dispute = dispute_of(request)
    who = f"（{subject.party}）" if isinstance(subject, RulingService) else ""
    start_deadline(
        kind=kind,
        subject=subject,
        town_code=request.town_code,
        base_on=base_on,
        responsible=dispute.handler,
        subject_text=f"{dispute.title}{who}",
        url=dispute.get_absolute_url(),
        recorded_at=recorded_at,
    )


def note_performed(agreement: Agreement, *, on: date) -> None:
    """Everything agreed has been performed: nobody has to enforce it any more.

    Called by the verb that records a performance, in its transaction.
    """
    if agreement.performance_items.filter(done_on=None).exists():
        return
    for request in agreement.confirmation_requests.filter(state=ConfirmationState.CONFIRMED):
        settle_deadline(kind="enforce_apply", subject=request, on=on)

"""民转刑 warnings (人民调解法 25): raised at once, signed for by a named receiver, lowered only with a reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.deadlines import settle_deadline
from core.actions.notifications import message, notify_all
from core.errors import Conflict, Refused
from core.models import User
from disputes.actions.events import record_event
from disputes.choices import EventKind, Risk
from disputes.escalation import Link, next_step
from disputes.models import Dispute, FlagStep, RiskFlag
from disputes.queries.chain import Chain, chain_of

REASONS_LENGTH, MEASURES_LENGTH = 200, 300
HISTORY = timedelta(days=1)
ACKNOWLEDGE = "risk_ack"  # the key of the rule: 内部要求
RAISED = "有激化危险，请先报 110 再处置，并签收"


def raise_flag(
    dispute: Dispute, *, reasons: Sequence[str], by: User | None, recorded_at: datetime | None = None
) -> RiskFlag:
    """Warn of a dispute in hand, inside the caller's transaction: flag, first stop of the chain told, timeline.

    The caller has set `dispute.risk`, saves it, and writes the audit row. The sweep passes it on at any hour until
    somebody signs. What is entered as it was recorded long ago is history: nobody is called about it today.
    """
    recorded_at = recorded_at or timezone.now()
    words = "、".join(f"「{word}」" for word in reasons)[:REASONS_LENGTH]
    flag = RiskFlag(dispute=dispute, level=Risk.HIGH, reasons=words, raised_by=by, raised_at=recorded_at)
    chain = chain_of(dispute.town_code, timezone.localdate(recorded_at), with_county=False)
    step = next_step((), chain.links, raised_at=recorded_at, at=recorded_at)
    flag.receiver = chain.people[step.links[0].person] if step.links else None
    flag.next_at = step.wake_at if timezone.now() - recorded_at < HISTORY else None
    flag.save(force_insert=True)
    tell(flag, step.links, chain, RAISED, at=recorded_at)
    names = "、".join(str(chain.people[link.person]) for link in step.links)
    record_event(
        dispute,
        EventKind.RISK_FLAGGED,
        on=timezone.localdate(recorded_at),
        by=by,
        text=f"有激化危险，已提醒{names}" if names else "有激化危险，还没有人可以提醒",
        detail=f"因为写到：{words}",
        recorded_at=recorded_at,
    )
    return flag


def tell(flag: RiskFlag, links: Sequence[Link], chain: Chain, words: str, *, at: datetime) -> None:
    """Write down that these people are told, and leave each the urgent message; in the caller's transaction."""
    dispute = flag.dispute
    FlagStep.objects.bulk_create(
        FlagStep(flag=flag, kind=link.kind, recipient_id=link.person, told_at=at) for link in links
    )
    notify_all(
        message(
            recipient=chain.people[link.person],
            text=f"{words}：{dispute.code} {dispute.title}",
            url=dispute.get_absolute_url(),
            urgent=True,
            recorded_at=at,
        )
        for link in links
    )


@transaction.atomic
def acknowledge_risk(*, flag_id: int, measures: str, by: User, recorded_at: datetime | None = None) -> RiskFlag:
    """Sign for a warning and say what was done. The first signature stands and ends the chain.

    Effects: flag, the internal period settled, event, audit.
    """
    flag = lock_flag(flag_id)
    require(by, "disputes.acknowledge_risk", flag, message="风险提示由本镇（街）联络人员或被提醒的人签收。")
    if flag.acknowledged_at:
        raise Conflict(f"{flag.acknowledged_by}已经签收了这条风险提示。", hint="请刷新页面，看已采取的措施。")
    measures = _written(
        measures, "请写明已采取的措施，例如「已报派出所，双方已隔开」。", MEASURES_LENGTH, field="measures"
    )
    recorded_at = recorded_at or timezone.now()
    flag.acknowledged_at, flag.acknowledged_by, flag.measures = recorded_at, by, measures
    flag.next_at = None
    flag.save(update_fields=["acknowledged_at", "acknowledged_by", "measures", "next_at"])
    settle_deadline(kind=ACKNOWLEDGE, subject=flag, on=timezone.localdate(recorded_at))
    _tell(flag, EventKind.RISK_ACKNOWLEDGED, "已签收风险提示", measures, by=by, recorded_at=recorded_at)
    return flag


@transaction.atomic
def lower_risk(*, flag_id: int, reason: str, by: User, recorded_at: datetime | None = None) -> RiskFlag:
    """Take a warning down. Effects: flag, the dispute's risk, event, audit."""
    flag = lock_flag(flag_id)
    require(by, "disputes.lower_risk", flag, message="解除风险提示由本镇（街）联络人员办。")
    if flag.lowered_at:
        raise Conflict(f"{flag.lowered_by}已经解除了这条风险提示。", hint="请刷新页面。")
    if not flag.acknowledged_at:
        raise Refused("这条风险提示还没有签收。", hint="请先签收，写明措施，再解除。")
    reason = _written(reason, "请写明为什么可以解除。", REASONS_LENGTH, field="reason")
    recorded_at = recorded_at or timezone.now()
    flag.lowered_at, flag.lowered_by, flag.lowered_reason = recorded_at, by, reason
    flag.save(update_fields=["lowered_at", "lowered_by", "lowered_reason"])
    Dispute.objects.filter(pk=flag.dispute_id).update(risk=Risk.MEDIUM)
    _tell(flag, EventKind.RISK_LOWERED, "风险提示已解除", reason, by=by, recorded_at=recorded_at)
    return flag


def lock_flag(flag_id: int) -> RiskFlag:
    """The warning with its row locked until the transaction ends."""
    rows = RiskFlag.objects.select_for_update(of=("self",))
    return rows.select_related("dispute", "acknowledged_by", "lowered_by").get(pk=flag_id)


def _written(text: str, missing: str, length: int, *, field: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(missing, field=field)
    if len(text) > length:
        raise Refused(f"最多 {length} 个字。", field=field)
    return text


def _tell(flag: RiskFlag, kind: EventKind, text: str, detail: str, *, by: User, recorded_at: datetime) -> None:
    on, dispute = timezone.localdate(recorded_at), flag.dispute
    record_event(dispute, kind, on=on, by=by, text=text, detail=detail, recorded_at=recorded_at)
    detail_row = {"code": dispute.code, "text": detail}
    audit.record(f"dispute.{kind}", by=by, subject=flag, division_code=dispute.town_code, detail=detail_row)

"""What the agreement promised is performed, or the parties say that they want no confirmation (人民调解法 31, 33)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions.deadlines import settle_deadline, start_deadline
from core.actions.outbox import mark_dirty
from core.errors import Conflict, Refused
from core.models import User
from core.queries import said, today
from disputes import limits
from disputes.actions.events import record_event
from disputes.choices import DisputeState, EventKind
from disputes.models import Dispute
from mediation.actions.footing import check_no_open_request, handler_words, locked, record_audit
from mediation.actions.papers import keep_paper
from mediation.actions.rulings import note_performed
from mediation.choices import PaperKind
from mediation.models import Agreement, PerformanceItem

PERFORMANCE, CONFIRM_APPLY = "performance", "confirm_apply"


def start_performance(agreement: Agreement, dispute: Dispute, *, recorded_at: datetime | None) -> None:
    """Start the agreed day of every item that lies after the day of effect, and mark the months in which they fall."""
    assert agreement.effective_on
    items = PerformanceItem.objects.filter(agreement__mediation__dispute=dispute)  # those replaced are due no longer
    for month in sorted({day.replace(day=1) for day in items.values_list("due_on", flat=True)}):
        mark_dirty(town_code=dispute.town_code, on=month)
    for item in agreement.performance_items.filter(done_on=None, due_on__gt=agreement.effective_on):
        start_deadline(
            kind=PERFORMANCE,
            subject=item,
            town_code=dispute.town_code,
            base_on=agreement.effective_on,
            due_on=item.due_on,
            responsible=dispute.handler,
            title=f"督促履行第 {item.serial} 期",
            subject_text=dispute.title,
            url=dispute.get_absolute_url(),
            recorded_at=recorded_at,
        )


@transaction.atomic
def record_performance(
    *,
    dispute_id: int,
    item_id: int,
    by: User,
    on: date,
    note: str = "",
    proof: Any = None,
    recorded_at: datetime | None = None,
) -> PerformanceItem:
    """Note that an item of the agreement was performed, with the receipt if there is one; also after archiving.

    Effects: item, stored receipt, event, its day settled, months marked, audit.
    """
    dispute = locked(dispute_id)
    require(by, "mediation.record_performance", dispute, message=handler_words(dispute))
    item = _open_item(dispute, item_id)
    limits.check_day(on, today=today(), after=item.agreement.concluded_on)
    item.done_on, item.done_recorded_at = on, recorded_at or timezone.now()
    if proof:
        item.proof = keep_paper(dispute, by=by, upload=proof, kind=PaperKind.RECEIPT)
    item.save(update_fields=["done_on", "done_recorded_at", "proof"])
    text = f"第 {item.serial} 期已履行：{item.text}"
    record_event(dispute, EventKind.PERFORMED, on=on, by=by, text=text, detail=note.strip(), recorded_at=recorded_at)
    settle_deadline(kind=PERFORMANCE, subject=item, on=on)
    note_performed(item.agreement, on=on)
    for day in {on.replace(day=1), item.due_on.replace(day=1)}:
        mark_dirty(town_code=dispute.town_code, on=day)
    record_audit("performance.record", dispute, by=by, serial=item.serial, on=on.isoformat(), proof=bool(proof))
    return item


def _open_item(dispute: Dispute, item_id: int) -> PerformanceItem:
    rows = PerformanceItem.objects.select_for_update(of=("self",)).select_related("agreement")
    item = rows.filter(pk=item_id, agreement__mediation__dispute=dispute).first()
    if item is None or item.agreement.effective_on is None:
        raise Refused("没有这一期，或者协议还没有生效。", hint="请刷新页面再看。")
    if item.done_on:
        raise Conflict(f"没有保存：第 {item.serial} 期已经登记为{said(item.done_on)}履行。")
    return item


@transaction.atomic
def waive_confirmation(
    *, dispute_id: int, by: User, on: date, version: int | None = None, recorded_at: datetime | None = None
) -> Dispute:
    """Note that the parties do not want confirmation; they may still change their minds inside the thirty days.

    Effects: thirty days settled, event, audit.
    """
    dispute = locked(dispute_id, version=version)
    require(by, "mediation.waive_confirmation", dispute, message=handler_words(dispute))
    check_no_open_request(dispute, then="再记下不申请")
    limits.check_day(on, today=today(), after=dispute.state_on)
    agreement = Agreement.objects.filter(mediation__dispute=dispute, effective_on__isnull=False).last()
    settled = agreement and settle_deadline(kind=CONFIRM_APPLY, subject=agreement, on=on, settled_as="waived")
    if dispute.state != DisputeState.AGREED or not settled:
        raise Refused("没有在走的申请期限，不用记下不申请。", hint="请刷新页面，看看下一步。")
    text = "双方表示不申请司法确认"
    record_event(dispute, EventKind.EDITED, on=on, by=by, text=text, recorded_at=recorded_at)
    record_audit("confirmation.waive", dispute, by=by, on=on.isoformat())
    return dispute

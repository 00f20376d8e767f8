"""A file that must keep its people past its term says so, and why."""

from datetime import date

from django.db import transaction

from core.access import require
from core.actions import audit
from core.errors import Refused
from core.models import User
from disputes.actions.events import record_event
from disputes.actions.states import lock_dispute
from disputes.choices import EventKind
from disputes.models import Dispute

REASON_LENGTH = 200


@transaction.atomic
def hold_dispute(*, dispute_id: int, reason: str, by: User, on: date) -> Dispute:
    """Keep a closed file's personal data past its term for a reason; without a reason the hold is taken back.

    Effects: dispute, event, audit; nothing when nothing changes. Refused once the data are wiped.
    """
    dispute = lock_dispute(dispute_id)
    require(by, "disputes.hold", dispute, message="由本镇（街）联络人员标明。")
    reason = reason.strip()
    if reason == dispute.hold_reason:
        return dispute
    if dispute.anonymised_on:
        raise Refused("本件的个人信息已经到期清除，不能再标。")
    if len(reason) > REASON_LENGTH:
        raise Refused(f"理由最多 {REASON_LENGTH} 字，现在有 {len(reason)} 字。", field="reason")
    dispute.hold_reason = reason
    dispute.version += 1
    dispute.save(update_fields=["hold_reason", "version"])
    text = "个人信息到期也不清除" if reason else "个人信息到期照常清除"
    record_event(dispute, EventKind.HELD, on=on, by=by, text=text, detail=reason)
    town, detail = dispute.town_code, {"code": dispute.code}
    if reason:
        audit.record("dispute.hold", by=by, subject=dispute, division_code=town, detail=detail | {"reason": reason})
    else:
        audit.record("dispute.release", by=by, subject=dispute, division_code=town, detail=detail)
    return dispute

"""Where a dispute goes: the proposal accepted or overridden with a reason, or the file handed to another office."""

from datetime import date, datetime

from django.db import transaction

from core.access import require
from core.actions import audit
from core.errors import Refused
from core.models import User
from disputes.actions.events import record_event
from disputes.actions.states import lock_dispute, move_state
from disputes.choices import OVERRULED, Destination, EventKind
from disputes.models import Dispute

REASON_LENGTH, OFFICE_LENGTH = 200, 80


@transaction.atomic
def route_dispute(
    *,
    dispute_id: int,
    by: User,
    on: date,
    destination: str | None = None,
    reason: str = "",
    recorded_at: datetime | None = None,
) -> Dispute:
    """Send a registered dispute on its way. Without a destination, or with the proposed one, the proposal holds.

    Another destination needs a reason. 转其他部门 is refused here: it closes the file and names the office.
    To mediate what the system thought unsuitable overrules it: the verdict keeps the reason.
    Effects: destination, state, event, audit.
    """
    dispute = lock_dispute(dispute_id)
    require(by, "disputes.route", dispute)
    proposal = dispute.proposed_route
    chosen = destination or proposal.get("destination", "")
    overridden = chosen != proposal.get("destination")
    _check_choice(chosen, overridden=overridden, reason=reason)
    dispute.destination = chosen
    dispute.route_reason = (reason.strip() or str(proposal.get("reason", "")))[:REASON_LENGTH]
    if not dispute.suitable:
        dispute.triage = {**dispute.triage, OVERRULED: dispute.route_reason or "经办人决定调解"}
    dispute.save(update_fields=["destination", "route_reason", "triage"])
    move_state(dispute, "route", on=on)
    record_event(
        dispute,
        EventKind.ROUTED,
        on=on,
        by=by,
        text=f"分流：{Destination(chosen).label}",
        detail=dispute.route_reason,
        recorded_at=recorded_at,
    )
    detail = {
        "code": dispute.code,
        "destination": chosen,
        "rule": proposal.get("rule_key", ""),
        "overridden": overridden,
    }
    audit.record("dispute.route", by=by, subject=dispute, division_code=dispute.town_code, detail=detail)
    return dispute


def _check_choice(chosen: str, *, overridden: bool, reason: str) -> None:
    if chosen not in Destination.values:
        raise Refused("请选择去向。", field="destination")
    if chosen == Destination.OTHER_AUTHORITY:
        raise Refused("转其他部门要写明转给谁。", hint="请点「转其他部门」办理。", field="destination")
    if overridden and not reason.strip():
        raise Refused("与建议的去向不同，请写一句理由。", field="reason")


@transaction.atomic
def refer_out(
    *, dispute_id: int, office: str, reason: str, by: User, on: date, recorded_at: datetime | None = None
) -> Dispute:
    """Hand a dispute that is not for mediation to the office that must decide it; it leaves the resolution rate.

    Effects: state, destination, event, audit.
    """
    dispute = lock_dispute(dispute_id)
    require(by, "disputes.refer_out", dispute)
    office = office.strip()
    if not office or len(office) > OFFICE_LENGTH:
        raise Refused("请写明转给哪个部门，最多 80 个字。", field="office")
    dispute.destination, dispute.route_reason = Destination.OTHER_AUTHORITY, reason.strip()[:REASON_LENGTH]
    dispute.save(update_fields=["destination", "route_reason"])
    move_state(dispute, "refer_out", on=on, reason=reason, referred_to=office)
    record_event(
        dispute, EventKind.REFERRED_OUT, on=on, by=by, text=f"转{office}", detail=reason, recorded_at=recorded_at
    )
    detail = {"code": dispute.code, "office": office}
    audit.record("dispute.refer_out", by=by, subject=dispute, division_code=dispute.town_code, detail=detail)
    return dispute

"""A mediation ends without an agreement, or the file is put away (人民调解法 17, 26, 27)."""

from datetime import date, datetime

from django.db import transaction

from core.access import require
from core.errors import Refused
from core.models import User
from disputes.actions.events import record_event
from disputes.actions.states import move_state
from disputes.choices import EndGround, EventKind
from disputes.models import Dispute
from mediation.actions.footing import (
    check_no_open_request,
    check_reason,
    close,
    handler_words,
    locked,
    record_audit,
    running_mediation,
    void_old_periods,
)
from mediation.choices import Outcome
from mediation.models import Agreement, Mediation

OTHER_WAYS = "已告知双方可以通过仲裁、行政、司法等途径解决。"


@transaction.atomic
def fail_mediation(
    *,
    dispute_id: int,
    by: User,
    on: date,
    reason: str,
    ways_told: bool,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> Mediation:
    """Record that mediation did not succeed. The parties must have been told the other ways (人民调解法 26).

    Effects: mediation, its periods settled, state, event, audit.
    """
    dispute = locked(dispute_id, version=version)
    require(by, "mediation.fail_mediation", dispute, message=handler_words(dispute))
    mediation = running_mediation(dispute)
    check_reason(reason)
    if not ways_told:
        raise Refused(
            "调解不成的，应当告知双方可以通过仲裁、行政、司法等途径维护权利（人民调解法第二十六条）。",
            hint="告知后请勾选。",
            field="ways_told",
        )
    close(mediation, Outcome.FAILED, on=on, note=reason)
    move_state(dispute, "fail", on=on, reason=reason)
    detail = f"{reason.strip()}\n{OTHER_WAYS}"
    record_event(
        dispute, EventKind.MEDIATION_FAILED, on=on, by=by, text="调解不成", detail=detail, recorded_at=recorded_at
    )
    record_audit("mediation.fail", dispute, by=by, on=on.isoformat())
    return mediation


@transaction.atomic
def end_mediation(
    *,
    dispute_id: int,
    by: User,
    on: date,
    ground: str,
    reason: str,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> Mediation:
    """End a running mediation that neither succeeded nor failed: refused, withdrawn, settled, unreachable.

    Effects: mediation, its periods settled, state, event, audit.
    """
    dispute = locked(dispute_id, version=version)
    require(by, "mediation.end_mediation", dispute, message=handler_words(dispute))
    mediation = running_mediation(dispute)
    if ground not in EndGround.values:
        raise Refused("请选择终止事由。", field="ground")
    check_reason(reason)
    words = EndGround(ground).label
    close(mediation, Outcome.ENDED, on=on, note=f"{words}：{reason}")
    move_state(dispute, "end", on=on, reason=reason, end_ground=ground)
    text, detail = f"终止：{words}", reason.strip()
    record_event(dispute, EventKind.ENDED, on=on, by=by, text=text, detail=detail, recorded_at=recorded_at)
    record_audit("mediation.end", dispute, by=by, ground=ground, on=on.isoformat())
    return mediation


@transaction.atomic
def archive_dispute(
    *,
    dispute_id: int,
    by: User,
    on: date,
    note: str = "",
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> Dispute:
    """File the dispute away (人民调解法 27). Late papers and performance may still be added.

    Refused while a request for confirmation is open, and while something is unperformed unless `note` says why.
    Effects: state, thirty days to apply void, event, audit.
    """
    dispute = locked(dispute_id, version=version)
    require(by, "mediation.archive_dispute", dispute, message=handler_words(dispute))
    check_no_open_request(dispute, then="再归档")
    unperformed = _unperformed(dispute)
    if unperformed and not note.strip():
        hint = "履行完再归档；现在就要归档的，请写明情况。"
        raise Refused(f"协议还有 {unperformed} 期没有履行。", hint=hint, field="note")
    move_state(dispute, "archive", on=on)
    void_old_periods(dispute, on=on)
    detail = note.strip()
    record_event(dispute, EventKind.ARCHIVED, on=on, by=by, text="立卷归档", detail=detail, recorded_at=recorded_at)
    record_audit("mediation.archive", dispute, by=by, on=on.isoformat(), unperformed=unperformed)
    return dispute


def _unperformed(dispute: Dispute) -> int:
    """How many items of the agreement that binds (the latest in effect) are not performed."""
    in_effect = Agreement.objects.filter(mediation__dispute=dispute, effective_on__isnull=False)
    agreement = in_effect.order_by("-effective_on", "-id").first()
    return agreement.performance_items.filter(done_on=None).count() if agreement else 0

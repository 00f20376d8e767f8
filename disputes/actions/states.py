"""The one way a dispute changes its state, shared by the verbs here and in mediation; and ending one untried."""

from datetime import date, datetime

from django.db import transaction

from core.access import require
from core.actions import audit
from core.actions.outbox import mark_dirty
from core.errors import Refused
from core.models import User
from core.queries import today
from disputes import limits, workflow
from disputes.actions.events import record_event
from disputes.choices import ClusterMark, DisputeState, EndGround, EventKind, Outcome
from disputes.models import Dispute

STATE_FIELDS = ["state", "state_on", "closed_on", "outcome", "end_ground", "referred_to"]
STATE_FIELDS += ["merged_into", "cluster_mark", "version"]


def lock_dispute(dispute_id: int) -> Dispute:
    """The dispute with its row locked until the transaction ends, as it stands then.

    First the lock, then the row with its type and village: asked for at once, PostgreSQL finds no row at all when
    whoever held the lock has meanwhile given the dispute another type or village.
    """
    Dispute.objects.select_for_update().values_list("pk").get(pk=dispute_id)
    return Dispute.objects.select_related("case_type", "division").get(pk=dispute_id)


def lock_disputes(*keys: int) -> dict[int, Dispute]:
    """Several, locked in the order of their keys, so that two people with the same two wait for each other."""
    return {key: lock_dispute(key) for key in sorted(set(keys))}


def move_state(
    dispute: Dispute,
    verb: str,
    *,
    on: date,
    reason: str = "",
    end_ground: str = "",
    referred_to: str = "",
    merged_into: Dispute | None = None,
) -> None:
    """Move a locked dispute by `verb`, save it and mark the months whose figures change.

    Raises Refused when the verb does not fit the state, the day is impossible or a reason is missing.
    Writes neither event nor audit: the verb that calls it does, in its own words.
    """
    move = workflow.TRANSITIONS[verb]
    if dispute.state not in move.sources:
        message, hint = workflow.why_not(verb, dispute.state)
        raise Refused(message, hint=hint)
    if move.reason_required and not reason.strip():
        raise Refused("请写明理由。", field="reason")
    limits.check_day(on, today=today(), after=dispute.state_on)
    touched = {on, dispute.closed_on or on}
    dispute.state, dispute.state_on = move.target, on
    if move.target != DisputeState.ARCHIVED:
        dispute.outcome = move.target if move.target in Outcome.values else ""
        dispute.closed_on = on if dispute.outcome else None
        dispute.end_ground, dispute.referred_to, dispute.merged_into = end_ground, referred_to, merged_into
    if move.target == DisputeState.FAILED:
        dispute.cluster_mark = ClusterMark.DUE  # how often these people's mediation failed is counted anew
    dispute.version += 1
    dispute.save(update_fields=STATE_FIELDS)
    for day in sorted({day.replace(day=1) for day in touched}):
        mark_dirty(town_code=dispute.town_code, on=day)


@transaction.atomic
def end_dispute(
    *, dispute_id: int, ground: str, reason: str, by: User, on: date, recorded_at: datetime | None = None
) -> Dispute:
    """End a dispute before anybody mediated it: refused, withdrawn, settled, unreachable.

    A mediation that runs is ended there, so that its own record says how. Effects: state, event, audit.
    """
    dispute = lock_dispute(dispute_id)
    require(by, "disputes.end", dispute)
    if dispute.state == DisputeState.MEDIATING:
        raise Refused("这件已经在调解，不能直接终止。", hint="请在调解里写明结果。")
    if ground not in EndGround.values:
        raise Refused("请选择终止事由。", field="ground")
    move_state(dispute, "end", on=on, reason=reason, end_ground=ground)
    text = f"终止：{EndGround(ground).label}"
    record_event(dispute, EventKind.ENDED, on=on, by=by, text=text, detail=reason, recorded_at=recorded_at)
    audit.record(
        "dispute.end",
        by=by,
        subject=dispute,
        division_code=dispute.town_code,
        detail={"code": dispute.code, "ground": ground, "on": on.isoformat()},
    )
    return dispute

"""Striking out an activity that was noted by mistake: it stays to be seen, and counts nowhere."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.models import User
from core.privacy import mask_text
from liaison.actions.activities import check_version, given
from liaison.actions.meetings import let_go
from liaison.models import Activity, MediaReport, Meeting, PublicityEvent, Training

Row = TypeVar("Row", bound=Activity)
MINE = "活动由本镇（街）联络人员作废。"


@transaction.atomic
def void_meeting(
    *, meeting_id: int, reason: str, by: User, version: int | None = None, recorded_at: datetime | None = None
) -> Meeting:
    """It was not held, or noted twice. Its open decisions are nobody's to do any more; effects else as `_strike`."""
    meeting = _locked(Meeting, meeting_id)
    require(by, "liaison.record_meeting", meeting.point, message=MINE)
    reason, when = _struck(meeting, reason, by=by, version=version, recorded_at=recorded_at)
    undone = meeting.decisions.filter(done_on=None, withdrawn_at=None).select_related("owner__user")
    for decision in undone:
        decision.meeting = meeting
        let_go(decision, by=by, why="所在的会议记录已经作废，不用再办。", recorded_at=when)
    audit.record(
        "point.void_meeting",
        by=by,
        subject=meeting,
        division_code=meeting.town_code,
        detail={"held_on": meeting.held_on.isoformat(), "reason": mask_text(reason), "decisions": len(undone)},
    )
    return meeting


@transaction.atomic
def void_training(
    *, training_id: int, reason: str, by: User, version: int | None = None, recorded_at: datetime | None = None
) -> Training:
    """Strike out a training. Raises Refused without a reason, Conflict when it was voided or changed meanwhile."""
    row = _locked(Training, training_id)
    facts = {"held_on": row.held_on.isoformat()}
    return _void(row, "point.void_training", facts, reason, by=by, version=version, recorded_at=recorded_at)


@transaction.atomic
def void_publicity(
    *, event_id: int, reason: str, by: User, version: int | None = None, recorded_at: datetime | None = None
) -> PublicityEvent:
    """Strike out an event. Raises as `void_training`."""
    row = _locked(PublicityEvent, event_id)
    facts = {"kind": row.kind, "held_on": row.held_on.isoformat()}
    return _void(row, "point.void_publicity", facts, reason, by=by, version=version, recorded_at=recorded_at)


@transaction.atomic
def void_media(
    *, report_id: int, reason: str, by: User, version: int | None = None, recorded_at: datetime | None = None
) -> MediaReport:
    """Strike out what was noted as published. Raises as `void_training`."""
    row = _locked(MediaReport, report_id)
    facts = {"kind": row.kind, "published_on": row.published_on.isoformat()}
    return _void(row, "point.void_media", facts, reason, by=by, version=version, recorded_at=recorded_at)


def _locked(model: type[Row], pk: int) -> Row:
    rows: Any = model._default_manager.select_for_update(of=("self",)).select_related("point__town")
    found: Row = rows.get(pk=pk)
    return found


def _void(
    row: Row,
    act: str,
    facts: dict[str, str],
    reason: str,
    *,
    by: User,
    version: int | None,
    recorded_at: datetime | None,
) -> Row:
    """Strike out what is in one of the three books; audited as `act` with the facts and the reason."""
    require(by, "liaison.record_activity", row.point, message=MINE)
    reason, _ = _struck(row, reason, by=by, version=version, recorded_at=recorded_at)
    detail = facts | {"reason": mask_text(reason)}
    audit.record(act, by=by, subject=row, division_code=row.town_code, detail=detail)
    return row


def _struck(
    row: Activity, reason: str, *, by: User, version: int | None, recorded_at: datetime | None
) -> tuple[str, datetime]:
    """Void the row, one version on; the reason without blanks, and when."""
    check_version(row, version)
    row.void_reason = given(reason, "请写明为什么作废。", "reason")
    row.voided_by, row.voided_at = by, recorded_at or timezone.now()
    row.version += 1
    row.save(update_fields=["void_reason", "voided_by", "voided_at", "version"])
    return row.void_reason, row.voided_at

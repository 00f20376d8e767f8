"""What became of a shift: held, not held with the reason, a mark taken back. Only held shifts are use of the system."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.errors import Conflict, Refused
from core.models import User
from liaison.actions.duty import locked_shift
from liaison.actions.points import not_in_future
from liaison.models import DutyShift

REASON_LENGTH = 100


@transaction.atomic
def hold_shift(*, shift_id: int, by: User, recorded_at: datetime | None = None) -> DutyShift:
    """Note that the shift was held. Its day is true, `held_at` says when that was written: more than a week is 补录.

    Raises Refused before its day and after it was noted as missed; twice is a Conflict.
    """
    shift = locked_shift(shift_id)
    require(by, "liaison.hold_shift", shift, message="到岗由联络人员或值班人自己登记。")
    not_in_future(shift.on, "on")
    _check_not_marked(shift)
    shift.held_at, shift.held_by = recorded_at or timezone.now(), by
    shift.save(update_fields=["held_at", "held_by"])
    _audit("point.hold_shift", shift, by=by)
    return shift


@transaction.atomic
def miss_shift(*, shift_id: int, because: str, by: User, recorded_at: datetime | None = None) -> DutyShift:
    """Note that nobody came, and why. It counts nowhere. Raises Refused before its day and without a reason."""
    shift = locked_shift(shift_id)
    require(by, "liaison.keep_rota", shift.point, message="未到岗由本镇（街）联络人员登记。")
    not_in_future(shift.on, "because")
    if not because.strip():
        raise Refused("请写明没有到岗的原因。", hint="例如：临时到村里处理纠纷。", field="because")
    _check_not_marked(shift)
    shift.missed_at, shift.missed_by = recorded_at or timezone.now(), by
    shift.missed_because = because.strip()[:REASON_LENGTH]
    shift.save(update_fields=["missed_at", "missed_by", "missed_because"])
    _audit("point.miss_shift", shift, by=by, because=shift.missed_because)
    return shift


@transaction.atomic
def take_back_mark(*, shift_id: int, by: User) -> DutyShift:
    """A mark that was wrong is taken back; the trail keeps it. Raises Refused when there is none."""
    shift = locked_shift(shift_id)
    require(by, "liaison.keep_rota", shift.point, message="登记错了的，由本镇（街）联络人员撤回。")
    if not shift.is_marked:
        raise Refused("这一班还没有登记，不用撤回。")
    marked_at = shift.held_at or shift.missed_at
    assert marked_at is not None
    was = "held" if shift.held_at else "missed"
    shift.held_at = shift.held_by = shift.missed_at = shift.missed_by = None
    shift.missed_because = ""
    shift.save(update_fields=["held_at", "held_by", "missed_at", "missed_by", "missed_because"])
    audit.record(
        "point.take_back_mark",
        by=by,
        subject=shift,
        division_code=shift.point.town_code,
        detail={
            "on": shift.on.isoformat(),
            "staff": str(shift.staff_id),
            "was": was,
            "marked_on": timezone.localdate(marked_at).isoformat(),
        },
    )
    return shift


def _check_not_marked(shift: DutyShift) -> None:
    if shift.held_at:
        raise Conflict(f"没有保存：{shift.held_by}已经登记到岗。", hint="不用再记一次；记错了的，先撤回登记。")
    if shift.missed_at:
        raise Conflict(f"没有保存：{shift.missed_by}已经登记未到岗。", hint="记错了的，先撤回登记。")


def _audit(action: str, shift: DutyShift, *, by: User, because: str = "") -> None:
    detail = {"on": shift.on.isoformat(), "hours": shift.hours, "staff": str(shift.staff_id)}
    if because:
        detail["because"] = because
    audit.record(action, by=by, subject=shift, division_code=shift.point.town_code, detail=detail)

"""The duty rota: who keeps the point open on a day, and that they did."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.errors import Conflict, Refused
from core.models import User
from core.queries import said
from liaison.actions.points import locked_point, not_in_future
from liaison.models import DutyShift
from roster.models import TeamMembership


@transaction.atomic
def schedule_shift(
    *, point_id: int, on: date, staff_id: UUID, by: User, recorded_at: datetime | None = None
) -> DutyShift:
    """Put a member of the team on duty for a day.

    Raises Refused when the person is not in the team on that day, Conflict when they are on duty already.
    """
    point = locked_point(point_id)
    require(by, "liaison.keep_rota", point, message="值班由本镇（街）联络人员排。")
    if not TeamMembership.objects.filter(staff_id=staff_id, town_code=point.town_code).on(on).exists():
        raise Refused(
            f"这个人{said(on)}不在本联络点的队伍里，不能排班。", hint="先在名册里写明任职，再排班。", field="staff"
        )
    shift, created = DutyShift.objects.get_or_create(
        point=point, on=on, staff_id=staff_id, defaults={"recorded_at": recorded_at or timezone.now()}
    )
    if not created:
        raise Conflict(f"没有保存：{shift.staff}{said(on)}已经排了班。", hint="换一天，或者换一个人。")
    audit.record(
        "point.schedule_shift",
        by=by,
        subject=shift,
        division_code=point.town_code,
        detail={"on": on.isoformat(), "staff": str(staff_id)},
    )
    return shift


@transaction.atomic
def cancel_shift(*, shift_id: int, by: User) -> None:
    """Take a shift that was not held off the rota. Raises Refused when it was held."""
    shift = DutyShift.objects.select_for_update(of=("self",)).select_related("point").get(pk=shift_id)
    require(by, "liaison.keep_rota", shift.point)
    if shift.held_at:
        raise Refused("这一班已经到岗，不能取消。", hint="记错了请找管理员。")
    audit_detail = {"on": shift.on.isoformat(), "staff": str(shift.staff_id), "shift": shift.pk}
    point = shift.point
    shift.delete()
    audit.record("point.cancel_shift", by=by, subject=point, division_code=point.town_code, detail=audit_detail)


@transaction.atomic
def hold_shift(*, shift_id: int, by: User, recorded_at: datetime | None = None) -> DutyShift:
    """Note that the shift was held: the use of the duty system. Raises Refused before its day; twice is a Conflict."""
    shift = (
        DutyShift.objects.select_for_update(of=("self",)).select_related("point", "staff", "held_by").get(pk=shift_id)
    )
    require(by, "liaison.hold_shift", shift, message="到岗由联络人员或值班人自己登记。")
    not_in_future(shift.on, "on")
    if shift.held_at:
        raise Conflict(f"没有保存：{shift.held_by}已经登记到岗。", hint="不用再记一次。")
    shift.held_at, shift.held_by = recorded_at or timezone.now(), by
    shift.save(update_fields=["held_at", "held_by"])
    audit.record(
        "point.hold_shift",
        by=by,
        subject=shift,
        division_code=shift.point.town_code,
        detail={"on": shift.on.isoformat(), "staff": str(shift.staff_id)},
    )
    return shift

"""A whole month put on the rota as it was previewed; shifts of people away handed to who stands in."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.errors import Conflict, Refused
from core.models import User
from core.queries import said
from liaison import queries
from liaison.actions.duty import WHO_KEEPS, give_to, locked_shift, nobody_in_two_places, tell
from liaison.actions.points import locked_point
from liaison.models import DutyShift, LiaisonPoint
from liaison.rota import Plan, Wish
from roster.models import Staff

DAYS_TOLD = 8


@transaction.atomic
def generate_rota(
    *,
    point_id: int,
    wish: Wish,
    staff_ids: Collection[UUID],
    by: User,
    digest: str = "",
    recorded_at: datetime | None = None,
) -> list[DutyShift]:
    """Put the fair plan for `wish` on the rota; who has an account is told their days.

    `digest` is that of the plan that was looked at: Conflict when the books have changed so that another one comes out.
    Raises Refused for days that are over and when there is nothing to plan.
    """
    point = locked_point(point_id)
    require(by, "liaison.keep_rota", point, message=WHO_KEEPS)
    now = recorded_at or timezone.now()
    if wish.first < timezone.localdate(now):
        raise Refused("过去的日子不能整月排。", hint="漏排的请一班一班补。", field="month")
    plan = queries.plan_for(point, wish, staff_ids)
    if digest and digest != plan.digest:
        raise Conflict("没有保存：您看过预览以后，值班、任职或不在岗有了变化。", hint="请再看一遍新的预览。")
    if not plan.shifts:
        raise Refused("没有要排的日子：工作日都有人了，或者没有人能排。", field="staff")
    with nobody_in_two_places():
        rows = [
            DutyShift(point=point, on=pick.day, hours=pick.hours, staff_id=pick.key, recorded_at=now)
            for pick in plan.shifts
            if pick.key
        ]
        made = DutyShift.objects.bulk_create(rows)
    _tell_everybody(point, plan)
    audit.record(
        "point.generate_rota",
        by=by,
        subject=point,
        division_code=point.town_code,
        detail={"first": wish.first.isoformat(), "last": wish.last.isoformat(), "shifts": len(made)},
    )
    return made


def _tell_everybody(point: LiaisonPoint, plan: Plan) -> None:
    days: dict[UUID, list[date]] = defaultdict(list)
    for pick in plan.shifts:
        if pick.key:
            days[pick.key].append(pick.day)
    for staff in Staff.objects.filter(pk__in=days, user__is_active=True).select_related("user"):
        own = sorted(set(days[staff.pk]))
        shown = queries.days_said(own[:DAYS_TOLD]) + ("等" if len(own) > DAYS_TOLD else "")
        tell(staff, f"{point}排了班，您有 {len(own)} 天：{shown}。", point)


@transaction.atomic
def hand_to_stand_ins(*, point_id: int, first: date, last: date, by: User) -> Sequence[DutyShift]:
    """Hand the shifts of people away between two days to who stands in for them, however long the chain.

    Those without anybody to stand in stay as they are. Raises Refused when there is nothing to hand over.
    """
    point = locked_point(point_id)
    require(by, "liaison.keep_rota", point, message=WHO_KEEPS)
    found = queries.hand_overs(point, queries.shifts_between(point, first, last))
    handed = []
    for each in found:
        if each.to:
            shift = locked_shift(each.shift.pk)
            give_to(shift, each.to.key, by=by)
            handed.append(shift)
    if found and not handed:
        raise Refused(
            f"{said(found[0].shift.on)}等 {len(found)} 班的代班人没有写明，或者自己也不能值班。",
            hint="请一班一班改派。",
        )
    if not handed:
        raise Refused("没有要交的班：这些天值班的人都在岗。")
    return handed

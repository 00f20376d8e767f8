"""The duty rota: who keeps the point open on a day; shifts put on, taken off, given to another, swapped."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.notifications import notify
from core.errors import Conflict, Refused
from core.models import User
from core.queries import said
from liaison.actions.points import locked_point
from liaison.choices import Hours
from liaison.models import DutyShift, LiaisonPoint
from liaison.rota import halves
from roster.models import Absence, Staff, TeamMembership

WHO_KEEPS = "值班由本镇（街）联络人员排。"
SEEN_FIRST = "看一眼值班表，再排一次。"


@transaction.atomic
def schedule_shift(
    *,
    point_id: int,
    on: date,
    staff_id: UUID,
    by: User,
    hours: str = Hours.WHOLE,
    recorded_at: datetime | None = None,
) -> DutyShift:
    """Put a member of the team on duty for a day or half of it.

    Raises Refused when the person is not in the team that day, is away, or stands at another point; Conflict when they
    are on this rota already.
    """
    point = locked_point(point_id)
    require(by, "liaison.keep_rota", point, message=WHO_KEEPS)
    check_can_stand(point, staff_id, on, hours, field="staff")
    with nobody_in_two_places(field="staff"):
        shift = DutyShift.objects.create(
            point=point, on=on, hours=hours, staff_id=staff_id, recorded_at=recorded_at or timezone.now()
        )
    _audit("point.schedule_shift", shift, by=by)
    return shift


@transaction.atomic
def cancel_shift(*, shift_id: int, by: User) -> None:
    """Take a shift off the rota. Raises Refused when it was held or noted as missed."""
    shift = locked_shift(shift_id)
    require(by, "liaison.keep_rota", shift.point, message=WHO_KEEPS)
    _check_unmarked(shift, "取消")
    on, hours, staff, number, point = shift.on, shift.hours, shift.staff, shift.pk, shift.point
    shift.delete()
    tell(staff, f"{said(on)}{point}的班取消了，您不用值班。", point)
    audit.record(
        "point.cancel_shift",
        by=by,
        subject=point,
        division_code=point.town_code,
        detail={"on": on.isoformat(), "hours": hours, "staff": str(staff.pk), "shift": number},
    )


@transaction.atomic
def reassign_shift(*, shift_id: int, staff_id: UUID, by: User) -> DutyShift:
    """Give a shift to another member of the team; both are told.

    Raises Refused when it was held or missed, stays with the same person, or that person cannot stand.
    """
    shift = locked_shift(shift_id)
    require(by, "liaison.keep_rota", shift.point, message=WHO_KEEPS)
    _check_unmarked(shift, "改派")
    if shift.staff_id == staff_id:
        raise Refused(f"这一班本来就是{shift.staff}的。", hint="请另选一人。", field="staff")
    give_to(shift, staff_id, by=by)
    return shift


def give_to(shift: DutyShift, staff_id: UUID, *, by: User) -> None:
    """Put another person on a locked, unmarked shift; audited, both told. Raises Refused when they cannot stand."""
    check_can_stand(shift.point, staff_id, shift.on, shift.hours, field="staff", instead_of=[shift.pk])
    before = shift.staff
    shift.staff = Staff.objects.select_related("user").get(pk=staff_id)
    with nobody_in_two_places(field="staff"):
        shift.save(update_fields=["staff"])
    day = said(shift.on)
    tell(before, f"{day}{shift.point}的班改由{shift.staff}值，您不用值班。", shift.point)
    tell(shift.staff, f"{day}{shift.get_hours_display()}{shift.point}的班改由您值（原来是{before}）。", shift.point)
    _audit("point.reassign_shift", shift, by=by, was=before)


@transaction.atomic
def swap_shifts(*, shift_id: int, other_id: int, by: User) -> tuple[DutyShift, DutyShift]:
    """Two people of one rota change shifts; both are told.

    Raises Refused for a shift with itself or with one of the same person, for the same part of the same day, for marked
    shifts, and when either cannot stand on the other's day.
    """
    shift = locked_shift(shift_id)
    require(by, "liaison.keep_rota", shift.point, message=WHO_KEEPS)
    other = _locked_other(shift, other_id)
    _check_worth_swapping(shift, other)
    both = [shift.pk, other.pk]
    for mine, theirs in ((shift, other), (other, shift)):
        check_can_stand(mine.point, theirs.staff_id, mine.on, mine.hours, field="other", instead_of=both)
    first, second = shift.staff, other.staff
    shift.staff, other.staff = second, first
    with nobody_in_two_places(field="other"):
        shift.save(update_fields=["staff"])
        other.save(update_fields=["staff"])
    for each, before in ((shift, first), (other, second)):
        day = f"{said(each.on)}{each.get_hours_display()}"
        tell(each.staff, f"换班了：{day}{each.point}由您值（原来是{before}）。", each.point)
    audit.record(
        "point.swap_shifts",
        by=by,
        subject=shift,
        division_code=shift.point.town_code,
        detail={
            "on": shift.on.isoformat(),
            "staff": str(second.pk),
            "other_on": other.on.isoformat(),
            "other_staff": str(first.pk),
        },
    )
    return shift, other


def _locked_other(shift: DutyShift, other_id: int) -> DutyShift:
    if other_id == shift.pk:
        raise Refused("不能和自己换班。", hint="请另选一班。", field="other")
    rows = DutyShift.objects.select_for_update(of=("self",)).select_related("point__town", "staff__user")
    other = rows.filter(pk=other_id, point_id=shift.point_id).first()
    if other is None:
        raise Refused("没有这一班，可能刚刚取消。", hint=SEEN_FIRST, field="other")
    return other


def _check_worth_swapping(shift: DutyShift, other: DutyShift) -> None:
    for each in (shift, other):
        if each.is_marked:
            raise Refused(f"{said(each.on)}{each.staff}的班已经登记过到岗情况，不能换。", field="other")
    if shift.staff_id == other.staff_id:
        raise Refused(f"两班都是{shift.staff}的，不能和自己换班。", hint="请另选一班。", field="other")
    if shift.on != other.on:
        return
    if shift.hours == other.hours:
        raise Refused("同一天同一个时段，换了也一样。", hint="请另选一天。", field="other")
    if Hours.WHOLE in (shift.hours, other.hours):
        raise Refused("同一天的全天班和半天班不能对换。", hint="请分别改派。", field="other")


# ── what every change of the rota needs ──────────────────────────────────────
def locked_shift(shift_id: int) -> DutyShift:
    """The shift with its point and people, locked until commit."""
    rows = DutyShift.objects.select_for_update(of=("self",))
    return rows.select_related("point__town", "staff__user", "held_by", "missed_by").get(pk=shift_id)


def _check_unmarked(shift: DutyShift, verb: str) -> None:
    if shift.held_at:
        raise Refused(f"这一班已经到岗，不能{verb}。", hint="到岗记错了的，先撤回登记。")
    if shift.missed_at:
        raise Refused(f"这一班已经记为未到岗，不能{verb}。", hint="记错了的，先撤回登记。")


def check_can_stand(
    point: LiaisonPoint, staff_id: UUID, on: date, hours: str, *, field: str, instead_of: Collection[int] = ()
) -> None:
    """Raise Refused unless the person is in the town's team that day, not away, and free in these hours.

    `instead_of`: shifts that are given up by the same act.
    """
    day = said(on)
    term = TeamMembership.objects.filter(staff_id=staff_id, town_code=point.town_code).on(on)
    if not term.exists():
        name = Staff.objects.filter(pk=staff_id).first() or "这个人"
        raise Refused(f"{name}{day}不在本联络点的队伍里，不能排班。", hint="先在名册里写明任职，再排班。", field=field)
    away = Absence.objects.on(on).filter(staff_id=staff_id).select_related("staff").first()
    if away:
        raise Refused(f"{away.staff}{day}不在岗（到{said(away.to_on)}），不能排班。", hint="请另选一人。", field=field)
    same_day = DutyShift.objects.filter(staff_id=staff_id, on=on).exclude(pk__in=instead_of).select_related("staff")
    for met in same_day:
        if halves(met.hours) & halves(hours):
            _refuse_double(met, point, field)


def _refuse_double(met: DutyShift, point: LiaisonPoint, field: str) -> None:
    day = f"{said(met.on)}{met.get_hours_display()}"
    if met.point_id == point.pk:
        raise Conflict(f"没有保存：{met.staff}{day}已经排了班。", hint="换一天，或者换一个人。", field=field)
    raise Refused(f"{met.staff}{day}在另一个联络点值班，不能同时在两处。", hint="换一天，或者换一个人。", field=field)


@contextmanager
def nobody_in_two_places(*, field: str | None = None) -> Iterator[None]:
    """Turns the database's refusal of a second shift at the same time, written meanwhile, into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict("没有保存：同一时间刚刚给这个人排了别的班。", hint=SEEN_FIRST, field=field) from error


def tell(staff: Staff, text: str, point: LiaisonPoint) -> None:
    """Leave the person a message, if they have an account in use."""
    if staff.user and staff.user.is_active:
        notify(recipient=staff.user, text=text, url=point.get_absolute_url())


def _audit(action: str, shift: DutyShift, *, by: User, was: Staff | None = None) -> None:
    detail = {"on": shift.on.isoformat(), "hours": shift.hours, "staff": str(shift.staff_id)}
    if was:
        detail["was"] = str(was.pk)
    audit.record(action, by=by, subject=shift, division_code=shift.point.town_code, detail=detail)

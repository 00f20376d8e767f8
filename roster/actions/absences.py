"""Days away: noted with who stands in, called off or cut short."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.errors import Conflict, Refused
from core.models import User
from core.queries import said
from roster.actions.staff import open_seats
from roster.models import Absence, Staff
from roster.queries import days_away
from roster.rules import may_stand_in

WHO_NOTES = "不在岗由管理员、司法局、本镇（街）联络人员登记，法官和法官助理的由立案人员登记。"
REASON_LENGTH, LONGEST_DAYS = 100, 366
ONE_DAY = timedelta(days=1)


@transaction.atomic
def add_absence(
    *, staff_id: UUID, from_on: date, to_on: date, reason: str, by: User, substitute_id: UUID | None = None
) -> Absence:
    """Note that a person is away from `from_on` to `to_on`, both included; days to come are welcome.

    Raises Refused for days in the wrong order or too many, days that meet another absence, a person without a seat,
    a substitute who is the person, is away too, or holds no fitting seat.
    """
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)
    seats = open_seats(staff)
    require(by, "roster.note_absence", seats, message=WHO_NOTES)
    _check_days(from_on, to_on)
    if not reason.strip():
        raise Refused("请写明事由。", hint="例如：年休假、培训、病假。", field="reason")
    if not seats:
        raise Refused(f"{staff}现在没有岗位，不用登记不在岗。", hint="先登记任职。")
    began = staff.memberships.order_by("since").values_list("since", flat=True).first()
    if began and from_on < began:
        raise Refused(f"{staff}从{said(began)}起才任职，之前的不用登记。", hint="请核对日期。", field="from_on")
    met = staff.absences.meeting(from_on, to_on).order_by("from_on").first()
    if met:
        raise Refused(
            f"{staff}{days_away(met)}已经登记过不在岗，两次不能重叠。",
            hint="请改日期，或先取消那一次。",
            field="from_on",
        )
    substitute = _substitute(staff, seats, substitute_id, from_on, to_on)
    absence = Absence.objects.create(
        staff=staff,
        from_on=from_on,
        to_on=to_on,
        substitute=substitute,
        reason=reason.strip()[:REASON_LENGTH],
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    _audit("staff.absence", absence, by=by)
    return absence


@transaction.atomic
def cancel_absence(*, absence_id: int, by: User) -> Absence:
    """Call an absence off; one that has begun ends yesterday, for the person is back today. The days that were stay.

    One that is over was written down by mistake: it is struck out. Raises Conflict when it was called off already.
    """
    staff_id = Absence.objects.values_list("staff_id", flat=True).get(pk=absence_id)
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)
    require(by, "roster.note_absence", open_seats(staff), message=WHO_NOTES)
    absence = Absence.objects.select_for_update(of=("self",)).get(pk=absence_id)
    today = timezone.localdate()
    if absence.cancelled_at:
        raise Conflict("没有保存：这一次已经取消。", hint="不用再取消。")
    if absence.from_on < today <= absence.to_on:
        absence.to_on = today - ONE_DAY
    else:
        absence.cancelled_at = timezone.now()
    absence.save(update_fields=["to_on", "cancelled_at"])
    _audit("staff.absence_off", absence, by=by)
    return absence


def _check_days(from_on: date, to_on: date) -> None:
    if to_on < from_on:
        raise Refused("结束日不能早于开始日。", hint="请核对日期。", field="to_on")
    if (to_on - from_on).days >= LONGEST_DAYS:
        raise Refused("一次最多记一年。", hint="更久的，请登记离任。", field="to_on")


def _substitute(
    staff: Staff, seats: list[tuple[str, str]], substitute_id: UUID | None, from_on: date, to_on: date
) -> Staff | None:
    """Who stands in: for a court seat somebody of the court, else somebody of the town's side in one of the towns."""
    if substitute_id is None:
        return None
    if substitute_id == staff.pk:
        raise Refused("代班人不能是本人。", field="substitute")
    substitute = Staff.objects.filter(pk=substitute_id).first()
    theirs = open_seats(substitute) if substitute else []
    if substitute is None or not may_stand_in(seats, theirs):
        raise Refused(
            "代班人要在同一个镇（街）有岗位；法官、法官助理只由法院的人代，也只代法院的人。",
            hint="请另选一人。",
            field="substitute",
        )
    if substitute.absences.meeting(from_on, to_on).exists():
        raise Refused(f"{substitute}这几天自己也不在岗。", hint="请另选一人。", field="substitute")
    return substitute


def _audit(action: str, absence: Absence, *, by: User) -> None:
    detail = {
        "staff": str(absence.staff_id),
        "from": absence.from_on.isoformat(),
        "to": absence.to_on.isoformat(),
        "substitute": str(absence.substitute_id or ""),
    }
    audit.record(action, by=by, subject=absence, detail=detail)

"""Terms of office: started and ended."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.actions import audit
from core.errors import Conflict, NotAllowed, Refused
from core.models import User
from core.queries import said
from roster.actions.scopes import sync_scopes
from roster.choices import TeamRole
from roster.models import Staff, TeamMembership
from roster.queries import open_work
from roster.rules import COURT_SEATS, can_import, may_fill_seat, serves_only_others
from roster.seat_roles import goes_on_as

LEAVE, STRIKE_OUT = "离任", "作废"
ACTS = {LEAVE: "登记离任", STRIKE_OUT: "作废这个任职"}


class WorkLeft(Refused):
    """Somebody whose seat goes has open deadlines in the town; `count` says how many."""

    def __init__(self, term: TeamMembership, count: int, *, act: str) -> None:
        super().__init__(
            f"{term.staff}在这个镇（街）还有 {count} 项期限没有了结，暂不能{act}。",
            hint=f"先把这些事移交给接手的人，再来{ACTS[act]}。",
        )
        self.count = count


@transaction.atomic
def start_term(
    *,
    staff_id: UUID,
    town_code: str,
    role: str,
    since: date,
    by: User,
    mediator_kind: str = "",
    recorded_at: datetime | None = None,
) -> TeamMembership:
    """Give a person a seat in a town's team from `since` on; their account sees the town from now on.

    Raises Refused for a day in the future, a kind on a seat that has none, a seat the person holds already, a seat of
    the court for who holds one of a town (and the other way round), or who serves only towns that are not the user's.
    """
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)
    require_seat(by, role, town_code)
    recorded_at = recorded_at or timezone.now()
    _not_after(since, recorded_at, "since", "任职起始日")
    if mediator_kind and role != TeamRole.MEDIATOR:
        raise Refused("只有调解人员才分来源。", hint="请把来源空着。", field="mediator_kind")
    _not_seated(staff, town_code, role, since)
    _not_on_both_sides(staff, role)
    _not_only_others(staff, by)
    term = TeamMembership.objects.create(
        staff=staff,
        town_id=town_code,
        town_code=town_code,
        role=role,
        mediator_kind=mediator_kind,
        since=since,
        recorded_at=recorded_at,
    )
    sync_scopes([staff.pk], by=by)
    audit.record(
        "membership.start",
        by=by,
        subject=term,
        division_code=town_code,
        detail={"staff": str(staff.pk), "role": role, "since": since.isoformat()},
    )
    return term


@transaction.atomic
def end_term(*, membership_id: int, until: date, by: User, recorded_at: datetime | None = None) -> TeamMembership:
    """End a term with `until` as its last day; when that is over, the account sees the town no more.

    Raises Refused for a day before the term or in the future, and while the person has open deadlines
    in the town and no other seat there; Conflict when the term was ended already.
    """
    term = locked_term(membership_id)
    require_seat(by, term.role, term.town_code)
    recorded_at = recorded_at or timezone.now()
    if term.until:
        raise Conflict(f"没有保存：{term.staff}的这个任职已经在{said(term.until)}结束。", hint="不用再记一次。")
    _not_after(until, recorded_at, "until", "离任日")
    if until < term.since:
        raise Refused(f"离任日不能早于任职起始日{said(term.since)}。", hint="请核对日期。", field="until")
    nothing_left_open(term, act=LEAVE)
    term.until, term.ended_recorded_at = until, recorded_at
    term.save(update_fields=["until", "ended_recorded_at"])
    sync_scopes([term.staff_id], by=by)
    audit.record(
        "membership.end",
        by=by,
        subject=term,
        division_code=term.town_code,
        detail={"staff": str(term.staff_id), "role": term.role, "until": until.isoformat()},
    )
    return term


def locked_term(membership_id: int) -> TeamMembership:
    """The term with its person and town, locked. Raises Conflict when somebody struck it out meanwhile."""
    rows = TeamMembership.objects.select_for_update(of=("self",)).select_related("staff", "town")
    term = rows.filter(pk=membership_id).first()
    if term is None:
        raise Conflict("没有保存：这个任职刚被别人作废了。", hint="请刷新再看。")
    return term


def require_seat(by: User, role: str, town_code: str) -> None:
    """Raises NotAllowed unless the user may fill this seat."""
    if not (by.is_active and may_fill_seat(by, role, town_code)):
        raise NotAllowed("您不能登记这个岗位。联络人员只管本镇（街），立案人员只管法官和法官助理。")


def _not_after(day: date, recorded_at: datetime, field: str, word: str) -> None:
    today = timezone.localtime(recorded_at).date()
    if day > today:
        raise Refused(f"{word}不能晚于今天（{said(today)}）。", hint="到那一天再登记。", field=field)


def _not_seated(staff: Staff, town_code: str, role: str, since: date) -> None:
    here = staff.memberships.filter(town_code=town_code, role=role)
    label = TeamRole(role).label
    if here.filter(until=None).exists():
        raise Refused(f"{staff}在这个镇（街）已经是{label}。", hint="不用再登记。", field="role")
    last = here.filter(until__gte=since).order_by("-until").first()
    if last and last.until:
        raise Refused(
            f"{staff}上一次任{label}到{said(last.until)}为止，两次不能重叠。", hint="请改任职起始日。", field="since"
        )


def _not_on_both_sides(staff: Staff, role: str) -> None:
    """Who mediates for a town is no judge of it, nor the other way round; a slip here would change their account."""
    open_roles = staff.memberships.filter(until=None).order_by("pk").values_list("role", flat=True)
    other = next((held for held in open_roles if (held in COURT_SEATS) != (role in COURT_SEATS)), None)
    if other:
        raise Refused(
            f"{staff}现在是{TeamRole(other).label}，不能同时是{TeamRole(role).label}。",
            hint="请核对岗位；真的换了工作的，先登记原来的岗位离任。",
            field="role",
        )


def _not_only_others(staff: Staff, by: User) -> None:
    """Who mediates for other towns alone is not taken in by the officer of one; which towns is not theirs to know."""
    held = list(staff.memberships.filter(until=None).values_list("role", "town_code"))
    if serves_only_others(held, lambda town: can_import(by, town)):
        raise Refused(
            f"{staff}现在在别的镇（街）任职。", hint="请那边先登记离任，或者请管理员、司法局登记。", field="role"
        )


def work_left(term: TeamMembership, *, reopened: TeamMembership | None = None) -> int:
    """Open deadlines of the town that would be left without anybody if the term ended now (DESIGN §6), and `reopened`
    went on in its place."""
    goes_on = reopened is not None and goes_on_as(reopened.role, term.role)
    if not term.staff.user_id or goes_on or _keeps_a_seat(term):
        return 0
    return open_work([term.staff_id]).get((term.staff_id, term.town_code), 0)


def nothing_left_open(term: TeamMembership, *, act: str, reopened: TeamMembership | None = None) -> None:
    """Open deadlines need a successor first. Raises WorkLeft, which says what cannot be done."""
    if left := work_left(term, reopened=reopened):
        raise WorkLeft(term, left, act=act)


def _keeps_a_seat(term: TeamMembership) -> bool:
    """Whether another seat in the town lets the person go on with the work of this one."""
    others = TeamMembership.objects.filter(staff_id=term.staff_id, town_code=term.town_code, until=None)
    roles = others.exclude(pk=term.pk).values_list("role", flat=True)
    return any(goes_on_as(role, term.role) for role in roles)

"""The duty rota of a point: a week, a month, who is there now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.calendar import ONE_DAY, RestCalendar, add_months, days_between
from core.clock_face import WEEKDAYS
from core.models import User
from core.queries import rest_calendar
from liaison.choices import HALVES, Hours
from liaison.models import DutyShift, LiaisonPoint
from liaison.queries.points import point_for
from liaison.rota import halves, missing_halves
from roster.models import Absence, TeamMembership

WEEK = 7
SATURDAY = 5
NOBODY = "没有人"


@dataclass(frozen=True)
class RotaDay:
    """One day of the rota. `gap` says which part of a working day still to come has nobody, else it is empty."""

    day: date
    is_rest: bool
    shifts: tuple[DutyShift, ...]
    gap: str

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.weekday()]

    @property
    def is_made_up(self) -> bool:
        """A weekend day that is worked (调休上班)."""
        return not self.is_rest and self.day.weekday() >= SATURDAY

    @property
    def is_holiday(self) -> bool:
        """A weekday that is free."""
        return self.is_rest and self.day.weekday() < SATURDAY

    @property
    def by_halves(self) -> bool:
        """Whether morning and afternoon have to be told apart."""
        return any(not shift.is_whole for shift in self.shifts)

    @property
    def parts(self) -> list[tuple[Hours, list[DutyShift]]]:
        """Morning and afternoon with who stands there; a whole day stands in both."""
        return [(half, [shift for shift in self.shifts if half in halves(shift.hours)]) for half in HALVES]


@dataclass(frozen=True)
class Month:
    """A month of the rota, whole weeks not filled up."""

    first: date
    days: list[RotaDay]
    is_published: bool

    @property
    def last(self) -> date:
        return self.days[-1].day

    @property
    def before(self) -> date:
        return add_months(self.first, -1)

    @property
    def after(self) -> date:
        return add_months(self.first, 1)

    @property
    def gaps(self) -> list[RotaDay]:
        return [day for day in self.days if day.gap]

    @property
    def shifts(self) -> list[DutyShift]:
        return [shift for day in self.days for shift in day.shifts]

    def tally(self, today: date) -> list[tuple[str, int]]:
        """How many shifts there are, by what became of them."""
        shifts = self.shifts
        found = [
            ("排班", len(shifts)),
            ("已到岗", sum(shift.held_at is not None for shift in shifts)),
            ("其中补录", sum(shift.held_late for shift in shifts)),
            ("未到岗", sum(shift.missed_at is not None for shift in shifts)),
            ("还没有登记", sum(not shift.is_marked and shift.on < today for shift in shifts)),
        ]
        return [row for row in found if row[1] or row[0] == "排班"]


@dataclass(frozen=True)
class DutyNow:
    """What anybody may be told: names of who keeps the point open at this moment, its telephone, a sentence."""

    names: tuple[str, ...]
    phone: str
    words: str

    @property
    def is_open(self) -> bool:
        return bool(self.names)


def shift_for(user: User, town_code: str, shift_id: int) -> DutyShift:
    point = point_for(user, town_code)
    found = get_object_or_404(shifts_of(point), pk=shift_id)
    found.point = point
    return found


def shifts_of(point: LiaisonPoint) -> QuerySet[DutyShift]:
    """The shifts of a point, each with its people and whether the person on duty is away that day (`is_away`)."""
    away = Absence.objects.filter(
        staff=OuterRef("staff"), cancelled_at=None, from_on__lte=OuterRef("on"), to_on__gte=OuterRef("on")
    )
    people = ("staff", "held_by", "missed_by")
    return DutyShift.objects.filter(point=point).select_related(*people).annotate(is_away=Exists(away))


def rota(point: LiaisonPoint, first: date, *, today: date, days: int = WEEK) -> list[RotaDay]:
    """The rota from `first` on, in three queries."""
    return _days(point, [first + timedelta(days=n) for n in range(days)], today)[0]


def week_and_today(point: LiaisonPoint, first: date, *, today: date) -> tuple[list[RotaDay], RotaDay]:
    """The week that begins on `first`, and today's row wherever that lies; three queries."""
    week = [first + timedelta(days=n) for n in range(WEEK)]
    rows, _ = _days(point, [*week, today], today)
    return rows[:WEEK], rows[WEEK]


def month(point: LiaisonPoint, first: date, *, today: date) -> Month:
    """The month that begins on `first`, in three queries."""
    days, calendar = _days(point, list(days_between(first, add_months(first, 1) - ONE_DAY)), today)
    return Month(first, days, calendar.is_published(first))


def _days(point: LiaisonPoint, days: Sequence[date], today: date) -> tuple[list[RotaDay], RestCalendar]:
    calendar = rest_calendar(min(days), max(days))
    by_day: dict[date, list[DutyShift]] = defaultdict(list)
    for shift in shifts_of(point).filter(on__in=days):
        shift.point = point
        by_day[shift.on].append(shift)
    found = []
    for day in days:
        shifts = tuple(sorted(by_day[day], key=lambda shift: (shift.hours == Hours.AFTERNOON, shift.pk)))
        is_rest = calendar.is_rest(day)
        found.append(RotaDay(day, is_rest, shifts, _gap(shifts) if day >= today and not is_rest else ""))
    return found, calendar


def _gap(shifts: Sequence[DutyShift]) -> str:
    missing = missing_halves([shift.hours for shift in shifts if shift.missed_at is None])
    if len(missing) == len(HALVES):
        return NOBODY
    return f"{missing[0].label}{NOBODY}" if missing else ""


def other_shifts(shift: DutyShift, today: date) -> list[DutyShift]:
    """What a shift can be swapped with: shifts of others, not yet marked, from this month or today on."""
    since = min(shift.on.replace(day=1), today)
    open_ones = shifts_of(shift.point).filter(held_at=None, missed_at=None, on__gte=since)
    others = open_ones.exclude(staff_id=shift.staff_id).exclude(on=shift.on, hours=shift.hours)
    return list(others.order_by("on", "id")[:120])


def team_choices(town_code: str, on: date) -> list[tuple[Any, str]]:
    """Who can be put on duty: the members of the team on that day, as choices of a form."""
    members = TeamMembership.objects.filter(town_code=town_code).on(on).select_related("staff")
    return [
        (member.staff_id, f"{member.staff.name}（{member.get_role_display()}）") for member in members.order_by("id")
    ]


# ── now ──────────────────────────────────────────────────────────────────────
def duty_now(point: LiaisonPoint, at: datetime | None = None) -> DutyNow:
    """Who keeps the point open at a moment (default: now); three queries."""
    local = timezone.localtime(at)
    return now_of(rota(point, local.date(), today=local.date(), days=1)[0], point.phone, local)


def now_of(day: RotaDay, phone: str, at: datetime) -> DutyNow:
    """The same from the day of a rota in hand. Who is away that day or was noted as missing is not named."""
    there = [shift for shift in day.shifts if shift.missed_at is None and not getattr(shift, "is_away", False)]
    half = _half_at(at)
    names = tuple(shift.staff.name for shift in there if half in halves(shift.hours)) if half else ()
    return DutyNow(names, phone, _words(day, there, half, names))


def _half_at(at: datetime) -> Hours | None:
    now = timezone.localtime(at).time()
    return next((half for half, (begins, ends) in duty_hours().items() if begins <= now < ends), None)


def _words(day: RotaDay, there: Sequence[DutyShift], half: Hours | None, names: Sequence[str]) -> str:
    if names:
        return "正在值班"
    if day.is_rest and not there:
        return "今天休息"
    return "现在没有人值班" if half else f"现在不在值班时间（{hours_said()}）"


def duty_hours() -> dict[Hours, Any]:
    """When each half of the day begins and ends."""
    return {Hours.MORNING: settings.DUTY_MORNING, Hours.AFTERNOON: settings.DUTY_AFTERNOON}


def hours_said() -> str:
    """上午 8:30—12:00，下午 14:30—17:30"""
    return "，".join(
        f"{half.label} {begins.hour}:{begins:%M}—{ends.hour}:{ends:%M}" for half, (begins, ends) in duty_hours().items()
    )


def days_said(days: Sequence[date]) -> str:
    """10月13日、10月15日: days of one sentence."""
    return "、".join(f"{day.month}月{day.day}日" for day in days)

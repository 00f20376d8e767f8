"""The duty rota of a point."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.shortcuts import get_object_or_404

from core.clock_face import WEEKDAYS
from core.models import User
from core.queries import rest_calendar
from liaison.models import DutyShift, LiaisonPoint
from liaison.queries.points import point_for
from roster.models import TeamMembership

WEEK = 7


@dataclass(frozen=True)
class RotaDay:
    """One day of the rota; `gap` when nobody is on duty on a working day that is still to come."""

    day: date
    is_rest: bool
    shifts: tuple[DutyShift, ...]
    gap: bool

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.weekday()]


def shift_for(user: User, town_code: str, shift_id: int) -> DutyShift:
    point = point_for(user, town_code)
    return get_object_or_404(DutyShift.objects.filter(point=point).select_related("point__town", "staff"), pk=shift_id)


def rota(point: LiaisonPoint, first: date, *, today: date, days: int = WEEK) -> list[RotaDay]:
    """The rota from `first` on, in three queries."""
    last = first + timedelta(days=days - 1)
    calendar = rest_calendar(first, last)
    by_day = defaultdict(list)
    shifts = DutyShift.objects.filter(point=point, on__range=(first, last)).select_related("staff", "held_by")
    for shift in shifts.order_by("on", "id"):
        shift.point = point
        by_day[shift.on].append(shift)
    return [
        RotaDay(day, rest := calendar.is_rest(day), tuple(by_day[day]), not by_day[day] and not rest and day >= today)
        for day in (first + timedelta(days=n) for n in range(days))
    ]


def team_choices(town_code: str, on: date) -> list[tuple[Any, str]]:
    """Who can be put on duty: the members of the team on that day, as choices of a form."""
    members = TeamMembership.objects.filter(town_code=town_code).on(on).select_related("staff")
    return [
        (member.staff_id, f"{member.staff.name}（{member.get_role_display()}）") for member in members.order_by("id")
    ]

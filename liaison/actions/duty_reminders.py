"""What the sweep tells about duty: one's shift on the next working day, and the holes of next week.

A message and the row that says it was sent are one transaction under a unique constraint: any number of sweeps tell
each thing once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.actions import reminders
from core.actions.notifications import notify
from core.calendar import ONE_DAY
from core.clock_face import WEEKDAYS, cn_date
from core.models import User
from core.queries import next_working_day, rest_calendar
from liaison.choices import DutyMessage, Hours
from liaison.models import DutyReminder, DutyShift, LiaisonPoint
from liaison.queries import days_said
from liaison.rota import WEEK, asks_about_next_week, missing_halves, working_days
from roster.choices import TeamRole
from roster.models import Absence, TeamMembership


def remind_of_duty(at: datetime) -> int:
    """Send what stands at `at`, in working hours (the sweep sees to that); returns how many messages went out."""
    today = timezone.localdate(at)
    return sum(_told(*message, at) for message in (*_shifts_ahead(today), *_gaps_ahead(today)))


def _told(kind: DutyMessage, point: LiaisonPoint, on: date, recipient: User, text: str, at: datetime) -> bool:
    with transaction.atomic():
        _, is_new = DutyReminder.objects.get_or_create(
            kind=kind, point=point, on=on, recipient=recipient, defaults={"created_at": at}
        )
        if is_new:
            notify(recipient=recipient, text=text, url=point.get_absolute_url(), recorded_at=at)
    return is_new


Message = tuple[DutyMessage, LiaisonPoint, date, User, str]


def _shifts_ahead(today: date) -> Iterator[Message]:
    """Shifts of tomorrow, before rest days all up to the next working day, that were not told yet."""
    until = next_working_day(today)
    rows = DutyShift.objects.filter(on__range=(today + ONE_DAY, until), missed_at=None, staff__user__is_active=True)
    told = set(
        DutyReminder.objects.filter(kind=DutyMessage.SHIFT, on__range=(today + ONE_DAY, until)).values_list(
            "point", "on", "recipient"
        )
    )
    away = _away(today + ONE_DAY, until)
    for shift in rows.select_related("point__town", "staff__user").order_by("on", "pk"):
        user = shift.staff.user
        assert user is not None
        if (shift.point_id, shift.on, user.pk) in told or (shift.staff_id, shift.on) in away:
            continue
        when = "明天" if shift.on == today + ONE_DAY else "下一班"
        hours = "" if shift.hours == Hours.WHOLE else shift.get_hours_display()
        day = f"{cn_date(shift.on, today)}，星期{WEEKDAYS[shift.on.weekday()]}"
        yield DutyMessage.SHIFT, shift.point, shift.on, user, f"{when}（{day}）{hours}您在{shift.point}值班。"


def _away(first: date, last: date) -> set[tuple[UUID, date]]:
    found: set[tuple[UUID, date]] = set()
    for absence in Absence.objects.meeting(first, last):
        day = max(first, absence.from_on)
        while day <= min(last, absence.to_on):
            found.add((absence.staff_id, day))
            day += ONE_DAY
    return found


def _gaps_ahead(today: date) -> Iterator[Message]:
    """For each officer the working days of next week on which their point has nobody; asked late in the week."""
    monday = today - timedelta(days=today.weekday()) + WEEK
    calendar = rest_calendar(today, monday + WEEK)
    if not asks_about_next_week(calendar, today):
        return
    days = working_days(calendar, monday, monday + WEEK - ONE_DAY)
    told = set(DutyReminder.objects.filter(kind=DutyMessage.GAP, on=monday).values_list("point", "recipient"))
    officers = [(point, user) for point, user in _officers(today) if days and (point.pk, user.pk) not in told]
    holes = _holes({point.pk for point, _ in officers}, days)
    for point, user in officers:
        if missing := holes[point.pk]:
            text = f"下周{point}有 {len(missing)} 个工作日没有排满人：{days_said(missing)}。请排班。"
            yield DutyMessage.GAP, point, monday, user, text


def _officers(today: date) -> list[tuple[LiaisonPoint, User]]:
    points = {point.town_code: point for point in LiaisonPoint.objects.select_related("town")}
    terms = TeamMembership.objects.on(today).filter(role=TeamRole.LIAISON_OFFICER, staff__user__is_active=True)
    rows = terms.filter(town_code__in=points).select_related("staff__user").order_by("town_code", "pk")
    return [(points[term.town_code], term.staff.user) for term in rows if term.staff.user]


def _holes(points: Collection[int], days: Collection[date]) -> dict[int, list[date]]:
    covered: dict[tuple[int, date], list[str]] = defaultdict(list)
    shifts = DutyShift.objects.filter(point__in=points, on__in=days, missed_at=None)
    for point, day, hours in shifts.values_list("point_id", "on", "hours"):
        covered[point, day].append(hours)
    return {point: [day for day in days if missing_halves(covered[point, day])] for point in points}


reminders.also_send(remind_of_duty)

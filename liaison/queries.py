"""Reads of liaison: what points stand for on a day, for one town or all, and the parts of a point's page."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.choices import CASE_ROLES, Level, Role
from core.clock_face import WEEKDAYS
from core.models import Division, StoredFile, User
from core.queries import rest_calendar
from core.scope import within_any
from liaison.models import DutyShift, LiaisonPoint, Meeting, StandardCheck, StandardItem, WorkingSystem
from liaison.standard import Check, Evidence, Facts, PointStatus, Span, Term, Text, point_status
from roster.choices import TeamRole
from roster.models import TeamMembership
from roster.team_standard import TeamStanding, standing

ONE_DAY = timedelta(days=1)
OFFICER = TeamRole.LIAISON_OFFICER
WEEK = 7


@dataclass(frozen=True)
class TownStatus:
    """A town, what its point had on the day (without a point row all but the officer is missing), and its team."""

    code: str
    name: str
    point_id: int | None
    status: PointStatus
    team: TeamStanding


@dataclass(frozen=True)
class Seat:
    """One term of office in a team."""

    role: str
    staff_id: Any
    name: str
    span: Span


def towns() -> QuerySet[Division]:
    """The 镇（街） that must have a point: 罗平农场 and the like are no towns."""
    return Division.objects.filter(level=Level.TOWN, is_statistical_only=False)


@dataclass(frozen=True)
class Books:
    """All that is written about the points of some towns up to a day, read once and asked for any day until then."""

    towns: Sequence[tuple[str, str, int | None]]
    facts: dict[str, Facts]
    seats: dict[str, list[Seat]]

    def on(self, day: date, known_on: date | None = None) -> dict[str, TownStatus]:
        """Every town's point and team on `day`, as known on `known_on` (default: now), by code."""
        late_after = settings.LATE_ENTRY_DAYS
        return {
            code: TownStatus(
                code,
                name,
                point,
                point_status(self.facts[code], on=day, known_on=known_on, late_after=late_after),
                _team(self.seats[code], day, known_on),
            )
            for code, name, point in self.towns
        }


def _team(seats: Iterable[Seat], day: date, known_on: date | None) -> TeamStanding:
    """The team's standing; a person counts once a role, however many terms overlap."""
    spans = ((seat, seat.span.as_known_on(known_on) if known_on else seat.span) for seat in seats)
    return standing(
        role for role, _ in {(seat.role, seat.staff_id) for seat, span in spans if span and span.holds_on(day)}
    )


def books(until: date, codes: Collection[str] | None = None) -> Books:
    """The books of the towns inside the divisions `codes` (default: all), in five queries however many towns."""
    inside = towns() if codes is None else towns().filter(within_any("code", tuple(codes)))
    rows = list(inside.order_by("code").values_list("code", "name", "liaison_point__id"))
    seats = _seats([code for code, _, _ in rows], until)
    return Books(rows, _facts(seats, {point: code for code, _, point in rows if point}, until), seats)


def statuses(
    on: date, known_on: date | None = None, town_codes: Collection[str] | None = None
) -> dict[str, TownStatus]:
    """Every town's point on `on`, as known on `known_on`; by code, in five queries however many towns."""
    return books(on, town_codes).on(on, known_on)


def _facts(seats: dict[str, list[Seat]], town_of: dict[int, str], on: date) -> dict[str, Facts]:
    """Everything written about the points; `seats` has an entry for each town."""
    items, checks, systems = defaultdict(list), defaultdict(list), defaultdict(list)
    for point, evidence in _evidence(town_of, on):
        items[town_of[point]].append(evidence)
    for point, check in _checks(town_of, on):
        checks[town_of[point]].append(check)
    for point, text in _texts(town_of, on):
        systems[town_of[point]].append(text)
    officers = {code: [Term(s.name, s.span) for s in held if s.role == OFFICER] for code, held in seats.items()}
    return {code: Facts(items[code], checks[code], systems[code], officers[code]) for code in seats}


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _span(since: date, until: date | None, recorded_at: datetime, until_recorded_at: datetime | None) -> Span:
    return Span(since, until, timezone.localdate(recorded_at), _day(until_recorded_at))


def _evidence(points: Iterable[int], on: date) -> Iterable[tuple[int, Evidence]]:
    rows = StandardItem.objects.filter(point_id__in=points, met_on__lte=on).values_list(
        "point_id", "item", "id", "note", "met_on", "ended_on", "recorded_at", "ended_recorded_at"
    )
    for point, item, pk, note, since, until, recorded_at, ended_recorded_at in rows:
        yield point, Evidence(item, _span(since, until, recorded_at, ended_recorded_at), pk, note)


def _checks(points: Iterable[int], on: date) -> Iterable[tuple[int, Check]]:
    rows = StandardCheck.objects.filter(point_id__in=points, checked_on__lte=on).values_list(
        "point_id", "item", "level", "checked_on", "checked_at", "checked_by__name", "checked_by__unit"
    )
    for point, item, level, checked_on, checked_at, name, unit in rows:
        yield (
            point,
            Check(item, level, checked_on, timezone.localdate(checked_at), " ".join(filter(None, (unit, name)))),
        )


def _texts(points: Iterable[int], on: date) -> Iterable[tuple[int, Text]]:
    rows = WorkingSystem.objects.filter(point_id__in=points, adopted_on__lte=on).values_list(
        "point_id", "kind", "id", "adopted_on", "ended_on", "recorded_at", "ended_recorded_at"
    )
    for point, kind, pk, since, until, recorded_at, ended_recorded_at in rows:
        yield point, Text(kind, _span(since, until, recorded_at, ended_recorded_at), pk)


def _seats(codes: list[str], on: date) -> dict[str, list[Seat]]:
    """Terms of office by town; a membership's last day still counts, so its span ends the day after."""
    found: dict[str, list[Seat]] = {code: [] for code in codes}
    rows = TeamMembership.objects.filter(town_code__in=codes, since__lte=on).values_list(
        "town_code", "role", "staff_id", "staff__name", "since", "until", "recorded_at", "ended_recorded_at"
    )
    for code, role, staff, name, since, until, recorded_at, ended_recorded_at in rows:
        span = _span(since, until + ONE_DAY if until else None, recorded_at, ended_recorded_at)
        found[code].append(Seat(role, staff, name, span))
    return found


# ── what a user may see ──────────────────────────────────────────────────────
def visible_towns(user: User) -> QuerySet[Division]:
    """The towns whose points `user` may see, opened or not."""
    if user.role == Role.ADMIN:
        return towns()
    return towns().filter(within_any("code", user.scope_codes)) if user.role in CASE_ROLES else towns().none()


def town_for(user: User, town_code: str) -> Division:
    """One of the visible towns with its point at `.liaison_point`, if it has one; 404 outside."""
    return get_object_or_404(visible_towns(user).select_related("liaison_point"), code=town_code)


def point_for(user: User, town_code: str) -> LiaisonPoint:
    """The opened point of a visible town; 404 outside or when none was opened."""
    return get_object_or_404(LiaisonPoint.objects.visible_to(user).select_related("town"), town_code=town_code)


def item_for(user: User, town_code: str, item_id: int) -> StandardItem:
    point = point_for(user, town_code)
    return get_object_or_404(StandardItem.objects.filter(point=point).select_related("point__town"), pk=item_id)


def shift_for(user: User, town_code: str, shift_id: int) -> DutyShift:
    point = point_for(user, town_code)
    return get_object_or_404(DutyShift.objects.filter(point=point).select_related("point__town", "staff"), pk=shift_id)


# ── one point ────────────────────────────────────────────────────────────────
def status_of(town: Division, on: date) -> PointStatus:
    """The point of one town loaded by `town_for`, in four queries."""
    point = getattr(town, "liaison_point", None)
    facts = _facts(_seats([town.code], on), {point.pk: town.code} if point else {}, on)
    return point_status(facts[town.code], on=on, late_after=settings.LATE_ENTRY_DAYS)


def evidence_files(status: PointStatus) -> dict[int, list[StoredFile]]:
    """The photos and papers behind the items in force, by item id."""
    found: dict[int, list[StoredFile]] = defaultdict(list)
    ids = [item.evidence_id for item in status.items if item.evidence_id]
    through = StandardItem.evidence.through.objects.filter(standarditem_id__in=ids)
    for row in through.select_related("storedfile").order_by("storedfile__uploaded_at", "storedfile__name"):
        found[row.standarditem_id].append(row.storedfile)
    return found


def open_item(point: LiaisonPoint, item: str) -> StandardItem | None:
    """The report of the office or plaque that is in force today."""
    return StandardItem.objects.filter(point=point, item=item, ended_on=None).first()


def texts_of(point: LiaisonPoint, kind: str) -> QuerySet[WorkingSystem]:
    """Every version of one system's text, newest first."""
    return WorkingSystem.objects.filter(point=point, kind=kind).select_related("recorded_by")


def recent_meetings(point: LiaisonPoint, on: date, count: int = 3) -> list[Meeting]:
    return list(Meeting.objects.filter(point=point, held_on__lte=on)[:count])


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

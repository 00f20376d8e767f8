"""What points stood for on a day, for one town or all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from core.choices import Level
from core.models import Division
from core.scope import within_any
from liaison.models import StandardCheck, StandardItem, WorkingSystem
from liaison.standard import Check, Evidence, Facts, PointStatus, Span, Term, Text, point_status
from roster.choices import TeamRole
from roster.queries import terms_in_the_books
from roster.team_standard import TeamStanding, standing

ONE_DAY = timedelta(days=1)
OFFICER = TeamRole.LIAISON_OFFICER


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
    spans = ((seat, seat.span.known(known_on)) for seat in seats)
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
    for code, role, staff, name, since, until, *recorded, written_at, gone in terms_in_the_books(codes, on):
        span = _span(since, until + ONE_DAY if until else None, *recorded)
        span = replace(span, voided_on=gone, first_recorded_on=timezone.localdate(written_at))
        found[code].append(Seat(role, staff, name, span))
    return found


def status_of(town: Division, on: date) -> PointStatus:
    """The point of one town loaded by `town_for`, in four queries."""
    point = getattr(town, "liaison_point", None)
    facts = _facts(_seats([town.code], on), {point.pk: town.code} if point else {}, on)
    return point_status(facts[town.code], on=on, late_after=settings.LATE_ENTRY_DAYS)

"""What a plan of duty is made from, and who stands in for people away."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from core.queries import rest_calendar
from liaison.choices import Hours
from liaison.models import DutyShift, LiaisonPoint
from liaison.queries.duty import shifts_of
from liaison.rota import LOOK_BACK, Member, Plan, Stand, Wish, halves, plan_month, stand_in
from roster.choices import TeamRole
from roster.models import Absence, TeamMembership
from roster.models.people import MembershipQuerySet

USUAL_ROLES = frozenset({TeamRole.LIAISON_OFFICER, TeamRole.MEDIATOR})


@dataclass(frozen=True)
class Candidate:
    """One person of the team in some days, for the choice of who takes part."""

    key: UUID
    name: str
    seat: str
    is_usual: bool


@dataclass(frozen=True)
class HandOver:
    """A shift of somebody away, and who stands in (None: the chain ends)."""

    shift: DutyShift
    to: Member | None


def candidates(point: LiaisonPoint, first: date, last: date) -> list[Candidate]:
    """Who of the team serves in these days: the town's own people usually take part, the court's are asked for."""
    found: dict[UUID, Candidate] = {}
    for term in _terms(point, first, last).order_by("staff__name_initials", "staff_id", "pk"):
        usual = term.role in USUAL_ROLES
        if usual or term.staff_id not in found:
            found[term.staff_id] = Candidate(term.staff_id, term.staff.name, term.seat, usual)
    return list(found.values())


def _terms(point: LiaisonPoint, first: date, last: date) -> MembershipQuerySet:
    """Terms of the town that share a day with `first` to `last`."""
    meeting = Q(until=None) | Q(until__gte=first)
    return TeamMembership.objects.filter(meeting, town_code=point.town_code, since__lte=last).select_related("staff")


def plan_for(point: LiaisonPoint, wish: Wish, staff_ids: Collection[UUID]) -> Plan:
    """The plan for these people, from the books as they stand; six queries."""
    since = wish.first - LOOK_BACK
    members = [member for member in members_of(point, since, wish.last) if member.key in set(staff_ids)]
    rows = DutyShift.objects.filter(point=point, on__range=(since, wish.last)).order_by("on", "id")
    stands = [
        Stand(day, Hours(hours), staff, missed_at is not None)
        for day, hours, staff, missed_at in rows.values_list("on", "hours", "staff_id", "missed_at")
    ]
    return plan_month(wish, members, stands, rest_calendar(wish.first, wish.last))


def members_of(point: LiaisonPoint, first: date, last: date) -> list[Member]:
    """The team with its terms, absences and shifts at other points in these days; three queries."""
    return _team(point, first, last)[0]


def _team(
    point: LiaisonPoint, first: date, last: date, also: Collection[UUID] = ()
) -> tuple[list[Member], list[Absence]]:
    """The team of these days, and its absences with those of the people `also`."""
    names: dict[UUID, str] = {}
    terms: dict[UUID, list[tuple[date, date | None]]] = defaultdict(list)
    away: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    busy: dict[UUID, set[tuple[date, Hours]]] = defaultdict(set)
    for term in _terms(point, first, last):
        names[term.staff_id] = term.staff.name
        terms[term.staff_id].append((term.since, term.until))
    absences = list(Absence.objects.meeting(first, last).filter(staff_id__in=[*names, *also]))
    for absence in absences:
        away[absence.staff_id].append((absence.from_on, absence.to_on))
    elsewhere = DutyShift.objects.filter(on__range=(first, last), staff_id__in=names).exclude(point=point)
    for staff, day, hours in elsewhere.values_list("staff_id", "on", "hours"):
        busy[staff] |= {(day, half) for half in halves(hours)}
    members = [
        Member(key, name, tuple(terms[key]), tuple(away[key]), frozenset(busy[key])) for key, name in names.items()
    ]
    return members, absences


def hand_overs(point: LiaisonPoint, shifts: Sequence[DutyShift]) -> list[HandOver]:
    """Of `shifts` (all of the point in some days) those of people away on their day and not yet marked, each with who
    stands in; three queries, none when nobody is away."""
    open_ones = [shift for shift in shifts if shift.is_away and not shift.is_marked]  # type: ignore[attr-defined]
    if not open_ones:
        return []
    first, last = min(shift.on for shift in shifts), max(shift.on for shift in shifts)
    team, absences = _team(point, first, last, [shift.staff_id for shift in open_ones])
    members = {member.key: member for member in team}
    taken = {(shift.staff_id, shift.on, half) for shift in shifts for half in halves(shift.hours)}
    found = []
    for shift in open_ones:
        key = _stand_in_of(shift, absences, members, taken)
        if key:
            taken |= {(key, shift.on, half) for half in halves(shift.hours)}
        found.append(HandOver(shift, members[key] if key else None))
    return found


def shifts_between(point: LiaisonPoint, first: date, last: date) -> list[DutyShift]:
    """All shifts of the point in these days, each with `is_away`; one query."""
    return list(shifts_of(point).filter(on__range=(first, last)).order_by("on", "id"))


def _stand_in_of(
    shift: DutyShift,
    absences: Sequence[Absence],
    members: dict[UUID, Member],
    taken: set[tuple[UUID, date, Hours]],
) -> UUID | None:
    substitutes = {each.staff_id: each.substitute_id for each in absences if each.from_on <= shift.on <= each.to_on}

    def can_stand(key: UUID) -> bool:
        member = members.get(key)
        if member is None or not member.serves(shift.on) or member.is_busy(shift.on, shift.hours):
            return False
        return not any((key, shift.on, half) in taken for half in halves(shift.hours))

    return stand_in(shift.staff_id, substitutes, can_stand)

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
from roster.models import Absence, Staff, TeamMembership
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
    to: Staff | None


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
    names: dict[UUID, str] = {}
    terms: dict[UUID, list[tuple[date, date | None]]] = defaultdict(list)
    away: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    busy: dict[UUID, set[tuple[date, Hours]]] = defaultdict(set)
    for term in _terms(point, first, last):
        names[term.staff_id] = term.staff.name
        terms[term.staff_id].append((term.since, term.until))
    for absence in Absence.objects.meeting(first, last).filter(staff_id__in=names):
        away[absence.staff_id].append((absence.from_on, absence.to_on))
    elsewhere = DutyShift.objects.filter(on__range=(first, last), staff_id__in=names).exclude(point=point)
    for staff, day, hours in elsewhere.values_list("staff_id", "on", "hours"):
        busy[staff] |= {(day, half) for half in halves(hours)}
    return [Member(key, name, tuple(terms[key]), tuple(away[key]), frozenset(busy[key])) for key, name in names.items()]


def hand_overs(point: LiaisonPoint, first: date, last: date) -> list[HandOver]:
    """Shifts not yet marked of people who are away on their day, each with who stands in; one query when there are
    none, five else."""
    rows = shifts_of(point).filter(on__range=(first, last), held_at=None, missed_at=None)
    shifts = [shift for shift in rows.order_by("on", "id") if shift.is_away]  # type: ignore[attr-defined]
    if not shifts:
        return []
    members = {member.key: member for member in members_of(point, first, last)}
    taken = _taken(point, first, last)
    absences = list(Absence.objects.meeting(first, last).filter(staff_id__in=[*members, *_away_keys(shifts)]))
    found = []
    for shift in shifts:
        key = _stand_in_of(shift, absences, members, taken)
        if key:
            taken |= {(key, shift.on, half) for half in halves(shift.hours)}
        found.append((shift, key))
    people = Staff.objects.select_related("user").in_bulk([key for _, key in found if key])
    return [HandOver(shift, people.get(key) if key else None) for shift, key in found]


def _away_keys(shifts: Sequence[DutyShift]) -> list[UUID]:
    return [shift.staff_id for shift in shifts]


def _taken(point: LiaisonPoint, first: date, last: date) -> set[tuple[UUID, date, Hours]]:
    rows = DutyShift.objects.filter(point=point, on__range=(first, last)).values_list("staff_id", "on", "hours")
    return {(staff, day, half) for staff, day, hours in rows for half in halves(hours)}


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

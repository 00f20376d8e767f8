"""Who is away, until when, and who stands in."""

from datetime import date
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.shortcuts import get_object_or_404

from core.models import User
from core.queries import said
from roster.models import Absence, Staff, TeamMembership
from roster.rules import COURT_SEATS


def absences_of(staff: Staff) -> list[Absence]:
    """A person's absences, the latest first, those called off too; `substitute_stays`: whether who stands in has a seat
    until the last day of it and is not away on one of its days."""
    seats = TeamMembership.objects.filter(staff=OuterRef("substitute_id"))
    theirs = Absence.objects.filter(staff=OuterRef("substitute_id"), cancelled_at=None)
    is_seated = Exists(seats.filter(Q(until=None) | Q(until__gte=OuterRef("to_on"))))
    is_away = Exists(theirs.filter(from_on__lte=OuterRef("to_on"), to_on__gte=OuterRef("from_on")))
    stays = ExpressionWrapper(Q(is_seated) & ~Q(is_away), output_field=BooleanField())
    found = staff.absences.select_related("substitute", "recorded_by").annotate(substitute_stays=stays)
    return list(found.order_by("-from_on", "-pk"))


def left_without(user: User, absence: Absence) -> tuple[list[Absence], bool]:
    """Absences of others in which who is now away stood in, on some of the same days: those of people the user sees,
    and whether there are more."""
    theirs = Absence.objects.meeting(absence.from_on, absence.to_on).filter(substitute=absence.staff_id)
    seen = Exists(Staff.objects.visible_to(user).filter(pk=OuterRef("staff_id")))
    found = list(theirs.annotate(seen=seen).select_related("staff").order_by("from_on", "pk"))
    return [one for one in found if one.seen], not all(one.seen for one in found)


def absence_for(staff: Staff, absence_id: int) -> Absence:
    """One of the person's absences. Raises Http404."""
    return get_object_or_404(staff.absences.all(), pk=absence_id)


def away_in_town(town_code: str, on: date) -> dict[UUID, Absence]:
    """Who of the town's team is away on `on`, by person; one query."""
    seated = TeamMembership.objects.on(on).filter(town_code=town_code)
    away = Absence.objects.on(on).filter(staff__in=seated.values("staff_id")).select_related("substitute")
    return {absence.staff_id: absence for absence in away}


def away_words(town_code: str, on: date) -> dict[int, str]:
    """What to say beside an account of the town's team whose person is away on `on`, by account; one query."""
    seated = TeamMembership.objects.on(on).filter(town_code=town_code)
    away = Absence.objects.on(on).filter(staff__in=seated.values("staff_id"), staff__user__isnull=False)
    found = away.select_related("staff", "substitute")
    return {user: _away(absence) for absence in found if (user := absence.staff.user_id)}


def days_away(absence: Absence) -> str:
    """12月4日, 12月4日至12月6日"""
    first, last = absence.from_on, absence.to_on
    return said(first) if first == last else f"{said(first)}至{said(last)}"


def _away(absence: Absence) -> str:
    """（不在岗，到 9月25日，莫志芬代班）"""
    day, substitute = f"{absence.to_on.month}月{absence.to_on.day}日", absence.substitute
    return f"（不在岗，到 {day}{f'，{substitute}代班' if substitute else ''}）"


def substitute_choices(user: User, staff: Staff) -> list[tuple[str, str]]:
    """Who may stand in for a person, with their seats: the court's people for court seats, else the same towns' own."""
    held = staff.memberships.filter(until=None)
    if held.filter(role__in=COURT_SEATS).exists():
        fitting = Q(role__in=COURT_SEATS)
    else:
        fitting = Q(town_code__in=held.values("town_code")) & ~Q(role__in=COURT_SEATS)
    terms = TeamMembership.objects.filter(fitting, until=None, staff__in=Staff.objects.visible_to(user))
    rows = terms.exclude(staff=staff).select_related("staff", "town").order_by("staff__name_order", "staff_id")
    return list({str(row.staff_id): f"{row.staff}（{row.town}{row.seat}）" for row in rows}.items())

"""Whose last day in a town it is: in office until midnight, but given nothing new; and what somebody left behind."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Value, When

from core.queries import today
from roster.models import Staff, TeamMembership
from roster.queries.people import open_work
from roster.seat_roles import WEIGHT, goes_on_as

ACCOUNT_ROLE = Case(*[When(role=seat, then=Value(role.value)) for seat, role in WEIGHT])


def stays_in(town_code: str) -> Q:
    """A filter of accounts: their role in the town is theirs tomorrow too, or never came from a term; no query more."""
    terms = TeamMembership.objects.alias(account_role=ACCOUNT_ROLE).filter(
        staff__user=OuterRef("pk"), town_code=town_code, account_role=OuterRef("role")
    )
    goes_on = Q(until=None) | Q(until__gt=today())
    return ~Exists(terms.filter(until=today())) | Exists(terms.filter(goes_on))


def stayers_first(town_code: str) -> Any:
    """An order of accounts: whose last day it is comes after all others."""
    return Case(When(stays_in(town_code), then=Value(0)), default=Value(1))


def left_behind(staff: Staff) -> dict[int, int]:
    """Open deadlines that nobody goes on with since a term of the person ended, by term; terms come with the person.

    A town's are told at the last term there. One query where a term has ended, else none.
    """
    ended = [term for term in staff.memberships.all() if term.until]
    if not ended or not staff.user_id:
        return {}
    work, found = open_work([staff.pk]), {}
    for term in sorted(ended, key=lambda term: term.until or term.since):
        if not any(_goes_on(other, term) for other in staff.memberships.all()):
            found[term.town_code] = term.pk
    return {pk: work[staff.pk, town] for town, pk in found.items() if (staff.pk, town) in work}


def _goes_on(other: TeamMembership, term: TeamMembership) -> bool:
    return other.until is None and other.town_code == term.town_code and goes_on_as(other.role, term.role)

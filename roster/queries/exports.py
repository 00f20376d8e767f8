"""Who stands in a list that is taken out, in which order; and one's own lists."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, Value, When
from django.shortcuts import get_object_or_404

from core.access import require
from core.bulk import Among
from core.fields import EncryptedTextField
from core.models import User
from roster.annex.facts import FACTS, StaffFacts
from roster.annex.seats import Seat
from roster.choices import ExportList, MediatorKind, TeamRole
from roster.models import RosterExport, Staff, TeamMembership
from roster.rules import COURT_SEATS

BUREAU_KINDS = (MediatorKind.JUDICIAL_OFFICE, MediatorKind.VILLAGE_LAWYER)  # whom the justice bureau sends


def open_terms(what: str, town_code: str | None = None) -> QuerySet[TeamMembership]:
    """The open terms that a list is about: the court's, the justice bureau's, a town's, or all."""
    terms = TeamMembership.objects.filter(until=None)
    if what == ExportList.COURT:
        return terms.filter(role__in=COURT_SEATS)
    if what == ExportList.BUREAU:
        return terms.filter(mediator_kind__in=BUREAU_KINDS)
    return terms.filter(town_code=town_code) if town_code else terms


def listed_people(user: User, terms: QuerySet[TeamMembership]) -> QuerySet[Staff]:
    """The people with one of these terms whom the user may see, judges first, then by pinyin."""
    by_rank = Case(*[When(role=role, then=Value(place)) for place, role in enumerate(TeamRole.values)])
    rank = terms.filter(staff=OuterRef("pk")).annotate(rank=by_rank).order_by("rank").values("rank")[:1]
    found = Staff.objects.visible_to(user).filter(pk__in=terms.values("staff_id"))
    return found.annotate(rank=Subquery(rank)).order_by("rank", "name_order", "pk")


def unseated_people(user: User) -> QuerySet[Staff]:
    """Who stands in the roster without ever having had a seat (待定岗位), by pinyin."""
    return Staff.objects.unseated_for(user).order_by("name_order", "pk")


def facts_of_all(people: QuerySet[Staff], at_once: int) -> Iterator[tuple[UUID, StaffFacts]]:
    """Key and annex columns of each, in the order of the query, decrypted one after the other; so many are held."""
    openers = [_opener(name) for name in FACTS]
    for key, *cells in people.values_list("pk", *FACTS).iterator(chunk_size=at_once):
        text = str(key)
        yield key, StaffFacts(*[opened(cell, text) for opened, cell in zip(openers, cells, strict=True)])


def _opener(name: str) -> Callable[[Any, str], str]:
    field = Staff._meta.get_field(name)
    return field.opener() if isinstance(field, EncryptedTextField) else lambda cell, _: cell


def open_seats_of(people: Iterable[UUID]) -> dict[UUID, list[Seat]]:
    """The seats these people hold now, in the order of town and role; one query."""
    terms = TeamMembership.objects.filter(Among(F("staff_id"), list(people)), until=None)
    found: dict[UUID, list[Seat]] = {}
    for staff_id, *seat in terms.order_by("town_code", "role", "pk").values_list(
        "staff_id", "town_code", "role", "mediator_kind"
    ):
        found.setdefault(staff_id, []).append(Seat(*seat))
    return found


def town_headcounts() -> dict[str, int]:
    """How many people hold a seat in each town now, by code; one query."""
    terms = TeamMembership.objects.filter(until=None).values("town_code").order_by("town_code")
    return dict(terms.annotate(people=Count("staff_id", distinct=True)).values_list("town_code", "people"))


def export_for(user: User, export_id: UUID) -> RosterExport:
    """One of the user's own exports. Raises NotAllowed, Http404."""
    require(user, "roster.export")
    return get_object_or_404(RosterExport.objects.visible_to(user).select_related("town", "asked_by"), pk=export_id)


def recent_exports(user: User, limit: int = 8) -> list[RosterExport]:
    return list(RosterExport.objects.visible_to(user).select_related("town").order_by("-asked_at")[:limit])

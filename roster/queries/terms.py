"""Terms of office as the books have them, with those that were struck out later."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from core.models import User
from roster.models import Staff, TeamMembership, VoidedTerm
from roster.models.people import ONE_DAY, TermFacts, kept_by
from roster.rules import COURT_SEATS

COLUMNS = (
    "town_code",
    "role",
    "staff_id",
    "staff__name",
    "since",
    "until",
    "recorded_at",
    "ended_recorded_at",
    "written_at",
)


def first_written() -> dict[str, Any]:
    """To be read with terms, as `written_at`: since when the person's seat from that day on stands in the books; no
    query more.

    A copy struck out counts where one act struck it out and wrote the seat anew, again and again. After any gap the
    books had nobody there, and what is written then is new.
    """
    copies = VoidedTerm.objects.filter(
        recorded_at__lt=OuterRef("recorded_at"),
        **{name: OuterRef(name) for name in ("staff_id", "town_code", "role", "since")},
    )
    continued = Exists(copies.filter(voided_at=OuterRef("recorded_at")))
    begun = Subquery(copies.filter(~continued).order_by("-recorded_at").values("recorded_at")[:1])
    return {"written_at": Case(When(continued, then=begun), default=F("recorded_at"))}


def terms_in_the_books(town_codes: Collection[str], until: date) -> Iterable[tuple[Any, ...]]:
    """`COLUMNS` and the day a term was struck out (None: it stands), of all that began by `until`; one query."""
    asked = {"town_code__in": town_codes, "since__lte": until}
    written = first_written()
    standing = TeamMembership.objects.filter(**asked).annotate(**written, gone=Value(None, output_field=DateField()))
    voided = VoidedTerm.objects.filter(**asked).annotate(**written)
    return standing.values_list(*COLUMNS, "gone").union(voided.values_list(*COLUMNS, "voided_on"), all=True)


def with_voided(known_on: date | None, *, people: bool = False, **asked: Any) -> list[TermFacts]:
    """These terms, and those that still stood in the books on `known_on`, with their people or without; one query, two
    for a day's knowledge."""
    with_people = ("staff",) if people else (None,)
    written = first_written()
    terms = list(TeamMembership.objects.filter(**asked).annotate(**written).select_related(*with_people))
    if known_on is None:
        return [*terms]
    voided = VoidedTerm.objects.known_on(known_on).filter(**asked).annotate(**written)
    return [*terms, *voided.select_related(*with_people)]


def struck_out_in(staff_ids: Collection[UUID]) -> frozenset[tuple[UUID, str]]:
    """Person and town of every term of these people that was struck out; a query where there are any people."""
    found = VoidedTerm.objects.filter(staff_id__in=staff_ids) if staff_ids else VoidedTerm.objects.none()
    return frozenset(found.values_list("staff_id", "town_code"))


def voided_terms_of(user: User, staff: Staff) -> QuerySet[VoidedTerm]:
    """What was struck out of a person's terms, as far as the user may see such terms, latest first."""
    return staff.voided_terms.filter(kept_by(user)).select_related("town", "voided_by").order_by("-voided_at", "pk")


def replaced_by(term: TeamMembership) -> TeamMembership | None:
    """The term of the same person and town that gave way to this open one, if it can go on without it; two queries.

    The books do not name it: it ended the day before this one began. Of several, the one that was ended as this one was
    written down (a list replaces so), else the one whose end was written last.
    """
    if term.until:
        return None
    theirs = TeamMembership.objects.filter(staff=term.staff_id).exclude(pk=term.pk)
    before = theirs.filter(town_code=term.town_code, until=term.since - ONE_DAY).select_related("staff", "town")
    found = sorted(before, key=lambda one: (ended_for(one, term), one.ended_recorded_at or one.recorded_at, one.pk))
    earlier = found[-1] if found else None
    return earlier if earlier and _can_go_on(earlier, theirs.exclude(pk=earlier.pk)) else None


def ended_for(earlier: TermFacts, term: TermFacts) -> bool:
    """Whether one act ended the earlier term and began the other, as a list does."""
    return earlier.ended_recorded_at == term.recorded_at


def _can_go_on(earlier: TeamMembership, others: QuerySet[TeamMembership]) -> bool:
    """Whether no later term of the seat, and no open seat on the other side, stands against it."""
    same_seat = Q(town_code=earlier.town_code, role=earlier.role) & (Q(until=None) | Q(until__gt=earlier.until))
    court = Q(role__in=COURT_SEATS)
    other_side = Q(until=None) & (~court if earlier.role in COURT_SEATS else court)
    return not others.filter(same_seat | other_side).exists()

"""Terms of office as the books have them, with those that were struck out later."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import DateField, QuerySet, Value

from roster.models import Staff, TeamMembership, VoidedTerm
from roster.models.people import TermFacts

COLUMNS = (
    "town_code",
    "role",
    "staff_id",
    "staff__name",
    "since",
    "until",
    "recorded_at",
    "ended_recorded_at",
)


def terms_in_the_books(town_codes: Collection[str], until: date) -> Iterable[tuple[Any, ...]]:
    """`COLUMNS` and the day a term was struck out (None: it stands), of all that began by `until`; one query."""
    asked = {"town_code__in": town_codes, "since__lte": until}
    standing = TeamMembership.objects.filter(**asked).annotate(gone=Value(None, output_field=DateField()))
    voided = VoidedTerm.objects.filter(**asked)
    return standing.values_list(*COLUMNS, "gone").union(voided.values_list(*COLUMNS, "voided_on"), all=True)


def with_voided(rows: QuerySet[TeamMembership], known_on: date | None, **asked: Any) -> list[TermFacts]:
    """These terms, and those that still stood in the books on `known_on`; one query, two for a day's knowledge."""
    if known_on is None:
        return list(rows)
    return [*rows, *VoidedTerm.objects.known_on(known_on).filter(**asked).select_related("staff")]


def voided_terms_of(staff: Staff) -> QuerySet[VoidedTerm]:
    """What was struck out of a person's terms, latest first."""
    return staff.voided_terms.select_related("town", "voided_by").order_by("-voided_at", "pk")

"""Who has entered the court's mediation platform: the share of each town, the people behind it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from core.bulk import Among
from roster.models import Staff, TeamMembership
from roster.platform_entry import ENTERING, Entry, Share, share
from roster.queries.terms import with_voided


def entry_shares(town_codes: Collection[str], on: date, known_on: date | None = None) -> dict[str, Share]:
    """入驻率 of each town on `on`, by code; one query, three for a day's knowledge."""
    entries: dict[str, list[Entry]] = {code: [] for code in town_codes}
    seated = _seated(list(entries), on) if known_on is None else _seated_as_known(list(entries), on, known_on)
    for code, person, joined_on, recorded_at in seated:
        recorded_on = timezone.localdate(recorded_at) if recorded_at else None
        entries[code].append(Entry(person, joined_on, recorded_on))
    return {code: share(of_town, on, known_on) for code, of_town in entries.items()}


Seated = tuple[str, UUID, date | None, datetime | None]  # town, person, entry into the platform, when written down


def _seated(town_codes: list[str], on: date) -> Iterable[Seated]:
    rows = TeamMembership.objects.on(on).filter(town_code__in=town_codes, role__in=ENTERING)
    return rows.values_list("town_code", "staff_id", "staff__joined_platform_on", "staff__platform_recorded_at")


def _seated_as_known(town_codes: list[str], on: date, known_on: date) -> Iterator[Seated]:
    """Terms and ends written since, and terms struck out since, are as they were in the books."""
    terms = with_voided(known_on, town_code__in=town_codes, role__in=ENTERING, since__lte=on)
    held = [(term, span) for term in terms if (span := term.span.known(known_on)) and span.holds_on(on)]
    people = Staff.objects.filter(Among(F("pk"), list({term.staff_id for term, _ in held})))
    entries = {row[0]: row[1:] for row in people.values_list("pk", "joined_platform_on", "platform_recorded_at")}
    return ((term.town_code, term.staff_id, *entries[term.staff_id]) for term, _ in held)


def entering_people(town_code: str, on: date) -> list[TeamMembership]:
    """The terms of the people of a town who are to enter, each person once, those who have not first; one query."""
    rows = TeamMembership.objects.on(on).filter(town_code=town_code, role__in=ENTERING).select_related("staff")
    once = {row.staff_id: row for row in rows.order_by("-role", "staff__name_order", "pk")}
    return sorted(once.values(), key=lambda row: not _outside(row, on))


def _outside(row: TeamMembership, on: date) -> bool:
    return row.staff.joined_platform_on is None or row.staff.joined_platform_on > on


def known_organisations(town_code: str) -> QuerySet[Staff, str]:
    """The organisations under which people of the town are registered, to be proposed again."""
    found = Staff.objects.filter(memberships__town_code=town_code).exclude(platform_organisation="")
    return found.order_by("platform_organisation").values_list("platform_organisation", flat=True).distinct()

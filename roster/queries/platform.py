"""Who has entered the court's mediation platform: the share of each town, the people behind it."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from roster.models import Staff, TeamMembership
from roster.platform_entry import ENTERING, Entry, Share, share


def entry_shares(town_codes: Collection[str], on: date, known_on: date | None = None) -> dict[str, Share]:
    """入驻率 of each town on `on`, by code; one query."""
    entries: dict[str, list[Entry]] = {code: [] for code in town_codes}
    rows = TeamMembership.objects.on(on).filter(town_code__in=list(entries), role__in=ENTERING)
    columns = ("town_code", "staff_id", "staff__joined_platform_on", "staff__platform_recorded_at")
    for code, person, joined_on, recorded_at in rows.values_list(*columns):
        recorded_on = timezone.localdate(recorded_at) if recorded_at else None
        entries[code].append(Entry(person, joined_on, recorded_on))
    return {code: share(of_town, on, known_on) for code, of_town in entries.items()}


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

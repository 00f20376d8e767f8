"""Lists handed in: which unit, when first, when last."""

from collections.abc import Collection

from roster.models import RosterSubmission


def last_submission(town_code: str) -> RosterSubmission | None:
    """The latest list the town handed in."""
    return RosterSubmission.objects.filter(town_id=town_code).order_by("-handed_in_on").first()


def submissions(town_codes: Collection[str]) -> dict[str, RosterSubmission]:
    """The first list each town handed in (the plan's day is 30 March 2023), by code; one query."""
    rows = RosterSubmission.objects.filter(town_id__in=list(town_codes)).order_by("-handed_in_on")
    return {row.town_id: row for row in rows if row.town_id}

"""Counting the monthly tallies anew from the ledger; never adding to them.

Order inside one transaction: lock the tallies, read which dirty marks stand, count, write, delete exactly those
marks. A change that commits later leaves a mark of its own, and two counters of one bucket wait for each other.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from core.bulk import insert_all
from core.models import DirtyBucket
from disputes.models import Dispute
from liaison.queries import towns
from mediation.models import PerformanceItem
from reports.choices import Figure
from reports.models import MonthlyTally, VillageTally
from reports.periods import last_day, month_of, months_between
from reports.queries.ledger import monthly_counts
from reports.queries.villages import village_counts

COLUMNS = [figure.value for figure in Figure]


def recount_bucket(*, town_code: str, month: date) -> None:
    """Count one town's month anew."""
    recount(month=month, town_codes=[town_code])


@transaction.atomic
def recount(*, month: date, town_codes: Collection[str]) -> int:
    """Count the month of some towns anew and clear their dirty marks; returns how many marks were cleared."""
    month, codes, now = month_of(month), sorted(set(town_codes)), timezone.now()
    MonthlyTally.objects.bulk_create(
        [MonthlyTally(town_code=code, month=month, counted_at=now) for code in codes], ignore_conflicts=True
    )
    rows = list(MonthlyTally.objects.select_for_update().filter(month=month, town_code__in=codes).order_by("town_code"))
    marks = list(DirtyBucket.objects.filter(month=month, town_code__in=codes).values_list("pk", flat=True))
    counts = monthly_counts(codes, [(month, last_day(month))])
    for row in rows:
        counted = counts.get((row.town_code, month), {})
        row.counted_at = now
        for column in COLUMNS:
            setattr(row, column, counted.get(column, 0))
    MonthlyTally.objects.bulk_update(rows, [*COLUMNS, "counted_at"])
    _recount_villages(month, codes)
    cleared, _ = DirtyBucket.objects.filter(pk__in=marks).delete()
    return cleared


def _recount_villages(month: date, codes: Collection[str]) -> None:
    """The month's disputes by village and type, under the locks of the towns' tallies."""
    VillageTally.objects.filter(month=month, town_code__in=codes).delete()
    insert_all(
        VillageTally,
        (
            {"town_code": town, "village_id": village, "case_type_id": case_type, "month": month, "registered": count}
            for town, village, case_type, count in village_counts(codes, month, last_day(month))
        ),
    )


def refresh_dirty() -> int:
    """Count every marked bucket anew, a month at a time; returns how many buckets. Safe to run twice at once."""
    waiting: dict[date, set[str]] = defaultdict(set)
    for code, month in DirtyBucket.objects.values_list("town_code", "month").distinct():
        waiting[month].add(code)
    for month in sorted(waiting):
        recount(month=month, town_codes=waiting[month])
    return sum(len(codes) for codes in waiting.values())


def recount_all() -> int:
    """Count everything anew, from the first registered dispute to the last agreed day; returns how many months."""
    first = Dispute.objects.aggregate(day=Min("registered_on"))["day"]
    if first is None:
        refresh_dirty()
        return 0
    last = PerformanceItem.objects.aggregate(day=Max("due_on"))["day"] or first
    codes = list(towns().order_by("code").values_list("code", flat=True))
    months = list(months_between(first, max(last, timezone.localdate())))
    for month in months:
        recount(month=month, town_codes=codes)
    refresh_dirty()
    return len(months)

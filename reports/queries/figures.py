"""Figures of a stretch of days: whole months from the tallies, broken and dirty months straight from the ledger."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from core.models import DirtyBucket
from core.queries import today
from core.scope import within_any
from reports.choices import Figure
from reports.compliance import Share
from reports.models import MonthlyTally
from reports.periods import is_whole, last_day, months_between
from reports.queries.ledger import monthly_counts

Totals = Counter[str]


CHARTED = (Figure.REGISTERED, Figure.AGREED)


@dataclass(frozen=True)
class Figures:
    """The counts of a stretch of days: all of them by town, those of the chart by month."""

    first: date
    last: date
    by_town: dict[str, Totals]
    by_month: dict[date, Totals]

    @property
    def total(self) -> Totals:
        return sum(self.by_town.values(), Counter())

    def of(self, town_code: str) -> Totals:
        return self.by_town.get(town_code, Counter())

    def months(self) -> Iterator[tuple[date, Totals]]:
        """Every month of the stretch in order, empty ones too."""
        for month in months_between(self.first, self.last):
            yield month, self.by_month.get(month, Counter())


def figures(codes: Sequence[str], first: date, last: date) -> Figures:
    """All figures of the towns inside `codes` from `first` to `last`, both included; four queries.

    A month whose tallies wait to be counted anew is read from the ledger, so that a figure never differs from
    its list; so is the running month, whose last day is not over.
    """
    found = Figures(first, last, {}, {})
    months = list(months_between(first, last))
    marks = DirtyBucket.objects.filter(within_any("town_code", tuple(codes)), month__in=months)
    dirty = set(marks.values_list("month", flat=True))
    now = today()
    live = [month for month in months if month in dirty or not is_whole(month, first, last) or last_day(month) >= now]
    _add_tallies(found, codes, [month for month in months if month not in live])
    spans = [(max(month, first), min(last_day(month), last)) for month in live]
    for (town, month), counts in monthly_counts(codes, spans, running_day=now).items():
        found.by_town.setdefault(town, Counter()).update(counts)
        charted = {figure.value: counts.get(figure, 0) for figure in CHARTED}
        found.by_month.setdefault(month, Counter()).update(charted)
    return found


def tried(codes: Sequence[str], first: date, last: date) -> Totals:
    """How many were agreed and how many failed, as `figures` counts them; two queries.

    A month without tallies is read from the ledger, as one that waits to be counted anew is.
    """
    wanted, now = (Figure.AGREED, Figure.FAILED), today()
    months = list(months_between(first, last))
    whole = [month for month in months if is_whole(month, first, last) and last_day(month) < now]
    inside = within_any("town_code", tuple(codes))
    dirty = DirtyBucket.objects.filter(inside, month__in=whole).values("month")
    tallies = MonthlyTally.objects.filter(inside, month__in=whole).exclude(month__in=dirty).order_by()
    found: Totals = Counter()
    counted = set()
    for month, *counts in _sums(tallies, "month", wanted):
        counted.add(month)
        found.update(dict(zip(wanted, counts, strict=True)))
    spans = [(max(month, first), min(last_day(month), last)) for month in months if month not in counted]
    for bucket in monthly_counts(codes, spans, wanted, running_day=now).values():
        found.update(bucket)
    return found


def _add_tallies(found: Figures, codes: Sequence[str], months: list[date]) -> None:
    rows = MonthlyTally.objects.filter(within_any("town_code", tuple(codes)), month__in=months).order_by()
    for town, *counts in _sums(rows, "town_code", tuple(Figure)):
        found.by_town[town] = Counter(dict(zip(Figure.values, counts, strict=True)))
    for month, *counts in _sums(rows, "month", CHARTED):
        found.by_month[month] = Counter(dict(zip(CHARTED, counts, strict=True)))


def _sums(rows: QuerySet[MonthlyTally], by: str, columns: Sequence[Figure]) -> QuerySet[MonthlyTally, Any]:
    return rows.values_list(by).annotate(**{column.value: Sum(column.value) for column in columns})


# ── rates: the working definitions of LAW.md §9 ──────────────────────────────
def resolution(totals: Totals) -> Share:
    """化解率 = 达成协议 ÷（达成协议 + 调解不成）."""
    return Share(totals[Figure.AGREED], totals[Figure.AGREED] + totals[Figure.FAILED])


def decided(totals: Totals) -> int:
    return (
        totals[Figure.CONFIRMATIONS_CONFIRMED]
        + totals[Figure.CONFIRMATIONS_REJECTED]
        + totals[Figure.CONFIRMATIONS_WITHDRAWN]
    )


def confirmed_share(totals: Totals) -> Share:
    """确认率 = 裁定有效 ÷ 审结."""
    return Share(totals[Figure.CONFIRMATIONS_CONFIRMED], decided(totals))


def in_time_share(totals: Totals) -> Share:
    """按期率 = 没有超期的审结 ÷ 审结."""
    return Share(totals[Figure.CONFIRMATIONS_IN_TIME], decided(totals))


def performed_share(totals: Totals) -> Share:
    """按期履行率 = 到期且按期履行 ÷ 到期."""
    return Share(totals[Figure.PERFORMANCE_DONE], totals[Figure.PERFORMANCE_DUE])

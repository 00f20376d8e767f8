"""万人起诉率: court filings held against the population, from the figures that were entered with their source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.scope import within
from reports.compliance import Share
from reports.models import CourtFilingFigure
from reports.periods import is_whole, year_to

TEN_THOUSAND = Decimal(10_000)


@dataclass(frozen=True)
class Filings:
    """Filings of the whole months of a year up to a day."""

    share: Share
    rows: tuple[CourtFilingFigure, ...]

    @property
    def by_month(self) -> dict[date, int]:
        months: dict[date, int] = {}
        for row in self.rows:
            months[row.month] = months.get(row.month, 0) + row.filings
        return months

    @property
    def sources(self) -> str:
        return "、".join(sorted({row.source for row in self.rows}))


def filing_rows(codes: Sequence[str], on: date, known_on: date | None = None) -> QuerySet[CourtFilingFigure]:
    """Every entered figure of the divisions and what lies in them, of the year of `on`."""
    first, last = year_to(on)
    inside = Q(pk__in=[])
    for code in codes:
        inside |= within("division_id", code)
    known = Q()
    if known_on:
        known = Q(recorded_at__lte=timezone.make_aware(datetime.combine(known_on, time.max)))
    rows = CourtFilingFigure.objects.filter(inside, known, month__range=(first, last))
    return rows.select_related("division").order_by("month", "division_id")


def filings(codes: Sequence[str], on: date, known_on: date | None = None) -> Filings:
    """The filings of the divisions themselves where they were entered, else those of the towns inside; one query.

    Only whole months count. The population is the last one entered for each division; without one there is no rate.
    """
    first, last = year_to(on)
    rows = [row for row in filing_rows(codes, on, known_on) if is_whole(row.month, first, last)]
    own = [row for row in rows if row.division_id in codes]
    chosen = own or rows
    population: dict[str, int | None] = {}
    for row in chosen:
        population[row.division_id] = row.population or population.get(row.division_id) or row.division.population
    complete = all(population.values())
    people = sum(number or 0 for number in population.values()) if complete else 0
    return Filings(Share(sum(row.filings for row in chosen), people, TEN_THOUSAND), tuple(chosen))

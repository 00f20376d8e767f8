"""Where quarrels arise: places by month and by type, each figure with the list behind it. Read from the tallies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse

from core.calendar import add_months
from core.choices import Level
from core.models import Division, User
from core.scope import TOWN_CODE_LENGTH, covers, within_any
from disputes.choices import Outcome
from disputes.models import CaseType, Dispute
from reports.heat import count_level
from reports.models import VillageTally
from reports.periods import last_day, months_between

MONTHS = 12


def village_counts(codes: Iterable[str], first: date, last: date) -> Iterable[tuple[str, str, str, int]]:
    """Town, village, type and how many were registered in the days, straight from the ledger; one grouped query.

    What was merged into another dispute counts once, with the one that is kept, as the list behind a figure shows it.
    """
    rows = Dispute.objects.filter(town_code__in=list(codes), registered_on__range=(first, last)).order_by()
    rows = rows.exclude(outcome=Outcome.MERGED)
    return list(rows.values_list("town_code", "division_id", "case_type_id").annotate(Count("pk")))


@dataclass(frozen=True)
class Cell:
    count: int
    url: str
    level: int


@dataclass(frozen=True)
class Row:
    """A village, or a town where several are looked at: its months, its types, the whole."""

    code: str
    name: str
    months: list[Cell]
    types: list[Cell]
    total: Cell


@dataclass(frozen=True)
class Heat:
    """The page: what stands above the columns, the rows with the most first, their sums."""

    town: Division | None
    first: date
    last: date
    months: list[date]
    types: list[CaseType]
    rows: list[Row]
    by_month: list[Cell]
    by_type: list[Cell]
    total: Cell


def heat(user: User, *, town: str, case_type: str, last_month: date) -> Heat:
    """Twelve months up to one, of the villages of a town, or of the user's towns; five queries at most.

    Somebody who sees one town only sees its villages. A town outside the scope is no town.
    """
    chosen = _chosen(user, town)
    months = list(months_between(add_months(last_month, 1 - MONTHS), last_month))
    found = VillageTally.objects.filter(month__range=(months[0], months[-1])).order_by()
    found = found.filter(town_code=chosen) if chosen else found.filter(within_any("town_code", user.scope_codes))
    typed = found.filter(case_type=case_type) if case_type else found
    place = "village_id" if chosen else "town_code"
    sheet = _Sheet(
        town=Division.objects.filter(code=chosen).first() if chosen else None,
        case_type=case_type,
        months=months,
        by_month=_sums(typed.values_list(place, "month")),
        by_type=_sums(found.values_list(place, "case_type_id")),
    )
    places = Division.objects.filter(parent_id=chosen) if chosen else _towns(user)
    return sheet.laid_out(list(places.order_by("code")), list(CaseType.objects.all()))


def _chosen(user: User, town: str) -> str:
    if town:
        return town if covers(user.scope_codes, town) else ""
    only = user.scope_codes[0] if len(user.scope_codes) == 1 else ""
    return only[:TOWN_CODE_LENGTH] if len(only) >= TOWN_CODE_LENGTH else ""


def _towns(user: User) -> QuerySet[Division]:
    return Division.objects.filter(within_any("code", user.scope_codes), level=Level.TOWN, is_statistical_only=False)


def _sums(rows: Any) -> dict[tuple[str, Any], int]:
    return {(place, column): count for place, column, count in rows.annotate(Sum("registered"))}


@dataclass(frozen=True)
class _Sheet:
    """The sums by place and column, laid out as rows of cells with their addresses."""

    town: Division | None
    case_type: str
    months: list[date]
    by_month: dict[tuple[str, Any], int]
    by_type: dict[tuple[str, Any], int]

    @property
    def first(self) -> date:
        return self.months[0]

    @property
    def last(self) -> date:
        return last_day(self.months[-1])

    def laid_out(self, places: Sequence[Division], types: Sequence[CaseType]) -> Heat:
        codes = {place.code for place in places}
        used = [each for each in types if any(kind == each.pk and code in codes for code, kind in self.by_type)]
        rows = sorted((self.row(place, used) for place in places), key=lambda row: (-row.total.count, row.code))
        by_month = [self.sum_of([row.months[n] for row in rows], self.case_type, each) for n, each in
                    enumerate(self.months)]  # fmt: skip
        by_type = [self.sum_of([row.types[n] for row in rows], each.pk) for n, each in enumerate(used)]
        total = self.sum_of(by_month, self.case_type)
        return Heat(self.town, self.first, self.last, self.months, used, rows, by_month, by_type, total)

    def row(self, place: Division, types: Sequence[CaseType]) -> Row:
        code = place.code
        months = [self.cell(self.by_month, (code, each), self.case_type, each) for each in self.months]
        kinds = [self.cell(self.by_type, (code, each.pk), each.pk) for each in types]
        total = Cell(sum(cell.count for cell in months), self.link(code, self.case_type), 0)
        return Row(code, place.short_name, months, kinds, total)

    def cell(
        self, sums: dict[tuple[str, Any], int], key: tuple[str, Any], kind: str, month: date | None = None
    ) -> Cell:
        count = sums.get(key, 0)
        return Cell(count, self.link(key[0], kind, month), count_level(count, max(sums.values(), default=0)))

    def sum_of(self, cells: Iterable[Cell], kind: str, month: date | None = None) -> Cell:
        return Cell(sum(cell.count for cell in cells), self.link("", kind, month), 0)

    def link(self, place: str, kind: str, month: date | None = None) -> str:
        """The list behind a figure: of a place or of all of them, of a type or of all, of a month or of all."""
        where = {"village" if self.town else "town": place} if place else {"town": self.town.code if self.town else ""}
        days = (month, last_day(month)) if month else (self.first, self.last)
        asked = where | {"type": kind, "from": days[0].isoformat(), "to": days[1].isoformat()}
        return f"{reverse('disputes:list')}?{urlencode({name: value for name, value in asked.items() if value})}"

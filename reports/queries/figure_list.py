"""The list behind a figure that no other page lists: its rows, each with the dispute it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from core.models import User
from core.paging import CappedCount, Page, capped_count, keyset_page
from core.scope import covers
from disputes.models import Dispute
from reports.choices import Figure
from reports.queries.ledger import COUNTED


@dataclass(frozen=True)
class Row:
    on: date
    dispute: Dispute


@dataclass(frozen=True)
class FigureList:
    figure: Figure
    page: Page[Any]
    rows: list[Row]
    count: CappedCount

    @property
    def counts_items(self) -> bool:
        return self.figure in (Figure.PERFORMANCE_DUE, Figure.PERFORMANCE_DONE)


def scope_of(user: User, town: str) -> tuple[str, ...]:
    """The user's divisions, or the one town asked for if it lies in them; a foreign one gives nothing."""
    if not town:
        return tuple(user.scope_codes)
    return (town,) if covers(user.scope_codes, town) else ()


def figure_list(codes: Sequence[str], figure: Figure, first: date, last: date, cursor: str = "") -> FigureList:
    """One page of what a figure counts, newest first; two queries."""
    counted = COUNTED[figure]
    rows = counted.between(codes, first, last)
    path = f"{counted.dispute}__" if counted.dispute else ""
    related = [f"{path}case_type", f"{path}division__parent"]
    page = keyset_page(rows.select_related(*related), order=(f"-{counted.day}", "-pk"), cursor=cursor)
    reach = attrgetter(counted.dispute.replace("__", ".")) if counted.dispute else lambda row: row
    day = attrgetter(counted.day)
    return FigureList(figure, page, [Row(day(row), reach(row)) for row in page.rows], capped_count(rows))

"""What was searched for: how many, and a page of it. The index is asked by years; a month at a time is put in order.

PostgreSQL expects a word to be spread evenly over the years and walks the days until the page is full: seconds for
a word that was common once and is absent lately. See `disputes.marks`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Coalesce

from core.paging import COUNT_CAP
from core.queries import today
from disputes import marks
from disputes.models import Dispute, DisputeQuerySet

MARKED_YEARS, MONTHS = 8, 12  # years asked for by their mark; what is older or newer, by its day


# ── how many ─────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Found:
    """What was counted: the keys, no more than one beyond the cap; the stretches of time in which they lie, by number.

    Up to the stretch `reached`, and in none after it, all is known of which have any.
    """

    keys: list[int]
    having: frozenset[int] = frozenset()
    reached: int = -1


NOTHING_KNOWN = Found([])


def found_by_words(rows: DisputeQuerySet) -> Found:
    """The newest years first. One query."""
    told = _read_in_turn(
        [rows.filter(found) for _, found in _stretches()], "SELECT {number}, id FROM {}", COUNT_CAP + 1
    )
    having = frozenset(number for number, _ in told)
    return Found([key for _, key in told], having, max(having, default=-1))


def found_of_few(rows: DisputeQuerySet) -> Found:
    """The same for a search that names people or a code: these have an index of their own. One query."""
    return Found([key for (key,) in _read_in_turn([rows], "SELECT id FROM {}", COUNT_CAP + 1)])


def _having_any(parts: Sequence[DisputeQuerySet]) -> set[int]:
    """The places of those parts that have any rows."""
    told = _read_in_turn(parts, "SELECT * FROM (SELECT {number} FROM {} LIMIT 1) AS any{number}", len(parts))
    return {number for (number,) in told}


def _read_in_turn(parts: Sequence[DisputeQuerySet], told: str, limit: int) -> list[tuple[int, ...]]:
    """What `told` says of each part, one part after the other until it is enough.

    Each part is planned as if all of it were wanted: the database would otherwise read the whole table for a word that
    it knows to be common, and find it in a corner only.
    """
    fenced: list[str] = []
    asked: list[str] = []
    params: list[Any] = []
    for number, part in enumerate(parts):
        try:
            sql, given = part.order_by().values_list("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        fenced.append(f"part{number}(id) AS MATERIALIZED ({sql})")
        asked.append(told.format(f"part{number}", number=number))
        params += given
    if not fenced:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(fenced)} {' UNION ALL '.join(asked)} LIMIT {limit}", params)
        return cursor.fetchall()


# ── one page ─────────────────────────────────────────────────────────────────
def in_order(rows: DisputeQuerySet, columns: tuple[str, ...], _key: list[Any], limit: int) -> list[Dispute]:
    """The first rows, all of them put in order: for a search by a code or a number."""
    return list(rows.order_by(*_unindexed(columns))[:limit])


def by_months(
    rows: DisputeQuerySet, columns: tuple[str, ...], key: list[Any], limit: int, counted: Found = NOTHING_KNOWN
) -> list[Dispute]:
    """The first rows from the key on: a month at a time, of the years that have any. A query, for rare cases some."""
    backward = columns[0].startswith("-")
    start = key[0] if key else today() if backward else None
    found: list[Dispute] = []
    for stretch in _walk(rows, start, backward=backward, counted=counted):
        found += rows.filter(stretch).order_by(*_unindexed(columns))[: limit - len(found)]
        if len(found) == limit:
            break
    return found


def _walk(rows: DisputeQuerySet, start: date | None, *, backward: bool, counted: Found = NOTHING_KNOWN) -> Iterator[Q]:
    """Stretches of time that follow each other from the start; together they leave out no row.

    Which years have any is asked when two months were not enough (on the first of a month one is nearly empty) and
    the counting did not come so far.
    """
    near = list(takewhile(_is_marked, _first_two(start, backward=backward)))  # a start without a mark comes first
    yield from (_month(*month) for month in near)
    for year, found in _with_rows(rows, counted, backward=backward):
        if year is None:
            yield found
            continue
        months = range(1, MONTHS + 1)
        for month in reversed(months) if backward else months:
            if (year, month) not in near and not _is_behind((year, month), start, backward=backward):
                yield _month(year, month)


def _with_rows(rows: DisputeQuerySet, counted: Found, *, backward: bool) -> Iterator[tuple[int | None, Q]]:
    """The stretches that have any, in the order of the walk."""
    stretches = _stretches()
    known, beyond = stretches[: counted.reached + 1], stretches[counted.reached + 1 :]
    having = [found for number, found in enumerate(known) if number in counted.having]
    if backward:
        yield from having
    asked = _having_any([rows.filter(found) for _, found in beyond]) if beyond else set()
    more = [found for number, found in enumerate(beyond) if number in asked]
    yield from more if backward else [*reversed(more), *reversed(having)]


def _is_behind(month: tuple[int, int], start: date | None, *, backward: bool) -> bool:
    """Whether all of a month lies on the side of the start from which the walk comes."""
    if start is None:
        return False
    first = (start.year, start.month)
    return month > first if backward else month < first


def _first_two(start: date | None, *, backward: bool) -> list[tuple[int, int]]:
    """Year and month of the start, and of the month that follows it on the way."""
    if start is None:
        return []
    year, month = divmod(start.year * MONTHS + start.month - 1 + (-1 if backward else 1), MONTHS)
    return [(start.year, start.month), (year, month + 1)]


def _stretches() -> list[tuple[int | None, Q]]:
    """The years, the newest first, and what lies beyond them on either side; with each what its rows are found by."""
    last = today().year
    first = last - MARKED_YEARS + 1
    years = [(year, Q(search__holds=marks.of_year(year))) for year in range(last, first - 1, -1)]
    newer, older = Q(registered_on__gt=date(last, MONTHS, 31)), Q(registered_on__lt=date(first, 1, 1))
    return [(None, newer), *years, (None, older)]


def _is_marked(month: tuple[int, int]) -> bool:
    return today().year - MARKED_YEARS < month[0] <= today().year


def _month(year: int, month: int) -> Q:
    return Q(search__holds=marks.of_month(date(year, month, 1)))


def _unindexed(columns: tuple[str, ...]) -> list[Any]:
    """The same order, but not for an index to walk along."""
    day = columns[0].removeprefix("-")
    not_a_column = Coalesce(day, day)
    return [not_a_column.desc() if columns[0].startswith("-") else not_a_column.asc(), *columns[1:]]

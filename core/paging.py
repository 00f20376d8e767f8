"""Pages by key instead of number: the millionth row costs what the first does. Cursors are signed, both ways."""

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")
# (rows past the key, columns to order them by, the key, how many) → the first so many of them, in that order
Fetch = Callable[[Any, tuple[str, ...], list[Any], int], list[Any]]
SALT = "core.paging"
AFTER, BEFORE = "a", "b"
COUNT_CAP = 1000
PAGE_SIZE = 50
# How a value stands in a cursor; a datetime is also a date, so it comes first.
_KINDS: dict[str, tuple[type, Callable[[str], Any]]] = {
    "t": (datetime, datetime.fromisoformat),
    "d": (date, date.fromisoformat),
    "n": (Decimal, Decimal),
    "u": (UUID, UUID),
    "i": (int, int),
    "s": (str, str),
}


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Rows of one page; a cursor is empty where there is nothing further in that direction."""

    rows: list[Item]
    next_cursor: str
    prev_cursor: str


@dataclass(frozen=True)
class CappedCount:
    """How many, counted no further than the cap: prints as `213` or `1000+`."""

    value: int
    capped: bool

    def __str__(self) -> str:
        return f"{self.value}+" if self.capped else str(self.value)


def capped_count(queryset: QuerySet[Any], cap: int = COUNT_CAP, *, order: tuple[str, ...] = ()) -> CappedCount:
    """Count at most `cap` rows of a queryset. `order`: that of an index, whose rest is then not looked at."""
    found = queryset.order_by(*order)[: cap + 1].count()
    return CappedCount(min(found, cap), found > cap)


def _in_order(rows: QuerySet[Any], columns: tuple[str, ...], key: list[Any], limit: int) -> list[Any]:  # noqa: ARG001
    return list(rows.order_by(*columns)[:limit])


def keyset_page(
    queryset: QuerySet[Row],
    *,
    order: tuple[str, ...] = ("-registered_on", "-id"),
    cursor: str | None = None,
    size: int = PAGE_SIZE,
    fetch: Fetch = _in_order,
) -> Page[Row]:
    """One page of `queryset` in `order`, after or before the row that `cursor` names.

    `order` names columns that are never null and end in a unique one (`-` for descending, `__` for a
    joined column). A cursor that was tampered with or made for another order gives the first page.
    `fetch` takes the rows from the database in another way, where the plain one is slow.
    """
    direction, key = _opened(cursor, order)
    backward = direction == BEFORE
    columns = tuple(_reversed(name) for name in order) if backward else order
    if key:
        queryset = queryset.filter(_beyond(columns, key))
    found = fetch(queryset, columns, key, size + 1)
    return _cut(found, order, size, backward=backward, went_on=bool(key))


def union_page(
    branches: Sequence[QuerySet[Any, dict[str, Any]]],
    *,
    order: tuple[str, ...],
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page[dict[str, Any]]:
    """As `keyset_page`, of several tables together: each branch gives `values()` with the same columns; one query.

    Each branch is cut at the cursor before they are put together, so that each uses its own index.
    """
    direction, key = _opened(cursor, order)
    backward = direction == BEFORE
    columns = tuple(_reversed(name) for name in order) if backward else order
    if key:
        branches = [branch.filter(_beyond(columns, key)) for branch in branches]
    first, *others = [branch.order_by() for branch in branches]
    together = first.union(*others, all=True)
    found = list(together.order_by(*columns)[: size + 1])
    return _cut(found, order, size, backward=backward, went_on=bool(key))


def batches(rows: QuerySet[Any, Any], *, order: tuple[str, ...], size: int) -> Iterator[list[dict[str, Any]]]:
    """Every row of `values()` in `order`, so many at a time, each time past the key of the last one before.

    No more than one batch is held, and no cursor stays open between two; `order` as in `keyset_page`.
    """
    last: dict[str, Any] | None = None
    while True:
        key = [last[name.removeprefix("-")] for name in order] if last else []
        found = list((rows.filter(_beyond(order, key)) if key else rows).order_by(*order)[:size])
        if found:
            yield found
        if len(found) < size:
            return
        last = found[-1]


def _cut(found: list[Item], order: tuple[str, ...], size: int, *, backward: bool, went_on: bool) -> Page[Item]:
    """The page of `found`, which holds one row more than it where there are more."""
    more, rows = len(found) > size, found[:size]
    if backward:
        rows.reverse()
    return Page(
        rows,
        next_cursor=_closed(AFTER, rows[-1], order) if rows and (more or backward) else "",
        prev_cursor=_closed(BEFORE, rows[0], order) if rows and (more if backward else went_on) else "",
    )


def _reversed(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(columns: tuple[str, ...], key: list[Any]) -> Q:
    """Rows after `key`: `a ≤ x AND (a < x OR rest)`, which an index serves on both databases."""
    name, value = columns[0].removeprefix("-"), key[0]
    comparison = "lt" if columns[0].startswith("-") else "gt"
    strictly = Q(**{f"{name}__{comparison}": value})
    if len(columns) == 1:
        return strictly
    return Q(**{f"{name}__{comparison}e": value}) & (strictly | _beyond(columns[1:], key[1:]))


def _signer(order: tuple[str, ...]) -> str:
    return f"{SALT}:{','.join(order)}"


def _closed(direction: str, row: Any, order: tuple[str, ...]) -> str:
    key = [_written(_read(row, name.removeprefix("-"))) for name in order]
    return signing.dumps([direction, key], salt=_signer(order), compress=True)


def _read(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, dict) else operator.attrgetter(name.replace("__", "."))(row)


def _written(value: Any) -> list[str]:
    for kind, (known, _) in _KINDS.items():
        if isinstance(value, known):
            return [kind, value.isoformat() if isinstance(value, date) else str(value)]
    raise TypeError(f"cannot page by a {type(value).__name__}")


def _opened(cursor: str | None, order: tuple[str, ...]) -> tuple[str, list[Any]]:
    if not cursor:
        return AFTER, []
    try:
        direction, key = signing.loads(cursor, salt=_signer(order))
    except signing.BadSignature:
        return AFTER, []
    return direction, [_KINDS[kind][1](text) for kind, text in key]

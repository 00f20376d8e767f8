"""Queries of one shape, put into SQL once in the life of a process; afterwards only their values change.

Django builds and compiles a query anew each time it is asked. For a page of a dozen queries with joins that costs more
than the database does; see docs/adr/0016 for what it saves and where it may not be used.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

from core import kept_plans

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])
Single = int | str | date
Value = Single | tuple[str, ...]
SHAPES_KEPT = 64  # of one query: a form of many people may ask in as many shapes
# What stands for a value while its query is compiled: no query holds such a number or such a text of its own.
FIRST_MARK = 2**62


@dataclass(frozen=True)
class _Plan:
    """The SQL of one shape. `places` says of each parameter which value stands there; None: its own in `params`.

    `taken`: the values that reach the SQL, each once. `converters`: what turns columns of a row into values, as the
    compiler would gather it anew. `name`: of the statement, where PostgreSQL keeps its plan.
    """

    template: QuerySet[Any, Any]
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    places: tuple[int | None, ...]
    taken: tuple[int, ...]
    converters: dict[int, Any]
    name: str = ""


class Prepared(Generic[Rows]):
    """`Prepared(build)`: `build` makes the queryset from the values it is given by name, and reads nothing else.

    Neither clock nor settings nor a row: what is no value stays as it was when the shape was first asked for. A value
    goes into the SQL as it is, so `build` compares it and does nothing to it; TypeError says where that is not so.
    Two calls have the same shape when the same values are empty and tuples are equally long.

    `planned_once`: PostgreSQL keeps its plan too. For what is found by key or hash alone, whose plan is the same
    whatever the values; of a long query the planning takes seven times as long as the looking.
    """

    def __init__(self, build: Callable[..., Rows], *, planned_once: bool = False) -> None:
        self._build, self._planned_once = build, planned_once
        self._plans: dict[tuple[Any, ...], _Plan | None] = {}

    def __call__(self, **values: Value) -> Rows:
        """The queryset with these values, to be read to its end; TypeError where it is narrowed further."""
        shape = tuple((name, _shape(value)) for name, value in values.items())
        if shape not in self._plans:
            if len(self._plans) >= SHAPES_KEPT:
                self._plans.pop(next(iter(self._plans)))
            self._plans[shape] = _planned(self._build, values, named=self._planned_once)
        plan = self._plans[shape]
        if plan is None:
            return self._build(**values).none()
        return _filled(plan, list(_single(values)))  # type: ignore[return-value]  # `template` came from `build`


def _shape(value: Value) -> Any:
    return (type(value), len(value)) if isinstance(value, tuple) else (type(value), bool(value))


def _single(values: dict[str, Value]) -> Iterator[Single]:
    for value in values.values():
        yield from value if isinstance(value, tuple) else (value,)


def _planned(build: Callable[..., Any], values: dict[str, Value], *, named: bool) -> _Plan | None:
    """The query compiled with a mark in the place of each value; None where it can find nothing."""
    marks: list[Single] = []

    def mark(value: Single) -> Single:
        marks.append(_mark(value, len(marks)) if value else value)
        return marks[-1]

    marked = {
        name: tuple(mark(one) for one in value) if isinstance(value, tuple) else mark(value)
        for name, value in values.items()
    }
    template = build(**marked)
    compiler = template.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        _refuse_what_finds_rows(build(**values))
        return None
    found = {_adapted(one): place for place, one in enumerate(marks) if one}
    places = tuple(found.get(param) if isinstance(param, (int, str, date)) else None for param in params)
    lost = [name for name, value in marked.items() if any(found[_adapted(one)] not in places for one in _each(value))]
    changed = any(isinstance(param, str) and "\x02" in param and param not in found for param in params)
    if lost or changed:
        raise TypeError(f"a value does not reach the SQL as it is: {', '.join(lost) or 'part of another'}")
    taken = tuple(sorted({place for place in places if place is not None}))
    converters = compiler.get_converters([column for column, *_ in compiler.select])
    name = kept_plans.new_name() if named else ""
    return _Plan(template, compiler, sql, tuple(params), places, taken, converters, name)


def _refuse_what_finds_rows(rows: QuerySet[Any, Any]) -> None:
    """A mark is larger than a small column can hold: Django then says that nothing can be found, whatever is asked."""
    try:
        rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return
    raise TypeError("a value is compared with a column too small for its mark")


def _mark(value: Single, number: int) -> Single:
    if isinstance(value, date):
        return date.fromordinal(number + 1)
    return FIRST_MARK + number if isinstance(value, int) else f"\x02{number}\x02"


def _adapted(value: Single) -> Any:
    """As it stands among the parameters: SQLite takes days as text."""
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _each(value: Any) -> list[Any]:
    return [one for one in (value if isinstance(value, tuple) else (value,)) if one]


def _filled(plan: _Plan, values: list[Single]) -> QuerySet[Any, Any]:
    connection = connections[DEFAULT_DB_ALIAS]  # that of this thread
    if plan.name and kept_plans.are_kept(connection):
        sql = kept_plans.by_name(connection, plan.name, lambda cursor: _numbered(plan, cursor), len(plan.taken))
        params = tuple([_adapted(values[place]) for place in plan.taken])
    else:
        both = zip(plan.params, plan.places, strict=True)
        sql, params = plan.sql, tuple([own if place is None else _adapted(values[place]) for own, place in both])
    rows, query, compiler = (_shallow(one) for one in (plan.template, plan.template.query, plan.compiler))
    rows._query, compiler.query, compiler.connection = query, query, connection
    query.clone = _refuse_to_narrow
    compiler.as_sql = lambda *_args, **_kwargs: (sql, params)
    compiler.get_converters = lambda _columns: plan.converters
    if plan.name:
        compiler.execute_sql = partial(_asked, compiler)
    query.get_compiler = lambda *_args, **_kwargs: compiler
    return rows


def _asked(compiler: Any, *how: Any, **named: Any) -> Any:
    with kept_plans.renewed_when_stale(compiler.connection):
        return type(compiler).execute_sql(compiler, *how, **named)


def _refuse_to_narrow() -> Any:
    """Whatever narrows a queryset copies its query first; the copy would be asked with the SQL of the whole."""
    raise TypeError("a prepared query is read to its end, not narrowed: narrow it where it is built")


def _shallow(one: Any) -> Any:
    """A copy that shares everything with its original: nothing of it is changed, and Django's own copies go deep."""
    made = object.__new__(type(one))
    made.__dict__.update(one.__dict__)
    return made


def _numbered(plan: _Plan, cursor: Any) -> str:
    """The SQL with $1, $2 … where values stand; what is the same for all values stands there as it is."""
    first, *pieces = [piece.replace("%%", "%") for piece in plan.sql.split("%s")]
    said = [
        f"${plan.taken.index(place) + 1}" if place is not None else cursor.mogrify("%s", [own]).decode()
        for own, place in zip(plan.params, plan.places, strict=True)
    ]
    return f" AS {first}" + "".join([one + piece for one, piece in zip(said, pieces, strict=True)])

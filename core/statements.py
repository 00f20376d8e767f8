"""Rows written by statements that are put together once in the life of a process (docs/adr/0016).

What `save` and `bulk_create` write, for what is written at every turn. For very many rows there is `core.bulk`. Nothing
is sent to listeners of signals: the house has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from types import NoneType
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models, transaction

from core import kept_plans

SHAPES_KEPT, VALUES_KEPT = 64, 400  # statements, and values of one: what writes hundreds of rows is not met again
_names: dict[str, tuple[str, list[str]]] = {}  # and the types of their values, by the SQL

Saving = tuple[models.Model, *tuple[str, ...]]  # a row, and the names of columns
Locking = tuple[type[models.Model], Any, *tuple[str, ...]]  # a model, the key of a row, and the names of columns
# Of these very types, not of their heirs: an encrypted field is a text to look at, a choice a text with a name.
AS_IT_IS: dict[type[models.Field], tuple[type, ...]] = {
    models.CharField: (str, NoneType),
    models.TextField: (str, NoneType),
    models.BooleanField: (bool, NoneType),
    models.ForeignKey: (NoneType,),
}


@dataclass(frozen=True)
class _Insert:
    """`key`: the field that the database fills, if it is not made here."""

    fields: tuple[models.Field, ...]
    head: str
    row: str
    key: models.Field | None


def insert(*rows: models.Model, saving: Saving | None = None, locking: Locking | None = None) -> tuple[Any, ...] | None:
    """Put new rows in, all of them or none; a key that the database makes is theirs afterwards.

    `saving`: columns of another row that go with them. `locking`: a row that is locked with them until the transaction
    ends; its columns are given back, None where it is not there or was not asked for with them (SQLite, no rows).
    On PostgreSQL it is all one statement; there, of rows of several models only the last model's have their keys
    afterwards. Raises what `save` would raise.
    """
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    groups = list(by_model.values())
    if connection.vendor == "postgresql":
        return _run(groups, saving, locking) if groups else None
    if groups and saving:
        save_columns(*saving)
    for some in groups:
        _run([some])
    return None


def _run(
    groups: Sequence[Sequence[models.Model]], saving: Saving | None = None, locking: Locking | None = None
) -> tuple[Any, ...] | None:
    """One statement: the last group is what it says; the others, what is saved and what is locked stand before it."""
    before, back, values = _beside(groups[:-1], saving, locking)
    sql, told = _written(groups[-1])
    key = _insert(type(groups[-1][0])).key
    if key:
        back = [connection.ops.quote_name(str(key.column)), *back]
    whole = f"WITH {', '.join(before)} {sql}" if before else sql
    whole += f" RETURNING {', '.join(back)}" if back else ""
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
        statement = _kept(whole, groups, saving, locking)
        with kept_plans.renewed_when_stale(connection):
            cursor.execute(statement, [*values, *told])
        found: Sequence[tuple[Any, ...]] = cursor.fetchall() if back else ()
        if saving and found[0][-1] != 1:
            raise _missing(saving[0])
    if key:
        for row, (made, *_) in zip(groups[-1], found, strict=True):
            setattr(row, key.attname, made)
    _note_stored(groups)
    held = found[0][bool(key) : len(back) - bool(saving)] if locking else ()
    return tuple(held) if any(one is not None for one in held) else None


def _kept(sql: str, groups: Sequence[Sequence[models.Model]], saving: Saving | None, locking: Locking | None) -> str:
    """What runs the statement: by its name where the database keeps it, the first so many that are not too large."""
    own = connections[DEFAULT_DB_ALIAS]
    if not kept_plans.are_kept(own):
        return sql
    if sql not in _names:
        if len(_names) >= SHAPES_KEPT or sql.count("%s") > VALUES_KEPT:
            return sql
        fields = [locking[0]._meta.pk] if locking else []
        fields += _update(type(saving[0]), saving[1:])[1] if saving else ()
        fields += [field for some in groups for _ in some for field in _insert(type(some[0])).fields]
        _names[sql] = kept_plans.new_name(), [str(field.db_type(own)) for field in fields]
    name, types = _names[sql]
    return kept_plans.by_name(own, name, lambda _cursor: _numbered(sql, types), len(types))


def _numbered(sql: str, types: Sequence[str]) -> str:
    """With $1, $2 … where values stand. Their types are said: of several rows in VALUES the database asks no column."""
    first, *pieces = sql.split("%s")
    numbered = first + "".join([f"${number}{piece}" for number, piece in enumerate(pieces, 1)])
    return f" ({', '.join(types)}) AS {numbered}"


def _note_stored(groups: Sequence[Sequence[models.Model]]) -> None:
    for row in chain.from_iterable(groups):
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _beside(
    others: Sequence[Sequence[models.Model]], saving: Saving | None, locking: Locking | None
) -> tuple[list[str], list[str], list[Any]]:
    """What stands before the INSERT in WITH, what of it is given back, its values: the locked columns first, the
    number of rows that were saved last."""
    before: list[str] = []
    back: list[str] = []
    values: list[Any] = []
    if locking:
        select, held, key = _lock_of(*locking)
        before.append(f"held AS ({select})")
        back += [f"(SELECT {column} FROM held)" for column in held]  # noqa: S608 (names of ours)
        values.append(key)
    if saving:
        update, changed = _update_of(*saving)
        before.append(f"saved AS ({update} RETURNING 1)")
        back.append("(SELECT count(*) FROM saved)")
        values += changed
    for number, some in enumerate(others):
        sql, told = _written(some)
        before.append(f"beside_{number} AS ({sql})")
        values += told
    return before, back, values


def _lock_of(model: type[models.Model], key: Any, *names: str) -> tuple[str, list[str], Any]:
    """The SELECT that locks a row, the columns it gives, and the key as the database takes it."""
    meta, quote = model._meta, connection.ops.quote_name
    columns = [quote(str(cast("models.Field", meta.get_field(name)).column)) for name in names]
    where = f"{quote(meta.db_table)} WHERE {quote(str(meta.pk.column))} = %s"
    sql = f"SELECT {', '.join(columns)} FROM {where} FOR UPDATE"  # noqa: S608 (names of ours)
    return sql, columns, meta.pk.get_db_prep_value(key, connection)


def _written(rows: Sequence[models.Model]) -> tuple[str, list[Any]]:
    """The INSERT of rows of one model, and its values."""
    statement = _insert(type(rows[0]))
    for row in rows:
        row._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]  # Django's own
    own = connections[DEFAULT_DB_ALIAS]
    values = [_value(field, row, own) for row in rows for field in statement.fields]
    return f"{statement.head}{', '.join([statement.row] * len(rows))}", values


def _value(field: models.Field, row: models.Model, own: Any) -> Any:
    """As the database takes it; `own`: this thread's connection itself. Most values of a row are short texts and ticks,
    which are taken as they are."""
    value = vars(row).get(field.attname)
    if type(value) in AS_IT_IS.get(type(field), ()):
        return value
    return field.get_db_prep_save(field.pre_save(row, True), own)


def save_columns(row: models.Model, *names: str) -> None:
    """`row.save(update_fields=names)`."""
    sql, values = _update_of(row, *names)
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
        cursor.execute(sql, values)
        if cursor.rowcount != 1:
            raise _missing(row)


def _update_of(row: models.Model, *names: str) -> tuple[str, tuple[Any, ...]]:
    sql, fields = _update(type(row), names)
    return sql, tuple([field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields])


def _missing(row: models.Model) -> DatabaseError:
    return DatabaseError(f"{row._meta.label} {row.pk} is not there")


@cache
def _insert(model: type[models.Model]) -> _Insert:
    meta, quote = model._meta, connection.ops.quote_name
    made = meta.pk if isinstance(meta.pk, models.AutoField) else None
    fields = tuple(field for field in meta.local_concrete_fields if field is not made)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return _Insert(
        fields,
        f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ",  # noqa: S608 (names of ours)
        f"({', '.join(['%s'] * len(fields))})",
        made,
    )


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, tuple[models.Field, ...]]:
    """The statement, and the fields it takes: what is set, then the key."""
    meta, quote = model._meta, connection.ops.quote_name
    fields = tuple(cast("models.Field", meta.get_field(name)) for name in names)
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    key = f"{quote(str(meta.pk.column))} = %s"
    return f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {key}", (*fields, meta.pk)  # noqa: S608 (names of ours)

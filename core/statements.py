"""Rows written by statements that are put together once in the life of a process (docs/adr/0016).

What `save` and `bulk_create` write, for what is written at every turn. For very many rows there is `core.bulk`. Nothing
is sent to listeners of signals: the house has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, models, transaction

Saving = tuple[models.Model, *tuple[str, ...]]  # a row, and the names of columns


@dataclass(frozen=True)
class _Insert:
    """`key`: the field that the database fills, if it is not made here."""

    fields: tuple[models.Field, ...]
    head: str
    row: str
    key: models.Field | None


def insert(*rows: models.Model, saving: Saving | None = None) -> None:
    """Put new rows of one model in, all of them or none; a key that the database makes is theirs afterwards.

    `saving`: columns of another row that go with them, on PostgreSQL in the same statement. Raises what `save` would
    raise.
    """
    if not rows:
        return
    statement = _insert(type(rows[0]))
    for row in rows:
        row._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]  # Django's own
    sql = f"{statement.head}{', '.join([statement.row] * len(rows))}"
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in statement.fields
    ]
    keys = _run(sql, values, statement.key, saving)
    if statement.key:
        for row, (key, *_) in zip(rows, keys, strict=True):
            setattr(row, statement.key.attname, key)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _run(sql: str, values: list[Any], key: models.Field | None, saving: Saving | None) -> Sequence[tuple[Any, ...]]:
    """The rows that an INSERT gives back: the key first."""
    back = [connection.ops.quote_name(str(key.column))] if key else []
    saved: tuple[Any, ...] | None = None
    if saving and connection.vendor == "postgresql":
        update, saved = _update_of(*saving)
        sql = f"WITH saved AS ({update} RETURNING 1) {sql}"
        back.append("(SELECT count(*) FROM saved)")
    elif saving:
        save_columns(*saving)
    returning = f" RETURNING {', '.join(back)}" if back else ""
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
        cursor.execute(sql + returning, [*saved, *values] if saved else values)
        found: Sequence[tuple[Any, ...]] = cursor.fetchall() if back else ()
        if saved and saving and found[0][-1] != 1:
            raise _missing(saving[0])
    return found


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

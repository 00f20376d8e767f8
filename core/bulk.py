"""Many rows at once: new ones by COPY on PostgreSQL, by batches of INSERT elsewhere; known ones found by many words.

The rows are the same either way.
"""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from django.db import connection, models
from django.db.models.lookups import Lookup

from core.fields import EncryptedTextField, LookupHashField

BATCH = 500
CHUNK = 128 * 1024
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
EMPTY = r"\N"
Values = dict[str, Any]  # by attribute of the model, as it would be given to its constructor
Write = Callable[[Values], str]


def insert_all(model: type[models.Model], rows: Iterable[Values]) -> int:
    """Insert new rows inside the caller's transaction; returns how many. Raises what a plain INSERT would raise.

    `rows` may be a generator: no more of them than a batch is held at once. They all name the same attributes;
    a key that Python makes (UUID) is among them. What none of them names takes the field's default.
    """
    return _copy(model, rows) if connection.vendor == "postgresql" else _insert(model, rows)


def _insert(model: type[models.Model], rows: Iterable[Values]) -> int:
    waiting, count = iter(rows), 0
    while batch := [model(**values) for values in islice(waiting, BATCH)]:
        count += len(model._base_manager.bulk_create(batch))
    return count


class Among(Lookup):
    """The column is one of these words: `filter(Among(F("id_hash"), hashes))`.

    They go to the database as one parameter. IN makes one of each, and Django takes longer over ten thousand of them
    than the database.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs)]  # noqa: S608 (a column)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, self.rhs]


# ── PostgreSQL ───────────────────────────────────────────────────────────────


def _copy(model: type[models.Model], rows: Iterable[Values]) -> int:
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return 0
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    named = [field for field in fields if _is_named(field, first)]
    others = [field for field in fields if field not in named]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in [*named, *others])
    table = connection.ops.quote_name(model._meta.db_table)
    end = "".join(f"\t{_default(field)}" for field in others) + "\n"
    lines = _lines(chain([first], waiting), [_writer(field) for field in named], _key(model), end)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", _Stream(lines), CHUNK)
        return int(cursor.rowcount)


def _is_named(field: models.Field, example: Values) -> bool:
    return (field.source if isinstance(field, LookupHashField) else field.attname) in example


def _default(field: models.Field) -> str:
    """What stands in a column that no row names."""
    if isinstance(field, EncryptedTextField | LookupHashField):
        return ""
    value = field.get_db_prep_save(field.get_default(), connection)
    return _escaped(value) if isinstance(value, str) else _other(value)


def _lines(rows: Iterator[Values], writers: list[Write], key: str, end: str) -> Iterator[str]:
    for values in rows:
        if key in values:
            values[key] = str(values[key])  # once, for all the columns that need it
        yield "\t".join([write(values) for write in writers]) + end


def _key(model: type[models.Model]) -> str:
    key = model._meta.pk
    assert key is not None
    return key.attname


def _writer(field: models.Field) -> Write:
    """How the field's value is put into a line of COPY's text format."""
    name, key = field.attname, _key(field.model)
    if isinstance(field, EncryptedTextField):
        sealed = field.sealer()
        return lambda values: sealed(values[name], values[key])
    if isinstance(field, LookupHashField):
        source, hashed = field.source, field.hasher()
        return lambda values: hashed(values[source])

    def written(values: Values) -> str:
        value = values[name]
        if type(value) is str:
            return value if value.isprintable() and "\\" not in value else _escaped(value)
        return _other(value)

    return written


def _escaped(text: str) -> str:
    return text.translate(ESCAPES)


@lru_cache(maxsize=1024, typed=True)  # moments and days repeat
def _other(value: Any) -> str:
    """A moment, a key, a number as PostgreSQL reads it."""
    return EMPTY if value is None else str(value)


class _Stream:
    """What the driver reads from: lines put together to pieces of some size, nothing of them kept."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines, self.piece = lines, io.BytesIO()

    def read(self, size: int) -> bytes:
        if data := self.piece.read(size):
            return data
        self.piece = io.BytesIO("".join(islice(self.lines, BATCH)).encode())
        return self.piece.read(size)

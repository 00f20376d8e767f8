"""Many new rows at once: COPY on PostgreSQL, batches of INSERT elsewhere. The rows are the same either way."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

from django.db import connection, models

from core.fields import EncryptedTextField, LookupHashField

BATCH = 500
CHUNK = 128 * 1024
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
SPECIAL = re.compile(r"[\\\t\n\r]")
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


# ── PostgreSQL ───────────────────────────────────────────────────────────────


def _copy(model: type[models.Model], rows: Iterable[Values]) -> int:
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return 0
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    lines = _lines(first, waiting, [_writer(field, first) for field in fields], _key(model))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", _Stream(lines))
        return int(cursor.rowcount)


def _lines(first: Values, rest: Iterator[Values], writers: list[Write], key: str) -> Iterator[str]:
    for values in chain([first], rest):
        if key in values:
            values[key] = str(values[key])  # once, for all the columns that need it
        yield "\t".join([write(values) for write in writers]) + "\n"


def _key(model: type[models.Model]) -> str:
    key = model._meta.pk
    assert key is not None
    return key.attname


def _writer(field: models.Field, example: Values) -> Write:
    """How the field's value is put into a line of COPY's text format."""
    name, key = field.attname, _key(field.model)
    if isinstance(field, EncryptedTextField):
        sealed = field.sealer()
        return lambda values: sealed(values.get(name, ""), values[key])
    if isinstance(field, LookupHashField):
        source, hashed = field.source, field.hashed
        return lambda values: hashed(values.get(source, ""))
    if name not in example:
        default = _written(field.get_db_prep_save(field.get_default(), connection))
        return lambda values: default  # noqa: ARG005 - one shape for all
    return lambda values: _written(values[name])


def _written(value: Any) -> str:
    """Text as it is, a moment or a key as PostgreSQL reads it."""
    if type(value) is str:
        return value.translate(ESCAPES) if SPECIAL.search(value) else value
    return EMPTY if value is None else str(value)


class _Stream:
    """What the driver reads from: lines put together to pieces of some size, nothing of them kept."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines, self.rest = lines, b""

    def read(self, size: int = CHUNK) -> bytes:
        while len(self.rest) < size and (more := "".join(islice(self.lines, BATCH))):
            self.rest += more.encode()
        piece, self.rest = self.rest[:size], self.rest[size:]
        return piece

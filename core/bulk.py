"""Many rows at once: new ones by COPY on PostgreSQL, by batches of INSERT elsewhere; known ones found by many words.

The rows are the same either way.
"""

import io
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.lookups import Lookup

from core.fields import EncryptedTextField, LookupHashField
from core.tokens import TokensField

BATCH = 500
CHUNK = 128 * 1024
MANY = 1000  # rows, from which on it matters how the database finds them
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
EMPTY = r"\N"
KEY_DIGITS = 32
VARIANTS = "89ab"
Row = TypeVar("Row")
Values = dict[str, Any]  # by attribute of the model, as it would be given to its constructor
Batch = Mapping[str, Sequence[Any]]  # some rows, attribute by attribute; every column has one value for each row


def insert_all(model: type[models.Model], rows: Iterable[Values]) -> int:
    """Insert new rows inside the caller's transaction; returns how many. Raises what a plain INSERT would raise.

    `rows` may be a generator: no more of them than a batch is held at once. They all name the same attributes;
    a key that Python makes (UUID) is among them. What none of them names takes the field's default.
    """
    return insert_batches(model, map(_by_column, in_batches(rows)))


def insert_batches(model: type[models.Model], batches: Iterable[Batch]) -> int:
    """The same for rows that stand in columns already, which need no taking apart. No batch is empty."""
    return _copy(model, batches) if connection.vendor == "postgresql" else _insert(model, batches)


def in_batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """So many rows as are best sent at once, again and again."""
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _by_column(rows: Sequence[Values]) -> Batch:
    return {name: [row[name] for row in rows] for name in rows[0]}


def new_keys(count: int) -> list[str]:
    """Random UUIDs (version 4) as text, in ascending order.

    A database that is given keys in order adds to the end of its index, as it were, and does not jump about in it.
    """
    digits = secrets.token_hex(count * KEY_DIGITS // 2)
    lots = (digits[start : start + KEY_DIGITS] for start in range(0, len(digits), KEY_DIGITS))
    return sorted(
        f"{lot[:8]}-{lot[8:12]}-4{lot[13:16]}-{VARIANTS[int(lot[16], 16) % 4]}{lot[17:20]}-{lot[20:]}" for lot in lots
    )


def _insert(model: type[models.Model], batches: Iterable[Batch]) -> int:
    count = 0
    for batch in batches:
        rows = [model(**dict(zip(batch, row, strict=True))) for row in zip(*batch.values(), strict=True)]
        count += len(model._base_manager.bulk_create(rows))
    return count


class Among(Lookup):
    """The column is one of these words, or keys (UUID): `filter(Among(F("id_hash"), hashes))`.

    They go to the database as one parameter. IN makes one of each, and Django takes longer over ten thousand of them
    than the database.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs, default=_hex)]  # noqa: S608 (a column)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, _array([str(word) for word in self.rhs])]


def _hex(key: UUID) -> str:
    return key.hex


# ── PostgreSQL ───────────────────────────────────────────────────────────────


def _array(words: Sequence[str]) -> str:
    """An array as PostgreSQL reads it: one constant, of the column's type.

    The driver would make an expression of it, word by word.
    """
    joined = '","'.join(words)
    if "\\" in joined or joined.count('"') != 2 * max(len(words) - 1, 0):
        joined = '","'.join(word.replace("\\", r"\\").replace('"', r"\"") for word in words)
    return f'{{"{joined}"}}' if words else "{}"


def _copy(model: type[models.Model], batches: Iterable[Batch]) -> int:
    waiting = iter(batches)
    first = next(waiting, None)
    if first is None:
        return 0
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    named = _Columns([field for field in fields if _is_named(field, first)], given=first)
    others = [field for field in fields if field not in named.in_order]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in [*named.in_order, *others])
    table = connection.ops.quote_name(model._meta.db_table)
    end = "".join(f"\t{_default(field)}" for field in others) + "\n"
    stream = _Stream(named.lines(batch, end) for batch in chain([first], waiting))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", stream, CHUNK)
        count = int(cursor.rowcount)
        if count >= MANY:
            _look_again_at_empty(table, cursor)
        return count


def _look_again_at_empty(table: str, cursor: Any) -> None:
    """Count a table anew that PostgreSQL last found empty: it looked while only the rows of an import lay there that
    was undone.

    By those figures every index of a table is as good as any other, and the foreign keys of what is written next are
    looked up in one that must be read from end to end: a minute for 50,000 rows.
    """
    cursor.execute("SELECT reltuples = 0 AND relpages > 0 FROM pg_class WHERE oid = %s::regclass", [table])
    if cursor.fetchone() == (True,):
        cursor.execute(f"ANALYZE {table}")


def settle() -> None:
    """What autovacuum does within minutes of very many new rows, where it runs: every table is looked at anew, and
    outside a transaction cleaned. Until then the database plans by the figures of before. Nothing on SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")


def _is_named(field: models.Field, example: Batch) -> bool:
    """A hash is named with what it is of; one that was made already may stand in the batch itself."""
    return field.attname in example or (isinstance(field, LookupHashField) and field.source in example)


def _default(field: models.Field) -> str:
    """What stands in a column that no row names."""
    if isinstance(field, EncryptedTextField | LookupHashField):
        return ""
    return _writer(field)(field.get_default())


def _writer(field: models.Field) -> Callable[[Any], str]:
    """How a column that is neither plain text nor encrypted is written."""
    if isinstance(field, models.JSONField):
        return lambda value: EMPTY if value is None else _cell(json.dumps(value, ensure_ascii=False, cls=field.encoder))
    if isinstance(field, TokensField):
        return lambda value: _cell(field.get_db_prep_value(value, connection))
    return lambda value: _cell(field.get_db_prep_save(value, connection))


class _Columns:
    """The columns that rows name, those of a kind together: what a kind needs is looked up once for many cells."""

    def __init__(self, fields: Sequence[models.Field], *, given: Batch) -> None:
        key = [field for field in fields if field.primary_key]
        sealed = [field for field in fields if isinstance(field, EncryptedTextField)]
        hashed = [field for field in fields if isinstance(field, LookupHashField) and field.attname not in given]
        plain = (models.CharField, models.TextField, LookupHashField)
        words = [field for field in fields if type(field) in plain and field not in hashed]
        others = [field for field in fields if field not in (*key, *sealed, *hashed, *words)]
        self.key = key[0].attname if key else ""
        built = [field for field in others if isinstance(field, models.JSONField | TokensField)]
        others = [field for field in others if field not in built]
        self.in_order = [*key, *words, *others, *built, *sealed, *hashed]
        self.words, self.others = [field.attname for field in words], [field.attname for field in others]
        self.built = [(field.attname, _writer(field)) for field in built]
        self.sealed = [(field.attname, field.column_sealer()) for field in sealed]
        self.hashed = [(field.source, field.column_hasher()) for field in hashed]

    def lines(self, batch: Batch, end: str) -> bytes:
        """Rows in COPY's text format, made column by column: each column's work is one loop."""
        rows = map("\t".join, zip(*self._columns(batch), strict=True))
        return (end.join(rows) + end).encode()

    def _columns(self, batch: Batch) -> list[Sequence[str]]:
        keys = list(map(str, batch[self.key])) if self.key else []
        columns: list[Sequence[str]] = [keys] if self.key else []
        columns += [_written(batch[name]) for name in self.words]
        columns += [_cells(batch[name]) for name in self.others]
        columns += [list(map(write, batch[name])) for name, write in self.built]
        columns += [seal(batch[name], keys) for name, seal in self.sealed]
        columns += [hashed(batch[source]) for source, hashed in self.hashed]
        return columns


def _written(words: Sequence[Any]) -> Sequence[str]:
    """Cells of text; what must be escaped is rare, so it is looked for in all of them at once."""
    try:
        text = "".join(words)
    except TypeError:  # NULL is among them
        return [_cell(word) for word in words]
    return words if text.isprintable() and "\\" not in text else [_cell(word) for word in words]


def _cells(values: Sequence[Any]) -> Sequence[str]:
    """Cells of other kinds; the rows of a list often share a moment or a day."""
    first = values[0]
    return [_cell(first)] * len(values) if values.count(first) == len(values) else list(map(_cell, values))


def _cell(value: Any) -> str:
    """A value as PostgreSQL reads it."""
    if type(value) is not str:
        return _other(value)
    return value if value.isprintable() and "\\" not in value else value.translate(ESCAPES)


@lru_cache(maxsize=1024, typed=True)  # moments and days repeat
def _other(value: Any) -> str:
    """A moment, a key, a number, a word of a fixed choice."""
    return EMPTY if value is None else str(value)


class _Stream:
    """What the driver reads from: pieces of some rows, cut to its liking, nothing of them kept."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.piece = pieces, io.BytesIO()

    def read(self, size: int) -> bytes:
        if data := self.piece.read(size):
            return data
        self.piece = io.BytesIO(next(self.pieces, b""))
        return self.piece.read(size)

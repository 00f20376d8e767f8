"""A column of tokens by which its row is found: a tsvector on PostgreSQL, text under an FTS5 table on SQLite.

The column is written and matched, never read. On SQLite triggers keep the FTS5 table in step with it; a migration
makes both (`install`). A later migration that rebuilds the model's table on SQLite must install them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Index, Q
from django.db.models.lookups import Lookup

# A tsvector counts positions no further than 16,383: later tokens start anew, the first of them also go on, so that
# a phrase across the seam is found.
POSITIONS, SEAM = 16_000, 100
# Unassigned characters (Cn) too: ideographs younger than SQLite's own tables.
TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* N* Co Cn'"


@dataclass(frozen=True)
class Phrase:
    """Tokens that stand one after the other; `begins`: of the last one the beginning is enough."""

    tokens: tuple[str, ...]
    begins: bool


class TokensField(models.Field):
    """Tokens of letters and digits, set as a list, None while nobody has. A loaded row answers None."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"null": True, "editable": False})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {key: kwargs[key] for key in kwargs if key not in ("null", "editable")}

    def db_type(self, connection: Any) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002
        if not isinstance(value, Sequence):
            return value
        if connection.vendor != "postgresql":
            return " ".join(value)
        return " ".join(f"'{token}':{_positions(at)}" for at, token in enumerate(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """A row that was loaded keeps its tokens: saving it whole must not empty what was never read."""
        value = super().pre_save(model_instance, add)
        return F(self.attname) if value is None and not add else value

    def select_format(self, compiler: Any, sql: str, params: Any) -> Any:  # noqa: ARG002 - Django's own names
        return "NULL", []


def _positions(at: int) -> str:
    once = at % POSITIONS + 1
    return f"{once},{POSITIONS + once}" if at >= POSITIONS and once <= SEAM else str(once)


class TokensIndex(GinIndex):
    """GIN on PostgreSQL. SQLite has its FTS5 table; there the index holds the rows still without tokens."""

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return super().create_sql(model, schema_editor, using, **kwargs)
        waiting = Index(fields=self.fields, name=self.name, condition=Q(**dict.fromkeys(self.fields)))
        return waiting.create_sql(model, schema_editor, **kwargs)


@TokensField.register_lookup
class Holds(Lookup):
    """Rows whose tokens hold every one of the phrases: `filter(search__holds=phrases)`."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        asked = " & ".join(f"({' <-> '.join(_quoted(one))})" for one in self.rhs)
        return f"{column} @@ %s::tsquery", [*params, asked]

    def as_sql(self, compiler: Any, connection: Any) -> Any:  # noqa: ARG002 - Django's own names
        quote, table = connection.ops.quote_name, _table(self.lhs.target)
        key = f"{quote(self.lhs.alias)}.{quote(self.lhs.target.model._meta.pk.column)}"
        asked = " ".join(f'"{" ".join(one.tokens)}"{"*" if one.begins else ""}' for one in self.rhs)
        return f"{key} IN (SELECT rowid FROM {table} WHERE {table} MATCH %s)", [asked]  # noqa: S608 (names of ours)


def _quoted(phrase: Phrase) -> list[str]:
    found = [f"'{token}'" for token in phrase.tokens]
    return [*found[:-1], f"{found[-1]}:*"] if phrase.begins else found


# ── SQLite's second table ────────────────────────────────────────────────────
def _table(field: Any) -> str:
    return f"{field.model._meta.db_table}_{field.column}"


def _triggers(field: Any) -> dict[str, str]:
    source, key, column, table = field.model._meta.db_table, field.model._meta.pk.column, field.column, _table(field)
    put = f"INSERT INTO {table}(rowid, {column}) VALUES (new.{key}, new.{column});"  # noqa: S608 (names of ours)
    drop = f"INSERT INTO {table}({table}, rowid, {column}) VALUES ('delete', old.{key}, old.{column});"  # noqa: S608
    moments = {"insert": ("INSERT", put), "delete": ("DELETE", drop), "update": (f"UPDATE OF {column}", drop + put)}
    return {
        f"{table}_{name}": f"CREATE TRIGGER {table}_{name} AFTER {moment} ON {source} BEGIN {act} END"
        for name, (moment, act) in moments.items()
    }


def install(connection: Any, field: Any) -> None:
    """Make the FTS5 table of the column, filled, and its triggers; twice is as good as once. Nothing on PostgreSQL."""
    if connection.vendor != "sqlite":
        return
    table, meta = _table(field), field.model._meta
    own = f"content='{meta.db_table}', content_rowid='{meta.pk.column}', tokenize=\"{TOKENIZER}\""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {table} USING fts5({field.column}, {own})")
        cursor.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")  # noqa: S608 (names of ours)
        for name, statement in _triggers(field).items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(statement)


def remove(connection: Any, field: Any) -> None:
    """Take the FTS5 table and its triggers away."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for name in _triggers(field):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(f"DROP TABLE IF EXISTS {_table(field)}")


def is_installed(connection: Any, field: Any) -> bool:
    """Whether the triggers that keep the FTS5 table in step are there; always so on PostgreSQL."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return set(_triggers(field)) <= {row[0] for row in cursor.fetchall()}

"""Puts every encrypted value under the ring's first key and the cipher of the setting, and looks-up hashes anew.

Safe to break off and to run again: a batch is one transaction, what is under the current key is left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Substr

from core import privacy
from core.actions import audit
from core.errors import Refused
from core.fields import EncryptedTextField, LookupHashField, context_of
from core.models import User

BATCH = 200
LOOKED_AT = 200  # rows of a column in a quick look
HELD = 20  # rows in memory at once: an uploaded workbook may be large


@dataclass
class Tally:
    """What was found and done in one column."""

    column: str
    values: int = 0
    waiting: int = 0
    done: int = 0


@dataclass
class Report:
    """A whole run, column by column."""

    columns: list[Tally] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return sum(tally.waiting for tally in self.columns)

    @property
    def done(self) -> int:
        return sum(tally.done for tally in self.columns)

    def as_dict(self) -> dict[str, Any]:
        return {
            "values": sum(tally.values for tally in self.columns),
            "waiting": self.waiting,
            "done": self.done,
            "columns": {each.column: [each.values, each.waiting, each.done] for each in self.columns},
        }


Column = tuple[type[models.Model], EncryptedTextField]
HashColumn = tuple[type[models.Model], LookupHashField]


def encrypted_columns() -> list[Column]:
    """Every encrypted column of every model."""
    return [
        (model, column)
        for model in apps.get_models()
        for column in model._meta.local_fields
        if isinstance(column, EncryptedTextField)
    ]


def hash_columns() -> list[HashColumn]:
    """Every column that holds a look-up hash."""
    return [
        (model, column)
        for model in apps.get_models()
        for column in model._meta.local_fields
        if isinstance(column, LookupHashField)
    ]


# ── keys ─────────────────────────────────────────────────────────────────────


def count() -> Report:
    """How many values there are, and how many wait for the current key. Raises Refused when a key is missing."""
    _no_key_missing()
    return Report([_tally(model, column) for model, column in encrypted_columns()])


def some_wait() -> bool:
    """A quick look for a page: whether a value waits among the last rows by key, a bounded number of each column.

    A rotation goes by key, so what one that broke off left stands at the end; after a new key nearly all wait.
    `count` tells all.
    """
    prefix = privacy.current_prefix()
    for model, column in encrypted_columns():
        begins = Substr(column.name, 1, len(prefix), output_field=models.CharField())
        last = model._default_manager.order_by("-pk").annotate(begins=begins).values_list("begins", flat=True)
        if set(last[:LOOKED_AT]) - {"", prefix}:
            return True
    return False


def rotate(*, by: User) -> Report:
    """Encrypt every waiting value anew and check all of them; returns what was done. Audited at both ends.

    Raises Refused when a key is missing, privacy.DecryptionError when a value was tampered with.
    """
    report = count()
    audit.record("keys.rotate_start", by=by, detail={"to": privacy.current_prefix(), "waiting": report.waiting})
    for (model, column), tally in zip(encrypted_columns(), report.columns, strict=True):
        tally.done = _rotate_column(model, column)
    _verify()
    audit.record("keys.rotate", by=by, detail={"to": privacy.current_prefix(), **report.as_dict()})
    return report


def _no_key_missing() -> None:
    for model, column in encrypted_columns():
        strange = _filled(model, column)
        for name in settings.FIELD_KEYS:
            strange = strange.exclude(**{f"{column.name}__startswith": f"{privacy.VERSION}:{name}:"})
        token = strange.values_list(column.name, flat=True).first()
        if token is not None:
            raise Refused(
                f"{model._meta.verbose_name}的{column.verbose_name}是用密钥「{privacy.key_of(token.token)}」加密的，"
                "而 FIELD_KEYS 里没有这一把，一个值也没有换。",
                hint="把那把旧密钥放回 FIELD_KEYS（排在后面），换完再撤。",
            )


def _filled(model: type[models.Model], column: EncryptedTextField) -> "models.QuerySet[Any]":
    return model._default_manager.exclude(**{column.name: ""})


def _waiting(model: type[models.Model], column: EncryptedTextField) -> "models.QuerySet[Any]":
    return _filled(model, column).exclude(**{f"{column.name}__startswith": privacy.current_prefix()})


def _tally(model: type[models.Model], column: EncryptedTextField) -> Tally:
    name = f"{model._meta.db_table}.{column.column}"
    return Tally(name, values=_filled(model, column).count(), waiting=_waiting(model, column).count())


def _rotate_column(model: type[models.Model], column: EncryptedTextField) -> int:
    """Once from the first row to the last; what is written behind its back under an old key is `_verify`'s to find."""
    done, after = 0, None
    while batch := _rotate_batch(model, column, after):
        done, after = done + len(batch), batch[-1]
    return done


@transaction.atomic
def _rotate_batch(model: type[models.Model], column: EncryptedTextField, after: Any) -> list[Any]:
    """The next rows that wait, locked so that nobody's change is lost; their keys, in order."""
    waiting = _waiting(model, column)
    rest = waiting if after is None else waiting.filter(pk__gt=after)
    keys = list(rest.order_by("pk").values_list("pk", flat=True)[:BATCH])
    for start in range(0, len(keys), HELD):
        held = keys[start : start + HELD]
        rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=held).only("pk", column.name)
        _write(model, column, {row.pk: token for row in rows if (token := _new_token(row, column))})
    return keys


def _new_token(row: models.Model, column: EncryptedTextField) -> str:
    """The same text under the current key, read back before it is believed; empty for a value emptied meanwhile."""
    text, context = getattr(row, column.name), context_of(row, column)
    if not text:
        return ""
    token = privacy.encrypt(text, context=context)
    if privacy.decrypt(token, context=context) != text:
        raise AssertionError(f"{context} does not read as it was")
    return token


def _write(model: type[models.Model], column: "models.Field[Any, Any]", values: dict[Any, str]) -> None:
    """One column of many rows. Plain SQL: a hundred thousand `update()`s cost thirty times the encryption."""
    quote, key = connection.ops.quote_name, model._meta.pk
    table, name, key_name = (quote(str(word)) for word in (model._meta.db_table, column.column, key.column))
    rows = [(value, key.get_db_prep_value(pk, connection)) for pk, value in values.items()]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {name} = %s WHERE {key_name} = %s", rows)  # noqa: S608 (our own names)


def _verify() -> None:
    """Every value opens, and none waits."""
    for model, column in encrypted_columns():
        for row in _filled(model, column).only("pk", column.name).iterator(chunk_size=HELD):
            getattr(row, column.name)
        if _waiting(model, column).exists():
            raise Refused(
                "换密钥的时候又有旧密钥的值写进来。", hint="确认所有进程都用新的 FIELD_KEYS 重启过，再运行一次。"
            )


# ── look-up hashes ───────────────────────────────────────────────────────────


def stale_hashes(*, sample: int = 0) -> Report:
    """How many look-up hashes are not those of the current key and algorithm; of the first `sample` rows, or all."""
    report = Report()
    for model, column in hash_columns():
        tally = Tally(f"{model._meta.db_table}.{column.column}")
        for row in _hashed(model, column, sample):
            tally.values += 1
            tally.waiting += getattr(row, column.name) != _hash(row, column)
        report.columns.append(tally)
    return report


def rebuild_hashes(*, by: User) -> Report:
    """Write every look-up hash anew; all of it or nothing, since half a roster could not be searched."""
    _no_key_missing()
    with transaction.atomic():
        report = Report([_rebuild_column(model, column) for model, column in hash_columns()])
        audit.record("keys.rebuild_lookup", by=by, detail={"hash": settings.FIELD_HASH, **report.as_dict()})
    return report


def _rebuild_column(model: type[models.Model], column: LookupHashField) -> Tally:
    tally = Tally(f"{model._meta.db_table}.{column.column}")
    changed: dict[Any, str] = {}
    for row in _hashed(model, column):
        tally.values += 1
        wanted = _hash(row, column)
        if getattr(row, column.name) != wanted:
            changed[row.pk] = wanted
    keys = list(changed)
    for start in range(0, len(keys), BATCH):
        _write(model, column, {key: changed[key] for key in keys[start : start + BATCH]})
    tally.waiting = tally.done = len(changed)
    return tally


def _hashed(model: type[models.Model], column: LookupHashField, sample: int = 0) -> "Iterator[Any]":
    rows = model._default_manager.exclude(**{column.source: ""}).order_by("pk").only("pk", column.name, column.source)
    return iter(rows[:sample]) if sample else rows.iterator(chunk_size=BATCH)


def _hash(row: models.Model, column: LookupHashField) -> str:
    return column.hash_of(getattr(row, column.source))

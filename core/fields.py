"""Model fields that keep personal data encrypted, and the keyed hash they are found by."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from core import privacy

HASH_LETTERS, PART_LETTERS = 64, 16
PARTS_KEPT = 20_000  # there are eleven thousand endings of four


class SealedValue:
    """An encrypted value as it came from the database; opened on first access, never printed."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __str__(self) -> str:
        return "（已加密）"

    __repr__ = __str__


def context_of(instance: models.Model, field: models.Field) -> str:
    """The place a value is sealed for: table, column, row."""
    return f"{instance._meta.db_table}.{field.column}.{instance.pk}"  # sealer() puts the same together


class _OpeningAttribute(DeferredAttribute):
    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, SealedValue):
            value = privacy.decrypt(value.token, context=context_of(instance, self.field))
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        """Only its being there matters: without it the instance's own dictionary would answer first."""
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text, encrypted at rest and bound to its row; the model needs a key made in Python (UUID).

    Reading decrypts on first access and raises privacy.DecryptionError if the token was changed.
    It cannot be filtered by: put a LookupHashField beside it. `QuerySet.update()` is refused.
    """

    descriptor_class = _OpeningAttribute

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> SealedValue | str | None:
        return SealedValue(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002 - Django passes it by name
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, SealedValue):
            return value
        return SealedValue(privacy.encrypt(value, context=context_of(model_instance, self))) if value else ""

    def sealer(self) -> Callable[[str, str], str]:
        """What the database keeps for a value of the row with a key: sealed(text, key). For very many rows."""
        return privacy.sealer(f"{self.model._meta.db_table}.{self.column}.")

    def column_sealer(self) -> Callable[[Sequence[str], Sequence[str]], list[str]]:
        """The same for many rows at once: sealed(texts, keys)."""
        return privacy.column_sealer(f"{self.model._meta.db_table}.{self.column}.")

    def opener(self) -> Callable[[Any, str], str]:
        """The clear text of what `values_list` gave for the row with a key: opened(value, key). For very many rows."""
        place, decrypt = f"{self.model._meta.db_table}.{self.column}.", privacy.decrypt
        return lambda value, key: decrypt(value.token, context=place + key) if value else ""

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, SealedValue):
            return value.token
        if value:
            raise TypeError(f"{self.name} is encrypted per row: set it on an instance and save()")
        return ""


class _Kept(dict[str, str]):
    """Hashes by what was hashed, each made once."""

    def __init__(self, hashed: Callable[[str], str]) -> None:
        super().__init__()
        self.hashed = hashed

    def __missing__(self, text: str) -> str:
        made = self.hashed(text)
        if len(self) < PARTS_KEPT:
            self[text] = made
        return made


class LookupHashField(models.CharField):
    """Keyed hash of another field of the row, kept in step at every save; `label` separates kinds of value.

    `part` takes from the value what is hashed (its last four digits); the default is all of it. The beginning of a
    part's hash is enough to find it by: there are few parts, and it names nobody by itself.
    """

    def __init__(self, *, source: str, label: str, part: Callable[[str], str] | None = None, **kwargs: Any) -> None:
        self.source, self.label, self.part = source, label, part
        kwargs.setdefault("max_length", HASH_LETTERS)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("db_index", True)
        super().__init__(**kwargs | {"verbose_name": "检索用哈希"})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("verbose_name")
        part = {"part": self.part} if self.part else {}
        silent = {"db_index": False}  # what Django leaves out, as it is its own default
        return name, path, args, silent | kwargs | {"source": self.source, "label": self.label} | part

    def hash_of(self, value: str) -> str:
        """What stands in the column for a value of the source field."""
        return self._hash_of_part(self.part(value)) if self.part else privacy.lookup_hash(self.label, value)

    def _hash_of_part(self, part: str) -> str:
        return privacy.lookup_hash(self.label, part)[:PART_LETTERS]

    def column_hasher(self) -> Callable[[Sequence[str]], list[str]]:
        """`hash_of` for very many values. Parts repeat, so each is hashed once."""
        if self.part is None:
            return privacy.column_hasher(self.label)
        part, kept = self.part, _Kept(self._hash_of_part)
        return lambda values: [kept[one] for one in map(part, values)]

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002 - Django passes it by name
        value = model_instance.__dict__.get(self.source)
        if not isinstance(value, SealedValue):
            setattr(model_instance, self.attname, self.hash_of(value or ""))
        return getattr(model_instance, self.attname)

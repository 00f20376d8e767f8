"""The audit trail in words: what a row says, its codes replaced by the words that every app holds for its own.

Reading a page costs at most one query for each kind of row that its facts name (divisions, accounts, types).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone

from core.audit_words import DIVISIONS, PAGES, SUBJECT, USERS, Act, AuditWords, Fact, Rows
from core.choices import Role
from core.clock_face import cn_full_date
from core.models import AuditEntry, User

ISO_DATE, ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT.+")
UUID_FORM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-.+")
ID_SHOWN = 8
PAIRS_SHOWN, ITEMS_SHOWN = 5, 12  # of a long fact; the row holds all
OLD, NEW = "old", "new"
NOTHING = "（空）"
EMPTY: tuple[Any, ...] = (None, "", [], {})
ACCOUNT = User._meta.label_lower
ADMIN_PAGE = re.compile(r"admin:([a-z]+_[a-z]+)_\w+")

Names = Mapping[Rows, Mapping[str, str]]


class Said(NamedTuple):
    """A fact in words; a code is shown small."""

    name: str
    text: str
    is_code: bool = False


@dataclass(frozen=True)
class Line:
    """A row of the trail in words."""

    entry: AuditEntry
    act: str
    role: str
    thing: str
    called: str
    town: str
    facts: tuple[Said, ...]


# ── the words of all apps ────────────────────────────────────────────────────
def words_by_app() -> Iterator[tuple[str, AuditWords]]:
    """The Chinese name of every app that has words, and its words."""
    for config in apps.get_app_configs():
        words = getattr(config, "audit_words", None)
        if words is not None:
            yield str(config.verbose_name), words


@cache
def acts() -> dict[str, Act]:
    """Every act that has words, by the name it is stored under."""
    return {name: act for _, words in words_by_app() for name, act in words.acts.items()}


@cache
def listed(name: str) -> dict[str, str]:
    """A list that several apps fill; the pages are one."""
    found: dict[str, str] = {}
    for _, words in words_by_app():
        found |= words.pages if name == PAGES else words.lists.get(name, {})
    return found


@cache
def _kinds() -> dict[str, type[models.Model]]:
    return {model._meta.label_lower: model for model in apps.get_models()}


def kinds() -> dict[str, str]:
    """Chinese names of the kinds of things, by model label."""
    return {label: str(model._meta.verbose_name) for label, model in _kinds().items()}


# ── facts of a row ───────────────────────────────────────────────────────────
def facts_of(entry: AuditEntry) -> dict[str, Any]:
    """What the act wrote down, by name; of an old and a new state only what changed, as old and new of each fact."""
    detail = dict(entry.detail)
    old, new = detail.get(OLD), detail.get(NEW)
    if not isinstance(new, dict):
        return detail
    rest = {name: value for name, value in detail.items() if name not in (OLD, NEW)}
    if not isinstance(old, dict):
        return rest | {name: value for name, value in new.items() if value not in ("", None)}
    changed = {name: {OLD: old.get(name), NEW: new.get(name)} for name in {**old, **new}}
    return rest | {name: pair for name, pair in changed.items() if pair[OLD] != pair[NEW]}


def fact_words(entry: AuditEntry, name: str) -> Fact:
    """The words of a fact of the row; a fact nobody has words for keeps its code."""
    act = acts().get(entry.action)
    fact = act.facts.get(name) if act else None
    return fact or Fact(name)


# ── reading a page ───────────────────────────────────────────────────────────
def read(entries: Iterable[AuditEntry]) -> list[Line]:
    """The rows in words."""
    rows = list(entries)
    names = _names_of(_wanted(rows))
    return [_line(entry, names) for entry in rows]


def _line(entry: AuditEntry, names: Names) -> Line:
    act = acts().get(entry.action)
    return Line(
        entry=entry,
        act=act.name if act else entry.action,
        role=str(Role(entry.actor_role).label) if entry.actor_role in Role.values else entry.actor_role,
        thing=kinds().get(entry.subject_label, entry.subject_label),
        called=_called(entry, names),
        town=names.get(DIVISIONS, {}).get(entry.division_code, entry.division_code),
        facts=tuple(_said(entry, name, value, names) for name, value in facts_of(entry).items() if value not in EMPTY),
    )


def _called(entry: AuditEntry, names: Names) -> str:
    """An account by its name, anything else by what identifies it, shortened."""
    known = names.get(USERS, {}).get(entry.subject_id) if entry.subject_label == ACCOUNT else None
    return known or shortened(entry.subject_id)


def _said(entry: AuditEntry, name: str, value: Any, names: Names) -> Said:
    fact = fact_words(entry, name)
    return Said(fact.name, _Reader(names, entry.subject_label).text(fact, value), fact.is_code)


def shortened(code: str) -> str:
    """The first letters of a long identifier."""
    return code[:ID_SHOWN] if len(code) > 2 * ID_SHOWN or UUID_FORM.fullmatch(code) else code


@dataclass(frozen=True)
class _Reader:
    """Says values of facts, given the names of the rows they may name and the kind of thing of the act."""

    names: Names
    subject: str

    def text(self, fact: Fact, value: Any) -> str:
        """A value of any shape in words."""
        if fact.say is not None:
            return fact.say(value)
        if isinstance(value, dict):
            return self._pairs(fact, value)
        if isinstance(value, list):
            return _series([self.text(fact, each) for each in value[:ITEMS_SHOWN]], "、", of=len(value))
        return self._one(fact, value)

    def _pairs(self, fact: Fact, value: dict[str, Any]) -> str:
        if value and set(value) <= {OLD, NEW}:
            return f"{self.text(fact, value.get(OLD))} → {self.text(fact, value.get(NEW))}"
        shown = list(value.items())[:PAIRS_SHOWN]
        return _series([self._pair(fact, name, inner) for name, inner in shown], "；", of=len(value))

    def _pair(self, fact: Fact, name: str, inner: Any) -> str:
        part = fact.parts.get(name)
        if part is None:
            return f"{self._one(fact, name)}：{self.text(fact, inner)}"
        return f"{part.name}：{self._before_after(part, inner)}"

    def _before_after(self, part: Fact, inner: Any) -> str:
        """A list of two in a change is the old and the new."""
        if isinstance(inner, list) and len(inner) == 2:  # noqa: PLR2004 (old and new)
            return f"{self.text(part, inner[0])} → {self.text(part, inner[1])}"
        return self.text(part, inner)

    def _one(self, fact: Fact, value: Any) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        if value in (None, ""):
            return NOTHING
        code = str(value)
        said = fact.words.get(code) or self._from_lists(fact, code)
        return said or _day(code) or (shortened(code) if fact.is_code or UUID_FORM.fullmatch(code) else code)

    def _from_lists(self, fact: Fact, code: str) -> str:
        if fact.rows is not None and (named := self.names.get(fact.rows, {}).get(code)):
            return named
        if fact.listed and (named := listed(fact.listed).get(code) or _admin_page(code)):
            return named
        return field_name(self.subject if fact.fields == SUBJECT else fact.fields, code) if fact.fields else ""


def _series(parts: list[str], joined_by: str, *, of: int) -> str:
    shown = joined_by.join(parts) or NOTHING
    return shown if len(parts) == of else f"{shown}{joined_by}…共 {of} 项"


def _day(code: str) -> str:
    try:
        if ISO_DATE.fullmatch(code):
            return cn_full_date(date.fromisoformat(code))
        if ISO_MOMENT.fullmatch(code):
            moment = datetime.fromisoformat(code)
            local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
            return f"{cn_full_date(local.date())} {local:%H:%M}"
    except ValueError:
        pass
    return ""


def field_name(label: str, name: str) -> str:
    """What a field of a model is called; nothing for a name that is none."""
    model = _kinds().get(label)
    try:
        found = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return ""
    return str(found.verbose_name) if isinstance(found, models.Field) else ""


def _admin_page(view: str) -> str:
    found = ADMIN_PAGE.fullmatch(view)
    return f"配置：{kinds().get(found[1].replace('_', '.', 1), '')}" if found else ""


# ── names of rows, fetched once a page ───────────────────────────────────────
def _wanted(entries: list[AuditEntry]) -> dict[Rows, set[str]]:
    wanted: dict[Rows, set[str]] = defaultdict(set)
    for entry in entries:
        wanted[DIVISIONS].add(entry.division_code)
        if entry.subject_label == ACCOUNT:
            wanted[USERS].add(entry.subject_id)
        for name, value in facts_of(entry).items():
            _collect(fact_words(entry, name), value, wanted)
    return wanted


def _collect(fact: Fact, value: Any, wanted: dict[Rows, set[str]]) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _collect(fact.parts.get(name, fact), inner, wanted)
    elif isinstance(value, list):
        for inner in value:
            _collect(fact, inner, wanted)
    elif fact.rows is not None and value not in (None, "", True, False):
        wanted[fact.rows].add(str(value))


def _names_of(wanted: Mapping[Rows, set[str]]) -> Names:
    return {rows: _fetched(rows, keys - {""}) for rows, keys in wanted.items() if keys - {""}}


def _fetched(rows: Rows, keys: set[str]) -> dict[str, str]:
    model = _kinds()[rows.model]
    by = model._meta.pk if rows.by == "pk" else model._meta.get_field(rows.by)
    assert isinstance(by, models.Field)
    fitting = [key for key in keys if not isinstance(by, models.IntegerField) or key.isdecimal()]
    found = model._base_manager.filter(**{f"{by.name}__in": fitting})
    return {str(getattr(row, by.attname)): str(getattr(row, rows.say) if rows.say else row) for row in found}

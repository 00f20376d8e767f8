"""The four-ones standard as a pure rule: what a point had on a day, as known on another day.

Two times, as `roster.spans` has them: reading "as known on" K drops what was written after K, ends of terms included.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from liaison.choices import COUNTED_LEVELS, CheckLevel, StandardKey, SystemKind
from roster.spans import Span, unbroken_since

RECHECK_AFTER = timedelta(days=365)
HOW_TO_MEET = {
    StandardKey.OFFICE: "先由镇（街）联络人员报办公室的照片和启用日。",
    StandardKey.PLAQUE: "先由镇（街）联络人员报挂牌照片和挂牌日。",
    StandardKey.OFFICER: "先在名册里写明联络人员的任职。",
    StandardKey.RULES: "先把六项制度的文本录齐。",
}


@dataclass(frozen=True)
class Evidence:
    """One report of the office or the plaque."""

    key: str
    span: Span
    id: int = 0
    note: str = ""


@dataclass(frozen=True)
class Text:
    """One version of the text of a working system."""

    kind: str
    span: Span
    id: int = 0


@dataclass(frozen=True)
class Term:
    """One term of office of a liaison officer."""

    name: str
    span: Span


@dataclass(frozen=True)
class Check:
    """The county found one of the four-ones in place."""

    key: str
    level: str
    checked_on: date
    recorded_on: date
    by: str = ""


@dataclass(frozen=True)
class Facts:
    """All that is written down about one point."""

    items: Sequence[Evidence] = ()
    checks: Sequence[Check] = ()
    systems: Sequence[Text] = ()
    officers: Sequence[Term] = ()


@dataclass(frozen=True)
class ItemStatus:
    """One of the four on the day. `counted_since` is the first day of the unbroken stretch in which it counts."""

    key: StandardKey
    since: date | None = None
    level: CheckLevel | None = None
    counted_since: date | None = None
    last_check: Check | None = None
    evidence_id: int | None = None
    note: str = ""
    names: tuple[str, ...] = ()
    late: bool = False
    check_expired: bool = False

    @property
    def met(self) -> bool:
        """There on the day, whoever says so."""
        return self.since is not None

    @property
    def counts(self) -> bool:
        """There and checked by the county; the officer needs no check beyond the roster."""
        return self.counted_since is not None

    @property
    def self_reported(self) -> bool:
        return self.met and not self.counts


@dataclass(frozen=True)
class SystemStatus:
    kind: SystemKind
    adopted_on: date | None = None
    text_id: int | None = None


@dataclass(frozen=True)
class PointStatus:
    """A point on a day: 已建成 when all four count."""

    items: tuple[ItemStatus, ...]
    systems: tuple[SystemStatus, ...]

    def item(self, key: str) -> ItemStatus:
        return next(item for item in self.items if item.key == key)

    @property
    def officer(self) -> ItemStatus:
        return self.item(StandardKey.OFFICER)

    @property
    def gaps(self) -> tuple[ItemStatus, ...]:
        """What keeps the point from 已建成: not there, or not checked."""
        return tuple(item for item in self.items if not item.counts)

    @property
    def built(self) -> bool:
        return all(item.counts for item in self.items)

    @property
    def built_since(self) -> date | None:
        """First day of the unbroken stretch in which all four count."""
        days = [item.counted_since for item in self.items if item.counted_since]
        return max(days) if len(days) == len(self.items) else None

    @property
    def self_built(self) -> bool:
        """All four are there, but at least one only by the town's own word."""
        return all(item.met for item in self.items) and not self.built

    @property
    def counted(self) -> int:
        return sum(item.counts for item in self.items)

    @property
    def missing(self) -> tuple[StandardKey, ...]:
        """The keys of the gaps."""
        return tuple(item.key for item in self.gaps)

    @property
    def adopted(self) -> int:
        return sum(system.adopted_on is not None for system in self.systems)

    @property
    def late(self) -> tuple[StandardKey, ...]:
        """Items that stand on a 补录."""
        return tuple(item.key for item in self.items if item.late)


def point_status(facts: Facts, *, on: date, known_on: date | None = None, late_after: int = 7) -> PointStatus:
    """What the point had on `on`, as the books stood on `known_on` (default: with all that is written today).

    A check counts from the day it was made, for the stretch it fell into: a check of the old office says nothing
    about the new one. `late_after` days between true and written make a 补录.
    """
    reader = _Reader(on, timedelta(days=late_after), _as_known(facts, known_on))
    return PointStatus(
        items=(
            reader.evidenced(StandardKey.OFFICE),
            reader.evidenced(StandardKey.PLAQUE),
            reader.officer(),
            reader.rules(),
        ),
        systems=tuple(reader.system(kind) for kind in SystemKind),
    )


def _as_known(facts: Facts, known_on: date | None) -> Facts:
    if known_on is None:  # officers alone can be struck out
        return replace(facts, officers=[term for term in facts.officers if not term.span.voided_on])
    return Facts(
        [Evidence(e.key, span, e.id, e.note) for e in facts.items if (span := e.span.as_known_on(known_on))],
        [check for check in facts.checks if check.recorded_on <= known_on],
        [Text(t.kind, span, t.id) for t in facts.systems if (span := t.span.as_known_on(known_on))],
        [Term(o.name, span) for o in facts.officers if (span := o.span.as_known_on(known_on))],
    )


@dataclass(frozen=True)
class _Reader:
    on: date
    late_after: timedelta
    facts: Facts

    def evidenced(self, key: StandardKey) -> ItemStatus:
        found = [e for e in self.facts.items if e.key == key and e.span.holds_on(self.on)]
        if not found:
            return ItemStatus(key)
        evidence = max(found, key=lambda e: e.span.since)
        return self._checked(key, evidence.span.since, [evidence.span], evidence_id=evidence.id, note=evidence.note)

    def rules(self) -> ItemStatus:
        """Met from the day the sixth text was adopted."""
        spans = {kind: [t.span for t in self.facts.systems if t.kind == kind] for kind in SystemKind}
        since = [unbroken_since(of_kind, self.on) for of_kind in spans.values()]
        adopted = [day for day in since if day]
        if len(adopted) < len(SystemKind):
            return ItemStatus(StandardKey.RULES)
        in_force = [span for of_kind in spans.values() for span in of_kind if span.holds_on(self.on)]
        return self._checked(StandardKey.RULES, max(adopted), in_force)

    def officer(self) -> ItemStatus:
        spans = [term.span for term in self.facts.officers]
        since = unbroken_since(spans, self.on)
        if since is None:
            return ItemStatus(StandardKey.OFFICER)
        serving = [term for term in self.facts.officers if term.span.holds_on(self.on)]
        return ItemStatus(
            StandardKey.OFFICER,
            since,
            counted_since=since,
            names=tuple(term.name for term in serving),
            late=all(term.span.is_late(self.late_after) for term in serving),
        )

    def system(self, kind: SystemKind) -> SystemStatus:
        found = [t for t in self.facts.systems if t.kind == kind and t.span.holds_on(self.on)]
        if not found:
            return SystemStatus(kind)
        text = max(found, key=lambda t: t.span.since)
        return SystemStatus(kind, text.span.since, text.id)

    def _checked(
        self, key: StandardKey, since: date, spans: Sequence[Span], *, evidence_id: int | None = None, note: str = ""
    ) -> ItemStatus:
        checks = sorted(
            (c for c in self.facts.checks if c.key == key and since <= c.checked_on <= self.on),
            key=lambda c: (c.checked_on, COUNTED_LEVELS.index(CheckLevel(c.level))),
        )
        last = checks[-1] if checks else None
        check_late = bool(checks) and all(c.recorded_on - c.checked_on > self.late_after for c in checks)
        return ItemStatus(
            key,
            since,
            level=CheckLevel(last.level) if last else CheckLevel.SELF_REPORTED,
            counted_since=checks[0].checked_on if checks else None,
            last_check=last,
            evidence_id=evidence_id,
            note=note,
            late=check_late or any(span.is_late(self.late_after) for span in spans),
            check_expired=last is not None and self.on - last.checked_on > RECHECK_AFTER,
        )

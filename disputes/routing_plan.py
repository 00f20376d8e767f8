"""What becomes of the routing table when one rule is added or changed, and of disputes under it. Pure."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Protocol

from disputes.routing import Facts, Route, Row, propose
from disputes.routing_cover import Known, asking

STEP, ORDER_MAX = 10, 32_000
FIRST = "(first)"  # as `after`: before every other rule
NEW = "(new)"  # as `key`: a rule that is not in the table yet


class Rule(Row, Protocol):
    """A row of the whole table, those switched off too."""

    @property
    def order(self) -> int: ...
    @property
    def enabled(self) -> bool: ...


@dataclass(frozen=True)
class Draft:
    """A rule as somebody wants it; `key` is NEW for a new one, `after` the key of the rule before it."""

    key: str
    conditions: Mapping[str, Any]
    destination: str
    reason: str
    enabled: bool
    after: str = FIRST


@dataclass(frozen=True)
class Move:
    """Disputes that another rule decides, or the same one otherwise: from which route to which, and how many."""

    old: Route
    new: Route
    count: int

    @property
    def goes_elsewhere(self) -> bool:
        """Whether the destination differs; else only the rule behind it does."""
        return self.old.destination != self.new.destination


def with_draft(table: Sequence[Rule], draft: Draft) -> list[Rule | Draft]:
    """The table in its new order, the draft in its place. A rule to follow that is gone puts the draft last."""
    others: list[Rule | Draft] = [rule for rule in table if rule.key != draft.key]
    place = place_of(draft, [one.key for one in others])
    return [*others[:place], draft, *others[place:]]


def place_of(draft: Draft, others: Sequence[str]) -> int:
    """Where among the other rules the draft stands, counted from 0."""
    if draft.after == FIRST:
        return 0
    return others.index(draft.after) + 1 if draft.after in others else len(others)


def orders_with(others: Sequence[int], place: int) -> list[int]:
    """The order numbers of the whole table with one more at `place`.

    The others keep theirs while there is a number between: a rule whose number moves counts as edited by hand,
    and no longer follows the shipped table. Without room, or with equal numbers, all are counted anew in tens.
    """
    before = others[place - 1] if place else 0
    behind = others[place] if place < len(others) else before + 2 * STEP
    middle = (before + behind) // 2
    rising = all(one < two for one, two in pairwise(others))
    if rising and before < middle < behind and middle <= ORDER_MAX:
        return [*others[:place], middle, *others[place:]]
    return [STEP * number for number in range(1, len(others) + 2)]


def takes_the_rest(rule: Rule | Draft) -> bool:
    """On, and without conditions: whatever comes to it, now and when types or villages are added, it decides."""
    return rule.enabled and not rule.conditions


def takes_everything(rule: Rule | Draft, known: Known) -> bool:
    """On, and without a condition that any dispute of today fails: none, or those that always hold."""
    return rule.enabled and not asking(rule.conditions, known)


def loses_the_rest(table: Sequence[Rule], draft: Draft) -> bool:
    """Whether with the draft no rule would take what no other rule takes, where one does now."""
    return any(map(takes_the_rest, table)) and not any(map(takes_the_rest, with_draft(table, draft)))


def never_reached(table: Sequence[Rule | Draft], known: Known) -> set[str]:
    """The keys of rules that stand behind one that takes everything."""
    keys = [rule.key for rule in table]
    stop = next((place for place, rule in enumerate(table) if takes_everything(rule, known)), len(keys))
    return set(keys[stop + 1 :])


def newly_idle(table: Sequence[Rule], draft: Draft, known: Known) -> set[str]:
    """The keys of rules that are on, could decide before, and with the draft stand behind one that takes everything."""
    after = with_draft(table, draft)
    on = {rule.key for rule in after if rule.enabled and asking(rule.conditions, known)}
    return (never_reached(after, known) & on) - never_reached(table, known)


def ahead_of_danger(table: Sequence[Rule], known: Known) -> set[str]:
    """The keys of rules that decide before the one for all pressing matters is asked, and send them elsewhere than it.

    What cannot be mediated goes to another door first, however pressing: that is meant.
    """
    on = [rule for rule in table if rule.enabled]
    danger = next((place for place, rule in enumerate(on) if set(asking(rule.conditions, known)) == {"risk_min"}), 0)
    return {
        rule.key
        for rule in on[:danger]
        if rule.destination != on[danger].destination and rule.conditions.get("suitable") is not False
    }


def moves(cases: Iterable[Facts], table: Sequence[Rule], draft: Draft) -> list[Move]:
    """What the draft changes for these cases: the most frequent first."""
    now, then = _deciding(table), _deciding(with_draft(table, draft))
    counted: Counter[tuple[Route, Route]] = Counter()
    for facts in cases:
        old, new = propose(facts, now), propose(facts, then)
        if (old.rule_key, old.destination) != (new.rule_key, new.destination):
            counted[old, new] += 1
    return [Move(old, new, count) for (old, new), count in counted.most_common()]


def _deciding(table: Iterable[Rule | Draft]) -> list[Row]:
    return [rule for rule in table if rule.enabled]


def last_month(today: date) -> tuple[date, date]:
    """The first and the last day of the calendar month before this one."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


# ── telling whether somebody changed anything ────────────────────────────────
def mark_of_table(table: Iterable[Rule]) -> str:
    """A short text that differs as soon as anything of the table does."""
    columns = ("key", "order", "conditions", "destination", "reason", "enabled")
    return _hashed([[getattr(rule, name) for name in columns] for rule in table])


def mark_of_draft(draft: Draft) -> str:
    """The same for what is wanted of one rule."""
    return _hashed(asdict(draft))


def _hashed(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]

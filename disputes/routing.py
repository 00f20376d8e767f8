"""Where a dispute goes: ordered rows, the first that fits decides. Pure: facts and rows in, a route out.

A row's conditions are plain data, so that an admin can edit them: `case_types`, `sources`, `villages` (lists),
`amount_min`, `amount_max` (yuan, both included), `cross_town`, `suitable` (true or false), `risk_min`
(low, medium, high), `earlier_failures_min`. What a row does not name it does not ask.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

RISKS = ("low", "medium", "high")


class Row(Protocol):
    """One row of the table, in the table's order."""

    @property
    def key(self) -> str: ...
    @property
    def conditions(self) -> Mapping[str, Any]: ...
    @property
    def destination(self) -> str: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True)
class Facts:
    """What routing looks at. `amount` in yuan, None when nobody named one."""

    case_type: str
    risk: str = "low"
    suitable: bool = True
    amount: Decimal | None = None
    village: str = ""
    source: str = ""
    cross_town: bool = False
    earlier_failures: int = 0


def is_cross_town(town_code: str, home_towns: Iterable[str]) -> bool:
    """Whether the parties come from more than one town (9-digit codes).

    Who did not say is taken to be of the dispute's own town; without parties there is only that one.
    """
    return len({home or town_code for home in home_towns}) > 1


@dataclass(frozen=True)
class Route:
    """The proposal: a destination, the row that decided, and its reason as a Chinese sentence."""

    destination: str
    rule_key: str
    reason: str


NO_RULE = Route("town", "", "没有规则适用，先由镇（街）联络点调解。")


def propose(facts: Facts, rows: Iterable[Row]) -> Route:
    """The route of the first row whose every condition holds; the town's point when none does."""
    for row in rows:
        if fits(facts, row.conditions):
            return Route(str(row.destination), row.key, row.reason)
    return NO_RULE


@dataclass(frozen=True)
class Looked:
    """A row that was looked at, and the names of its conditions that did not hold; without any it decides."""

    row: Row
    failed: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """Why a route was proposed: every row up to the one that decided, in order. Without such a row, all of them."""

    route: Route
    looked: tuple[Looked, ...]

    @property
    def passed_over(self) -> tuple[Looked, ...]:
        """The rows that stand before the one that decided."""
        return tuple(one for one in self.looked if one.failed)

    @property
    def decided(self) -> Looked | None:
        """The row that decided; None when no row fits."""
        return next((one for one in self.looked if not one.failed), None)


def explain(facts: Facts, rows: Iterable[Row]) -> Explanation:
    """The route that `propose` gives, with what each row looked at lacked. Raises KeyError as `fits` does."""
    looked = []
    for row in rows:
        looked.append(Looked(row, failing(facts, row.conditions)))
        if not looked[-1].failed:
            return Explanation(Route(str(row.destination), row.key, row.reason), tuple(looked))
    return Explanation(NO_RULE, tuple(looked))


def failing(facts: Facts, conditions: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the conditions that do not hold. Raises KeyError for a condition nobody knows."""
    return tuple(name for name, wanted in conditions.items() if not TESTS[name](facts, wanted))


def fits(facts: Facts, conditions: Mapping[str, Any]) -> bool:
    """Whether every condition holds. Raises KeyError for a condition nobody knows."""
    return all(TESTS[name](facts, wanted) for name, wanted in conditions.items())


def _amount_at_least(facts: Facts, least: Any) -> bool:
    return facts.amount is not None and facts.amount >= Decimal(str(least))


def _amount_at_most(facts: Facts, most: Any) -> bool:
    """An amount nobody named counts as small."""
    return facts.amount is None or facts.amount <= Decimal(str(most))


TESTS: dict[str, Callable[[Facts, Any], bool]] = {
    "case_types": lambda facts, wanted: facts.case_type in wanted,
    "sources": lambda facts, wanted: facts.source in wanted,
    "villages": lambda facts, wanted: facts.village in wanted,
    "amount_min": _amount_at_least,
    "amount_max": _amount_at_most,
    "cross_town": lambda facts, wanted: facts.cross_town is wanted,
    "suitable": lambda facts, wanted: facts.suitable is wanted,
    "risk_min": lambda facts, wanted: RISKS.index(facts.risk) >= RISKS.index(wanted),
    "earlier_failures_min": lambda facts, wanted: facts.earlier_failures >= wanted,
}

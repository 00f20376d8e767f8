"""What the routing table and the facts it looks at are called on screen. Pure: names are handed in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from disputes.choices import Risk, Source
from disputes.routing import Facts, Looked
from disputes.routing_cover import Known

VILLAGES_SHOWN = 6
ALWAYS = "其余全部"


@dataclass(frozen=True)
class Names:
    """What case types (by key) and villages (by code) are called, and what there is of them."""

    case_types: Mapping[str, str] = field(default_factory=dict)
    villages: Mapping[str, str] = field(default_factory=dict)
    known: Known = field(default_factory=Known)


@dataclass(frozen=True)
class Lacked:
    """A condition that did not hold: what the rule asks, and what is so."""

    asked: str
    found: str


def said(conditions: Mapping[str, Any], names: Names) -> tuple[str, ...]:
    """The conditions of a row, each in words, in the order of the form; for a row without any, that it takes the rest.

    A condition nobody has words for is shown as it is stored.
    """
    known = [ASKED[name](conditions[name], names) for name in ASKED if name in conditions]
    strange = [f"{name}：{wanted}" for name, wanted in conditions.items() if name not in ASKED]
    return (*known, *strange) or (ALWAYS,)


def lacking(looked: Looked, facts: Facts, names: Names) -> tuple[Lacked, ...]:
    """Why a row was passed over: each condition that did not hold, beside what is so."""
    conditions = looked.row.conditions
    return tuple(Lacked(ASKED[name](conditions[name], names), FOUND[name](facts, names)) for name in looked.failed)


def money(amount: Any) -> str:
    """48,000 元; cents only where there are some."""
    sum_ = Decimal(str(amount))
    return f"{sum_:,.0f} 元" if sum_ == sum_.to_integral_value() else f"{sum_:,.2f} 元"


def _listed(label: str, wanted: Iterable[str], words: Mapping[str, str], most: int) -> str:
    called = [words.get(one, one) for one in wanted]
    rest = f"等 {len(called)} 个" if len(called) > most else ""
    return f"{label}：{'、'.join(called[:most])}{rest}"


def _amount(facts: Facts, names: Names) -> str:  # noqa: ARG001 - one shape for all
    return "没有填标的额" if facts.amount is None else f"标的额 {money(facts.amount)}"


SOURCES = {key: str(label) for key, label in Source.choices}
RISKS = {key: str(label) for key, label in Risk.choices}
ASKED: dict[str, Callable[[Any, Names], str]] = {
    "case_types": lambda wanted, names: _listed("类型", wanted, names.case_types, len(wanted)),
    "sources": lambda wanted, _: _listed("来源", wanted, SOURCES, len(wanted)),
    "villages": lambda wanted, names: _listed("村（社区）", wanted, names.villages, VILLAGES_SHOWN),
    "amount_min": lambda least, _: f"标的额 {money(least)}以上（含）",
    "amount_max": lambda most, _: f"标的额 {money(most)}以下（含），没有填标的额的也算",
    "risk_min": lambda least, _: "风险不限" if least == Risk.LOW else f"风险：{RISKS[least]}{_or_more(least)}",
    "suitable": lambda wanted, _: "适宜调解" if wanted else "不宜调解",
    "cross_town": lambda wanted, _: "当事人分属两个镇（街）" if wanted else "当事人在同一个镇（街）",
    "earlier_failures_min": lambda least, _: f"同一当事人以前调解不成 {least} 次以上（含）",
}
FOUND: dict[str, Callable[[Facts, Names], str]] = {
    "case_types": lambda facts, names: f"类型是{names.case_types.get(facts.case_type, facts.case_type)}",
    "sources": lambda facts, _: f"来源是{SOURCES[facts.source]}" if facts.source in SOURCES else "没有选来源",
    "villages": lambda facts, names: (
        f"在{names.villages.get(facts.village, facts.village)}" if facts.village else "没有选村（社区）"
    ),
    "amount_min": _amount,
    "amount_max": _amount,
    "risk_min": lambda facts, _: f"风险是{RISKS[facts.risk]}",
    "suitable": lambda facts, _: "适宜调解" if facts.suitable else "不宜调解",
    "cross_town": lambda facts, _: "分属两个镇（街）" if facts.cross_town else "在同一个镇（街）",
    "earlier_failures_min": lambda facts, _: (
        f"以前调解不成 {facts.earlier_failures} 次" if facts.earlier_failures else "以前没有调解不成过"
    ),
}


def _or_more(least: str) -> str:
    return "" if least == Risk.HIGH else "以上（含）"

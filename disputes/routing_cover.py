"""Which conditions of a routing rule ask anything at all: some hold for every dispute there can be. Pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from disputes.choices import Risk, Source
from disputes.limits import AMOUNT_MAX


@dataclass(frozen=True)
class Known:
    """What a dispute can be of: every case type in use (keys) and every village (codes)."""

    case_types: Collection[str] = ()
    villages: Collection[str] = ()


def asking(conditions: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The conditions that some dispute fails. Without any, the rule takes whatever comes to it."""
    return {name: wanted for name, wanted in conditions.items() if not holds_always(name, wanted, known)}


def holds_always(name: str, wanted: Any, known: Known) -> bool:
    """Whether no dispute fails the condition. One that nobody knows asks something: better than to overlook it."""
    return name in ALWAYS and ALWAYS[name](wanted, known)


def _all_of(every: Collection[str], wanted: Collection[str]) -> bool:
    """Of nothing known, nothing can be said."""
    return bool(every) and set(every) <= set(wanted)


# a least sum is no condition of these, not even 0: it lets go by what nobody named a sum for
ALWAYS: dict[str, Callable[[Any, Known], bool]] = {
    "case_types": lambda wanted, known: _all_of(known.case_types, wanted),
    "sources": lambda wanted, _: _all_of(Source.values, wanted),
    "villages": lambda wanted, known: _all_of(known.villages, wanted),
    "amount_max": lambda most, _: Decimal(str(most)) >= AMOUNT_MAX,
    "risk_min": lambda least, _: least == Risk.LOW,
    "earlier_failures_min": lambda least, _: least <= 0,
}

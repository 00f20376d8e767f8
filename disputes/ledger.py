"""The ledger's filter: the query parameters of its address, understood. Pure.

town village type state outcome risk source handler due from to closed_from closed_to open_on late joint sort q s;
dates are inclusive days; `state` also takes `open`, `outcome` also `tried` (agreed or failed); `handler` takes `me`,
`none` or the key of an account, `late` and `joint` take `1`, `due` takes `late`, `week` or `any` (an open period).
`q` is a code, `s` a sealed search (personal data never stands in an address).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.addresses import number_in
from disputes.choices import OPEN_STATES, TRIED, DisputeState, Outcome, Risk, Source
from disputes.search import is_code

OPEN, TRIED_BOTH, ME, NOBODY = "open", "tried", "me", "none"
DATES = {
    "from": "登记日从",
    "to": "登记日到",
    "closed_from": "办结日从",
    "closed_to": "办结日到",
    "open_on": "某日未办结",
}
RANGES = (("from", "to"), ("closed_from", "closed_to"))
CHOICES: dict[str, frozenset[str]] = {
    "state": frozenset({OPEN, *DisputeState.values}),
    "outcome": frozenset({TRIED_BOTH, *Outcome.values}),
    "risk": frozenset(Risk.values),
    "source": frozenset(Source.values),
    "handler": frozenset({ME, NOBODY}),
    "late": frozenset({"1"}),
    "joint": frozenset({"1"}),
    "due": frozenset({"late", "week", "any"}),
}
SORTS = frozenset({"old"})
FOLDED = ("outcome", "source", "late", "due", "joint")
PLAIN = ("town", "village", "type", "q", "s")


@dataclass(frozen=True)
class LedgerFilter:
    """Only what was understood. `problems` are sentences about what was not; then nothing is shown."""

    values: Mapping[str, str]
    days: Mapping[str, date]
    problems: tuple[str, ...] = ()

    def value(self, name: str) -> str:
        """A parameter as understood; "" when it was not asked for."""
        return self.values.get(name, "")

    @property
    def all_values(self) -> dict[str, str]:
        """Every parameter but the days, "" for what was not asked for."""
        return dict.fromkeys((*PLAIN, *CHOICES, "sort"), "") | dict(self.values)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order was asked for, understood or not."""
        return bool(self.problems or self.days) or any(name != "sort" for name in self.values)

    @property
    def conditions(self) -> int:
        """How many conditions were chosen beside the search and the order."""
        return len(self.days) + sum(name not in ("sort", "q", "s") for name in self.values)

    @property
    def is_search(self) -> bool:
        """Whether something was typed into the search box."""
        return bool(self.value("q") or self.value("s"))

    @property
    def may_leave_scope(self) -> bool:
        """Whether disputes of other towns may be found, which one's own town handles too or is asked about."""
        return self.is_search or bool(self.value("joint"))

    @property
    def has_more(self) -> bool:
        """Whether something was asked for that the folded part of the form holds."""
        return bool(self.days) or any(self.value(name) for name in FOLDED)

    @property
    def states(self) -> frozenset[str]:
        """The states asked for; empty = all."""
        return _group(self.value("state"), OPEN, OPEN_STATES)

    @property
    def outcomes(self) -> frozenset[str]:
        """The outcomes asked for; empty = all."""
        return _group(self.value("outcome"), TRIED_BOTH, TRIED)


def _group(value: str, name: str, members: frozenset[str]) -> frozenset[str]:
    return frozenset(members) if value == name else frozenset({value} - {""})


def parse(params: Mapping[str, str]) -> LedgerFilter:
    """Understand the parameters; unknown names and orders are left alone, wrong values are named in `problems`."""
    given = {name: text.strip() for name, text in params.items() if text.strip()}
    kept = (*PLAIN, "sort") if given.get("sort") in SORTS else PLAIN
    values = {name: given[name] for name in kept if name in given}
    days: dict[str, date] = {}
    problems = []
    for name, allowed in CHOICES.items():
        if name in given and given[name] not in allowed and not _is_account(name, given[name]):
            problems.append(f"没有「{given[name][:20]}」这个条件。")
        elif name in given:
            values[name] = given[name]
    for name, label in DATES.items():
        if name in given and (day := _day(given[name])):
            days[name] = day
        elif name in given:
            problems.append(f"「{label}」的日期写法不对，请写成 2023-09-20。")
    problems += _turned_round(days)
    if "q" in values and not is_code(values["q"]):
        problems.append("查找的内容不放在网址里，请在查找框里填。")
    return LedgerFilter(values, days, tuple(problems))


def _turned_round(days: Mapping[str, date]) -> list[str]:
    return [
        f"「{DATES[first]}」晚于「{DATES[last]}」，请把两个日期对调。"
        for first, last in RANGES
        if first in days and last in days and days[first] > days[last]
    ]


def _is_account(name: str, value: str) -> bool:
    return name == "handler" and number_in(value) is not None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

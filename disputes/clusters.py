"""When many quarrels with one respondent are a warning. Pure. The figures are the admin's (内部要求), no law."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

REPEATED_FAILURES = 2  # times these people's mediation came to nothing


@dataclass(frozen=True)
class Case:
    """A quarrel with the respondent: its key, its town, the day it was registered."""

    key: int
    town: str
    on: date


@dataclass(frozen=True)
class Limits:
    """`least` disputes within `days`, or disputes in `towns` towns within them (0: towns do not matter)."""

    least: int
    days: int
    towns: int


def window(limits: Limits, today: date) -> date:
    """The first day that counts: today and the days before it make `days`."""
    return today - timedelta(days=limits.days - 1)


def why(cases: Iterable[Case], limits: Limits, today: date) -> str:
    """The reason to warn, in words; empty where there is none. Days to come and before the window do not count."""
    counted = _counted(cases, limits, today)
    towns = len({case.town for case in counted})
    said = [f"{limits.days} 天里 {len(counted)} 件"] if len(counted) >= limits.least else []
    if limits.towns and towns >= limits.towns:
        said.append(f"{limits.days} 天里涉及 {towns} 个镇（街）")
    return "；".join(said)


def _counted(cases: Iterable[Case], limits: Limits, today: date) -> Collection[Case]:
    first = window(limits, today)
    return {case.key: case for case in cases if first <= case.on <= today}.values()

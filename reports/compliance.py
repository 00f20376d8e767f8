"""The dated targets of the plan as a pure rule: how a town stands on a day, and what that makes of a target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import ceil

from liaison.choices import SystemKind
from liaison.standard import PointStatus
from reports.choices import TargetState
from roster.team_standard import TeamStanding

HUNDRED = Decimal(100)
UNITS = {
    SystemKind.DUTY: "班",
    SystemKind.GUIDANCE: "次",
    SystemKind.PRE_LITIGATION: "件",
    SystemKind.CONFIRMATION: "件",
    SystemKind.GRID: "次",
    SystemKind.COOPERATION: "次",
}


@dataclass(frozen=True)
class SystemStanding:
    """One working system of a point: its text, and its use in the window."""

    kind: SystemKind
    adopted_on: date | None
    text_id: int | None
    times: int
    last_on: date | None

    @property
    def unit(self) -> str:
        return UNITS[self.kind]

    @property
    def runs(self) -> bool:
        """A text, and at least one use in the window."""
        return self.adopted_on is not None and self.times > 0

    @property
    def only_on_paper(self) -> bool:
        """有制度未运行"""
        return self.adopted_on is not None and not self.times


@dataclass(frozen=True)
class TownStanding:
    """A town on a day: its point, its six systems, its team."""

    code: str
    name: str
    status: PointStatus
    systems: tuple[SystemStanding, ...]
    team: TeamStanding
    has_point: bool = True

    @property
    def built(self) -> bool:
        return self.status.built

    @property
    def built_gaps(self) -> tuple[str, ...]:
        """What keeps the point from 已建成, in words."""
        return tuple(f"{item.key.label}{'待核验' if item.met else '没有'}" for item in self.status.gaps)

    @property
    def running_systems(self) -> int:
        return sum(system.runs for system in self.systems)

    @property
    def running(self) -> bool:
        """六项制度都在运行，队伍齐全"""
        return self.running_systems == len(self.systems) and self.team.complete

    @property
    def running_gaps(self) -> tuple[str, ...]:
        """What keeps the mechanism from running, in words."""
        words = [
            f"{system.kind.label}{'没有用过' if system.adopted_on else '没有文本'}"
            for system in self.systems
            if not system.runs
        ]
        return (*words, *self.team.gaps)


@dataclass(frozen=True)
class Share:
    """A figure with the two numbers it comes from; without a denominator there is no value."""

    numerator: int
    denominator: int
    per: Decimal = field(default=HUNDRED)

    @property
    def value(self) -> Decimal | None:
        if not self.denominator:
            return None
        return (self.per * self.numerator / self.denominator).quantize(Decimal("0.01"))


def state_of(
    goal: Decimal | None, due_on: date, on: date, value: Decimal | None, value_on_due_day: Decimal | None
) -> TargetState:
    """The state of a target read on `on`; `value_on_due_day` matters only once its day is past."""
    if goal is None or value is None:
        return TargetState.UNKNOWN
    if value >= goal:
        return TargetState.MET
    if on <= due_on:
        return TargetState.OPEN
    kept = value_on_due_day is not None and value_on_due_day >= goal
    return TargetState.LAPSED if kept else TargetState.MISSED


def reached_on(goal: Decimal | None, since: Sequence[date | None]) -> date | None:
    """The day on which enough towns had got there, given the day of each (None = not there). All of them count as
    they stand now: a town that fell back and came again counts from its return."""
    if goal is None or not since:
        return None
    needed = ceil(goal * len(since) / HUNDRED)
    days = sorted(day for day in since if day)
    return days[needed - 1] if 0 < needed <= len(days) else None


def built_share(towns: Mapping[str, TownStanding]) -> Share:
    return Share(sum(town.built for town in towns.values()), len(towns))


def running_share(towns: Mapping[str, TownStanding]) -> Share:
    return Share(sum(town.running for town in towns.values()), len(towns))


def team_share(towns: Mapping[str, TownStanding]) -> Share:
    return Share(sum(town.team.complete for town in towns.values()), len(towns))

"""The plan's standard of a team: 1 judge, at least 1 assistant, 6 mediators, 1 liaison officer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from roster.choices import TeamRole


@dataclass(frozen=True, slots=True)
class Seats:
    """How many of one role the standard wants; `exact` means that more are shown as 超."""

    role: TeamRole
    wanted: int
    exact: bool = True


# 罗政发〔2023〕3号 四（一）2: 1名法官 + 若干法官助理 + 6名调解人员; 四（一）1: 一名联络人员.
STANDARD = (
    Seats(TeamRole.JUDGE, 1),
    Seats(TeamRole.JUDGE_ASSISTANT, 1, exact=False),
    Seats(TeamRole.MEDIATOR, 6),
    Seats(TeamRole.LIAISON_OFFICER, 1),
)


@dataclass(frozen=True, slots=True)
class SeatCount:
    """One role's seats: how many are wanted and taken."""

    role: TeamRole
    wanted: int
    taken: int
    exact: bool

    @property
    def short(self) -> int:
        return max(self.wanted - self.taken, 0)

    @property
    def over(self) -> int:
        return max(self.taken - self.wanted, 0) if self.exact else 0

    @property
    def text(self) -> str:
        """「缺调解人员 1 名」, 「超联络人员 1 名」; empty when the seats fit."""
        if self.short:
            return f"缺{self.role.label} {self.short} 名"
        return f"超{self.role.label} {self.over} 名" if self.over else ""


@dataclass(frozen=True, slots=True)
class TeamStanding:
    """How a team stands against the standard. Short breaks it; over is only shown."""

    seats: tuple[SeatCount, ...]

    @property
    def complete(self) -> bool:
        return not any(seat.short for seat in self.seats)

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is short, in words: 「缺调解人员 1 名」."""
        return tuple(seat.text for seat in self.seats if seat.short)

    @property
    def excess(self) -> tuple[str, ...]:
        """What is over, in words: 「超法官 1 名」."""
        return tuple(seat.text for seat in self.seats if seat.over)

    @property
    def short(self) -> int:
        """How many people are missing in all."""
        return sum(seat.short for seat in self.seats)

    @property
    def wanted(self) -> int:
        """How many people the standard asks for at least."""
        return sum(seat.wanted for seat in self.seats)

    @property
    def filled(self) -> int:
        """How many of those seats are taken; who is over fills none."""
        return self.wanted - self.short

    @property
    def headcount(self) -> int:
        return sum(seat.taken for seat in self.seats)

    def of(self, role: str) -> SeatCount:
        return next(seat for seat in self.seats if seat.role == role)


def standing(roles: Iterable[str]) -> TeamStanding:
    """The standing of a team given the role of each of its members (one entry a membership)."""
    taken = Counter(roles)
    return TeamStanding(tuple(SeatCount(seat.role, seat.wanted, taken[seat.role], seat.exact) for seat in STANDARD))

"""The teams after an import as running figures: one row goes out and comes back without counting the others."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from roster.annex.plan import Member, PlannedRow, TeamAfter
from roster.annex.teams import is_of_the_list
from roster.team_standard import standing


@dataclass
class Seated:
    """Who holds a seat now, and how many rows of the file name them."""

    member: Member
    rows: int = 0


@dataclass
class TownTally:
    """`seats`: people a role after the import. `roles`: rows a role that are to be written or mended."""

    seats: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    seated: list[Seated] = field(default_factory=list)

    def name(self, row: PlannedRow, times: int) -> None:
        for one in self.seated:
            if one.member.staff_id == row.staff_id or one.member.name == row.checked.facts.name:
                one.rows += times

    def absent(self, somewhere: Counter[str]) -> tuple[Member, ...]:
        """Who has a seat but stands not in the file; `somewhere`: keys and names of rows without a town."""
        roles = set(+self.roles)
        members = (one.member for one in self.seated if not one.rows)
        return tuple(
            member
            for member in members
            if is_of_the_list(member.role, roles) and not (somewhere[str(member.staff_id)] or somewhere[member.name])
        )


class TeamTally:
    """Every town that the file names, by code. Counts the same teams as `teams.teams_after`.

    `somewhere`: how often people stand in rows whose town is unclear, by key and by name.
    """

    def __init__(self) -> None:
        self.towns: dict[str, TownTally] = {}
        self.somewhere: Counter[str] = Counter()

    def know(self, towns: Iterable[str], members: Iterable[Member]) -> None:
        """Begin with those who hold seats in these towns now."""
        self.towns |= {town: TownTally() for town in towns}
        for member in members:
            town = self.towns[member.town_code]
            town.seats[member.role] += 1
            town.seated.append(Seated(member))

    def missing(self, rows: Iterable[PlannedRow]) -> list[str]:
        """Towns of the rows that are not known yet."""
        return sorted({town for row in rows for town in row.checked.towns} - self.towns.keys())

    def add(self, row: PlannedRow) -> None:
        self._count(row, 1)

    def remove(self, row: PlannedRow) -> None:
        self._count(row, -1)

    def _count(self, row: PlannedRow, times: int) -> None:
        if not row.checked.towns:
            self.somewhere.update(dict.fromkeys(filter(None, (str(row.staff_id or ""), row.checked.facts.name)), times))
        for code in row.checked.towns:
            town = self.towns[code]
            town.name(row, times)
            if not row.checked.left_out:
                town.roles[row.checked.post.role] += times
        for seat in () if row.checked.left_out else row.checked.marked:
            self.towns[seat.town].roles[seat.role] += times
        for step in row.steps:
            seats = self.towns[step.town_code].seats
            seats[step.role] += times
            if step.term:
                seats[step.term.role] -= times

    def named(self) -> list[str]:
        """Codes of the towns whose rows are not all left out."""
        return sorted(code for code, town in self.towns.items() if +town.roles)

    def teams(self) -> list[TeamAfter]:
        """The teams of those towns after the import."""
        return [
            TeamAfter(code, standing((+self.towns[code].seats).elements()), self.towns[code].absent(self.somewhere))
            for code in self.named()
        ]

    def as_json(self) -> dict[str, Any]:
        towns = {
            code: {
                "seats": dict(town.seats),
                "roles": dict(town.roles),
                "seated": [
                    [str(one.member.staff_id), one.member.name, one.member.role, one.rows] for one in town.seated
                ],
            }
            for code, town in self.towns.items()
        }
        return {"towns": towns, "somewhere": dict(+self.somewhere)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        tally = cls()
        tally.somewhere = Counter(kept.get("somewhere", {}))
        for code, town in kept.get("towns", kept).items():  # towns alone in what was kept by an earlier version
            seated = [Seated(Member(UUID(key), name, code, role), rows) for key, name, role, rows in town["seated"]]
            tally.towns[code] = TownTally(Counter(town["seats"]), Counter(town["roles"]), seated)
        return tally

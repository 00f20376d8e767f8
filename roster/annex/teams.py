"""The towns' teams as they will be after an import, and who holds a seat without standing in the file."""

from collections.abc import Iterable, Mapping

from roster.annex.plan import Member, PlannedRow, TeamAfter
from roster.rules import COURT_SEATS
from roster.team_standard import standing


def teams_after(rows: Iterable[PlannedRow], members: Iterable[Member]) -> list[TeamAfter]:
    """The team of every town in the file as it will be. `members` hold a seat there now."""
    seats: dict[tuple[str, str], set[str]] = {}
    names: dict[tuple[str, str, str], Member] = {}
    for member in members:
        seats.setdefault((member.town_code, str(member.staff_id)), set()).add(member.role)
        names[member.town_code, str(member.staff_id), member.role] = member
    roles_in_file: dict[str, set[str]] = {}
    listed: dict[str, set[str]] = {}
    for row in rows:
        checked = row.checked
        person = str(row.staff_id or checked.facts.id_number or checked.key)
        for town in checked.towns:
            listed.setdefault(town, set()).update((person, checked.facts.name))
            if checked.left_out:
                continue
            roles_in_file.setdefault(town, set()).add(checked.post.role)
        for seat in () if checked.left_out else checked.marked:
            roles_in_file.setdefault(seat.town, set()).add(seat.role)
        for step in row.steps:
            held = seats.setdefault((step.town_code, person), set())
            held -= {step.term.role} if step.term else set()
            held.add(step.role)
    held_in: dict[str, list[str]] = {}
    for (town, _), roles in seats.items():
        held_in.setdefault(town, []).extend(roles)
    return [
        TeamAfter(
            town,
            standing(held_in.get(town, ())),
            _absent(town, listed[town], roles_in_file[town], names),
        )
        for town in sorted(roles_in_file)
    ]


def _absent(
    town: str, listed: set[str], roles: set[str], members: Mapping[tuple[str, str, str], Member]
) -> tuple[Member, ...]:
    """Who has a seat but stands not in the file, neither by number nor (the number may be wrong) by name.

    The court's own list says nothing about mediators.
    """
    only_court = bool(roles) and roles <= COURT_SEATS
    return tuple(
        member
        for (code, staff_id, role), member in members.items()
        if code == town and not listed & {staff_id, member.name} and (role in COURT_SEATS or not only_court)
    )

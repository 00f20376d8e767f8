"""The towns' teams as they will be after an import, and who holds a seat without standing in the file."""

from collections.abc import Collection, Iterable, Mapping, Set

from roster.annex.plan import Member, PlannedRow, TeamAfter
from roster.choices import TeamRole
from roster.rules import COURT_SEATS
from roster.team_standard import standing


def teams_after(rows: Collection[PlannedRow], members: Iterable[Member]) -> list[TeamAfter]:
    """The team of every town in the file as it will be. `members` hold a seat there now."""
    now: dict[tuple[str, str], Set[str]] = {}  # roles by town and person
    names: dict[tuple[str, str, str], Member] = {}
    for member in members:
        place = member.town_code, str(member.staff_id)
        now[place] = now.get(place, frozenset()) | {member.role}
        names[*place, member.role] = member
    held_in: dict[str, list[str]] = {}
    for (town, _), roles in _seats_after(rows, now).items():
        held_in.setdefault(town, []).extend(roles)
    listed = _listed(rows) if names else {}
    somewhere = listed.pop("", set())  # rows whose town nobody has settled yet
    in_file = _roles_in_file(rows)
    return [
        TeamAfter(
            town,
            standing(held_in.get(town, ())),
            _absent(town, somewhere | listed.get(town, set()), in_file[town], names),
        )
        for town in sorted(in_file)
    ]


def _seats_after(rows: Iterable[PlannedRow], now: dict[tuple[str, str], Set[str]]) -> dict[tuple[str, str], Set[str]]:
    alone = {role: frozenset({role}) for role in TeamRole.values}
    seats = dict(now)
    for row in rows:
        person = _person(row)
        for step in row.steps:
            place = step.town_code, person
            held = seats.get(place)
            if held and step.term:
                held -= {step.term.role}
            seats[place] = held | {step.role} if held else alone[step.role]
    return seats


def _person(row: PlannedRow) -> str:
    return str(row.staff_id or row.checked.facts.id_number or row.checked.key)


def _listed(rows: Iterable[PlannedRow]) -> dict[str, set[str]]:
    """Who stands in the file, by town ("" while it is unclear): their keys and their names."""
    listed: dict[str, set[str]] = {}
    for row in rows:
        for town in row.checked.towns or ("",):
            listed.setdefault(town, set()).update((_person(row), row.checked.facts.name))
    return listed


def _roles_in_file(rows: Iterable[PlannedRow]) -> dict[str, set[str]]:
    asked = {(row.checked.towns, row.checked.post.role, row.checked.marked) for row in rows if not row.checked.left_out}
    found: dict[str, set[str]] = {}
    for towns, role, marked in asked:
        for town in towns:
            found.setdefault(town, set()).add(role)
        for seat in marked:
            found.setdefault(seat.town, set()).add(seat.role)
    return found


def _absent(
    town: str, listed: set[str], roles: set[str], members: Mapping[tuple[str, str, str], Member]
) -> tuple[Member, ...]:
    """Who has a seat but stands not in the file, neither by number nor (the number may be wrong) by name.

    The court's own list says nothing about mediators, a town's own nothing about the court's people.
    """
    return tuple(
        member
        for (code, staff_id, role), member in members.items()
        if code == town and not listed & {staff_id, member.name} and is_of_the_list(role, roles)
    )


def is_of_the_list(role: str, roles: Collection[str]) -> bool:
    """Whether a list with these roles speaks of a role's side: the court's, the town's or both."""
    sides = {one in COURT_SEATS for one in roles}
    return not sides or (role in COURT_SEATS) in sides

"""The history of a team as narrow strips, one a role: full where the seats were taken, marked where one was empty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from roster.choices import TeamRole
from roster.team_standard import STANDARD, Spell, total_days


@dataclass(frozen=True)
class Gap:
    """A marked stretch: where it begins and how wide it is, in hundredths of the strip."""

    x: str
    width: str
    spell: Spell


@dataclass(frozen=True)
class Strip:
    """One role over the period."""

    label: str
    gaps: list[Gap]
    days: int


def strips(vacancies: Iterable[Spell], first: date, last: date) -> list[Strip]:
    """A strip a role, in the standard's order, over the days from `first` to `last`."""
    length = (last - first).days + 1
    found = list(vacancies)
    made = []
    for seat in STANDARD:
        spells = [spell for spell in found if spell.role == seat.role]
        gaps = [_gap(spell, first, length) for spell in spells]
        made.append(Strip(str(TeamRole(seat.role).label), gaps, total_days(spells)))
    return made


def _gap(spell: Spell, first: date, length: int) -> Gap:
    start = (spell.since - first).days
    return Gap(f"{100 * start / length:.2f}", f"{100 * spell.days / length:.2f}", spell)

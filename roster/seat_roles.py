"""Which role and which towns an account gets from its person's open terms: one role, the one that weighs most."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.choices import Role
from roster.choices import TeamRole

# A court seat before a town's: whoever judges must not act as the town's hand. An officer's rights hold a mediator's.
WEIGHT = (
    (TeamRole.JUDGE, Role.JUDGE),
    (TeamRole.JUDGE_ASSISTANT, Role.ASSISTANT),
    (TeamRole.LIAISON_OFFICER, Role.OFFICER),
    (TeamRole.MEDIATOR, Role.MEDIATOR),
)
ROLES = frozenset(role for _, role in WEIGHT)
COURT_ROLES = frozenset({Role.JUDGE, Role.ASSISTANT})


def opens_court(by: str, now: str, *, is_active: bool, was: str) -> bool:
    """Whether an account would come to the court, or come back to it, by the hand of a town's officer (roles): who
    judges is for the court to say. `now` is what the terms make of it; a judge's account in use may get a town more."""
    return by == Role.OFFICER and now in COURT_ROLES and not (is_active and was in COURT_ROLES)


def goes_on_as(seat: str, left: str) -> bool:
    """Whether somebody in `seat` may do what is done in the seat `left`: it weighs as much or more."""
    weights = [name for name, _ in WEIGHT]
    return weights.index(TeamRole(seat)) <= weights.index(TeamRole(left))


@dataclass(frozen=True)
class Standing:
    """What an account may be and see."""

    role: Role
    towns: tuple[str, ...]


def standing_of(seats: Iterable[tuple[str, str]]) -> Standing | None:
    """From (seat, town code) of every open term; None without any.

    Only the towns of the chosen role count: an officer here who mediates there is no officer there.
    """
    held = list(seats)
    for seat, role in WEIGHT:
        if towns := sorted({town for name, town in held if name == seat}):
            return Standing(role, tuple(towns))
    return None

"""A town's team on a day: who sits where, and how it stands against the plan's standard."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from core.models import User
from roster.choices import TeamRole
from roster.models import TeamMembership
from roster.team_standard import SeatCount, TeamStanding, standing


@dataclass(frozen=True)
class SeatGroup:
    """The seats of one role: who sits there, and how many chairs stand empty."""

    count: SeatCount
    members: list[TeamMembership]

    @property
    def empty_chairs(self) -> range:
        return range(self.count.short)


@dataclass(frozen=True)
class Team:
    """A town's team on a day."""

    town_code: str
    on: date
    members: list[TeamMembership]
    standing: TeamStanding

    @property
    def groups(self) -> list[SeatGroup]:
        return [
            SeatGroup(count, [member for member in self.members if member.role == count.role])
            for count in self.standing.seats
        ]


def team_of(town_code: str, on: date) -> Team:
    """Everybody with a seat in the town on `on`, judge first; one query."""
    members = list(_seated(on).filter(town_code=town_code))
    order = list(TeamRole.values)
    members.sort(key=lambda member: (order.index(member.role), member.since, member.pk))
    return Team(town_code, on, members, standing(member.role for member in members))


def team_standings(town_codes: Collection[str], on: date) -> dict[str, TeamStanding]:
    """How each town's team stands on `on`, by code; a town without anybody is there too. One query."""
    taken: dict[str, list[str]] = {code: [] for code in town_codes}
    rows = (
        TeamMembership.objects.on(on)
        .filter(town_code__in=list(taken))
        .values("town_code", "role")
        .annotate(people=Count("staff_id", distinct=True))
        .order_by("town_code", "role")
    )
    for row in rows:
        taken[row["town_code"]] += [row["role"]] * row["people"]
    return {code: standing(roles) for code, roles in taken.items()}


def current_members(town_code: str, role: str, on: date) -> QuerySet[TeamMembership]:
    """Who holds `role` in the town on `on`, with their people and accounts; longest in office first."""
    return _seated(on).filter(town_code=town_code, role=role).order_by("since", "pk")


def mediator_choices(town_code: str, on: date) -> QuerySet[User]:
    """Accounts of the town's mediators on `on`: whom a case can be given to."""
    terms = TeamMembership.objects.on(on).filter(town_code=town_code, role=TeamRole.MEDIATOR)
    return User.objects.filter(is_active=True, staff__in=terms.values("staff_id")).order_by("name", "pk")


def judge_of(town_code: str, on: date) -> TeamMembership | None:
    """The town's judge on `on` (the longest in office if there are two), with person and account."""
    return current_members(town_code, TeamRole.JUDGE, on).first()


def _seated(on: date) -> QuerySet[TeamMembership]:
    return TeamMembership.objects.on(on).select_related("staff", "staff__user")

"""A town's team on a day: who sits where, how it stands against the plan's standard, and how that came about."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from core.choices import Role
from core.models import User
from roster.choices import TeamRole
from roster.hand_ins import DUE
from roster.models import TeamMembership
from roster.models.people import TermFacts
from roster.queries.terms import first_written, with_voided
from roster.spans import Span
from roster.team_standard import (
    ONE_DAY,
    SeatCount,
    SeatTerm,
    SourceMix,
    Spell,
    TeamStanding,
    broken,
    in_office,
    source_mix,
    standing,
    standing_on,
    total_days,
    vacancies,
)

ROLE_ORDER = list(TeamRole.values)


@dataclass(frozen=True)
class SeatGroup:
    """The seats of one role: who sits there, and how many chairs stand empty."""

    count: SeatCount
    members: Sequence[TermFacts]

    @property
    def empty_chairs(self) -> range:
        return range(self.count.short)


@dataclass(frozen=True)
class Team:
    """A town's team on a day."""

    town_code: str
    on: date
    members: Sequence[TermFacts]
    standing: TeamStanding

    @property
    def groups(self) -> list[SeatGroup]:
        return [
            SeatGroup(count, [member for member in self.members if member.role == count.role])
            for count in self.standing.seats
        ]

    @property
    def sources(self) -> SourceMix:
        """Where its mediators come from."""
        return source_mix(member.mediator_kind for member in self.members if member.role == TeamRole.MEDIATOR)


def team_of(town_code: str, on: date) -> Team:
    """Everybody with a seat in the town on `on`, judge first; one query."""
    return _team(town_code, on, _seated(on).filter(town_code=town_code).annotate(**first_written()))


def _team(town_code: str, on: date, found: Iterable[TermFacts]) -> Team:
    members = sorted(found, key=lambda member: (ROLE_ORDER.index(member.role), member.since, member.pk))
    return Team(town_code, on, members, standing(role for role, _ in {(m.role, m.staff_id) for m in members}))


# ── through time ─────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Asked:
    """The day a page is read for, the day whose knowledge it rests on (None: today's), and the first day counted."""

    on: date
    known_on: date | None = None
    first: date = DUE

    @property
    def counts_days(self) -> bool:
        """Whether any day is counted: before the first one, nobody was owed yet."""
        return self.first <= self.on


@dataclass(frozen=True)
class TermShown:
    """A term as the books showed it: `until` is its last day, None while it had none."""

    row: TermFacts
    until: date | None
    ended_late: bool


@dataclass(frozen=True)
class TeamHistory:
    """One town's team on a day with all that went before: every term, and the spells in which seats were empty."""

    team: Team
    terms: list[TermShown]
    vacancies: list[Spell]
    broken: list[Spell]

    @property
    def broken_days(self) -> int:
        return total_days(self.broken)


def team_history(town_code: str, asked: Asked) -> TeamHistory:
    """A town's team and its history, as the books stood on the day asked for; one query, two for a day's knowledge."""
    of_town = {"town_code": town_code, "since__lte": asked.on}
    terms = {_seat_term(row): row for row in with_voided(asked.known_on, people=True, **of_town)}
    members = [terms[term] for term in in_office(terms, asked.on, asked.known_on)]
    shown = [_shown(row, span) for term, row in terms.items() if (span := term.span.known(asked.known_on))]
    shown.sort(key=lambda term: (ROLE_ORDER.index(term.row.role), term.row.since, term.row.pk))
    period = (asked.first, asked.on, asked.known_on)
    return TeamHistory(_team(town_code, asked.on, members), shown, vacancies(terms, *period), broken(terms, *period))


def _shown(row: TermFacts, span: Span) -> TermShown:
    return TermShown(row, span.until - ONE_DAY if span.until else None, span.until is not None and row.ended_late)


def _seat_term(row: TermFacts) -> SeatTerm:
    return SeatTerm(row.role, row.staff_id, row.span, row.mediator_kind, row.pk)


@dataclass(frozen=True)
class TeamRow:
    """A town's row in the list of teams: standing and sources on the day, days broken in the period."""

    standing: TeamStanding
    sources: SourceMix
    broken: list[Spell]
    late_entries: int

    @property
    def broken_days(self) -> int:
        return total_days(self.broken)


def team_rows(town_codes: Collection[str], asked: Asked) -> dict[str, TeamRow]:
    """Every town's row, by code; a town without anybody is there too. One query, two for a day's knowledge."""
    terms: dict[str, list[SeatTerm]] = {code: [] for code in town_codes}
    of_towns: dict[str, Any] = {"town_code__in": list(terms), "since__lte": asked.on}
    for row in with_voided(asked.known_on, **of_towns):
        terms[row.town_code].append(_seat_term(row))
    return {code: _team_row(of_town, asked) for code, of_town in terms.items()}


def _team_row(terms: list[SeatTerm], asked: Asked) -> TeamRow:
    seated = in_office(terms, asked.on, asked.known_on)
    kinds = {term.person: term.kind for term in seated if term.role == TeamRole.MEDIATOR}
    return TeamRow(
        standing_on(terms, asked.on, asked.known_on),
        source_mix(kinds.values()),
        broken(terms, asked.first, asked.on, asked.known_on),
        sum(term.span.is_late(timedelta(days=settings.LATE_ENTRY_DAYS)) for term in seated),
    )


# ── who ──────────────────────────────────────────────────────────────────────


def team_standings(town_codes: Collection[str], on: date) -> dict[str, TeamStanding]:
    """How each town's team stands on `on`, by code; a town without anybody is there too. One query."""
    return {code: row.standing for code, row in team_rows(town_codes, Asked(on)).items()}


def current_members(town_code: str, role: str, on: date) -> QuerySet[TeamMembership]:
    """Who holds `role` in the town on `on`, with their people and accounts; longest in office first."""
    return _seated(on).filter(town_code=town_code, role=role).order_by("since", "pk")


def serving(role: Role, town_code: str) -> QuerySet[User]:
    """Active accounts of a role whose divisions contain the town."""
    codes = [town_code[:length] for length in range(2, len(town_code) + 1)]
    return User.objects.filter(is_active=True, role=role, scopes__division__in=codes).distinct().order_by("pk")


def judge_of(town_code: str, on: date) -> TeamMembership | None:
    """The town's judge on `on` (the longest in office if there are two), with person and account."""
    return current_members(town_code, TeamRole.JUDGE, on).first()


def _seated(on: date) -> QuerySet[TeamMembership]:
    return TeamMembership.objects.on(on).select_related("staff", "staff__user")

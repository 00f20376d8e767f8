"""The plan's standard of a team: 1 judge, at least 1 assistant, 6 mediators, 1 liaison officer; as of any day."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import itemgetter

from roster.choices import MediatorKind, TeamRole
from roster.spans import Span

ONE_DAY = timedelta(days=1)


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
    def short_words(self) -> str:
        """「缺 3 人」"""
        return f"缺 {self.short} 人"

    @property
    def headcount(self) -> int:
        return sum(seat.taken for seat in self.seats)

    def of(self, role: str) -> SeatCount:
        return next(seat for seat in self.seats if seat.role == role)


def standing(roles: Iterable[str]) -> TeamStanding:
    """The standing of a team given the role of each of its members (one entry a membership)."""
    taken = Counter(roles)
    return TeamStanding(tuple(SeatCount(seat.role, seat.wanted, taken[seat.role], seat.exact) for seat in STANDARD))


# ── through time ─────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SeatTerm:
    """One term in a seat; `person` tells people apart, `key` terms. The span ends, half-open, after the last day."""

    role: str
    person: Hashable
    span: Span
    kind: str = ""
    key: int = 0


@dataclass(frozen=True, slots=True)
class Spell:
    """Days on end, both included, on which `short` people were missing; `goes_on` when the last is the day of asking.

    `role` is empty for the team as a whole.
    """

    since: date
    until: date
    short: int
    goes_on: bool
    role: str = ""

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


def in_office(terms: Iterable[SeatTerm], on: date, known_on: date | None = None) -> list[SeatTerm]:
    """The terms in force on `on`, as the books stood on `known_on` (default: with all that is written today)."""
    return [term for term, span in _as_known(terms, known_on) if span.holds_on(on)]


def standing_on(terms: Iterable[SeatTerm], on: date, known_on: date | None = None) -> TeamStanding:
    """The team's standing on a day; a person counts once a role, however many terms overlap."""
    return standing(role for role, _ in {(term.role, term.person) for term in in_office(terms, on, known_on)})


def vacancies(terms: Iterable[SeatTerm], first: date, last: date, known_on: date | None = None) -> list[Spell]:
    """Every spell from `first` to `last` in which a role was short, by role in the standard's order, then by day."""
    found = list(_stretches(terms, first, last, known_on))
    return [
        replace(spell, role=seat.role)
        for seat in STANDARD
        for spell in _spells([(since, until, team.of(seat.role).short) for since, until, team in found], last)
    ]


def broken(terms: Iterable[SeatTerm], first: date, last: date, known_on: date | None = None) -> list[Spell]:
    """Every spell from `first` to `last` in which the standard was broken; `short` is the most that were missing."""
    found = _stretches(terms, first, last, known_on)
    spells: list[Spell] = []
    for spell in _spells([(since, until, team.short) for since, until, team in found], last):
        if spells and spells[-1].until + ONE_DAY == spell.since:
            short = max(spells[-1].short, spell.short)
            spell = replace(spell, since=spells.pop().since, short=short)  # noqa: PLW2901 - joined to the one before
        spells.append(spell)
    return spells


def total_days(spells: Iterable[Spell]) -> int:
    """Days of spells that do not overlap."""
    return sum(spell.days for spell in spells)


def _as_known(terms: Iterable[SeatTerm], known_on: date | None) -> Iterator[tuple[SeatTerm, Span]]:
    for term in terms:
        span = term.span.known(known_on)
        if span:
            yield term, span


def _stretches(
    terms: Iterable[SeatTerm], first: date, last: date, known_on: date | None
) -> Iterator[tuple[date, date, TeamStanding]]:
    """First day, last day and standing of every stretch in which nobody came or went."""
    known = [replace(term, span=span) for term, span in _as_known(terms, known_on)]
    moves = {day for term in known for day in (term.span.since, term.span.until) if day and first < day <= last}
    starts = sorted({first} | moves) if first <= last else []
    for since, after in pairwise([*starts, last + ONE_DAY]):
        yield since, after - ONE_DAY, standing_on(known, since)


def _spells(stretches: Iterable[tuple[date, date, int]], last: date) -> list[Spell]:
    """Neighbouring stretches with the same number missing become one spell; those with nobody missing fall out."""
    spells = []
    for short, group in groupby(stretches, key=itemgetter(2)):
        days = list(group)
        if short:
            spells.append(Spell(days[0][0], days[-1][1], short, goes_on=days[-1][1] == last))
    return spells


# ── where the mediators come from ────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SourceMix:
    """How many mediators come from each of the plan's six sources, and of how many no source is known."""

    counts: tuple[tuple[MediatorKind, int], ...]
    unknown: int

    @property
    def missing(self) -> tuple[MediatorKind, ...]:
        """Sources of the plan that nobody comes from. The plan names them as a list with 等: this breaks nothing."""
        return tuple(kind for kind, count in self.counts if not count)

    @property
    def present(self) -> int:
        return sum(1 for _, count in self.counts if count)


def source_mix(kinds: Iterable[str]) -> SourceMix:
    """The mix of a team given the source of each of its mediators; "" where it is not known."""
    counted = Counter(kinds)
    return SourceMix(tuple((kind, counted[kind]) for kind in MediatorKind), counted[""])

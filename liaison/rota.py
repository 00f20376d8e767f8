"""The fair rota as a pure rule: who stands on which day, why, and who stands in for somebody away.

Fairness is kept in balances. Every shift costs who stands one (half a day: a half) and is shared out evenly among those
who could have stood that day; the lowest balance is next. So earlier months count, and nobody must catch up on days
before their term or on leave.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

from core.calendar import ONE_DAY, RestCalendar, days_between
from liaison.choices import HALVES, Hours

LOOK_BACK = timedelta(days=92)  # earlier shifts that still count
WEEK = timedelta(days=7)
ASK_FROM = 2  # working days that are left of a week when the next one is looked at
APART, BESIDE, SAME_DAY = range(3)  # how near another shift of the same person is


def halves(hours: str) -> frozenset[Hours]:
    """The halves of the day that a shift covers."""
    return frozenset(HALVES) if hours == Hours.WHOLE else frozenset({Hours(hours)})


def weight(hours: str) -> Fraction:
    return Fraction(len(halves(hours)), len(HALVES))


@dataclass(frozen=True)
class Member:
    """One person who may be put on duty. Last days of terms and absences count; `busy` are halves taken elsewhere."""

    key: UUID
    name: str
    terms: tuple[tuple[date, date | None], ...]
    away: tuple[tuple[date, date], ...] = ()
    busy: frozenset[tuple[date, Hours]] = frozenset()

    def in_office(self, day: date) -> bool:
        return any(since <= day and (until is None or day <= until) for since, until in self.terms)

    def is_away(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.away)

    def serves(self, day: date) -> bool:
        return self.in_office(day) and not self.is_away(day)

    def is_busy(self, day: date, hours: str) -> bool:
        return any((day, half) in self.busy for half in halves(hours))


@dataclass(frozen=True)
class Stand:
    """A shift that is already there. One that was missed burdens and covers nobody; its person is taken."""

    day: date
    hours: Hours
    key: UUID
    missed: bool = False


@dataclass(frozen=True)
class Wish:
    """What is to be planned: days `first` to `last`, rest days too or not, a day whole or in two halves."""

    first: date
    last: date
    with_rest: bool = False
    split: bool = False


@dataclass(frozen=True)
class Pick:
    """A shift of the plan and the reason for it; nobody (`key` None) where nobody could stand."""

    day: date
    hours: Hours
    key: UUID | None
    name: str
    because: str


@dataclass(frozen=True)
class Tally:
    """Shifts of one person: earlier ones that counted, those already in these days, those of the plan."""

    name: str
    earlier: int
    kept: int
    added: int


@dataclass(frozen=True)
class Plan:
    wish: Wish
    picks: tuple[Pick, ...]
    tallies: tuple[Tally, ...]

    @property
    def shifts(self) -> tuple[Pick, ...]:
        return tuple(pick for pick in self.picks if pick.key)

    @property
    def gaps(self) -> tuple[Pick, ...]:
        return tuple(pick for pick in self.picks if not pick.key)

    @property
    def digest(self) -> str:
        """Changes with any shift of the plan: what is saved is what was seen."""
        said = "\n".join(f"{pick.day} {pick.hours} {pick.key}" for pick in self.picks)
        return hashlib.sha256(said.encode()).hexdigest()


def plan_month(wish: Wish, members: Iterable[Member], stands: Sequence[Stand], calendar: RestCalendar) -> Plan:
    """Fill the days of the wish that nobody has. `stands`: shifts of the point in these days and LOOK_BACK before.

    Chosen is who has no shift the same day, then the day before or after, then the lowest balance, then who stood
    longest ago, then by name: the same input gives the same plan, in whatever order it comes.
    """
    ordered = sorted(members, key=lambda member: (member.name, str(member.key)))
    books = _Books(ordered, stands)
    picks = tuple(books.pick(day, hours) for day, hours in _open_slots(wish, stands, calendar))
    return Plan(wish, picks, tuple(_tally(member, wish, stands, picks) for member in ordered))


def _open_slots(wish: Wish, stands: Sequence[Stand], calendar: RestCalendar) -> Iterator[tuple[date, Hours]]:
    covered: dict[date, set[Hours]] = defaultdict(set)
    for stand in stands:
        if not stand.missed:
            covered[stand.day] |= halves(stand.hours)
    for day in days_between(wish.first, wish.last):
        if calendar.is_rest(day) and not wish.with_rest:
            continue
        if not covered[day] and not wish.split:
            yield day, Hours.WHOLE
        else:
            yield from ((day, half) for half in HALVES if half not in covered[day])


def _tally(member: Member, wish: Wish, stands: Sequence[Stand], picks: Sequence[Pick]) -> Tally:
    own = [stand.day for stand in stands if stand.key == member.key and not stand.missed]
    earlier = sum(day < wish.first for day in own)
    return Tally(member.name, earlier, len(own) - earlier, sum(pick.key == member.key for pick in picks))


class _Books:
    """Balances and days of everybody while a plan is made."""

    def __init__(self, members: Sequence[Member], stands: Sequence[Stand]) -> None:
        self.members = members
        self.balance: dict[UUID, Fraction] = {member.key: Fraction(0) for member in members}
        self.days: dict[UUID, set[date]] = {member.key: set() for member in members}
        self.taken: set[tuple[UUID, date, Hours]] = set()
        for stand in stands:
            if stand.key in self.balance:
                self.enter(stand)

    def enter(self, stand: Stand) -> None:
        self.taken |= {(stand.key, stand.day, half) for half in halves(stand.hours)}
        if stand.missed:
            return
        self.days[stand.key].add(stand.day)
        could = {member.key for member in self.members if member.serves(stand.day)} | {stand.key}
        cost = weight(stand.hours)
        for key in could:
            self.balance[key] -= cost / len(could)
        self.balance[stand.key] += cost

    def can_stand(self, member: Member, day: date, hours: Hours) -> bool:
        if not member.serves(day) or member.is_busy(day, hours):
            return False
        return not any((member.key, day, half) in self.taken for half in halves(hours))

    def nearness(self, key: UUID, day: date) -> int:
        if day in self.days[key]:
            return SAME_DAY
        return BESIDE if {day - ONE_DAY, day + ONE_DAY} & self.days[key] else APART

    def last_before(self, key: UUID, day: date) -> date:
        return max((stood for stood in self.days[key] if stood < day), default=date.min)

    def pick(self, day: date, hours: Hours) -> Pick:
        able = [member for member in self.members if self.can_stand(member, day, hours)]
        if not able:
            return Pick(day, hours, None, "", _sentence("没有人能排", self.out(day, hours)))
        chosen = min(
            able,
            key=lambda one: (self.nearness(one.key, day), self.balance[one.key], self.last_before(one.key, day)),
        )
        because = _sentence(self.reason(chosen, able, day), self.out(day, hours))
        self.enter(Stand(day, hours, chosen.key))
        return Pick(day, hours, chosen.key, chosen.name, because)

    def reason(self, chosen: Member, able: Sequence[Member], day: date) -> str:
        if len(able) == 1:
            return f"只有{chosen.name}能排"
        if self.nearness(chosen.key, day) != APART:
            return f"能排的 {len(able)} 人前后都有班，{chosen.name}轮得最少"
        apart = [member for member in able if self.nearness(member.key, day) == APART]
        fewer = [member for member in apart if self.balance[member.key] == self.balance[chosen.key]]
        words = (
            f"能排的 {len(able)} 人里轮得最少" if len(fewer) == 1 else f"和别人轮得一样少，{self.rest_of(chosen, day)}"
        )
        close = [m.name for m in able if m not in apart and self.balance[m.key] <= self.balance[chosen.key]]
        return f"{words}；{'、'.join(close)}前一天或后一天有班，不连排" if close else words

    def rest_of(self, member: Member, day: date) -> str:
        last = self.last_before(member.key, day)
        return "近来没有值过班" if last == date.min else f"上次值班是{last.month}月{last.day}日"

    def out(self, day: date, hours: Hours) -> str:
        """Who of the team cannot stand, and why."""
        away = [member.name for member in self.members if member.in_office(day) and member.is_away(day)]
        busy = [member.name for member in self.members if member.serves(day) and member.is_busy(day, hours)]
        told = [("不在岗", away), ("在别的联络点值班", busy)]
        return "；".join(f"{'、'.join(names)}{words}" for words, names in told if names)


def _sentence(*parts: str) -> str:
    return "；".join(filter(None, parts)) + "。"


# ── standing in, looking ahead ───────────────────────────────────────────────
def stand_in(key: UUID, substitutes: Mapping[UUID, UUID | None], can_stand: Callable[[UUID], bool]) -> UUID | None:
    """Who stands in for somebody away: the substitute, the substitute of a substitute away too, and so on.

    `substitutes`: everybody away that day, with whom they named. None when the chain ends, goes in a circle, or
    leads to somebody who cannot stand.
    """
    seen: set[UUID] = set()
    here: UUID | None = key
    while here is not None and here in substitutes:
        if here in seen:
            return None
        seen.add(here)
        here = substitutes[here]
    return here if here is not None and can_stand(here) else None


def asks_about_next_week(calendar: RestCalendar, today: date) -> bool:
    """Whether the gaps of next week are told today: on the last two working days of this one."""
    sunday = today + timedelta(days=6 - today.weekday())
    left = [day for day in days_between(today, sunday) if not calendar.is_rest(day)]
    return 0 < len(left) <= ASK_FROM


def working_days(calendar: RestCalendar, first: date, last: date) -> list[date]:
    return [day for day in days_between(first, last) if not calendar.is_rest(day)]


def missing_halves(covered: Collection[str]) -> tuple[Hours, ...]:
    """The halves of a day that none of the shifts with these hours covers."""
    held = frozenset[Hours]().union(*(halves(hours) for hours in covered))
    return tuple(half for half in HALVES if half not in held)

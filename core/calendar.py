"""Counting of legal periods: dates in, dates out. Pure: no database, no clock.

A period excludes its first day (民诉法 85, 解释 125, 民法典 201) and is counted from the base date
alone, never from a day that was already shifted.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.choices import Unit

ONE_DAY = timedelta(days=1)
SATURDAY = 5
MONTHS_OF_A_YEAR = 12
# Dates that are holidays every year by the State Council's rules; taken from memory [M], used only
# for years that nobody has published yet. Holidays of the lunar calendar are not guessed.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
LONGEST_BREAK = timedelta(days=31)


@dataclass(frozen=True)
class RestCalendar:
    """The rest days of a stretch of time: published holidays and make-up working days beside the plain week."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    published_years: frozenset[int]

    def is_published(self, day: date) -> bool:
        return day.year in self.published_years

    def is_rest(self, day: date) -> bool:
        """Whether `day` is a 法定休假日: weekend or holiday, and not a make-up working day."""
        if day in self.workdays:
            return False
        if day in self.holidays or day.weekday() >= SATURDAY:
            return True
        return not self.is_published(day) and (day.month, day.day) in FIXED_HOLIDAYS

    def next_working_day(self, day: date) -> date:
        """The first day after `day` that is no rest day."""
        return roll(self, day + ONE_DAY)


@dataclass(frozen=True)
class Count:
    """How a day was counted: `raw` before rolling, `due` the last lawful day, `skipped` the rest days passed over."""

    base: date
    raw: date
    due: date
    skipped: tuple[date, ...]
    published: bool


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def roll(calendar: RestCalendar, day: date) -> date:
    """`day`, or the first day after it that is no rest day (民诉法 85)."""
    while calendar.is_rest(day):
        day += ONE_DAY
    return day


def add_working_days(calendar: RestCalendar, base: date, days: int) -> date:
    """The last of `days` working days after `base`; `base` itself when none are counted."""
    day = base
    for _ in range(days):
        day = calendar.next_working_day(day)
    return day


def add_months(base: date, months: int) -> date:
    """The same day `months` later, or that month's last day when it has no such day (民法典 202)."""
    year, month = divmod(base.year * MONTHS_OF_A_YEAR + base.month - 1 + months, MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(base.day, monthrange(year, month + 1)[1]))


def raw_day(calendar: RestCalendar, *, base: date, length: int, unit: str, added: int = 0) -> date:
    """The last day before rolling. `added` days (an extension, a suspension) lengthen the period in its own kind
    of day: working days for working-day periods, calendar days for all others."""
    match unit:
        case Unit.CALENDAR:
            return base + timedelta(days=length + added)
        case Unit.WORKING:
            return add_working_days(calendar, base, length + added)
        case Unit.MONTH:
            return add_months(base, length) + timedelta(days=added)
        case Unit.YEAR:
            return add_months(base, length * MONTHS_OF_A_YEAR) + timedelta(days=added)
    raise ValueError(f"a period in {unit!r} is not counted but set")


def count(calendar: RestCalendar, *, base: date, length: int, unit: str, roll_over: bool, added: int = 0) -> Count:
    """Count a period from `base`, rolling a rest day at its end when `roll_over`. Raises OverflowError past 9999."""
    raw = raw_day(calendar, base=base, length=length, unit=unit, added=added)
    return _finished(calendar, base=base, raw=raw, unit=unit, roll_over=roll_over)


def count_to(calendar: RestCalendar, *, base: date, day: date, roll_over: bool, added: int = 0) -> Count:
    """The same for a day that was set, not counted."""
    raw = day + timedelta(days=added)
    return _finished(calendar, base=base, raw=raw, unit=Unit.SET_BY_COURT, roll_over=roll_over)


def _finished(calendar: RestCalendar, *, base: date, raw: date, unit: str, roll_over: bool) -> Count:
    due = roll(calendar, raw) if roll_over else raw
    passed_from = base + ONE_DAY if unit == Unit.WORKING else raw
    skipped = tuple(day for day in days_between(passed_from, due) if calendar.is_rest(day) and day != due)
    years = range((base + ONE_DAY).year, due.year + 1)
    return Count(base, raw, due, skipped, all(year in calendar.published_years for year in years))


def stood_still(calendar: RestCalendar, *, from_on: date, to_on: date, unit: str) -> int:
    """Days of a suspension to add back: from the day it began up to, not including, the day of resumption."""
    days = list(days_between(from_on, to_on - ONE_DAY))
    if unit == Unit.WORKING:
        return sum(not calendar.is_rest(day) for day in days)
    return len(days)


def reach(length: int, unit: str, added: int = 0) -> timedelta:
    """How far after its base a period can end at most: the stretch of calendar a count needs."""
    longest = {Unit.WORKING.value: 3, Unit.MONTH.value: 31, Unit.YEAR.value: 366}.get(unit, 1)
    return timedelta(days=(length * longest) + added * 3) + LONGEST_BREAK

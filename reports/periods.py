"""Months as the tallies keep them. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
DECEMBER = 12


def month_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    return date(month.year + (month.month == DECEMBER), month.month % DECEMBER + 1, 1)


def last_day(month: date) -> date:
    return next_month(month) - ONE_DAY


def months_between(first: date, last: date) -> Iterator[date]:
    """Every month that has a day from `first` to `last`."""
    month = month_of(first)
    while month <= last:
        yield month
        month = next_month(month)


def year_to(day: date) -> tuple[date, date]:
    """From the first of January to `day`, both included."""
    return day.replace(month=1, day=1), day


def is_whole(month: date, first: date, last: date) -> bool:
    """Whether every day of the month lies between `first` and `last`."""
    return first <= month and last_day(month) <= last

"""The order of a dispute's timeline: newest first by the time at which each thing was done. Pure."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol, TypeVar


class Line(Protocol):
    """One line: the day it was true, the moment (the day's first one while the hour is not known), the record."""

    @property
    def pk(self) -> Any: ...

    @property
    def on(self) -> Any: ...

    @property
    def at(self) -> Any: ...

    @property
    def recorded_at(self) -> Any: ...

    @property
    def has_time(self) -> bool: ...


L = TypeVar("L", bound=Line)


def newest_first(lines: Iterable[L]) -> list[L]:
    """By day, then by hour. A line without an hour stays right after the one written down before it on that day."""
    as_written = sorted(lines, key=lambda line: (line.on, line.recorded_at, line.pk))
    found: list[L] = []
    for _, day in groupby(as_written, key=lambda line: line.on):
        found += [line for _, line in sorted(_placed(list(day)), key=lambda placed: placed[0])]
    return found[::-1]


def _placed(day: list[L]) -> list[tuple[datetime, L]]:
    """Each line of one day, in the order of writing, with the moment that decides its place."""
    latest, found = day[0].at, []
    for line in day:
        latest = line.at if line.has_time else latest
        found.append((latest, line))
    return found

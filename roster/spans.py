"""Stretches of time that keep two times: when a thing was true, and when that was written down.

Reading "as known on" K drops what was written after K, ends included.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True)
class Span:
    """Something true from `since` up to, not including, `until` (None = still)."""

    since: date
    until: date | None
    recorded_on: date
    until_recorded_on: date | None = None
    voided_on: date | None = None  # struck out as never true
    first_recorded_on: date | None = None  # where it was struck out and written anew: when it was first written down

    def known(self, known_on: date | None) -> "Span | None":
        """The span as the books showed it on `known_on`, as they show it now where that is None."""
        if known_on is None:
            return None if self.voided_on else self
        return self.as_known_on(known_on)

    def as_known_on(self, known_on: date) -> "Span | None":
        """The span as the books showed it on `known_on`; None if it was not in them yet, or no more."""
        if self.recorded_on > known_on or (self.voided_on and self.voided_on <= known_on):
            return None
        if self.until_recorded_on and self.until_recorded_on > known_on:
            return replace(self, until=None, until_recorded_on=None, voided_on=None)
        return self

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def is_late(self, after: timedelta) -> bool:
        """Whether it was first written down more than `after` past the day it became true (补录)."""
        return (self.first_recorded_on or self.recorded_on) - self.since > after


def unbroken_since(spans: Iterable[Span], day: date) -> date | None:
    """First day of the unbroken stretch of `spans` that reaches `day`; None if none of them holds on it."""
    ordered = sorted(spans, key=lambda span: span.since, reverse=True)
    start: date | None = None
    for span in ordered:
        reaches = span.holds_on(day) if start is None else span.until is None or span.until >= start
        if reaches and span.since <= day:
            start = span.since
    return start

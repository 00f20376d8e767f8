"""The order of the timeline: newest first by the time at which each thing was done."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from disputes.timeline import newest_first


@dataclass(frozen=True)
class Line:
    """A line told by day, hour (none: not known) and the minute of a later day at which it was written down."""

    pk: int
    day: int
    hour: int | None
    written: int = 0

    @property
    def on(self) -> date:
        return date(2023, 9, self.day)

    @property
    def at(self) -> datetime:
        return datetime.combine(self.on, time(self.hour or 0), tzinfo=UTC)

    @property
    def recorded_at(self) -> datetime:
        return datetime(2023, 9, 30, 10, self.written, tzinfo=UTC)

    @property
    def has_time(self) -> bool:
        return self.hour is not None


def order(*lines: Line) -> list[int]:
    return [line.pk for line in newest_first(lines)]


def test_within_a_day_the_hour_decides_not_the_writing():
    assert order(Line(1, 5, 6, written=9), Line(2, 5, 22, written=1), Line(3, 5, 15, written=5)) == [2, 3, 1]


def test_days_stand_before_hours():
    assert order(Line(1, 5, 22), Line(2, 6, 7), Line(3, 4, 23)) == [2, 1, 3]


def test_a_line_without_an_hour_stays_after_the_one_written_before_it():
    met, applied, signed = Line(1, 5, 15, written=1), Line(3, 5, None, written=3), Line(2, 5, 16, written=2)

    assert order(met, applied, signed) == [3, 2, 1]


def test_lines_of_one_moment_stand_as_they_were_written():
    assert order(Line(1, 5, 16, written=1), Line(2, 5, 16, written=2), Line(3, 5, 16, written=2)) == [3, 2, 1]

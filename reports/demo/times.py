"""Days and moments of the demo: office hours on working weekdays, never later than now."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

SATURDAY = 5
OFFICE_HOUR = 10


def at(day: date, hour: int = OFFICE_HOUR, minute: int = 0) -> datetime:
    """The moment a fact of `day` was written down; of today's the present one, where the hour is still to come."""
    return min(timezone.make_aware(datetime.combine(day, time(hour, minute))), timezone.now())


def hours(day: date, *moments: time) -> tuple[time | None, ...]:
    """The hours at which something was held on `day`; none where they are still to come today."""
    over = timezone.make_aware(datetime.combine(day, max(moments))) <= timezone.now()
    return moments if over else (None,) * len(moments)


def weekday(day: date) -> date:
    """`day`, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


def later(random: Random, day: date, least: int, most: int) -> date:
    """A weekday `least` to `most` days after `day`."""
    return weekday(day + timedelta(days=random.randint(least, most)))

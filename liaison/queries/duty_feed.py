"""The calendar feed of a person: which address is whose, and what a calendar programme reads there.

What writes it (icalendar, three megabytes) is loaded when the first is asked for, not by every process.
"""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from core.models import User
from liaison.choices import HALVES, Hours
from liaison.models import DutyFeed, DutyShift
from liaison.queries.duty import duty_hours
from liaison.rota import halves
from roster.models import Staff

BEHIND, AHEAD = timedelta(days=31), timedelta(days=366)
PRODUCT = "-//liaison//duty//ZH"
READ_AGAIN = timedelta(hours=6)


def hash_of(token: str) -> str:
    """What is kept of an address: its secret is drawn at random, so a plain hash gives nothing away."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_of(user: User) -> Staff | None:
    """The record of the roster that belongs to an account."""
    return Staff.objects.filter(user=user).first()


def feed_of(staff: Staff | None) -> DutyFeed | None:
    """The feed of a person that still answers."""
    return DutyFeed.objects.filter(staff=staff, revoked_at=None).first() if staff else None


def calendar_text(token: str) -> bytes | None:
    """The calendar behind an address; None for one that is wrong, revoked, or whose account was switched off."""
    feed = DutyFeed.objects.filter(token_hash=hash_of(token), revoked_at=None, staff__user__is_active=True).first()
    if feed is None:
        return None
    today = timezone.localdate()
    rows = DutyShift.objects.filter(staff_id=feed.staff_id, on__range=(today - BEHIND, today + AHEAD), missed_at=None)
    import icalendar  # noqa: PLC0415 (see above)

    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "值班")
    calendar.add("refresh-interval", READ_AGAIN, parameters={"value": "DURATION"})
    for shift in rows.select_related("point__town").order_by("on", "pk"):
        calendar.add_component(_event(shift))
    return calendar.to_ical()


def _event(shift: DutyShift) -> Any:
    """A shift: where, when, and nothing of anybody. The moments are UTC, so no time zone has to be told."""
    begins, ends = _times(shift.hours)
    import icalendar  # noqa: PLC0415 (see above)

    event = icalendar.Event()
    event.add("uid", f"duty-{shift.pk}@liaison")
    event.add("dtstamp", shift.recorded_at.astimezone(UTC))
    event.add("dtstart", _moment(shift.on, begins))
    event.add("dtend", _moment(shift.on, ends))
    event.add("summary", f"值班 · {shift.point}")
    event.add("location", shift.point.address)
    return event


def _times(hours: str) -> tuple[time, time]:
    covered = [duty_hours()[half] for half in HALVES if half in halves(Hours(hours))]
    return covered[0][0], covered[-1][1]


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at)).astimezone(UTC)

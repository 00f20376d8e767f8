"""The timeline: one line for everything that happens to a dispute."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import ParamSpec

from django.utils import timezone

from core.models import User
from core.statements import insert
from disputes.choices import EventKind
from disputes.models import Dispute, DisputeEvent

TEXT_LENGTH = 200
Line = ParamSpec("Line")


def event_of(
    dispute: Dispute,
    kind: EventKind,
    *,
    on: date,
    by: User | None,
    text: str = "",
    detail: str = "",
    at: datetime | None = None,
    recorded_at: datetime | None = None,
    by_court: bool = False,
) -> DisputeEvent:
    """One line, for who writes it with other rows. `text` defaults to the kind's name; `at` to now for today, to the
    start of `on` for the past."""
    recorded_at = recorded_at or timezone.now()
    return DisputeEvent(
        dispute=dispute,
        kind=kind,
        on=on,
        at=at or _moment(on, recorded_at),
        recorded_at=recorded_at,
        by=by,
        text=(text or kind.label)[:TEXT_LENGTH],
        detail=detail,
        by_court=by_court,
    )


def _writing(make: Callable[Line, DisputeEvent]) -> Callable[Line, DisputeEvent]:
    def write(*args: Line.args, **kwargs: Line.kwargs) -> DisputeEvent:
        event = make(*args, **kwargs)
        insert(event)
        return event

    return write


record_event = _writing(event_of)  # the line, written


def _moment(on: date, recorded_at: datetime) -> datetime:
    if timezone.localdate(recorded_at) == on:
        return recorded_at
    return timezone.make_aware(datetime.combine(on, time.min))

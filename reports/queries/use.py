"""Use of the six working systems: what each was really used for in the days up to a day."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, IntegerField, Max, Q, QuerySet, Value
from django.utils import timezone

from core.scope import within_any
from liaison.choices import AssistanceOutcome, SystemKind
from liaison.models import AssistanceRequest, DutyShift, Meeting
from mediation.choices import Basis, ConfirmationState, EntrustmentState
from mediation.models import ConfirmationRequest, Entrustment, GuidanceRequest, Mediation


@dataclass(frozen=True)
class Use:
    """How often a system was used in the window, and when last."""

    times: int = 0
    last_on: date | None = None

    def __add__(self, other: "Use") -> "Use":
        days = [day for day in (self.last_on, other.last_on) if day]
        return Use(self.times + other.times, max(days) if days else None)


NEVER = Use()
UseByTown = dict[str, dict[SystemKind, Use]]


@dataclass(frozen=True)
class Activity:
    """One kind of thing that counts as use: its rows, their day, when they were written down, when struck out."""

    kind: SystemKind
    rows: QuerySet[Any]
    day: str
    written_at: str
    town: str = "town_code"
    voided_at: str = ""


def window(on: date) -> tuple[date, date]:
    """First and last day of the window that ends on `on` (SYSTEM_USE_DAYS days, `on` among them)."""
    return on - timedelta(days=settings.SYSTEM_USE_DAYS - 1), on


def activities() -> Iterator[Activity]:
    """Everything that counts as use.

    诉前调解: a court entrustment taken on, or people's mediation of its own before anybody sues. 协作配合: a request of
    the court that was done (one that could not be done is no use), or a joint meeting.
    """
    yield Activity(
        SystemKind.DUTY, DutyShift.objects.filter(held_at__isnull=False), "on", "held_at", "point__town_code"
    )
    yield Activity(
        SystemKind.GUIDANCE,
        GuidanceRequest.objects.filter(answered_on__isnull=False),
        "answered_on",
        "answered_recorded_at",
    )
    yield Activity(
        SystemKind.PRE_LITIGATION,
        Entrustment.objects.exclude(state=EntrustmentState.DECLINED),
        "received_on",
        "received_recorded_at",
    )
    yield Activity(SystemKind.PRE_LITIGATION, Mediation.objects.filter(basis=Basis.OWN), "accepted_on", "recorded_at")
    yield Activity(
        SystemKind.CONFIRMATION,
        ConfirmationRequest.objects.exclude(state=ConfirmationState.DRAFT),
        "submitted_on",
        "submitted_recorded_at",
    )
    yield Activity(
        SystemKind.COOPERATION,
        AssistanceRequest.objects.filter(outcome=AssistanceOutcome.DONE),
        "done_on",
        "done_recorded_at",
    )
    for kind in (SystemKind.GRID, SystemKind.COOPERATION):
        yield Activity(
            kind, Meeting.objects.filter(system=kind), "held_on", "recorded_at", "point__town_code", "voided_at"
        )


def system_use(codes: Sequence[str], on: date, known_on: date | None = None) -> UseByTown:
    """Use of each system in the window up to `on`, by town inside the divisions `codes`; one query."""
    return system_use_of_days(codes, [on], known_on)[on]


def system_use_of_days(
    codes: Sequence[str], days: Sequence[date], known_on: date | None = None
) -> dict[date, UseByTown]:
    """The same for several days; one query however many they are."""
    found: dict[date, UseByTown] = {
        day: defaultdict(lambda: dict.fromkeys(SystemKind, NEVER)) for day in dict.fromkeys(days)
    }
    wanted = list(found)
    branches = [
        _branch(place, activity, codes, day, known_on) for place, day in enumerate(wanted) for activity in activities()
    ]
    for place, town, kind, times, last_on in branches[0].union(*branches[1:], all=True):
        found[wanted[place]][town][SystemKind(kind)] += Use(times, last_on)
    return found


def _known_by(activity: Activity, end: datetime | None) -> Q:
    """What stood in the books at `end`, or stands now: written by then, and not voided by then."""
    written = Q(**{f"{activity.written_at}__lte": end}) if end else Q()
    if not activity.voided_at:
        return written
    voided_later = Q(**{f"{activity.voided_at}__gt": end}) if end else Q()
    return written & (Q(**{activity.voided_at: None}) | voided_later)


def _branch(
    place: int, activity: Activity, codes: Sequence[str], on: date, known_on: date | None
) -> QuerySet[Any, Any]:
    known = _known_by(activity, timezone.make_aware(datetime.combine(known_on, time.max)) if known_on else None)
    return (
        activity.rows.filter(within_any(activity.town, tuple(codes)), known, **{f"{activity.day}__range": window(on)})
        .order_by()
        .values_list(Value(place, IntegerField()), F(activity.town), Value(activity.kind.value))
        .annotate(times=Count("pk"), last_on=Max(activity.day))
    )

"""What every figure counts: one definition for the tallies, the live count of a broken month, and the figure's list."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import CharField, Count, Exists, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.utils import timezone

from core.models import Deadline
from core.queries import today
from core.scope import within_any
from disputes.choices import EventKind, Outcome, TownRequestKind, TownRequestState
from disputes.models import Dispute, DisputeEvent, TownRequest
from mediation.choices import DECIDED_CONFIRMATIONS, ConfirmationState
from mediation.models import Agreement, ConfirmationRequest, Mediation, PerformanceItem
from reports.choices import Figure

COURT_PERIODS = ("confirm_accept", "confirm_decide", "confirm_decide_max")
Counts = dict[str, int]


@dataclass(frozen=True)
class Counted:
    """The rows a figure counts: `day` decides the month, `town` the town, `dispute` leads to the file behind a row.

    When a row was written down stands in `written_at`, or, for what is only an event of the timeline, in `event`.
    A row whose `until_done` is empty counts only when its day is over: until midnight there is time to do it.
    `but_once`: a dispute that was merged into another is not counted, from the day on that this was written down.
    As known on an earlier day a dispute that has moved since counts for the town that had it then (ADR 0015).
    """

    model: type[Model]
    day: str
    where: Q = field(default_factory=Q)
    town: str = "town_code"
    dispute: str = "dispute"
    written_at: str = "recorded_at"
    event: str = ""
    until_done: str = ""
    but_once: bool = False

    def rows(self, codes: Sequence[str]) -> QuerySet[Any]:
        """The rows inside the divisions `codes`, of any day."""
        return self.places(codes).filter(self.condition(running_day=today()))

    def places(self, codes: Sequence[str], known_on: date | None = None) -> QuerySet[Any]:
        """Every row of the model inside the divisions, counted or not; `town_then` is the town it counts for."""
        rows, codes = self.model._default_manager, tuple(codes)
        if known_on is None:
            return rows.filter(within_any(self.town, codes)).annotate(town_then=F(self.town))
        moved = TownRequest.objects.filter(
            kind=TownRequestKind.MOVE, state=TownRequestState.ACCEPTED, answered_recorded_at__gt=_end_of(known_on)
        )
        first = moved.filter(dispute=OuterRef(self._to_dispute)).order_by("answered_recorded_at", "id")
        now_or_then = within_any(self.town, codes) | Q(**{f"{self._to_dispute}__in": moved.values("dispute")})
        town_then = Coalesce(Subquery(first.values("from_town_id")[:1]), F(self.town), output_field=CharField())
        return rows.filter(now_or_then).annotate(town_then=town_then).filter(within_any("town_then", codes))

    def condition(self, known_on: date | None = None, running_day: date | None = None) -> Q:
        """What makes a row count: written down by `known_on`; of the `running_day`, which is not over, only if done."""
        where = self.where & self._known(known_on) if known_on else self.where
        if self.but_once:
            where &= ~self._merged(known_on)
        if self.until_done and running_day:
            where &= ~Q(**{self.day: running_day, f"{self.until_done}__isnull": True})
        return where

    @property
    def table(self) -> tuple[type[Model], str, str]:
        """Figures of one table are counted in one pass."""
        return self.model, self.day, self.town

    def between(self, codes: Sequence[str], first: date, last: date) -> QuerySet[Any]:
        return self.rows(codes).filter(**{f"{self.day}__range": (first, last)})

    def _known(self, known_on: date) -> Q:
        end = _end_of(known_on)
        if not self.event:
            return Q(**{f"{self.written_at}__lte": end})
        told = DisputeEvent.objects.filter(
            dispute=OuterRef(self._to_dispute), kind=self.event, on=OuterRef(self.day), recorded_at__lte=end
        )
        return Q(Exists(told))

    def _merged(self, known_on: date | None) -> Q:
        merged = Q(**{f"{self.dispute}__outcome" if self.dispute else "outcome": Outcome.MERGED})
        if known_on is None:
            return merged
        told = DisputeEvent.objects.filter(
            dispute=OuterRef(self._to_dispute), kind=EventKind.MERGED, recorded_at__lte=_end_of(known_on)
        )
        return merged & Q(Exists(told))

    @property
    def _to_dispute(self) -> str:
        return self.dispute or "pk"


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def _closed(outcome: str, event: str) -> Counted:
    return Counted(Dispute, "closed_on", Q(outcome=outcome), dispute="", event=event)


def _requests(day: str, where: Q, written_at: str) -> Counted:
    return Counted(ConfirmationRequest, day, where, dispute="agreement__mediation__dispute", written_at=written_at)


def _decided(where: Q) -> Counted:
    return _requests("decided_on", where, "decided_recorded_at")


def _items(where: Q, written_at: str, until_done: str = "") -> Counted:
    return Counted(
        PerformanceItem,
        "due_on",
        Q(agreement__effective_on__isnull=False) & ~Q(_replaced_before_due()) & where,
        town="agreement__mediation__town_code",
        dispute="agreement__mediation__dispute",
        written_at=written_at,
        until_done=until_done,
    )


def _settled_late() -> Exists:
    """A court deadline of the request was settled after its last day."""
    about = Deadline.objects.filter(
        subject_label=ConfirmationRequest._meta.label_lower,
        subject_id=Cast(OuterRef("pk"), CharField()),
        kind__in=COURT_PERIODS,
        settled_on__gt=F("due_on"),
    )
    return Exists(about)


def _tried_before() -> Exists:
    return Exists(Mediation.objects.filter(dispute=OuterRef("dispute"), pk__lt=OuterRef("pk")))


def _replaced_before_due() -> Exists:
    """A later agreement of the same dispute took effect before the item fell due."""
    later = Agreement.objects.filter(
        mediation__dispute=OuterRef("agreement__mediation__dispute"),
        pk__gt=OuterRef("agreement"),
        effective_on__lte=OuterRef("due_on"),
    )
    return Exists(later)


COUNTED: dict[Figure, Counted] = {
    Figure.REGISTERED: Counted(Dispute, "registered_on", dispute="", but_once=True),
    Figure.LATE_ENTRIES: Counted(Dispute, "registered_on", Q(entered_late=True), dispute="", but_once=True),
    Figure.MEDIATED: Counted(Mediation, "accepted_on", ~Q(_tried_before()), but_once=True),
    Figure.AGREED: _closed(Outcome.AGREED, EventKind.AGREEMENT_EFFECTIVE),
    Figure.FAILED: _closed(Outcome.FAILED, EventKind.MEDIATION_FAILED),
    Figure.ENDED: _closed(Outcome.ENDED, EventKind.ENDED),
    Figure.REFERRED_OUT: _closed(Outcome.REFERRED_OUT, EventKind.REFERRED_OUT),
    Figure.AGREEMENTS_EFFECTIVE: Counted(
        Agreement,
        "effective_on",
        town="mediation__town_code",
        dispute="mediation__dispute",
        event=EventKind.AGREEMENT_EFFECTIVE,
    ),
    Figure.CONFIRMATIONS_SUBMITTED: _requests(
        "submitted_on", ~Q(state=ConfirmationState.DRAFT), "submitted_recorded_at"
    ),
    Figure.CONFIRMATIONS_ACCEPTED: _requests("accepted_on", Q(accepted_on__isnull=False), "accepted_recorded_at"),
    Figure.CONFIRMATIONS_CONFIRMED: _decided(Q(state=ConfirmationState.CONFIRMED)),
    Figure.CONFIRMATIONS_REJECTED: _decided(Q(state__in=(ConfirmationState.REJECTED, ConfirmationState.NOT_ACCEPTED))),
    Figure.CONFIRMATIONS_WITHDRAWN: _decided(
        Q(state__in=(ConfirmationState.WITHDRAWN, ConfirmationState.DEEMED_WITHDRAWN))
    ),
    Figure.CONFIRMATIONS_IN_TIME: _decided(Q(state__in=sorted(DECIDED_CONFIRMATIONS)) & ~Q(_settled_late())),
    Figure.PERFORMANCE_DUE: _items(Q(), "recorded_at", until_done="done_on"),
    Figure.PERFORMANCE_DONE: _items(Q(done_on__lte=F("due_on")), "done_recorded_at"),
}


def monthly_counts(
    codes: Sequence[str],
    spans: Sequence[tuple[date, date]],
    figures: Iterable[Figure] = tuple(Figure),
    known_on: date | None = None,
    running_day: date | None = None,
) -> dict[tuple[str, date], Counts]:
    """Counted straight from the ledger, by (town, first of month), inside the spans of days; one query.

    Months without anything are absent, and so are figures without anything in their month. `running_day` is the
    day that is not over yet; tallies are counted without one, since they are read when it is.
    """
    found: dict[tuple[str, date], Counts] = defaultdict(dict)
    if not spans:
        return found
    tables: dict[Any, list[Figure]] = defaultdict(list)
    for figure in figures:
        tables[COUNTED[figure].table].append(figure)
    groups = list(tables.values())
    width = max(map(len, groups))
    asked = (width, codes, spans, known_on, running_day)
    branches = [_branch(place, group, *asked) for place, group in enumerate(groups)]
    for town, month, place, *counts in branches[0].union(*branches[1:], all=True):
        bucket = found[town, month]
        for figure, count in zip(groups[place], counts, strict=False):  # a narrow table is padded
            if count:
                bucket[figure] = count
    return found


def _branch(
    place: int,
    group: Sequence[Figure],
    width: int,
    codes: Sequence[str],
    spans: Sequence[tuple[date, date]],
    known_on: date | None,
    running_day: date | None,
) -> QuerySet[Any, Any]:
    """The rows of one table by town and month, and how many of them each figure of the group counts."""
    table = COUNTED[group[0]]
    days = Q()
    for first, last in spans:
        days |= Q(**{f"{table.day}__range": (first, last)})
    counts: dict[str, Any] = {f"count_{n}": Value(0, IntegerField()) for n in range(width)}
    for n, figure in enumerate(group):
        counts[f"count_{n}"] = Count("pk", filter=COUNTED[figure].condition(known_on, running_day) or None)
    return (
        table.places(codes, known_on)
        .filter(days)
        .order_by()
        .values_list("town_then", TruncMonth(table.day), Value(place, IntegerField()))
        .annotate(**counts)
    )

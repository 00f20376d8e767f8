"""What a point does beside its cases: each kind, all of them together, the year's plan against what was done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import CharField, Count, F, Prefetch, QuerySet, Value
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.clock_face import is_late_entry
from core.models import Deadline, User
from core.paging import Page, union_page
from liaison.choices import PUBLICITY_KINDS, REPORT_KINDS, ActivityKind
from liaison.models import (
    Activity,
    ActivityPlan,
    LiaisonPoint,
    MediaReport,
    Meeting,
    MeetingDecision,
    PublicityEvent,
    Training,
)
from liaison.queries.assistance import officers_of
from liaison.queries.duty_plan import candidates
from liaison.queries.points import point_for
from roster.models import Staff, TeamMembership
from roster.queries import stays_in

Row = TypeVar("Row", bound=Activity)
DECISION_DUE = "meeting_decision"
LOOK_BACK = timedelta(days=366)  # who left the team since then can still be ticked as having come
EARLIEST = date(2000, 1, 1)
NEWEST_FIRST = ("-on", "-recorded_at", "-sort", "-pk")


@dataclass(frozen=True)
class Done:
    """One activity of a list: what, on which day, under which title, where its page is; noted late, void."""

    kind: ActivityKind
    day: date
    title: str
    is_late: bool
    url: str
    is_void: bool = False


@dataclass(frozen=True)
class Planned:
    """One kind of a year: how many were meant, how many were done; `wanted` None where nothing was planned."""

    kind: ActivityKind
    wanted: int | None
    done: int

    @property
    def is_short(self) -> bool:
        return self.wanted is not None and self.done < self.wanted


# ── all kinds together ───────────────────────────────────────────────────────
def _sources() -> list[tuple[Any, str, str, Any]]:
    """The four tables with the names of their day and title, and where their kind comes from."""
    return [
        (Meeting.objects.all(), "held_on", "agenda", Value(ActivityKind.MEETING.value)),
        (Training.objects.all(), "held_on", "topic", Value(ActivityKind.TRAINING.value)),
        (PublicityEvent.objects.all(), "held_on", "title", F("kind")),
        (MediaReport.objects.all(), "published_on", "title", F("kind")),
    ]


def year_page(point: LiaisonPoint, year: int, *, kind: str = "", cursor: str = "") -> Page[Done]:
    """A page of what the point did in a year, newest first, of one kind or of all, voided ones too; one query."""
    days = date(year, 1, 1), date(year, 12, 31)
    page = union_page(_branches(point, *days, kind=kind), order=NEWEST_FIRST, cursor=cursor)
    return Page([_done(point, row) for row in page.rows], page.next_cursor, page.prev_cursor)


def latest(point: LiaisonPoint, until: date, limit: int) -> list[Done]:
    """The last activities up to a day that stand, newest first; one query."""
    branches = [rows.filter(voided_at=None) for rows in _branches(point, EARLIEST, until)]
    return [_done(point, row) for row in union_page(branches, order=NEWEST_FIRST, size=limit).rows]


def _branches(point: LiaisonPoint, first: date, last: date, *, kind: str = "") -> list[QuerySet[Any, dict[str, Any]]]:
    return [
        rows.filter(point=point, **{f"{day}__range": (first, last)})
        .annotate(sort=Cast(of, CharField()), on=F(day), called=F(title))
        .filter(**({"sort": kind} if kind else {}))
        .values("sort", "on", "called", "recorded_at", "voided_at", "pk")
        for rows, day, title, of in _sources()
    ]


def _done(point: LiaisonPoint, row: dict[str, Any]) -> Done:
    kind, on = ActivityKind(row["sort"]), row["on"]
    late = is_late_entry(on, row["recorded_at"])
    return Done(kind, on, row["called"], late, _url(point, kind, row["pk"]), row["voided_at"] is not None)


def _url(point: LiaisonPoint, kind: ActivityKind, pk: int) -> str:
    if kind == ActivityKind.MEETING:
        return reverse("liaison:meeting", args=[point.town_code, pk])
    return reverse("liaison:activity", args=[point.town_code, book_of(kind), pk])


def book_of(kind: ActivityKind) -> str:
    """Under which word of the address an activity of this kind is kept."""
    if kind in PUBLICITY_KINDS:
        return "publicity"
    return "media" if kind in REPORT_KINDS else "training"


def plan_and_done(point: LiaisonPoint, year: int) -> list[Planned]:
    """The year's plan against what was done and stands, by kind; two queries."""
    branches = [
        rows.standing()
        .filter(point=point, **{f"{day}__year": year})
        .order_by()
        .values_list(Cast(of, CharField()))
        .annotate(times=Count("pk"))
        for rows, day, _, of in _sources()
    ]
    done = dict(branches[0].union(*branches[1:], all=True))
    wanted = planned(point, year)
    return [Planned(kind, wanted.get(kind), done.get(kind.value, 0)) for kind in ActivityKind]


def planned(point: LiaisonPoint, year: int) -> dict[str, int]:
    return dict(ActivityPlan.objects.filter(point=point, year=year).values_list("kind", "wanted"))


# ── one of a kind ────────────────────────────────────────────────────────────
def training_for(user: User, town_code: str, pk: int) -> Training:
    """A training with its people and papers; 404 outside."""
    return _one(user, town_code, pk, Training.objects.prefetch_related("attendees", "materials"))


def publicity_for(user: User, town_code: str, pk: int) -> PublicityEvent:
    """An event with its photographs; 404 outside."""
    return _one(user, town_code, pk, PublicityEvent.objects.prefetch_related("photos"))


def media_for(user: User, town_code: str, pk: int) -> MediaReport:
    """What was published; 404 outside."""
    return _one(user, town_code, pk, MediaReport.objects.all())


def _one(user: User, town_code: str, pk: int, rows: QuerySet[Row]) -> Row:
    point = point_for(user, town_code)
    row = get_object_or_404(rows.filter(point=point).select_related("recorded_by", "voided_by"), pk=pk)
    row.point = point
    return row


def trainings_of(user: User, staff: Staff) -> list[Training]:
    """The trainings that a person came to and that stand, at points the user may see, newest first; one query."""
    points = LiaisonPoint.objects.visible_to(user)
    return list(Training.objects.standing().filter(attendees=staff, point__in=points).select_related("point__town"))


# ── who was there ────────────────────────────────────────────────────────────
def team_on(point: LiaisonPoint, day: date) -> set[UUID]:
    """The keys of the town's team on a day."""
    return set(TeamMembership.objects.filter(town_code=point.town_code).on(day).values_list("staff_id", flat=True))


def people_choices(point: LiaisonPoint, day: date, today: date) -> list[tuple[str, str]]:
    """Who can be ticked: the team of the last year, and of the day if that lies further back."""
    found = candidates(point, min(day, today - LOOK_BACK), max(day, today))
    return [(str(one.key), f"{one.name}（{one.seat}）") for one in found]


def answerable(town_code: str, owner_id: UUID) -> User | None:
    """Who is reminded: the owner's account unless it closes tonight, else an officer of the town; None is the county
    supervisor's."""
    owner = User.objects.filter(stays_in(town_code), staff=owner_id, is_active=True).first()
    return owner or next(iter(officers_of(town_code)), None)


# ── meetings ─────────────────────────────────────────────────────────────────
def meeting_for(user: User, town_code: str, meeting_id: int) -> Meeting:
    """A meeting with its people and decisions; 404 outside."""
    point = point_for(user, town_code)
    decisions = MeetingDecision.objects.select_related("owner", "done_by", "withdrawn_by")
    meetings = Meeting.objects.filter(point=point).select_related("recorded_by", "voided_by")
    meeting = get_object_or_404(meetings.prefetch_related("attendees", Prefetch("decisions", decisions)), pk=meeting_id)
    meeting.point = point
    return meeting


def decision_for(user: User, town_code: str, decision_id: int) -> MeetingDecision:
    """One decision with its meeting; 404 outside."""
    point = point_for(user, town_code)
    decisions = MeetingDecision.objects.filter(meeting__point=point).select_related(
        "meeting", "owner__user", "done_by", "withdrawn_by"
    )
    decision = get_object_or_404(decisions, pk=decision_id)
    decision.meeting.point = point
    return decision


def days_of(decisions: Iterable[MeetingDecision]) -> dict[str, Deadline]:
    """The open deadline of each decision by its key as text; one query."""
    label = MeetingDecision._meta.label_lower
    ids = [str(decision.pk) for decision in decisions]
    rows = Deadline.objects.open().filter(subject_label=label, subject_id__in=ids).select_related("rule")
    return {row.subject_id: row for row in rows}

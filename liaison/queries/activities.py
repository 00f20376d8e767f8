"""What a point does beside its cases: meetings and their decisions."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from core.choices import Role
from core.models import Deadline, User
from liaison.models import LiaisonPoint, Meeting, MeetingDecision
from liaison.queries.duty_plan import candidates
from liaison.queries.points import point_for
from roster.models import TeamMembership

DECISION_DUE = "meeting_decision"
LOOK_BACK = timedelta(days=366)  # who left the team since then can still be ticked as having come


def recent_meetings(point: LiaisonPoint, on: date, count: int = 3) -> list[Meeting]:
    return list(Meeting.objects.filter(point=point, held_on__lte=on)[:count])


# ── who was there ────────────────────────────────────────────────────────────
def team_on(point: LiaisonPoint, day: date) -> set[UUID]:
    """The keys of the town's team on a day."""
    return set(TeamMembership.objects.filter(town_code=point.town_code).on(day).values_list("staff_id", flat=True))


def people_choices(point: LiaisonPoint, day: date, today: date) -> list[tuple[str, str]]:
    """Who can be ticked: the team of the last year, and of the day if that lies further back."""
    found = candidates(point, min(day, today - LOOK_BACK), max(day, today))
    return [(str(one.key), f"{one.name}（{one.seat}）") for one in found]


def answerable(town_code: str, owner_id: UUID) -> User | None:
    """Who is reminded: the owner's account, else an officer of the town; None is the county supervisor's."""
    owner = User.objects.filter(staff=owner_id, is_active=True).first()
    officers = User.objects.filter(is_active=True, role=Role.OFFICER, scopes__division=town_code).order_by("pk")
    return owner or officers.first()


# ── meetings ─────────────────────────────────────────────────────────────────
def meeting_for(user: User, town_code: str, meeting_id: int) -> Meeting:
    """A meeting with its people and decisions; 404 outside."""
    point = point_for(user, town_code)
    decisions = MeetingDecision.objects.select_related("owner", "done_by")
    meetings = Meeting.objects.filter(point=point).select_related("recorded_by")
    meeting = get_object_or_404(meetings.prefetch_related("attendees", Prefetch("decisions", decisions)), pk=meeting_id)
    meeting.point = point
    return meeting


def decision_for(user: User, town_code: str, decision_id: int) -> MeetingDecision:
    """One decision with its meeting; 404 outside."""
    point = point_for(user, town_code)
    decisions = MeetingDecision.objects.filter(meeting__point=point).select_related("meeting", "owner__user", "done_by")
    decision = get_object_or_404(decisions, pk=decision_id)
    decision.meeting.point = point
    return decision


def days_of(decisions: Iterable[MeetingDecision]) -> dict[str, Deadline]:
    """The open deadline of each decision by its key as text; one query."""
    label = MeetingDecision._meta.label_lower
    ids = [str(decision.pk) for decision in decisions]
    rows = Deadline.objects.open().filter(subject_label=label, subject_id__in=ids).select_related("rule")
    return {row.subject_id: row for row in rows}

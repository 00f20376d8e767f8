"""What the demo's points do beside their cases: joint meetings with decisions, carried out or still open."""

from datetime import date, timedelta
from typing import Any

from core.queries import today
from liaison.actions.meetings import Decision, finish_decision, record_meeting
from liaison.models import LiaisonPoint, MeetingDecision
from reports.demo.people_on_stage import TownCast
from reports.demo.times import at, weekday

MEETING_EVERY = 70
DUE_AFTER, DONE_AFTER = timedelta(days=20), timedelta(days=12)


def hold_meetings(point: LiaisonPoint, cast: TownCast, meetings: list[dict[str, Any]], first: date, last: date) -> None:
    """A joint meeting of each kind every ten weeks; each decides something that the officer or a mediator does."""
    day = weekday(first + timedelta(days=10))
    while day < last:
        for meeting, owner in zip(meetings, cast.staff[2:], strict=False):
            held = record_meeting(
                point_id=point.pk,
                held_on=day,
                system=meeting["system"],
                agenda=meeting["agenda"],
                minutes=meeting["minutes"],
                attendees=[staff.pk for staff in cast.staff],
                guests=meeting["guests"],
                decisions=[Decision(meeting["decision"], owner.pk, weekday(day + DUE_AFTER))],
                by=cast.officer,
                recorded_at=at(day, 17),
            )
            _carry_out(held.decisions.get(), meeting["done"], cast)
        day = weekday(day + timedelta(days=MEETING_EVERY))


def _carry_out(decision: MeetingDecision, done: str, cast: TownCast) -> None:
    """Decisions whose time has come were carried out; those of the last days are still open."""
    done_on = weekday(decision.meeting.held_on + DONE_AFTER)
    if done_on < today():
        finish_decision(
            decision_id=decision.pk, done_on=done_on, done_note=done, by=cast.officer, recorded_at=at(done_on, 17)
        )

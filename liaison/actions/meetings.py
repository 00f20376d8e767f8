"""Joint meetings of court, town and mediators; what they decide is somebody's to do until a day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.deadlines import settle_deadline, start_deadline
from core.actions.notifications import notify
from core.errors import Conflict, Refused
from core.models import User
from core.privacy import mask_text
from core.queries import said
from liaison.actions.activities import check_day, check_team, check_version, given
from liaison.actions.points import locked_point, not_in_future
from liaison.choices import MEETING_SYSTEMS
from liaison.models import LiaisonPoint, Meeting, MeetingDecision
from liaison.queries.activities import DECISION_DUE, answerable

DECISIONS_MAX = 30
MINE = "联席会议由本镇（街）联络人员记。"


@dataclass(frozen=True)
class Decision:
    """What was decided, whose it is to do, until when."""

    text: str
    owner_id: UUID
    due_on: date


@transaction.atomic
def record_meeting(
    *,
    point_id: int,
    held_on: date,
    system: str,
    agenda: str,
    by: User,
    minutes: str = "",
    attendees: Collection[UUID] = (),
    guests: str = "",
    decisions: Sequence[Decision] = (),
    recorded_at: datetime | None = None,
) -> Meeting:
    """Note a meeting that was held: the use of the grid or the cooperation system.

    Effects: meeting, a deadline for each decision, audit. Raises Refused for a day in the future or before the
    point was opened, another system, no agenda, somebody who was not on the team (field `attendees`), and for a
    decision at `decisions-<n>-<field>`.
    """
    point = locked_point(point_id)
    require(by, "liaison.record_meeting", point, message=MINE)
    if system not in MEETING_SYSTEMS:
        raise Refused("联席会议只算联调联动或协作配合制度的运行。", field="system")
    agenda = given(agenda, "请写议题。", "agenda")
    check_day(point, held_on)
    came = check_team(point, attendees, held_on, "attendees")
    meeting = Meeting.objects.create(
        point=point,
        held_on=held_on,
        system=system,
        agenda=agenda,
        minutes=minutes.strip(),
        guests=guests.strip(),
        recorded_at=recorded_at or timezone.now(),
        recorded_by=by,
    )
    meeting.attendees.set(came)
    _decide(meeting, decisions, by=by, recorded_at=meeting.recorded_at)
    audit.record(
        "point.record_meeting",
        by=by,
        subject=meeting,
        division_code=point.town_code,
        detail={"held_on": held_on.isoformat(), "system": system, "came": len(came), "decisions": len(decisions)},
    )
    return meeting


@transaction.atomic
def correct_meeting(
    *,
    meeting_id: int,
    agenda: str,
    minutes: str,
    attendees: Collection[UUID],
    guests: str,
    by: User,
    decisions: Sequence[Decision] = (),
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> Meeting:
    """Correct what was written of a meeting, and add decisions; its day, its system and old decisions stay.

    Raises Refused as `record_meeting`, Conflict when somebody corrected it meanwhile.
    """
    meeting = _locked(meeting_id)
    require(by, "liaison.record_meeting", meeting.point, message=MINE)
    check_version(meeting, version)
    facts = {
        "agenda": given(agenda, "请写议题。", "agenda"),
        "minutes": minutes.strip(),
        "guests": guests.strip(),
    }
    came = check_team(meeting.point, attendees, meeting.held_on, "attendees")
    changed = [name for name, value in facts.items() if getattr(meeting, name) != value]
    if set(came) != set(meeting.attendees.all()):
        changed.append("attendees")
    if not changed and not decisions:
        return meeting
    for name, value in facts.items():
        setattr(meeting, name, value)
    meeting.version += 1
    meeting.save(update_fields=[*facts, "version"])
    meeting.attendees.set(came)
    _decide(meeting, decisions, by=by, recorded_at=recorded_at or timezone.now())
    audit.record(
        "point.correct_meeting",
        by=by,
        subject=meeting,
        division_code=meeting.town_code,
        detail={"held_on": meeting.held_on.isoformat(), "changed": changed, "decisions": len(decisions)},
    )
    return meeting


@transaction.atomic
def finish_decision(
    *, decision_id: int, done_on: date, done_note: str, by: User, recorded_at: datetime | None = None
) -> MeetingDecision:
    """Note that a decision was carried out; its deadline is settled, nobody is reminded further.

    Raises Refused for a day in the future or before the meeting, or without a word on what came of it, Conflict
    when it was noted already.
    """
    decision = _locked_decision(decision_id)
    meeting = decision.meeting
    require(by, "liaison.finish_decision", decision, message="决定办成了由负责人或本镇（街）联络人员记。")
    _still_open(decision)
    not_in_future(done_on, "done_on")
    if done_on < meeting.held_on:
        raise Refused(f"不能早于开会那一天（{said(meeting.held_on)}）。", field="done_on")
    decision.done_note = given(done_note, "请写办成了什么。", "done_note")
    decision.done_on, decision.done_by = done_on, by
    decision.done_recorded_at = recorded_at or timezone.now()
    decision.save(update_fields=["done_on", "done_note", "done_by", "done_recorded_at"])
    settle_deadline(kind=DECISION_DUE, subject=decision, on=done_on)
    audit.record(
        "point.finish_decision",
        by=by,
        subject=decision,
        division_code=meeting.town_code,
        detail={"due_on": decision.due_on.isoformat(), "done_on": done_on.isoformat()},
    )
    return decision


@transaction.atomic
def withdraw_decision(
    *, decision_id: int, reason: str, by: User, recorded_at: datetime | None = None
) -> MeetingDecision:
    """Nobody has to carry it out any more. Effects: the reason, its deadline settled, message to the owner, audit.

    Raises Refused without a reason, Conflict when it was carried out or withdrawn already.
    """
    decision = _locked_decision(decision_id)
    require(by, "liaison.record_meeting", decision.meeting.point, message="会议决定由本镇（街）联络人员撤回。")
    _still_open(decision)
    decision.withdrawn_because = given(reason, "请写为什么撤回。", "reason")
    decision.withdrawn_by, decision.withdrawn_at = by, recorded_at or timezone.now()
    decision.save(update_fields=["withdrawn_because", "withdrawn_by", "withdrawn_at"])
    let_go(decision, by=by, why=f"已撤回，不用再办：{decision.withdrawn_because}", recorded_at=decision.withdrawn_at)
    audit.record(
        "point.withdraw_decision",
        by=by,
        subject=decision,
        division_code=decision.town_code,
        detail={"due_on": decision.due_on.isoformat(), "reason": mask_text(decision.withdrawn_because)},
    )
    return decision


def let_go(decision: MeetingDecision, *, by: User, why: str, recorded_at: datetime) -> None:
    """Settle the day of a decision that nobody carries out, and tell its owner."""
    day = timezone.localdate(recorded_at)
    settle_deadline(kind=DECISION_DUE, subject=decision, on=day, settled_as="withdrawn")
    owner = decision.owner.user
    if owner and owner.is_active and owner != by:
        text = f"会议决定「{mask_text(decision.text)}」{why}"
        notify(recipient=owner, text=text, url=decision.meeting.get_absolute_url(), recorded_at=recorded_at)


def _locked_decision(decision_id: int) -> MeetingDecision:
    """The decision and its meeting, locked until commit."""
    meeting_id = MeetingDecision.objects.values_list("meeting_id", flat=True).get(pk=decision_id)
    meeting = _locked(meeting_id)
    rows = MeetingDecision.objects.select_for_update(of=("self",))
    decision = rows.select_related("owner__user", "done_by", "withdrawn_by").get(pk=decision_id)
    decision.meeting = meeting
    return decision


def _still_open(decision: MeetingDecision) -> None:
    """Raises Conflict when it was carried out, withdrawn, or its meeting voided."""
    if decision.done_on:
        raise Conflict(f"没有保存：{decision.done_by}已经记过，{said(decision.done_on)}办成。", hint="不用再记一次。")
    if decision.withdrawn_at:
        raise Conflict(f"没有保存：{decision.withdrawn_by}已经撤回这一项。", hint="还要办的，在会议里重新记一项。")
    if decision.meeting.voided_at:
        raise Conflict("没有保存：这次会议的记录已经作废。", hint="开过的会，请重新记一条。")


def _locked(meeting_id: int) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",)).select_related("point__town").get(pk=meeting_id)


def _decide(meeting: Meeting, decisions: Sequence[Decision], *, by: User, recorded_at: datetime) -> None:
    if len(decisions) > DECISIONS_MAX:
        raise Refused(f"一次最多记 {DECISIONS_MAX} 项决定。", field=None)
    for number, decision in enumerate(decisions):
        _start(_checked(meeting, decision, f"decisions-{number}"), by, recorded_at)


def _checked(meeting: Meeting, decision: Decision, row: str) -> MeetingDecision:
    """The decision, not yet saved. Raises Refused at a field of its row."""
    text = given(decision.text, "请写决定做什么。", f"{row}-text")
    check_team(meeting.point, [decision.owner_id], meeting.held_on, f"{row}-owner")
    if decision.due_on <= meeting.held_on:
        raise Refused(
            f"要晚于开会那一天（{said(meeting.held_on)}）。", hint="当场办完的写在纪要里。", field=f"{row}-due_on"
        )
    return MeetingDecision(meeting=meeting, text=text, owner_id=decision.owner_id, due_on=decision.due_on)


def _start(decision: MeetingDecision, by: User, recorded_at: datetime) -> None:
    """Save the decision; its day is the owner's to keep, else the officer's, else the county supervisor's."""
    decision.recorded_by, decision.recorded_at = by, recorded_at
    decision.save(force_insert=True)
    point: LiaisonPoint = decision.meeting.point
    start_deadline(
        kind=DECISION_DUE,
        subject=decision,
        town_code=point.town_code,
        base_on=decision.meeting.held_on,
        due_on=decision.due_on,
        responsible=answerable(point.town_code, decision.owner_id),
        subject_text=mask_text(decision.text),
        url=decision.meeting.get_absolute_url(),
        recorded_at=recorded_at,
    )

"""A dispute passes to another town that takes it over, or the county says which of two towns leads (ADR 0015).

The code, the timeline and every paper stay; what carries the town's code follows, so that figures count it once.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions.deadlines import assign_deadlines
from core.actions.outbox import mark_dirty
from core.choices import Level, Role
from core.errors import Refused
from core.models import Deadline, Division, StoredFile, User
from core.queries import today
from core.scope import covers
from disputes import limits
from disputes.actions.clusters import carry_memberships
from disputes.actions.events import record_event
from disputes.actions.parties import RETITLED, retitle
from disputes.actions.towns import (
    answer,
    check_words,
    close_joint,
    join,
    locked_request,
    mediator_of,
    record_town,
    sent_people,
    share,
    tell,
)
from disputes.choices import DisputeState, EventKind, TownRequestKind, TownRequestState
from disputes.models import Dispute, RiskFlag, TownRequest
from disputes.queries import officers_of
from mediation.choices import Basis, OrganisationKind
from mediation.models import (
    Agreement,
    Assignment,
    ConfirmationRequest,
    Entrustment,
    GuidanceRequest,
    Mediation,
    MediationOrganisation,
    PerformanceItem,
)
from mediation.moving import why_not_move
from mediation.queries.handover import TO_DISPUTE
from mediation.queries.standing import standing_of

LEADS_NOW, BY_COUNTY_NOW = "改由本镇（街）牵头", "县级决定后，按县级的决定联办"


@transaction.atomic
def accept_move(
    *,
    request_id: int,
    village_code: str,
    by: User,
    on: date,
    mediator_id: int | None = None,
    recorded_at: datetime | None = None,
) -> TownRequest:
    """The asked town takes the dispute over, in one of its villages. A running mediation needs its new mediator.

    Effects: request; dispute, mediation, court rows, papers and periods carry the new town; handler, assignment and
    open periods pass to the new mediator (else to the officer who accepts); event; both towns' months marked;
    messages; audit.
    """
    dispute, request = locked_request(request_id)
    require(by, "disputes.answer_town", dispute, message="答复由被请的镇（街）联络人员办。")
    if request.state != TownRequestState.ASKED or not request.is_move:
        raise Refused("这次移送请求已经有结果，或者请的是联办。", hint="请刷新页面，看看现在的情况。")
    _check_may_move(dispute)
    taken = _Taken(request.to_town, _village(request.to_town, village_code), by, on, recorded_at or timezone.now())
    mediator = _next_mediator(dispute, request.to_town, mediator_id)
    answer(request, TownRequestState.ACCEPTED, by=by, on=on, recorded_at=recorded_at)
    before = _people_of(dispute)
    joint = _end_joint_of(dispute, request.to_town_id, reason=LEADS_NOW, by=by, on=on, at=recorded_at)
    taken.move(dispute, mediator)
    people = [*before, *_people_of(dispute), *_still_sent(joint)]
    text = f"{request.from_town}移送，{request.to_town}接收" + (f"，由{mediator}承办" if mediator else "")
    _tell_moved(dispute, request, text, by=by, on=on, recorded_at=recorded_at, people=people)
    record_town(dispute, "move", by=by, request=request, on=on, village=village_code)
    return request


@transaction.atomic
def decide_lead(
    *,
    request_id: int,
    lead_code: str,
    reason: str,
    by: User,
    on: date,
    village_code: str = "",
    mediator_id: int | None = None,
    recorded_at: datetime | None = None,
) -> TownRequest:
    """The county decides which of the two towns of a declined request leads; the other one joins.

    Where the asked town is to lead, the dispute passes to it as if it had accepted: a village of it is named, and a
    mediator while the mediation runs. Effects: a new request by the county, the move, event, messages, audit.
    """
    dispute, request = locked_request(request_id)
    require(by, "disputes.decide_lead", dispute, message="由哪个镇（街）牵头，由司法局或政法委决定。")
    _check_to_decide(dispute, request, lead_code)
    check_words(reason, what="决定的理由")
    recorded_at = recorded_at or timezone.now()
    before = _people_of(dispute)
    moves = lead_code != dispute.town_code
    if moves:
        _check_may_move(dispute)
        joint = _end_joint_of(dispute, lead_code, reason=LEADS_NOW, by=by, on=on, at=recorded_at)
        before += _still_sent(joint)
        _decided(dispute, request, TownRequestKind.MOVE, to=lead_code, reason=reason, by=by, on=on, at=recorded_at)
        village = _village(request.to_town, village_code)
        mediator = _next_mediator(dispute, request.to_town, mediator_id)
        _Taken(request.to_town, village, officers_of(lead_code)[0], on, recorded_at).move(dispute, mediator)
    other = request.from_town_id if moves else request.to_town_id
    sent = _still_sent(_end_joint_of(dispute, other, reason=BY_COUNTY_NOW, by=by, on=on, at=recorded_at))
    kind, one = TownRequestKind.JOINT, next(iter(sent), None)
    joined = _decided(dispute, request, kind, to=other, reason=reason, by=by, on=on, at=recorded_at, mediator=one)
    request.county_asked_on = None  # decided: it waits on nobody's list any more
    request.save(update_fields=["county_asked_on"])
    join(dispute, joined, by=by, on=on, words=reason, recorded_at=recorded_at)
    lead = request.to_town if moves else request.from_town
    text = f"县级决定：由{lead}牵头"
    people = [*before, *_people_of(dispute), *officers_of(other), *sent]
    _tell_moved(dispute, joined, text, by=by, on=on, recorded_at=recorded_at, people=people, detail=reason)
    record_town(dispute, "decide_lead", by=by, request=joined, on=on, lead=lead_code, reason=reason)
    return joined


@dataclass(frozen=True)
class _Taken:
    """A town takes a dispute over."""

    town: Division
    village: Division
    by: User
    on: date
    recorded_at: datetime

    def move(self, dispute: Dispute, mediator: User | None) -> None:
        """Everything but the request, the event, the messages and the audit."""
        old, months = dispute.town_code, _months_of(dispute)
        dispute.division, dispute.town_code, dispute.handler = self.village, self.town.pk, mediator
        retitle(dispute, dispute.parties.all())  # the town stands among what it is found by
        dispute.save(update_fields=["division", "town_code", "handler", *RETITLED])
        self._carry_rows(dispute)
        carry_memberships(dispute, self.recorded_at)
        self._carry_mediation(dispute, mediator)
        self._carry_periods(dispute, mediator or self.by)
        RiskFlag.objects.filter(dispute=dispute, acknowledged_at=None, lowered_at=None).update(receiver=self.by)
        share(dispute)
        for month in months:
            for town in (old, self.town.pk):
                mark_dirty(town_code=town, on=month)

    def _carry_rows(self, dispute: Dispute) -> None:
        here = {"town_code": self.town.pk}
        Mediation.objects.filter(dispute=dispute).update(**here)
        Entrustment.objects.filter(dispute=dispute).update(**here)
        GuidanceRequest.objects.filter(dispute=dispute).update(**here)
        ConfirmationRequest.objects.filter(agreement__mediation__dispute=dispute).update(**here)
        papers = StoredFile.objects.filter(subject_label=dispute._meta.label_lower, subject_id=str(dispute.pk))
        papers.update(**here)

    def _carry_mediation(self, dispute: Dispute, mediator: User | None) -> None:
        """The mediation that runs goes on under the new town's committee and with its mediator."""
        running = Mediation.objects.filter(dispute=dispute, ended_on=None).first()
        if running is None:
            return
        if running.basis == Basis.OWN:
            running.organisation = _committee(self.town)
            running.save(update_fields=["organisation"])
        for assignment in running.assignments.filter(until=None):
            assignment.until = max(self.on, assignment.since)
            assignment.save(update_fields=["until"])
        if mediator:
            Assignment.objects.create(mediation=running, mediator=mediator, since=self.on)

    def _carry_periods(self, dispute: Dispute, responsible: User) -> None:
        """Every period follows the dispute; those still open get their new person, court days excepted."""
        for model, path in TO_DISPUTE.items():
            for row in model._default_manager.filter(**{path.removesuffix("_id"): dispute.pk}):
                about = Deadline.objects.about(row)
                if about.update(town_code=self.town.pk) and model is not ConfirmationRequest:
                    assign_deadlines(subject=row, responsible=responsible)


def _check_may_move(dispute: Dispute) -> None:
    if refusal := why_not_move(standing_of(dispute)):
        raise Refused(refusal[0], hint=refusal[1])


def _check_to_decide(dispute: Dispute, request: TownRequest, lead_code: str) -> None:
    if request.state != TownRequestState.DECLINED or request.county_asked_on is None:
        raise Refused("这一件没有在等县级决定。", hint="两个镇（街）谈不拢时，由镇里提出。")
    if lead_code not in (dispute.town_code, request.to_town_id):
        raise Refused("请在这两个镇（街）里选。", field="lead")
    if dispute.town_code != request.from_town_id:
        raise Refused("本件已经移送别的镇（街），这次分歧不用再定。", hint="请刷新页面。")
    if request.is_settled_in(dispute.town_requests.all()):
        raise Refused("这次分歧后来已经定下，不用再由县级决定。", hint="请刷新页面，看看现在的情况。")
    if not dispute.is_open:
        raise Refused("本件已经办结，用不着再定由谁牵头。")
    if lead_code != dispute.town_code and not officers_of(lead_code):
        raise Refused(f"{request.to_town}还没有联络人员，接不了件。", hint="请先登记联络人员任职。", field="lead")


def _decided(
    dispute: Dispute,
    like: TownRequest,
    kind: str,
    *,
    to: str,
    reason: str,
    by: User,
    on: date,
    at: datetime,
    mediator: User | None = None,
) -> TownRequest:
    """The county's own request, accepted as it is made."""
    limits.check_day(on, today=today(), after=like.answered_on)
    lead = like.from_town_id if to == like.to_town_id else like.to_town_id
    return TownRequest.objects.create(
        dispute=dispute,
        kind=kind,
        from_town_id=lead,
        to_town_id=to,
        state=TownRequestState.ACCEPTED,
        reason=reason.strip(),
        asked_by=by,
        asked_on=on,
        recorded_at=at,
        answered_by=by,
        answered_on=on,
        answered_recorded_at=at,
        by_county=True,
        mediator=mediator,
    )


def _end_joint_of(
    dispute: Dispute, town_code: str, *, reason: str, by: User, on: date, at: datetime | None
) -> TownRequest | None:
    """The joint handling of a town ends where it is to lead, or goes on by the county's word: event and audit."""
    running = dispute.town_requests.filter(kind=TownRequestKind.JOINT, state=TownRequestState.ACCEPTED)
    joint = running.filter(to_town_id=town_code).select_related("to_town", "mediator").first()
    if joint:
        close_joint(dispute, joint, by=by, on=on, reason=reason, recorded_at=at)
        record_town(dispute, "joint_end", by=by, request=joint, on=on)
    return joint


def _still_sent(joint: TownRequest | None) -> list[User]:
    """The mediator whom the town sent, on their last day too, unless they have left it since or stopped work."""
    if joint is None:
        return []
    of_town = [one for one in sent_people(joint) if one.is_active and one.role == Role.MEDIATOR]
    return [one for one in of_town if covers(one.scope_codes, joint.to_town_id)]


def _next_mediator(dispute: Dispute, town: Division, mediator_id: int | None) -> User | None:
    """Who goes on with it; a mediation that runs cannot be without."""
    if mediator_id:
        return mediator_of(town, mediator_id)
    if dispute.state == DisputeState.MEDIATING:
        raise Refused("本件正在调解，要定下由谁接着调解。", hint=f"请选一名{town}的调解员。", field="mediator")
    return None


def _village(town: Division, code: str) -> Division:
    village = Division.objects.filter(pk=code, level=Level.VILLAGE, parent=town).select_related("parent").first()
    if village is None:
        raise Refused(f"请选择{town}的村（社区）。", field="village")
    return village


def _committee(town: Division) -> MediationOrganisation:
    kind = OrganisationKind.PEOPLES_COMMITTEE
    committee = MediationOrganisation.objects.filter(division=town, kind=kind).first()
    if committee is None:
        raise Refused(f"{town}还没有登记调解组织，不能接着调解。", hint="请管理员在配置里登记人民调解委员会。")
    return committee


def _people_of(dispute: Dispute) -> list[User]:
    return [*officers_of(dispute.town_code), *([dispute.handler] if dispute.handler else [])]


def _months_of(dispute: Dispute) -> set[date]:
    """The months in which anything of the dispute is counted."""
    days: list[Any] = [dispute.registered_on, dispute.closed_on]
    days += Mediation.objects.filter(dispute=dispute).values_list("accepted_on", flat=True)
    days += Agreement.objects.filter(mediation__dispute=dispute).values_list("effective_on", flat=True)
    days += PerformanceItem.objects.filter(agreement__mediation__dispute=dispute).values_list("due_on", flat=True)
    asked = ConfirmationRequest.objects.filter(agreement__mediation__dispute=dispute)
    for row in asked.values_list("submitted_on", "accepted_on", "decided_on"):
        days += row
    return {day.replace(day=1) for day in days if day}


def _tell_moved(
    dispute: Dispute,
    request: TownRequest,
    text: str,
    *,
    by: User,
    on: date,
    recorded_at: datetime | None,
    people: list[User],
    detail: str = "",
) -> None:
    said = detail or request.reason
    record_event(dispute, EventKind.MOVED, on=on, by=by, text=text, detail=said, recorded_at=recorded_at)
    tell([person for person in people if person != by], f"{dispute.code}：{text}。", dispute, recorded_at)

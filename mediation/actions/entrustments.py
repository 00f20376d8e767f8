"""The court refers a case to a town (特邀 1, 11, 27; 在线 12, 15, 24): sent, accepted or declined, returned."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.deadlines import settle_all, settle_deadline, start_deadline
from core.actions.notifications import notify
from core.errors import Conflict, Refused
from core.models import User
from core.queries import today
from disputes.actions.events import record_event
from disputes.actions.intake import Intake, register_dispute
from disputes.actions.states import lock_dispute, move_state
from disputes.choices import Destination, EndGround, EventKind, Source
from disputes.limits import check_day
from disputes.models import Dispute
from disputes.queries import officers_of
from mediation.choices import Basis, EntrustmentState, Outcome, Procedure
from mediation.models import Entrustment
from mediation.workflow import ENTRUSTMENT

REASON_LENGTH = 300
PERIODS = {Procedure.ORDINARY: "entrust_post_ordinary", Procedure.SUMMARY: "entrust_post_summary"}


@dataclass(frozen=True)
class Referral:
    """How the court refers: before or after filing, on the platform or on paper."""

    basis: str
    online: bool = False
    procedure: str = ""
    court_number: str = ""


@transaction.atomic
def send_entrustment(
    *, case: Intake, referral: Referral, by: User, on: date, recorded_at: datetime | None = None
) -> Entrustment:
    """Register the case in the town (source 法院委派/委托), route it there and ask the town to accept it.

    Effects: dispute, entrustment, events; online_accept (paper: paper_accept) started; messages; audit.
    """
    require(by, "mediation.send_entrustment", case.village.town_code, message="委派、委托由法院立案人员发出。")
    _check(referral)
    dispute = register_dispute(
        data=replace(case, source=Source.COURT),
        by=by,
        registered_on=on,
        recorded_at=recorded_at,
        permission="mediation.send_entrustment",
    )
    _route_to_town(dispute, on=on)
    entrustment = Entrustment.objects.create(
        dispute=dispute,
        town_code=dispute.town_code,
        basis=referral.basis,
        procedure=referral.procedure,
        online=referral.online,
        court_number=referral.court_number.strip(),
        sent_on=on,
        sent_by=by,
        recorded_at=recorded_at or timezone.now(),
    )
    text = f"法院{entrustment.get_basis_display()}，请接收"
    _tell(entrustment, EventKind.ENTRUSTED, on=on, by=by, text=text, recorded_at=recorded_at)
    kind = "online_accept" if referral.online else "paper_accept"
    _start(entrustment, kind, base_on=on, recorded_at=recorded_at)
    for officer in officers_of(dispute.town_code):
        _notify(entrustment, officer, f"{dispute.title}：{text}。", recorded_at)
    _audit(entrustment, "send", by=by, on=on, basis=referral.basis, online=referral.online)
    return entrustment


def _check(referral: Referral) -> None:
    if referral.basis not in (Basis.PRE_FILING, Basis.POST_FILING):
        raise Refused("请选择委派还是委托。", field="basis")
    after_filing = referral.basis == Basis.POST_FILING
    if after_filing and referral.procedure not in Procedure.values:
        raise Refused("立案后委托要写明普通程序还是简易程序，期限不一样。", field="procedure")
    if after_filing and not referral.court_number.strip():
        raise Refused("立案后委托要写法院案号。", field="court_number")
    if not after_filing and referral.procedure:
        raise Refused("立案前委派没有程序之分。", field="procedure")


def _route_to_town(dispute: Dispute, *, on: date) -> None:
    dispute.destination = Destination.COURT_ENTRUSTMENT
    dispute.route_reason = "法院委派、委托"
    dispute.save(update_fields=["destination", "route_reason"])
    move_state(dispute, "route", on=on)


@transaction.atomic
def accept_entrustment(
    *, entrustment_id: int, by: User, on: date, version: int | None = None, recorded_at: datetime | None = None
) -> Entrustment:
    """The town signs for the papers, or accepts on the platform: the mediator's days run from here (特邀 27, 在线 24).

    Effects: state; event; acceptance settled, entrust_* (and online_notify_other) started; message; audit.
    """
    entrustment = _take(entrustment_id, "accept", by=by, version=version)
    check_day(on, today=today(), after=entrustment.sent_on)
    entrustment.received_on, entrustment.received_recorded_at = on, recorded_at or timezone.now()
    _move(entrustment, "accept", "received_on", "received_recorded_at")
    _settle_acceptance(entrustment, on=on)
    _start(entrustment, _period(entrustment), base_on=on, recorded_at=recorded_at)
    if entrustment.online and entrustment.basis == Basis.PRE_FILING:
        _start(entrustment, "online_notify_other", base_on=on, recorded_at=recorded_at)
    _tell(entrustment, EventKind.ENTRUSTMENT_ANSWERED, on=on, by=by, text="已接收", recorded_at=recorded_at)
    _notify(entrustment, entrustment.sent_by, f"{entrustment.dispute.title}：镇里已接收。", recorded_at)
    _audit(entrustment, "accept", by=by, on=on)
    return entrustment


@transaction.atomic
def decline_entrustment(
    *,
    entrustment_id: int,
    by: User,
    on: date,
    reason: str,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> Entrustment:
    """Send the case back with a reason; the dispute ends here, the court goes on with it (在线 12).

    Effects: state, dispute ended; events; acceptance settled; message; audit.
    """
    entrustment = _take(entrustment_id, "decline", by=by, version=version)
    check_day(on, today=today(), after=entrustment.sent_on)
    if not reason.strip():
        raise Refused("请写明为什么退回。", field="reason")
    if len(reason) > REASON_LENGTH:
        raise Refused(f"理由最多 {REASON_LENGTH} 个字。", field="reason")
    entrustment.declined_because = reason.strip()
    _move(entrustment, "decline", "declined_because")
    _settle_acceptance(entrustment, on=on)
    words = f"退回法院：{reason.strip()}"
    move_state(entrustment.dispute, "end", on=on, reason=words, end_ground=EndGround.OTHER)
    _tell(entrustment, EventKind.ENTRUSTMENT_ANSWERED, on=on, by=by, text=words, recorded_at=recorded_at)
    _notify(entrustment, entrustment.sent_by, f"{entrustment.dispute.title}：{words}", recorded_at)
    _audit(entrustment, "decline", by=by, on=on)
    return entrustment


def note_outcome(dispute: Dispute, *, outcome: str, on: date) -> None:
    """The mediation of an entrusted case has ended: the court's period is settled, the result waits to be returned.

    Called by the verb that ends the mediation, in its transaction; a case that was not entrusted is left alone.
    """
    rows = Entrustment.objects.select_for_update(of=("self",))
    entrustment = rows.filter(dispute=dispute, state=EntrustmentState.ACCEPTED).first()
    if entrustment is None:
        return
    _move(entrustment, "succeed" if outcome == Outcome.AGREED else "fail")
    settle_all(subject=entrustment, on=on, settled_as="done")


@transaction.atomic
def return_entrustment(
    *, entrustment_id: int, by: User, on: date, version: int | None = None, recorded_at: datetime | None = None
) -> Entrustment:
    """Report the result to the court with the papers (特邀 26). Effects: state; event; message; audit."""
    entrustment = _take(entrustment_id, "return", by=by, version=version)
    check_day(on, today=today(), after=entrustment.received_on)
    result = entrustment.get_state_display()
    entrustment.returned_on = on
    _move(entrustment, "return", "returned_on")
    text = f"已向法院反馈：{result}"
    _tell(entrustment, EventKind.ENTRUSTMENT_RETURNED, on=on, by=by, text=text, recorded_at=recorded_at)
    _notify(entrustment, entrustment.sent_by, f"{entrustment.dispute.title}：{text}", recorded_at)
    _audit(entrustment, "return", by=by, on=on, result=result)
    return entrustment


def _take(entrustment_id: int, verb: str, *, by: User, version: int | None) -> Entrustment:
    """The entrustment and its dispute, locked in this order: dispute first, as every verb of mediation does."""
    dispute_id = Entrustment.objects.values_list("dispute_id", flat=True).get(pk=entrustment_id)
    dispute = lock_dispute(dispute_id)
    entrustment = Entrustment.objects.select_for_update(of=("self",)).select_related("sent_by").get(pk=entrustment_id)
    entrustment.dispute = dispute
    step, state = ENTRUSTMENT[verb], entrustment.get_state_display()
    require(by, f"mediation.{verb}_entrustment", entrustment, message=f"{step.label}由本镇（街）的联络人员办。")
    if version is not None and version != entrustment.version:
        raise Conflict(f"没有保存：有人先办了，这一件现在是「{state}」。", hint="请看过再决定。")
    if entrustment.state not in step.sources:
        raise Refused(f"这一件现在是「{state}」，不能{step.label}。", hint="请刷新页面，看看下一步是什么。")
    return entrustment


def _move(entrustment: Entrustment, verb: str, *fields: str) -> None:
    entrustment.state = ENTRUSTMENT[verb].target
    entrustment.version += 1
    entrustment.save(update_fields=["state", "version", *fields])


def _settle_acceptance(entrustment: Entrustment, *, on: date) -> None:
    for kind in ("online_accept", "paper_accept"):
        settle_deadline(kind=kind, subject=entrustment, on=on)


def _period(entrustment: Entrustment) -> str:
    if entrustment.basis == Basis.PRE_FILING:
        return "entrust_pre"
    return PERIODS[Procedure(entrustment.procedure)]


def _start(entrustment: Entrustment, kind: str, *, base_on: date, recorded_at: datetime | None) -> None:
    """A period of the town: the mediator's once one handles the case, the officer's before."""
    dispute = entrustment.dispute
    officers = officers_of(dispute.town_code)
    start_deadline(
        kind=kind,
        subject=entrustment,
        town_code=dispute.town_code,
        base_on=base_on,
        responsible=dispute.handler or (officers[0] if officers else None),
        subject_text=dispute.title,
        url=dispute.get_absolute_url(),
        recorded_at=recorded_at,
    )


def _tell(
    entrustment: Entrustment, kind: EventKind, *, on: date, by: User, text: str, recorded_at: datetime | None
) -> None:
    by_court = kind == EventKind.ENTRUSTED
    record_event(entrustment.dispute, kind, on=on, by=by, text=text, by_court=by_court, recorded_at=recorded_at)


def _notify(entrustment: Entrustment, person: User, text: str, recorded_at: datetime | None) -> None:
    notify(recipient=person, text=text, url=entrustment.dispute.get_absolute_url(), recorded_at=recorded_at)


def _audit(entrustment: Entrustment, verb: str, *, by: User, **facts: object) -> None:
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    detail = {"dispute": entrustment.dispute.code, "state": entrustment.state, **said}
    audit.record(f"entrustment.{verb}", by=by, subject=entrustment, division_code=entrustment.town_code, detail=detail)

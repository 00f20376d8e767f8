"""From the rows of a dispute to the facts of its path: who has signed, what is open, the day of each stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.clock_face import cn_date
from core.models import Deadline, StoredFile
from core.privacy import mask_text
from disputes.choices import OVERRULED, DisputeState, EventKind
from disputes.models import Dispute, DisputeEvent, Party
from disputes.questions import Required, unanswered
from mediation import path
from mediation.choices import DECIDED_CONFIRMATIONS, AgreementForm, Basis, PaperKind
from mediation.models import Agreement, Entrustment, Mediation, PerformanceItem, Session, Signature
from mediation.queries.agreements import Signer, both_sides, party_facts
from mediation.queries.confirmations import Slot

CONFIRM_APPLY = "confirm_apply"
SESSIONS_NAMED = 2


@dataclass(frozen=True)
class Rows:
    """What was read of a dispute. `mediations` oldest first; `agreement` is the one that counts now."""

    dispute: Dispute
    parties: Sequence[Party]
    mediations: Sequence[Mediation]
    sessions: Sequence[Session]
    agreement: Agreement | None
    signatures: Sequence[Signature]
    items: Sequence[PerformanceItem]
    papers: Sequence[StoredFile]
    slot: Slot | None
    entrustment: Entrustment | None
    required: Sequence[Required] = ()

    @property
    def mediation(self) -> Mediation | None:
        """The last try."""
        return self.mediations[-1] if self.mediations else None

    @property
    def next_item(self) -> PerformanceItem | None:
        """The first item not yet performed."""
        return next((item for item in self.items if item.done_on is None), None)


def facts_of(
    rows: Rows,
    *,
    signers: Sequence[Signer],
    events: Sequence[DisputeEvent],
    deadlines: Sequence[Deadline],
    today: date,
) -> path.Facts:
    """The facts of the path as they stand on `today`."""
    dispute, agreement, item = rows.dispute, rows.agreement, rows.next_item
    mediation = agreement.mediation if agreement else rows.mediation
    last_day = _last_day(agreement, deadlines)
    return path.Facts(
        state=dispute.state,
        outcome=dispute.outcome,
        suitable=dispute.suitable,
        overruled_because=str(dispute.triage.get(OVERRULED, "")),
        other_door=str(dispute.triage.get("door", "")),
        referred_to=dispute.referred_to,
        destination=dispute.destination,
        route_reason=mask_text(dispute.route_reason).rstrip("。"),
        village=dispute.division.short_name,
        handled=dispute.handler_id is not None,
        asked_judge=any(event.kind == EventKind.GUIDANCE_ASKED for event in events),
        both_sides=both_sides(rows.parties),
        parties=party_facts(rows.parties),
        entrustment=rows.entrustment.state if rows.entrustment else "",
        basis=mediation.basis if mediation else Basis.OWN,
        sessions=_sessions_of_last_try(rows),
        form=agreement.form if agreement else AgreementForm.WRITTEN,
        concluded_on=agreement.concluded_on if agreement else None,
        effective_on=agreement.effective_on if agreement else None,
        unsigned=tuple(signer.words for signer in signers if signer.signature is None),
        confirmation=rows.slot.state if rows.slot else "",
        last_day=last_day,
        today=today,
        court_paper=any(paper.kind == PaperKind.COURT_PAPER for paper in rows.papers),
        unanswered=unanswered(rows.required, dispute.answers, dispute.amount),
        items=len(rows.items),
        next_item=path.ItemFacts(item.serial, item.text, item.due_on) if item else None,
        merged_into=dispute.merged_into.code if dispute.merged_into else "",
        days=_days(rows, events, last_day, today),
    )


def _sessions_of_last_try(rows: Rows) -> int:
    last = rows.mediation
    return sum(session.mediation_id == last.pk for session in rows.sessions) if last else 0


def _last_day(agreement: Agreement | None, deadlines: Sequence[Deadline]) -> date | None:
    """The last day to apply for confirmation while that period runs."""
    if agreement is None:
        return None
    about = (agreement._meta.label_lower, str(agreement.pk), CONFIRM_APPLY)
    running = [
        one for one in deadlines if (one.subject_label, one.subject_id, one.kind) == about and not one.settled_on
    ]
    return running[0].due_on if running else None


# ── the day under each stop ──────────────────────────────────────────────────
def _days(rows: Rows, events: Sequence[DisputeEvent], last_day: date | None, today: date) -> dict[str, str]:
    """The words under each stop that has a day."""
    dispute, agreement = rows.dispute, rows.agreement
    routed = next((event.on for event in events if event.kind == EventKind.ROUTED), None)
    found = {"登记": _cn(dispute.registered_on, today), "分流": _cn(routed, today), "调解": _session_days(rows, today)}
    if agreement:
        found["达成协议"] = _cn(agreement.effective_on, today) or "待签名"
    found["司法确认"] = _confirmation_day(rows, last_day, today)
    found["履行"] = _performance_day(rows, today)
    closed = _cn(dispute.closed_on, today)
    found |= {"终止": closed, "调解不成": closed, f"转{dispute.referred_to}": closed}
    if dispute.merged_into:
        found[f"并入 {dispute.merged_into.code}"] = closed
    if dispute.state == DisputeState.ARCHIVED:
        found |= dict.fromkeys(("归档", "回访归档"), _cn(dispute.state_on, today))
    return found


def _cn(day: date | None, today: date) -> str:
    return cn_date(day, today) if day else ""


def _session_days(rows: Rows, today: date) -> str:
    """11月28日、11月29日; several on one day or more than two days: the first and how many."""
    held = [_cn(session.held_on, today) for session in rows.sessions]
    days = list(dict.fromkeys(held))
    if len(days) == len(held) <= SESSIONS_NAMED:
        return "、".join(days)
    return f"{days[0]}{' ' if len(days) == 1 else '等 '}{len(held)} 次"


def _confirmation_day(rows: Rows, last_day: date | None, today: date) -> str:
    request = rows.slot.request if rows.slot else None
    if request and request.state in DECIDED_CONFIRMATIONS:
        return _cn(request.decided_on, today)
    if request and request.submitted_on:
        return f"{_cn(request.submitted_on, today)}提出"
    return f"{_cn(last_day, today)}前" if last_day else ""


def _performance_day(rows: Rows, today: date) -> str:
    item = rows.next_item
    if item:
        first = "首期 " if item.serial == 1 else f"第 {item.serial} 期 "
        return f"{first}{_cn(item.due_on, today)}"
    done = [item.done_on for item in rows.items if item.done_on]
    return _cn(max(done), today) if done else ""

"""A leaver's open work in a town passes to a successor of the same town and role, all of it or nothing (DESIGN §6)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.deadlines import hand_over_deadlines
from core.actions.notifications import notify
from core.errors import Refused
from core.models import Deadline, User
from disputes.actions.events import record_event
from disputes.choices import EventKind
from disputes.models import Dispute, RiskFlag
from mediation.models import Assignment, ConfirmationRequest
from mediation.queries.handover import OpenWork, disputes_behind, open_work, successors
from roster.models import TeamMembership
from roster.rules import COURT_SEATS

WHO_MAY = "移交由本镇（街）联络人员或司法局办；法官、法官助理手上的，由法院立案人员办。"


@dataclass(frozen=True)
class HandedOver:
    """How much passed on."""

    successor: User
    disputes: int
    deadlines: int


@transaction.atomic
def hand_over(
    *, term_id: int, successor_id: int, by: User, on: date, recorded_at: datetime | None = None
) -> HandedOver:
    """Hand everything the holder of the term has in hand in its town to a successor with the same seat there.

    Raises Refused for a successor without that seat, and when nothing is in hand. Effects, dispute by dispute in the
    order of their numbers: handler, assignment, request, warnings, event; then deadlines, one message; audit rows last.
    """
    term = TeamMembership.objects.select_related("staff__user", "town").get(pk=term_id)
    require(by, "mediation.hand_over", term, message=WHO_MAY)
    leaver = term.staff.user
    if leaver is None:
        raise Refused(f"{term.staff}没有账号，手上没有要移交的事。", hint=_end_hint(term))
    successor = next((user for user in successors(term, on) if user.pk == successor_id), None)
    if successor is None:
        words = f"{term.town}{term.get_role_display()}"
        raise Refused(f"请从{words}里选接手的人。", hint="先登记接手的人任职，再来移交。", field="successor")
    ids = open_work(leaver, term.town_code, role=term.role).dispute_ids
    disputes = list(Dispute.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    work = open_work(leaver, term.town_code, role=term.role)  # anew, now that nobody else can move it
    if work.is_empty:
        raise Refused(f"{leaver}在{term.town}手上没有要移交的事。", hint=_end_hint(term))
    handover = _Handover(term, leaver, successor, by, on, recorded_at or timezone.now())
    moved = handover.move(disputes, work)
    handover.tell(disputes, len(moved))
    handover.audit(disputes, moved)
    return HandedOver(successor, len(disputes), len(moved))


def _end_hint(term: TeamMembership) -> str:
    """What to do where nothing is in hand; nothing where the term has its end already."""
    return "" if term.until else "可以直接登记离任。"


@dataclass(frozen=True)
class _Handover:
    term: TeamMembership
    leaver: User
    successor: User
    by: User
    on: date
    recorded_at: datetime

    def move(self, disputes: list[Dispute], work: OpenWork) -> list[Deadline]:
        """Everything but the message and the audit; returns the deadlines that moved."""
        parts = self._parts(work)
        self._assign(work)
        for request in ConfirmationRequest.objects.select_for_update(of=("self",)).filter(
            pk__in=[request.pk for request in work.requests]
        ):
            request.judge = self.successor
            request.version += 1
            request.save(update_fields=["judge", "version"])
        RiskFlag.objects.filter(pk__in=[flag.pk for flag in work.flags]).update(receiver=self.successor)
        for dispute in disputes:
            self._pass_on(dispute, parts[dispute.pk])
        return hand_over_deadlines(of=self.leaver, to=self.successor, town_code=self.term.town_code)

    def _assign(self, work: OpenWork) -> None:
        for assignment in work.assignments:
            assignment.until = max(self.on, assignment.since)
            assignment.save(update_fields=["until"])
            Assignment.objects.get_or_create(
                mediation=assignment.mediation, mediator=self.successor, until=None, defaults={"since": self.on}
            )

    def _pass_on(self, dispute: Dispute, parts: Counter[str]) -> None:
        """The dispute's handler, its version, so that pages opened before are stale, and its line in the timeline."""
        if dispute.handler_id == self.leaver.pk:
            dispute.handler = self.successor
        dispute.version += 1
        dispute.save(update_fields=["handler", "version"])
        record_event(
            dispute,
            EventKind.HANDED_OVER,
            on=self.on,
            by=self.by,
            text=f"{self.leaver}手上的事移交{self.successor}",
            detail="、".join(f"{words} {count} 项" if count > 1 else words for words, count in parts.items()),
            by_court=self.term.role in COURT_SEATS,
            recorded_at=self.recorded_at,
        )

    def _parts(self, work: OpenWork) -> dict[int, Counter[str]]:
        """What of each dispute passes on, in words."""
        parts: dict[int, Counter[str]] = defaultdict(Counter)
        for dispute in work.disputes:
            parts[dispute.pk]["承办"] += 1
        for request in work.requests:
            parts[request.agreement.mediation.dispute_id]["司法确认"] += 1
        for question in work.guidance:
            parts[question.dispute_id]["法官指导"] += 1
        for flag in work.flags:
            parts[flag.dispute_id]["风险提示"] += 1
        for dispute_id in disputes_behind(work.deadlines).values():
            parts[dispute_id]["期限"] += 1
        return parts

    def tell(self, disputes: list[Dispute], deadlines: int) -> None:
        """One message to the successor; a single dispute is opened by it."""
        url = disputes[0].get_absolute_url() if len(disputes) == 1 else "/"
        text = f"{self.leaver}手上的 {len(disputes)} 件纠纷、{deadlines} 项期限移交给您。"
        notify(recipient=self.successor, text=text, url=url, recorded_at=self.recorded_at)

    def audit(self, disputes: list[Dispute], moved: list[Deadline]) -> None:
        """One row a dispute, one for the whole; last, for the chain is locked until the commit."""
        people = {"from": self.leaver.pk, "to": self.successor.pk}
        behind, town = disputes_behind(moved), self.term.town_code
        for dispute in disputes:
            kinds = sorted(deadline.kind for deadline in moved if behind.get(deadline.pk) == dispute.pk)
            detail = {"code": dispute.code, **people, "deadlines": kinds}
            audit.record("dispute.hand_over", by=self.by, subject=dispute, division_code=town, detail=detail)
        detail = {**people, "role": self.term.role, "disputes": len(disputes), "deadlines": len(moved)}
        audit.record("membership.hand_over", by=self.by, subject=self.term, division_code=town, detail=detail)

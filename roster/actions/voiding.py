"""Terms of office that were written down by mistake, struck out: they never were."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.actions import audit
from core.errors import Conflict, Refused
from core.models import User
from roster.actions.membership import STRIKE_OUT, locked_term, nothing_left_open, require_seat
from roster.actions.scopes import sync_scopes
from roster.models import Staff, TeamMembership, VoidedTerm
from roster.queries import replaced_by

REASON_LENGTH = 100
GOES_ON = "换岗位作废，恢复原来的岗位"
AS_IT_WAS = (
    "staff_id",
    "town_id",
    "town_code",
    "role",
    "mediator_kind",
    "since",
    "until",
    "recorded_at",
    "ended_recorded_at",
)


@transaction.atomic
def void_term(*, membership_id: int, reason: str, by: User, reopen: bool = False) -> VoidedTerm:
    """Strike out a term that never was; nothing counts it from now on, the account follows what is left. `reopen`: the
    term that it replaced never ended.

    Raises Conflict when it was struck out already or nothing can be reopened, Refused without a reason, and while the
    person has open deadlines in the town and no other seat there. Effects: terms, account, audit.
    """
    _lock_person(membership_id)
    term = locked_term(membership_id)
    require_seat(by, term.role, term.town_code)
    if not reason.strip():
        raise Refused("请写明为什么作废。", hint="例如：登记错了人，镇（街）写错了。", field="reason")
    earlier, now = _earlier(term, by) if reopen else None, timezone.now()
    if term.until is None:
        nothing_left_open(term, act=STRIKE_OUT, reopened=earlier)
    voided = keep_voided(term, reason.strip()[:REASON_LENGTH], now, by=by)
    term.delete()
    ended_on = _reopen(earlier, now, by) if earlier else None
    sync_scopes([voided.staff_id], by=by)
    record_voided([voided], by=by)
    if earlier:
        detail = _facts(earlier, ended_on)
        audit.record("membership.reopen", by=by, subject=earlier, division_code=earlier.town_code, detail=detail)
    return voided


def record_voided(terms: Iterable[VoidedTerm], *, by: User) -> None:
    """One row of the audit trail for each term that was struck out, by hand or by a list."""
    told = [audit.Told(one, one.town_code, _facts(one, one.until) | {"reason": one.reason}) for one in terms]
    audit.record_many("membership.void", told, by=by)


def _lock_person(membership_id: int) -> None:
    """The person before the term, as a list locks them. A term that is gone is told of by who looks for it."""
    owner = TeamMembership.objects.filter(pk=membership_id).values("staff_id")
    Staff.objects.select_for_update(of=("self",)).filter(pk__in=owner).first()


def _earlier(term: TeamMembership, by: User) -> TeamMembership:
    found = replaced_by(term)
    if found is None:
        raise Conflict("没有保存：原来的岗位现在不能恢复。", hint="请刷新再看。")
    require_seat(by, found.role, found.town_code)
    return locked_term(found.pk)


def _reopen(term: TeamMembership, now: datetime, by: User) -> date | None:
    """Write the term anew without its end; the books of the days until now keep it as it was. Returns the last day."""
    keep_voided(term, GOES_ON, now, by=by)
    ended_on, term.until, term.ended_recorded_at, term.recorded_at = term.until, None, None, now
    term.save(update_fields=["until", "ended_recorded_at", "recorded_at"])
    return ended_on


def _facts(term: TeamMembership | VoidedTerm, until: date | None) -> dict[str, str]:
    return {
        "staff": str(term.staff_id),
        "role": term.role,
        "since": term.since.isoformat(),
        "until": until.isoformat() if until else "",
    }


def keep_voided(term: TeamMembership, reason: str, now: datetime, *, by: User | None = None) -> VoidedTerm:
    """The term as the books had it until now."""
    return VoidedTerm.objects.create(
        **{name: getattr(term, name) for name in AS_IT_WAS},
        voided_on=timezone.localdate(now),
        voided_at=now,
        voided_by=by,
        reason=reason,
    )

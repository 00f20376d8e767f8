"""Terms of office that were written down by mistake, struck out: they never were."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.actions import audit
from core.errors import Refused
from core.models import User
from roster.actions.membership import locked_term, nothing_left_open, require_seat
from roster.actions.scopes import sync_scopes
from roster.models import TeamMembership, VoidedTerm

REASON_LENGTH = 100
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
def void_term(*, membership_id: int, reason: str, by: User) -> VoidedTerm:
    """Strike out a term that never was; nothing counts it from now on, the account follows what is left.

    Raises Conflict when it was struck out already, Refused without a reason, and while the person has open deadlines in
    the town and no other seat there.
    """
    term = locked_term(membership_id)
    require_seat(by, term.role, term.town_code)
    if not reason.strip():
        raise Refused("请写明为什么作废。", hint="例如：登记错了人，镇（街）写错了。", field="reason")
    if term.until is None:
        nothing_left_open(term)
    voided = keep_voided(term, reason.strip()[:REASON_LENGTH], timezone.now(), by=by)
    term.delete()
    sync_scopes([voided.staff_id], by=by)
    record_voided([voided], by=by)
    return voided


def record_voided(terms: Iterable[VoidedTerm], *, by: User) -> None:
    """One row of the audit trail for each term that was struck out, by hand or by a list."""
    audit.record_many(
        "membership.void",
        [
            audit.Told(
                voided,
                voided.town_code,
                detail={
                    "staff": str(voided.staff_id),
                    "role": voided.role,
                    "since": voided.since.isoformat(),
                    "until": voided.until.isoformat() if voided.until else "",
                    "reason": voided.reason,
                },
            )
            for voided in terms
        ],
        by=by,
    )


def keep_voided(term: TeamMembership, reason: str, now: datetime, *, by: User | None = None) -> VoidedTerm:
    """The term as the books had it until now."""
    return VoidedTerm.objects.create(
        **{name: getattr(term, name) for name in AS_IT_WAS},
        voided_on=timezone.localdate(now),
        voided_at=now,
        voided_by=by,
        reason=reason,
    )

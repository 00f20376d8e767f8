"""One dispute: the file behind a code, what is in it, the day proposed for its next step, and who must be told."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.utils import timezone

from core.access import require
from core.models import User
from core.queries import today
from disputes.models import Dispute, Party, RiskFlag
from liaison.queries import assistance

NOT_THERE = "没有这个编号，或不在您的范围内。"


def get_dispute(user: Any, code: str) -> Dispute:
    """The dispute behind a code, if `user` may see it. Raises NotAllowed (role) or Http404 (scope)."""
    require(user, "disputes.view")
    rows = Dispute.objects.visible_to(user).select_related("case_type", "division__parent", "registered_by", "handler")
    dispute = rows.filter(code=code).first()
    if dispute is None:
        raise Http404(NOT_THERE)
    return dispute


def usual_day_to_route(dispute: Dispute) -> date:
    """The day proposed for routing: today; the registered day where that was written down later than it was true.

    Work done on paper is entered step by step with its own days, and no later step may lie before this one.
    """
    entered_on = timezone.localdate(dispute.recorded_at)
    return dispute.registered_on if dispute.registered_on < entered_on else today()


def usual_day_of_a_step(dispute: Dispute, *, after: date) -> date:
    """The day proposed for a later step: today; the day of the step before, while a past case is being typed in."""
    typed_in_today = dispute.registered_on < timezone.localdate(dispute.recorded_at) == today()
    return after if typed_in_today else today()


def get_party(dispute: Dispute, party_id: UUID) -> Party:
    """A party of the dispute in hand."""
    party = dispute.parties.select_related("home__parent").filter(pk=party_id).first()
    if party is None:
        raise Http404(NOT_THERE)
    return party


def get_flag(dispute: Dispute, flag_id: int) -> RiskFlag:
    """A risk warning of the dispute in hand."""
    flag = dispute.risk_flags.filter(pk=flag_id).first()
    if flag is None:
        raise Http404(NOT_THERE)
    return flag


def officers_of(town_code: str) -> list[User]:
    """The liaison officers of a town; where there is none, the county supervisor."""
    supervisor = User.objects.filter(username=settings.SUPERVISOR_USERNAME, is_active=True)
    return assistance.officers_of(town_code) or list(supervisor)

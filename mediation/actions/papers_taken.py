"""Taking a paper of a confirmation out of the system leaves a trace; with full numbers it needs a reason."""

from django.db import transaction

from core.access import require
from core.actions import audit
from core.errors import Refused
from core.models import User
from mediation.models import ConfirmationRequest

REASON_LENGTH = 200


@transaction.atomic
def take_paper(*, request: ConfirmationRequest, paper: str, clear: bool, reason: str, by: User) -> None:
    """Note who takes which paper, masked or clear; the row is committed before the paper is handed over."""
    require(by, "mediation.view_confirmation", request)
    if clear:
        dispute = request.agreement.mediation.dispute
        require(by, "disputes.reveal", dispute, message="带完整号码的文书只给本件的承办人。")
        if not reason.strip():
            raise Refused("请写明为什么要带完整号码。", field="reason")
    detail = {"paper": paper, "clear": clear, "reason": reason.strip()[:REASON_LENGTH]}
    audit.record("confirmation.paper", by=by, subject=request, division_code=request.town_code, detail=detail)

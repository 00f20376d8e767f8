"""Taking papers or lists of confirmations out of the system leaves a trace; full numbers need a reason."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.access import require
from core.actions import audit
from core.errors import Refused
from core.models import User
from mediation.models import ConfirmationRequest

REASON_LENGTH = 200
EXPORT_LIMIT = 10_000
UNSAID = frozenset({"s", "q"})  # what was searched for may name a person


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


@transaction.atomic
def record_export(*, rows: int, filters: Mapping[str, Any], by: User) -> None:
    """Note who takes how many rows under which filter. Raises Refused when there are too many."""
    require(by, "mediation.view_confirmation")
    if rows > EXPORT_LIMIT:
        raise Refused(f"符合条件的超过 {EXPORT_LIMIT:,} 件，一次导不出来。", hint="请按镇（街）或日期缩小范围。")
    said = {name: value for name, value in filters.items() if value and name not in UNSAID}
    audit.record("confirmation.export", by=by, detail={"rows": rows, "filters": said, "masked": True})

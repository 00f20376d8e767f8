"""What of a request is shown in clear or printed: on record before it is handed out."""

from core.access import require
from core.actions import audit, reveals
from core.models import User
from liaison.models import AssistanceRequest

REVEALED = "assistance.reveal"
REVEALABLE = {"phone": "电话", "address": "地址"}


def reveal(*, request: AssistanceRequest, field: str, reason: str, by: User) -> str:
    """One number or address for one reader. Raises Refused for another field, no reason, too many a day."""
    require(by, "liaison.read_assistance", request)
    return reveals.reveal(
        request, field, among=REVEALABLE, action=REVEALED, reason=reason, by=by, division_code=request.town_code
    )


def record_printing(*, request: AssistanceRequest, by: User) -> None:
    """The 送达回证 with name and address is drawn up: written down first."""
    require(by, "liaison.print_assistance", request)
    detail = {"number": request.court_number, "state": request.state}
    audit.record("assistance.print", by=by, subject=request, division_code=request.town_code, detail=detail)

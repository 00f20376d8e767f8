"""What a dispute asked of other towns."""

from django.urls import reverse

from core.choices import TOWN_ROLES
from core.models import Notification, User
from core.scope import within_any
from disputes.choices import TownRequestKind, TownRequestState
from disputes.models import Dispute, TownRequest
from disputes.workflow import Refusal


def why_not_asked(dispute: Dispute) -> Refusal | None:
    """Why no town can be asked now, and what to do: one has not answered yet. None when one can."""
    waits = dispute.town_requests.filter(state=TownRequestState.ASKED).select_related("to_town").first()
    if waits is None:
        return None
    return f"本件正在等{waits.to_town}答复{waits.get_kind_display()}的请求。", "请等答复，或者先收回那一次。"


def moved_away(user: User, code: str) -> TownRequest | None:
    """The last move by which a dispute left the user's town, for whom a message told of it; None for all others.

    The message says the same and leads to the file, which is the other town's now.
    """
    told = Notification.objects.filter(recipient=user, url=reverse("dispute-page", args=[code]))
    if user.role not in TOWN_ROLES or not told.exists():
        return None
    moves = TownRequest.objects.filter(dispute__code=code, kind=TownRequestKind.MOVE, state=TownRequestState.ACCEPTED)
    moves = moves.filter(within_any("from_town_id", user.scope_codes)).select_related("from_town", "to_town", "dispute")
    return moves.order_by("pk").last()


def is_worked_on_there(move: TownRequest) -> bool:
    """Whether the town that took a dispute over still has it to do: it is open, and no third town took it since."""
    return move.dispute.is_open and move.dispute.town_code == move.to_town_id

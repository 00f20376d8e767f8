"""What a dispute asked of other towns."""

from django.db.models import Q
from django.db.models.functions import Coalesce

from core.choices import COURT_ROLES, TOWN_ROLES
from core.models import Notification, User
from core.scope import within_any
from disputes.choices import TownRequestKind, TownRequestState
from disputes.models import Dispute, TownRequest
from disputes.workflow import Refusal

OVER = (TownRequestState.DECLINED, TownRequestState.WITHDRAWN, TownRequestState.ENDED)
SHUT_ON = Coalesce("ended_on", "answered_on")


def why_not_asked(dispute: Dispute) -> Refusal | None:
    """Why no town can be asked now, and what to do: one has not answered yet. None when one can."""
    waits = dispute.town_requests.filter(state=TownRequestState.ASKED).select_related("to_town").first()
    if waits is None:
        return None
    return f"本件正在等{waits.to_town}答复{waits.get_kind_display()}的请求。", "请等答复，或者先收回那一次。"


def shut_off(user: User, code: str, *, led_to: str) -> TownRequest | None:
    """How a dispute left the sight of the user's towns, for whom a message led to the page `led_to`; None else.

    The last of: their town gave it away, declined, was no longer asked, or its joint handling ended. The messages say
    the same and lead to the file, which the town no longer sees; nor does the court's judge who was asked about it.
    """
    told = Notification.objects.filter(recipient=user, url=led_to)
    if user.role not in TOWN_ROLES | COURT_ROLES or not told.exists():
        return None
    given_away = Q(kind=TownRequestKind.MOVE, state=TownRequestState.ACCEPTED)
    given_away &= within_any("from_town_id", user.scope_codes)
    over = Q(state__in=OVER) & within_any("to_town_id", user.scope_codes)
    ways = given_away if user.role in COURT_ROLES else given_away | over  # a town that shares it is none of its judge's
    rows = TownRequest.objects.filter(ways, dispute__code=code)
    return rows.select_related("from_town", "to_town", "dispute").order_by(SHUT_ON, "pk").last()


def is_worked_on_there(request: TownRequest) -> bool:
    """Whether the other town has the dispute to do: it is open, and no third town took it since."""
    there = request.to_town_id if request.state == TownRequestState.ACCEPTED else request.from_town_id
    return request.dispute.is_open and request.dispute.town_code == there

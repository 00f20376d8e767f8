"""What a dispute asked of other towns."""

from disputes.choices import TownRequestState
from disputes.models import Dispute


def why_not_asked(dispute: Dispute) -> tuple[str, str] | None:
    """Why no town can be asked now, and what to do: one has not answered yet. None when one can."""
    waits = dispute.town_requests.filter(state=TownRequestState.ASKED).select_related("to_town").first()
    if waits is None:
        return None
    return f"本件正在等{waits.to_town}答复{waits.get_kind_display()}的请求。", "请等答复，或者先收回那一次。"

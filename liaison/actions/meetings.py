"""Joint meetings of court, town and mediators."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.errors import Refused
from core.models import User
from liaison.actions.points import locked_point, not_in_future
from liaison.choices import MEETING_SYSTEMS
from liaison.models import Meeting


@transaction.atomic
def record_meeting(
    *,
    point_id: int,
    held_on: date,
    system: str,
    agenda: str,
    by: User,
    minutes: str = "",
    recorded_at: datetime | None = None,
) -> Meeting:
    """Note a meeting that was held: the use of the grid or the cooperation system.

    Raises Refused for a day in the future, another system, or no agenda.
    """
    point = locked_point(point_id)
    require(by, "liaison.record_meeting", point, message="联席会议由本镇（街）联络人员记。")
    if system not in MEETING_SYSTEMS:
        raise Refused("联席会议只算联调联动或协作配合制度的运行。", field="system")
    if not agenda.strip():
        raise Refused("请写议题。", field="agenda")
    not_in_future(held_on, "held_on")
    meeting = Meeting.objects.create(
        point=point,
        held_on=held_on,
        system=system,
        agenda=agenda.strip(),
        minutes=minutes.strip(),
        recorded_at=recorded_at or timezone.now(),
        recorded_by=by,
    )
    audit.record(
        "point.record_meeting",
        by=by,
        subject=meeting,
        division_code=point.town_code,
        detail={"held_on": held_on.isoformat(), "system": system},
    )
    return meeting

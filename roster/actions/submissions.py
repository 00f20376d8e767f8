"""Lists handed in by the towns, the court and the bureau."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.errors import Refused
from core.models import User
from roster.choices import UnitKind
from roster.models import RosterSubmission

WHO_RECORDS = "名单报送由管理员、司法局或政法委登记。"


@transaction.atomic
def record_submission(
    *,
    unit_kind: str = UnitKind.TOWN,
    town_code: str | None = None,
    document_number: str = "",
    handed_in_on: date,
    by: User,
    recorded_at: datetime | None = None,
) -> RosterSubmission:
    """Note that a unit handed in its list. Raises Refused for a day in the future, or the same day twice."""
    require(by, "roster.record_submission", town_code, message=WHO_RECORDS)
    recorded_at = recorded_at or timezone.now()
    if handed_in_on > timezone.localtime(recorded_at).date():
        raise Refused("报送日不能晚于今天。", hint="请核对日期。", field="handed_in_on")
    same = RosterSubmission.objects.filter(unit_kind=unit_kind, town_id=town_code, handed_in_on=handed_in_on)
    if same.exists():
        raise Refused(
            f"{handed_in_on:%Y-%m-%d} 的报送已经登记过。", hint="不用再登记；日期不对请改日期。", field="handed_in_on"
        )
    submission = RosterSubmission.objects.create(
        unit_kind=unit_kind,
        town_id=town_code,
        document_number=document_number,
        handed_in_on=handed_in_on,
        recorded_at=recorded_at,
    )
    audit.record(
        "roster.record_submission",
        by=by,
        subject=submission,
        division_code=town_code or "",
        detail={"unit": unit_kind, "handed_in_on": handed_in_on.isoformat()},
    )
    return submission

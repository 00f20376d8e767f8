"""Taking rows out of the ledger leaves a trace."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.access import require
from core.actions import audit
from core.errors import Refused
from core.models import User

EXPORT_LIMIT = 10_000
UNSAID = frozenset({"s", "q"})  # what was searched for may name a person


@transaction.atomic
def record_export(*, rows: int, filters: Mapping[str, Any], by: User) -> None:
    """Write down who exported how many rows under which filter. Raises Refused when there are too many."""
    require(by, "disputes.export")
    if rows > EXPORT_LIMIT:
        raise Refused(
            f"符合条件的超过 {EXPORT_LIMIT:,} 件，一次导不出来。", hint="请按镇（街）或登记日缩小范围，分几次导出。"
        )
    said = {name: str(value) for name, value in filters.items() if name not in UNSAID}
    audit.record("dispute.export", by=by, detail={"rows": rows, "filters": said, "masked": True})

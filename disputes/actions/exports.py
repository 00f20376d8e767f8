"""Taking rows out of the ledger: written down first; a large file is made in the worker and expires after a day."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions import exports as jobs
from core.actions.outbox import enqueue
from core.choices import ExportState
from core.errors import Refused
from core.models import User
from core.privacy import mask_text
from disputes import documents, ledger, queries
from disputes.models import LedgerExport

AT_ONCE = 2_000  # rows that are written while one waits for the answer
EXPORT_LIMIT = 100_000
UNSAID = frozenset({"s", "q"})  # what was searched for may name a person
WHO_CLEAR = "不遮盖的台账只由本镇（街）联络人员导出。"


@transaction.atomic
def start_export(*, params: Mapping[str, str], is_clear: bool = False, reason: str = "", by: User) -> LedgerExport:
    """Write down who takes which rows out and what for, before anything is made; a large file goes to the worker.

    `params`: the ledger's address, as its list understands it. Raises NotAllowed for clear data that are not the
    user's to take; Refused without a reason for clear data, for no row and for too many.
    """
    _require(by, is_clear=is_clear)
    if is_clear and not reason.strip():
        raise Refused("不遮盖的台账要写明用途。", hint="例如：报送市委政法委。", field="reason")
    wanted = ledger.parse(params)
    if wanted.problems:
        raise Refused(wanted.problems[0], hint="请回台账改好条件再导出。")
    total = queries.narrowed(by, wanted).order_by()[: EXPORT_LIMIT + 1].count()
    _check_size(total)
    export = LedgerExport.objects.create(
        filters=json.dumps({**wanted.values, **_written(wanted.days)}),
        is_clear=is_clear,
        reason=mask_text(reason.strip()),
        total_rows=total,
        state=ExportState.WAITING if total > AT_ONCE else ExportState.HANDED_OVER,
        asked_by=by,
        asked_at=timezone.now(),
    )
    if total > AT_ONCE:
        enqueue("disputes.make_export", export_id=str(export.pk))
    said = {name: str(value) for name, value in {**wanted.values, **wanted.days}.items() if name not in UNSAID}
    detail = {"rows": total, "filters": said, "masked": not is_clear, "reason": export.reason}
    audit.record("dispute.export", by=by, subject=export, detail=detail)
    return export


def _require(by: User, *, is_clear: bool) -> None:
    require(by, "disputes.export")
    if is_clear:
        require(by, "disputes.export_clear", message=WHO_CLEAR)


def _check_size(total: int) -> None:
    if not total:
        raise Refused("没有符合条件的纠纷，导不出来。", hint="请回到台账，放宽条件。")
    if total > EXPORT_LIMIT:
        raise Refused(
            f"符合条件的超过 {EXPORT_LIMIT:,} 件，一次导不出来。", hint="请按镇（街）或登记日缩小范围，分几次导出。"
        )


def _written(days: Mapping[str, date]) -> dict[str, str]:
    return {name: day.isoformat() for name, day in days.items()}


def _still_may(export: LedgerExport) -> None:
    _require(export.asked_by, is_clear=export.is_clear)


def _workbook(export: Any, count: jobs.Count) -> bytes:
    return documents.workbook_of(export, count=count)


MAKER = jobs.Maker(
    model=LedgerExport,
    still_may=_still_may,
    workbook=_workbook,
    ready=lambda export: f"台账导出做好了，{export.total_rows} 件。24 小时内可以下载。",
    failed=lambda _: "台账导出没有做成。请再导出一次；还不行，请告诉管理员。",
    url=lambda export: reverse("disputes:export-status", args=[export.pk]),
)


@transaction.atomic
def hand_over(*, export_id: UUID, by: User) -> bytes:
    """The file of a finished export, written down before it is handed over. Raises Refused when there is none."""
    export = LedgerExport.objects.select_for_update(of=("self",)).get(pk=export_id, asked_by=by)
    _require(by, is_clear=export.is_clear)
    data = jobs.file_of(export)
    audit.record("file.download", by=by, subject=export, detail={"what": "ledger", "masked": not export.is_clear})
    return data

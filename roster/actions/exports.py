"""Taking a list out of the roster: written down first; a large one is made in the worker and expires after a day."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions import exports as jobs
from core.actions.outbox import enqueue
from core.choices import ExportState
from core.errors import NotAllowed, Refused
from core.models import Division, User
from core.privacy import mask_text
from roster import documents
from roster.models import RosterExport
from roster.rules import lists_for

AT_ONCE = 2_000  # people who are written while one waits for the answer
WHO_CLEAR = "不遮盖的名单由管理员、司法局导出，联络人员只导出本镇（街）的。"


@transaction.atomic
def start_export(
    *, what: str, town: Division | None, is_clear: bool, reason: str, by: User, recorded_at: datetime | None = None
) -> RosterExport:
    """Write down who takes which list out and what for, before anything is made; a large one goes to the worker.

    Raises NotAllowed for a list or clear data that is not the user's to take, Refused without a reason for
    clear data and for a list without anybody.
    """
    _require(what, town, is_clear=is_clear, by=by)
    if is_clear and not reason.strip():
        raise Refused("不遮盖的名单要写明用途。", hint="例如：报送市委政法委。", field="reason")
    total = documents.headcount(by, what, town)
    if not total:
        raise Refused("这份名单里还没有人。", hint="先导入名单，或换一份。", field="what")
    export = RosterExport.objects.create(
        what=what,
        town=town,
        is_clear=is_clear,
        reason=mask_text(reason.strip()),
        total_rows=total,
        state=ExportState.WAITING if total > AT_ONCE else ExportState.HANDED_OVER,
        asked_by=by,
        asked_at=recorded_at or timezone.now(),
    )
    if total > AT_ONCE:
        enqueue("roster.make_export", export_id=str(export.pk))
    detail = {"what": what, "rows": total, "masked": not is_clear, "reason": export.reason}
    audit.record("roster.export", by=by, subject=export, division_code=town.code if town else "", detail=detail)
    return export


def _require(what: str, town: Division | None, *, is_clear: bool, by: User) -> None:
    code = town.code if town else None
    require(by, "roster.export", code)
    if what not in lists_for(by):
        raise NotAllowed("这份名单不由您导出。联络人员导出本镇（街）的，立案人员导出法院的。")
    if is_clear:
        require(by, "roster.export_clear", code, message=WHO_CLEAR)


def _still_may(export: RosterExport) -> None:
    _require(export.what, export.town, is_clear=export.is_clear, by=export.asked_by)


MAKER = jobs.Maker(
    model=RosterExport,
    related=("asked_by", "town"),
    still_may=_still_may,
    workbook=lambda export, count: documents.workbook_of(export, count=count),
    ready=lambda export: f"名册导出做好了：{export}，{export.total_rows} 人。24 小时内可以下载。",
    failed=lambda export: f"名册导出没有做成：{export}。请再导出一次；还不行，请告诉管理员。",
    url=lambda export: reverse("roster:export-status", args=[export.pk]),
)


@transaction.atomic
def hand_over(*, export_id: UUID, by: User) -> bytes:
    """The file of a finished export, written down before it is handed over. Raises Refused when there is none."""
    export = RosterExport.objects.select_for_update(of=("self",)).select_related("town").get(pk=export_id, asked_by=by)
    _require(export.what, export.town, is_clear=export.is_clear, by=by)
    data = jobs.file_of(export)
    audit.record(
        "file.download", by=by, subject=export, division_code=export.town_id or "",
        detail={"what": export.what, "masked": not export.is_clear},
    )  # fmt: skip
    return data

"""Taking a list out of the roster: written down first; a large one is made in the worker and expires after a day."""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.notifications import notify
from core.actions.outbox import enqueue
from core.errors import NotAllowed, Refused
from core.models import Division, User
from core.privacy import mask_text
from roster import documents
from roster.choices import ExportState
from roster.models import RosterExport
from roster.rules import lists_for

AT_ONCE = 2_000  # people who are written while one waits for the answer
KEPT = timedelta(hours=24)
STALE = timedelta(minutes=2)  # a worker that has said nothing for so long is dead
ATTEMPTS = 3
WHO_CLEAR = "不遮盖的名单由管理员、司法局导出，联络人员只导出本镇（街）的。"


class StillMaking(Exception):  # noqa: N818 - read where it is raised
    """Another worker is at it; the outbox comes back later."""


class _Overtaken(Exception):  # noqa: N818 - inside this module only
    """Another worker took the export over."""


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


def make_export(*, export_id: UUID) -> None:
    """Make the file of a large list. Harmless to repeat: of two workers only the later one's file counts.

    Raises StillMaking while another worker is at it, and whatever went wrong until the last attempt,
    which marks the export as failed and says so to who asked.
    """
    export = _claim(export_id)
    if export is None:
        return
    try:
        _require(export.what, export.town, is_clear=export.is_clear, by=export.asked_by)
        _finish(export, documents.workbook_of(export, count=_progress_of(export)))
    except _Overtaken:
        return
    except Exception as error:
        if export.attempt < ATTEMPTS and not isinstance(error, NotAllowed):
            _put_back(export)
            raise
        _fail(export)


@transaction.atomic
def _claim(export_id: UUID) -> RosterExport | None:
    now = timezone.now()
    waiting = RosterExport.objects.select_for_update(of=("self",)).select_related("asked_by", "town")
    export = waiting.get(pk=export_id)
    if not export.is_under_way:
        return None
    if export.state == ExportState.MAKING and export.moved_at and now - export.moved_at < STALE:
        raise StillMaking(str(export_id))
    export.state, export.attempt, export.done_rows, export.moved_at = ExportState.MAKING, export.attempt + 1, 0, now
    export.save(update_fields=["state", "attempt", "done_rows", "moved_at"])
    return export


def _progress_of(export: RosterExport) -> Callable[[int], None]:
    """Says in the row how far the work is; stops when another worker has taken over."""

    def say(done: int) -> None:
        mine = RosterExport.objects.filter(pk=export.pk, attempt=export.attempt, state=ExportState.MAKING)
        if not mine.update(done_rows=done, moved_at=timezone.now()):
            raise _Overtaken

    return say


def _mine(export: RosterExport) -> RosterExport:
    """The row, locked, if it is still this worker's."""
    now = RosterExport.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if now.attempt != export.attempt or now.state != ExportState.MAKING:
        raise _Overtaken
    return now


@transaction.atomic
def _finish(export: RosterExport, data: bytes) -> None:
    ready = _mine(export)
    ready.state, ready.finished_at, ready.done_rows = ExportState.READY, timezone.now(), ready.total_rows
    ready.content = base64.b64encode(data).decode()
    ready.save(update_fields=["state", "finished_at", "done_rows", "content"])
    _tell(ready, f"名册导出做好了：{ready}，{ready.total_rows} 人。24 小时内可以下载。")


@transaction.atomic
def _fail(export: RosterExport) -> None:
    failed = _mine(export)
    failed.state, failed.finished_at = ExportState.FAILED, timezone.now()
    failed.save(update_fields=["state", "finished_at"])
    _tell(failed, f"名册导出没有做成：{failed}。请再导出一次；还不行，请告诉管理员。")


def _put_back(export: RosterExport) -> None:
    RosterExport.objects.filter(pk=export.pk, attempt=export.attempt).update(state=ExportState.WAITING)


def _tell(export: RosterExport, text: str) -> None:
    notify(recipient=export.asked_by, text=text, url=reverse("roster:export-status", args=[export.pk]))


@transaction.atomic
def hand_over(*, export_id: UUID, by: User) -> bytes:
    """The file of a finished export, written down before it is handed over. Raises Refused when there is none."""
    export = RosterExport.objects.select_for_update(of=("self",)).select_related("town").get(pk=export_id, asked_by=by)
    _require(export.what, export.town, is_clear=export.is_clear, by=by)
    if export.state == ExportState.READY and has_expired(export, timezone.now()):
        raise Refused("文件过了 24 小时，已经删除。", hint="要用请再导出一次。")
    if export.state != ExportState.READY:
        raise Refused(f"文件现在不能下载：{export.get_state_display()}。", hint="请看这一次导出的进展。")
    data = base64.b64decode(export.content)
    audit.record(
        "file.download", by=by, subject=export, division_code=export.town_id or "",
        detail={"what": export.what, "masked": not export.is_clear},
    )  # fmt: skip
    return data


def has_expired(export: RosterExport, now: datetime) -> bool:
    return bool(export.finished_at and now - export.finished_at >= KEPT)


def expire_exports(now: datetime) -> int:
    """Delete the files that were made more than a day ago; returns how many."""
    old = RosterExport.objects.filter(state=ExportState.READY, finished_at__lte=now - KEPT)
    return old.update(state=ExportState.EXPIRED, content="")

"""A file made of many rows, in the worker: taken in hand, how far, ready or come to nothing, gone after a day.

Each app says what its files hold (`Maker`). A worker may die anywhere and be asked again: of two workers only the
later one's file counts.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone

from core.actions.notifications import notify
from core.choices import ExportState
from core.errors import NotAllowed, Refused

KEPT = timedelta(hours=24)
STALE = timedelta(minutes=2)  # a worker that has said nothing for so long is dead
ATTEMPTS = 3
PIECE = 1024 * 1024  # characters
Count = Callable[[int], None]


class StillMaking(Exception):  # noqa: N818 - read where it is raised
    """Another worker is at it; the outbox comes back later."""


class Overtaken(Exception):  # noqa: N818 - between the steps of one making only
    """Another worker took the export over."""


@dataclass(frozen=True)
class Maker:
    """How the files of one kind of export (`model`, an ExportJob) are made, and what is said of them.

    `still_may` raises NotAllowed for who lost the right meanwhile; `workbook` is told whom to tell how many rows
    are done; `ready`, `failed` and `url` make the message to who asked.
    """

    model: Any
    still_may: Callable[[Any], None]
    workbook: Callable[[Any, Count], bytes]
    ready: Callable[[Any], str]
    failed: Callable[[Any], str]
    url: Callable[[Any], str]
    related: tuple[str, ...] = ("asked_by",)

    def make(self, export_id: UUID) -> None:
        """Make the file. Harmless to repeat.

        Raises StillMaking while another worker is at it, and whatever went wrong until the last attempt, which marks
        the export as failed and says so to who asked.
        """
        export = self.claim(export_id)
        if export is None:
            return
        try:
            self.still_may(export)
            self.finish(export, self.workbook(export, self.progress_of(export)))
        except Overtaken:
            return
        except Exception as error:
            if export.attempt < ATTEMPTS and not isinstance(error, NotAllowed):
                self._put_back(export)
                raise
            self._fail(export)

    @transaction.atomic
    def claim(self, export_id: UUID) -> Any:
        """Take the export in hand; None when there is nothing to make."""
        now = timezone.now()
        waiting = self.model.objects.select_for_update(of=("self",)).select_related(*self.related)
        export = waiting.get(pk=export_id)
        if not export.is_under_way:
            return None
        if export.state == ExportState.MAKING and export.moved_at and now - export.moved_at < STALE:
            raise StillMaking(str(export_id))
        export.state, export.attempt, export.done_rows, export.moved_at = ExportState.MAKING, export.attempt + 1, 0, now
        export.save(update_fields=["state", "attempt", "done_rows", "moved_at"])
        return export

    def progress_of(self, export: Any) -> Count:
        """Says in the row how far the work is; stops when another worker has taken over."""

        def say(done: int) -> None:
            mine = self.model.objects.filter(pk=export.pk, attempt=export.attempt, state=ExportState.MAKING)
            if not mine.update(done_rows=done, moved_at=timezone.now()):
                raise Overtaken

        return say

    def _mine(self, export: Any) -> Any:
        """The row, locked, if it is still this worker's."""
        now = self.model.objects.select_for_update(of=("self",)).get(pk=export.pk)
        if now.attempt != export.attempt or now.state != ExportState.MAKING:
            raise Overtaken
        return now

    @transaction.atomic
    def finish(self, export: Any, data: bytes) -> None:
        """Keep the file, encrypted, and tell who asked."""
        ready = self._mine(export)
        ready.state, ready.finished_at, ready.done_rows = ExportState.READY, timezone.now(), ready.total_rows
        ready.save(update_fields=["state", "finished_at", "done_rows"])
        self._keep(ready, data)
        self._tell(ready, self.ready(ready))

    def _keep(self, export: Any, data: bytes) -> None:
        """The file goes to the database in pieces: the driver copies a value several times over before it is sent."""
        sealed = self.model._meta.get_field("content").sealer()(base64.b64encode(data).decode(), str(export.pk))
        row = self.model.objects.filter(pk=export.pk)
        for start in range(0, len(sealed), PIECE):
            piece = Value(sealed[start : start + PIECE], output_field=TextField())
            row.update(content=Concat(F("content"), piece, output_field=TextField()))

    @transaction.atomic
    def _fail(self, export: Any) -> None:
        failed = self._mine(export)
        failed.state, failed.finished_at = ExportState.FAILED, timezone.now()
        failed.save(update_fields=["state", "finished_at"])
        self._tell(failed, self.failed(failed))

    def _put_back(self, export: Any) -> None:
        self.model.objects.filter(pk=export.pk, attempt=export.attempt).update(state=ExportState.WAITING)

    def _tell(self, export: Any, text: str) -> None:
        notify(recipient=export.asked_by, text=text, url=self.url(export))


def file_of(export: Any) -> bytes:
    """The bytes of a finished export. Raises Refused when there are none, or none any more."""
    if export.state == ExportState.READY and has_expired(export, timezone.now()):
        raise Refused("文件过了 24 小时，已经删除。", hint="要用请再导出一次。")
    if export.state != ExportState.READY:
        raise Refused(f"文件现在不能下载：{export.get_state_display()}。", hint="请看这一次导出的进展。")
    return base64.b64decode(export.content)


def has_expired(export: Any, now: datetime) -> bool:
    return bool(export.finished_at and now - export.finished_at >= KEPT)


def expire(model: Any, now: datetime) -> int:
    """Delete the files that were made more than a day ago; returns how many."""
    old = model.objects.filter(state=ExportState.READY, finished_at__lte=now - KEPT)
    return int(old.update(state=ExportState.EXPIRED, content=""))

"""An upload in a worker's hands: asked for, begun, how far (ADR 0004). Each app has its own states and steps.

A worker may die anywhere and be asked again; who holds the row's lock asks here whether another one is still at it.
"""

from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.utils import timezone

from core.models import User

NAME_LENGTH = 120
TRIES = 3
KEPT = timedelta(days=7)
SIGN_OF_LIFE = timedelta(seconds=45)  # shorter than the outbox's lease
WORN_OUT = f"后台试了 {TRIES} 次都中断了，可能是文件太大，服务器的内存不够。"


class StillAtWork(Exception):  # noqa: N818 - no error: the outbox asks again later
    """Another worker has it in hand and gave a sign of life a moment ago."""


def short_name(file_name: str) -> str:
    """A file's own name without its folders, not longer than the column."""
    path = PurePath(file_name.replace("\\", "/"))
    return path.stem[: NAME_LENGTH - len(path.suffix)] + path.suffix


def hand_over(upload: Any, state: str, by: User) -> None:
    """Give an upload into a worker's hands in `state`; called under its lock."""
    upload.state, upload.asked_at, upload.asked_by = state, timezone.now(), by
    upload.tries, upload.rows_done, upload.trouble = 0, 0, ""
    upload.save(update_fields=["state", "asked_at", "asked_by", "tries", "rows_done", "trouble"])


def is_worn_out(upload: Any) -> bool:
    """Whether three workers died over it. Raises StillAtWork while another one lives."""
    if upload.tries and upload.worked_at and timezone.now() - upload.worked_at < SIGN_OF_LIFE:
        raise StillAtWork(str(upload.pk))
    return bool(upload.tries >= TRIES)


def count_try(upload: Any) -> Any:
    """Note that a worker begins; called under the upload's lock."""
    upload.tries, upload.worked_at = upload.tries + 1, timezone.now()
    upload.save(update_fields=["tries", "worked_at"])
    return upload


def note_progress(upload: Any, done: int, total: int) -> None:
    """How far a worker is, and that it lives; seen at once by whoever looks at the page."""
    at_hand = type(upload)._default_manager.filter(pk=upload.pk, turn=upload.turn)
    at_hand.update(rows_done=done, rows_total=total, worked_at=timezone.now())

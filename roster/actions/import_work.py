"""Uploads in a worker's hands: asked for, begun, how far, done or come to nothing (ADR 0004).

Each step looks at the state under the lock, and `turn` tells a check that was overtaken from the one that counts.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from core.actions import audit, outbox
from core.actions.notifications import notify
from core.actions.uploads import KEPT, WORN_OUT, count_try, hand_over, is_worn_out
from core.models import User
from roster.actions.found import Found, keep_found
from roster.choices import ImportState, RowResult
from roster.models import RosterImport


def _locked(import_id: UUID) -> RosterImport:
    return RosterImport.objects.light().select_for_update(of=("self",)).get(pk=import_id)


def wipe(upload: RosterImport, state: ImportState, *changed: str) -> None:
    """Nothing of the file stays: neither its bytes nor its rows nor what was mended. `changed`: columns to save too."""
    upload.rows.all().delete()
    upload.state, upload.content, upload.mends, upload.outlook = state, "", "", ""
    upload.save(update_fields=["state", "content", "mends", "outlook", *changed])


def _tell(upload: RosterImport, words: str) -> None:
    """A message to who asked; `words` go on after the file's name."""
    notify(
        recipient=upload.asked_by or upload.uploaded_by,
        text=f"名单「{upload}」{words}",
        url=reverse("roster:import-preview", args=[upload.pk]),
    )


# ── checking ─────────────────────────────────────────────────────────────────


def ask_for_check(upload: RosterImport, by: User) -> None:
    """Have a worker check the whole file; called under the upload's lock."""
    hand_over(upload, ImportState.CHECKING, by)
    upload.turn += 1
    upload.save(update_fields=["turn"])
    outbox.enqueue("roster.check_upload", import_id=str(upload.pk))


@transaction.atomic
def begin_check(import_id: UUID) -> RosterImport | None:
    """Count a try. None when there is nothing to check, or after three workers died over it. Raises StillAtWork."""
    upload = _locked(import_id)
    if upload.state != ImportState.CHECKING:
        return None
    if is_worn_out(upload):
        _fail(upload, WORN_OUT)
        return None
    return count_try(upload)


@transaction.atomic
def finish_check(*, import_id: UUID, turn: int, found: Found) -> bool:
    """Keep what the check of that turn found, and tell who waits. False when it was overtaken."""
    upload = _locked(import_id)
    if upload.state != ImportState.CHECKING or upload.turn != turn:
        return False
    keep_found(upload, found)
    rejected = found.report[RowResult.REJECTED]
    _tell(upload, f"核对好了，共 {found.total} 行{f'，不能写入 {rejected} 行' if rejected else ''}。")
    return True


@transaction.atomic
def fail_check(*, import_id: UUID, turn: int, trouble: str, is_unusable: bool = False) -> None:
    """The check came to nothing; the page says why and what to do. Of a file that can never be read nothing stays."""
    upload = _locked(import_id)
    if upload.state == ImportState.CHECKING and upload.turn == turn:
        _fail(upload, trouble)
        if is_unusable:
            wipe(upload, ImportState.DISCARDED)


def _fail(upload: RosterImport, trouble: str) -> None:
    upload.state, upload.trouble = ImportState.FAILED, trouble
    upload.save(update_fields=["state", "trouble"])
    _tell(upload, "没有核对成，请打开看原因。")


# ── writing ──────────────────────────────────────────────────────────────────


def ask_for_apply(upload: RosterImport, by: User, *, skip_invalid: bool) -> None:
    """Have a worker write what was shown; called under the upload's lock, after the checks of `apply_import`."""
    upload.report["skip_invalid"] = skip_invalid
    upload.save(update_fields=["report"])
    hand_over(upload, ImportState.APPLYING, by)
    outbox.enqueue("roster.apply_upload", import_id=str(upload.pk))


@transaction.atomic
def begin_apply(import_id: UUID) -> RosterImport | None:
    """Count a try. None when there is nothing to write, or after three workers died over it. Raises StillAtWork."""
    upload = _locked(import_id)
    if upload.state != ImportState.APPLYING:
        return None
    if is_worn_out(upload):
        _give_back(upload, f"没有写入：{WORN_OUT}名册没有动。")
        return None
    return count_try(upload)


@transaction.atomic
def give_back(*, import_id: UUID, trouble: str, recheck: bool = False) -> None:
    """Nothing was written: the upload can be looked at again, checked anew when the roster has changed."""
    upload = _locked(import_id)
    if upload.state != ImportState.APPLYING:
        return
    if recheck:
        ask_for_check(upload, upload.asked_by or upload.uploaded_by)
    _give_back(upload, trouble)


def _give_back(upload: RosterImport, trouble: str) -> None:
    if upload.state == ImportState.APPLYING:
        upload.state = ImportState.PREVIEWED
    upload.trouble = trouble
    upload.save(update_fields=["state", "trouble"])
    _tell(upload, "没有写入，请打开看原因。")


def tell_applied(upload: RosterImport, written: int) -> None:
    _tell(upload, f"已写入名册，{written} 行。")


# ── after seven days ─────────────────────────────────────────────────────────


def expire_uploads(now: datetime) -> int:
    """Wipe what nobody wrote within seven days; returns how many. What is being written is let be."""
    states = (ImportState.CHECKING, ImportState.FAILED, ImportState.PREVIEWED)
    stale = RosterImport.objects.filter(state__in=states, uploaded_at__lt=now - KEPT)
    return sum(_expire(import_id, now) for import_id in stale.values_list("pk", flat=True))


@transaction.atomic
def _expire(import_id: UUID, now: datetime) -> bool:
    upload = _locked(import_id)
    if upload.state == ImportState.APPLYING or not upload.is_open or upload.uploaded_at >= now - KEPT:
        return False
    upload.rows.all().delete()
    upload.state, upload.content, upload.mends, upload.outlook = ImportState.EXPIRED, "", "", ""
    upload.turn = F("turn") + 1  # a check that is still running is overtaken
    upload.save(update_fields=["state", "content", "mends", "outlook", "turn"])
    audit.record("roster.expire_upload", by=None, subject=upload, division_code=upload.town_id or "")
    return True

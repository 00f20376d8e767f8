"""A town's own ledger on its way in: kept encrypted, its columns said, checked, written whole or given up.

A worker may die anywhere and be asked again: each step looks at the state under the lock, and `turn` tells a check
that was overtaken from the one that counts.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from core.access import require
from core.actions import audit, outbox
from core.actions.notifications import notify
from core.actions.uploads import KEPT, WORN_OUT, count_try, hand_over, is_worn_out, short_name
from core.errors import Conflict, Refused
from core.models import Division, User
from core.queries import said
from disputes.actions.ledger_writing import NewRow, Written, write_past
from disputes.choices import OPEN_LEDGER_IMPORTS, LedgerImportState, Source
from disputes.importing import columns
from disputes.models import LedgerImport
from roster.annex.kept import mends_from_json

WHO_MAY = "台账由本镇（街）联络人员导入。"
MARKED_ROWS = 5_000  # of a longer one no marked copy is made: it would keep its uploader waiting
GONE_STATES = (LedgerImportState.APPLIED, LedgerImportState.DISCARDED, LedgerImportState.EXPIRED)


# ── kept ─────────────────────────────────────────────────────────────────────
@transaction.atomic
def keep_ledger(
    *, data: bytes, file_name: str, town: Division, proposed: Mapping[str, str], outlook: Mapping[str, Any], by: User
) -> LedgerImport:
    """Keep a ledger, encrypted, until it is written or given up (at the latest for seven days).

    The same file sent again by the same person while the first is still open is the first.
    """
    require(by, "disputes.import", town.pk, message=WHO_MAY)
    upload = LedgerImport(
        town=town,
        file_name=short_name(file_name),
        content=base64.b64encode(data).decode(),
        sha256=hashlib.sha256(data).hexdigest(),
        outlook=json.dumps({**outlook, "proposed": dict(proposed)}, ensure_ascii=False),
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
    except IntegrityError:
        open_ones = LedgerImport.objects.light().filter(state__in=OPEN_LEDGER_IMPORTS)
        return open_ones.get(uploaded_by=by, sha256=upload.sha256)
    audit.record(
        "dispute.upload", by=by, subject=upload, division_code=town.pk, detail={"sha256": upload.sha256}
    )  # fmt: skip
    return upload


# ── what the columns are ─────────────────────────────────────────────────────
@transaction.atomic
def say_columns(
    *, import_id: UUID, mapping: Mapping[str, str], village: str = "", source: str = Source.VISIT, by: User
) -> LedgerImport:
    """Say what each header means, and where rows without a village or a source belong; everything is checked anew."""
    upload = open_ledger(
        import_id, by, LedgerImportState.MAPPING, LedgerImportState.PREVIEWED, LedgerImportState.FAILED
    )
    if unknown := set(mapping.values()) - set(columns.FIELDS) - {columns.LEAVE_OUT}:
        raise Refused(f"没有「{sorted(unknown)[0]}」这一栏。", hint="请从列表里选。")
    if absent := columns.missing(mapping.values()):
        raise Refused(f"还没有指明哪一列是{'、'.join(absent)}。", hint="没有这几项登记不了。请在下面选好。")
    if village and not village.startswith(upload.town_id):
        raise Refused("这个村（社区）不在本镇（街）。", hint="请从列表里选。", field="village")
    if source not in Source.values:
        raise Refused("请选来源。", field="source")
    upload.columns, upload.village_id, upload.source = dict(mapping), village or None, source
    upload.save(update_fields=["columns", "village", "source"])
    hand_over(upload, LedgerImportState.CHECKING, by)
    upload.turn += 1
    upload.save(update_fields=["turn"])
    return upload


def ask_for_check(upload: LedgerImport) -> None:
    """Have a worker check the file."""
    outbox.enqueue("disputes.check_ledger", import_id=str(upload.pk))


# ── checked ──────────────────────────────────────────────────────────────────
@transaction.atomic
def begin_check(import_id: UUID) -> LedgerImport | None:
    """Count a try. None when there is nothing to check, or after three workers died over it. Raises StillAtWork."""
    upload = _locked(import_id)
    if upload.state != LedgerImportState.CHECKING:
        return None
    if is_worn_out(upload):
        _fail(upload, WORN_OUT)
        return None
    return LedgerImport.objects.select_related("town").get(pk=count_try(upload).pk)


@transaction.atomic
def finish_check(
    *, import_id: UUID, turn: int, outlook: Mapping[str, Any], report: dict[str, int], fingerprint: str, tell: bool
) -> bool:
    """Keep what the check of that turn found. False when it was overtaken."""
    upload = _locked(import_id)
    if upload.state != LedgerImportState.CHECKING or upload.turn != turn:
        return False
    upload.state, upload.report, upload.fingerprint, upload.trouble = (
        LedgerImportState.PREVIEWED,
        report,
        fingerprint,
        "",
    )
    upload.outlook = json.dumps(outlook, ensure_ascii=False, separators=(",", ":"))
    upload.rows_total = upload.rows_done = report["rows"]
    upload.save(update_fields=["state", "report", "fingerprint", "trouble", "outlook", "rows_total", "rows_done"])
    if tell:
        rejected = report["rejected"]
        _tell(upload, f"核对好了，共 {report['rows']} 件{f'，不能写入 {rejected} 件' if rejected else ''}。")
    return True


@transaction.atomic
def fail_check(*, import_id: UUID, turn: int, trouble: str) -> None:
    """The check came to nothing; the page says why and what to do."""
    upload = _locked(import_id)
    if upload.state == LedgerImportState.CHECKING and upload.turn == turn:
        _fail(upload, trouble)


def _fail(upload: LedgerImport, trouble: str) -> None:
    upload.state, upload.trouble = LedgerImportState.FAILED, trouble[:300]
    upload.save(update_fields=["state", "trouble"])
    _tell(upload, "没有核对成，请打开看原因。")


# ── written ──────────────────────────────────────────────────────────────────
@transaction.atomic
def ask_for_apply(*, import_id: UUID, shown: str, skip: bool, by: User) -> LedgerImport:
    """Give what was shown into the hands that write it. Raises Refused for rows that cannot be written, unless `skip`
    leaves them; Conflict when it is not what was shown."""
    upload = open_ledger(import_id, by)
    _refuse_rejected(upload.report.get("rejected", 0), skip=skip)
    if not upload.report.get("created"):
        raise Refused("没有要写入的：每一件都已经在台账里。", hint="不用再写。")
    if shown != upload.fingerprint:
        raise changed()
    hand_over(upload, LedgerImportState.APPLYING, by)
    return upload


def ask_to_write(upload: LedgerImport) -> None:
    """Have a worker write it."""
    outbox.enqueue("disputes.apply_ledger", import_id=str(upload.pk))


@transaction.atomic
def begin_apply(import_id: UUID) -> LedgerImport | None:
    """Count a try. None when there is nothing to write, or after three workers died over it. Raises StillAtWork."""
    upload = _locked(import_id)
    if upload.state != LedgerImportState.APPLYING:
        return None
    if is_worn_out(upload):
        _give_back(upload, f"没有写入：{WORN_OUT}台账没有动。")
        return None
    return LedgerImport.objects.select_related("town", "asked_by").get(pk=count_try(upload).pk)


@transaction.atomic
def apply_ledger(*, import_id: UUID, rows: Callable[[], Sequence[NewRow]], by: User, tell: bool = False) -> Written:
    """Write an upload, all of it or nothing; `rows` reads the ledger anew under the lock. Effects: disputes with
    people and timeline, warnings, dirty months (each once), the file wiped, one audit row, a message."""
    upload = open_ledger(import_id, by, LedgerImportState.APPLYING)
    written = write_past(rows(), town=upload.town, by=by, now=timezone.now())
    upload.applied_at, upload.trouble = timezone.now(), ""
    upload.report |= {"written": written.disputes, "late": written.late, "months": len(written.months)}
    mends = mends_from_json(upload.mends)
    upload.report |= {"retyped": len(mends.edits)} if mends.edits else {}
    _wipe(upload, LedgerImportState.APPLIED, "applied_at", "trouble", "report")
    if tell:
        _tell(upload, f"已写入台账，{written.disputes} 件。")
    _record(upload, written, by)
    return written


@transaction.atomic
def write_file(
    *, rows: Sequence[NewRow], data: bytes, file_name: str, town: Division, report: dict[str, int], by: User
) -> Written:
    """Write a ledger that was checked a moment ago (the command line): nothing of the file is kept."""
    require(by, "disputes.import", town.pk, message=WHO_MAY)
    now = timezone.now()
    upload = LedgerImport.objects.create(
        town=town,
        file_name=short_name(file_name),
        sha256=hashlib.sha256(data).hexdigest(),
        state=LedgerImportState.APPLIED,
        applied_at=now,
        uploaded_by=by,
        uploaded_at=now,
    )
    written = write_past(rows, town=town, by=by, now=now)
    upload.report = report | {"written": written.disputes, "late": written.late, "months": len(written.months)}
    upload.save(update_fields=["report"])
    _record(upload, written, by)
    return written


def _record(upload: LedgerImport, written: Written, by: User) -> None:
    detail = {
        "rows": upload.report.get("rows", 0),
        "written": written.disputes,
        "unchanged": upload.report.get("unchanged", 0),
        "rejected": upload.report.get("rejected", 0),
        "left_out": upload.report.get("left_out", 0),
        "retyped": upload.report.get("retyped", 0),
        "late": written.late,
        "months": len(written.months),
        "sha256": upload.sha256,
    }
    audit.record("dispute.import", by=by, subject=upload, division_code=upload.town_id, detail=detail)


def _refuse_rejected(rejected: int, *, skip: bool) -> None:
    if rejected and not skip:
        raise Refused(f"有 {rejected} 件还不能写入，一件也没有写。", hint="改好这些行，或选择留下它们不写。")


def changed() -> Conflict:
    return Conflict("没有写入：核对以后台账有了变化，结果和您看到的不一样了。", hint="下面是重新核对的，请再看一遍。")


@transaction.atomic
def give_back(*, import_id: UUID, trouble: str, tell: bool = True) -> None:
    """Nothing was written: the upload can be looked at again. `tell`: whoever asked has gone on meanwhile."""
    upload = _locked(import_id)
    if upload.state == LedgerImportState.APPLYING:
        _give_back(upload, trouble, tell=tell)


def _give_back(upload: LedgerImport, trouble: str, *, tell: bool = True) -> None:
    upload.state, upload.trouble = LedgerImportState.PREVIEWED, trouble[:300]
    upload.save(update_fields=["state", "trouble"])
    if tell:
        _tell(upload, "没有写入，请打开看原因。")


# ── given up, or out of time ─────────────────────────────────────────────────
@transaction.atomic
def discard_ledger(*, import_id: UUID, by: User) -> LedgerImport:
    """Give an upload up and wipe the file. Raises Refused once it is written, or while it is being written."""
    states = (LedgerImportState.MAPPING, LedgerImportState.PREVIEWED, LedgerImportState.FAILED)
    upload = open_ledger(import_id, by, *states, LedgerImportState.CHECKING)
    _wipe(upload, LedgerImportState.DISCARDED)
    audit.record("dispute.discard_upload", by=by, subject=upload, division_code=upload.town_id)
    return upload


@transaction.atomic
def note_marked_copy(*, import_id: UUID, by: User) -> LedgerImport:
    """Write down that the uploader takes the file home with its marks; it holds what the page masks.

    Raises Refused for a ledger too long to be marked.
    """
    upload = open_ledger(import_id, by)
    if upload.rows_total > MARKED_ROWS:
        raise Refused(
            f"台账超过 {MARKED_ROWS:,} 件，做不了标注后的原表。", hint="请按「不能写入」筛选，看是哪几行，在原表里改。"
        )
    rows = {"rows": upload.report.get("rows", 0)}
    audit.record("dispute.marked_copy", by=by, subject=upload, division_code=upload.town_id, detail=rows)
    return upload


def expire_ledgers(now: datetime) -> int:
    """Wipe what nobody wrote within seven days; returns how many. What is being written is let be."""
    waiting = set(OPEN_LEDGER_IMPORTS) - {LedgerImportState.APPLYING}
    stale = LedgerImport.objects.filter(state__in=waiting, uploaded_at__lt=now - KEPT)
    return sum(_expire(import_id, now) for import_id in stale.values_list("pk", flat=True))


@transaction.atomic
def _expire(import_id: UUID, now: datetime) -> bool:
    upload = _locked(import_id)
    if upload.state == LedgerImportState.APPLYING or not upload.is_open or upload.uploaded_at >= now - KEPT:
        return False
    upload.turn = F("turn") + 1  # a check that is still running is overtaken
    _wipe(upload, LedgerImportState.EXPIRED, "turn")
    audit.record("dispute.expire_upload", by=None, subject=upload, division_code=upload.town_id)
    return True


def _wipe(upload: LedgerImport, state: LedgerImportState, *changed: str) -> None:
    upload.state, upload.content, upload.outlook, upload.mends = state, "", "", ""
    upload.save(update_fields=["state", "content", "outlook", "mends", *changed])


# ── the row ──────────────────────────────────────────────────────────────────
def _locked(import_id: UUID) -> LedgerImport:
    return LedgerImport.objects.light().select_for_update(of=("self",)).select_related("town").get(pk=import_id)


def open_ledger(import_id: UUID, by: User, *states: LedgerImportState) -> LedgerImport:
    """An upload in one of the states (to be looked at, unless others are named), locked. Raises Refused otherwise."""
    upload = _locked(import_id)
    require(by, "disputes.import", upload.town_id, message=WHO_MAY)
    if upload.state not in (states or (LedgerImportState.PREVIEWED,)):
        raise _not_open(upload)
    return upload


def _not_open(upload: LedgerImport) -> Refused:
    if upload.state == LedgerImportState.APPLIED and upload.applied_at:
        at = timezone.localtime(upload.applied_at)
        return Refused(
            f"这份台账 {said(at.date())} {at:%H:%M} 已经写入，没有再写一遍。", hint="另有补充，请上传新的文件。"
        )
    if upload.state in (LedgerImportState.APPLYING, LedgerImportState.CHECKING):
        return Refused(f"这份台账正在办：{upload.get_state_display()}。", hint="做完会发消息给您。")
    if upload.state in GONE_STATES:
        return Refused(f"这份台账{upload.get_state_display()}，文件不再保存。", hint="请重新上传。")
    return Refused("这份台账还没有核对成。", hint="请先对列，再核对。")


def _tell(upload: LedgerImport, words: str) -> None:
    """A message to who asked; `words` go on after the file's name."""
    notify(
        recipient=upload.asked_by or upload.uploaded_by,
        text=f"台账「{upload}」{words}",
        url=reverse("disputes:import-preview", args=[upload.pk]),
    )

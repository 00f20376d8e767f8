"""A town's own ledger on its way, in the browser and in the worker: taken, mapped, checked, written."""

import base64
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction

from core.access import require
from core.actions.uploads import note_progress
from core.errors import NotAllowed, Refused
from core.models import Division, User
from core.spreadsheets import XLSX, check_kind, marked_workbook
from disputes import importers
from disputes.actions import ledger_imports as actions
from disputes.actions import ledger_mends
from disputes.actions.ledger_writing import NewRow, Written, as_new
from disputes.importers import LedgerPlan, PlannedRow, Tell
from disputes.importing.marks import marks_of
from disputes.models import LedgerImport
from disputes.queries import outlook_of
from roster.annex.kept import mends_from_json
from roster.annex.mending import RowKey

logger = logging.getLogger(__name__)

KEPT_OUTLOOK = ("samples", "sheets", "proposed", "rows")  # what a check leaves as it was read
SMALL_ROWS = 300  # more are checked and written by a worker
MENDED_ROWS = 2_000  # who mends cell after cell waits for a few seconds rather than for a worker each time
BROKEN = "系统出错了，台账没有动，错在哪里已记下。请再试一次；还不行，请告诉管理员。"


# ── taken ────────────────────────────────────────────────────────────────────
def take_ledger(*, data: bytes, file_name: str, town: Division, by: User) -> LedgerImport:
    """Keep a ledger and propose what its columns are. Raises Refused for what cannot be read."""
    require(by, "disputes.import", town.pk, message=actions.WHO_MAY)
    _, file = importers.read_file(data, file_name)
    outlook: dict[str, Any] = {"samples": importers.samples(file), "notes": list(file.notes), "rows": file.rows}
    outlook["sheets"] = importers.sheets_of(file)
    proposed = importers.proposed_columns(file, town.pk)
    return actions.keep_ledger(
        data=data, file_name=file_name, town=town, proposed=proposed, outlook=outlook, by=by
    )  # fmt: skip


def map_ledger(*, import_id: UUID, mapping: Mapping[str, str], village: str, source: str, by: User) -> LedgerImport:
    """Say what the columns are; a small file is checked at once, a large one by a worker."""
    say = partial(actions.say_columns, mapping=mapping, village=village, source=source)
    return _checked(import_id, say, by=by, at_once=SMALL_ROWS)


def mend_row(
    *, import_id: UUID, key: RowKey, cells: Mapping[str, str | None], left_out: bool, by: User
) -> LedgerImport:
    """Retype cells of a row, leave it out or take it in again; checked at once, a very large file by a worker."""
    say = partial(ledger_mends.mend_row, key=key, cells=cells, left_out=left_out)
    return _checked(import_id, say, by=by, at_once=MENDED_ROWS)


def _checked(import_id: UUID, say: Callable[..., LedgerImport], *, by: User, at_once: int) -> LedgerImport:
    """What was said is kept, then the file checked: at once up to so many rows, else by a worker."""
    with transaction.atomic():
        upload = say(import_id=import_id, by=by)
        if not _is_small(upload, at_once):
            actions.ask_for_check(upload)
            return upload
    run_check(import_id, tell=False)
    return LedgerImport.objects.light().get(pk=import_id)


def _is_small(upload: LedgerImport, limit: int) -> bool:
    """Whether its rows can be gone through while somebody waits; how many they are was counted when it was taken."""
    return int(outlook_of(upload).get("rows", 0)) <= limit


# ── checked ──────────────────────────────────────────────────────────────────
def _plan(upload: LedgerImport, tell: Tell | None = None) -> LedgerPlan:
    _, file = importers.read_file(base64.b64decode(upload.content), upload.file_name)
    return importers.plan_import(
        file,
        town=upload.town,
        mapping=upload.columns,
        village=upload.village_id or "",
        source=upload.source,
        tell=tell,
        mends=mends_from_json(upload.mends),
    )


def run_check(import_id: UUID, *, tell: bool = True) -> None:
    """Check the whole file. Whatever happens, the upload leaves the state it is in, or is asked for again."""
    upload = actions.begin_check(import_id)
    if upload is None:
        return
    turn, kept = upload.turn, outlook_of(upload)
    try:
        plan = _plan(upload, _teller(upload) if tell else None)
        outlook: dict[str, Any] = {name: kept[name] for name in KEPT_OUTLOOK if name in kept}
        names = {row.checked.sheet: row.checked.sheet_name for row in plan.rows}
        outlook |= {"notes": list(plan.notes), "sheet_names": names, "found": [_row_as_json(row) for row in plan.rows]}
        actions.finish_check(
            import_id=import_id,
            turn=turn,
            outlook=outlook,
            report=plan.report(),
            fingerprint=plan.fingerprint,
            tell=tell,
        )
    except Refused as refused:
        actions.fail_check(import_id=import_id, turn=turn, trouble=str(refused))
    except OperationalError:  # the database was away: the outbox asks again
        raise
    except Exception as error:  # a bug or no memory: the page must not wait for ever
        logger.error("disputes: ledger %s came to nothing", import_id, exc_info=error)
        actions.fail_check(import_id=import_id, turn=turn, trouble=BROKEN)


def _row_as_json(row: PlannedRow) -> list[Any]:
    issues = [[issue.field, issue.message, issue.is_error] for issue in row.issues]
    wrong, retyped = dict(row.checked.wrong), sorted(row.checked.retyped)
    shown = dict(row.checked.shown)
    return [row.checked.sheet, row.checked.number, str(row.result), shown, issues, row.code, wrong, retyped]


def _teller(upload: LedgerImport) -> Tell:
    return lambda done, total: note_progress(upload, done, total)


# ── written ──────────────────────────────────────────────────────────────────
def apply_ledger(*, import_id: UUID, shown: str, skip: bool, by: User) -> Written | None:
    """Write what the preview with the fingerprint `shown` showed; a large one is handed to a worker (None)."""
    with transaction.atomic():
        upload = actions.ask_for_apply(import_id=import_id, shown=shown, skip=skip, by=by)
        if not _is_small(upload, SMALL_ROWS):
            actions.ask_to_write(upload)
            return None
    return run_apply(import_id, tell=False)


def run_apply(import_id: UUID, *, tell: bool = True) -> Written | None:
    """The file is checked outside the transaction, planned and written inside it."""
    upload = actions.begin_apply(import_id)
    if upload is None:
        return None
    by = upload.asked_by or upload.uploaded_by
    problem: Refused | NotAllowed = Refused(BROKEN)
    try:
        return _write(upload, by, tell=tell)
    except (Refused, NotAllowed) as refused:
        problem = refused
    except OperationalError:  # the database was away: the outbox asks again
        raise
    except Exception as error:  # a bug or no memory: the page must not wait for ever
        logger.error("disputes: ledger %s came to nothing", import_id, exc_info=error)
    actions.give_back(import_id=import_id, trouble=str(problem), tell=tell)
    if not tell:
        raise problem
    return None


def _write(upload: LedgerImport, by: User, *, tell: bool) -> Written:
    plan = _plan(upload, _teller(upload) if tell else None)
    if plan.fingerprint != upload.fingerprint:
        raise actions.changed()

    def rows() -> list[NewRow]:
        return as_new(plan.new)

    return actions.apply_ledger(import_id=upload.pk, rows=rows, by=by, tell=tell)


# ── on paper ─────────────────────────────────────────────────────────────────
def marked_copy(*, import_id: UUID, by: User) -> bytes:
    """The uploader's own workbook with what is wrong coloured and commented."""
    upload = actions.note_marked_copy(import_id=import_id, by=by)
    data = base64.b64decode(upload.content)
    workbook, file = importers.read_file(data, upload.file_name)
    mends = mends_from_json(upload.mends)
    plan = importers.plan_import(
        file,
        town=upload.town,
        mapping=upload.columns,
        village=upload.village_id or "",
        source=upload.source,
        mends=mends,
    )
    marks = marks_of(file, upload.columns, [(row.checked, row.issues) for row in plan.rows], mends)
    return marked_workbook(data, workbook, marks, is_xlsx=check_kind(data, upload.file_name) == XLSX)


def recheck(*, import_id: UUID, by: User) -> LedgerImport:
    """Everything once more under the same columns: the ledger changed, or the last check came to nothing."""
    kept = LedgerImport.objects.light().get(pk=import_id)
    return map_ledger(
        import_id=import_id, mapping=kept.columns, village=kept.village_id or "", source=kept.source, by=by
    )  # fmt: skip

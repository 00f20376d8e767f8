"""An upload on its way, in the browser and in the worker: taken, checked, settled, written."""

import base64
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Protocol
from uuid import UUID

from django.db import OperationalError, transaction

from core.access import require
from core.actions.uploads import note_progress
from core.errors import Conflict, NotAllowed, Refused
from core.models import User
from core.queries import today
from core.spreadsheets import XLSX, Unreadable, check_kind, marked_workbook
from roster import importers, queries
from roster.actions import import_work, imports
from roster.actions.found import Found, FoundRow, Report, person_key
from roster.annex.kept import issues_as_json, mends_from_json, packed, row_as_json, sheets_as_json
from roster.annex.marks import marks_of
from roster.annex.plan import ImportPlan, PlannedRow, fingerprint
from roster.annex.reading import AnnexFile
from roster.annex.rows import RawRow
from roster.annex.tally import TeamTally
from roster.choices import ImportState, RowResult, WarningCode
from roster.importers import CheckedFile
from roster.models import RosterImport

logger = logging.getLogger(__name__)

SMALL_BYTES = 256 * 1024  # a larger file is not opened while its uploader waits
SMALL_ROWS = 500
TOLD_EVERY = 1_000
BROKEN = "系统出错了，名册没有动，错在哪里已记下。请再试一次；还不行，请告诉管理员。"


class Tell(Protocol):
    """Hears how many rows are done, of how many."""

    def __call__(self, done: int, total: int) -> None: ...


# ── taken ────────────────────────────────────────────────────────────────────


@dataclass
class FirstLook:
    """Checks a small list that is new; a list that is open already is not asked about."""

    annex: AnnexFile
    since: date | None
    was_taken: bool = False

    def __call__(self, upload: RosterImport) -> Found:
        self.was_taken = True
        return _found(upload, self.annex, since=self.since, is_first=True)


def take_upload(*, data: bytes, file_name: str, town: str | None, since: date | None, by: User) -> RosterImport:
    """Keep a list; a small one is checked at once, a large one by a worker. Raises Unusable for what cannot be read.

    The same file sent again finds the upload that is open already, settled anew if another town is named now; what
    a small one would do is looked at again, since the roster may have changed meanwhile.
    """
    require(by, "roster.import", town, message=imports.WHO_MAY)
    annex = _read_if_small(data, file_name)
    look = FirstLook(annex, since) if annex else None
    kept = imports.keep_upload(
        data=data,
        file_name=file_name,
        town_code=town,
        since=since or today(),
        by=by,
        look=look,
    )
    if town and kept.town_id != town and kept.state == ImportState.PREVIEWED:
        return settle_upload(import_id=kept.pk, town=town, since=kept.since, by=by)
    if look and not look.was_taken and kept.state == ImportState.PREVIEWED:
        return recheck_upload(import_id=kept.pk, by=by)
    return kept


def _read_if_small(data: bytes, file_name: str) -> AnnexFile | None:
    try:
        check_kind(data, file_name)
    except Refused as unreadable:
        raise importers.unusable(unreadable) from unreadable
    annex = importers.read_list(data, file_name) if len(data) <= SMALL_BYTES else None
    if annex and not _rows(annex):
        raise Refused("名单里一个人也没有填。", hint="请在表头下面一人一行填好，再上传。", field="file")
    return annex if annex and _rows(annex) <= SMALL_ROWS else None


def settle_upload(*, import_id: UUID, town: str | None, since: date, by: User) -> RosterImport:
    """Another town or first day: everything is checked anew, a large list by a worker."""
    return imports.settle_upload(import_id=import_id, town_code=town, since=since, by=by, look=_look(import_id))


def recheck_upload(*, import_id: UUID, by: User) -> RosterImport:
    """Everything once more: the roster changed, or the last check came to nothing."""
    return imports.recheck_upload(import_id=import_id, by=by, look=_look(import_id))


def _look(import_id: UUID) -> imports.Look | None:
    """How a small upload is checked; None for a large one, and for one that nobody has read yet."""
    kept = RosterImport.objects.light().get(pk=import_id)
    return (lambda upload: _found(upload, _read(upload), since=upload.since)) if is_small(kept) else None


def is_small(upload: RosterImport) -> bool:
    """Whether its rows can be gone through while somebody waits; what was never checked may be of any size."""
    return bool(upload.fingerprint) and upload.rows_total <= SMALL_ROWS


# ── checked ──────────────────────────────────────────────────────────────────


def _rows(annex: AnnexFile) -> int:
    return sum(len(sheet.rows) for sheet in annex.sheets)


def _read(upload: RosterImport) -> AnnexFile:
    return importers.read_list(base64.b64decode(upload.content), upload.file_name)


def checked_upload(upload: RosterImport, tell: Tell | None = None) -> CheckedFile:
    """The kept file with everything mended, read and checked anew; `tell` hears how many rows are done, of how many."""
    return _checked(_read(upload), upload, upload.town_id, tell)


def _checked(annex: AnnexFile, upload: RosterImport, town: str | None, tell: Tell | None) -> CheckedFile:
    mends = mends_from_json(upload.mends)
    if tell is None:
        return importers.check_list(annex, town=town, on=today(), mended=mends)
    watched = partial(_watched, tell=tell)
    return importers.check_list(annex, town=town, on=today(), mended=mends, watched=watched)


def _watched(annex: AnnexFile, tell: Tell) -> AnnexFile:
    """The same file; whoever goes through its rows tells how far they are."""
    total, before, sheets = _rows(annex), 0, []
    for sheet in annex.sheets:
        sheets.append(replace(sheet, rows=_WatchedRows(sheet.rows, partial(tell, total=total), before)))
        before += len(sheet.rows)
    return replace(annex, sheets=sheets)


class _WatchedRows(list[RawRow]):
    def __init__(self, rows: list[RawRow], tell: Callable[[int], None], before: int) -> None:
        super().__init__(rows)
        self.tell, self.before, self.told = tell, before, -1

    def __iter__(self) -> Iterator[RawRow]:
        for place, row in enumerate(super().__iter__(), self.before):
            if place % TOLD_EVERY == 0 and place > self.told:
                self.tell(place)
                self.told = place
            yield row


def _found(
    upload: RosterImport, annex: AnnexFile, *, since: date | None, is_first: bool = False, tell: Tell | None = None
) -> Found:
    """Everything there is to say about a file. The first time the town and the first day left open are proposed."""
    town, guessed = upload.town_id, upload.town_guessed
    checked = _checked(annex, upload, town, tell)
    if is_first and town is None and (town := importers.guess_town(checked)):
        guessed, checked = True, _checked(annex, upload, town, None)
    since = since or _proposed_since(town, checked)
    planned = importers.plan_checked(checked, since=since, by=upload.uploaded_by)
    kept = {"sheets": sheets_as_json(annex.sheets), "issues": issues_as_json(checked.issues)}
    tally = _tally(planned)
    return Found(
        rows=_found_rows(annex, planned),
        total=len(planned),
        outlook=packed(kept | {"tally": tally.as_json()}),
        fingerprint=fingerprint(planned, since),
        report=_report(planned, tally) | {imports.OTHER_TOWN: _is_of_another_town(checked)},
        since=since,
        town_code=town,
        town_guessed=guessed,
    )


def _is_of_another_town(checked: CheckedFile) -> bool:
    return any(issue.code == WarningCode.SHEET_TOWN_DIFFERS for issue in checked.issues)


def _proposed_since(town: str | None, checked: CheckedFile) -> date:
    """The day the town handed in the list that is read now, else today: who joins a team later joins it later."""
    named = {code for row in checked.rows for code in row.towns}
    only = town or (named.pop() if len(named) == 1 else None)
    submission = queries.submission_to_read(only) if only else None
    return submission.handed_in_on if submission else today()


def _found_rows(annex: AnnexFile, planned: list[PlannedRow]) -> Iterator[FoundRow]:
    raws = ((place, raw) for place, sheet in enumerate(annex.sheets) for raw in sheet.rows)
    for (place, raw), row in zip(raws, planned, strict=True):
        person = person_key(row.checked.facts.id_number)
        yield FoundRow(row.checked.number, row.result, row.is_to_look_at, person, row_as_json(place, raw))


def _tally(planned: list[PlannedRow]) -> TeamTally:
    tally = TeamTally()
    towns = tally.missing(planned)
    tally.know(towns, queries.members_now(towns))
    for row in planned:
        tally.add(row)
    return tally


def _report(planned: list[PlannedRow], tally: TeamTally) -> Report:
    counts = dict.fromkeys([*RowResult.values, "look"], 0)
    for row in planned:
        counts[row.result.value] += 1
        counts["look"] += row.is_to_look_at
    return {"rows": len(planned), "towns": tally.named(), **counts}


def run_check(import_id: UUID) -> None:
    """A worker's check. Whatever happens, the upload leaves the state it is in, or is asked for again."""
    upload = import_work.begin_check(import_id)
    if upload is None:
        return
    turn, is_first = upload.turn, not upload.fingerprint
    try:
        since = None if is_first else upload.since
        with importers.uncollected():
            found = _found(upload, _read(upload), since=since, is_first=is_first, tell=_teller(upload))
            import_work.finish_check(import_id=import_id, turn=turn, found=found)
    except Refused as refused:
        unusable = isinstance(refused, Unreadable)
        import_work.fail_check(import_id=import_id, turn=turn, trouble=str(refused), is_unusable=unusable)
    except OperationalError:  # the database was away: the outbox asks again
        raise
    except Exception as error:  # a bug or no memory: the page must not wait for ever
        logger.error("roster: upload %s came to nothing", import_id, exc_info=error)
        import_work.fail_check(import_id=import_id, turn=turn, trouble=BROKEN)


def _teller(upload: RosterImport) -> Tell:
    return lambda done, total: note_progress(upload, done, total)


# ── written ──────────────────────────────────────────────────────────────────


def planner(since: date | None = None) -> Callable[[RosterImport], ImportPlan]:
    """What `apply_import` calls under its lock to see what is to be written: never more than the uploader may."""

    def make_plan(upload: RosterImport) -> ImportPlan:
        return importers.plan_import(checked_upload(upload), since=since or upload.since, by=upload.uploaded_by)

    return make_plan


def apply_upload(
    *, import_id: UUID, shown: str, skip_invalid: bool, by: User, other_town: bool = False
) -> ImportPlan | None:
    """Write what the preview with the fingerprint `shown` showed; a large list is handed to a worker (None).

    `other_town`: it is meant that a list that says it is another town's goes to this one.

    On a Conflict the upload has been checked against the roster as it is now, or is being checked.
    """
    if not is_small(RosterImport.objects.light().get(pk=import_id)):
        imports.hand_over(import_id=import_id, shown=shown, skip_invalid=skip_invalid, other_town=other_town, by=by)
        return None
    try:
        return imports.apply_import(
            import_id=import_id,
            make_plan=planner(),
            by=by,
            fingerprint=shown,
            skip_invalid=skip_invalid,
            other_town=other_town,
        )
    except Conflict:
        recheck_upload(import_id=import_id, by=by)
        raise


def run_apply(import_id: UUID) -> None:
    """A worker's writing: the file is checked outside the transaction, planned and written inside it."""
    upload = import_work.begin_apply(import_id)
    if upload is None:
        return
    by = upload.asked_by or upload.uploaded_by
    try:
        checked = checked_upload(upload, _teller(upload)).without_cells()
        with importers.uncollected(), transaction.atomic():
            plan = imports.apply_import(
                import_id=import_id,
                make_plan=lambda kept: importers.plan_import(checked, since=kept.since, by=kept.uploaded_by),
                by=by,
                fingerprint=upload.fingerprint,
                skip_invalid=bool(upload.report.get("skip_invalid")),
                expected=ImportState.APPLYING,
            )
            import_work.tell_applied(upload, plan.counts[RowResult.CREATED] + plan.counts[RowResult.UPDATED])
    except Conflict as conflict:
        import_work.give_back(import_id=import_id, trouble=str(conflict), recheck=True)
    except (Refused, NotAllowed) as refused:
        import_work.give_back(import_id=import_id, trouble=str(refused))
    except OperationalError:  # the database was away: the outbox asks again
        raise
    except Exception as error:  # a bug or no memory: the page must not wait for ever
        logger.error("roster: upload %s came to nothing", import_id, exc_info=error)
        import_work.give_back(import_id=import_id, trouble=BROKEN)


# ── on paper ─────────────────────────────────────────────────────────────────


def marked_copy(*, import_id: UUID, by: User) -> bytes:
    """The uploader's own workbook with what is wrong coloured and commented. Raises Refused for a very long list."""
    upload = imports.note_marked_copy(import_id=import_id, by=by)
    data, mends = base64.b64decode(upload.content), mends_from_json(upload.mends)
    workbook = importers.read_file(data, upload.file_name)
    checked = _checked(importers.annex_of(workbook), upload, upload.town_id, None)
    planned = importers.plan_checked(checked, since=upload.since, by=upload.uploaded_by)
    marks = marks_of(workbook, checked.annex, planned, mends)
    return marked_workbook(data, workbook, marks, is_xlsx=check_kind(data, upload.file_name) == XLSX)

"""A workbook's way into the roster: kept encrypted, checked, mended, written in one transaction, or given up."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.uploads import short_name
from core.choices import Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import User
from core.queries import said
from roster.actions.found import Found, Mended, keep_found, keep_mended, keep_mends
from roster.actions.import_work import ask_for_apply, ask_for_check, wipe
from roster.actions.roster_writing import write_plan
from roster.actions.submissions import submission_behind
from roster.actions.voiding import record_voided
from roster.annex.mending import Mends
from roster.annex.plan import ImportPlan
from roster.choices import OPEN_IMPORTS, ImportState, RowResult
from roster.hand_ins import unit_of_list
from roster.models import RosterImport, VoidedTerm

MARKED_ROWS = 5_000  # of a longer list no marked copy is made: it would keep its uploader waiting
TOLD_ROWS = 500  # so many rows at most are named in the audit trail
WHO_MAY = "名单由管理员、司法局、本镇（街）联络人员或法院立案人员导入。"
ONLY_THE_UPLOADER = "改动由上传这份名单的人来做。您可以看，也可以请上传人改好。"
OTHER_TOWN = "other_town"  # in a report: a sheet says that it is another town's than the one it would go to
Look = Callable[[RosterImport], Found]


# ── kept ─────────────────────────────────────────────────────────────────────


@transaction.atomic
def keep_upload(
    *,
    data: bytes,
    file_name: str,
    town_code: str | None,
    since: date,
    by: User,
    look: Look | None = None,
    recorded_at: datetime | None = None,
) -> RosterImport:
    """Keep a workbook, encrypted, until it is written or given up (at the latest for seven days).

    `look` checks it at once; without it a worker is asked to. The same file sent again by the same person while
    the first is still open is the first: nothing is kept twice, and nothing mended is lost.
    """
    require(by, "roster.import", town_code, message=WHO_MAY)
    sha256 = hashlib.sha256(data).hexdigest()
    upload = RosterImport(
        file_name=short_name(file_name),
        content=base64.b64encode(data).decode(),
        sha256=sha256,
        town_id=town_code,
        since=since,
        state=ImportState.CHECKING,
        uploaded_by=by,
        uploaded_at=recorded_at or timezone.now(),
    )
    if (earlier := _inserted_or_earlier(upload)) is not None:
        return earlier
    _check(upload, look, by)
    audit.record("roster.upload", by=by, subject=upload, division_code=upload.town_id or "", detail={"sha256": sha256})
    return upload


def _inserted_or_earlier(upload: RosterImport) -> RosterImport | None:
    """The open upload of the same file that was there first; None when this one is the first."""
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
    except IntegrityError:
        return RosterImport.objects.light().get(
            uploaded_by=upload.uploaded_by, sha256=upload.sha256, state__in=OPEN_IMPORTS
        )
    return None


def _check(upload: RosterImport, look: Look | None, by: User) -> None:
    if look is None:
        ask_for_check(upload, by)
    else:
        keep_found(upload, look(upload))


# ── settled and mended ───────────────────────────────────────────────────────


@transaction.atomic
def settle_upload(
    *, import_id: UUID, town_code: str | None, since: date, by: User, look: Look | None = None
) -> RosterImport:
    """Say which town the list is of, and from which day its new terms count; then everything is checked anew."""
    upload = open_import(import_id, by)
    require(by, "roster.import", town_code, message=WHO_MAY)
    if since > timezone.localdate():
        raise Refused("任职起始日不能晚于今天。", hint="请核对日期。", field="since")
    upload.town_id, upload.since, upload.town_guessed = town_code, since, False
    upload.save(update_fields=["town", "since", "town_guessed"])
    _check(upload, look, by)
    return upload


@transaction.atomic
def recheck_upload(*, import_id: UUID, by: User, look: Look | None = None) -> RosterImport:
    """Check everything again: the roster changed, or the last check came to nothing."""
    upload = open_import(import_id, by, ImportState.PREVIEWED, ImportState.FAILED)
    _check(upload, look, by)
    return upload


@transaction.atomic
def mend_upload(
    *,
    import_id: UUID,
    by: User,
    decide: Callable[[RosterImport], Mends],
    look: Callable[[RosterImport, Mends], Mended | None],
) -> RosterImport:
    """Keep what the uploader decided about rows, and what checking those rows again gave.

    `decide` and `look` are asked under the lock, so that two windows open on one upload lose nothing to each other;
    when `look` sees too many rows to go through at once, a worker checks everything. Raises NotAllowed for anybody
    but the uploader: mending shows what stands in the file.
    """
    upload = open_import(import_id, by)
    if upload.uploaded_by_id != by.pk:
        raise NotAllowed(ONLY_THE_UPLOADER)
    mends = decide(upload)
    mended = look(upload, mends)
    if mended is None:
        keep_mends(upload, mends)
        ask_for_check(upload, by)
    else:
        keep_mended(upload, mends, mended)
    return upload


@transaction.atomic
def note_marked_copy(*, import_id: UUID, by: User) -> RosterImport:
    """Write down that the uploader takes their own file home with the marks; it holds what the page masks.

    Raises NotAllowed for anybody else, Refused for a list too long to be marked.
    """
    upload = open_import(import_id, by)
    if upload.uploaded_by_id != by.pk:
        raise NotAllowed("原表只有上传它的人能下载。")
    if upload.rows_total > MARKED_ROWS:
        raise Refused(
            f"名单超过 {MARKED_ROWS:,} 行，做不了标注后的原表。", hint="请按「不能写入」筛选，直接在格子里改。"
        )
    audit.record(
        "roster.marked_copy",
        by=by,
        subject=upload,
        division_code=upload.town_id or "",
        detail={"rows": upload.rows_total},
    )
    return upload


@transaction.atomic
def discard_upload(*, import_id: UUID, by: User) -> RosterImport:
    """Give an upload up and wipe the file. Raises Refused once it is written, or while it is being written."""
    upload = open_import(import_id, by, ImportState.PREVIEWED, ImportState.FAILED, ImportState.CHECKING)
    upload.trouble = ""
    wipe(upload, ImportState.DISCARDED, "trouble")
    audit.record("roster.discard_upload", by=by, subject=upload, division_code=upload.town_id or "")
    return upload


# ── written ──────────────────────────────────────────────────────────────────


@transaction.atomic
def apply_import(
    *,
    import_id: UUID,
    make_plan: Callable[[RosterImport], ImportPlan],
    by: User,
    fingerprint: str | None = None,
    skip_invalid: bool = False,
    other_town: bool = False,
    expected: ImportState = ImportState.PREVIEWED,
    recorded_at: datetime | None = None,
) -> ImportPlan:
    """Write an upload into the roster, all of it or nothing. `make_plan` reads the roster anew under the lock.

    Raises Refused when it was written or given up already, holds rows that cannot be written and `skip_invalid` is
    off, or says that it is another town's and `other_town` is off (a worker is asked after this); Conflict when the
    roster changed since the plan with `fingerprint` was shown.
    Nobody's term is ended because they are missing from the file.
    """
    upload = open_import(import_id, by, expected)
    if expected == ImportState.PREVIEWED:
        _refuse_other_town(upload, is_meant=other_town)
    now = recorded_at or timezone.now()
    plan = make_plan(upload)
    refuse_rejected(plan.rejected, skip_invalid=skip_invalid)
    if fingerprint is not None and fingerprint != plan.fingerprint:
        raise roster_changed()
    voided = _write(upload, plan, now)
    _record(upload, plan, voided, by)
    return plan


@transaction.atomic
def hand_over(*, import_id: UUID, shown: str, skip_invalid: bool, by: User, other_town: bool = False) -> RosterImport:
    """Have a worker write a large upload. Raises what `apply_import` would raise, as far as it can be seen already."""
    upload = open_import(import_id, by)
    _refuse_other_town(upload, is_meant=other_town)
    refuse_rejected(upload.report[RowResult.REJECTED], skip_invalid=skip_invalid)
    if shown != upload.fingerprint:
        raise roster_changed()
    ask_for_apply(upload, by, skip_invalid=skip_invalid)
    return upload


@transaction.atomic
def write_list(
    *, plan: ImportPlan, data: bytes, file_name: str, town_code: str | None, skip_invalid: bool, by: User
) -> RosterImport:
    """Write a list that was checked a moment ago (the command line): nothing of the file is kept."""
    require(by, "roster.import", town_code, message=WHO_MAY)
    refuse_rejected(plan.rejected, skip_invalid=skip_invalid)
    now = timezone.now()
    upload = RosterImport.objects.create(
        file_name=short_name(file_name),
        sha256=hashlib.sha256(data).hexdigest(),
        town_id=town_code,
        since=plan.since,
        state=ImportState.APPLIED,
        applied_at=now,
        uploaded_by=by,
        uploaded_at=now,
    )
    voided = _write(upload, plan, now)
    _record(upload, plan, voided, by)
    return upload


def refuse_rejected(rejected: int, *, skip_invalid: bool) -> None:
    if rejected and not skip_invalid:
        raise Refused(f"有 {rejected} 行还不能写入，一行也没有写。", hint="改好这些行，或选择留下它们不写。")


def _refuse_other_town(upload: RosterImport, *, is_meant: bool) -> None:
    """A list that says it is another town's is not written with one press."""
    if upload.report.get(OTHER_TOWN) and not is_meant:
        raise Refused(
            "没有写入：表里写的是另一个镇（街）。",
            hint="传错了就放弃这份文件；确实是这个镇（街）的，勾上「确实写入」再写。",
        )


def roster_changed() -> Conflict:
    return Conflict(
        "没有写入：核对以后名册有了变化，结果和您看到的不一样了。",
        hint="下面是按现在的名册重新核对的，请再看一遍。",
    )


def open_import(import_id: UUID, by: User, *states: ImportState) -> RosterImport:
    """An upload in one of the states (to be looked at, unless others are named), locked. Raises Refused otherwise."""
    upload = RosterImport.objects.light().select_for_update(of=("self",)).get(pk=import_id)
    require(by, "roster.import", upload.town_id, message=WHO_MAY)
    if upload.state not in (states or (ImportState.PREVIEWED,)):
        raise _not_open(upload)
    return upload


def _not_open(upload: RosterImport) -> Refused:
    if upload.state == ImportState.APPLIED and upload.applied_at:
        at = timezone.localtime(upload.applied_at)
        return Refused(
            f"这份名单 {said(at.date())} {at:%H:%M} 已经写入，没有再写一遍。", hint="要改名册，请上传新的名单。"
        )
    if upload.state == ImportState.APPLYING:
        return Refused("这份名单正在写入，这时不能再改。", hint="写完会发消息给您。")
    if upload.state == ImportState.CHECKING:
        return Refused("这份名单还在核对。", hint="核对完会发消息给您。")
    if upload.state == ImportState.FAILED:
        return Refused("这份名单没有核对成。", hint="请再核对一次，或换一个文件。")
    gone = "过期" if upload.state == ImportState.EXPIRED else "放弃"
    return Refused(f"这份名单已经{gone}，文件不再保存。", hint="请重新上传。")


def _write(upload: RosterImport, plan: ImportPlan, now: datetime) -> list[VoidedTerm]:
    """Write the plan and close the upload: figures stay, tied to what the unit handed in; the file is wiped.

    Returns the terms that the list struck out.
    """
    voided = write_plan(plan, now, upload.uploaded_by)
    towns = [team.town_code for team in plan.teams]
    upload.applied_at, upload.since, upload.trouble = now, plan.since, ""
    upload.report = {"rows": len(plan.rows), "towns": towns} | {
        result.value: number for result, number in plan.counts.items()
    }
    upload.report["unit"] = unit = _unit_behind(upload, plan, towns)
    upload.submission = submission_behind(unit, timezone.localdate(now))
    wipe(upload, ImportState.APPLIED, "applied_at", "since", "trouble", "report", "submission")
    return voided


def _unit_behind(upload: RosterImport, plan: ImportPlan, towns: list[str]) -> str:
    roles = {row.checked.post.role for row in plan.writable}
    own = [upload.town_id] if upload.town_id else towns  # a judge of the town may sit in others as well
    return unit_of_list(own, roles, by_officer=upload.uploaded_by.role == Role.OFFICER)


def _record(upload: RosterImport, plan: ImportPlan, voided: Sequence[VoidedTerm], by: User) -> None:
    record_voided(voided, by=by)
    touched = [row for row in plan.writable if row.staff_id and row.touches]
    detail = dict(upload.report) | {
        "since": plan.since.isoformat(),
        "sha256": upload.sha256,
        "changed": {
            str(row.staff_id): [*(change.field for change in row.changes), *(step.role for step in row.steps)]
            for row in touched[:TOLD_ROWS]
        },
    }
    if len(touched) > TOLD_ROWS:
        detail["changed_besides"] = len(touched) - TOLD_ROWS
    audit.record("roster.import", by=by, subject=upload, division_code=upload.town_id or "", detail=detail)

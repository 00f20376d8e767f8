"""A workbook's way into the roster: kept encrypted, shown, written in one transaction, or given up."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import PurePath
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.choices import Role
from core.errors import Conflict, Refused
from core.models import User
from roster.actions.scopes import sync_scopes
from roster.actions.staff import new_staff, set_facts
from roster.actions.submissions import submission_behind
from roster.annex.plan import ImportPlan, PlannedRow, TermStep, Verb
from roster.choices import ImportState, RowResult
from roster.hand_ins import unit_of_list
from roster.models import RosterImport, Staff, TeamMembership

KEPT_DAYS = 7
NAME_LENGTH = 120
BATCH = 500
ONE_DAY = timedelta(days=1)
WHO_MAY = "名单由管理员、司法局、本镇（街）联络人员或法院立案人员导入。"


@transaction.atomic
def keep_upload(
    *,
    data: bytes,
    file_name: str,
    town_code: str | None,
    since: date,
    by: User,
    town_guessed: bool = False,
    recorded_at: datetime | None = None,
) -> RosterImport:
    """Keep a readable workbook, encrypted, until it is written or given up (at the latest after seven days).

    The same file sent again by the same person takes the place of the earlier upload.
    """
    require(by, "roster.import", town_code, message=WHO_MAY)
    now = recorded_at or timezone.now()
    sha256 = hashlib.sha256(data).hexdigest()
    _wipe_superseded(by, now, sha256)
    path = PurePath(file_name.replace("\\", "/"))
    upload = RosterImport.objects.create(
        file_name=path.stem[: NAME_LENGTH - len(path.suffix)] + path.suffix,
        content=base64.b64encode(data).decode(),
        sha256=sha256,
        town_id=town_code,
        town_guessed=town_guessed,
        since=since,
        uploaded_by=by,
        uploaded_at=now,
    )
    audit.record(
        "roster.upload", by=by, subject=upload, division_code=town_code or "", detail={"sha256": upload.sha256}
    )
    return upload


@transaction.atomic
def settle_upload(*, import_id: UUID, town_code: str | None, since: date, by: User) -> RosterImport:
    """Say which town the list is of, and from which day its new terms count. Raises Refused once it is written."""
    upload = _open_import(import_id, by)
    require(by, "roster.import", town_code, message=WHO_MAY)
    if since > timezone.localdate():
        raise Refused("任职起始日不能晚于今天。", hint="请核对日期。", field="since")
    upload.town_id, upload.since, upload.town_guessed = town_code, since, False
    upload.save(update_fields=["town", "since", "town_guessed"])
    return upload


@transaction.atomic
def discard_upload(*, import_id: UUID, by: User) -> RosterImport:
    """Give an upload up and wipe the file. Raises Refused once it is written."""
    upload = _open_import(import_id, by)
    upload.state, upload.content = ImportState.DISCARDED, ""
    upload.save(update_fields=["state", "content"])
    audit.record("roster.discard_upload", by=by, subject=upload, division_code=upload.town_id or "")
    return upload


@transaction.atomic
def apply_import(
    *,
    import_id: UUID,
    make_plan: Callable[[RosterImport], ImportPlan],
    by: User,
    fingerprint: str | None = None,
    skip_invalid: bool = False,
    recorded_at: datetime | None = None,
) -> ImportPlan:
    """Write an upload into the roster, all of it or nothing. `make_plan` reads it anew under the lock.

    Raises Refused when it was written or given up already, or holds rows that cannot be written and
    `skip_invalid` is off; Conflict when the roster changed since the plan with `fingerprint` was shown.
    Nobody's term is ended because they are missing from the file.
    """
    upload = _open_import(import_id, by)
    now = recorded_at or timezone.now()
    plan = make_plan(upload)
    if plan.rejected and not skip_invalid:
        raise Refused(f"有 {plan.rejected} 行还不能写入，一行也没有写。", hint="改好这些行再上传，或选择跳过它们。")
    if fingerprint is not None and fingerprint != plan.fingerprint:
        raise Conflict(
            "没有写入：核对以后名册有了变化，结果和您看到的不一样了。",
            hint="下面是按现在的名册重新核对的，请再看一遍。",
        )
    _write(plan, now)
    _close(upload, plan, now)
    _record(upload, plan, by)
    return plan


def _open_import(import_id: UUID, by: User) -> RosterImport:
    upload = RosterImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    require(by, "roster.import", upload.town_id, message=WHO_MAY)
    if upload.state == ImportState.APPLIED and upload.applied_at:
        at = timezone.localtime(upload.applied_at)
        raise Refused(f"这份名单 {at:%Y-%m-%d %H:%M} 已经写入，没有再写一遍。", hint="要改名册，请上传新的名单。")
    if upload.state != ImportState.PREVIEWED:
        raise Refused("这份名单已经放弃，文件不再保存。", hint="请重新上传。")
    return upload


def _wipe_superseded(by: User, now: datetime, sha256: str) -> None:
    """Wipe this person's open uploads of the same file, and those that nobody wrote within seven days."""
    stale = Q(sha256=sha256) | Q(uploaded_at__lt=now - timedelta(days=KEPT_DAYS))
    RosterImport.objects.filter(stale, uploaded_by=by, state=ImportState.PREVIEWED).update(
        state=ImportState.DISCARDED, content=""
    )


# ── writing ──────────────────────────────────────────────────────────────────


def _write(plan: ImportPlan, now: datetime) -> None:
    try:
        with transaction.atomic():
            people = _write_people(plan.writable, now)
            _write_terms(plan.writable, people, now)
    except IntegrityError as error:
        raise Conflict("没有写入：名册刚被别人改过。", hint="请重新核对一遍再写入。") from error
    sync_scopes({staff_id for row in plan.writable if (staff_id := row.staff_id) and row.steps})


def _write_people(rows: Iterable[PlannedRow], now: datetime) -> dict[str, UUID]:
    """Create and update people; returns everybody's key by identity number."""
    rows = list(rows)
    new = [new_staff(row.checked.facts, recorded_at=now) for row in rows if row.result == RowResult.CREATED]
    Staff.objects.bulk_create(new, batch_size=BATCH)
    changed = {row.staff_id: row.changes for row in rows if row.staff_id and row.changes}
    for staff in Staff.objects.select_for_update(of=("self",)).filter(pk__in=list(changed)):
        staff.save(update_fields=set_facts(staff, {change.field: change.new for change in changed[staff.pk]}))
    known = {row.checked.facts.id_number: row.staff_id for row in rows if row.staff_id}
    return known | {staff.id_number: staff.pk for staff in new}


def _write_terms(rows: Iterable[PlannedRow], people: dict[str, UUID], now: datetime) -> None:
    started: list[TeamMembership] = []
    for row in rows:
        staff_id = people[row.checked.facts.id_number]
        for step in row.steps:
            if step.verb == Verb.CORRECT:
                _correct(step)
                continue
            if step.verb == Verb.REPLACE:
                _end_for_another_seat(step, now)
            started.append(_new_term(staff_id, step, now))
    TeamMembership.objects.bulk_create(started, batch_size=BATCH)


def _new_term(staff_id: UUID, step: TermStep, now: datetime) -> TeamMembership:
    return TeamMembership(
        staff_id=staff_id,
        town_id=step.town_code,
        town_code=step.town_code,
        role=step.role,
        mediator_kind=step.kind,
        since=step.since,
        recorded_at=now,
    )


def _correct(step: TermStep) -> None:
    assert step.term is not None
    TeamMembership.objects.filter(pk=step.term.id).update(role=step.role, mediator_kind=step.kind)


def _end_for_another_seat(step: TermStep, now: datetime) -> None:
    """The same person takes another seat in the same town: the old one ends the day before."""
    assert step.term is not None
    TeamMembership.objects.filter(pk=step.term.id).update(until=step.since - ONE_DAY, ended_recorded_at=now)


def _close(upload: RosterImport, plan: ImportPlan, now: datetime) -> None:
    """The file is not needed any more: wipe it, keep the figures, tie it to what the unit handed in."""
    towns = [team.town_code for team in plan.teams]
    upload.state, upload.applied_at, upload.content, upload.since = ImportState.APPLIED, now, "", plan.since
    upload.report = {"rows": len(plan.rows), "towns": towns} | {
        result.value: number for result, number in plan.counts.items()
    }
    upload.report["unit"] = unit = _unit_behind(upload, plan, towns)
    upload.submission = submission_behind(unit, timezone.localdate(now))
    upload.save(update_fields=["state", "applied_at", "content", "since", "report", "submission"])


def _unit_behind(upload: RosterImport, plan: ImportPlan, towns: list[str]) -> str:
    roles = {row.checked.post.role for row in plan.writable}
    return unit_of_list(towns, roles, by_officer=upload.uploaded_by.role == Role.OFFICER)


def _record(upload: RosterImport, plan: ImportPlan, by: User) -> None:
    detail = dict(upload.report) | {
        "since": plan.since.isoformat(),
        "sha256": upload.sha256,
        "changed": {
            str(row.staff_id): [*(change.field for change in row.changes), *(step.role for step in row.steps)]
            for row in plan.writable
            if row.staff_id and row.touches
        },
    }
    audit.record("roster.import", by=by, subject=upload, division_code=upload.town_id or "", detail=detail)

"""Lists handed in by the towns, the court and the bureau: noted, corrected, struck out, tied to their imports."""

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit, files
from core.errors import Conflict, Refused
from core.models import User
from core.queries import said
from roster.choices import ImportState, UnitKind
from roster.hand_ins import ORDERED
from roster.models import RosterImport, RosterSubmission

WHO_RECORDS = "名单报送由管理员、司法局或政法委登记。"
LETTER_KIND = "roster_letter"
REASON_LENGTH, NUMBER_LENGTH = 100, 60


@transaction.atomic
def record_submission(
    *,
    unit_kind: str = UnitKind.TOWN,
    town_code: str | None = None,
    document_number: str = "",
    handed_in_on: date,
    by: User,
    letter: UploadedFile | None = None,
    recorded_at: datetime | None = None,
) -> RosterSubmission:
    """Note that a unit handed in its list; a further one is a supplement. Raises Refused for a day in the future, or
    the same day twice. Imports of this unit that belong to no list yet are tied to it."""
    require(by, "roster.record_submission", town_code, message=WHO_RECORDS)
    recorded_at = recorded_at or timezone.now()
    submission = RosterSubmission(
        unit_kind=unit_kind,
        town_id=town_code,
        document_number=document_number.strip(),
        handed_in_on=handed_in_on,
        recorded_at=recorded_at,
        recorded_by=by,
    )
    _check(submission, recorded_at)
    submission.save(force_insert=True)
    _keep_letter(submission, letter, by=by, recorded_at=recorded_at)
    loose = RosterImport.objects.filter(state=ImportState.APPLIED, submission=None, report__unit=submission.unit)
    loose.update(submission=submission)
    _audit("roster.record_submission", submission, by=by)
    return submission


@transaction.atomic
def edit_submission(
    *,
    submission_id: int,
    version: int,
    unit_kind: str,
    town_code: str | None,
    document_number: str,
    handed_in_on: date,
    by: User,
    letter: UploadedFile | None = None,
    import_id: str = "",
) -> RosterSubmission:
    """Correct what was noted. A letter takes the place of the one before; `import_id` ties one more import to it.

    Raises Conflict when somebody saved in between, Refused as `record_submission` does.
    """
    submission = _locked(submission_id, version, by)
    require(by, "roster.record_submission", town_code, message=WHO_RECORDS)
    old = _facts(submission)
    submission.unit_kind, submission.town_id = unit_kind, town_code
    submission.document_number, submission.handed_in_on = document_number.strip(), handed_in_on
    _check(submission, timezone.now())
    submission.version += 1
    submission.save(update_fields=["unit_kind", "town", "document_number", "handed_in_on", "version"])
    _keep_letter(submission, letter, by=by, recorded_at=timezone.now())
    if import_id:
        loose = RosterImport.objects.visible_to(by).filter(state=ImportState.APPLIED, submission=None)
        if not loose.filter(pk=import_id).update(submission=submission):
            raise Refused("这次导入已经对应到别的报送。", hint="请刷新页面再选。", field="import_id")
    _audit("roster.edit_submission", submission, by=by, old=old, linked=import_id)
    return submission


@transaction.atomic
def void_submission(*, submission_id: int, version: int, reason: str, by: User) -> RosterSubmission:
    """Strike out what was noted by mistake; it stays to be seen and counts no more. Its imports are loose again."""
    submission = _locked(submission_id, version, by)
    if not reason.strip():
        raise Refused("请写明为什么作废。", hint="例如：登记错了单位。", field="reason")
    submission.voided_at, submission.void_reason = timezone.now(), reason.strip()[:REASON_LENGTH]
    submission.version += 1
    submission.save(update_fields=["voided_at", "void_reason", "version"])
    submission.imports.update(submission=None)
    _audit("roster.void_submission", submission, by=by, reason=submission.void_reason)
    return submission


def submission_behind(unit: str, on: date) -> RosterSubmission | None:
    """The list that an import of the unit brings in: the latest it handed in by `on`, else its first after that."""
    rows = RosterSubmission.objects.standing().order_by("handed_in_on")
    rows = rows.filter(unit_kind=unit) if unit in UnitKind.values else rows.filter(town_id=unit)
    return (rows.filter(handed_in_on__lte=on).last() or rows.first()) if unit else None


def _locked(submission_id: int, version: int, by: User) -> RosterSubmission:
    rows = RosterSubmission.objects.select_for_update(of=("self",)).select_related("town")
    submission = rows.get(pk=submission_id)
    require(by, "roster.record_submission", submission.town_id, message=WHO_RECORDS)
    if submission.voided_at:
        raise Conflict(f"没有保存：{submission.unit_name}的这次报送已经作废。", hint="报送有效的，请重新登记。")
    if submission.version != version:
        raise Conflict(
            f"没有保存：{submission.unit_name}的这次报送刚被别人改过。", hint="看一看现在的内容，再决定要不要改。"
        )
    return submission


def _check(submission: RosterSubmission, recorded_at: datetime) -> None:
    if submission.handed_in_on > timezone.localtime(recorded_at).date():
        raise Refused("报送日不能晚于今天。", hint="请核对日期。", field="handed_in_on")
    if submission.handed_in_on < ORDERED:
        raise Refused(f"报送日不能早于发文的那一天（{said(ORDERED)}）。", hint="请核对年份。", field="handed_in_on")
    _number_is_free(submission)
    if len(submission.document_number) > NUMBER_LENGTH:
        raise Refused(f"文号最多 {NUMBER_LENGTH} 个字。", field="document_number")
    same = RosterSubmission.objects.standing().filter(
        unit_kind=submission.unit_kind, town_id=submission.town_id, handed_in_on=submission.handed_in_on
    )
    if same.exclude(pk=submission.pk).exists():
        raise Refused(
            f"{said(submission.handed_in_on)}的报送已经登记过。",
            hint="不用再登记；日期不对请改日期。",
            field="handed_in_on",
        )


def _number_is_free(submission: RosterSubmission) -> None:
    """A number belongs to one unit's paper; the same unit may name it again."""
    others = RosterSubmission.objects.standing().filter(document_number=submission.document_number)
    if submission.town_id:
        others = others.exclude(town_id=submission.town_id)
    else:
        others = others.exclude(unit_kind=submission.unit_kind)
    taken = others.select_related("town").exclude(pk=submission.pk).first() if submission.document_number else None
    if taken:
        raise Refused(
            f"这个文号登记在{taken.unit_name}名下了。", hint="请核对文号和报送单位。", field="document_number"
        )


def _keep_letter(submission: RosterSubmission, letter: UploadedFile | None, *, by: User, recorded_at: datetime) -> None:
    if letter is None:
        return
    submission.cover_letter = files.store_file(
        upload=letter,
        by=by,
        subject=submission,
        town_code=submission.town_id or "",
        kind=LETTER_KIND,
        recorded_at=recorded_at,
    )
    submission.save(update_fields=["cover_letter"])


def _facts(submission: RosterSubmission) -> dict[str, object]:
    return {
        "unit": submission.unit,
        "handed_in_on": submission.handed_in_on.isoformat(),
        "document_number": submission.document_number,
    }


def _audit(action: str, submission: RosterSubmission, *, by: User, **detail: object) -> None:
    facts = _facts(submission) | detail
    audit.record(action, by=by, subject=submission, division_code=submission.town_id or "", detail=facts)

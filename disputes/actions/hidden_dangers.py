"""Reporting a hidden danger, registering it as a dispute, closing it with a reason."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.deadlines import settle_all, start_deadline
from core.actions.files import store_shown
from core.actions.notifications import message, notify_all
from core.errors import Conflict, Refused
from core.file_types import PICTURES
from core.models import Division, User
from core.queries import said
from disputes.actions.events import record_event
from disputes.actions.intake import register_dispute
from disputes.choices import DangerKind, EventKind, Urgency
from disputes.models import Dispute, HiddenDanger
from disputes.queries import officers_of
from disputes.queries.drafts import key_of
from disputes.queries.hidden_dangers import alarm_in

HANDLE, HANDLE_NOW = "danger_handle", "danger_handle_now"  # keys of rules: 内部要求
PHOTO = "danger_photo"
NOTE_LENGTH, REASON_LENGTH, PHOTOS_MAX = 200, 200, 6
CALL_FIRST = frozenset({DangerKind.THREAT, DangerKind.INJURY, DangerKind.CROWD})


@transaction.atomic
def report_danger(
    *,
    kind: str,
    village: Division,
    urgency: str,
    by: User,
    idempotency_key: str,
    note: str = "",
    photos: Sequence[UploadedFile] = (),
    recorded_at: datetime | None = None,
) -> HiddenDanger:
    """Report what was seen; the same key sent again gives the first report. `village` comes with its town.

    A sentence that tells of violence or self-harm makes it most urgent, whatever was tapped; nothing is lowered.
    Effects: row, photographs, the internal day, messages to the officers (urgent where it is), audit.
    """
    require(by, "disputes.report_danger", village.town_code, message="苗头隐患由本镇（街）的调解员、联络人员报。")
    _check(kind, urgency, note, photos)
    when, key = recorded_at or timezone.now(), key_of(by, idempotency_key)
    danger, is_new = HiddenDanger.objects.get_or_create(
        idempotency_key=key,
        defaults={
            "kind": kind,
            "division": village,
            "town_code": village.town_code,
            "urgency": urgency,
            "note": note.strip(),
            "reported_by": by,
            "reported_at": when,
        },
    )
    if not is_new:
        return danger
    store_shown(
        uploads=photos, by=by, subject=danger, town_code=danger.town_code, kind=PHOTO, accept=PICTURES, recorded_at=when
    )
    officers = officers_of(danger.town_code)
    alarming = alarm_in(danger) is not None
    _start_period(danger, officers, when, at_once=alarming or urgency == Urgency.NOW)
    _tell(danger, [one for one in officers if one.pk != by.pk], when, alarming=alarming)
    _audit("danger.report", danger, by, kind=kind, village=village.pk, urgency=urgency, photos=len(photos))
    return danger


def _check(kind: str, urgency: str, note: str, photos: Sequence[UploadedFile]) -> None:
    if kind not in DangerKind.values:
        raise Refused("请点一下是什么事。", field="kind")
    if urgency not in Urgency.values:
        raise Refused("请点一下急不急。", field="urgency")
    if len(note.strip()) > NOTE_LENGTH:
        raise Refused(f"最多 {NOTE_LENGTH} 个字。", hint="其余的登记纠纷时再写。", field="note")
    if len(photos) > PHOTOS_MAX:
        raise Refused(f"一次最多 {PHOTOS_MAX} 张照片。", hint="请留下最清楚的几张。", field="photos")


def _start_period(danger: HiddenDanger, officers: Sequence[User], when: datetime, *, at_once: bool) -> None:
    """The internal day to look into it, what is urgent sooner. A rule switched off keeps nobody from reporting."""
    kinds = (HANDLE_NOW, HANDLE) if at_once else (HANDLE,)
    for kind in kinds:
        try:
            period = start_deadline(
                kind=kind,
                subject=danger,
                town_code=danger.town_code,
                base_on=timezone.localdate(when),
                responsible=officers[0] if officers else None,
                subject_text=str(danger)[:120],
                url=danger.get_absolute_url(),
                recorded_at=when,
            )
        except Refused:
            continue
        danger.due_on = period.due_on
        danger.save(update_fields=["due_on"])
        return


def _tell(danger: HiddenDanger, people: Sequence[User], when: datetime, *, alarming: bool) -> None:
    urgent = alarming or danger.urgency == Urgency.NOW or danger.kind in CALL_FIRST
    words = "苗头隐患，有危险的先报 110" if urgent else "苗头隐患，请核实"
    text = f"{words}：{danger.get_kind_display()}，{danger.division.short_name}，{danger.get_urgency_display()}"
    text += "；写的话里有激化危险" if alarming else ""
    notify_all(
        message(recipient=one, text=text, url=danger.get_absolute_url(), urgent=urgent, recorded_at=when)
        for one in people
    )


@transaction.atomic
def register_from_danger(*, danger_id: int, by: User, **intake: Any) -> Dispute:
    """Register the dispute that a report leads to, and tie the two; arguments besides as of `register_dispute`.

    Sent again with the same key it gives the same dispute; somebody else's second registration is refused.
    Effects: those of registering; the report's dispute, its day settled, event, audit.
    """
    danger = _locked(danger_id)
    if danger.dispute is None and danger.closed_at:
        raise Conflict(f"{danger.closed_by}已经了结了这条苗头：{danger.closed_reason}", hint="确实要登记的，直接登记。")
    dispute = register_dispute(by=by, **intake)
    if danger.dispute_id == dispute.pk:
        return dispute
    if danger.dispute:
        raise Conflict(f"这条苗头已经登记为 {danger.dispute.code}。", hint="请打开那一件补充。")
    if dispute.town_code != danger.town_code:
        raise Refused("这条苗头在别的镇（街）。", hint="请选本镇（街）的村（社区）。", field="village")
    danger.dispute = dispute
    danger.save(update_fields=["dispute"])
    on = timezone.localdate()
    settle_all(subject=danger, on=on, settled_as="done")
    told = f"{danger.reported_by} {said(timezone.localdate(danger.reported_at))}报来：{danger.get_kind_display()}。"
    record_event(dispute, EventKind.FROM_DANGER, on=on, by=by, detail=told)
    _audit("danger.register", danger, by, code=dispute.code)
    return dispute


@transaction.atomic
def close_danger(*, danger_id: int, reason: str, by: User, recorded_at: datetime | None = None) -> HiddenDanger:
    """Close a report that needs no dispute. Effects: row, its day settled, audit."""
    danger = _locked(danger_id)
    require(by, "disputes.close_danger", danger, message="苗头隐患由本镇（街）联络人员或报告人了结。")
    if danger.dispute:
        raise Conflict(f"这条苗头已经登记为 {danger.dispute.code}。", hint="请在那一件里办。")
    if danger.closed_at:
        raise Conflict(f"{danger.closed_by}已经了结了这条苗头。", hint="请刷新页面。")
    reason = reason.strip()
    if not reason:
        raise Refused("请写明为什么不用登记。", hint="如：已当场说开，双方没有意见。", field="reason")
    if len(reason) > REASON_LENGTH:
        raise Refused(f"最多 {REASON_LENGTH} 个字。", field="reason")
    danger.closed_at, danger.closed_by, danger.closed_reason = recorded_at or timezone.now(), by, reason
    danger.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    settle_all(subject=danger, on=timezone.localdate(danger.closed_at), settled_as="closed")
    _audit("danger.close", danger, by, reason=reason)
    return danger


def _locked(danger_id: int) -> HiddenDanger:
    rows = HiddenDanger.objects.select_for_update(of=("self",))
    return rows.select_related("division", "dispute", "reported_by", "closed_by").get(pk=danger_id)


def _audit(action: str, danger: HiddenDanger, by: User, **detail: object) -> None:
    audit.record(action, by=by, subject=danger, division_code=danger.town_code, detail=detail)

"""Registering a dispute, and correcting what was registered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.outbox import mark_dirty
from core.choices import Role
from core.clock_face import is_late_entry
from core.errors import Conflict, Refused
from core.models import Division, User
from core.privacy import mask_text
from core.queries import today
from disputes import limits
from disputes.actions.events import record_event
from disputes.actions.parties import RETITLED, PartyData, check_together, fill, retitle
from disputes.actions.risk import raise_flag
from disputes.actions.states import lock_dispute
from disputes.choices import OVERRULED, EventKind, Risk, Side, Source
from disputes.models import CaseType, CodeSequence, Dispute, Party, RiskFlag
from disputes.queries import Assessment, assess
from disputes.queries.drafts import key_of
from disputes.routing import is_cross_town
from disputes.routing_table import earlier_failures, sent_and_failed

CORRECTED = {
    "division_id": "村（社区）",
    "source": "来源",
    "narrative": "经过",
    "case_type_id": "类型",
    "amount": "标的额",
    "platform_number": "调解平台编号",
}
JUDGED = ("risk", "suitable", "unsuitable_because", "triage")
LATE_ENTRY = "登记晚于发生日，按补录计。"
LIMITATION = "权利人提出请求，诉讼时效自本日中断。"


@dataclass(frozen=True)
class Intake:
    """What is told at the counter. `village` comes with its town (`parent`); without `case_type` the suggestion holds.

    `informed`: the applicants were told that mediation is free and voluntary and how their data are used.
    """

    village: Division
    source: str
    narrative: str
    parties: Sequence[PartyData]
    case_type: str = ""
    amount: Decimal | None = None
    platform_number: str = ""
    informed: bool = False


@dataclass(frozen=True)
class Correction:
    """What may be corrected of a registered dispute; the town stays."""

    village: Division
    source: str
    narrative: str
    case_type: str
    amount: Decimal | None = None
    platform_number: str = ""


# ── registering ──────────────────────────────────────────────────────────────
@transaction.atomic
def register_dispute(
    *,
    data: Intake,
    by: User,
    registered_on: date,
    recorded_at: datetime | None = None,
    idempotency_key: str | None = None,
    permission: str = "disputes.register",
) -> Dispute:
    """Register a dispute; the same key sent again by the same user returns the first one.

    `permission` is asked on the town: a higher app that registers in another way (the court's entrustment)
    names its own.

    Effects, in this order: the next code of the town's month, triage and proposed route, dispute,
    parties, event, risk flag with urgent messages when high, tallies marked, audit.
    A mediator who registers handles it; an officer leaves it to be assigned.
    """
    recorded_at = recorded_at or timezone.now()
    require(by, permission, data.village.town_code)
    _check(data, registered_on)
    sequence = _locked_sequence(data.village, registered_on)
    key = key_of(by, idempotency_key) if idempotency_key else None
    parties = _new_parties(data, recorded_at)
    first, failures = sent_and_failed(key, parties)
    if first:
        return Dispute.objects.get(pk=first)
    found = _assess(data, failures, parties)
    if data.case_type and found.case_type.key != data.case_type:
        raise Refused("没有这个纠纷类型。", hint="请重新选择。", field="case_type")
    dispute = _new_dispute(data, found, by=by, registered_on=registered_on, recorded_at=recorded_at, key=key)
    for party in parties:
        party.dispute = dispute
    retitle(dispute, parties)
    dispute.code = _take_code(sequence)
    dispute.save(force_insert=True)
    Party.objects.bulk_create(parties)
    record_event(
        dispute,
        EventKind.REGISTERED,
        on=registered_on,
        by=by,
        text=f"{Source(data.source).label}登记",
        detail=f"登记人 {by}。类型 {dispute.case_type}。{LIMITATION}{LATE_ENTRY if dispute.entered_late else ''}",
        recorded_at=recorded_at,
    )
    if dispute.risk == Risk.HIGH:
        raise_flag(dispute, reasons=found.risk_because, by=None, recorded_at=recorded_at)
    mark_dirty(town_code=dispute.town_code, on=registered_on)
    audit.record(
        "dispute.register", by=by, subject=dispute, division_code=dispute.town_code, detail=_registered(dispute)
    )
    return dispute


def _check(data: Intake, registered_on: date) -> None:
    limits.check_day(registered_on, today=today(), field="registered_on")
    limits.check_story(data.narrative)
    limits.check_amount(data.amount)
    if data.source not in Source.values:
        raise Refused("请选择怎么来的。", field="source")
    if not any(party.side == Side.APPLICANT for party in data.parties):
        raise Refused("至少要有一名申请人。")
    if not any(party.phone for party in data.parties):
        raise Refused("至少留一名当事人的电话，约时间、送文书都要用。")
    if len(data.parties) > limits.PARTIES_MAX:
        raise Refused(f"一件纠纷最多登记 {limits.PARTIES_MAX} 名当事人。", hint="人数更多的，请分件登记。")


def _locked_sequence(village: Division, on: date) -> CodeSequence:
    """The town's counter of that month, locked: a form sent twice waits here and then meets its first row."""
    town = village.parent
    if town is None or not town.short_code:
        raise Refused(
            f"「{village}」所在的镇（街）还没有编号字头。", hint="请管理员在行政区划里填写。", field="village"
        )
    rows = CodeSequence.objects.select_for_update()
    sequence, _ = rows.get_or_create(prefix=f"{town.short_code}{on:%y%m}")
    return sequence


def _take_code(sequence: CodeSequence) -> str:
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return str(sequence)


def _new_dispute(
    data: Intake, found: Assessment, *, by: User, registered_on: date, recorded_at: datetime, key: str | None
) -> Dispute:
    return Dispute(
        division=data.village,
        town_code=data.village.town_code,
        source=data.source,
        narrative=data.narrative,
        amount=data.amount,
        platform_number=data.platform_number,
        registered_on=registered_on,
        state_on=registered_on,
        recorded_at=recorded_at,
        entered_late=is_late_entry(registered_on, recorded_at),
        registered_by=by,
        handler=by if by.role == Role.MEDIATOR else None,
        idempotency_key=key,
        case_type=found.case_type,
        **_judged(found),
    )


def _assess(data: "Intake | Correction", failures: int, parties: Iterable[Party]) -> Assessment:
    """What triage and routing say. Asked here and not while typing: whether a party's mediation failed before, and
    whether the parties are of two towns."""
    return assess(
        data.narrative,
        chosen=data.case_type,
        village=data.village,
        source=data.source,
        amount=data.amount,
        cross_town=is_cross_town(data.village.town_code, [party.home_town for party in parties]),
        earlier_failures=failures,
    )


def _judged(found: Assessment) -> dict[str, Any]:
    """The columns that hold what triage and routing said."""
    return {
        "risk": found.triage.risk,
        "suitable": found.triage.suitable,
        "unsuitable_because": found.triage.unsuitable_because or "",
        "triage": found.as_json(),
    }


def _new_parties(data: Intake, recorded_at: datetime) -> list[Party]:
    parties = [fill(Party(order=order), party) for order, party in enumerate(data.parties)]
    check_together(parties)
    for party in parties:
        if data.informed and party.side == Side.APPLICANT:
            party.notice_accepted_at = recorded_at
    return parties


def _registered(dispute: Dispute) -> dict[str, Any]:
    return {
        "code": dispute.code,
        "case_type": dispute.case_type_id,
        "source": dispute.source,
        "risk": dispute.risk,
        "suitable": dispute.suitable,
        "registered_on": dispute.registered_on.isoformat(),
        "late": dispute.entered_late,
        "rule": dispute.proposed_route.get("rule_key", ""),
    }


# ── correcting ───────────────────────────────────────────────────────────────
@transaction.atomic
def edit_dispute(
    *, dispute_id: int, version: int, data: Correction, by: User, recorded_at: datetime | None = None
) -> Dispute:
    """Correct a dispute read at `version`. Raises Conflict when somebody wrote since; nothing changed writes nothing.

    A changed story is looked at again; risk only rises by itself, lowering is a verb of its own.
    Effects: fields, name, event, risk flag when newly high, tallies marked, audit with old and new (masked).
    """
    dispute = lock_dispute(dispute_id)
    require(by, "disputes.edit", dispute)
    _check_version(dispute, version)
    _check_correction(dispute, data)
    changed = _apply(dispute, data)
    if not changed:
        return dispute
    newly_high = "narrative" in changed and _look_again(dispute, data)
    retitle(dispute, dispute.parties.all())
    dispute.version += 1
    dispute.save(update_fields=[*CORRECTED, *JUDGED, *RETITLED, "version"])
    recorded_at = recorded_at or timezone.now()
    labels = "、".join(CORRECTED[name] for name in changed)
    on = timezone.localdate(recorded_at)
    record_event(dispute, EventKind.EDITED, on=on, by=by, text=f"修改：{labels}", recorded_at=recorded_at)
    if newly_high:
        raise_flag(dispute, reasons=dispute.triage["risk_because"], by=None, recorded_at=recorded_at)
    for day in {dispute.registered_on, dispute.closed_on or dispute.registered_on}:
        mark_dirty(town_code=dispute.town_code, on=day)
    detail = {"code": dispute.code, "changed": changed}
    audit.record("dispute.edit", by=by, subject=dispute, division_code=dispute.town_code, detail=detail)
    return dispute


def _check_version(dispute: Dispute, version: int) -> None:
    if dispute.version == version:
        return
    last = dispute.events.select_related("by").order_by("-recorded_at", "-id").first()
    who = f"{last.by or '系统'} {timezone.localtime(last.recorded_at):%H:%M} " if last else "有人"
    raise Conflict(f"没有保存：{who}已经改过这一件。", hint="您写的还在下面，请对照现在的内容再保存。")


def _check_correction(dispute: Dispute, data: Correction) -> None:
    limits.check_story(data.narrative)
    limits.check_amount(data.amount)
    if data.village.town_code != dispute.town_code:
        raise Refused("这里不能换到别的镇（街）。", hint="请在「更多」里办理移送他镇。", field="village")
    if data.source not in Source.values:
        raise Refused("请选择怎么来的。", field="source")
    if not CaseType.objects.filter(pk=data.case_type).exists():
        raise Refused("请选择纠纷类型。", field="case_type")


def _apply(dispute: Dispute, data: Correction) -> dict[str, list[str]]:
    """Set what differs; returns old and new of each changed field, masked."""
    new = (data.village.pk, data.source, data.narrative, data.case_type, data.amount, data.platform_number)
    changed = {}
    for name, value in zip(CORRECTED, new, strict=True):
        old = getattr(dispute, name)
        if old != value:
            changed[name] = [_said(old), _said(value)]
            setattr(dispute, name, value)
    return changed


def _said(value: Any) -> str:
    return mask_text("" if value is None else str(value))


def _look_again(dispute: Dispute, data: Correction) -> bool:
    """Triage and route of the new story; returns whether the risk became high just now."""
    parties = list(dispute.parties.all())
    failures = earlier_failures(parties, besides=dispute.pk)
    found, verdict = _assess(data, failures, parties), (dispute.suitable, dispute.unsuitable_because)
    overruled = dispute.triage.get(OVERRULED)
    before, warned = dispute.risk, RiskFlag.objects.filter(dispute=dispute, lowered_at=None).exists()
    for name, value in _judged(found).items():
        setattr(dispute, name, value)
    if overruled and verdict == (dispute.suitable, dispute.unsuitable_because):
        dispute.triage[OVERRULED] = overruled  # people have decided on this very verdict; a new one is theirs to see
    dispute.risk = max(before, dispute.risk, key=Risk.values.index)
    return found.triage.risk == Risk.HIGH and not warned

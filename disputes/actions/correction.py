"""Correcting what was registered of a dispute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.actions import audit
from core.actions.outbox import mark_dirty
from core.errors import Conflict, Refused
from core.models import Division, User
from core.privacy import mask_text
from disputes import limits
from disputes.actions.events import record_event
from disputes.actions.judging import JUDGED, assess_told, judged, route_anew
from disputes.actions.parties import RETITLED, retitle
from disputes.actions.risk import raise_flag
from disputes.actions.states import lock_dispute
from disputes.choices import OVERRULED, EventKind, Risk, Source
from disputes.models import CaseQuestion, CaseType, Dispute, RiskFlag
from disputes.queries import questions_of
from disputes.queries.known import earlier_failures
from disputes.questions import Answer, merged, read_answers, said, sum_in
from disputes.rules import require_here

CORRECTED = {
    "division_id": "村（社区）",
    "source": "来源",
    "narrative": "经过",
    "case_type_id": "类型",
    "amount": "标的额",
    "platform_number": "调解平台编号",
    "answers": "按类型要问的",
}
ROUTED_BY = frozenset({"division_id", "source", "case_type_id", "amount"})


@dataclass(frozen=True)
class Correction:
    """What may be corrected of a registered dispute; the town stays.

    `answers` holds text by key for the questions that were asked; those not asked keep their answers.
    """

    village: Division
    source: str
    narrative: str
    case_type: str
    amount: Decimal | None = None
    platform_number: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def edit_dispute(
    *, dispute_id: int, version: int, data: Correction, by: User, recorded_at: datetime | None = None
) -> Dispute:
    """Correct a dispute read at `version`. Raises Conflict when somebody wrote since; nothing changed writes nothing.

    A changed story is looked at again; risk only rises by itself, lowering is a verb of its own. Another village,
    source, type or sum asks the routing table anew.
    Effects: fields, name, event, risk flag when newly high, tallies marked, audit with old and new (masked).
    """
    dispute = lock_dispute(dispute_id)
    require_here(by, "disputes.edit", dispute)
    _check_version(dispute, version)
    _check_correction(dispute, data)
    changed = _apply(dispute, data)
    if not changed:
        return dispute
    newly_high = "narrative" in changed and _look_again(dispute, data)
    if "narrative" not in changed and not ROUTED_BY.isdisjoint(changed):
        parties = list(dispute.parties.all())
        failures = earlier_failures(parties, besides=dispute.pk)
        dispute.triage |= route_anew(data, failures, parties, risk=dispute.risk, suitable=dispute.suitable)
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
    asked = questions_of(data.case_type)
    amount = sum_in(asked, data.answers) if data.amount is None else data.amount
    facts = (data.village.pk, data.source, data.narrative, data.case_type, amount, data.platform_number)
    new = (*facts, _answers(dispute, data, asked))
    changed = {}
    for name, value in zip(CORRECTED, new, strict=True):
        old = getattr(dispute, name)
        if old != value:
            changed[name] = [_said(old), _said(value)]
            setattr(dispute, name, value)
    return changed


def _answers(dispute: Dispute, data: Correction, asked: list[CaseQuestion]) -> list[Answer]:
    kept = {one["key"]: one["value"] for one in dispute.answers}
    read = read_answers(asked, kept | dict(data.answers), today=timezone.localdate(), kept=kept)
    return merged(dispute.answers, read, data.case_type)


def _said(value: Any) -> str:
    if isinstance(value, list):
        value = "；".join(f"{one['label']} {said(one)}" for one in value)
    return mask_text("" if value is None else str(value))


def _look_again(dispute: Dispute, data: Correction) -> bool:
    """Triage and route of the new story; returns whether the risk became high just now."""
    parties = list(dispute.parties.all())
    failures = earlier_failures(parties, besides=dispute.pk)
    found, verdict = assess_told(data, failures, parties), (dispute.suitable, dispute.unsuitable_because)
    overruled = dispute.triage.get(OVERRULED)
    before, warned = dispute.risk, RiskFlag.objects.filter(dispute=dispute, lowered_at=None).exists()
    for name, value in judged(found).items():
        setattr(dispute, name, value)
    if overruled and verdict == (dispute.suitable, dispute.unsuitable_because):
        dispute.triage[OVERRULED] = overruled  # people have decided on this very verdict; a new one is theirs to see
    dispute.risk = max(before, dispute.risk, key=Risk.values.index)
    return found.triage.risk == Risk.HIGH and not warned

"""An agreement is drafted and may be changed until somebody signs it (人民调解法 28, 29; 特邀调解规定 23, 24)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.errors import Conflict, Refused
from core.models import User
from core.queries import today
from disputes import limits
from disputes.actions.events import record_event
from disputes.choices import EventKind
from disputes.models import Dispute
from mediation import law
from mediation.actions.footing import handler_words, locked, record_audit, running_mediation
from mediation.choices import AgreementForm
from mediation.models import Agreement, AgreementSerial, Mediation, MediationOrganisation, PerformanceItem
from mediation.queries.agreements import missing_before_agreement
from mediation.queries.standing import NO_AGREEMENT, why_not_changed

CLAUSES_MAX, CLAUSE_LENGTH, ITEMS_MAX, FACTS_LENGTH = 30, 1_000, 60, 10_000
ITEM_LENGTH, MANNER_LENGTH, COPIES_MAX = 200, 200, 20
NO_CLAUSE, ONE_A_CLAUSE = "至少写一条协议内容。", "一条写一件事：谁、做什么、什么时候做完。"
MASKED = re.compile(r"[0-9A-Za-z]*\*{3,}[0-9A-Za-z]*")
TEXT_FIELDS = ("form", "facts", "clauses", "manner", "concluded_on", "copies")
FLAG_FIELDS = ("involves_identity", "involves_title", "involves_real_estate")


@dataclass(frozen=True)
class Item:
    """One thing to be performed, as entered: what, by when, how much, by whom (a party's id)."""

    text: str
    due_on: date
    amount: Decimal | None = None
    debtor_id: UUID | None = None


@dataclass(frozen=True)
class Draft:
    """The content of an agreement as entered. `copies` 0: one for each party and one for the committee."""

    concluded_on: date
    facts: str
    clauses: Sequence[str]
    items: Sequence[Item] = ()
    form: str = AgreementForm.WRITTEN
    manner: str = ""
    copies: int = 0
    involves_identity: bool = False
    involves_title: bool = False
    involves_real_estate: bool = False


@transaction.atomic
def draft_agreement(
    *,
    dispute_id: int,
    by: User,
    draft: Draft,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> Agreement:
    """Draft the agreement of the running mediation and give it the organisation's next number of the year.

    Raises Refused while a side, an identity number, a consent or a record of mediation is missing.
    Effects: number, agreement, items, event, audit.
    """
    dispute = locked(dispute_id, version=version)
    require(by, "mediation.draft_agreement", dispute, message=handler_words(dispute))
    mediation = running_mediation(dispute)
    if hasattr(mediation, "agreement"):
        raise Conflict(f"没有保存：这次调解已经有协议 {mediation.agreement.number}。", hint="请在那一份上改。")
    _check_file(dispute, mediation)
    clean = _checked(dispute, mediation, draft)
    recorded_at = recorded_at or timezone.now()
    agreement = Agreement(mediation=mediation, recorded_by=by, recorded_at=recorded_at)
    _fill(agreement, clean, parties=dispute.parties.count())
    agreement.number = next_number(mediation.organisation, year=clean.concluded_on.year)
    agreement.save(force_insert=True)
    _write_items(agreement, clean.items, recorded_at)
    text = f"起草{agreement.get_form_display()} {agreement.number}"
    on = clean.concluded_on
    record_event(dispute, EventKind.AGREEMENT_DRAFTED, on=on, by=by, text=text, recorded_at=recorded_at)
    record_audit("agreement.draft", dispute, by=by, number=agreement.number, items=len(clean.items))
    return agreement


@transaction.atomic
def edit_agreement(
    *, dispute_id: int, by: User, draft: Draft, version: int, recorded_at: datetime | None = None
) -> Agreement:
    """Change a draft that nobody has signed yet; `version` is the agreement's. Its number stays.

    Effects: agreement, items written anew, audit.
    """
    dispute = locked(dispute_id)
    require(by, "mediation.draft_agreement", dispute, message=handler_words(dispute))
    mediation = running_mediation(dispute)
    agreement = locked_agreement(mediation)
    if version != agreement.version:
        raise Conflict("没有保存：这份协议刚刚有人改过。", hint="您写的还在下面，请对照新的再改。")
    if refusal := why_not_changed(agreement):
        raise Refused(refusal[0], hint=refusal[1])
    clean = _checked(dispute, mediation, draft)
    _fill(agreement, clean, parties=dispute.parties.count())
    agreement.version += 1
    agreement.save(update_fields=[*TEXT_FIELDS, *FLAG_FIELDS, "version"])
    agreement.performance_items.all().delete()
    _write_items(agreement, clean.items, recorded_at or timezone.now())
    record_audit("agreement.edit", dispute, by=by, number=agreement.number, version=agreement.version)
    return agreement


def locked_agreement(mediation: Mediation) -> Agreement:
    """The agreement of a mediation, locked. Raises Refused when none is drafted."""
    agreement = Agreement.objects.select_for_update(of=("self",)).filter(mediation=mediation).first()
    if agreement is None:
        raise Refused(NO_AGREEMENT[0], hint=NO_AGREEMENT[1])
    agreement.mediation = mediation
    return agreement


def next_number(organisation: MediationOrganisation, *, year: int) -> str:
    """The organisation's next number of `year`, its serial locked until the transaction ends: 太平人调〔2023〕146号."""
    AgreementSerial.objects.get_or_create(organisation=organisation, year=year)
    serial = AgreementSerial.objects.select_for_update().get(organisation=organisation, year=year)
    serial.last += 1
    serial.save(update_fields=["last"])
    return organisation.number_pattern.format(year=year, serial=serial.last)


# ── what may be agreed ───────────────────────────────────────────────────────
def _check_file(dispute: Dispute, mediation: Mediation) -> None:
    missing = missing_before_agreement(dispute, mediation)
    if missing:
        raise Refused(f"{'；'.join(one.text for one in missing)}，暂不能起草协议。", hint="请先补齐。")


def _checked(dispute: Dispute, mediation: Mediation, draft: Draft) -> Draft:
    """The draft without blank clauses, everything in it checked. Raises Refused at the field."""
    _check_day(mediation, draft)
    clauses = [clause.strip() for clause in draft.clauses if clause.strip()]
    _check_text(draft, clauses)
    if draft.copies > COPIES_MAX:
        raise Refused(f"最多 {COPIES_MAX} 份。", field="copies")
    debtors = set(dispute.parties.values_list("pk", flat=True))
    if len(draft.items) > ITEMS_MAX:
        raise Refused(f"履行事项最多 {ITEMS_MAX} 期，现在有 {len(draft.items)} 期。", field="items")
    for at, item in enumerate(draft.items):
        _check_item(item, at=at, concluded_on=draft.concluded_on, debtors=debtors)
    flags = {name: getattr(draft, name) for name in FLAG_FIELDS}
    return Draft(
        draft.concluded_on,
        draft.facts.strip(),
        clauses,
        draft.items,
        draft.form,
        draft.manner.strip(),
        draft.copies,
        **flags,
    )


def _check_day(mediation: Mediation, draft: Draft) -> None:
    first = mediation.sessions.order_by("held_on").values_list("held_on", flat=True).first()
    limits.check_day(draft.concluded_on, today=today(), field="concluded_on", after=first or mediation.accepted_on)
    facts = {"basis": mediation.basis, "mode": mediation.mode}
    if law.effect_rule(**facts, form=draft.form, concluded_on=draft.concluded_on) is None:
        raise Refused(law.why_no_rule(**facts), hint="请选「书面协议」。", field="form")


def _check_text(draft: Draft, clauses: Sequence[str]) -> None:
    if not draft.facts.strip():
        raise Refused("请写主要事实、争议事项和各方责任。", field="facts")
    if len(draft.facts) > FACTS_LENGTH:
        raise Refused(f"最多 {FACTS_LENGTH:,} 字，现在有 {len(draft.facts):,} 字。", field="facts")
    _check_no_masks(draft.facts, field="facts")
    _check_no_masks("\n".join(clauses), field="clauses")
    if not clauses:
        raise Refused(NO_CLAUSE, hint=ONE_A_CLAUSE, field="clauses")
    if len(clauses) > CLAUSES_MAX or max(map(len, clauses)) > CLAUSE_LENGTH:
        raise Refused(f"协议内容最多 {CLAUSES_MAX} 条，每条最多 {CLAUSE_LENGTH:,} 字。", field="clauses")
    if len(draft.manner) > MANNER_LENGTH:
        raise Refused(f"履行方式最多 {MANNER_LENGTH} 字。", field="manner")


def _check_no_masks(text: str, *, field: str) -> None:
    """What is printed and signed holds no number that was copied with its middle hidden."""
    if found := MASKED.search(text):
        raise Refused(
            f"「{found.group()}」是打了码的号码，不能印进协议。",
            hint="请删去；当事人的号码，协议开头会照登记的印出。",
            field=field,
        )


def _check_item(item: Item, *, at: int, concluded_on: date, debtors: set[UUID]) -> None:
    if not item.text.strip() or len(item.text) > ITEM_LENGTH:
        raise Refused(f"请写履行内容，最多 {ITEM_LENGTH} 字。", field=f"items-{at}-text")
    if item.due_on < concluded_on:
        raise Refused("履行日不能早于达成协议的那一天。", field=f"items-{at}-due_on")
    if item.amount is not None and item.amount <= 0:
        raise Refused("金额要大于零，请核对单位是不是「元」。", field=f"items-{at}-amount")
    if item.amount is not None and item.amount > limits.AMOUNT_MAX:
        raise Refused(f"金额太大：{limits.AMOUNT_TOO_LARGE}", field=f"items-{at}-amount")
    if item.debtor_id and item.debtor_id not in debtors:
        raise Refused("请从本件当事人里选。", field=f"items-{at}-debtor")


def _fill(agreement: Agreement, draft: Draft, *, parties: int) -> None:
    for name in (*TEXT_FIELDS, *FLAG_FIELDS):
        setattr(agreement, name, getattr(draft, name))
    agreement.clauses = list(draft.clauses)
    agreement.copies = draft.copies or parties + 1


def _write_items(agreement: Agreement, items: Sequence[Item], recorded_at: datetime) -> None:
    PerformanceItem.objects.bulk_create(
        PerformanceItem(
            agreement=agreement,
            serial=serial,
            text=item.text.strip(),
            debtor_id=item.debtor_id,
            amount=item.amount,
            due_on=item.due_on,
            recorded_at=recorded_at,
        )
        for serial, item in enumerate(items, start=1)
    )

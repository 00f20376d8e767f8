"""Each signature and the seal is noted with its own time; the last one that decides makes the agreement take effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions.deadlines import settle_all, start_deadline
from core.errors import Conflict, Refused
from core.models import User
from disputes.actions.events import record_event
from disputes.actions.states import move_state
from disputes.choices import EventKind
from disputes.models import Dispute, Party
from mediation import law
from mediation.actions.agreements import locked_agreement
from mediation.actions.footing import close, handler_words, locked, moment_words, record_audit
from mediation.actions.performance import CONFIRM_APPLY, start_performance
from mediation.choices import Mode, Outcome, SignerKind, SignMethod
from mediation.models import Agreement, Assignment, Mediation, PerformanceItem, Signature
from mediation.queries.agreements import signed
from mediation.queries.standing import NO_AGREEMENT, why_not_signed

METHODS: dict[str, frozenset[str]] = {
    SignerKind.PARTY: frozenset(SignMethod.values),
    SignerKind.MEDIATOR: frozenset({SignMethod.SIGNATURE, SignMethod.ELECTRONIC}),
    SignerKind.SEAL: frozenset({SignMethod.STAMP, SignMethod.ELECTRONIC}),
}


@dataclass(frozen=True)
class Entry:
    """One signature as entered. `party_id` for a party, `mediator_id` for a mediator, neither for the seal.

    `by_agent`: the party's guardian or agent with special authority signed for them (民法典 23, 民诉法解释 147).
    """

    kind: str
    signed_at: datetime
    method: str
    party_id: UUID | None = None
    mediator_id: int | None = None
    by_agent: bool = False

    @property
    def field(self) -> str:
        """Where a form shows what is wrong with this entry: party-<id>, mediator-<id>, seal."""
        return f"{self.kind}-{self.party_id or self.mediator_id}" if self.kind != SignerKind.SEAL else "seal"


@transaction.atomic
def record_signatures(
    *, dispute_id: int, by: User, entries: Sequence[Entry], recorded_at: datetime | None = None
) -> Agreement:
    """Note signatures of the latest agreement, all or none. What completes it makes it take effect, by itself.

    A signature that does not decide may follow after that. Effects: signatures, event; on taking effect
    mediation ended, state, event, its periods settled, confirm_apply and the agreed days started; audit.
    """
    dispute = locked(dispute_id)
    require(by, "mediation.sign_agreement", dispute, message=handler_words(dispute))
    agreement = locked_agreement(_mediation_to_sign(dispute))
    if not entries:
        raise Refused("还没有填签名时间。", hint="谁签了就填谁的时间，没签的空着。")
    now = recorded_at or timezone.now()
    written = [_write(agreement, dispute, entry, now) for entry in sorted(entries, key=lambda one: one.signed_at)]
    _tell(dispute, agreement, written, by=by, recorded_at=now)
    if agreement.effective_on is None and (effective := _effective_on(agreement, dispute)):
        _take_effect(agreement, dispute, on=effective, by=by, recorded_at=now)
    signed = [f"{one.kind} {one.party_id or one.user_id or ''}".strip() for one in written]  # no names in the trail
    effective_text = agreement.effective_on.isoformat() if agreement.effective_on else ""
    record_audit("agreement.sign", dispute, by=by, number=agreement.number, signed=signed, effective_on=effective_text)
    return agreement


def record_signature(*, dispute_id: int, by: User, entry: Entry, recorded_at: datetime | None = None) -> Agreement:
    """`record_signatures` for one."""
    return record_signatures(dispute_id=dispute_id, by=by, entries=[entry], recorded_at=recorded_at)


def _mediation_to_sign(dispute: Dispute) -> Mediation:
    rows = Mediation.objects.select_for_update(of=("self",)).select_related("organisation")
    mediation = rows.filter(dispute=dispute).order_by("accepted_on", "id").last()
    refusal = why_not_signed(dispute)
    if refusal or mediation is None:
        why, hint = refusal or NO_AGREEMENT
        raise Refused(why, hint=hint)
    mediation.dispute = dispute
    return mediation


# ── one signature ────────────────────────────────────────────────────────────
def _write(agreement: Agreement, dispute: Dispute, entry: Entry, now: datetime) -> Signature:
    _check_is_empty(agreement, dispute, entry)
    _check_time(agreement, entry, now)
    _check_method(agreement, entry)
    signature = Signature(
        agreement=agreement, kind=entry.kind, method=entry.method, signed_at=entry.signed_at, recorded_at=now
    )
    _name_signer(signature, agreement, dispute, entry)
    signature.save(force_insert=True)
    return signature


def _check_is_empty(agreement: Agreement, dispute: Dispute, entry: Entry) -> None:
    """Raises Conflict for a place that is filled already, with what stands there, who wrote it and when."""
    there = agreement.signatures.filter(kind=entry.kind, party=entry.party_id, user=entry.mediator_id).first()
    if there is not None:
        hint = "请对照登记的时间；您填的其他签名还在，再点一次登记就保存。"
        raise Conflict(_who_was_first(dispute, there), hint=hint, field=entry.field)


def _who_was_first(dispute: Dispute, signature: Signature) -> str:
    """没有保存：沈水旺的签名，黎桂生 9月1日 17:02 已经登记，签于 9月1日 16:40。"""
    events = dispute.events.filter(kind=EventKind.AGREEMENT_SIGNED, recorded_at=signature.recorded_at)
    event = events.select_related("by").first()
    by = str(event.by) if event and event.by else "有人"
    what = "盖章" if signature.kind == SignerKind.SEAL else f"{signature.name}的签名"
    recorded, signed = moment_words(signature.recorded_at), moment_words(signature.signed_at)
    return f"没有保存：{what}，{by} {recorded} 已经登记，{'盖' if what == '盖章' else '签'}于 {signed}。"


def _check_time(agreement: Agreement, entry: Entry, now: datetime) -> None:
    if entry.signed_at > now:
        raise Refused("签名时间不能晚于现在。", field=entry.field)
    concluded = agreement.concluded_on
    if timezone.localdate(entry.signed_at) < concluded:
        words = f"{concluded.year}年{concluded.month}月{concluded.day}日"
        raise Refused(f"签名不能早于达成协议的那一天（{words}）。", field=entry.field)


def _check_method(agreement: Agreement, entry: Entry) -> None:
    online = agreement.mediation.mode == Mode.ONLINE
    if online and entry.kind == SignerKind.PARTY and entry.method != SignMethod.ELECTRONIC:
        raise Refused(
            "线上调解的协议，当事人要用电子签名（人民法院在线调解规则第十九条）。",
            hint="当面签纸质协议的，不能算线上完成电子签章。",
            field=entry.field,
        )
    if entry.method not in METHODS[entry.kind]:
        raise Refused("请选择签名的方式。", field=entry.field)


def _name_signer(signature: Signature, agreement: Agreement, dispute: Dispute, entry: Entry) -> None:
    """Put on the signature who signed. Raises Refused for a stranger to the file."""
    if entry.kind == SignerKind.SEAL:
        signature.name = agreement.mediation.organisation.seal_name
    elif entry.kind == SignerKind.MEDIATOR:
        assigned = Assignment.objects.filter(mediation=agreement.mediation, mediator_id=entry.mediator_id)
        if (assignment := assigned.select_related("mediator").first()) is None:
            raise Refused("这名调解员没有办这一件。", hint="请先指派。", field=entry.field)
        signature.user, signature.name = assignment.mediator, str(assignment.mediator)
    else:
        _name_party(signature, dispute, entry)


def _name_party(signature: Signature, dispute: Dispute, entry: Entry) -> None:
    party = next((one for one in dispute.parties.all() if one.pk == entry.party_id), None)
    if party is None:
        raise Refused("这个人不是本件当事人。", hint="请先在当事人里补登。", field=entry.field)
    stand_in = party.stands_in_on(day := timezone.localdate(entry.signed_at))
    if party.must_be_stood_in_on(day):
        _check_guardian(party, entry)
    elif entry.by_agent and not stand_in:
        raise Refused(
            f"没有登记{party.name}的代理人。", hint="请先补登代理人，并收特别授权的委托书。", field=entry.field
        )
    signature.party = party
    signature.name = f"{party.name}（{stand_in}代）" if entry.by_agent else party.name


def _check_guardian(party: Party, entry: Entry) -> None:
    """Who cannot act alone does not bind themselves by signing: the guardian signs (民法典 19, 20, 23)."""
    words = f"{party.name}没有完全民事行为能力"
    if not party.acts_by_law:
        hint = "请先在当事人里补登监护人，再登记签名。"
        raise Refused(f"{words}，还没有登记监护人（民法典第二十三条）。", hint=hint, field=entry.field)
    if not entry.by_agent:
        hint = "已满十六周岁、靠自己劳动收入生活的，先在当事人里改行为能力。"
        raise Refused(
            f"{words}，协议由{party.acts_by_law}代签（民法典第二十三条）。请勾选代签。", hint=hint, field=entry.field
        )


def _tell(
    dispute: Dispute, agreement: Agreement, written: Sequence[Signature], *, by: User, recorded_at: datetime
) -> None:
    last = written[-1].signed_at
    text = f"{'、'.join(_words(signature) for signature in written)}"
    record_event(
        dispute,
        EventKind.AGREEMENT_SIGNED,
        on=timezone.localdate(last),
        by=by,
        text=text,
        detail=agreement.number,
        at=last,
        recorded_at=recorded_at,
    )


def _words(signature: Signature) -> str:
    if signature.kind == SignerKind.SEAL:
        return "调解组织盖章"
    kind = "调解员" if signature.kind == SignerKind.MEDIATOR else ""
    return f"{kind}{signature.name}{signature.get_method_display()}"


# ── the effect ───────────────────────────────────────────────────────────────
def _effective_on(agreement: Agreement, dispute: Dispute) -> date | None:
    return law.effective_on(
        basis=agreement.mediation.basis,
        mode=agreement.mediation.mode,
        form=agreement.form,
        concluded_on=agreement.concluded_on,
        signatures=signed(agreement.signatures.all()),
        parties=[str(pk) for pk in dispute.parties.values_list("pk", flat=True)],
    )


def _take_effect(agreement: Agreement, dispute: Dispute, *, on: date, by: User, recorded_at: datetime) -> None:
    """Everything that follows from the day of effect."""
    mediation = agreement.mediation
    agreement.effective_on = on
    agreement.save(update_fields=["effective_on"])
    close(mediation, Outcome.AGREED, on=on)
    move_state(dispute, "agree", on=on)
    last = agreement.signatures.order_by("-signed_at").values_list("signed_at", flat=True).first()
    at = last if last and timezone.localdate(last) == on else None
    text, detail = "达成调解协议，协议生效", _summary(agreement)
    kind = EventKind.AGREEMENT_EFFECTIVE
    record_event(dispute, kind, on=on, by=by, text=text, detail=detail, at=at, recorded_at=recorded_at)
    _end_former_items(agreement, dispute, on=on)
    if law.is_confirmable(mediation.basis):
        start_deadline(
            kind=CONFIRM_APPLY,
            subject=agreement,
            town_code=dispute.town_code,
            base_on=on,
            responsible=dispute.handler,
            subject_text=dispute.title,
            url=dispute.get_absolute_url(),
            recorded_at=recorded_at,
        )
    start_performance(agreement, dispute, recorded_at=recorded_at)


def _summary(agreement: Agreement) -> str:
    """太平人调〔2023〕146号。分 4 期，共 48,000 元，首期 9月30日。"""
    items = list(agreement.performance_items.all())
    if not items:
        return f"{agreement.number}。"
    total = sum(item.amount for item in items if item.amount)
    money = f"，共 {total:,.2f} 元".replace(".00 ", " ") if total else ""
    first = items[0].due_on
    return f"{agreement.number}。分 {len(items)} 期{money}，首期 {first.year}年{first.month}月{first.day}日。"


def _end_former_items(agreement: Agreement, dispute: Dispute, *, on: date) -> None:
    """A former agreement is replaced by this one: its open days need not be kept."""
    former = PerformanceItem.objects.filter(agreement__mediation__dispute=dispute, done_on=None)
    for item in former.exclude(agreement=agreement):
        settle_all(subject=item, on=on, settled_as="void")

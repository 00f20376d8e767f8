"""A mediation is started, and taken up again. Nobody is mediated against their word (人民调解法 17)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions.deadlines import assign_deadlines, start_deadline
from core.actions.notifications import notify
from core.choices import Role
from core.errors import Refused
from core.models import User
from core.scope import covers
from disputes.actions.events import record_event
from disputes.actions.parties import record_consent
from disputes.actions.states import move_state
from disputes.choices import DisputeState, EventKind
from disputes.models import Dispute
from mediation.actions.footing import (
    check_no_open_request,
    check_reason,
    handler_words,
    locked,
    record_audit,
    void_old_periods,
)
from mediation.acts import why_not_reopen
from mediation.choices import Basis, ConfirmationState, EntrustmentState, Mode, OrganisationKind
from mediation.models import Assignment, ConfirmationRequest, Entrustment, Mediation, MediationOrganisation
from roster.queries import stays_in

LABOUR = "labour"


@dataclass(frozen=True)
class _Try:
    """What a new try at mediation rests on."""

    basis: str
    mode: str
    active: bool
    organisation: MediationOrganisation
    mediator: User
    on: date
    recorded_at: datetime | None

    def words(self) -> str:
        """自行人民调解、线下、主动调解"""
        parts = [Basis(self.basis).label, Mode(self.mode).label, "主动调解" if self.active else ""]
        return "、".join(filter(None, parts))


@transaction.atomic
def start_mediation(
    *,
    dispute_id: int,
    by: User,
    on: date,
    mode: str = Mode.OFFLINE,
    active: bool = False,
    agreed_by: Collection[UUID] = (),
    refused_by: Collection[UUID] = (),
    mediator_id: int | None = None,
    organisation_id: int | None = None,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> Mediation:
    """Start to mediate a routed dispute, on the court's entrustment where one was accepted, else as people's mediation.

    `agreed_by` and `refused_by` are the parties (ids) who now say yes or no. One who refuses forbids it
    (人民调解法 17); one who has not answered forbids it unless the committee acts of itself (`active`).
    Effects: handler, consents, state, mediation, assignment, event, pm_target (labour_mediate), audit.
    """
    dispute = locked(dispute_id, version=version)
    require(by, "mediation.start_mediation", dispute, message=handler_words(dispute))
    entrustment = _entrustment(dispute)
    basis = entrustment.basis if entrustment else Basis.OWN
    _check_wills(dispute, agreed_by, refused_by, active=active and basis == Basis.OWN)
    organisation, mediator = _organisation(dispute, organisation_id), _mediator(dispute, mediator_id, by=by)
    attempt = _Try(basis, mode, active, organisation, mediator, on, recorded_at)
    _hand_over(dispute, attempt, by=by)
    for party_id in agreed_by:
        record_consent(party_id=party_id, by=by, on=on, recorded_at=recorded_at)
    move_state(dispute, "start_mediation", on=on)
    mediation = _open(dispute, attempt)
    if entrustment:
        assign_deadlines(subject=entrustment, responsible=mediator)
    record_event(
        dispute,
        EventKind.MEDIATION_STARTED,
        on=on,
        by=by,
        text=f"{organisation}受理，{mediator}主持调解",
        detail=attempt.words(),
        recorded_at=recorded_at,
    )
    record_audit("mediation.start", dispute, by=by, basis=basis, mode=mode, active=active, mediator=mediator.pk)
    return mediation


@transaction.atomic
def reopen_mediation(
    *,
    dispute_id: int,
    by: User,
    on: date,
    reason: str,
    mode: str = Mode.OFFLINE,
    active: bool = False,
    agreed_by: Collection[UUID] = (),
    refused_by: Collection[UUID] = (),
    mediator_id: int | None = None,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> Mediation:
    """Try again, as own people's mediation: after a failure, an ending, an agreement that has to be changed, or when
    the office it was referred to sends it back (the liaison officer's to decide).

    Refused while a request for confirmation is open and after the court confirmed the agreement; nobody is mediated
    against their word (人民调解法 17), and who was never asked is asked now.
    The old agreement binds, and its agreed days run, until a new one takes effect; its thirty days to apply end here,
    and the periods of the tries so far are void. Effects: handler, state, old periods void, consents, new mediation
    and assignment, event, pm_target, audit.
    """
    dispute = locked(dispute_id, version=version)
    if dispute.state == DisputeState.REFERRED_OUT:
        require(by, "mediation.take_back", dispute, message="对方退回的，由本镇（街）联络人员重新办理。")
    require(by, "mediation.reopen_mediation", dispute, message=handler_words(dispute))
    check_reason(reason)
    _check_may_reopen(dispute)
    last = dispute.mediations.order_by("-accepted_on", "-id").first()
    _check_wills(dispute, agreed_by, refused_by, active=active or bool(last and last.active))
    organisation = _organisation(dispute, last.organisation_id if last else None)
    mediator = _mediator(dispute, mediator_id or dispute.handler_id, by=by)
    attempt = _Try(Basis.OWN, mode, active, organisation, mediator, on, recorded_at)
    move_state(dispute, "reopen", on=on, reason=reason)
    _hand_over(dispute, attempt, by=by)
    void_old_periods(dispute, on=on)
    for party_id in agreed_by:
        record_consent(party_id=party_id, by=by, on=on, recorded_at=recorded_at)
    mediation = _open(dispute, attempt)
    text, detail = f"重新调解，{mediator}主持", reason.strip()
    record_event(dispute, EventKind.REOPENED, on=on, by=by, text=text, detail=detail, recorded_at=recorded_at)
    record_audit("mediation.reopen", dispute, by=by, on=on.isoformat(), mediator=mediator.pk)
    return mediation


def _check_may_reopen(dispute: Dispute) -> None:
    """Nothing of the dispute is before the court, or was confirmed by it; its people are still known."""
    check_no_open_request(dispute, then="再重新调解")
    confirmed = ConfirmationRequest.objects.filter(
        agreement__mediation__dispute=dispute, state=ConfirmationState.CONFIRMED
    )
    if confirmed.exists():
        raise Refused(why_not_reopen(ConfirmationState.CONFIRMED))
    if dispute.anonymised_on:
        raise Refused("本件的个人信息已经到期清除，不能重新调解。", hint="双方又起纠纷的，请登记一件新的。")


def _entrustment(dispute: Dispute) -> Entrustment | None:
    """What the court entrusted and the town accepted. Raises Refused while it is not accepted yet."""
    entrustment = Entrustment.objects.filter(dispute=dispute).first()
    if entrustment is None:
        return None
    if entrustment.state == EntrustmentState.SENT:
        kind = entrustment.get_basis_display()
        raise Refused(f"法院的{kind}还没有接收。", hint="请联络人员先接收，期限从接收之日起算。")
    return entrustment if entrustment.state == EntrustmentState.ACCEPTED else None


def _check_wills(dispute: Dispute, agreed: Collection[UUID], refused: Collection[UUID], *, active: bool) -> None:
    parties = list(dispute.parties.all())
    against = [party.name for party in parties if party.pk in refused]
    if against:
        raise Refused(
            f"{'、'.join(against)}明确拒绝调解，不得调解（人民调解法第十七条）。",
            hint="请办理终止，事由选「一方拒绝调解」，并告知可以仲裁、请行政机关处理或者起诉。",
            field="wills",
        )
    silent = [party.name for party in parties if not (party.consents_to_mediation or party.pk in agreed)]
    if silent and not active:
        raise Refused(
            f"{'、'.join(silent)}还没有表示同意调解。",
            hint="问清后记下同意；由调解委员会主动调解的，请勾选「主动调解」（委派、委托的须经当事人同意）。",
            field="active",
        )


def _organisation(dispute: Dispute, organisation_id: int | None) -> MediationOrganisation:
    found = MediationOrganisation.objects.all()
    if organisation_id is not None:
        organisation = found.filter(pk=organisation_id).first()
    else:
        town = {"division_id": dispute.town_code, "kind": OrganisationKind.PEOPLES_COMMITTEE}
        organisation = found.filter(**town).first()
    if organisation is None:
        raise Refused("这个镇（街）还没有登记调解组织。", hint="请管理员在配置里登记人民调解委员会。")
    return organisation


def _mediator(dispute: Dispute, mediator_id: int | None, *, by: User) -> User:
    """The mediator named, else the acting mediator. Must be a mediator of the town, and not on their last day there."""
    if mediator_id is None and by.role == Role.MEDIATOR:
        return by
    named = User.objects.filter(pk=mediator_id or 0, role=Role.MEDIATOR, is_active=True)
    mediator = named.annotate(stays=stays_in(dispute.town_code)).first()
    if mediator is None or not covers(mediator.scope_codes, dispute.town_code):
        raise Refused("请从本镇（街）的调解员里指派一名。", field="mediator")
    if not mediator.stays:
        raise Refused(
            f"今天是{mediator}在本镇（街）的最后一天，不能再接新的。", hint="请另选一名调解员。", field="mediator"
        )
    return mediator


def _hand_over(dispute: Dispute, attempt: _Try, *, by: User) -> None:
    """Make the mediator the handler, and tell them when somebody else says so."""
    if dispute.handler_id == attempt.mediator.pk:
        return
    dispute.handler = attempt.mediator
    dispute.save(update_fields=["handler"])
    if by != attempt.mediator:
        text, url = f"{dispute.title}（{dispute.code}）由您调解。", dispute.get_absolute_url()
        notify(recipient=attempt.mediator, text=text, url=url, recorded_at=attempt.recorded_at)


def _open(dispute: Dispute, attempt: _Try) -> Mediation:
    """Write the mediation, its mediator and its periods. The court's periods began when the town accepted the case."""
    mediation = Mediation.objects.create(
        dispute=dispute,
        town_code=dispute.town_code,
        organisation=attempt.organisation,
        basis=attempt.basis,
        mode=attempt.mode,
        active=attempt.active,
        accepted_on=attempt.on,
        recorded_at=attempt.recorded_at or timezone.now(),
    )
    Assignment.objects.create(mediation=mediation, mediator=attempt.mediator, since=attempt.on)
    if attempt.basis == Basis.OWN:
        for kind in ("pm_target", "labour_mediate") if dispute.case_type_id == LABOUR else ("pm_target",):
            start_deadline(
                kind=kind,
                subject=mediation,
                town_code=dispute.town_code,
                base_on=attempt.on,
                responsible=attempt.mediator,
                subject_text=dispute.title,
                url=dispute.get_absolute_url(),
                recorded_at=attempt.recorded_at,
            )
    return mediation

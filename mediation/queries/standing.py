"""Why a step of a mediation cannot be done now, read before its form is shown.

The action asks again with the rows locked: what is said here spares a form that would be refused.
"""

from core.models import Deadline
from disputes import workflow
from disputes.choices import DisputeState as S
from disputes.models import Dispute
from mediation.acts import why_not_reopen
from mediation.choices import ConfirmationState, EntrustmentState
from mediation.models import Agreement, ConfirmationRequest, Entrustment
from mediation.moving import Refusal, Standing
from mediation.queries.mediations import agreement_in_effect
from mediation.queries.page_facts import CONFIRM_APPLY

NOT_BEGUN = {
    S.REGISTERED: ("本件还没有开始调解。", "请先分流，再开始调解；双方不调了的，请终止本件。"),
    S.ROUTED: ("本件还没有开始调解。", "请先开始调解；双方不调了的，请终止本件。"),
}
COURT_FIRST = ("司法确认还没有结果。", "请等法院裁定，或者先撤回申请。")
SIGNED = ("已经有人签过名，不能再改。", "要改内容的，请记下调解不成或重新调解，另立协议。")
MAY_BE_SIGNED = frozenset({S.MEDIATING, S.AGREED})
COURT_WAITS = (EntrustmentState.SENT, EntrustmentState.ACCEPTED, EntrustmentState.SUCCEEDED, EntrustmentState.FAILED)
WIPED = ("本件的个人信息已经到期清除，不能重新调解。", "双方又起纠纷的，请登记一件新的。")
NO_AGREEMENT = ("还没有起草协议。", "请先起草。")
NO_PERIOD = ("没有在走的申请期限，不用记下不申请。", workflow.NEXT)


def why_not_now(dispute: Dispute, verb: str) -> Refusal | None:
    """Which condition fails and what to do; None when the step may be done.

    `verb`: of the dispute's own table, or `end_mediation`, `session`, which need one that runs, or `waive`.
    """
    if verb in ("end_mediation", "session"):
        return _running(dispute)
    if verb == "waive":
        return _before_court(dispute) or _waivable(dispute)
    if refusal := workflow.refusal(verb, dispute.state):
        return refusal
    if verb == "reopen":
        return _before_court(dispute) or _reopenable(dispute)
    if verb == "archive":
        return _before_court(dispute)
    return _entrusted(dispute) if verb == "start_mediation" else None


def why_not_changed(agreement: Agreement) -> Refusal | None:
    """Why the words of an agreement stand as they are; None while nobody has signed."""
    return SIGNED if agreement.signatures.exists() else None


def why_not_signed(dispute: Dispute) -> Refusal | None:
    """Why no signature can be noted now."""
    if dispute.state in MAY_BE_SIGNED:
        return None
    return f"本件现在是「{dispute.get_state_display()}」，没有等签名的协议。", workflow.NEXT


def standing_of(dispute: Dispute) -> Standing:
    """What binds the dispute, read now."""
    agreements = Agreement.objects.filter(mediation__dispute=dispute, mediation__ended_on=None, effective_on=None)
    waits = Entrustment.objects.filter(dispute=dispute, state__in=COURT_WAITS)
    return Standing(dispute.state, drafted=agreements.exists(), entrusted=waits.exists())


def _running(dispute: Dispute) -> Refusal | None:
    if dispute.state == S.MEDIATING:
        return None
    state = dispute.get_state_display()
    return NOT_BEGUN.get(S(dispute.state)) or (f"本件是「{state}」，没有在进行的调解。", workflow.NEXT)


def _before_court(dispute: Dispute) -> Refusal | None:
    waits = ConfirmationRequest.objects.open().filter(agreement__mediation__dispute=dispute)
    return COURT_FIRST if waits.exists() else None


def _reopenable(dispute: Dispute) -> Refusal | None:
    confirmed = ConfirmationState.CONFIRMED
    if ConfirmationRequest.objects.filter(agreement__mediation__dispute=dispute, state=confirmed).exists():
        return why_not_reopen(confirmed), ""
    return WIPED if dispute.anonymised_on else None


def _waivable(dispute: Dispute) -> Refusal | None:
    """The thirty days of the agreement that binds still run."""
    agreement = agreement_in_effect(dispute) if dispute.state == S.AGREED else None
    runs = agreement and Deadline.objects.about(agreement).filter(kind=CONFIRM_APPLY, settled_on=None).exists()
    return None if runs else NO_PERIOD


def _entrusted(dispute: Dispute) -> Refusal | None:
    waits = Entrustment.objects.filter(dispute=dispute, state=EntrustmentState.SENT).first()
    if waits is None:
        return None
    return f"法院的{waits.get_basis_display()}还没有接收。", "请联络人员先接收，期限从接收之日起算。"

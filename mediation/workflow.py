"""The transition tables of confirmation requests and entrustments (a dispute's own table is disputes.workflow)."""

from collections.abc import Collection
from dataclasses import dataclass

from core.choices import Role
from mediation.choices import BEFORE_COURT, DECIDED_CONFIRMATIONS
from mediation.choices import ConfirmationState as C
from mediation.choices import EntrustmentState as E


@dataclass(frozen=True)
class Step:
    """One thing that may be done: by which roles, in which states, to which state (none: the state stays).

    `label` is the verb as the button says it. `ruling`: only a judge issues it, and it is a ruling.
    """

    verb: str
    label: str
    roles: frozenset[str]
    sources: frozenset[str]
    target: str = ""
    ruling: bool = False


def _step(verb: str, label: str, roles: Collection[str], *sources: str, to: str = "", ruling: bool = False) -> Step:
    return Step(verb, label, frozenset(roles), frozenset(sources), to, ruling)


def _table(*steps: Step) -> dict[str, Step]:
    return {step.verb: step for step in steps}


MEDIATOR, CLERK, ASSISTANT, JUDGE = {Role.MEDIATOR}, {Role.CLERK}, {Role.ASSISTANT}, {Role.JUDGE}
TOWN = {Role.MEDIATOR, Role.OFFICER}

CONFIRMATION: dict[str, Step] = _table(
    _step("prepare", "存草稿", MEDIATOR, C.DRAFT),
    _step("discard", "不报了", MEDIATOR, C.DRAFT),
    _step("submit", "协助双方提交", MEDIATOR, C.DRAFT, to=C.SUBMITTED),
    _step("claim", "认领", CLERK, C.SUBMITTED, C.CORRECTING),
    _step("ask_correction", "通知补正", CLERK | JUDGE, C.SUBMITTED, to=C.CORRECTING),
    _step("deliver_correction", "交补正材料", MEDIATOR, C.CORRECTING, to=C.SUBMITTED),
    _step("accept", "受理", CLERK, C.SUBMITTED, to=C.ACCEPTED),
    _step("assign_judge", "改派法官", CLERK, C.ACCEPTED, C.SUPPLEMENTING),
    _step("ask_supplement", "通知补充", CLERK | JUDGE, C.ACCEPTED, to=C.SUPPLEMENTING),
    _step("deliver_supplement", "交补充材料", MEDIATOR, C.SUPPLEMENTING, to=C.ACCEPTED),
    _step("weigh", "写意见", CLERK | ASSISTANT | JUDGE, *BEFORE_COURT),
    _step("draft_ruling", "起草裁定", ASSISTANT | JUDGE, *BEFORE_COURT),
    _step("extend", "延长审查期限", CLERK | JUDGE, C.ACCEPTED, C.SUPPLEMENTING),
    _step("refuse", "裁定不予受理", JUDGE, C.SUBMITTED, C.CORRECTING, to=C.NOT_ACCEPTED, ruling=True),
    _step("confirm", "裁定协议有效", JUDGE, C.ACCEPTED, to=C.CONFIRMED, ruling=True),
    _step("reject", "裁定驳回申请", JUDGE, C.ACCEPTED, C.SUPPLEMENTING, to=C.REJECTED, ruling=True),
    _step("permit_withdrawal", "裁定准许撤回", JUDGE, *BEFORE_COURT, to=C.WITHDRAWN, ruling=True),
    _step("deem_withdrawn", "裁定按撤回处理", JUDGE, C.ACCEPTED, C.SUPPLEMENTING, to=C.DEEMED_WITHDRAWN, ruling=True),
    _step("serve", "送达", CLERK, *DECIDED_CONFIRMATIONS),
)

ENTRUSTMENT: dict[str, Step] = _table(
    _step("accept", "接收", {Role.OFFICER}, E.SENT, to=E.ACCEPTED),
    _step("decline", "退回", {Role.OFFICER}, E.SENT, to=E.DECLINED),
    _step("succeed", "调解成功", TOWN, E.ACCEPTED, to=E.SUCCEEDED),
    _step("fail", "调解不成", TOWN, E.ACCEPTED, to=E.FAILED),
    _step("return", "反馈法院", TOWN, E.SUCCEEDED, E.FAILED, to=E.RETURNED),
)


def allowed(table: dict[str, Step], verb: str, state: str) -> bool:
    """Whether `verb` of `table` may be done in `state`, whoever asks."""
    return state in table[verb].sources


def may(table: dict[str, Step], verb: str, role: str) -> bool:
    """Whether `role` may ever do `verb`."""
    return role in table[verb].roles

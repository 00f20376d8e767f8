"""The transition tables of confirmation requests and entrustments (a dispute's own table is disputes.workflow)."""

from dataclasses import dataclass

from core.choices import Role
from mediation.choices import ConfirmationState as C
from mediation.choices import EntrustmentState as E


@dataclass(frozen=True)
class Step:
    """One allowed move: by which role, from which states, to which state."""

    verb: str
    roles: frozenset[str]
    sources: frozenset[str]
    target: str
    ruling: bool = False


def _step(verb: str, roles: set[str], *sources: str, to: str, ruling: bool = False) -> Step:
    return Step(verb, frozenset(roles), frozenset(sources), to, ruling)


TOWN, COURT = {Role.MEDIATOR, Role.OFFICER}, {Role.CLERK, Role.JUDGE}

CONFIRMATION: dict[str, Step] = {
    step.verb: step
    for step in (
        _step("submit", TOWN, C.DRAFT, to=C.SUBMITTED),
        _step("ask_correction", COURT, C.SUBMITTED, to=C.CORRECTING),
        _step("deliver_correction", TOWN, C.CORRECTING, to=C.SUBMITTED),
        _step("accept", {Role.CLERK}, C.SUBMITTED, to=C.ACCEPTED),
        _step("ask_supplement", COURT, C.ACCEPTED, to=C.SUPPLEMENTING),
        _step("deliver_supplement", TOWN, C.SUPPLEMENTING, to=C.ACCEPTED),
        _step("refuse", {Role.JUDGE}, C.SUBMITTED, C.CORRECTING, to=C.NOT_ACCEPTED, ruling=True),
        _step("confirm", {Role.JUDGE}, C.ACCEPTED, to=C.CONFIRMED, ruling=True),
        _step("reject", {Role.JUDGE}, C.ACCEPTED, C.SUPPLEMENTING, to=C.REJECTED, ruling=True),
        _step(
            "permit_withdrawal",
            {Role.JUDGE},
            C.SUBMITTED,
            C.CORRECTING,
            C.ACCEPTED,
            C.SUPPLEMENTING,
            to=C.WITHDRAWN,
            ruling=True,
        ),
        _step("deem_withdrawn", {Role.JUDGE}, C.ACCEPTED, C.SUPPLEMENTING, to=C.DEEMED_WITHDRAWN, ruling=True),
    )
}

ENTRUSTMENT: dict[str, Step] = {
    step.verb: step
    for step in (
        _step("accept", {Role.OFFICER}, E.SENT, to=E.ACCEPTED),
        _step("decline", {Role.OFFICER}, E.SENT, to=E.DECLINED),
        _step("succeed", TOWN, E.ACCEPTED, to=E.SUCCEEDED),
        _step("fail", TOWN, E.ACCEPTED, to=E.FAILED),
        _step("return", {Role.OFFICER, Role.MEDIATOR}, E.SUCCEEDED, E.FAILED, to=E.RETURNED),
    )
}


def allowed(table: dict[str, Step], verb: str, state: str) -> bool:
    """Whether `verb` of `table` may be done in `state`, whoever asks."""
    return state in table[verb].sources


def may(table: dict[str, Step], verb: str, role: str) -> bool:
    """Whether `role` may ever do `verb`."""
    return role in table[verb].roles

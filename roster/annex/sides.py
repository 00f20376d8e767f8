"""A person sits on the court's side or on a town's, never on both; pure.

A list that says otherwise is a slip as a rule, and it would turn a mediator's account into a judge's.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from uuid import UUID

from roster.annex.plan import Known, PlannedRow, block
from roster.choices import RowResult, TeamRole
from roster.rules import COURT_SEATS

# Not which seat, nor where: an officer's list may name somebody of another town.
BOTH = (
    "这个人在法院或镇（街）另有岗位，不能同时是{}。"
    "请核对岗位和身份证号码；真的换了工作的，先登记原来的岗位离任，再写这一行。"
)


FOR_THE_COURT = "这个人已有账号，法院的岗位会让账号变成法官或法官助理的。请法院立案人员或管理员来登记。"


def left_to_the_court(rows: Iterable[PlannedRow], accounts: Set[UUID]) -> list[PlannedRow]:
    """The rows of a town's officer; one that gives a court seat to somebody of `accounts` (whose account is not the
    court's, or is switched off) is not written."""
    return [
        block(row, FOR_THE_COURT)
        if row.staff_id in accounts and any(step.role in COURT_SEATS for step in row.steps)
        else row
        for row in rows
    ]


def kept_to_one_side(rows: Iterable[PlannedRow], known: Mapping[str, Known]) -> list[PlannedRow]:
    """The rows; one that seats somebody on the other side than they sit on, in the roster or in an earlier row of the
    file, is not written. `known` is keyed by identity number. Nearly every row is somebody new with one seat."""
    return [
        row if row.staff_id is None and row.first is None and len(row.steps) <= 1 else _on_one_side(row, known)
        for row in rows
    ]


def _on_one_side(row: PlannedRow, known: Mapping[str, Known]) -> PlannedRow:
    asked = [step.role for step in row.steps]
    before = [seat.role for seat in row.first.seats] if row.first else []
    held = next(filter(None, [_role_held(known.get(row.checked.facts.id_number)), *before, *asked]), "")
    other = next((role for role in asked if (role in COURT_SEATS) != (held in COURT_SEATS)), "")
    return block(row, BOTH.format(TeamRole(other).label)) if other else row


def _role_held(person: Known | None) -> str:
    """The role of one of a person's open terms."""
    return next((term.role for term in person.terms if term.until is None), "") if person else ""


def counted_anew(rows: Sequence[PlannedRow]) -> Sequence[PlannedRow]:
    """The rows after some were blocked: where a new person's first row is not written, the next one is the first."""
    if not any(row.first for row in rows):
        return rows
    written: set[str] = set()
    found: list[PlannedRow] = []
    for row in rows:
        number, is_new = row.checked.facts.id_number, row.staff_id is None
        if row.first and is_new and row.steps and number not in written:
            row = row._replace(result=RowResult.CREATED, first=None)  # noqa: PLW2901 (the row as it stays)
        if row.is_writable:
            written.add(number)
        found.append(row)
    return found

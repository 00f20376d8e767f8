"""A person sits on the court's side or on a town's, never on both; pure.

A list that says otherwise is a slip as a rule, and it would turn a mediator's account into a judge's.
"""

from collections.abc import Iterable, Mapping

from roster.annex.plan import Known, PlannedRow, block
from roster.choices import TeamRole
from roster.rules import COURT_SEATS

TWO = 2


def kept_to_one_side(rows: Iterable[PlannedRow], known: Mapping[str, Known]) -> list[PlannedRow]:
    """The rows; one that seats somebody on the other side than they sit on, in the roster or in an earlier row of the
    file, is not written. `known` is keyed by identity number. Nearly every row is somebody new with one seat."""
    return [
        row if row.staff_id is None and row.first is None and len(row.steps) < TWO else _on_one_side(row, known)
        for row in rows
    ]


def _on_one_side(row: PlannedRow, known: Mapping[str, Known]) -> PlannedRow:
    asked = [step.role for step in row.steps]
    before = [seat.role for seat in row.first.seats] if row.first else []
    held = next(filter(None, [_role_held(known.get(row.checked.facts.id_number)), *before, *asked]), "")
    other = next((role for role in asked if (role in COURT_SEATS) != (held in COURT_SEATS)), "")
    return block(row, _both(held, other, is_known=row.staff_id is not None)) if other else row


def _role_held(person: Known | None) -> str:
    """The role of one of a person's open terms."""
    return next((term.role for term in person.terms if term.until is None), "") if person else ""


def _both(held: str, other: str, *, is_known: bool) -> str:
    held, other = TeamRole(held).label, TeamRole(other).label
    if is_known:
        return f"这个人现在是{held}，不能同时是{other}。请核对岗位；真的换了工作的，先登记原来的岗位离任，再写这一行。"
    return f"这个人在名单里已经是{held}，不能同时是{other}。请核对岗位和身份证号码。"

"""A person sits on the court's side or on a town's, never on both; pure.

A list that says otherwise is a slip as a rule, and it would turn a mediator's account into a judge's.
"""

from collections.abc import Iterable, Mapping

from roster.annex.plan import Known, PlannedRow, block
from roster.choices import TeamRole
from roster.rules import COURT_SEATS


def kept_to_one_side(rows: Iterable[PlannedRow], known: Mapping[str, Known]) -> list[PlannedRow]:
    """The rows; one that seats somebody on the other side than they sit on, in the roster or in an earlier row of the
    file, is not written. `known` is keyed by identity number."""
    kept: list[PlannedRow] = []
    seated: dict[str, str] = {}  # a role of everybody who holds or gets a seat, by number
    for row in rows:
        number, steps = row.checked.facts.id_number, row.steps
        if steps:
            held = seated.get(number) or _role_held(known.get(number)) or steps[0].role
            if other := next((step.role for step in steps if (step.role in COURT_SEATS) != (held in COURT_SEATS)), ""):
                row = block(row, _both(held, other, is_known=row.staff_id is not None))  # noqa: PLW2901 (the row as it stays)
            else:
                seated[number] = held
        kept.append(row)
    return kept


def _role_held(person: Known | None) -> str:
    """The role of one of a person's open terms."""
    return next((term.role for term in person.terms if term.until is None), "") if person else ""


def _both(held: str, other: str, *, is_known: bool) -> str:
    held, other = TeamRole(held).label, TeamRole(other).label
    if is_known:
        return f"这个人现在是{held}，不能同时是{other}。请核对岗位；真的换了工作的，先登记原来的岗位离任，再写这一行。"
    return f"这个人在名单里已经是{held}，不能同时是{other}。请核对岗位和身份证号码。"

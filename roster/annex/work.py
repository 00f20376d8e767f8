"""Seats with open deadlines: nobody is moved out of one in which alone the work can be done; pure."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from roster.annex.plan import PlannedRow, TermStep, block
from roster.seat_roles import goes_on_as

Work = Mapping[tuple[UUID, str], int]  # open deadlines by person and town


def leave_work(rows: Iterable[PlannedRow]) -> set[UUID]:
    """Whom the rows put into a seat in which the work of their old one cannot be done."""
    return {row.staff_id for row in rows if row.staff_id and any(map(_leaves_work, row.steps))}


def kept_at_work(rows: Iterable[PlannedRow], work: Work) -> list[PlannedRow]:
    """The rows; one that takes such a seat away is not written before the work is handed over."""
    return [_kept(row, work) if row.staff_id and row.steps else row for row in rows]


def _leaves_work(step: TermStep) -> bool:
    return step.term is not None and not goes_on_as(step.role, step.term.role)


def _kept(row: PlannedRow, work: Work) -> PlannedRow:
    assert row.staff_id
    left = sum(work.get((row.staff_id, step.town_code), 0) for step in row.steps if _leaves_work(step))
    if not left:
        return row
    return block(row, f"这个人手上还有 {left} 项期限没有了结，换岗位以后办不了。请先到本人页面移交，再写这一行。")

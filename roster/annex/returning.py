"""People whom a list names in a town again after they left it, or after their seat there was struck out: written as the
list has it, and said, as an old list brings everybody back.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.queries import said
from roster.annex.plan import Known, PlannedRow, TermStep, Verb, with_warning
from roster.choices import WarningCode
from roster.towns import Gazetteer

Struck = frozenset[tuple[UUID, str]]  # person and town of the terms that were struck out


def seated_anew(rows: Sequence[PlannedRow]) -> set[UUID]:
    """Known people who get a new seat: of them it is asked whether one was struck out."""
    return {row.staff_id for row in rows if row.staff_id and any(step.verb == Verb.START for step in row.steps)}


def returning_said(
    rows: Sequence[PlannedRow], known: Mapping[str, Known], struck: Struck, gazetteer: Gazetteer
) -> list[PlannedRow]:
    """The rows, each with what is to be said of the towns it brings somebody back to."""
    return [_said(row, known, struck, gazetteer) if row.staff_id and row.steps else row for row in rows]


def _said(row: PlannedRow, known: Mapping[str, Known], struck: Struck, gazetteer: Gazetteer) -> PlannedRow:
    person = known[row.checked.facts.id_number]
    for step in row.steps:
        if step.verb == Verb.START and (why := _why(step, person, struck)):
            message = (
                f"{why.format(gazetteer.name(step.town_code))}，名单里还有：写入后从{said(step.since)}起又任职。"
                "没有回来的，请留下这一行不写。"
            )
            row = row._replace(checked=with_warning(row.checked, WarningCode.LEFT_BEFORE, message, "所在单位及职务"))
    return row


def _why(step: TermStep, person: Known, struck: Struck) -> str:
    here = [term for term in person.terms if term.town_code == step.town_code]
    if any(term.until is None for term in here):
        return ""
    if ends := [term.until for term in here if term.until]:
        return f"在{{}}的任职到{said(max(ends))}为止"
    return "在{}的任职已经作废" if (person.staff_id, step.town_code) in struck else ""

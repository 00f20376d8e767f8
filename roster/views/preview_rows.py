"""The preview's table as the page shows it: each cell's text, masked unless it must be mended, and why."""

import re
from dataclasses import dataclass
from typing import Any

from core.choices import Sex
from core.privacy import mask_address, mask_id_number, mask_text
from roster.annex.checking import TITLES
from roster.annex.facts import Issue
from roster.annex.plan import PlannedRow, TermStep, Verb
from roster.choices import MediatorKind, RowResult, TeamRole, WarningCode
from roster.models import masked_phone

SHOWN = ("name", "born", "sex", "unit_and_duty", "id_number", "phone", "note")
SHORT = {"unit_and_duty": "单位职务", "id_number": "身份证", "phone": "电话"}
MASKS = {
    "id_number": mask_id_number,
    "phone": masked_phone,
    "registered_address": mask_address,
    "contact_address": mask_address,
}
AT_THE_POST = frozenset({WarningCode.ROLE_UNCLEAR, WarningCode.KIND_UNCLEAR, WarningCode.IN_TWO_TOWNS})
LOOKS = {
    RowResult.CREATED: ("ok", "plus"),
    RowResult.UPDATED: ("run", "pen"),
    RowResult.UNCHANGED: ("idle", "dash"),
    RowResult.REJECTED: ("stop", "no"),
    RowResult.LEFT_OUT: ("idle", "dash"),
}


@dataclass(frozen=True)
class Cell:
    """`look` is bad (cannot be written), ask (please look) or empty; `was` only where a value changes."""

    field: str
    label: str
    text: str
    look: str = ""
    why: str = ""
    was: str = ""
    meta: str = ""


@dataclass(frozen=True)
class ShownRow:
    key: str
    number: int
    sheet: str
    name: Cell
    cells: list[Cell]
    post: Cell
    look: str
    icon: str
    result: str
    notes: list[str]


def shown_row(row: PlannedRow, *, towns: dict[str, str], clear_errors: bool, with_sheet: bool) -> ShownRow:
    """One row for the page. `clear_errors`: the viewer uploaded the file and may see what they have to mend."""
    cells = [_cell(row, field, clear_errors=clear_errors) for field in SHOWN]
    look, icon = LOOKS[row.result]
    return ShownRow(
        key=f"{row.checked.sheet}-{row.checked.number}",
        number=row.checked.number,
        sheet=row.checked.sheet if with_sheet else "",
        name=cells[0],
        cells=cells[1:],
        post=_post(row, towns),
        look=look,
        icon=icon,
        result=f"更新 {row.touches} 处" if row.result == RowResult.UPDATED else row.result.label,
        notes=_notes(row, towns),
    )


def is_to_look_at(row: PlannedRow) -> bool:
    """Something about the row should be looked at though it can be written."""
    return row.is_writable and bool(row.checked.issues)


def _masked(field: str, value: str) -> str:
    if field == "sex":
        return Sex(value).label if value else ""
    mask = MASKS.get(field)
    return mask(value) if mask else mask_text(value)


def _cell(row: PlannedRow, field: str, *, clear_errors: bool) -> Cell:
    title = TITLES[field]
    issue = _issue_for(row, title)
    label = SHORT.get(field, title)
    if issue and issue.is_error:
        text = row.checked.shown.get(field) or getattr(row.checked.facts, field)
        return Cell(field, label, text if clear_errors else _hidden(field, text), "bad", issue.message)
    now = _masked(field, getattr(row.checked.facts, field))
    change = row.change_of(field)
    return Cell(
        field,
        label,
        now,
        look="ask" if issue else "",
        why=issue.message if issue else "",
        was=(_masked(field, change.old) or "（空）") if change else "",
        meta=_original(row) if field == "born" else "",
    )


def _hidden(field: str, text: str) -> str:
    """An erroneous value for everybody but the uploader: letters and figures of a number are not shown."""
    return re.sub(r"[0-9A-Za-z]", "*", text) if field in MASKS else mask_text(text)


def _issue_for(row: PlannedRow, title: str) -> Issue | None:
    """What is said at a cell; what is said about the post stands at the post."""
    here = [issue for issue in row.checked.issues if issue.column == title and issue.code not in AT_THE_POST]
    return next((issue for issue in here if issue.is_error), here[0] if here else None)


def _original(row: PlannedRow) -> str:
    """What was written for the month of birth, where it was put into another form."""
    written, born = row.checked.shown.get("born", ""), row.checked.facts.born
    same = re.sub(r"\D", "", written) == born.replace("-", "")
    return f"原文「{written}」" if written and born and not same else ""


def _post(row: PlannedRow, towns: dict[str, str]) -> Cell:
    post = row.checked.post
    issue = next((issue for issue in row.checked.issues if issue.code in AT_THE_POST), None)
    seat = MediatorKind(post.kind).label if post.kind else TeamRole(post.role).label if post.role else "待定岗位"
    was = next((_seat(step) for step in row.steps if step.term), "")
    further = "、".join(towns.get(code, code) for code in row.checked.towns) if len(row.checked.towns) > 1 else ""
    meta = f"因「{'」「'.join(post.words)}」" if post.words else ""
    return Cell(
        "post",
        "岗位",
        seat,
        look="ask" if issue else "",
        why=issue.message if issue else "",
        was=was if was != seat else "",
        meta="　".join(filter(None, (meta, further))),
    )


def _seat(step: TermStep) -> str:
    term: Any = step.term
    return MediatorKind(term.kind).label if term.kind else TeamRole(term.role).label


def _notes(row: PlannedRow, towns: dict[str, str]) -> list[str]:
    """What the table has no column for: addresses that change, new terms of known people, rights."""
    notes = [
        f"{TITLES[change.field]}：{_masked(change.field, change.old) or '（空）'} → {_masked(change.field, change.new)}"
        for change in row.changes
        if change.field not in SHOWN
    ]
    if row.staff_id:
        started = [towns.get(step.town_code, "") for step in row.steps if step.verb == Verb.START]
        notes += [f"新任职：{'、'.join(started)}"] if started else []
    return [*notes, row.blocked] if row.blocked else notes

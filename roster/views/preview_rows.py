"""The preview's table as the page shows it: each cell's text, masked unless it must be mended, and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.choices import Sex
from core.models import User
from core.privacy import mask_text
from core.queries import said
from roster.annex import masks
from roster.annex.anothers import HIDDEN
from roster.annex.checking import FIELDS, TITLES
from roster.annex.facts import CheckedRow, Issue
from roster.annex.mending import Mends
from roster.annex.plan import Change, PlannedRow, TermStep, Verb
from roster.annex.service import what_goes
from roster.choices import ErrorCode, MediatorKind, RowResult, TeamRole, WarningCode
from roster.preview import Shown
from roster.rules import may_fill_seat

SHOWN = ("name", "born", "sex", "unit_and_duty", "id_number", "phone", "note")
SHORT = {"unit_and_duty": "单位职务", "id_number": "身份证", "phone": "电话"}
MASKS = {name: mask for name, mask in masks.MASKS.items() if name not in masks.FREE_TEXT}
UNCLEAR_POST = frozenset({WarningCode.ROLE_UNCLEAR, WarningCode.KIND_UNCLEAR, WarningCode.CATEGORY_DIFFERS})
AT_THE_POST = UNCLEAR_POST | {WarningCode.IN_TWO_TOWNS}
TO_BE_TAKEN_OUT = frozenset({RowResult.REJECTED, RowResult.LEFT_OUT})
DOUBT_THE_NUMBER = frozenset(
    {ErrorCode.ID_BIRTH_MISMATCH, ErrorCode.ID_SEX_MISMATCH, WarningCode.NAMESAKE, WarningCode.NAME_DIFFERS}
)
LEFT_EMPTY = frozenset(
    {WarningCode.FORMULA_IGNORED, WarningCode.PHONE_MISSING, WarningCode.MASK_IGNORED, WarningCode.DITTO_NOT_TAKEN}
)
EITHER = "这一格和标{}的那一格对不上：哪一格错就改哪一格。"
LOOKS = {
    RowResult.CREATED: ("ok", "plus"),
    RowResult.UPDATED: ("run", "pen"),
    RowResult.UNCHANGED: ("idle", "dash"),
    RowResult.REJECTED: ("stop", "no"),
    RowResult.LEFT_OUT: ("idle", "dash"),
}


Choice = tuple[str, str]
Group = tuple[str, list[Choice]]  # its heading (none for the first), what it offers


@dataclass(frozen=True)
class Cell:
    """`look` is bad (cannot be written), ask (please look) or empty; `was` only where a value changes.

    An `is_input` can be retyped in place; `groups` are offered to choose from, under the name `asks`; `edited`: its
    uploader retyped it.
    """

    field: str
    label: str
    text: str
    look: str = ""
    why: str = ""
    was: str = ""
    meta: str = ""
    is_input: bool = False
    edited: bool = False
    asks: str = ""
    groups: tuple[Group, ...] = ()
    chosen: str = ""


@dataclass(frozen=True)
class ShownRow:
    place: int
    number: int
    sheet: str
    name: Cell
    cells: list[Cell]
    post: Cell
    look: str
    icon: str
    result: str
    notes: list[str]
    left_out: bool
    may_leave_out: bool

    @property
    def has_inputs(self) -> bool:
        cells = [self.name, *self.cells, self.post]
        return self.may_leave_out or any(cell.is_input or cell.edited or cell.groups for cell in cells)


@dataclass(frozen=True)
class RowFrame:
    """What showing a row needs to know besides the row: the viewer, what they may choose, what was mended.

    `may_mend`: the viewer uploaded the file, so they see in clear what they have to mend.
    """

    towns: Mapping[str, str]
    offered: list[Choice]
    mends: Mends
    user: User
    may_mend: bool
    with_sheet: bool


def shown_row(shown: Shown, frame: RowFrame) -> ShownRow:
    """One row for the page."""
    row = shown.row
    cells = [_cell(row, field, frame) for field in SHOWN]
    look, icon = LOOKS[row.result]
    return ShownRow(
        place=shown.kept.place,
        number=row.checked.number,
        sheet=row.checked.sheet if frame.with_sheet else "",
        name=cells[0],
        cells=cells[1:],
        post=_post(row, frame),
        look=look,
        icon=icon,
        result=_result(row),
        notes=_notes(row, frame.towns),
        left_out=row.checked.left_out,
        may_leave_out=frame.may_mend and (row.result in TO_BE_TAKEN_OUT or row.is_to_look_at),
    )


def _result(row: PlannedRow) -> str:
    if row.result != RowResult.UPDATED:
        return str(row.result.label)
    return "加任职" if row.first else f"更新 {row.touches} 处"


def _masked(field: str, value: str) -> str:
    if field == "sex":
        return Sex(value).label if value else ""
    mask = MASKS.get(field)
    return mask(value) if mask else mask_text(value)


def _cell(row: PlannedRow, field: str, frame: RowFrame) -> Cell:
    issue, label = _issue_for(row, TITLES[field]), SHORT.get(field, TITLES[field])
    edited = frame.may_mend and not row.checked.left_out and field in frame.mends.edits.get(row.checked.key, {})
    if issue and issue.is_error:
        return replace(_wrong(row, field, issue, frame), label=label, edited=edited)
    if field == "id_number" and frame.may_mend and not row.checked.left_out and _is_number_doubted(row):
        why = issue.message if issue else EITHER.format("红" if row.checked.has_error else "黄")
        return Cell(field, label, hidden_number(row), "ask", why, is_input=True, edited=edited)
    cell = Cell(
        field,
        label,
        _masked(field, getattr(row.checked.facts, field)),
        look="ask" if issue else "",
        why=issue.message if issue else "",
        was=_was(row, field, frame),
        meta=_original(row) if field == "born" else "",
        edited=edited,
    )
    if issue and issue.code in LEFT_EMPTY and frame.may_mend and not cell.text and not row.checked.left_out:
        cell = replace(cell, is_input=True)
    return _with_settled_town(cell, row, frame) if field == "unit_and_duty" else cell


def _was(row: PlannedRow, field: str, frame: RowFrame) -> str:
    """What a new value puts an end to, to be struck out; nothing where there is none."""
    if field in row.unshown:
        return HIDDEN
    change = row.change_of(field)
    if change is None:
        return ""
    if change.field != "note":
        return _masked(change.field, change.old) or "（空）"
    gone = what_goes(change.old, row, frame.towns)
    return mask_text(gone) or ("" if change.old else "（空）")


def _wrong(row: PlannedRow, field: str, issue: Issue, frame: RowFrame) -> Cell:
    """A cell that cannot be written: in clear, and to be retyped, for who uploaded it; hidden when it is left out."""
    text = as_shown(row, field)
    if not frame.may_mend or row.checked.left_out:
        look, why = ("", "") if row.checked.left_out else ("bad", issue.message)
        return Cell(field, "", _hidden(field, text), look, why)
    if issue.code == ErrorCode.TOWN_UNCLEAR:
        groups = _town_groups(issue.candidates, frame)
        return Cell(field, "", text, "bad", issue.message, asks="town", groups=groups)
    return Cell(field, "", text, "bad", issue.message, is_input=True)


def as_shown(row: PlannedRow, field: str) -> str:
    """A wrong cell as it was written, or as it could be read."""
    return row.checked.shown.get(field) or str(getattr(row.checked.facts, field))


def _with_settled_town(cell: Cell, row: PlannedRow, frame: RowFrame) -> Cell:
    towns = frame.mends.of(*row.checked.key).towns
    if not towns or not frame.may_mend or row.checked.left_out:
        return cell
    return replace(cell, asks="town", groups=_town_groups((), frame), chosen=towns[0], meta="镇（街）由您选定")


def _town_groups(candidates: tuple[str, ...], frame: RowFrame) -> tuple[Group, ...]:
    likely = [(code, frame.towns.get(code, code)) for code in candidates]
    others = [choice for choice in frame.offered if choice not in likely]
    return (
        ("", [("", "请选镇（街）")]),
        ("可能是", likely),
        ("全部镇（街）" if not likely else "其他镇（街）", others),
    )


def _hidden(field: str, text: str) -> str:
    """An erroneous value for everybody but the uploader: letters and figures of a number are not shown."""
    return re.sub(r"[0-9A-Za-z]", "*", text) if field in MASKS else mask_text(text)


def _issue_for(row: PlannedRow, title: str) -> Issue | None:
    """What is said at a cell; what is said about the post stands at the post."""
    here = [issue for issue in row.checked.issues if issue.column == title and issue.code not in AT_THE_POST]
    return next((issue for issue in here if issue.is_error), here[0] if here else None)


def hidden_number(row: PlannedRow) -> str:
    """The identity number as it is shown where it is not wrong itself; sent back so, it is no edit."""
    return _masked("id_number", row.checked.facts.id_number)


def _is_number_doubted(row: PlannedRow) -> bool:
    """Whether the number may be what is to be mended: another cell is wrong against it, or it makes a known person
    somebody else."""
    return any(issue.code in DOUBT_THE_NUMBER for issue in row.checked.issues)


def _original(row: PlannedRow) -> str:
    """What was written for the month of birth, where it was put into another form."""
    written, born = row.checked.shown.get("born", ""), row.checked.facts.born
    same = re.sub(r"\D", "", written) == born.replace("-", "")
    return f"原文「{written}」" if written and born and not same else ""


def _post(row: PlannedRow, frame: RowFrame) -> Cell:
    post = row.checked.post
    issue = next((issue for issue in row.checked.issues if issue.code in AT_THE_POST), None)
    seat = MediatorKind(post.kind).label if post.kind else TeamRole(post.role).label if post.role else "待定岗位"
    was = next((_seat(step) for step in row.steps if step.term), "")
    names = [frame.towns.get(code, code) for code in row.checked.towns]
    settled = frame.mends.of(*row.checked.key)
    by_hand = bool(settled.role or settled.kind)
    meta = "由您选定" if by_hand else f"因「{'」「'.join(post.words)}」" if post.words else ""
    asked = frame.may_mend and not row.checked.left_out and (by_hand or (issue and issue.code in UNCLEAR_POST))
    return Cell(
        "post",
        "岗位",
        seat,
        look="ask" if issue else "",
        why=issue.message if issue else "",
        was=was if was != seat else "",
        meta="　".join(filter(None, (meta, _where(row, names)))),
        asks="seat" if asked else "",
        groups=_seat_groups(row, frame) if asked else (),
        chosen=seat_value(post.role, post.kind) if post.role else "",
    )


def _where(row: PlannedRow, names: Sequence[str]) -> str:
    """The row's towns, unless the whole list is of its town: else words decided, and may have been misread."""
    is_as_listed = row.checked.towns == (row.checked.listed_under,) and not row.checked.within
    return "" if is_as_listed else "、".join(names)


def seat_value(role: str, kind: str) -> str:
    """A seat as one word of a form: `mediator:grid_worker`."""
    return f"{role}:{kind}" if kind else role


def _seat_groups(row: PlannedRow, frame: RowFrame) -> tuple[Group, ...]:
    """The seats that the viewer may fill in the row's town; mediators by their source."""
    towns = row.checked.towns or (frame.offered[0][0],) if frame.offered else row.checked.towns
    mine = [seat for seat in TeamRole if any(may_fill_seat(frame.user, seat, town) for town in towns)]
    others: list[Choice] = [(seat.value, seat.label) for seat in mine if seat != TeamRole.MEDIATOR]
    kinds: list[Choice] = [(seat_value(TeamRole.MEDIATOR.value, kind.value), kind.label) for kind in MediatorKind]
    plain = [(TeamRole.MEDIATOR.value, "调解人员，来源先空着")]
    return (
        ("", [("", "待定岗位")]),
        ("队伍", others),
        ("调解人员", kinds + plain if TeamRole.MEDIATOR in mine else []),
    )


def _seat(step: TermStep) -> str:
    term: Any = step.term
    return MediatorKind(term.kind).label if term.kind else TeamRole(term.role).label


def _notes(row: PlannedRow, towns: Mapping[str, str]) -> list[str]:
    """What the table has no room for: addresses that change, a further row of a person, new terms, rights, and what
    else is to be said of the row."""
    notes = [_of_change(change) for change in row.changes if change.field not in (*SHOWN, *row.unshown)]
    notes += [_of_unshown(row, field) for field in row.unshown if field not in SHOWN]
    if row.first and not row.blocked:
        notes.append(_of_first(row, row.first))
    if row.staff_id or row.first:
        started = [step for step in row.steps if step.verb == Verb.START]
        notes += [f"新任职：{'；'.join(_begun(row, started, towns))}"] if started else []
    notes += [f"新岗位自{said(step.since)}起" for step in row.steps if step.verb == Verb.REPLACE]
    notes += [row.blocked] if row.blocked else []
    return [*notes, *_left_to_say(row)]


def _begun(row: PlannedRow, steps: Sequence[TermStep], names: Mapping[str, str]) -> list[str]:
    """Towns by the first day there; of a person who is new in the file it is the list's own."""
    towns: dict[date, list[str]] = {}
    for step in steps:
        towns.setdefault(step.since, []).append(names.get(step.town_code, ""))
    return ["、".join(here) + (f"，自{said(since)}起" if row.staff_id else "") for since, here in towns.items()]


def _of_unshown(row: PlannedRow, field: str) -> str:
    return f"{TITLES[field]}：{HIDDEN} → {_masked(field, getattr(row.checked.facts, field))}"


def _of_change(change: Change) -> str:
    old, new = _masked(change.field, change.old) or "（空）", _masked(change.field, change.new)
    return (
        f"{TITLES[change.field]}：{new}，遮住的部分有改动" if old == new else f"{TITLES[change.field]}：{old} → {new}"
    )


def _of_first(row: PlannedRow, first: CheckedRow) -> str:
    """A person has one set of facts: where this row's are others, they are not taken, and that is said."""
    place = f"第 {first.number} 行" if first.sheet == row.checked.sheet else f"「{first.sheet}」第 {first.number} 行"
    before, now = first.facts.as_dict(), row.checked.facts.as_dict()
    differing = [TITLES[name] for name, value in now.items() if value and value != before[name]]
    return f"同一个人，资料以{place}为准" + (f"；这一行的{'、'.join(differing)}没有采用" if differing else "")


def _left_to_say(row: PlannedRow) -> list[str]:
    """What is said of cells that the table does not show, or beside something else in the same cell."""
    if row.checked.left_out:
        return []
    at_post = [issue for issue in row.checked.issues if issue.code in AT_THE_POST]
    shown = {id(issue) for issue in (*at_post[:1], *(_issue_for(row, TITLES[field]) for field in SHOWN))}
    return [
        issue.message if issue in at_post or FIELDS[issue.column or ""] in SHOWN else f"{issue.column}：{issue.message}"
        for issue in row.checked.issues
        if id(issue) not in shown
    ]

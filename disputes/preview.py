"""What the pages of a ledger's import show: columns with samples, rows with what is wrong, how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.actions.uploads import KEPT
from core.addresses import number_in
from disputes import queries
from disputes.actions.ledger_imports import MARKED_ROWS
from disputes.choices import LedgerImportState
from disputes.forms.ledger_imports import ColumnsForm
from disputes.importing import columns
from disputes.importing.cells import text_of
from disputes.models import LedgerImport
from roster.annex.mending import RowKey
from roster.choices import RowResult

PAGE = 50
LONG_WAIT = timedelta(seconds=30)
SHOWS = {"": "全部", "rejected": "不能写入", "look": "请留意", "created": "新增", "unchanged": "已在台账",
         "left_out": "留下不写"}  # fmt: skip
LOOKS = {"created": ("ok", "新增"), "unchanged": ("void", "已在台账"), "rejected": ("stop", "不能写入"),
         "left_out": ("idle", "留下不写")}  # fmt: skip
CELLS = (
    ("registered_on", "登记日"), ("village", "村（社区）"), ("applicant", "申请人"), ("respondent", "被申请人"),
    ("case_type", "类型"), ("narrative", "经过"), ("amount", "标的额"), ("outcome", "结果"), ("closed_on", "办结日"),
)  # fmt: skip
NEIGHBOURS = {"applicant_id": "applicant", "applicant_phone": "applicant", "applicant_address": "applicant",
              "parties": "applicant", "respondent_id": "respondent", "respondent_phone": "respondent",
              "respondent_address": "respondent", "title": "narrative"}  # fmt: skip


@dataclass(frozen=True)
class Retype:
    """A cell of the file that is wrong, as it stands there: to be retyped in the page.

    `is_beside`: it has no column of its own in the preview, so its label is shown.
    """

    field: str
    label: str
    text: str
    is_long: bool
    is_beside: bool


@dataclass(frozen=True)
class Cell:
    """One cell of the preview: what is understood, and what is to be said about it. `look`: bad, ask or nothing.

    `retypes`: what of it can be mended; `retyped`: what was, field and label.
    """

    label: str
    text: str
    look: str
    notes: tuple[str, ...]
    retypes: tuple[Retype, ...] = ()
    retyped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ShownRow:
    """One row of the preview."""

    number: int
    sheet: int
    place: int
    cells: tuple[Cell, ...]
    look: str
    result: str
    notes: tuple[str, ...]
    code: str
    left_out: bool
    may_leave_out: bool

    @property
    def key(self) -> str:
        return f"{self.place}-{self.number}"

    @property
    def has_inputs(self) -> bool:
        return self.may_leave_out or any(cell.retypes or cell.retyped for cell in self.cells)


# ── columns ──────────────────────────────────────────────────────────────────
def columns_form(kept: LedgerImport, given: Any = None) -> ColumnsForm:
    """The form that asks what each column is; what was said before, or else what is proposed, is chosen already."""
    outlook = queries.outlook_of(kept)
    proposed = kept.columns or outlook.get("proposed", {})
    frame = queries.frame_for(kept.town)
    initial = {"village": kept.village_id or "", **({"source": kept.source} if kept.source else {})}
    headers = list(outlook.get("samples", {}))
    sheets = outlook.get("sheets") or [headers]
    return ColumnsForm(
        given, headers=headers, sheets=sheets, proposed=proposed, villages=frame.villages, initial=initial
    )


def columns_context(kept: LedgerImport, form: ColumnsForm) -> dict[str, Any]:
    outlook = queries.outlook_of(kept)
    samples = outlook.get("samples", {})
    listed = [(header, field, samples.get(header, [])) for header, field in form.column_fields()]
    known = [row for row in listed if row[1].value()]
    return {
        "listed": known + [row for row in listed if not row[1].value()],
        "notes": outlook.get("notes", []),
        "rows": outlook.get("rows", 0),
        "missing": columns.missing(str(field.value() or "") for _, field, _ in listed),
    }


# ── rows ─────────────────────────────────────────────────────────────────────
def preview_context(kept: LedgerImport, given: Mapping[str, str]) -> dict[str, Any]:
    """A page of the rows under the chosen filter, and what pressing the button would do."""
    outlook = queries.outlook_of(kept)
    show = given.get("show", "") if given.get("show", "") in SHOWS else ""
    mended = given.get("row", "")  # it stays in sight even where the filter no longer holds it
    found = [row for row in outlook.get("found", []) if _is_shown(row, show) or f"{row[0]}-{row[1]}" == mended]
    start = number_in(given.get("from", "")) or 0
    sheets = len({row[0] for row in outlook.get("found", [])})
    rows = [_shown(row, several=sheets > 1) for row in found[start : start + PAGE]]
    report = kept.report
    counts = {"": report["rows"], **{name: report.get(name, 0) for name in SHOWS if name}}
    return {
        "rows": rows,
        "notes": outlook.get("notes", []),
        "filters": [(name, label, counts[name]) for name, label in SHOWS.items()],
        "show": show,
        "previous": max(start - PAGE, 0) if start else None,
        "next": start + PAGE if start + PAGE < len(found) else None,
        "rejected": report.get("rejected", 0),
        "left_out": report.get("left_out", 0),
        "writable": report.get("created", 0),
        "unchanged": report.get("unchanged", 0),
        "may_be_marked": report["rows"] <= MARKED_ROWS,
        "kept_until": kept.uploaded_at + KEPT,
        "labels": [label for _, label in CELLS],
    }


def _is_shown(row: list[Any], show: str) -> bool:
    if show == "look":
        return bool(row[4]) and row[2] not in (RowResult.REJECTED, RowResult.LEFT_OUT)
    return not show or row[2] == show


def _shown(row: list[Any], *, several: bool) -> ShownRow:
    sheet, number, result, shown, issues, code, *kept = row
    wrong, retyped = kept or ({}, [])
    if result == RowResult.LEFT_OUT:
        wrong, retyped = {}, []
    at: dict[str, list[tuple[str, bool]]] = {}
    for field, message, is_error in issues:
        at.setdefault(NEIGHBOURS.get(field, field), []).append((message, is_error))
    cells = tuple(
        replace(
            _cell(label, "" if field in wrong else shown.get(field, ""), at.get(field, [])),
            retypes=tuple(_retype(name, text) for name, text in wrong.items() if NEIGHBOURS.get(name, name) == field),
            retyped=tuple((name, columns.FIELDS[name]) for name in retyped if NEIGHBOURS.get(name, name) == field),
        )
        for field, label in CELLS
    )
    named = {field for field, _ in CELLS}
    notes = tuple(message for field, said in at.items() if field not in named for message, _ in said)
    look, words = LOOKS[result]
    is_out = result == RowResult.LEFT_OUT
    return ShownRow(number, sheet + 1 if several else 0, sheet, cells, look, words, notes, code,
                    left_out=is_out, may_leave_out=is_out or result == RowResult.REJECTED)  # fmt: skip


def _retype(field: str, text: str) -> Retype:
    return Retype(field, columns.FIELDS[field], text, is_long=field in columns.LONG, is_beside=field in NEIGHBOURS)


def _cell(label: str, text: str, said: list[tuple[str, bool]]) -> Cell:
    look = ("bad" if any(is_error for _, is_error in said) else "ask") if said else ""
    return Cell(label, text, look, tuple(message for message, _ in said))


# ── one row ──────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class FoundRow:
    """A row as the last check left it: by which its mends are kept, its wrong cells, what was said of it."""

    key: RowKey
    wrong: Mapping[str, str]
    others: list[Any]

    def touched(self, cells: Mapping[str, str | None]) -> dict[str, str | None]:
        """The cells that were retyped: one that was sent as it was shown is no edit."""
        return {field: text for field, text in cells.items() if text is None or text_of(text) != self.wrong.get(field)}


def found_row(kept: LedgerImport, sheet: int, number: int) -> FoundRow | None:
    """The row of that number on that sheet; None where no dispute begins there."""
    outlook = queries.outlook_of(kept)
    name = outlook.get("sheet_names", {}).get(str(sheet))
    row = next((row for row in outlook.get("found", []) if row[:2] == [sheet, number]), None)
    if row is None or name is None:
        return None
    others = [[*other[:3], other[4]] for other in outlook["found"] if other is not row]
    return FoundRow((name, number), row[6], others)


# ── work and result ──────────────────────────────────────────────────────────
def work_context(kept: LedgerImport) -> dict[str, Any]:
    """What a worker is doing, in words; whether it has kept people waiting for long."""
    is_writing = kept.state == LedgerImportState.APPLYING
    words = "正在写入台账" if is_writing else "正在核对台账"
    since = max(filter(None, [kept.asked_at, kept.worked_at]), default=None)  # the last check may be days old
    waits_long = kept.is_at_work and since is not None and timezone.now() - since > LONG_WAIT
    return {"words": words, "waits_long": waits_long, "is_writing": is_writing}


def result_context(kept: LedgerImport) -> dict[str, Any]:
    """Figures of what was written."""
    named = {"written": "写入", "unchanged": "已在台账", "rejected": "留下未写", "left_out": "留下不写",
             "retyped": "改过格子", "late": "其中补录"}  # fmt: skip
    return {"counts": [(label, kept.report[name]) for name, label in named.items() if kept.report.get(name)]}

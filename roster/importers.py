"""From a workbook to the roster: read, check every row, plan against what is there, write through the actions."""

import gc
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from core.choices import Role, Sex
from core.errors import Refused
from core.models import User
from core.scope import covers
from core.spreadsheets import Unreadable, Workbook, read_workbook
from roster import queries
from roster.annex.anothers import kept_to_ones_own
from roster.annex.checking import Frame, check_file
from roster.annex.facts import CheckedRow, Issue
from roster.annex.masks import names_on_masked_rows
from roster.annex.mending import NOTHING_MENDED, CellKey, Mends, RowKey, Settlement, mends
from roster.annex.plan import (
    ImportPlan,
    Known,
    PlannedRow,
    block,
    plan_rows,
    warn_of_namesake,
    warn_of_two_towns,
    with_warning,
)
from roster.annex.reading import AnnexFile, read_annex
from roster.annex.returning import returning_said, seated_anew
from roster.annex.service import still_served_said
from roster.annex.sides import counted_anew, kept_to_one_side, left_to_the_court
from roster.annex.teams import teams_after
from roster.annex.work import kept_at_work, leave_work
from roster.choices import ErrorCode, MediatorKind, TeamRole, WarningCode
from roster.rules import COUNTY_KEEPERS, COURT_SEATS, may_fill_seat, roster_codes
from roster.towns import Gazetteer

NOTHING: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True)
class CheckedFile:
    """A workbook after every check that needs no roster."""

    annex: AnnexFile
    issues: list[Issue]
    rows: list[CheckedRow]
    gazetteer: Gazetteer

    def without_cells(self) -> "CheckedFile":
        """For who needs no more than what was made of the rows: what was read weighs as much again."""
        return replace(self, annex=AnnexFile([], self.annex.issues))


class Unusable(Unreadable):
    """The file cannot be taken at all; `issues` says so in codes."""

    def __init__(self, issues: list[Issue], *, hint: str = "") -> None:
        fatal = [issue for issue in issues if issue.is_error]
        super().__init__("".join(issue.message for issue in fatal), hint=hint, field="file")
        self.issues = issues


def unreadable_file(message: str) -> Issue:
    return Issue(ErrorCode.FILE_UNREADABLE, message)


def unusable(refused: Refused) -> Unusable:
    """The same refusal with its code."""
    return Unusable([unreadable_file(refused.message)], hint=refused.hint)


def check_workbook(
    data: bytes,
    file_name: str,
    *,
    town: str | None,
    on: date,
    edits: Mapping[CellKey, str] = NOTHING,
    settlements: Mapping[RowKey, Settlement] = NOTHING,
    left_out: Set[RowKey] = frozenset(),
) -> CheckedFile:
    """Read a workbook and check every row. `town` decides for all rows. Raises Unusable.

    `edits` (cells a person retyped), `settlements` (posts and towns a person named) and `left_out` are applied to
    the rows before they are checked.
    """
    return check_list(read_list(data, file_name), town=town, on=on, mended=mends(edits, settlements, left_out))


def read_list(data: bytes, file_name: str) -> AnnexFile:
    """The annex in a workbook. Raises Unusable."""
    with uncollected():
        return annex_of(read_file(data, file_name))


def read_file(data: bytes, file_name: str) -> Workbook:
    try:
        return read_workbook(data, file_name)
    except Unreadable as unreadable:
        raise unusable(unreadable) from unreadable


def annex_of(workbook: Workbook) -> AnnexFile:
    annex = read_annex(workbook)
    if not annex.is_usable:
        hint = "请补上附件十列的表头：序号、姓名、出生年月……备注，顺序不限。" if annex.wants_header else ""
        raise Unusable(annex.issues, hint=hint)
    return annex


def check_list(
    annex: AnnexFile,
    *,
    town: str | None,
    on: date,
    mended: Mends = NOTHING_MENDED,
    watched: Callable[[AnnexFile], AnnexFile] = lambda annex: annex,
) -> CheckedFile:
    """Check every row that was read, with what people decided about them; `watched` sees how far it is."""
    with uncollected():
        gazetteer = queries.gazetteer()
        people = queries.people_named(names_on_masked_rows(annex, mended))
        issues, rows = check_file(watched(annex), Frame(gazetteer, on, town, mended, people))
        return CheckedFile(annex, issues, rows, gazetteer)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles: rows make none, and to look for some among 50,000 takes a third of the time.

    Put it around all the steps of one list; what is done inside keeps it so.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def guess_town(checked: CheckedFile) -> str | None:
    """The one town all rows with a town agree on, when others say nothing: a proposal for a person to settle.

    Somebody of a town has to be among those who name it: a list of the court's people is no town's.
    """
    towns = {code for row in checked.rows for code in row.towns}
    undecided = any(not row.towns for row in checked.rows)
    is_a_towns = any(row.towns and row.post.role not in COURT_SEATS for row in checked.rows)
    return towns.pop() if undecided and is_a_towns and len(towns) == 1 else None


def plan_import(checked: CheckedFile, *, since: date, by: User) -> ImportPlan:
    """What writing would do, against the roster as it is now; a handful of queries whatever the number of rows."""
    hashes = _id_hashes(checked)
    planned = plan_checked(checked, since=since, by=by, id_hashes=hashes)
    towns = sorted({code for row in checked.rows if not row.left_out for code in row.towns})
    teams = teams_after(planned, queries.members_now(towns))
    return ImportPlan(tuple(checked.issues), tuple(planned), tuple(teams), since, hashes)


def plan_checked(
    checked: CheckedFile, *, since: date, by: User, id_hashes: Mapping[str, str] | None = None
) -> list[PlannedRow]:
    """The rows alone, without the teams."""
    with uncollected():
        hashes = _id_hashes(checked) if id_hashes is None else id_hashes
        return _planned(checked, since, by, queries.known_people(hashes.values()))


def _id_hashes(checked: CheckedFile) -> dict[str, str]:
    return queries.id_hashes([row.facts.id_number for row in checked.rows if row.facts.id_number])


def _planned(checked: CheckedFile, since: date, by: User, known: dict[str, Known]) -> list[PlannedRow]:
    rows = checked.rows
    if known:
        seen = {code: name for code, name in checked.gazetteer.towns.items() if covers(roster_codes(by), code)}
        rows = [warn_of_two_towns(row, known.get(row.facts.id_number), seen) for row in rows]
    planned = plan_rows(_namesakes_marked(rows, known, checked.gazetteer), known, since)
    if by.role not in COUNTY_KEEPERS:
        planned = [_within_rights(row, known, by, checked.gazetteer) for row in planned]
    if by.role == Role.OFFICER and known:
        planned = left_to_the_court(planned, queries.accounts_not_the_courts([one.staff_id for one in known.values()]))
    planned = list(counted_anew(_with_work_left(kept_to_one_side(planned, known))))
    if not known:
        return planned
    struck = queries.struck_out_in(seated_anew(planned))
    return still_served_said(returning_said(planned, known, struck, checked.gazetteer), known, checked.gazetteer)


def _with_work_left(rows: list[PlannedRow]) -> list[PlannedRow]:
    """The rows without those that take a seat away from somebody with open deadlines; one query where any does."""
    leaving = leave_work(rows)
    return kept_at_work(rows, queries.open_work(leaving)) if leaving else rows


def _namesakes_marked(rows: list[CheckedRow], known: Mapping[str, Known], gazetteer: Gazetteer) -> list[CheckedRow]:
    """Say of new people when the roster has somebody like them under another number."""
    found = queries.namesakes({row.facts.name for row in rows if _is_new(row, known)})
    if not found:
        return rows
    return [
        warn_of_namesake(row, found[row.facts.name], gazetteer.towns)
        if row.facts.name in found and _is_new(row, known)
        else row
        for row in rows
    ]


def _is_new(row: CheckedRow, known: Mapping[str, Known]) -> bool:
    return row.can_be_written and row.facts.id_number not in known


def _within_rights(row: PlannedRow, known: dict[str, Known], by: User, gazetteer: Gazetteer) -> PlannedRow:
    """Leave to others what is not the uploader's: seats outside their right, facts of people of another town."""
    if not row.is_writable:
        return row
    inside = [town for town in row.checked.towns if may_fill_seat(by, row.checked.post.role, town)]
    if not inside:
        return block(row, "这一行不在您能登记的范围内。联络人员只登记本镇（街），立案人员只登记法官和法官助理。")
    mine = row._replace(steps=tuple(step for step in row.steps if may_fill_seat(by, step.role, step.town_code)))
    if others := [step.town_code for step in row.steps if step not in mine.steps]:
        message = f"{gazetteer.names(others)}不归您登记，这一行在那里的任职没有写。请告诉管理员或那边的联络人员。"
        said = with_warning(row.checked, WarningCode.NOT_ONES_OWN, message, "备注")
        mine = mine._replace(checked=said)
    person = known.get(row.checked.facts.id_number)
    return kept_to_ones_own(mine, person, lambda town: covers(roster_codes(by), town)) if person else mine


# ── for scripts ──────────────────────────────────────────────────────────────


def as_json(plan: ImportPlan, *, applied: bool, writes: bool) -> dict[str, object]:
    """The object of the command line; `writes` says whether the rows that can be written are (or would be)."""
    counts = {result.value: number if writes else 0 for result, number in plan.counts.items()}
    return {
        "applied": applied,
        "rows": len(plan.rows),
        "created": counts["created"],
        "updated": counts["updated"],
        "unchanged": counts["unchanged"],
        "issues": [issue.as_json() for issue in plan.all_issues],
        "staff": [_person_json(row.checked) for row in plan.rows if row.checked.can_be_written],
    }


def _person_json(row: CheckedRow) -> dict[str, object]:
    return {
        "row": row.number,
        "name": row.facts.name,
        "sex": Sex(row.facts.sex).label if row.facts.sex else "",
        "born": row.facts.born,
        "role": TeamRole(row.post.role).value if row.post.role else None,
        "mediator_kind": MediatorKind(row.post.kind).value if row.post.kind else None,
        "town": row.towns[0] if row.towns else None,
        "towns": list(row.towns),
    }
